#!/bin/sh
# Changing an operation on its page, in a real browser: edit.sh MASAR; edit_en.sh and edit_fr.sh tell the same in their languages.
# See edit.mjs. Pictures are kept in $MASAR_SHOTS (else build/shots).
set -eu
masar=${1:?usage: edit.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
quiet() {
    "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}
scenario=$root/scenarios/niamey-2024
quiet "$masar" simulate "$scenario" --start 2024-06-07T12:00:00Z --hours 8 --rate 0.125 --traffic 0 --store "$work/store" --truth "$work/truth" --unheard
quiet "$masar" operation new niamey-2024 --store "$work/store" --from "$scenario/operation" --by test
for kind in lines:requirement claims:claims clearances:clearances; do
    quiet "$masar" operation import niamey-2024 "${kind%%:*}" "$work/truth/${kind##*:}.csv" --store "$work/store" --by test
done
node "$root/tests/e2e/edit.mjs" "$masar" "$root" "$work" "${MASAR_SHOTS:-$root/build/shots}"
