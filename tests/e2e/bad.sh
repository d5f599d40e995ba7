#!/bin/sh
# A slow, broken and silent connection, no aircraft and a hundred thousand, odd call signs, a clock an hour off: bad.sh MASAR. See bad.mjs.
set -eu
masar=${1:?usage: bad.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
node "$root/tests/e2e/bad.mjs" "$masar" "$root"
