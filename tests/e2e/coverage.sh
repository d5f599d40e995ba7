#!/usr/bin/env bash
# Coverage of a small store: learned once, the same when learned anew, said in sentences and formats, served with limits.
set -u
masar=$1
command -v curl >/dev/null || { echo "skipped: curl asks and is not here"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 reads the answers and is not here"; exit 77; }
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || { kill $pid; wait $pid; } 2>/dev/null; rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $*"; failed=1; }
"$masar" bench store --positions 60000 --seed 7 --keep --dir "$work" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
store=$(echo "$work"/masar-bench-*)

"$masar" coverage --store "$store" 2>"$work/err" && complain "an answer where nothing was learned"
grep -q 'masar coverage update' "$work/err" || complain "what to do is not said: $(cat "$work/err")"
"$masar" coverage update --store "$store" || complain "update"
"$masar" coverage --store "$store" >"$work/one" || complain "the answer"
grep -Eq '^FL245 and above: heard [0-9]+ % \([0-9]+ to [0-9]+\) of [0-9.]+ aircraft-hours' "$work/one" || complain "$(cat "$work/one")"
"$masar" coverage update --store "$store" && "$masar" coverage --store "$store" | cmp - "$work/one" || complain "learned twice"
"$masar" coverage rebuild --store "$store" && "$masar" coverage --store "$store" | cmp - "$work/one" || complain "learned anew it is another"
"$masar" coverage --store "$store" --area circle=-60,-140,100km >"$work/none" || complain "nowhere"
[ "$(grep -c 'no data$' "$work/none")" = 6 ] || complain "no data is not said: $(cat "$work/none")"
"$masar" coverage --store "$store" --alt 0-2000 | grep -q FL245 && complain "--alt"
"$masar" coverage --store "$store" --by decade 2>/dev/null && complain "--by decade"
"$masar" coverage --store "$store" --by cell --format csv >"$work/cells.csv" || complain "csv"
"$masar" coverage --store "$store" --format geojson >"$work/cells.json" || complain "geojson"
python3 - "$work" <<'PY' || complain "the formats"
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + '/cells.csv')))
cells = json.load(open(sys.argv[1] + '/cells.json'))['features']
assert len(rows) == len(cells) > 100, (len(rows), len(cells))
for row in rows:
    assert -90 <= float(row['lat']) <= 90 and row['word'] in ('heard', 'not heard', 'no data')
    if row['p']:
        assert 0 <= float(row['p_low']) <= float(row['p_high']) <= 1, row
for cell in cells:
    ring = cell['geometry']['coordinates'][0]
    assert ring[0] == ring[-1] and ring[1][0] > ring[0][0] and ring[2][1] > ring[1][1], ring
print(len(rows), 'cells and bands')
PY

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$masar" serve --in beast:listen=127.0.0.1:0 --store "$store" --http "127.0.0.1:$port" 2>"$work/log" &
pid=$!
ask() { curl --noproxy '*' -s -o "$work/answer" -w '%{http_code}' "http://127.0.0.1:$port$1"; }
for _ in $(seq 100); do [ "$(ask /healthz)" = 200 ] && break; sleep 0.1; done
[ "$(ask /api/v1/coverage)" = 200 ] || complain "HTTP: $(cat "$work/answer" "$work/log")"
"$masar" coverage --store "$store" --format json | cmp - "$work/answer" || complain "the API answers otherwise"
[ "$(ask '/api/v1/coverage?area=box=0,0,60,40&format=geojson')" = 200 ] || complain "HTTP geojson: $(cat "$work/answer")"
[ "$(ask '/api/v1/coverage?by=year')" = 400 ] || complain "by=year"
[ "$(ask '/api/v1/coverage?format=csv')" = 400 ] || complain "format=csv"
[ "$(ask '/api/v1/coverage?from=tomorrow')" = 400 ] || complain "from=tomorrow"
grep -q 'no time' "$work/answer" || complain "what is wrong is not said: $(cat "$work/answer")"
exit $failed
