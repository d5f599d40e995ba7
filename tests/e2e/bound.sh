#!/bin/sh
# Where an aircraft stands, in the column of destinations, in a real browser: bound.sh MASAR. See bound.mjs.
set -eu
masar=${1:?usage: bound.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

skip() {
    echo "skipped: $*"
    exit 77
}
command -v node >/dev/null || skip "node is not installed"
[ -x /usr/bin/chromium ] || skip "chromium is not installed"
[ -f "$root/web/dist/index.html" ] || skip "web/dist is not built (script/web)"
[ -d "$root/web/node_modules/playwright-core" ] || skip "the page's packages are not installed (script/web)"
[ -f "$root/build/reference/airports.masar" ] || skip "there is no file of airports (build the target masar_reference)"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scenario=$root/scenarios/niamey-2024
simulate() {
    "$masar" simulate "$scenario" "$@" >/dev/null 2>"$work/log" || { cat "$work/log"; exit 1; }
}
mkdir "$work/data"
cp "$root/build/reference/airports.masar" "$work/data/"
simulate --start 2024-06-07T08:00:00Z --hours 6.4 --rate 0.125 --traffic 0 --store "$work/june7" --data "$work/data"
node "$root/tests/e2e/bound.mjs" "$masar" "$root" "$work"
