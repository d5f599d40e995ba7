#!/usr/bin/env bash
# masar find and masar export as a user types them: CSV in, questions asked, everything out again and, as readsb's traces,
# into another store, where it is the same.
set -u
masar=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failed=0

fail() {
    echo "FAILED: $*"
    failed=1
}

# Two aircraft fly east along 48 N, one of them with a gap of an hour; a third one stays away.
awk 'BEGIN {
    print "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground"
    for (i = 0; i < 400; i++) {
        t = 1717749000 + 5 * i
        printf "%d,3c6444,DLH1AB,48.000,%.5f,%d,450.5,90,0,0\n", t, 1 + i * 0.005, 30000 + i * 25
        printf "%d,~2b1f03,,48.100,%.5f,%d,200,90,-640,0\n", t + (i > 200 ? 3700 : 0) + 0.25, 1 + i * 0.005, 20000 - i * 25
        printf "%d,abcdef,AWAY1,10,%.5f,%d,450,90,0,0\n", t, 50 + i * 0.005, 30000
    }
}' > in.csv
"$masar" import in.csv --store a > /dev/null 2> err || fail "import: $(cat err)"

find_it() { "$masar" find --store a "$@" 2> err; }

rows=$(find_it --area circle=48,2,30km --format csv | tail -n +2)
[ "$(wc -l <<< "$rows")" = 3 ] || fail "visits, one of them twice for it was silent for an hour: $rows"
grep -q '^3c6444,DLH1AB,' <<< "$rows" || fail "the visit of 3c6444: $rows"
[ "$(find_it --area circle=48,2,30km --alt 30000- --format csv | tail -n +2 | wc -l)" = 1 ] || fail "altitudes"
[ "$(find_it --callsign dlh1ab --format csv | tail -n +2 | wc -l)" = 1 ] || fail "call sign"
[ "$(find_it --hex ~2b1f03 --format csv | tail -n +2 | wc -l)" = 2 ] || fail "a gap of an hour ends a flight"
[ "$(find_it --at 2024-06-07T08:40:00Z --format csv | tail -n +2 | wc -l)" = 3 ] || fail "the picture: $(find_it --at 2024-06-07T08:40:00Z)"
[ "$(find_it --area box=47,1,49,1.5 --then box=47,2,49,2.5 --within 2h --format csv | tail -n +2 | wc -l)" = 2 ] || fail "then"
[ "$(find_it --area box=47,1,49,1.5 --then box=47,2,49,2.5 --within 5m --format csv | tail -n +2 | wc -l)" = 0 ] || fail "then, too late"
echo '{"type":"Polygon","coordinates":[[[1.9,47.9],[2.1,47.9],[2.1,48.05],[1.9,48.05],[1.9,47.9]]]}' > area.geojson
[ "$(find_it --area area.geojson --format csv | tail -n +2 | wc -l)" = 1 ] || fail "GeoJSON"
find_it --area circle=48,2,30km | head -1 | grep -q '^hex' || fail "the table"

# In pages.
find_it --points --limit 100 --format csv > page
sed -n 's/.*--after //p' err > after
find_it --points --after "$(cat after)" --format csv | tail -n +2 >> page
find_it --points --format csv | cmp -s - page || fail "two pages are not the whole"

# What is wrong is wrong usage, what cannot be done is not.
status() { "$masar" "$@" > /dev/null 2> err; echo $?; }
[ "$(status find --store a --area circle=1,2,3)" = 2 ] || fail "an area without a unit"
[ "$(status find --store a --area none.geojson)" = 2 ] || fail "a file that is not there"
grep -q 'none.geojson' err || fail "its name is not said: $(cat err)"
[ "$(status find --store a --from 2024-06-07 --to 2024-06-07)" = 2 ] || fail "an empty time"
[ "$(status find --hex 3c6444)" = 2 ] || fail "no store named"
[ "$(status find --store none --hex 3c6444)" = 1 ] || fail "no store there"
[ "$(status export --store a)" = 2 ] || fail "no format"
[ "$(status export --store a --format csv --out /nonexistent/x)" = 1 ] || fail "a place that cannot be written"

# Out and in again.
"$masar" export --store a --format readsb-trace --out globe_history/ 2> err || fail "export: $(cat err)"
[ -f globe_history/2024/06/07/traces/44/trace_full_3c6444.json ] || fail "globe_history: $(find globe_history | head)"
gzip -dc < globe_history/2024/06/07/traces/44/trace_full_3c6444.json | head -c 20 | grep -q '"icao":"3c6444"' || fail "a trace"
"$masar" import globe_history --store b > /dev/null 2> err || fail "import of traces: $(cat err)"
for s in a b; do
    "$masar" export --store $s --format csv | cut -d, -f1-13 > $s.csv
done
cmp a.csv b.csv || fail "what came back is not what went out"
[ "$(wc -l < a.csv)" = 1201 ] || fail "$(wc -l < a.csv) lines"
for format in csv jsonl geojson gpx kml; do
    "$masar" export --store a --aircraft ~2b1f03 --format $format --out one.$format || fail "$format"
    [ -s one.$format ] || fail "$format is empty"
done
[ "$(grep -c '<trkseg>' one.gpx)" = 2 ] || fail "a line across a gap"
"$masar" export --store a --format gpx --out each/ && [ "$(find each -type f | wc -l)" = 3 ] || fail "a file for each aircraft"
[ "$failed" = 0 ] && echo "found and exported"
exit $failed
