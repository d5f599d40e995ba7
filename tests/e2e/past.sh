#!/bin/sh
# The past on the page, in a real browser: past.sh MASAR. See past.mjs.
set -eu
masar=${1:?usage: past.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
"$masar" simulate "$root/scenarios/niamey-2024" --start 2024-06-07T08:00:00Z --hours 0.3 --speed max \
    --out "trackcsv:file=$work/track.csv" 2> "$work/log" || { cat "$work/log"; exit 1; }
"$masar" import "$work/track.csv" --store "$work/store" > /dev/null 2> "$work/log" || { cat "$work/log"; exit 1; }
node "$root/tests/e2e/past.mjs" "$masar" "$root" "$work/store"
