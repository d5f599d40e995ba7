#!/usr/bin/env bash
# Archives into a store: traces packed and not, in folders and tars; the same twice changes nothing; what cannot be read is
# named, the rest goes on, and the status says so.
set -u
masar=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0

trace() { # ADDRESS POINTS
    printf '{"icao":"%s","timestamp":1700000000.5,"trace":[' "$1"
    for ((i = 0; i < $2; i++)); do
        ((i == 0)) || printf ','
        printf '\n[%d.25,50.%06d,8.5,3%d,420.5,90.1,0,64,null,"adsb_icao",null,null,null,null]' $((4 * i)) $((1000 * i)) $((100 + i))
    done
    printf ']}'
}

expect() { # NAME VALUE FILE
    grep -qx "$1 $2" "$3" || { echo "not '$1 $2' but: $(grep "^$1 " "$3")"; bad=1; }
}

mkdir -p traces/44 traces/45
trace 3c6444 300 | gzip > traces/44/trace_full_3c6444.json
trace 3c6445 200 > traces/45/trace_full_3c6445.json
tar cf day.tar traces
"$masar" import day.tar --store s > first 2> log || { echo "import failed"; cat log; bad=1; }
expect files 2 first
expect positions_new 500 first
"$masar" import day.tar --store s > again 2>> log || bad=1
expect files_known 2 again
expect positions_new 0 again
"$masar" import traces --store s > folder 2>> log || bad=1 # other names, the same points
expect positions 500 folder
expect positions_new 0 folder

trace 3c6446 100 | gzip | head -c 300 > traces/44/trace_full_3c6446.json
trace 3c6447 50 > traces/44/trace_full_3c6447.json
"$masar" import traces nowhere.tar --store s > partly 2> partly.log
[ $? -eq 1 ] || { echo "what could not be read does not show in the status"; bad=1; }
grep -q 'trace_full_3c6446.json: ' partly.log || { echo "the cut file is not named"; bad=1; }
grep -q 'nowhere.tar: ' partly.log || { echo "the missing file is not named"; bad=1; }
expect files_failed 2 partly
expect files 1 partly

printf 'UTC,Callsign,Position,Altitude,Speed,Direction\n2020-01-01T00:00:00Z,BAW1,"51,0",0,1,2\n2060-01-01T00:00:00Z,BAW1,"51,0",0,1,2\n' > f.csv
"$masar" import f.csv --address 400123 --store s > csv 2>> log || bad=1
expect positions_new 1 csv
expect positions_future 1 csv

# What is no archive, or a bad one, is named in a sentence.
sentence() { # FILE WORDS
    "$masar" import "$1" --store s > out 2> sentence.log
    [ $? -eq 1 ] || { echo "$1 does not show in the status"; bad=1; }
    grep -q "masar import: .*$2" sentence.log || { echo "$1: not '$2' but: $(cat sentence.log)"; bad=1; }
}
: > nothing.json
sentence nothing.json 'nothing.json: it is empty'
head -c 12000000 /dev/zero | tr '\0' 'x' > line.csv
sentence line.csv 'line.csv: its first bytes are none of the formats'
printf '{"icao":"3c6444","timestamp":"soon","trace":[]}' > shape.json
sentence shape.json 'shape.json: its timestamp is not a time'
mkfifo pipe
sentence pipe 'pipe: it is neither a file nor a folder'
tar cf outer.tar day.tar
sentence outer.tar 'outer.tar:day.tar: it is an archive within an archive'
mkdir loop && ln -s .. loop/up && ln -s loop loop/loop && cp traces/45/trace_full_3c6445.json loop
"$masar" import loop --store s > out 2> log || { echo "a loop of links: $(cat log)"; bad=1; }
expect files 1 out
head -c 9 day.tar > day.tar.ab
sentence day.tar.ab 'a later part of a tar'
rm day.tar.ab

"$masar" import day.tar > usage 2>&1
[ $? -eq 2 ] || { echo "a missing --store is not wrong usage"; bad=1; }
"$masar" import day.tar --store /proc/nowhere > none 2>&1
[ $? -eq 1 ] || { echo "a store that cannot be made does not show in the status"; bad=1; }
if command -v python3 > /dev/null; then
    cp -r s other
    python3 -c 'import sqlite3; sqlite3.connect("other/index.sqlite").execute("PRAGMA user_version = 99")'
    "$masar" import day.tar --store other > none 2> other.log
    [ $? -eq 1 ] && grep -q 'of version 99' other.log || { echo "a store of another version: $(cat other.log)"; bad=1; }
fi
"$masar" import day.tar --store s --as nonsense > none 2>&1
[ $? -eq 2 ] && grep -q 'trace, heatmap' none || { echo "--as nonsense: $(cat none)"; bad=1; }
# What was exported as CSV comes back as it was: quality, air data, origin, who heard it.
cat > all.csv << EOF
time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground,alt_geom_ft,geom_rate_fpm,squawk,nic,rc_m,nac_p,sil,version,source,ias_kt,tas_kt,roll_deg,mag_heading_deg,nav_qnh_hpa,receiver,origin
1700000000.25,3c6444,DLH12,50.1,8.1234567,1000,150.12,90.5,64,0,1250,-64,1000,8,186,9,3,2,adsb_icao,140,150,-1.25,88.5,1013.2,"the ""roof""",UAT ADS-B
1700000005.25,3c6444,DLH12,50.2,8.1234567,,,,,1,,,,,,,,,mlat,,,,,,mast,MLAT
EOF
"$masar" import all.csv --store whole > out 2> log || { echo "our own CSV is not taken: $(cat log)"; bad=1; }
"$masar" export --store whole --aircraft 3c6444 --from 2023-11-01 --to 2023-12-01 --format csv > again.csv
cmp all.csv again.csv || { echo "exported after import it is another:"; cat again.csv; bad=1; }

# Lines of JSON keep who heard them, one after the other.
cat > heard.jsonl << EOF
{"t":1700000000.25,"hex":"3c6444","type":"adsb_icao","lat":50.1,"lon":8.1,"rId":"roof"}
{"t":1700000005.25,"hex":"3c6444","type":"adsb_icao","lat":50.101,"lon":8.1,"rId":"mast"}
{"t":1700000010.25,"hex":"3c6444","type":"adsb_icao","lat":50.102,"lon":8.1}
{"t":1700000015.25,"hex":"3c6444","type":"adsb_icao","lat":50.103,"lon":8.1,"rId":"roof"}
EOF
"$masar" import heard.jsonl --store heard --thin off > out 2> log || { echo "lines of JSON are not taken: $(cat log)"; bad=1; }
"$masar" export --store heard --from 2023-11-01 --to 2023-12-01 --format jsonl | sed 's/.*"rId":"\([a-z]*\)".*/\1/;t;s/.*/nobody/' > by
[ "$(paste -sd' ' by)" = "roof mast nobody roof" ] || { echo "who heard lines of JSON is another: $(paste -sd' ' by)"; bad=1; }

"$masar" store check s > check 2>&1 || { echo "the store is not whole:"; cat check; bad=1; }
[ $bad -eq 0 ] && echo "archives are in, once"
exit $bad
