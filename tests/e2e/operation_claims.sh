#!/usr/bin/env bash
# What was said in public of the withdrawal from Niger in 2024, and of Afghanistan and Kabul in 2021, each claim by its name: how it
# stands on the simulated history of seed 0, with its flights and its arithmetic, in three languages.
set -u
masar=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
operation() { "$masar" operation "$@" --store "$work/s"; }
"$masar" simulate scenarios/niamey-2024 --hours 900 --traffic 0 --rate 0.125 --store "$work/s" --truth "$work/t" --unheard 2>"$work/log" ||
    { cat "$work/log"; exit 1; }
if ! "$masar" departures --store "$work/s" >/dev/null 2>"$work/log"; then
    grep -q airports "$work/log" && { echo "skipped: there is no file of airports"; exit 77; }
fi
{
    operation new n --from scenarios/niamey-2024/operation --by T &&
        operation import n lines "$work/t/requirement.csv" --by T &&
        operation import n claims "$work/t/claims.csv" --by T &&
        for unit in t st; do
            operation claim n "TONS-$unit" text=tons by=AFP published=2024-07-08 event=total_moved place=DRRN low=1593 high=1593 unit=$unit \
                as_of=2024-07-08T12:00:00Z --by T || exit 1
        done &&
        operation new a --from scenarios/afghanistan-2021/operation --by T
} >/dev/null || exit 1
operation show n --at 2024-07-13T12:00:00Z --format json >"$work/n.json" || exit 1
operation show a --format json >"$work/a.json" || exit 1
for lang in ar fr; do
    operation statement n --at 2024-07-13T12:00:00Z --lang $lang --out "$work/$lang.html" >/dev/null || exit 1
done
python3 - "$work/n.json" "$work/a.json" "$work" <<'P'
import json, re, sys
n, a = ({c["claim"]["key"]: c for c in json.load(open(f))["claims"]} for f in sys.argv[1:3])
failed = 0

def check(what, ok, seen):
    global failed
    print(f"{'ok' if ok else 'NOT OK'} - {what}" + ("" if ok else f": {json.dumps(seen, ensure_ascii=False)}"))
    failed += not ok

def stands(what, claim, *verdicts):
    said = claim["sentence"]
    check(f"{what}: {' or '.join(verdicts)}", claim["verdict"] in verdicts, claim)
    check(f"{what}: why, in three languages", len({said[l] for l in ("en", "ar", "fr")}) == 3, said)
    return claim["arithmetic"]

stands("7 June, the first C-17 leaves", n["C2"], "supported")
check("that is RCH103, at its minute", [(f["callsign"], f["t"][:13]) for f in n["C2"]["flights"]] == [("RCH103", "2024-06-07T17")], n["C2"]["flights"])
stands("the last two leave at 23:05Z", n["C9"], "supported", "cannot_tell")
check("both are named, of the night of 7 July", {f["hex"] for f in n["C9"]["flights"]} == {"aefc10", "aefc12"}
      and all(f["t"].startswith("2024-07-07T2") for f in n["C9"]["flights"]), n["C9"]["flights"])
stands("the last departure was planned for 22:00Z", n["C8"], "cannot_tell", "contradicted")
check("22:00Z and 23:05Z stand side by side", "C9" in n["C8"]["conflicts"] and "C8" in n["C9"]["conflicts"], [n["C8"]["conflicts"], n["C9"]["conflicts"]])
for key, low_t, high_t, loads in (("C12", 1445.1, 1593, (19, 21)), ("TONS-t", 1593, 1593, (21, 21)), ("TONS-st", 1445.1, 1445.1, (19, 19))):
    sums = stands(f"1,593 {n[key]['claim']['unit']} have left", n[key], "consistent")
    check("it comes to so much", abs(sums["claimed_low_t"] - low_t) < 0.1 and abs(sums["claimed_high_t"] - high_t) < 0.1, sums)
    check("and to so many full loads", (sums["loads_at_max"], sums["loads_at_max_high"]) == loads, sums)
    check("what was offered stands beside it", 0 < sums["offered_low_t"] < sums["offered_plan_t"] < sums["offered_max_t"] > high_t, sums)
for key, other, people in (("C10", "C11", 766), ("C11", "C10", 776)):
    sums = stands(f"{people} people have left", n[key], "cannot_tell")
    check(f"{people} stands beside the other figure", n[key]["conflicts"] == [other], n[key]["conflicts"])
    check("over how many flights", 1 <= sums["departures_low"] <= sums["departures"] <= sums["departures_high"], sums)
    each = re.search(r"it is ([0-9.]+) each", n[key]["sentence"]["en"])
    check("and how many each", each and abs(float(each[1]) - people / sums["departures"]) < 0.1, n[key]["sentence"]["en"])
for key in ("C1", "C3", "C4", "C5", "C6", "C7"):
    stands(n[key]["claim"]["text"], n[key], "cannot_tell")
for language in ("ar", "fr"):
    check(f"in {language} too, with its figure", "766" in n["C10"]["claim"]["text_" + language], n["C10"]["claim"])
    page = open(f"{sys.argv[3]}/{language}.html").read()
    check(f"the statement says it in {language}, as a translation",
          n["C10"]["claim"]["text_" + language] + "</bdi> " + {"ar": "(مترجم)", "fr": "(traduit)"}[language] in page, language)
check("what is said later is not known yet", not {"C13", "C14", "C15"} & n.keys(), sorted(n))

for key, loads in (("A1", 104), ("A2", 115), ("A3", 160), ("A4", 500)):
    sums = stands(f"Afghanistan, {loads} equivalent loads", a[key], "cannot_tell")
    check("bounds: what so many lift", sums["offered_max_t"] == loads * 77.5 and 0 < sums["offered_low_t"] < sums["offered_max_t"], sums)
sums = stands("Kabul, 124,334 people", a["K1"], "cannot_tell")
check("bounds: full aircraft", 0 < sums["loads_at_max"] < sums["loads_at_plan"], sums)
sums = stands("Kabul, 778 flights", a["K2"], "cannot_tell")
check("bounds: what so many lift", 0 < sums["offered_low_t"] < sums["offered_max_t"], sums)
sys.exit(failed > 0)
P
