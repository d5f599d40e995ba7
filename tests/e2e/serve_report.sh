#!/bin/bash
# A position somebody reports: refused without the token and where it is not well said, else an aircraft on every list, with
# who said so.
masar=$1
command -v curl >/dev/null || { echo "skipped: curl asks and is not here"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: python3 reads the answers and is not here"; exit 77; }
work=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$masar" serve --in beast:listen=127.0.0.1:0 --http "127.0.0.1:$port" --token-file "$work/token" 2>"$work/log" &
pid=$!
trap 'kill $pid 2>/dev/null; wait $pid 2>/dev/null; rm -rf "$work"' EXIT
ask() { curl --noproxy '*' -s -o "$work/answer" -w '%{http_code}' "$@"; }
for _ in $(seq 100); do [ "$(ask "http://127.0.0.1:$port/healthz")" = 200 ] && break; sleep 0.1; done

failed=0
# expect STATUS WORDS REPORT [HEADER]
expect() {
    local status words=$2
    status=$(ask -H 'Content-Type: application/json' ${4:+-H "$4"} -d "$3" "http://127.0.0.1:$port/api/v1/reports")
    if [ "$status" != "$1" ] || ! grep -q "$words" "$work/answer"; then
        echo "FAILED: expected $1 with '$words', got $status: $(cat "$work/answer")"
        failed=1
    else
        echo "ok: $status $(cat "$work/answer")"
    fi
}
now=$(date +%s)
token="Authorization: Bearer $(head -1 "$work/token")"
good="{\"hex\": \"ae1234\", \"lat\": 13.4815, \"lon\": 2.1836, \"t\": $now, \"who\": \"tower log\", \"alt_ft\": 3500, \"note\": \"lights off\"}"
expect 401 'Authorization: Bearer' "$good"
expect 403 'not the token' "$good" 'Authorization: Bearer 00000000000000000000000000000000'
expect 400 'lat must be between' '{"hex": "ae1234", "lat": 113.4, "lon": 2, "t": 0, "who": "x"}' "$token"
expect 400 'who is needed' '{"hex": "ae1234", "lat": 13.4, "lon": 2, "t": 0}' "$token"
expect 202 'ae1234' "$good" "$token"

ask "http://127.0.0.1:$port/api/v1/aircraft/ae1234" >/dev/null
cp "$work/answer" "$work/one"
ask "http://127.0.0.1:$port/data/aircraft.json" >/dev/null
python3 - "$work/one" "$work/answer" <<'PY' || failed=1
import json, sys
a = json.load(open(sys.argv[1]))
p = a["position"]
assert abs(p["lat"] - 13.4815) < 1e-6 and abs(p["lon"] - 2.1836) < 1e-6, p
assert p["origin"] == "position report" and p["receiver_name"] == "tower log", p
assert a["note"]["text"] == "lights off" and a["note"]["who"] == "tower log", a["note"]
altitude = [f for f in a["fields"] if f["key"] == "alt_baro"][0]
assert altitude["value"] == 3500 and altitude["receiver_name"] == "tower log", altitude
listed = [x for x in json.load(open(sys.argv[2]))["aircraft"] if x["hex"] == "ae1234"]
assert len(listed) == 1 and abs(listed[0]["lat"] - 13.4815) < 1e-6, listed
print("ok: on the lists, with who said so")
PY
exit $failed
