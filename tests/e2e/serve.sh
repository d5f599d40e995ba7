#!/bin/bash
# The server as a process: up at once, sentences where it cannot start, and clients that dawdle, never
# read, or come in hundreds do not disturb the others.
command -v python3 >/dev/null || { echo "python3 is not here"; exit 77; }
PYTHONPATH=$(dirname "$0") exec python3 -u - "$1" <<'PY'
import os
import stat
import subprocess
import sys
import time

from serve import Listener, Masar, records

program = sys.argv[1]
plain = not os.environ.get("MASAR_SANITIZE")


def check(holds, sentence):
    print(("ok: " if holds else "FAILED: ") + sentence)
    if not holds:
        sys.exit(1)


times = []
for _ in range(5):
    m = Masar(program)
    times.append(m.to_health_ms)
    m.stop()
check(min(times) <= 100 or not plain, f"exec to 200 on /healthz {min(times):.1f} ms")

m = Masar(program)
check(stat.S_IMODE(os.stat(m.token_file).st_mode) == 0o600, "the token file is its owner's alone")

second = subprocess.run([program, "serve", "--in", "beast:listen=127.0.0.1:0", "--http", f"127.0.0.1:{m.http}",
                         "--token-file", m.token_file], capture_output=True, timeout=20)
check(second.returncode == 1 and str(m.http).encode() in second.stderr, f"a port in use: {second.stderr.decode().strip()}")

quick = Listener(m)
stuck = Listener(m)  # never reads
slow = m.connect()   # a request that is never finished
slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
begun = time.monotonic()
crowd = [m.connect() for _ in range(300)]
time.sleep(0.5)
for c in crowd:
    c.close()
time.sleep(0.5)
check(m.metric("masar_connections_refused_total") >= 40, "connections over the limit are refused and counted")
check(m.health()["status"] == "ok", "the others are served")
slow.settimeout(40)
try:
    while slow.recv(4096):
        pass
except ConnectionError:
    pass
check(5 < time.monotonic() - begun < 35, f"an unfinished request is closed after {time.monotonic() - begun:.0f} s")

deltas = 0
while deltas < 3:
    opcode, payload, _ = quick.next()
    if opcode == 2:
        deltas += records(payload)[0]
check(True, "the live picture goes on")
m.stop()
check(True, "it ends when asked, with listeners connected")
PY
