#!/usr/bin/env bash
# masar simulate by its command: the same bytes each time and at every speed, the pace asked for, ids that say what it is,
# the truth beside it, and wrong usage told in a sentence. $1 is masar.
set -euo pipefail
masar=$(realpath "$1")
scenario=$(realpath scenarios/niamey-2024)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
bad() { echo "simulate: $*"; exit 1; }

at="--start 2024-06-07T08:58:00Z"
"$masar" simulate "$scenario" $at --hours 0.05 --rate 0.25 --truth truth --tracks --out beast:file=a.bin,marks=1 --out avr:file=a.avr 2>a.log
began=$(date +%s%N)
"$masar" simulate "$scenario" $at --hours 0.05 --speed 60 --out beast:file=b.bin,marks=1 2>b.log
took_ms=$(( ($(date +%s%N) - began) / 1000000 ))
cmp a.bin b.bin || bad "two runs at different speeds differ"
# Three minutes at sixty times are three seconds; the end waits a little for peers.
[ "$took_ms" -ge 2800 ] && [ "$took_ms" -le 8000 ] || bad "3 minutes at 60 times took $took_ms ms"
"$masar" simulate "$scenario" $at --hours 0.05 --rate 0.25 --seed 5 --out beast:file=c.bin,marks=1 2>c.log
! cmp -s a.bin c.bin || bad "another seed brings the same frames"
frames=$(wc -l <a.avr)
[ "$frames" -gt 5000 ] || bad "only $frames frames in three minutes"
grep -q "$frames frames" a.log || bad "counts $frames frames otherwise: $(cat a.log)"

# Receiver ids begin with SIM (1a e3 53 49 4d), so whoever is fed says SIMULATION.
LC_ALL=C grep -qaP '\x1a\xe3SIM' a.bin || bad "no receiver id says SIM"

# RCH103 is heard on the ground, then in the air, and takes off at 09:00Z.
ASAN_OPTIONS=detect_leaks=0 "$masar" decode --in beast:file=a.bin --format json >a.json
[ "$(wc -l <a.json)" -eq "$frames" ] || bad "decode prints $(wc -l <a.json) lines of $frames frames"
grep '"icao24":"aefc10"' a.json >rch.json
head -1 rch.json | grep -q '"ground":1' || bad "aefc10 is not first heard on the ground: $(head -1 rch.json)"
first=$(grep -m1 '"ground":0' rch.json | sed 's/.*"t":\([0-9]*\).*/\1/')
[ "$first" -ge 1717750740 ] && [ "$first" -le 1717750860 ] || bad "aefc10 is first in the air at $first, not 09:00Z"
! grep -q '"crc_ok":false' a.json || bad "a frame's parity is wrong"

# The truth.
grep -q '^4,aefc10,RCH103,C17,ETAR,DRRN,2024-06-07T09:00:00Z,2024-06-07T14:16:\(28\|29\)Z,position$' truth/movements.csv ||
    bad "movements.csv lacks RCH103: $(grep RCH103 truth/movements.csv)"
[ "$(grep -c '^aefc10,C17$' truth/fleet.csv)" = 1 ] || bad "fleet.csv lacks aefc10 or has it twice"
grep -q '^4,aefc10,RCH103,ramstein,1,' truth/heard.csv || bad "heard.csv does not say who heard RCH103"
head -1 truth/tracks.csv | grep -q '^time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground$' ||
    bad "tracks.csv is not track CSV"
[ "$(awk -F, 'NR > 1 && NF != 10' truth/tracks.csv | wc -l)" -eq 0 ] || bad "tracks.csv has odd lines"
[ "$(sed 1d truth/tracks.csv | sort -t, -k1,1n -s -c 2>&1 | wc -l)" -eq 0 ] || bad "tracks.csv is not in order of time"

# What needs no frames is the same without them.
"$masar" simulate "$scenario" $at --hours 0.05 --truth plan --unheard
for file in sorties requirement clearances claims; do
    cmp truth/$file.csv plan/$file.csv || bad "$file.csv is another without hearing"
done
cmp <(sort truth/movements.csv) <(sort plan/movements.csv) || bad "movements.csv is another without hearing"
cmp <(sort truth/fleet.csv) <(sort plan/fleet.csv) || bad "fleet.csv is another without hearing"
[ ! -e plan/heard.csv ] || bad "heard.csv is written where nobody was asked to hear"

# Recorded, the same points each time, whatever the machine's pace; they say whose they are.
for i in 1 2; do
    "$masar" simulate "$scenario" --start 2024-06-07T13:00:00Z --hours 3 --rate 0.125 --traffic 0.2 --store store$i 2>store.log ||
        bad "nothing is recorded: $(cat store.log)"
    "$masar" export --store store$i --format csv --out store$i.csv 2>export.log || bad "no export: $(cat export.log)"
done
cmp store1.csv store2.csv || bad "two recordings of one simulation differ"
[ "$(wc -l <store1.csv)" -gt 3000 ] || bad "only $(wc -l <store1.csv) positions are recorded"
grep -q ',aefc10,RCH103,.*SIMULATION niamey' store1.csv || bad "RCH103 is not in what was recorded"

# Wrong usage is 2, what cannot be done is 1, each with a sentence.
status() { local want=$1 text=$2; shift 2; set +e; "$masar" simulate "$@" >out.txt 2>err.txt; local got=$?; set -e
    [ "$got" -eq "$want" ] || bad "'$*' ended with $got, not $want"
    grep -q "$text" err.txt || bad "'$*' does not say '$text': $(cat err.txt)"; }
status 2 "SCENARIO" --out avr:file=-
status 2 "out SPEC" "$scenario"
status 1 "cannot read nowhere/scenario.ini" nowhere --out avr:file=-
status 2 "is not a time within the scenario" "$scenario" --start 2020-01-01 --out avr:file=-
status 2 "seed=x is not" "$scenario" --seed x --out avr:file=-
status 2 "speed=0: write a number from 0.1" "$scenario" --speed 0 --out avr:file=-
status 2 "rate=2: write a number from 0.05 to 1" "$scenario" --rate 2 --out avr:file=-
cp -r "$scenario" broken
sed -i '2s/.*/leg,icao24,nothing/' broken/traffic.csv
status 2 "broken/traffic.csv:" broken --out avr:file=-
echo "$frames frames in 3 minutes, alike at both speeds; 60 times took $took_ms ms"
