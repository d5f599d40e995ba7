#!/bin/sh
# What a reporter does on the desk, in Arabic, in a real browser: stories.sh MASAR; stories_en.sh and stories_fr.sh tell the same.
# See stories.mjs. Pictures are kept in $MASAR_SHOTS (else build/shots). MASAR_LANGUAGES=ar,en,fr tells them in all three at once.
set -eu
masar=${1:?usage: stories.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
scenario=$root/scenarios/niamey-2024
simulate() {
    "$masar" simulate "$scenario" "$@" >/dev/null 2>"$work/log" || { cat "$work/log"; exit 1; }
}
mkdir "$work/data"
cp "$root/build/reference/airports.masar" "$work/data/"
simulate --start 2024-06-08T00:00:00Z --hours 24 --truth "$work/truth" --unheard
node "$root/tests/e2e/types.mjs" "$scenario" "$work/truth" > "$work/data/own.csv"
simulate --start 2024-06-05T12:00:00Z --hours 76 --rate 0.125 --traffic 0 --store "$work/june8" --data "$work/data"
simulate --start 2024-06-19T16:00:00Z --hours 8 --rate 0.125 --traffic 0 --store "$work/june19" --data "$work/data"
node "$root/tests/e2e/stories.mjs" "$masar" "$root" "$work" "${MASAR_SHOTS:-$root/build/shots}"
