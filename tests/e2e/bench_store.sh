#!/usr/bin/env bash
# `masar bench store` makes a small store, measures it, removes it: every figure is there, nothing stays.
set -u
masar=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$masar" bench store --positions 20000 --seed 3 --dir "$dir" >"$dir.out" 2>"$dir.err" || { cat "$dir.err"; exit 1; }
bad=0
for name in store_positions store_bytes_a_position store_put store_add_and_sync store_open_after_kill \
    store_polygon_city_day store_polygon_country_day store_aircraft_year store_flight store_instant; do
    grep -Eq "^$name [0-9.]+ [a-zA-Z/]+$" "$dir.out" || { echo "no figure $name"; bad=1; }
done
grep -Eq '^store_flight_found (2[0-4]|1[0-9]) positions$' "$dir.out" || { echo "the trace asked for was not found"; bad=1; }
[ -z "$(ls -A "$dir")" ] || { echo "something stayed behind"; bad=1; }
[ $bad = 0 ] || cat "$dir.out"
rm -f "$dir.out" "$dir.err"
exit $bad
