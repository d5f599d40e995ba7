#!/bin/sh
# A track that is false shows it, in Arabic, in a real browser: false.sh MASAR; false_en.sh and false_fr.sh tell the same. See false.mjs.
# Pictures are kept in $MASAR_SHOTS (else build/shots). A flight that was really misled is shown where ../shared has it.
set -eu
masar=${1:?usage: false.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
quiet() {
    "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}
mkdir "$work/data"
cp "$root/build/reference/airports.masar" "$work/data/"
printf 'icao24,typecode\naefc1c,C17\n' > "$work/data/own.csv"
quiet "$masar" simulate "$root/scenarios/niamey-2024" --start 2024-07-02T08:50:00Z --hours 1.2 --traffic 0.1 --rate 0.25 --store "$work/ghost" --data "$work/data"
misled=$root/../shared/truth/trust/noisy_noisy_spoofing_4baac6_20240917.csv
if [ -r "$misled" ]; then
    quiet "$masar" import "$misled" --store "$work/misled" --data "$work/data"
else
    echo "not shown: a flight really misled ($misled is not here)"
fi
node "$root/tests/e2e/false.mjs" "$masar" "$root" "$work" "${MASAR_SHOTS:-$root/build/shots}"
