#!/bin/sh
# A slow, broken and silent connection, no aircraft and a hundred thousand, odd call signs, a clock an hour off: bad.sh MASAR. See bad.mjs.
set -eu
masar=${1:?usage: bad.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

skip() {
    echo "skipped: $*"
    exit 77
}
command -v node >/dev/null || skip "node is not installed"
[ -x /usr/bin/chromium ] || skip "chromium is not installed"
[ -f "$root/web/dist/index.html" ] || skip "web/dist is not built (script/web)"
[ -d "$root/web/node_modules/playwright-core" ] || skip "the page's packages are not installed (script/web)"

exec node "$root/tests/e2e/bad.mjs" "$masar" "$root"
