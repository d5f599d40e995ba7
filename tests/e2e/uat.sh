#!/usr/bin/env bash
# 978 MHz through the whole house: a simulated flight rendered as samples, heard, recorded, replayed: the same frames; and what is
# wrong with samples said in a sentence.
set -u
masar=$(realpath "$1")
scenario=$(realpath "$(dirname "$0")/../../scenarios/niamey-2024")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0
say() { echo "$1"; bad=1; }

"$masar" simulate "$scenario" --hours 0.01 --speed max --out uatiq:file=sky.cu8,gap=200,noise=-36 2> log || say "simulate: $(cat log)"
"$masar" decode --in uatiq:file=sky.cu8,start=2024-06-07T08:30:00Z --format uat > heard 2> log || say "decode: $(cat log)"
n=$(wc -l < heard)
[ "$n" -gt 20 ] || say "only $n frames heard"
"$masar" record --in uatiq:file=sky.cu8,start=2024-06-07T08:30:00Z --out sky.uat.gz 2> log || say "record: $(cat log)"
zcat sky.uat.gz | cmp - heard || say "what was recorded is not what was heard"
"$masar" replay sky.uat.gz --speed max --out uat:file=again 2> log || say "replay: $(cat log)"
cmp again heard || say "what was replayed is not what was recorded"
"$masar" record --in uat:file=sky.uat.gz --out sky.beast 2> log && say "a recording of nothing counts as done"
grep -q "$n frames are left out" log || say "978 MHz is left out of Beast unsaid: $(cat log)"
"$masar" decode --in uat:file=sky.uat.gz --format json > json 2> log || say "decode: $(cat log)"
[ "$(grep -c '"lat"' json)" -gt 10 ] || say "no positions in $(head -c 300 json)"

"$masar" simulate "$scenario" --hours 0.01 --speed max --out iq:file=-,rate=2000000 2> log | head -c 6000000 > sky.iq
"$masar" decode --in iq:file=sky.iq --format avr 2> log > frames || say "decode at a wrong rate fails: $(cat log)"
[ ! -s frames ] && grep -q 'rate=2000000 there are' log || say "a wrong rate is not told: $(cat log)"
"$masar" decode --in iq:file=sky.iq,rate=2000000 --format avr 2> log > frames || say "decode: $(cat log)"
[ -s frames ] && [ ! -s log ] || say "the right rate: $(wc -l < frames) frames, $(cat log)"
exit $bad
