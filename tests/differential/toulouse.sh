#!/usr/bin/env bash
# The Toulouse recording as `@` lines with 12 MHz ticks made of its times, decoded, against the answers it came with. Reported for
# each airframe. docs/DIFFERENCES.md says which differences stand and which paragraph decides them.
set -u
masar=$1
recording=../shared/corpus/frames/toulouse_20240606.jsonl.gz
[ -r "$recording" ] || { echo "skipped: no $recording"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 tests/differential/toulouse.py "$masar" "$recording"
