#!/usr/bin/env bash
# The same ledger whatever way a recording came: recorded live, replayed at another speed, imported in one piece, imported
# in two pieces of which the second goes on from the first, and the history of one store played into another, where also
# every point comes as it was kept. Row by row, over a midnight.
set -u
masar=$1
command -v curl >/dev/null || { echo "skipped: curl asks and is not here"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 finds free ports and is not here"; exit 77; }
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || { kill $pid; wait $pid; } 2>/dev/null; rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $*"; failed=1; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
until_says() { # PATTERN: what /healthz has, within twenty seconds
    for _ in $(seq 100); do
        curl --noproxy '*' -s "http://127.0.0.1:$port/healthz" | grep -q "$1" && return
        sleep 0.2
    done
}
until_still() { # the file is read before its frames' time has come: until no more do
    local before=-1 now=0
    until_says 'to its end\|history has ended'
    for _ in $(seq 30); do
        now=$(curl --noproxy '*' -s "http://127.0.0.1:$port/healthz" | grep -o '"frames":[0-9]*')
        [ "$now" = "$before" ] && return
        before=$now
        sleep 1.2
    done
}
serve() { # STORE INPUT OPTION...
    "$masar" serve --in "$2" --store "$work/$1" "${@:3}" --http "127.0.0.1:$port" --token-file "$work/token" 2>"$work/log" &
    pid=$!
    until_says '"status"'
}
stop() {
    kill $pid
    wait $pid
    pid=
}
"$masar" simulate scenarios/niamey-2024 --start 2024-06-10T23:00:00Z --hours 2 --rate 0.1 --out "beast:file=$work/r.bin,marks=1" \
    2>"$work/err" || { cat "$work/err"; exit 1; }

serve live "beast:file=$work/r.bin"
until_still
stop
serve replayed "beast:file=$work/r.bin,speed=3000"
until_still
stop
"$masar" import "$work/r.bin" --store "$work/imported" >/dev/null 2>"$work/imported.err" || complain "import: $(cat "$work/imported.err")"
if grep -q 'no file of airports' "$work/imported.err"; then
    echo "skipped: there are no airports: script/setup makes them"
    exit 77
fi
grep -q '^ledger: made anew of' "$work/imported.err" || complain "an import without a ledger: $(cat "$work/imported.err")"
"$masar" import "$work/r.bin" --store "$work/imported" >/dev/null 2>"$work/again.err"
grep -q '^ledger: ' "$work/again.err" && complain "nothing new, and the ledger was made anew: $(cat "$work/again.err")"

# In two pieces of positions, the second later than the first.
"$masar" export --store "$work/imported" --format csv --out "$work/all.csv" 2>/dev/null
"$masar" export --store "$work/imported" --format csv --to 2024-06-11T00:10:00Z --out "$work/first.csv" 2>/dev/null
"$masar" export --store "$work/imported" --format csv --from 2024-06-11T00:10:00Z --out "$work/second.csv" 2>/dev/null
"$masar" import "$work/first.csv" --store "$work/pieces" >/dev/null 2>&1
"$masar" import "$work/second.csv" --store "$work/pieces" >/dev/null 2>"$work/pieces.err"
grep -q '^ledger: went on' "$work/pieces.err" || complain "the second piece: $(cat "$work/pieces.err")"

# What is kept is thinned already.
serve played "store:dir=$work/imported,speed=max" --thin off
until_still
stop
"$masar" export --store "$work/played" --format csv --out "$work/played.csv" 2>/dev/null
for csv in all played; do # but for who received it
    python3 - "$work/$csv.csv" >"$work/$csv.points" <<'PY'
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    row.pop("receiver")
    print(*row.values(), sep=",")
PY
done
[ "$(wc -l <"$work/all.points")" -gt 3000 ] || complain "points: $(wc -l <"$work/all.points")"
cmp "$work/all.points" "$work/played.points" || complain "history played is other points: $(diff "$work/all.points" "$work/played.points" | head -4)"

for store in live replayed imported pieces played; do
    for what in flights arrivals departures stays orbits events; do
        "$masar" $what --store "$work/$store" --format csv >"$work/$store.$what" || complain "$what of $store"
        cmp "$work/live.$what" "$work/$store.$what" || complain "$store: $what are others: $(diff "$work/live.$what" "$work/$store.$what" | head -4)"
    done
    "$masar" ledger rebuild --store "$work/$store" 2>/dev/null | grep -q '^nothing changed' || complain "$store: rebuilt it is another"
done
[ "$(wc -l <"$work/live.flights")" -gt 50 ] || complain "flights: $(wc -l <"$work/live.flights") lines"
[ $failed = 0 ] && echo "live, replayed, imported, in pieces, played from a store: $(wc -l <"$work/live.flights") lines of flights alike"
exit $failed
