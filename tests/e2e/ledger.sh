#!/usr/bin/env bash
# The ledger: what is said while recording is what a rebuild says, and what the same points imported elsewhere say, byte for
# byte; filters, sums, HTTP, bad questions.
set -u
masar=$1
command -v curl >/dev/null || { echo "skipped: curl asks and is not here"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 reads the answers and is not here"; exit 77; }
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || { kill $pid; wait $pid; } 2>/dev/null; rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $*"; failed=1; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
serve() { # STORE INPUT...
    local store=$1
    shift
    "$masar" serve "$@" --store "$store" --http "127.0.0.1:$port" --token-file "$work/token" 2>"$work/log" &
    pid=$!
    for _ in $(seq 100); do
        curl --noproxy '*' -s "$url/healthz" | grep -q 'to its end' && break
        sleep 0.2
    done
    sleep 1.5
}
stop() {
    kill $pid
    wait $pid
    pid=
}

"$masar" simulate scenarios/niamey-2024 --start 2024-06-07T13:20:00Z --hours 1.5 --rate 0.125 \
    --out "beast:file=$work/r.bin,marks=1" 2>"$work/err" || { cat "$work/err"; exit 1; }
serve "$work/live" --in "beast:file=$work/r.bin"
for _ in $(seq 60); do # a loaded machine is not done with the recording yet
    curl --noproxy '*' -s "$url/api/v1/arrivals?airport=DRRN&military=1" >"$work/arrivals.json"
    grep -q 'RCH103\|no file of airports' "$work/arrivals.json" && break
    sleep 0.5
done
if grep -q 'no file of airports' "$work/arrivals.json"; then
    echo "skipped: there are no airports: script/setup makes them"
    exit 77
fi
curl --noproxy '*' -s "$url/api/v1/aircraft/aefc10/movement" >"$work/movement.json"
for question in 'aircraft/zz/movement' 'flights?foo=1' 'flights?type=BOEING' 'events?kind=mission' 'stays?p=2' 'flights?format=csv' 'arrivals?from=soon' \
    'flights?kind=orbit' 'departures?area=circle=1' 'flights?from=2024-06-09&to=2024-06-08' 'flights?state=ZZ' 'flights?operator=12'; do
    [ "$(curl --noproxy '*' -s -o "$work/answer" -w '%{http_code}' "$url/api/v1/$question")" = 400 ] || complain "$question: $(cat "$work/answer")"
done
[ "$(curl --noproxy '*' -s -o /dev/null -w '%{http_code}' "$url/api/v1/aircraft/123456/movement")" = 404 ] || complain "an aircraft nobody knows"
[ "$(curl --noproxy '*' -s -o /dev/null -w '%{http_code}' "$url/api/v1/flights?airport=QQQQQ")" = 404 ] || complain "an airport nobody knows"
[ "$(curl --noproxy '*' -s -o /dev/null -w '%{http_code}' "$url/api/v1/flights?country=XQ")" = 404 ] || complain "a country nobody knows"
# In pages as at once.
python3 - "$url" <<'PY' || complain "pages"
import json, sys, time, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
def ask(args): # who asks the same within a few seconds is told the same: each question is another
    ask.n = getattr(ask, "n", 0) + 1
    return json.load(opener.open(f"{sys.argv[1]}/api/v1/departures?{args}&_={ask.n}"))
def stand():
    with opener.open(f"{sys.argv[1]}/metrics") as metrics:
        return [line for line in metrics.read().splitlines() if line.startswith((b"masar_ledger_waiting", b"masar_history_kept"))]
def settled(): # a loaded machine is still at the recording's last minutes
    before, whole = stand(), ask("limit=20000")
    time.sleep(1)
    return whole if ask("limit=20000") == whole and stand() == before else None
whole = next(w for w in (settled() for _ in range(60)) if w)
rows, after, sums = [], "", []
while after is not None:
    page = ask(f"limit=37{'&after=' + after if after else ''}")
    sums.append(page["sum"])
    rows, after = rows + page["departures"], page["next"]
assert all(s == whole["sum"] for s in sums), (whole["sum"], sums)
assert rows == whole["departures"] and whole["next"] is None and len(sums) > 3, (len(rows), len(whole["departures"]), sums)
PY
stop
"$masar" flights --store "$work/live" --area nowhere.geojson 2>&1 | grep -q "area: 'nowhere.geojson' cannot be read" || complain "an area that is no file"
for what in flights arrivals departures stays orbits events; do
    "$masar" $what --store "$work/live" --format csv >"$work/live.$what" || complain "$what"
done
[ "$(wc -l <"$work/live.flights")" -gt 150 ] || complain "flights: $(wc -l <"$work/live.flights") lines"

"$masar" ledger rebuild --store "$work/live" 2>/dev/null | grep -q '^nothing changed: edition 1 stands' || complain "rebuilt it is another"
"$masar" export --store "$work/live" --format csv --out "$work/all.csv" 2>/dev/null || complain "export"
"$masar" import "$work/all.csv" --store "$work/other" >/dev/null 2>&1 || complain "import"
"$masar" flights --store "$work/none" 2>/dev/null && complain "a store that is none"
"$masar" ledger rebuild --store "$work/other" >/dev/null 2>&1 || complain "rebuild of what was imported"
for what in flights arrivals departures stays orbits events; do
    "$masar" $what --store "$work/other" --format csv | cmp - "$work/live.$what" || complain "imported, $what are others"
done

"$masar" flights --store "$work/live" --format csv --type C172 | tail -n +2 | grep -q . && complain "C172 is flown by nobody"
# The user's own word goes over all sources, in the ledger's answers too, and military.csv over the built-in ranges.
mkdir "$work/data"
printf 'icao24,r,t,ownop\naefc10,MY-OWN,C172,Me\n' >"$work/data/own.csv"
printf 'icao24,r,t\naefc10,08-8204,C17\n' >"$work/list.csv"
"$masar" data import "$work/list.csv" --data "$work/data" >/dev/null 2>&1 || complain "a list is imported"
"$masar" arrivals --store "$work/live" --data "$work/data" --type C172 --registration MY-OWN --format csv | grep -q '^aefc10,' || complain "own edits"
"$masar" arrivals --store "$work/live" --data "$work/data" --type C17 --format csv | grep -q '^aefc10,' && complain "a source goes over the user's own word"
"$masar" aircraft aefc10 --data "$work/data" --format json | grep -q '"conflicts":\["registration","type"\]' || complain "a conflict is not shown"
printf 'from,to,military\naefc00,aefcff,0\n' >"$work/data/military.csv"
rm "$work/data/own.csv" "$work/data"/aircraft-*
"$masar" arrivals --store "$work/live" --data "$work/data" --airport DRRN --hex aefc10 --format csv | cut -d, -f11 | tail -1 | grep -q 1 || complain "its call sign is military all the same"
"$masar" flights --store "$work/live" --data "$work/data" --military 1 --format csv | cut -d, -f1 | grep -q '^ae' || complain "by call sign"
"$masar" arrivals --store "$work/live" --airport DRRN --military 1 | tail -1 |
    grep -q '^1 arrivals, 1 observed; expected 1.0 (1-1)' || complain "RCH103 did not land"
"$masar" arrivals --store "$work/live" --country NE --operator RCH --state US --format csv | grep -q '^aefc10,.*,DRRN,' || complain "filters"
python3 - "$work" <<'PY' || complain "what is said"
import json, subprocess, sys
rows = json.load(open(sys.argv[1] + '/arrivals.json'))
assert rows['sum']['observed'] == 1 and rows['arrivals'][0]['callsign'] == 'RCH103', rows
row = rows['arrivals'][0]
assert row['t_lo'] <= '2024-06-07T14:16:30Z' <= row['t_hi'], row
assert abs(sum(c['p'] for c in row['candidates']) + row['none_p'] - 1) < 0.01, row
now = json.load(open(sys.argv[1] + '/movement.json'))
assert now['state'] == 'landed' and now['landed']['candidates'][0]['airport'] == 'DRRN', now
assert 'landed at 14:16Z on 2024-06-07 at' in now['sentence'] or 'landed between 14:1' in now['sentence'], now['sentence']
assert now['forecasts'] and now['from']['candidates'][0]['p'] > 0, now
assert sum(row['evidence']['share']) == 100 and row['evidence']['rules'], row
PY
[ $failed = 0 ] && echo "live, rebuilt and imported alike: $(wc -l <"$work/live.flights") lines of flights"
exit $failed
