#!/usr/bin/env bash
# The operation board from a simulation of its first days: items and their bad input, flights matched, forecast, statement made again
# to the same bytes in another folder, HTTP, two editors, undo, the listener of what is published.
set -u
masar=$1
command -v curl >/dev/null || { echo "skipped: curl asks and is not here"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 reads the answers and is not here"; exit 77; }
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || { kill $pid; wait $pid; } 2>/dev/null; rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $*"; failed=1; }
refused() { # BEGINNING COMMAND...: it fails, says so, and nothing changed
    local wanted=$1 said before after
    shift
    before=$("$masar" operation log x --store "$work/s" | md5sum)
    said=$("$masar" operation "$@" --store "$work/s" --by T 2>&1 >/dev/null) && complain "taken: $*"
    case $said in *"$wanted"*) ;; *) complain "$*: said '$said'" ;; esac
    after=$("$masar" operation log x --store "$work/s" | md5sum)
    [ "$before" = "$after" ] || complain "half-saved: $*"
}
"$masar" simulate scenarios/niamey-2024 --hours 84 --traffic 0 --rate 0.125 --store "$work/s" --truth "$work/t" --unheard 2>"$work/log" ||
    { cat "$work/log"; exit 1; }
if ! "$masar" departures --store "$work/s" >/dev/null 2>"$work/log"; then
    grep -q airports "$work/log" && { echo "skipped: there is no file of airports"; exit 77; }
fi
"$masar" operation new x --store "$work/s" --from scenarios/niamey-2024/operation --by T >/dev/null || complain "new"
for kind in lines:requirement claims:claims clearances:clearances; do
    "$masar" operation import x ${kind%%:*} "$work/t/${kind##*:}.csv" --store "$work/s" --by T >/dev/null || complain "import $kind"
done

refused "there is an operation of this name" new x --from scenarios/niamey-2024/operation
refused "deadline: it is past" new y name=y purpose=other start=2020-01-01 deadline=2020-02-01 closure=last_arrival
refused "quantity: '-1' is negative" require x N9 what=y quantity=-1 unit=t from=DRRN
refused "unit: 'tons' is no unit" require x N9 what=y quantity=1 unit=tons from=DRRN
refused "text: '<i>' holds markup" claim x C77 "text=<i>" by=y published=2024-06-08 event=other
refused "is approved for the same flights" clear x Z country=NE use=landing state=refused tails=aefc10 callsigns=RCH103 from=2024-06-08 to=2024-06-09
refused "version: line N1 was changed by" require x N1 quantity=421 --version 1
printf 'key,what,quantity,unit,from,color\nN8,x,5,t,DRRN,red\n' >"$work/bad.csv"
refused "line 1, column 6: color: a line has no such field" import x lines "$work/bad.csv"
printf 'key,what,quantity,unit,from\nN8,x,5,t,DRRN\nN9,x,-5,t,DRRN\n' >"$work/bad.csv"
refused "line 3: quantity: '-5' is negative" import x lines "$work/bad.csv"

"$masar" operation require x N1 quantity=421 --store "$work/s" --by T >"$work/out" || complain "require"
change=$(sed 's/change //' "$work/out")
"$masar" operation undo x "$change" --store "$work/s" --by T || complain "undo"
"$masar" operation export x lines --store "$work/s" | grep -q '^N1,sensitive equipment,,,420,t' || complain "undo left another quantity"

"$masar" operation show x --store "$work/s" --at 2024-06-08T12:00:00Z --format json >"$work/board.json" || complain "show"
python3 - "$work/board.json" <<'P' || complain "board"
import json, sys
b = json.load(open(sys.argv[1]))
assert b["simulated"] and b["sums"]["departures"]["listed"] == 1, b["sums"]
c = {c["claim"]["key"]: c for c in b["claims"]}
assert c["C2"]["verdict"] == "supported" and c["C2"]["flights"][0]["callsign"] == "RCH103", c["C2"]
burn = b["burn_down"][0]
assert burn["unit"] == "t" and burn["known_days"] == 2 and len(burn["low"]) == len(burn["high"]) > 100, burn
assert len(burn["if_full_max"]) == 2 and burn["if_full_max"][1] < burn["whole"]
assert b["deadline_local"].endswith("+01:00") and b["days_ahead"][0]["day"] == "2024-06-08"
assert all(d["departures_low"] <= d["departures_high"] for d in b["days"])
niger = next(c for c in b["clearance_countries"] if c["country"] == "NE")
assert niger["rule"]["key"] == "NE" and sum(niger["flights"].values()) > 0, niger
assert [c["at"] for c in b["lapsing"]] == sorted(c["at"] for c in b["lapsing"])
assert all(len(set(b["sentence"])) == 3 for _ in "1") and "C10" not in c
P

# No flights on file: nothing is supported or contradicted, and bounds are told.
"$masar" operation new a --store "$work/s" --from scenarios/afghanistan-2021/operation --by T >/dev/null || complain "new afghanistan"
"$masar" operation new r --store "$work/s" --from scenarios/niamey-2024/relief --by T >/dev/null || complain "new relief"
"$masar" operation show a --store "$work/s" --format json >"$work/a.json" || complain "show afghanistan"
python3 - "$work/a.json" <<'P' || complain "afghanistan"
import json, sys
b = json.load(open(sys.argv[1]))
c = {c["claim"]["key"]: c for c in b["claims"]}
assert len(c) == 6 and all(x["verdict"] == "cannot_tell" for x in c.values())
assert c["K1"]["arithmetic"]["loads_at_max"] == 662 and c["A1"]["arithmetic"]["offered_max_t"] == 8060, c["A1"]["arithmetic"]
assert b["forecast"]["all"]["basis"] == "no_pace"
P

# A plan needs GLPK, which is opened when asked for.
plan() { "$masar" operation plan x --store "$work/s" --at 2024-06-08T12:00:00Z --format json "$@" 2>"$work/why"; }
if plan fleet=C17:9 >"$work/plan.json"; then
    plan fleet=C17:1 hours=2 >"$work/short.json" || complain "short plan"
    python3 - "$work/plan.json" "$work/short.json" <<'P' || complain "plan: $(cat "$work/plan.json" "$work/short.json")"
import json, sys
p, s = (json.load(open(f)) for f in sys.argv[1:])
assert p["fits"] and p["sentence"]["en"].startswith("It fits: ") and len(set(p["sentence"].values())) == 3 and sum(d["departures"] for d in p["days"]) == p["departures"]
assert not s["fits"] and s["binds"] == "aircraft" and s["sentence"]["en"].startswith("It does not fit by 15 September. What stays: "), s["sentence"]
assert p["binds"] in ("", *[l["limit"] for l in p["limits"]]) and p["last_day"] == "2024-09-15" and p["days"][0]["moved"]
assert all(l["stays"] <= l["left"] for l in s["lines"])
P
else
    grep -q libglpk "$work/why" || complain "plan: $(cat "$work/why")"
fi
plan fleet=0 && complain "fleet=0"
grep -q '^masar operation: fleet: ' "$work/why" || complain "fleet=0: $(cat "$work/why")"

for lang in en ar fr; do
    "$masar" operation statement x --store "$work/s" --at 2024-06-08 --lang $lang --out "$work/$lang.html" --by T --publish 2>>"$work/log" ||
        complain "statement $lang"
done
cp -r "$work/s" "$work/elsewhere"
"$masar" operation claim x C78 text=later by=y published=2024-06-07 event=other --store "$work/elsewhere" --by T >/dev/null
for lang in en ar fr; do
    "$masar" operation statement --verify "$work/$lang.html" --store "$work/elsewhere" >/dev/null || complain "verify $lang"
done
# Another desk has the page alone.
"$masar" operation statement x --store "$work/s" --at 2024-06-08 --out "$work/signed.html" --sign "$work/key" --by T 2>>"$work/log" || complain "sign"
"$masar" operation statement --verify "$work/signed.html" | grep -q ', signed by [0-9a-f]\{64\};' || complain "a signed page without a store"
"$masar" operation statement --verify "$work/en.html" | grep -q 'not signed' || complain "a page without a store"
sed 's/RCH103/RCH104/' "$work/signed.html" >"$work/other.html"
"$masar" operation statement --verify "$work/other.html" 2>/dev/null && complain "a changed page passes without a store"
cp "$work/signed.html.sig" "$work/ar.html.sig"
"$masar" operation statement --verify "$work/ar.html" 2>/dev/null && complain "another page's signature passes"
rm "$work/ar.html.sig"
sed 's/RCH103/RCH104/' "$work/en.html" >"$work/false.html"
"$masar" operation statement --verify "$work/false.html" --store "$work/s" 2>/dev/null && complain "a changed page passes"

ports=($(python3 -c 'import socket
s = [socket.socket(), socket.socket()]
[x.bind(("127.0.0.1", 0)) for x in s]
print(*[x.getsockname()[1] for x in s])'))
"$masar" serve --store "$work/s" --http "127.0.0.1:${ports[0]}" --public "127.0.0.1:${ports[1]}" --token-file "$work/token" 2>"$work/log" &
pid=$!
for _ in $(seq 100); do
    curl --noproxy '*' -s -o "$work/out" "http://127.0.0.1:${ports[0]}/healthz" && [ -e "$work/token" ] && break
    sleep 0.1
done
ask() { curl --noproxy '*' -s -o "$work/out" -w '%{http_code}' "$@"; }
inner=http://127.0.0.1:${ports[0]}/api/v1 outer=http://127.0.0.1:${ports[1]}/api/v1
post() { ask -H "Authorization: Bearer $(cat "$work/token")" -H 'Content-Type: application/json' -d "$2" "$inner/operations/x/$1"; }
[ "$(ask "$inner/operations/x?at=2024-06-08T12:00:00Z")" = 200 ] || complain "board over HTTP: $(cat "$work/out")"
[ "$(ask "$inner/operations/x?at=never")" = 400 ] || complain "at=never"
[ "$(ask "$inner/operations/x/heard?at=2024-06-08T12:00:00Z")" = 200 ] || complain "heard over HTTP: $(cat "$work/out")"
"$masar" operation export x heard --store "$work/s" --at 2024-06-08T12:00:00Z | cmp -s - "$work/out" || complain "heard: another answer on the command line"
grep -q '"first_day":"2024-06-07","bases":.*"base":"DRRN","days":\["low",' "$work/out" || complain "an observed departure, and yet nobody listened: $(cat "$work/out")"
code=$(ask "$inner/operations/x/plan?at=2024-06-08T12:00:00Z&fleet=C17:9")
if [ -s "$work/plan.json" ]; then
    [ "$code" = 200 ] && cmp -s "$work/out" "$work/plan.json" || complain "plan over HTTP: $code $(head -c 300 "$work/out")"
    [ "$(ask "$inner/operations/x/plan?at=2024-09-20&fleet=C17:9")" = 400 ] && grep -q 'deadline: no day' "$work/out" || complain "plan after the deadline: $(cat "$work/out")"
fi
[ "$(ask "$inner/operations/x/plan?at=2024-06-08&hours=30")" = 400 ] && grep -q 'hours: ' "$work/out" || complain "hours=30: $(cat "$work/out")"
[ "$(post claims '{"author":"A","key":"C79","fields":{"text":"x","by":"y","published":"2024-06-08","event":"other"}}')" = 200 ] || complain "post"
[ "$(post claims '{"author":"B","key":"C79","version":1,"fields":{"text":"z"}}')" = 409 ] || complain "two editors: $(cat "$work/out")"
[ "$(post claims '{"author":"B","key":"C79","fields":{"text":"z"}}')" = 400 ] || complain "no version: $(cat "$work/out")"
[ "$(post claims '{"author":"B","key":"C80","fields":{"text":"z","low":-4}}')" = 400 ] || complain "negative: $(cat "$work/out")"
[ "$(post claims 'nothing')" = 400 ] || complain "no JSON"
[ "$(ask "$outer/operations/x")" = 200 ] || complain "published board"
grep -q '"sightings"' "$work/out" && complain "sightings are published"
for path in operations/x/log operations/x/plan operations/x/items-claims receivers aircraft; do
    [ "$(ask "$outer/$path")" = 404 ] || complain "the public sees $path"
done
[ "$(ask "http://127.0.0.1:${ports[1]}/healthz")" = 404 ] || complain "the public sees health"
hash=$(sed -n 's/.*<code id="hash">\([0-9a-f]*\).*/\1/p' "$work/ar.html")
[ "$(ask "$outer/statements/$hash")" = 200 ] && cmp -s "$work/out" "$work/ar.html" || complain "statement over HTTP"
"$masar" operation set x published=no --store "$work/s" --by T >/dev/null
[ "$(ask "$outer/operations/x?_=2")" = 404 ] || complain "a withdrawn operation is still shown"
exit $failed
