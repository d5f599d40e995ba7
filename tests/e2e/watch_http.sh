#!/usr/bin/env bash
# Watches over HTTP on the first days of a simulated operation: made, changed, muted, ended and removed; a slip is named with its
# place; what a rule would have told; receivers that are only named; flights that are expected; nothing without the token.
set -u
masar=$1
for program in curl python3; do
    command -v $program >/dev/null || { echo "skipped: $program is not here"; exit 77; }
done
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || { kill $pid; wait $pid; } 2>/dev/null; rm -rf "$work"' EXIT
mkdir -p "$work/empty"
if ! "$masar" watch check military >"$work/out" 2>&1; then
    grep -q 'no file of airports' "$work/out" && { echo "skipped: there are no airports: script/setup makes them"; exit 77; }
    cat "$work/out"; exit 1
fi
"$masar" simulate scenarios/niamey-2024 --hours 84 --traffic 0 --rate 0.125 --store "$work/s" --truth "$work/t" 2>"$work/log" ||
    { cat "$work/log"; exit 1; }
free_port() { python3 -c 'import random, socket
while True:
    s, port = socket.socket(), random.randrange(10000, 32000)
    try:
        s.bind(("127.0.0.1", port))
        print(port)
        break
    except OSError:
        pass'; }
port=$(free_port) feed=$(free_port)
"$masar" serve --in "sbs:listen=127.0.0.1:$feed" --store "$work/s" --http "127.0.0.1:$port" --token-file "$work/token" 2>"$work/log" & pid=$!
for _ in $(seq 100); do
    curl --noproxy '*' -s -o /dev/null "http://127.0.0.1:$port/healthz" && break
    sleep 0.1
done
python3 - "$port" "$work/token" <<'END' || { cat "$work/log"; exit 1; }
import json, sys, time, urllib.error, urllib.parse, urllib.request
base, token = f"http://127.0.0.1:{sys.argv[1]}/api/v1", open(sys.argv[2]).read().strip()
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(request):
    for _ in range(20):
        try:
            with opener.open(request, timeout=30) as r:
                return r.status, json.loads(r.read())
        except urllib.error.HTTPError as e:
            if e.code != 429:
                return e.code, json.loads(e.read())["error"]
        time.sleep(0.5)


def get(path, **args):
    return ask(base + path + ("?" + urllib.parse.urlencode(args, quote_via=urllib.parse.quote) if args else ""))


def post(path, body, key=token):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ask(urllib.request.Request(base + path, data, {"Content-Type": "application/json", "Authorization": "Bearer " + key}))


def refused(answer, status, words):
    assert answer[0] == status and words in answer[1], answer


status, all_ = get("/watches")
assert status == 200 and all_["watches"] == [] and all_["watching"]["why"] == "", all_
rule = "lands DRRN"
refused(post("/watches", {"name": "a", "rule": rule}, key="0" * 64), 403, "not the token")
status, made = post("/watches", {"name": "landings", "rule": rule, "language": "fr"})
assert status == 200 and made["watch"]["rule"] == rule and not made["watch"]["muted"], made
number = made["watch"]["id"]
refused(post("/watches", {"name": "landings", "rule": rule}), 409, "already")
refused(post("/watches", {"name": "x", "rule": "military and"}), 400, "line 1, column 13")
refused(post("/watches", {"name": "x", "rul": "military"}), 400, "'rul' is unknown")
refused(post("/watches", {"name": "x", "rule": "military", "to": ["nobody"]}), 400, "no receiver 'nobody'")
refused(post("/watches", {"name": "x,y", "rule": "military"}), 400, "no comma")
refused(post("/watches", {"name": "x", "rule": "military", "expires": "soon"}), 400, "'soon' is no time")
refused(post("/watches", b"[1]"), 400, "one JSON object")
refused(post("/watches", b"x" * 70000), 413, "65,536")

# Receivers: programs and this machine's own services are not for who only has the token.
refused(post("/watches/receivers", {"name": "p", "kind": "command", "target": "/bin/sh"}), 403, "on the machine itself")
refused(post("/watches/receivers", {"name": "h", "kind": "webhook", "target": "gopher://a"}), 400, "no target of a webhook")
status, hook = post("/watches/receivers", {"name": "hook", "kind": "webhook", "target": "https://me:secret@desk.invalid/path/key"})
assert status == 200 and hook["secret"].startswith("whsec_"), hook
status, changed = post(f"/watches/{number}", {"to": ["hook"], "muted": True, "expires": "2031-01-01"})
assert status == 200 and changed["watch"]["muted"] and changed["watch"]["muted_until"] is None, changed
status, all_ = get("/watches")
assert all_["watches"][0]["to"] == ["hook"] and all_["watches"][0]["expires"] == "2031-01-01T00:00:00Z", all_
assert all_["receivers"][0]["target"] == "https://***@desk.invalid/..." and not all_["receivers"][0]["local"], all_
assert "secret" not in json.dumps(all_).replace('"secret":', "")
post(f"/watches/{number}", {"muted": "2031-01-01T00:00:00Z"})
assert get(f"/watches/{number}")[1]["muted_until"] == "2031-01-01T00:00:00Z"
post(f"/watches/{number}", {"muted": False, "expires": None})
one = get(f"/watches/{number}")[1]
assert not one["muted"] and one["muted_until"] is None and one["expires"] is None and one["to"] == ["hook"], one

# Areas as they are drawn, also one larger than a small body.
corners = ",".join(f"{13 + i / 1000:.4f},{2 + i * i / 1e6:.5f}" for i in range(500))
polygon = "polygon=" + corners + ",14,1"
status, said = post("/watches/areas", {"name": "around", "area": polygon})
assert status == 200, said
refused(post("/watches/areas", {"name": "bow", "area": "polygon=0,0,1,1,1,0,0,1"}), 400, "cross")
assert get("/watches/check", rule="in around and military") [1]["good"]
wrong = get("/watches/check", rule="near DRRN and near XXQQ")[1]
assert not wrong["good"] and (wrong["at"], wrong["line"], wrong["column"]) == (19, 1, 20) and "XXQQ" in wrong["why"], wrong
places = get("/watches/check", rule=rule)[1]["places"]
assert places[0]["code"] == "DRRN" and abs(places[0]["lat"] - 13.48) < 0.01, places
assert any(w["word"] == "inbound" and w["sort"] == "event" for w in get("/watches/words")[1]["words"])
status, listed = post("/watches/lists", {"name": "own", "csv": "hex,note\naefc10,one\nbad,x\n06a001,two\n"})
assert (listed["aircraft"], listed["without_address"]) == (2, 1), listed
assert get("/watches/check", rule="list own")[1]["good"]

# What it would have told, as `masar watch test` says.
status, past = get("/watches/test", watch="landings", since="2024-06-07", until="2024-06-11")
assert status == 200 and past["complete"] and past["counts"]["alerts"] == len(past["alerts"]) > 0, past
assert all(a["claim"]["kind"] == "landed" and a["airport"] == "DRRN" and a["p"] > 0 for a in past["alerts"]), past
assert past["places"][0]["heard"], past["places"]
status, agadez = get("/watches/test", rule="orbits near DRZA 60 NM", since="2024-06-07", until="2024-06-11")
assert agadez["alerts"] == [] and not agadez["places"][0]["heard"], agadez
refused(get("/watches/test", rule="landz DRRN"), 400, "line 1, column 1")
refused(get("/watches/test"), 400, "say which")
refused(get("/watches/test", rule="military", since="2024-06-09", until="2024-06-08"), 400, "since is not before until")
refused(get("/watches/test", rule="military", limit="0"), 400, "limit")

# Expected flights.
status, said = post("/expected", {"callsign": "RCH103", "from": "ETAR", "to": "DRRN", "off": "2031-06-07T08:00Z", "on": "2031-06-07T14:00Z", "report_min": 30})
assert said == {"added": 1}, said
csv = "callsign,from,to,off,on\n" + "".join(f"A{i},ETAR,DRRN,2031-06-07T08:00Z,2031-06-07T14:00Z\n" for i in range(200))
assert post("/expected", {"csv": csv})[1] == {"added": 200}
refused(post("/expected", {"csv": csv + "B,ETAR,XXQQ,2031-06-07T08:00Z,2031-06-07T14:00Z\n"}), 400, "line 202, to: 'XXQQ'")
refused(post("/expected", {"callsign": "a,b", "to": "DRRN"}), 400, "cannot be read")
time.sleep(1.5)
flights = get("/expected")[1]["flights"]
assert len(flights) == 201 and flights[0]["report_min"] == 30 and flights[0]["phase"] == "planned", flights[0]
status, said = post(f"/expected/{flights[0]['id']}", {"heard": "2031-06-07T09:00Z"})
assert status == 200 and get("/expected")[1]["flights"][0]["reported"] == "2031-06-07T09:00:00Z", said
assert post(f"/expected/{flights[0]['id']}", {"remove": True})[0] == 200
refused(post(f"/expected/{flights[0]['id']}", {"remove": True}), 404, "no such flight")
refused(post(f"/expected/{flights[1]['id']}", {"heard": 5}), 400, "heard")

log = get("/alerts", notes=1)[1]
assert log == {"alerts": [], "more": False}, log
refused(get("/alerts", watch="nothing"), 404, "there is no watch 'nothing'")
assert post(f"/watches/{number}", {"remove": True})[0] == 200 and get("/watches")[1]["watches"] == []
refused(get(f"/watches/{number}"), 404, "no watch")
print("watches over HTTP: good")
END
for i in $(seq 70); do # a thread each
    "$masar" watch receiver "r$i" webhook "https://desk.invalid/$i" --store "$work/s" >"$work/out" 2>"$work/err" || break
done
grep -q 'there are 64 receivers, no more fit' "$work/err" || { echo "FAILED: receiver $i: $(cat "$work/err")"; exit 1; }
curl --noproxy '*' -s -H "Authorization: Bearer $(cat "$work/token")" -H 'Content-Type: application/json' -d '{"name":"x","kind":"webhook","target":"https://desk.invalid/x"}' \
    "http://127.0.0.1:$port/api/v1/watches/receivers" >"$work/out"
grep -q '"code":"full"' "$work/out" || { echo "FAILED: one more over HTTP: $(cat "$work/out")"; exit 1; }
kill $pid
wait $pid || { echo "FAILED: the daemon ended with $?"; cat "$work/log"; exit 1; }
pid=
