#!/usr/bin/env bash
# Samples and what is heard in them, by every kernel. scene.cu8: 64 frames of 6 aircraft in 9 ms, most of them upon each other, 10 to
# 13 dB above noise, one aircraft in seven with pulses of no common phase, replies of Mode A/C between (rendered by tests/radio_probe.h's
# means). uat.cu8: the beginning of `masar simulate scenarios/niamey-2024 --hours 0.01 --speed max --out
# uatiq:file=-,gap=100,noise=-22`, cut within a frame.
set -u
masar=$(realpath "$1")
cd "$(dirname "$0")/radio" || exit 1
bad=0
for kernel in plain sse42 avx2; do
    "$masar" decode --in "iq:file=scene.cu8,kernel=$kernel" --format json > /dev/null 2>&1 || continue # this processor has not got it
    "$masar" decode --in "iq:file=scene.cu8,kernel=$kernel" --format json | diff -u scene.json - || { echo "$kernel hears otherwise than before"; bad=1; }
    heard=$((${heard:-0} + 1))
done
[ "${heard:-0}" -ge 1 ] || { echo "no kernel runs"; bad=1; }
"$masar" decode --in uatiq:file=uat.cu8 --format uat | diff -u uat.txt - || { echo "UAT is heard otherwise than before"; bad=1; }
exit $bad
