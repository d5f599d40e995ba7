#!/bin/sh
# The past on the page, in a real browser: past.sh MASAR. See past.mjs.
set -eu
masar=${1:?usage: past.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

skip() {
    echo "skipped: $*"
    exit 77
}
command -v node >/dev/null || skip "node is not installed"
[ -x /usr/bin/chromium ] || skip "chromium is not installed"
[ -f "$root/web/dist/index.html" ] || skip "web/dist is not built (script/web)"
[ -d "$root/web/node_modules/playwright-core" ] || skip "the page's packages are not installed (script/web)"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$masar" simulate "$root/scenarios/niamey-2024" --start 2024-06-07T08:00:00Z --hours 0.3 --speed max \
    --out "trackcsv:file=$work/track.csv" 2> "$work/log" || { cat "$work/log"; exit 1; }
"$masar" import "$work/track.csv" --store "$work/store" > /dev/null 2> "$work/log" || { cat "$work/log"; exit 1; }
node "$root/tests/e2e/past.mjs" "$masar" "$root" "$work/store"
