#!/bin/sh
# The page in a real browser, fed by masar itself: page.sh MASAR. See page.mjs.
set -eu
masar=${1:?usage: page.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
node "$root/tests/e2e/page.mjs" "$masar" "$root"
