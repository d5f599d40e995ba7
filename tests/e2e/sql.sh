#!/usr/bin/env bash
# History by SQL: masar_positions.so in the sqlite3 shell and in Python. What is looked up by the index is what going through
# all rows finds; nothing but the entry point is seen from outside; errors are sentences.
set -u
masar=$(realpath "$1")
extension=$(dirname "$masar")/lib/masar_positions.so
scenario=$(realpath "$(dirname "$0")/../../scenarios/niamey-2024")
[ -z "${MASAR_SANITIZE:-}" ] || { echo "skipped: a sanitizer build cannot be loaded by a program without it"; exit 77; }
command -v sqlite3 > /dev/null || { echo "skipped: sqlite3 is not installed"; exit 77; }
[ -e "$extension" ] || { echo "skipped: $extension is not built"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0
say() { echo "$1"; bad=1; }

seen=$(nm -D --defined-only "$extension" | awk '{ print $NF }' | sort | tr '\n' ' ')
[[ $seen == "sqlite3_masarpositions_init " ]] || say "seen from outside: $seen"

"$masar" simulate "$scenario" --hours 0.25 --speed max --out trackcsv:file=track.csv 2> log || say "simulate: $(cat log)"
"$masar" import track.csv --store s > import 2> log || say "import: $(cat log)"
points=$(awk '$1 == "positions" { print $2 }' import)

ask() { sqlite3 -cmd ".load $extension" :memory: "$1" 2>&1; }
all=$(ask "SELECT count(*) FROM masar_positions('s')")
[[ $all == "$points" && $all -gt 2000 ]] || say "$points positions imported, $all found"
[[ $(ask "SELECT sum(positions) FROM masar_aircraft('s')") == "$points" ]] || say "masar_aircraft does not add up"

# Each condition, looked up and by going through a copy of all.
while read -r where; do
    both=$(ask "CREATE TABLE t AS SELECT * FROM masar_positions('s');
        SELECT (SELECT group_concat(time || address || lat) FROM masar_positions('s') WHERE $where)
            IS (SELECT group_concat(time || address || lat) FROM t WHERE $where), (SELECT count(*) FROM t WHERE $where);")
    [[ ${both%|*} == 1 ]] || say "not the same rows WHERE $where: $both"
    [[ ${both#*|} -gt 0 || $where == *empty* ]] || say "no row WHERE $where: it tests nothing"
done <<'WHERE'
time > 1717545900
time >= 1717545900.5 AND time < 1717546000
time BETWEEN '1717545900' AND '1717545960'
address = (SELECT address FROM masar_aircraft('s') ORDER BY positions DESC LIMIT 1)
address IN (SELECT address FROM masar_aircraft('s') LIMIT 3)
callsign = (SELECT callsign FROM masar_positions('s') WHERE callsign IS NOT NULL LIMIT 1)
lat > 38.5 AND lon < 3
lat BETWEEN 36 AND 40.25 AND lon BETWEEN -7.5 AND 0 AND time < 1717546100
lat = (SELECT lat FROM masar_positions('s') LIMIT 1)
lon >= -180 AND lon <= 180
lat > 50 AND lat < 40 AND 'empty' <> ''
lat < 'text'
lat > 'text' AND 'empty' <> ''
time = NULL AND 'empty' <> ''
address = 'nobody' AND 'empty' <> ''
callsign = 'longer than eight' AND 'empty' <> ''
alt_baro > 35000 AND gs IS NOT NULL
WHERE

cases=$(ask "SELECT count(*) FILTER (WHERE n = 0) FROM (SELECT (SELECT count(*) FROM masar_positions('s') p WHERE p.address = upper(a.address)) n FROM masar_aircraft('s') a)")
[[ $cases == 0 ]] || say "an address in capitals is not found"

plan=$(ask "EXPLAIN QUERY PLAN SELECT * FROM masar_positions('s') WHERE time > 5 AND lat < 3 AND address = 'aefc15' ORDER BY time")
for word in dir= "time>" "lat<" address=; do
    [[ $plan == *"$word"* ]] || say "the plan says nothing of $word: $plan"
done
[[ $plan != *TEMP* ]] || say "rows that come in order are sorted: $plan"
order=$(ask "SELECT count(*) FROM (SELECT time, lag(time) OVER () was FROM (SELECT time FROM masar_positions('s') WHERE address = (SELECT address FROM masar_aircraft('s') ORDER BY positions DESC LIMIT 1) ORDER BY time)) WHERE time < was")
[[ $order == 0 ]] || say "ORDER BY time is not in order"

[[ $(ask "SELECT * FROM masar_positions") == *"which store"* ]] || say "no folder: no sentence"
[[ $(ask "SELECT * FROM masar_positions('nowhere')") == *nowhere* ]] || say "no such folder: no sentence"
[[ $(ask "INSERT INTO masar_positions(time) VALUES (1)") == *"may not be modified"* ]] || say "it is not read-only"

for python in /usr/bin/python3 python3; do
    "$python" - "$extension" "$points" <<'PY' && break
import sqlite3, sys
db = sqlite3.connect(':memory:')
if not hasattr(db, 'enable_load_extension'):
    print('this Python loads no extensions')
    sys.exit(1)
db.enable_load_extension(True)
db.load_extension(sys.argv[1])
n, = db.execute("SELECT count(*) FROM masar_positions(?)", ('s',)).fetchone()
lat, lon = db.execute("SELECT lat, lon FROM masar_positions('s') WHERE time > ? LIMIT 1", (1717545900,)).fetchone()
assert n == int(sys.argv[2]) and -90 <= lat <= 90 and -180 <= lon < 180, (n, lat, lon)
try:
    db.execute("SELECT * FROM masar_positions('nowhere')").fetchall()
    sys.exit('no error for a folder that is not there')
except sqlite3.OperationalError as e:
    assert 'nowhere' in str(e), e
PY
done || say "Python cannot read it"
exit $bad
