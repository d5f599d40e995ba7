#!/usr/bin/env bash
# The page of a humanitarian air service's board in a real browser: relief.sh MASAR. See relief.inc and relief.mjs.
set -eu
masar=${1:?usage: relief.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
. "$root/tests/e2e/relief.inc"
node "$root/tests/e2e/relief.mjs" "$masar" "$root" "$work/s"
