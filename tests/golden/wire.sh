#!/usr/bin/env bash
# Every wire format by the decode command against the output beside it. The reports in tests/golden/wire are written by
# hand from the formats' descriptions; frames.beast is the beginning of `masar simulate scenarios/niamey-2024 --start
# 2024-06-07T08:58:00Z --hours 0.01 --rate 0.1 --out beast:…,marks=1`, cut within a frame. $1 is masar.
set -euo pipefail
masar=$(realpath "$1")
cd "$(dirname "$0")/wire"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad() { echo "wire: $*"; exit 1; }

for pair in sbs:sbs jsonl:jsonl trackcsv:csv; do
    file=report.${pair#*:}
    "$masar" decode --in "${pair%:*}:file=$file" --format json >"$dir/out"
    diff -u "$file.json" "$dir/out" || bad "$file is read otherwise than before"
    tr -d '\r' <"$file" | "$masar" decode --in "${pair%:*}:file=-" --format json >"$dir/lf"
    cmp "$dir/out" "$dir/lf" || bad "$file is read otherwise with LF alone"
done

# Beast to AVR, AVR to AVR, Beast to Beast: the same frames.
"$masar" decode --in beast:file=frames.beast --format avr >"$dir/avr"
diff -u frames.avr "$dir/avr" || bad "frames.beast is read otherwise than before"
"$masar" decode --in avr:file=frames.avr --format avr | cmp - frames.avr || bad "AVR does not come out as it went in"
"$masar" decode --in beast:file=frames.beast --format beast >"$dir/beast"
"$masar" decode --in "beast:file=$dir/beast" --format avr | cmp - frames.avr || bad "Beast loses frames on its way"

# The marks give every frame its time of day, within the first seconds after the start.
"$masar" decode --in beast:file=frames.beast --format json >"$dir/json"
[ "$(grep -c '"t":17177506[89]' "$dir/json")" = "$(wc -l <frames.avr)" ] || bad "frames without their time of day"
