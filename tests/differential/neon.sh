#!/usr/bin/env bash
# The demodulator on another processor: built for 64-bit ARM, whose compiler makes NEON of the same loops, and run by qemu, it must
# hear the same frames at the same ticks with the same levels as here.
set -u
masar=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
arm=aarch64-linux-gnu
command -v $arm-gcc >/dev/null && command -v qemu-aarch64 >/dev/null || { echo "skipped: no $arm-gcc or qemu-aarch64"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=(-std=gnu17 -O3 -fno-math-errno -ffp-contract=off -Wno-psabi -Isrc)
sources=(tests/arm/hear.c src/radio/{radio,judge,heard,kernel,parity,preamble,pulse,sample,thin,kernel_plain}.c)
$arm-gcc "${flags[@]}" -static -o "$work/arm" "${sources[@]}" -lm || exit 1
if [ "$(uname -m)" = x86_64 ]; then
    gcc "${flags[@]}" -msse4.2 -c -o "$work/sse42.o" src/radio/kernel_sse42.c || exit 1
    gcc "${flags[@]}" -mavx2 -c -o "$work/avx2.o" src/radio/kernel_avx2.c || exit 1
    sources+=("$work/sse42.o" "$work/avx2.o")
fi
gcc "${flags[@]}" -o "$work/here" "${sources[@]}" -lm || exit 1
vectors=$($arm-objdump -d "$work/arm" | grep -cE 'f(mul|add|sub|sqrt)[[:space:]]+v[0-9]+\.4s')
[ "$vectors" -gt 100 ] || { echo "only $vectors vector instructions: this is not NEON"; exit 1; }
bad=0
hear() { # NAME RATE FORMAT BYTES LEAST
    "$masar" simulate scenarios/niamey-2024 --hours 0.01 --speed max --out "iq:file=-,rate=$2,format=$3,noise=-36,fruit=4000" 2>/dev/null |
        head -c "$4" > "$work/samples"
    "$work/here" "$work/samples" "$2" "$3" > "$work/here.txt"
    qemu-aarch64 "$work/arm" "$work/samples" "$2" "$3" > "$work/arm.txt"
    n=$(wc -l < "$work/here.txt")
    echo "$1: $n frames"
    [ "$n" -ge "$5" ] && cmp "$work/here.txt" "$work/arm.txt" || bad=1
}
hear "2.4 million a second" 2400000 cu8 4000000 5
hear "12 million a second" 12000000 cs16 12000000 5
exit $bad
