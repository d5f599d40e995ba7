#!/usr/bin/env bash
# The board of a humanitarian air service (relief.inc): civil flights matched by call sign and tail, what is brought by destination, a
# block of clearance, cancellations, and every action of `masar operation` on it.
set -u
masar=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v python3 >/dev/null || { echo "skipped: python3 reads the answers and is not here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $*"; failed=1; }
. "$root/tests/e2e/relief.inc"
if ! "$masar" departures --store "$work/s" >/dev/null 2>"$work/log"; then
    grep -q airports "$work/log" && { echo "skipped: there is no file of airports"; exit 77; }
fi
at=2024-06-08T20:00:00Z
board() { "$masar" operation show air --store "$work/s" --at $at --format json >"$work/$1.json" || complain "show: $1"; }
board first
python3 - "$work/first.json" >"$work/flight" <<'P' || complain "the first board"
import json, sys
b = json.load(open(sys.argv[1]))
flights = b["flights"]
assert len(flights) >= 5 and all(f["callsign"].startswith("UNO") and f["match"] == "in" for f in flights), "flights"
assert {f["type"] for f in flights} <= {"AT76", "DH8D"} and any(f["registration"].startswith("ZS-UN") for f in flights), "tails"
assert all(c["state"] in ("inside", "unknown") for f in flights for c in f["clearances"]), "a block holds for every flight of the operator"
assert any(c["clearance"] == "NE-1" and c["state"] == "inside" for f in flights for c in f["clearances"])
came = [f for f in flights if f["base"] == "DFFD" and f["arrives"] > 0.9]
assert came and b["sums"]["arrivals"]["listed"] >= 1
line = {l["line"]: l for l in b["forecast"]["lines"]}
assert line["M2"]["unit"] == "t" and line["M2"]["basis"] == "forecast" and line["M2"]["moved_high"] > 0, line["M2"]
assert line["P2"]["unit"] == "people" and line["P2"]["moved"] > 0, line["P2"]
assert line["M3"]["basis"] == "no_unit"
assert {x["base"] for x in b["sums"]["bases"]} == {"DRZA", "DFFD", "DRRN"}
assert "what must arrive is there by" in b["sentence"]["en"] and "ce qui doit arriver" in b["sentence"]["fr"], b["sentence"]
assert b["claims"][0]["verdict"] in ("consistent", "cannot_tell") and len(b["sightings"]) == 1
print(came[0]["hex"] + "/" + came[0]["on"]["t_lo"], b["sums"]["arrivals"]["expected"])
P
read -r flight expected <"$work/flight"

# Cancellations: a flight that carried nothing is put out, a line is no longer asked for, a clearance is revoked; each with its reason.
air correct "$flight" action=exclude reason="turned into a medical flight"
op remove air line M3 --reason "cancelled by the requester" || complain "a line cannot be removed"
air clear BF-1 state=revoked revoked=2024-06-05T00:00:00Z decided=2024-06-05T00:00:00Z
board second
python3 - "$work/second.json" "$expected" "$flight" <<'P' || complain "after cancellations"
import json, sys
b = json.load(open(sys.argv[1]))
assert b["sums"]["arrivals"]["expected"] < float(sys.argv[2]) - 0.9, b["sums"]["arrivals"]
assert not [l for l in b["requirement"] if l["key"] == "M3"]
out = [f for f in b["flights"] if f["match"] == "out by hand"]
assert len(out) == 1 and out[0]["reason"] == "turned into a medical flight" and sys.argv[3].startswith(out[0]["hex"])
assert any(c["country"] == "BF" and c["state"] in ("outside", "unknown") for f in b["flights"] for c in f["clearances"])
assert not any(c["country"] == "BF" and c["state"] == "inside" for f in b["flights"] for c in f["clearances"])
P
change=$("$masar" operation log air --store "$work/s" | python3 -c 'import json, sys
log = json.load(sys.stdin)
assert all(c["author"] == "desk" for c in log)
print(next(c["change"] for c in log if c["kind"] == "correction"))') || complain "log"
op undo air "$change" --reason "it carried its load" || complain "undo"
board third
python3 -c 'import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:])
assert a["sums"]["arrivals"] == b["sums"]["arrivals"]' "$work/first.json" "$work/third.json" || complain "undo does not bring the flight back"

# A row of the log for each change, none for what is refused.
rows() { "$masar" operation log air --store "$work/s" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'; }
had=$(rows)
op require air P3 what="aid workers" quantity=5 unit=people from=DRRN to=DFFD || complain "require"
[ "$(rows)" -eq $((had + 1)) ] || complain "a change has not one row"
printf 'key,what,quantity,unit,from,to\nP4,a,1,people,DRRN,DFFD\nP5,b,2,people,DRRN,DFFD\n' >"$work/two.csv"
op import air lines "$work/two.csv" || complain "import"
[ "$(rows)" -eq $((had + 3)) ] || complain "two lines have not two rows"
op require air P6 what=x quantity=-1 unit=people from=DRRN 2>/dev/null && complain "a negative quantity is taken"
[ "$(rows)" -eq $((had + 3)) ] || complain "what was refused has a row"

for what in operation bases lines clearances rules claims factors tails corrections sightings flights board heard; do
    "$masar" operation export air $what --store "$work/s" --at $at >"$work/part" && [ -s "$work/part" ] || complain "export $what"
done
"$masar" operation export air lines --store "$work/s" --format csv >"$work/lines.csv" && op import air lines "$work/lines.csv" || complain "its own lines do not come in again"
"$masar" operation forecast air --store "$work/s" --at $at --keep >"$work/part" && grep -q 'load of one arrival' "$work/part" || complain "forecast"
"$masar" operation show air --store "$work/s" --at $at --format json | python3 -c 'import json, sys
assert len(json.load(sys.stdin)["forecasts_before"]) == 1' || complain "a kept forecast is not shown"
if "$masar" operation plan air --store "$work/s" --at $at fleet=AT76:2,DH8D:1 >"$work/part" 2>"$work/log"; then
    grep -q 'It fits: ' "$work/part" && grep -q 'DRZA' "$work/part" || complain "plan: $(cat "$work/part")"
else
    grep -q libglpk "$work/log" || complain "plan: $(cat "$work/log")"
fi
for lang in en ar fr; do
    "$masar" operation statement air --store "$work/s" --at $at --lang $lang --out "$work/$lang.html" >/dev/null 2>&1 &&
        "$masar" operation statement --store "$work/s" --verify "$work/$lang.html" >/dev/null || complain "statement $lang"
done
grep -q 'UNO' "$work/en.html" || complain "the statement names no flight"
exit $failed
