#!/bin/sh
# What a reporter reads on the pages of airports, countries, areas, aircraft and in the ledger, in Arabic, in a real browser:
# pages.sh MASAR; pages_en.sh and pages_fr.sh tell the same. See pages.mjs. Pictures are kept in $MASAR_SHOTS (else build/shots).
set -eu
masar=${1:?usage: pages.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
scenario=$root/scenarios/niamey-2024
mkdir "$work/data"
cp "$root/build/reference/airports.masar" "$work/data/"
printf 'icao24,typecode\naefc10,C17\naefc12,C17\naefc15,C17\n' > "$work/data/own.csv"
"$masar" simulate "$scenario" --start 2024-06-07T00:00:00Z --hours 44 --rate 0.125 --traffic 0.03 --store "$work/store" --data "$work/data" >/dev/null 2>"$work/log" ||
    { cat "$work/log"; exit 1; }
node "$root/tests/e2e/pages.mjs" "$masar" "$root" "$work" "${MASAR_SHOTS:-$root/build/shots}"
