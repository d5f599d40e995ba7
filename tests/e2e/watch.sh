#!/usr/bin/env bash
# Watches end to end: told from a recording, delivered to a webhook that fails on purpose, an SMTP sink, mosquitto and a program,
# in order, each once, though masar is killed again and again; a dead receiver holds nobody up; what may not be reached is not.
# MASAR_KILLS=50 for the long run.
set -u
masar=$1
kills=${MASAR_KILLS:-4}
here=$(cd "$(dirname "$0")" && pwd)
for program in curl python3; do
    command -v $program >/dev/null || { echo "skipped: $program is not here"; exit 77; }
done
work=$(mktemp -d)
pids=() daemon=
trap '[ -z "$daemon" ] || kill -9 $daemon 2>/dev/null; for p in "${pids[@]}"; do kill $p; done 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $*"; failed=1; }
# Below the ports the system hands out, so that no other test is given one while it is free here for a restart.
free_port() {
    python3 -c 'import random, socket
while True:
    s, port = socket.socket(), random.randrange(10000, 32000)
    try:
        s.bind(("127.0.0.1", port))
        print(port)
        break
    except OSError:
        pass'
}
port=$(free_port) feed=$(free_port) http=$(free_port) smtp=$(free_port) mqtt=$(free_port)
secret=whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3
store=$work/store
watch() { "$masar" watch "$@" --store "$store"; }
mkdir -p "$store"
if ! watch check military >"$work/out" 2>&1; then
    grep -q 'no file of airports' "$work/out" && { echo "skipped: there are no airports: script/setup makes them"; exit 77; }
    cat "$work/out"; exit 1
fi
python3 "$here/watch_receivers.py" "$http" "$smtp" "$work" "$secret" & pids+=($!)
has_mqtt=0
if command -v mosquitto >/dev/null && command -v mosquitto_sub >/dev/null; then
    printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$mqtt" >"$work/mosquitto.conf"
    mosquitto -c "$work/mosquitto.conf" >/dev/null 2>&1 & pids+=($!)
    sleep 0.5
    mosquitto_sub -h 127.0.0.1 -p "$mqtt" -q 2 -c -i reader -t masar/alerts >"$work/mqtt" 2>/dev/null & pids+=($!)
    has_mqtt=1
fi
cat >"$work/program" <<'END'
#!/bin/sh
cat >/dev/null
printf '%s %s\n' "$MASAR_ID" "$MASAR_TEXT" >>"$1"
END
chmod +x "$work/program"

watch receiver hook webhook "http://127.0.0.1:$http/hook" --secret "$secret" --allow-local >/dev/null || complain "receiver"
watch receiver refused webhook "http://localhost:$http/hook" --secret "$secret" >/dev/null || complain "receiver"
watch receiver redirect webhook "http://127.0.0.1:$http/redirect" --allow-local >/dev/null
watch receiver slow webhook "http://127.0.0.1:$http/slow" --allow-local >/dev/null
watch receiver dead webhook "http://127.0.0.1:9/" --allow-local >/dev/null
watch receiver mail mail "smtp://127.0.0.1:$smtp masar@desk.example editor@desk.example,night@desk.example" >/dev/null || complain "mail"
watch receiver broker mqtt "mqtt://127.0.0.1:$mqtt/masar/alerts" >/dev/null || complain "mqtt"
watch receiver program command "$work/program $work/told" >/dev/null || complain "command"
for wrong in "x webhook ftp://a" "x mail smtp://a b" "x mqtt mqtt://a" "x pigeon home" "x command sh" "a/b webhook http://a"; do
    # shellcheck disable=SC2086
    watch receiver $wrong >/dev/null 2>&1 && complain "taken: $wrong"
done
all=hook,refused,redirect,slow,dead,mail,program$([ $has_mqtt = 1 ] && echo ,broker)
watch add --name "حركة فوق نيامي" --rule 'near DRRN 300 km' --language ar --to "$all" >/dev/null || complain "add"
watch add --name squawk --rule 'squawk 7700' --to "$all" --language fr >/dev/null || complain "add"
watch add --name muted --rule 'near DRRN 300 km' --to hook >/dev/null
watch mute muted >/dev/null || complain "mute"
watch add --name bad --rule 'near DRRN 300 km and' >/dev/null 2>"$work/err" && complain "a wrong rule was taken"
grep -q 'line 1, column 21' "$work/err" || complain "no place in: $(cat "$work/err")"

# What is heard: aircraft that appear near Niamey, sent line by line, so that it can go on after a kill.
cat >"$work/feed.py" <<'END'
import socket, sys, time
first, last, port = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
s = socket.create_connection(("127.0.0.1", port))
for i in range(first, last):
    now = time.time()
    if len(sys.argv) > 4:
        print(f"{0x060000 + i:06x} {now:.6f}", file=open(sys.argv[4], "a"))
    t = time.gmtime(now)
    stamp = time.strftime("%Y/%m/%d,%H:%M:%S", t) + ".%03d" % (now % 1 * 1000)
    for k in range(3):
        s.sendall((f"MSG,3,1,1,{0x060000 + i:06X},1,{stamp},{stamp},T{i},31000,,,{13.5 + k * 1e-4:.5f},2.2,,,0,0,0,0\r\n").encode())
        time.sleep(0.02)
        s.sendall((f"MSG,6,1,1,{0x060000 + i:06X},1,{stamp},{stamp},T{i},31000,,,,,,7700,0,0,0,0\r\n").encode() if k == 1 and i % 5 == 0 else b"")
s.close()
END
start() {
    "$masar" serve --in "sbs:listen=127.0.0.1:$feed" --store "$store" --http "127.0.0.1:$port" --token-file "$work/token" 2>>"$work/log" &
    daemon=$!
    for _ in $(seq 100); do
        curl --noproxy '*' -s -o /dev/null "http://127.0.0.1:$port/healthz" && return 0
        sleep 0.1
    done
    complain "it does not start: $(cat "$work/log")"
}
n=0 step=6
touch "$work/down"
start
for k in $(seq "$kills"); do
    python3 "$work/feed.py" $n $((n + step)) "$feed" || complain "the feed"
    n=$((n + step))
    sleep 1.2 # what was told is in the book: a position is safe within a second
    kill -9 $daemon
    wait $daemon 2>/dev/null
    start
done
[ -s "$work/refused" ] || complain "the receiver that was down was not asked"
[ -e "$work/hook" ] && complain "something was delivered while it was down"
rm "$work/down"
count() { [ -e "$1" ] && wc -l <"$1" || echo 0; }
for _ in $(seq 300); do
    [ "$(count "$work/hook")" -ge "$(sqlite3 "$store/watch.sqlite" "SELECT count(*) FROM alert WHERE watch < 3" 2>/dev/null || echo "$n")" ] && break
    sleep 0.2
done

# From a frame to the webhook: the median of five, each from when its first line is sent until the receiver has read the message.
touch "$work/steady"
timed=5
for i in 5001 5002 5003 5004 5006; do
    before=$(count "$work/hook")
    python3 "$work/feed.py" $i $((i + 1)) "$feed" "$work/sent"
    for _ in $(seq 50); do [ "$(count "$work/hook")" -gt "$before" ] && break; sleep 0.1; done
done
sleep 1
# A feed reader's python may be another than the first in the path.
for python in python3 /usr/bin/python3; do "$python" -c 'import feedparser' 2>/dev/null && break; done
command -v "$python" >/dev/null || python=python3
curl --noproxy '*' -s "http://127.0.0.1:$port/api/v1/alerts.atom?limit=500" | "$python" "$here/watch_feed.py" $((n + timed)) || complain "the feed of alerts"
curl --noproxy '*' -s "http://127.0.0.1:$port/api/v1/alerts.atom?watch=squawk&language=ar" | "$python" "$here/watch_feed.py" 1 || complain "the feed of one"
watch log squawk --format atom | "$python" "$here/watch_feed.py" 1 >/dev/null || complain "the feed of the log"
kill $daemon
wait $daemon 2>/dev/null
daemon=

python3 - "$work" "$store/watch.sqlite" "$n" "$timed" "$has_mqtt" <<'END' || complain "what was told"
import base64, json, sqlite3, sys
work, book, n, timed, has_mqtt = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
db = sqlite3.connect(book)
expected = [r for r in db.execute("SELECT id, watch_name FROM alert WHERE watch < 3 ORDER BY id")]
near = [r for r in expected if r[1] != "squawk"]
assert len(expected) - len(near) == len(range(0, n, 5)), f"{len(expected) - len(near)} emergencies were told"
assert len(near) == n + timed, f"{len(near)} aircraft of {n + timed} were told"
hook = [json.loads(line) for line in open(work + "/hook")]
assert [m["number"] for m in hook] == [r[0] for r in expected], "not each once and in order"
assert len({m["id"] for m in hook}) == len(hook)
assert all(m["watch"] in ("حركة فوق نيامي", "squawk") for m in hook)
arabic = next(m for m in hook if m["language"] == "ar")
assert "تُرصد" in arabic["text"] and arabic["alert"]["lat"], arabic
sent = dict(line.split() for line in open(work + "/sent"))
told = {f"{a:06x}": t / 1e3 for a, t in db.execute("SELECT address, told_ms FROM alert WHERE watch=1 AND tell=0")}
stages = sorted((m["at"] - float(sent[m["alert"]["hex"]]), told[m["alert"]["hex"]] - float(sent[m["alert"]["hex"]]))
                for m in hook if m["alert"]["hex"] in sent and m["language"] == "ar")
assert len(stages) == timed, stages
late, weighed = stages[timed // 2]
print(f"from frame to webhook {late:.3f} s, of them {weighed:.3f} until it was told; the longest {stages[-1][0]:.3f} s")
assert late < 1, stages
told = open(work + "/told").read().split("\n")[:-1]
assert [t.split()[0] for t in told] == [m["id"] for m in hook], "the program"
mail = [json.loads(line) for line in open(work + "/mail")]
assert len(mail) == len(hook), f"{len(mail)} mails"
head = [h for h in mail[0] if h.startswith("Subject: ")][0]
text = base64.b64decode("".join(mail[0][mail[0].index("") + 1:])).decode()
assert "=?utf-8?B?" in head and arabic["text"] in text, head
if has_mqtt:
    mqtt = [json.loads(line)["id"] for line in open(work + "/mqtt")]
    assert mqtt == [m["id"] for m in hook], f"mqtt {len(mqtt)}"
waiting = dict(db.execute("SELECT r.name, count(d.alert) FROM receiver r LEFT JOIN delivery d ON d.receiver=r.id GROUP BY r.id"))
assert waiting["hook"] == waiting["mail"] == waiting["program"] == 0, waiting
assert waiting["refused"] == waiting["redirect"] == waiting["slow"] == waiting["dead"] == len(expected), waiting
assert db.execute("SELECT count(*) FROM alert WHERE watch=3").fetchone()[0] == n + timed  # muted: kept, not delivered
doubled = open(work + "/doubled").read().split()  # every fifth answer was lost
assert set(doubled) <= {m["id"] for m in hook}, "sent again with another id"
assert len(set(doubled)) >= len(hook) // 15, f"{len(doubled)} sent again"
print(f"{len(hook)} alerts to each receiver, {len(doubled)} sent again and known by their id")
END
[ -e "$work/bad" ] && complain "signatures: $(cat "$work/bad")"
[ -e "$work/redirected" ] || complain "the redirecting receiver was not asked"
watch log --limit 3 | grep -q 'RCH\|06[0-9a-f]' || complain "log: $(watch log --limit 3)"
watch list | grep -q 'muted until unmuted' || complain "list"
watch remove muted >/dev/null && ! watch list | grep -q '  muted' || complain "remove"
[ $failed = 0 ] || cat "$work/log"
exit $failed
