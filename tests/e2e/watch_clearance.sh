#!/usr/bin/env bash
# A clearance that ends is told of once before it does, over a kill too, and openly corrected when it is given longer; the same rule
# over the past says when it would have been told.
set -u
masar=$1
for program in curl python3; do
    command -v $program >/dev/null || { echo "skipped: $program is not here"; exit 77; }
done
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || { kill $pid; wait $pid; } 2>/dev/null; rm -rf "$work"' EXIT
store=$work/store failed=0
mkdir -p "$store"
complain() { echo "FAILED: $*"; failed=1; }
if ! "$masar" watch check 'clearance lapses within 48 h' >"$work/out" 2>&1; then
    grep -q 'no file of airports' "$work/out" && { echo "skipped: there are no airports: script/setup makes them"; exit 77; }
    cat "$work/out"; exit 1
fi
"$masar" operation new relief --from scenarios/niamey-2024/relief --store "$store" >"$work/out" || { cat "$work/out"; exit 1; }
in_hours() { date -u -d "+$1 hours" +%Y-%m-%dT%H:00:00Z; }
"$masar" operation clear relief NE-H-90 country=NE use=landing state=approved from="$(in_hours -24)" to="$(in_hours 30)" --store "$store" >"$work/out" ||
    { cat "$work/out"; exit 1; }
"$masar" watch add --name lapses --rule 'clearance country NE lapses within 48 h of relief' --language fr --store "$store" >/dev/null || complain "add"
"$masar" watch add --name elsewhere --rule 'clearance country TD lapses within 48 h' --store "$store" >/dev/null || complain "add"
"$masar" watch check 'military and clearance lapses within 48 h' 2>&1 | grep -q 'line 1, column 14: .*of no one aircraft' || complain "a slip"
"$masar" watch check 'clearance lapses within 48 h of releif' --store "$store" 2>&1 | grep -q "no operation 'releif': there are relief" || complain "another's name"
"$masar" watch add --name x --rule 'clearance lapses within 48 h of releif' --store "$store" 2>/dev/null && complain "added for no operation"
"$masar" watch add --name x --rule military --to nobody --store "$store" 2>&1 | grep -q "no receiver 'nobody'; there are: none" || complain "told to nobody"
read -r port feed < <(python3 -c 'import random, socket
ports = []
while len(ports) < 2:
    with socket.socket() as s:
        p = random.randrange(10000, 32000)
        try:
            s.bind(("127.0.0.1", p))
            ports.append(p)
        except OSError:
            pass
print(*ports)')
start() {
    "$masar" serve --in "sbs:listen=127.0.0.1:$feed" --store "$store" --http "127.0.0.1:$port" --token-file "$work/token" 2>>"$work/log" & pid=$!
}
told() { "$masar" watch log "$@" --format json --store "$store" 2>/dev/null | grep -o '"tell": *"[a-z]*"' | tr -d ' "' | cut -d: -f2 | sort | uniq -c | awk '{printf "%s%s ", $2, $1}'; }
wait_for() {
    for _ in $(seq 200); do
        [ "$(told lapses)" = "$1" ] && return 0
        sleep 0.1
    done
    complain "'$(told lapses)' where '$1' was to be told: $(tail -3 "$work/log")"
}
start
wait_for "alert1 "
kill -9 $pid
wait $pid 2>/dev/null
start
sleep 3 # it looks again, and knows what was told
wait_for "alert1 "
"$masar" operation clear relief NE-H-90 to="$(in_hours 900)" --store "$store" >"$work/out" || complain "extend: $(cat "$work/out")"
wait_for "alert1 corrected1 "
[ -z "$(told elsewhere)" ] || complain "told of another country: $(told elsewhere)"
"$masar" watch log lapses --store "$store" >"$work/out"
grep -q 'L’autorisation NE-H-90 (NE, atterrissage) expire le' "$work/out" || complain "the sentence: $(cat "$work/out")"
grep -q 'Correction : l’autorisation NE-H-90 (NE, atterrissage) expire désormais le' "$work/out" || complain "the correction: $(cat "$work/out")"
exit $failed
