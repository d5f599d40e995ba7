#!/usr/bin/env bash
# Three receivers are down for a day of the simulated clock (one refuses, one hangs, one answers 500) while masar is killed again and
# again at any moment; then they come back: each has each alert once by its key and in order, and one that was well had them all along.
# MASAR_KILLS=50 for the long run; MASAR_SEED for the same kills once more.
set -u
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || { echo "skipped: python3 is not here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! "$1" watch check military >"$work/out" 2>&1; then
    grep -q 'no file of airports' "$work/out" && { echo "skipped: there are no airports: script/setup makes them"; exit 77; }
    cat "$work/out"; exit 1
fi
python3 "$here/watch_outage.py" "$1" "$work" "${MASAR_KILLS:-3}" "${MASAR_SEED:-}"
