#!/usr/bin/env bash
# What may be believed, through to the ledger: a ghost is counted nowhere, two airframes of one address are two and neither is
# called false, a day of jamming is said where it was.
set -u
masar=$1
scenario=$(realpath "$(dirname "$0")/../../scenarios/niamey-2024")
command -v python3 >/dev/null || { echo "skipped: python3 reads the answers and is not here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $*"; failed=1; }
made() { # NAME START HOURS ARGS...
    local to=$work/$1 start=$2 hours=$3
    shift 3
    "$masar" simulate "$scenario" --start "$start" --hours "$hours" "$@" --store "$to" 2>"$work/err" || { cat "$work/err"; exit 1; }
}
rows() { # STORE WHAT FILTERS...
    "$masar" "$2" --store "$work/$1" --format csv "${@:3}" 2>>"$work/said" | tail -n +2
}

made ghost 2024-07-02T08:50:00Z 3 --traffic 0 --rate 0.125
rows ghost events >/dev/null
if grep -q 'no file of airports' "$work/said"; then
    echo "skipped: there are no airports: script/setup makes them"
    exit 77
fi
[ "$(rows ghost events --hex aefc1c --kind spoofed | wc -l)" = 1 ] || complain "the ghost is not said to be one"
for what in flights arrivals departures stays; do
    [ -z "$(rows ghost $what --hex aefc1c)" ] || complain "a ghost has $what"
done
[ -z "$(rows ghost arrivals --airport DRRN --hex aefc1c)" ] || complain "a ghost lands at Niamey"
# Heard otherwise it jumps as two airframes do, or seems honest at its end: it stays one ghost.
for heard in "1 0.3" "5 0.1"; do
    read -r seed rate <<<"$heard"
    made "ghost$seed" 2024-07-02T08:30:00Z 2.6 --seed "$seed" --traffic 0 --rate "$rate"
    [ -z "$(rows "ghost$seed" flights --hex aefc1c)" ] || complain "a ghost of seed $seed flies"
done

# 20 minutes apart on one route, two days running.
made shared 2024-06-26T08:00:00Z 29 --traffic 0 --rate 0.125
[ "$(rows shared events --hex aefc14 --kind address_shared | wc -l)" -ge 1 ] || complain "the address is not said to be shared"
[ -z "$(rows shared events --hex aefc14 --kind spoofed)" ] || complain "who shares an address is called false"
rows shared flights --hex aefc14 >"$work/flights"
[ "$(wc -l <"$work/flights")" = 4 ] || complain "four flights of two airframes: $(cat "$work/flights")"
[ "$(cut -d, -f2 "$work/flights" | sort | uniq -c | tr -s ' \n' ' ')" = " 2 0 2 1 " ] || complain "two flights each"
grep -q ',LERT,.*,observed,' "$work/flights" || complain "none was seen to land at Rota"
for epoch in 0 1; do # in one place at a time
    python3 - "$work/flights" $epoch <<'PY' || complain "airframe $epoch flies twice at once"
import csv, sys
rows = [r for r in csv.reader(open(sys.argv[1])) if r[1] == sys.argv[2]]
spans = sorted((r[15], r[19]) for r in rows)  # left at the latest, landed at the earliest
assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:])), spans
PY
done

made jammed 2024-07-22T04:00:00Z 21 --rate 0.05
rows jammed events --kind jamming >"$work/cells"
[ "$(wc -l <"$work/cells")" -ge 5 ] || complain "a day of jamming: $(wc -l <"$work/cells") cells"
python3 - "$work/cells" <<'PY' || complain "cells far from where it was"
import csv, math, sys
for r in csv.reader(open(sys.argv[1])):
    lat, lon = float(r[20]), float(r[21])
    nm = 60 * math.hypot(lat - 35.3, (lon - 12.6) * math.cos(math.radians(35.3)))
    assert nm < 150 and r[15].startswith('2024-07-22'), r
PY
[ $failed = 0 ] && echo "a ghost counted nowhere, four flights of two airframes, $(wc -l <"$work/cells") cells of jamming"
exit $failed
