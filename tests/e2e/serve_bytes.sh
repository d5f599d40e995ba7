#!/bin/bash
# Bytes on the wire an aircraft and update: 10,000 aircraft, all moving, one update a second, frame
# headers included. The fleet comes from a tool that is not part of the project.
here=$(cd "$(dirname "$0")" && pwd)
tool=$here/../../../shared/tools/signals/fleet.c
[ -f "$tool" ] || { echo "the fleet tool is not here"; exit 77; }
command -v python3 >/dev/null || { echo "python3 is not here"; exit 77; }
[ -z "$MASAR_SANITIZE" ] || { echo "sanitizers are too slow for real time"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -w -o "$work/fleet" "$tool" -lm && "$work/fleet" -n 10000 -t 20 -f beast -e >"$work/fleet.beast" || exit 1
PYTHONPATH=$here python3 -u - "$1" "$work/fleet.beast" <<'PY'
import sys
import threading
import time

from serve import Listener, Masar, play, records

m = Masar(sys.argv[1])
with open(sys.argv[2], "rb") as f:
    data = f.read()
feed = threading.Thread(target=play, args=(data, m.beast))
feed.start()
while m.health()["with_position"] < 10000:
    time.sleep(0.2)
listener = Listener(m)
total = updates = messages = 0
while feed.is_alive():
    opcode, payload, wire = listener.next()
    if opcode != 2:
        total += wire  # text counts too
        continue
    is_delta, n = records(payload)
    if is_delta and n >= 9990:
        total, updates, messages = total + wire, updates + n, messages + 1
feed.join()
m.stop()
print(f"{total / updates:.3f} bytes an aircraft and update over {messages} updates")
sys.exit(0 if messages >= 10 and total / updates <= 2 else 1)
PY
