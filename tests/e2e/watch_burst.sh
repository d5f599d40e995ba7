#!/usr/bin/env bash
# A thousand alerts at once: each is delivered once and in order to a receiver that breaks off now and then, while a slow one, one that
# redirects and one on a private network that may not be reached hold nobody up; the server answers meanwhile.
set -u
masar=$1
here=$(cd "$(dirname "$0")" && pwd)
for program in curl python3; do
    command -v $program >/dev/null || { echo "skipped: $program is not here"; exit 77; }
done
work=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do kill $p; done 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
if ! "$masar" watch check military >"$work/out" 2>&1; then
    grep -q 'no file of airports' "$work/out" && { echo "skipped: there are no airports: script/setup makes them"; exit 77; }
    cat "$work/out"; exit 1
fi
free_port() { python3 -c 'import random, socket
while True:
    s, port = socket.socket(), random.randrange(10000, 32000)
    try:
        s.bind(("127.0.0.1", port))
        print(port)
        break
    except OSError:
        pass'; }
port=$(free_port) feed=$(free_port) http=$(free_port) smtp=$(free_port)
secret=whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3 store=$work/store aircraft=1000
mkdir -p "$store"
watch() { "$masar" watch "$@" --store "$store" >/dev/null || { echo "FAILED: watch $*"; exit 1; }; }
python3 "$here/watch_receivers.py" "$http" "$smtp" "$work" "$secret" & pids+=($!)
watch receiver hook webhook "http://127.0.0.1:$http/hook" --secret "$secret" --allow-local
watch receiver slow webhook "http://127.0.0.1:$http/slow" --allow-local
watch receiver redirect webhook "http://127.0.0.1:$http/redirect" --allow-local
watch receiver private webhook "http://10.255.255.1/hook"
watch receiver metadata webhook "http://169.254.169.254/latest/meta-data/"
watch add --name burst --rule 'near DRRN 300 km' --to hook,slow,redirect,private,metadata
"$masar" serve --in "sbs:listen=127.0.0.1:$feed" --store "$store" --http "127.0.0.1:$port" --token-file "$work/token" 2>"$work/log" & pids+=($!)
for _ in $(seq 100); do
    curl --noproxy '*' -s -o /dev/null "http://127.0.0.1:$port/healthz" && break
    sleep 0.1
done
sleep 1.5 # it watches
python3 - "$feed" "$aircraft" <<'END' || exit 1
import socket, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for k in range(4):
    now = time.time()
    stamp = time.strftime("%Y/%m/%d,%H:%M:%S", time.gmtime(now)) + ".%03d" % (now % 1 * 1000)
    s.sendall("".join(f"MSG,3,1,1,{0x060000 + i:06X},1,{stamp},{stamp},,31000,,,{12.5 + i / 600 + k * 1e-4:.5f},{1.5 + i % 37 / 40:.5f},,,0,0,0,0\r\n"
                      for i in range(int(sys.argv[2]))).encode())
    time.sleep(0.3)
s.close()
END
python3 - "$work" "$port" "$aircraft" "$store/watch.sqlite" <<'END' || { cat "$work/log"; exit 1; }
import json, os, sqlite3, sys, time, urllib.request
work, port, n, book = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
opener, start, longest = urllib.request.build_opener(urllib.request.ProxyHandler({})), time.time(), 0
hook = []
while len(hook) < n and time.time() - start < 60:
    asked = time.time()
    opener.open(f"http://127.0.0.1:{port}/healthz", timeout=10).read()
    longest = max(longest, time.time() - asked)
    time.sleep(0.1)
    hook = open(work + "/hook").read().splitlines() if os.path.exists(work + "/hook") else []
took = time.time() - start
hook = [json.loads(line) for line in open(work + "/hook").read().splitlines()]
assert len(hook) == len({m["id"] for m in hook}) == n, f"{len(hook)} of {n} came, {len({m['id'] for m in hook})} different"
db = sqlite3.connect(book)
assert [m["number"] for m in hook] == [r[0] for r in db.execute("SELECT id FROM alert ORDER BY id")], "not in order"
waiting = dict(db.execute("SELECT r.name, count(d.alert) FROM receiver r LEFT JOIN delivery d ON d.receiver=r.id GROUP BY r.id"))
assert all(waiting[r] == n for r in ("slow", "redirect", "private", "metadata")), waiting
assert longest < 2, f"the server answered after {longest:.1f} s"
print(f"{n} alerts delivered in {took:.1f} s, the longest answer of the server meanwhile {1e3 * longest:.0f} ms")
END
