#!/bin/sh
# Where an aircraft stands, in the column of destinations, in a real browser: bound.sh MASAR. See bound.mjs.
set -eu
masar=${1:?usage: bound.sh MASAR}
root=$(cd "$(dirname "$0")/../.." && pwd)

. "$root/tests/e2e/browser.inc"
scenario=$root/scenarios/niamey-2024
simulate() {
    "$masar" simulate "$scenario" "$@" >/dev/null 2>"$work/log" || { cat "$work/log"; exit 1; }
}
mkdir "$work/data"
cp "$root/build/reference/airports.masar" "$work/data/"
simulate --start 2024-06-07T08:00:00Z --hours 6.4 --rate 0.125 --traffic 0 --store "$work/june7" --data "$work/data"
node "$root/tests/e2e/bound.mjs" "$masar" "$root" "$work"
