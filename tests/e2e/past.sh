#!/bin/sh
# The past on the page, in a real browser: past.sh MASAR. See past.mjs.
set -eu
masar=${1:?usage: past.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
"$masar" simulate "$root/scenarios/niamey-2024" --start 2024-06-07T08:00:00Z --hours 0.3 --speed max \
    --out "trackcsv:file=$work/track.csv" 2> "$work/log" || { cat "$work/log"; exit 1; }
"$masar" import "$work/track.csv" --store "$work/store" > /dev/null 2> "$work/log" || { cat "$work/log"; exit 1; }
# Twelve minutes nobody wrote down, and the aircraft that was heard longest on both sides of them.
"$masar" simulate "$root/scenarios/niamey-2024" --start 2024-06-07T08:00:00Z --hours 0.6 --speed max \
    --out "trackcsv:file=$work/long.csv" 2> "$work/log" || { cat "$work/log"; exit 1; }
awk -F, 'NR == 1 || $1 < 1717747740 || $1 >= 1717748460' "$work/long.csv" > "$work/gap.csv"
heard=$(awk -F, 'NR > 1 && $4 != "" { if ($1 < 1717747740) before[$2]++; else after[$2]++ }
    END { for (a in before) { n = before[a] < after[a] ? before[a] : after[a]; if (n > most) { most = n; hex = a } } print hex }' "$work/gap.csv")
"$masar" import "$work/gap.csv" --store "$work/gap" > /dev/null 2> "$work/log" || { cat "$work/log"; exit 1; }
node "$root/tests/e2e/past.mjs" "$masar" "$root" "$work/store" "$work/gap" "$heard"
