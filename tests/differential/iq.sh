#!/usr/bin/env bash
# Real captures at 2.0 Msps. For each: frames the best of dump1090-mutability (--fix) and readsb (resampled to 2.4 Msps) gave, with
# repeats and without; masar must give at least as many, and none of its frames but by a parity that holds.
set -u
masar=$1
captures=../shared/corpus/iq
[ -r "$captures/antirez-modes1.uc8" ] || { echo "skipped: no $captures"; exit 77; }
fail=0
check() { # file, frames, distinct
    frames=$("$masar" decode --in "iq:file=$captures/$1,format=cu8,rate=2000000" --format avr) || fail=1
    n=$(printf '%s\n' "$frames" | wc -l)
    distinct=$(printf '%s\n' "$frames" | sed 's/^.*\([0-9A-Fa-f]\{28\}\|[0-9A-Fa-f]\{14\}\);.*$/\1/' | sort -u | wc -l)
    echo "$1: $n frames, $distinct distinct; peers $2, $3"
    [ "$n" -ge "$2" ] && [ "$distinct" -ge "$3" ] || fail=1
}
check antirez-modes1.uc8 346 169
check phwl-rxa6982-short.raw 5 5
check phwl-x-1.iq.raw 14 12
exit $fail
