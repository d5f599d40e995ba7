#!/bin/sh
# Pictures and clips, the operation board, watches, receivers in a real browser: views.sh MASAR; views_en.sh and views_fr.sh look in their
# languages. Pictures are kept in $MASAR_SHOTS (else build/shots). MASAR_LANGUAGES=ar,en,fr looks in all three at once.
set -eu
masar=${1:?usage: views.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
quiet() {
    "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}
scenario=$root/scenarios/niamey-2024
quiet "$masar" simulate "$scenario" --start 2024-06-05T12:00:00Z --hours 76 --rate 0.125 --traffic 0 --store "$work/store" --truth "$work/truth" --unheard
quiet "$masar" operation new niamey-2024 --store "$work/store" --from "$scenario/operation" --by test
for kind in lines:requirement claims:claims clearances:clearances; do
    quiet "$masar" operation import niamey-2024 "${kind%%:*}" "$work/truth/${kind##*:}.csv" --store "$work/store" --by test
done
for language in en ar fr; do
    quiet "$masar" operation statement niamey-2024 --store "$work/store" --at 2024-06-08T15:00:00Z --lang $language --out "$work/$language.html" --by test --publish
done
node "$root/tests/e2e/views.mjs" "$masar" "$root" "$work" "${MASAR_SHOTS:-$root/build/shots}"
