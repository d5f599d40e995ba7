#!/bin/bash
# A public network instead of an antenna: masar polls a stand-in that answers like adsb.lol, is limited (429), fails (500),
# shows a login page, and answers at last. The aircraft must be on the map's list and every bad answer in /metrics.
set -u
masar=$1
work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT
command -v python3 >/dev/null || { echo "skipped: python3 plays the network and is not here"; exit 77; }
command -v curl >/dev/null || { echo "skipped: curl reads the answers and is not here"; exit 77; }

cat >"$work/network.py" <<'PY'
import http.server, json, sys, time

class Network(http.server.BaseHTTPRequestHandler):
    asked = 0
    def answer(self, status, body, **headers):
        body = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        Network.asked += 1
        if self.path != "/v2/point/13.5/2.2/250" or self.headers.get("api-auth") != "s3cret":
            self.answer(404, "not found")
        elif Network.asked == 1:
            self.answer(429, "slow down", Retry_After="1")
        elif Network.asked == 2:
            self.answer(500, "oops")
        elif Network.asked == 3:
            self.answer(200, "<!DOCTYPE html><html><body>log in</body></html>")
        else:
            plane = {"hex": "ae1234", "flight": "RCH123  ", "lat": 13.4815, "lon": 2.1836, "alt_baro": 31000,
                     "gs": 430.5, "track": 90.0, "seen": 0.3, "seen_pos": 0.6, "type": "adsb_icao"}
            self.answer(200, json.dumps({"ac": [plane], "msg": "No error", "now": int(time.time() * 1000), "total": 1,
                                         "ctime": 0, "ptime": 0}))
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Network)
print(server.server_address[1], flush=True)
server.serve_forever()
PY
python3 "$work/network.py" >"$work/port" &
pids+=($!)
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
network=$(cat "$work/port")
http=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo s3cret >"$work/key"
env -u http_proxy -u all_proxy "$masar" serve --http "127.0.0.1:$http" \
    --in "adsblol:point=13.5/2.2/250,url=http://127.0.0.1:$network,every=1,key-file=$work/key" 2>"$work/log" &
pids+=($!)
get() { curl --noproxy '*' -sf "http://127.0.0.1:$http$1"; }
for _ in $(seq 200); do
    get /data/aircraft.json >"$work/aircraft" && grep -q ae1234 "$work/aircraft" && break
    sleep 0.1
done
get /metrics >"$work/metrics"
failed=0
python3 - "$work/aircraft" <<'PY' || failed=1
import json, sys
found = [a for a in json.load(open(sys.argv[1]))["aircraft"] if a["hex"] == "ae1234"]
assert len(found) == 1, "no ae1234"
a = found[0]
assert abs(a["lat"] - 13.4815) < 1e-5 and abs(a["lon"] - 2.1836) < 1e-5, a
assert a["flight"].strip() == "RCH123" and a["alt_baro"] == 31000, a
assert 0 <= a["seen_pos"] < 10, a
PY
for row in api_limited_total api_errors_total api_bad_answer_total; do
    grep -q "^masar_$row 1\$" "$work/metrics" || { echo "$row is not 1: $(grep "^masar_$row" "$work/metrics")"; failed=1; }
done
[ $failed = 0 ] || { cat "$work/log"; head -c 1000 "$work/aircraft"; }
exit $failed
