#!/usr/bin/env bash
# An output's peer that is not there yet is waited for, so that it gets the first frames too.
set -u
masar=$(realpath "$1")
scenario=$(realpath "$(dirname "$0")/../../scenarios/niamey-2024")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0
say() { echo "$1"; bad=1; }

"$masar" simulate "$scenario" --hours 0.01 --speed max --out beast:file=sky.beast 2> log || say "simulate: $(cat log)"
"$masar" replay sky.beast --speed max --out beast:file=whole 2> log || say "replay: $(cat log)"
# A port that is free, and somebody who comes to it after a second.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
python3 - "$port" > heard <<'PY' &
import socket, sys, time
time.sleep(1)
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.settimeout(20)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
peer, _ = server.accept()
while part := peer.recv(65536):
    sys.stdout.buffer.write(part)
PY
"$masar" replay sky.beast --speed max --out beast:connect=127.0.0.1:"$port" 2> log || say "replay: $(cat log)"
wait
frames() { "$masar" decode --in beast:file="$1" --format avr 2> log; }
[ "$(frames whole | wc -l)" -gt 100 ] || say "only $(frames whole | wc -l) frames"
cmp <(frames whole) <(frames heard) || say "a late peer misses frames: $(frames heard | wc -l) of $(frames whole | wc -l)"
exit $bad
