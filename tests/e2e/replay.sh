#!/usr/bin/env bash
# History played to other programs: Beast frames from which a decoder finds the positions the store has, the same bytes each
# time; the chosen part and no more; what cannot be said in a sentence.
set -u
masar=$(realpath "$1")
scenario=$(realpath "$(dirname "$0")/../../scenarios/niamey-2024")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0
say() { echo "$1"; bad=1; }

"$masar" simulate "$scenario" --hours 0.15 --speed max --out trackcsv:file=track.csv 2> log || say "simulate: $(cat log)"
"$masar" import track.csv --store s > import 2> log || say "import: $(cat log)"
points=$(awk '$1 == "positions" { print $2 }' import)
[[ $points -gt 2000 ]] || say "only $points positions imported"

play() { "$masar" replay --store s --speed max "$@" 2> log || say "replay $*: $(cat log)"; }
play --out beast:file=a.bin --out jsonl:file=a.jsonl
play --out beast:file=b.bin
cmp a.bin b.bin || say "the same history twice is not the same bytes"
"$masar" decode --in beast:file=a.bin --format json > decoded 2> log || say "decode: $(cat log)"

python3 - "$points" <<'PY' || bad=1
import collections, json, math, sys
want, got = {}, collections.defaultdict(list)
for line in open('a.jsonl'):
    o = json.loads(line)
    want.setdefault((o['hex'].lstrip('~'), round(o['now'], 3)), (o['lat'], o['lon']))
for line in open('decoded'):
    o = json.loads(line)
    if 'lat' in o:
        got[o['icao24'].lstrip('~'), round(o['t'], 3)].append((o['lat'], o['lon']))
# A step of airborne CPR is 360/59 degrees / 2^17: 5.2 m; rounding is off by half of it each way.
worst = max(max(abs(lat - p[0]), abs(lon - p[1]) * math.cos(math.radians(lat)))
            for k, (lat, lon) in want.items() for p in got.get(k, [(99, 0)])) * 111320
print(f'{len(want)} positions, {len(got)} decoded, at most {worst:.2f} m off')
if len(want) < int(sys.argv[1]) * 0.99 or set(want) != set(got) or worst > 2.7:
    sys.exit('the frames do not say what the store has')
PY

middle=$(awk -F, 'NR > 1 { t[NR] = $1 } END { print int(t[int(NR / 2)]) }' track.csv)
from=$(date -u -d "@$middle" +%FT%TZ)
play --from "$from" --out trackcsv:file=late.csv
play --to "$from" --out trackcsv:file=early.csv
both=$(cat early.csv late.csv | grep -vc '^time')
[[ $both -eq $points ]] || say "$points positions in two parts are $both"
awk -F, -v t="$middle" 'NR > 1 && $1 < t { bad = 1 } END { exit bad }' late.csv || say "earlier than --from"
hex=$(awk -F, 'NR == 2 { print $2 }' track.csv)
play --hex "$hex" --out trackcsv:file=one.csv
[[ $(cut -d, -f2 one.csv | sort -u | grep -v icao24) == "$hex" ]] || say "not $hex alone"

# By call sign and area: what masar find finds there.
name=$("$masar" export --store s --format csv 2> log | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "callsign" || $i == "flight") c = i } NR > 1 && $c != "" { print $c; exit }')
read -r lat lon <<< "$("$masar" export --store s --format csv --callsign "$name" 2> log | python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
print(rows[len(rows) // 2]["lat"], rows[len(rows) // 2]["lon"])')"
area=circle=$lat,$lon,60km
python3 - "$lat" "$lon" > area.json <<'PY'
import json, sys
lat, lon = map(float, sys.argv[1:])
ring = [[lon - 1, lat - 1], [lon + 1, lat - 1], [lon + 1, lat + 1], [lon - 1, lat + 1], [lon - 1, lat - 1]]
print(json.dumps({"type": "Polygon", "coordinates": [ring]}))
PY
[[ -n $name ]] || say "no call sign in the export"
for choice in "--callsign $name" "--area $area" "--area area.json" "--callsign $name --area area.json"; do
    # shellcheck disable=SC2086
    play $choice --out trackcsv:file=part.csv
    # shellcheck disable=SC2086
    want=$("$masar" find --store s --points --format csv $choice 2> log | tail -n +2 | wc -l)
    got=$(tail -n +2 part.csv | wc -l)
    [[ $want -gt 0 && $got -eq $want && $got -lt $points ]] || say "$choice: $got positions, find has $want of $points"
done

refuse() { # STATUS WORD ARGUMENTS...
    local status=$1 word=$2
    shift 2
    "$masar" replay "$@" > out 2> err
    [[ $? -eq $status ]] || say "$*: status is not $status"
    grep -q -- "$word" err || say "$*: no '$word' in: $(cat err)"
}
refuse 2 "--store" --from 2024-06-07 --out jsonl:file=-
refuse 2 "not a time" --store s --from yesterday --out jsonl:file=-
refuse 2 "not an address" --store s --hex zz --out jsonl:file=-
refuse 2 "no call sign" --store s --callsign TOOLONGNAME --out jsonl:file=-
refuse 2 "GeoJSON" --store s --area nowhere.json --out jsonl:file=-
refuse 2 "" --store s --area box=1,2,3 --out jsonl:file=-
refuse 2 "--store" --area box=1,2,3,4 --out jsonl:file=-
refuse 2 "speed" --store s --speed -1 --out jsonl:file=-
refuse 2 "later" --store s --from 2024-06-07 --to 2024-06-06 --out jsonl:file=-
refuse 1 "nowhere" --store nowhere --out jsonl:file=-
play --from 1999-01-01 --to 1999-01-02 --out trackcsv:file=empty.csv
[[ $(wc -l < empty.csv) -le 1 ]] || say "positions where there are none"
exit $bad
