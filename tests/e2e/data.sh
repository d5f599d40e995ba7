#!/usr/bin/env bash
# Reference data: files of every form read in, updates from a server on this machine, what is torn refused with the old
# file kept, sources shown apart, the user's own edits on top.
set -u
masar=$(realpath "$1")
command -v python3 >/dev/null || { echo "skipped: no python3 to serve files"; exit 77; }
tmp=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$tmp"' EXIT
server=
failed=0
check() { # what, expected, got
    [ "$2" = "$3" ] || { echo "FAILED $1: expected '$2', got '$3'"; failed=1; }
}
has() { # what, text, file
    grep -qF -- "$2" "$3" || { echo "FAILED $1: no '$2' in:"; cat "$3"; failed=1; }
}
export MASAR_DATA=$tmp/data
mkdir -p "$tmp/www"
cd "$tmp" || exit 1

cat > www/airports.csv <<'CSV'
"id","ident","type","name","latitude_deg","longitude_deg","elevation_ft","iso_country","scheduled_service","icao_code","iata_code","gps_code","local_code"
1,"DRRN","large_airport","Diori Hamani International Airport",13.4815,2.18361,732,"NE","yes","DRRN","NIM","DRRN",
2,"DRZA","medium_airport","Mano Dayak International Airport",16.966,8.00011,1657,"NE","no","DRZA","AJY","DRZA",
CSV
cat > www/runways.csv <<'CSV'
"id","airport_ref","airport_ident","length_ft","width_ft","surface","lighted","closed","le_ident","le_latitude_deg","le_longitude_deg","le_elevation_ft","le_heading_degT","he_ident","he_latitude_deg","he_longitude_deg"
237876,2125,"DRRN",9843,148,"BITUM",1,0,"09R",13.481611,2.169414,728,87,"27L",13.483231,2.204498
CSV
cat > www/aircraft.csv <<'CSV'
AE145A;06-6156;C17;10;BOEING C-17 Globemaster 3;;;
3946e4;F-GRHE;A319;00;AIRBUS A-319;1999;Air France;
39460000;F-GRHE;A319;00;read as a number;;;
CSV
gzip -k www/aircraft.csv
printf 'icao24,r,t,desc\nae145a,06-6157,C17,\n' > fa.csv
printf '{"icao":"ae145a","reg":"06-6156","icaotype":"C17","year":"2006","manufacturer":"Boeing","model":"C-17A","ownop":"US Air Force","mil":true}\nnot JSON\n{"icao":"3946e4","reg":"F-GRHE","icaotype":"A319","year":null}\n' > basic.json
printf '$ICAO,$Registration,$Operator,$Type,$ICAO Type,#CMPG\nAE145A,06-6156,United States Air Force,Boeing C-17A,C17,Mil\n' > alert.csv
printf '{"AFR":{"n":"Air France","c":"France","r":"AIRFRANS"},"AAB":{"n":"Abelag","c":"Belgium","r":""}}\n' > operators.json

# Both files of airports, or none.
"$masar" data import www/airports.csv > out 2> err; check "one file alone" 1 $?
has "one file alone" "airports need both" err
"$masar" data import www/airports.csv www/runways.csv > out 2> err; check "airports" 0 $?
has "airports" "runways 6" out

# npm's database says of when it is.
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("npm.sqlite")
db.executescript("""
CREATE TABLE airports(id INTEGER PRIMARY KEY, icao, iata, faa, local, name, type, latitude, longitude, elevation_ft, country_code, updated_at);
CREATE TABLE runways(id INTEGER PRIMARY KEY, airport_id, length_ft, width_ft, surface);
CREATE TABLE runway_ends(id INTEGER PRIMARY KEY, runway_id, ident, latitude_deg, longitude_deg, heading_degT);
INSERT INTO airports VALUES(1, 'DRRN', 'NIM', NULL, NULL, 'Diori Hamani', 'large_airport', 13.4815, 2.18361, 732, 'NE', '2026-02-16 17:18:41');
""")
db.commit()
PY
mkdir npm
"$masar" data import npm.sqlite --airports-to npm/airports.masar > out 2> err; check "npm's airports" 0 $?
"$masar" data status --data npm > out 2> err
has "npm's date" "of OurAirports, of 2026-02-16" out

# Aircraft in each form.
"$masar" data import www/aircraft.csv.gz > out 2> err; check "tar1090" 0 $?
has "tar1090" "aircraft tar1090 rows 2" out
has "tar1090" "aircraft tar1090 number_addresses 1" out
for f in fa.csv basic.json alert.csv operators.json; do
    "$masar" data import $f > out 2> err; check "$f" 0 $?
done
"$masar" data status > out; check status 0 $?
for line in "airports 8" "aircraft tar1090 2" "aircraft csv 1" "aircraft adsbx 2" "aircraft plane-alert 1" "operators 2"; do
    has status "$line" out
done
has status "aircraft_sha256 tar1090" out

# Sources apart, the user's own first.
printf 'icao24,t,ownop\nae145a,C5M,Mine\n' > data/own.csv
"$masar" aircraft ae145a > out 2> err; check aircraft 0 $?
has own "type           C5M  (own" out
has conflict "! type         C17  (tar1090" out
has conflict "06-6157" out
has military "by flag range type)" out
"$masar" data import www/aircraft.csv > out; "$masar" aircraft AE145A > out
has "own survives" "type           C5M  (own" out
"$masar" aircraft 3946e4 --callsign AFR123 --format json > out
python3 -c "import json; d = json.load(open('out')); assert d['r'] == 'F-GRHE' and d['operator'] == 'Air France' and d['dbFlags'] == 0 and d['country'] == 'FR', d" || failed=1
"$masar" aircraft --registration f-grhe > out; check registration 0 $?
"$masar" aircraft a061d9 > out; check "in no list" 1 $?
has derived "N12345  (derived from the address)" out
"$masar" aircraft 3946e40 2> err; check "no address" 2 $?

# Updates from a server, and what is torn leaves what there was.
python3 - www > port <<'PY' &
import functools, http.server, sys
http.server.SimpleHTTPRequestHandler.log_message = lambda *_: None
s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1]))
print(s.server_port, flush=True)
s.serve_forever()
PY
server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
url=http://127.0.0.1:$(cat port)
sed -i 's/Diori Hamani/Hamani Diori/' www/airports.csv
"$masar" data update --airports-url "$url/airports.csv" --runways-url "$url/runways.csv" --aircraft-url "$url/aircraft.csv.gz" > out 2> err
check update 0 $?
"$masar" data status > out
has "update" "airports.csv_from $url/airports.csv" out
has "update" "aircraft_from tar1090 $url/aircraft.csv.gz" out
before=$(sha256sum data/airports.masar data/aircraft-tar1090.masar)
head -c 60 www/aircraft.csv.gz > www/cut.gz
printf 'a,b\n1,2\n' > www/wrong.csv
"$masar" data update airports --airports-url "$url/wrong.csv" --runways-url "$url/runways.csv" > out 2> err; check "wrong columns" 1 $?
has "wrong columns" "no column 'ident'" err
"$masar" data update aircraft --aircraft-url "$url/cut.gz" > out 2> err; check "cut off" 1 $?
has "cut off" "it is cut off" err
"$masar" data update aircraft --aircraft-url "$url/none.gz" > out 2> err; check "not there" 1 $?
has "not there" "answered 404" err
"$masar" data update aircraft --aircraft-url "http://127.0.0.1:1/x" > out 2> err; check "no server" 1 $?
"$masar" data import www/wrong.csv > out 2> err; check "nobody's form" 1 $?
check "old files kept" "$before" "$(sha256sum data/airports.masar data/aircraft-tar1090.masar)"
# A running server names what it hears, and sees a change of the files.
command -v curl >/dev/null && {
    http=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    printf 'icao24,r,t,ownop\n4840d6,PH-BFA,B744,KLM\n' > data/own.csv
    mkfifo frames
    "$masar" serve --in avr:file=frames,clock=receive --http "127.0.0.1:$http" --token-file "$tmp/token" --web "$tmp/www" 2> served &
    serving=$!
    exec 3> frames
    get() { curl -s --max-time 5 "http://127.0.0.1:$http$1"; }
    until_has() { # what, path, text: within twelve seconds
        for _ in $(seq 60); do
            echo '*8D4840D6202CC371C32CE0576098;' >&3
            get "$2" > out && grep -qF -- "$3" out && return
            sleep 0.2
        done
        has "$1" "$3" out
    }
    until_has "aircraft.json" /data/aircraft.json '"r":"PH-BFA","t":"B744"'
    until_has "identity heard" /api/v1/aircraft/4840d6 '"identity":{"hex":"4840d6","country":"NL"'
    until_has "identity unheard" /api/v1/identity/ae145a '"lift":{"low_kg":25000'
    get /api/v1/types > out; has "types" '{"t":"C17","name":"Boeing C-17 Globemaster 3","class":"L4J","wake":"H","kind":"airlift_heavy","military":true,"lift":{"low_kg":25000' out
    get '/api/v1/operators?code=RCH,XX,AF1,NOTTHERE,DLHX' > out
    check "operators" 2 "$(grep -c '"code"' out)"
    has "an operator" '"code":"RCH","name":"US Air Force, Air Mobility Command","country":"US","state":true,"military":true' out
    check "operators of nobody" 400 "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$http/api/v1/operators")"
    printf 'icao24,r,t,ownop\n4840d6,PH-BFA,B748,KLM\n' > data/own.new && mv data/own.new data/own.csv
    until_has "changed files" /data/aircraft.json '"t":"B748"'
    check "no address" 400 "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$http/api/v1/identity/zz")"
    exec 3>&-
    kill $serving; wait $serving
}
ls data | grep -q new- && { echo "FAILED: something half written is left"; failed=1; }
[ $failed = 0 ] && echo "reference data reads in, updates and stays"
exit $failed
