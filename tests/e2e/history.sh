#!/bin/bash
# masar serve --store: every accepted position is in history after a graceful stop and after kill -9,
# but for the last second; two writers and a folder that cannot be written end with a sentence; a full
# disk shows in /healthz, and recording resumes.
command -v python3 >/dev/null || { echo "python3 is not here"; exit 77; }
PYTHONPATH=$(dirname "$0") exec python3 -u - "$1" <<'PY'
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

from serve import Masar, free_port

program = sys.argv[1]


def check(holds, sentence):
    print(("ok: " if holds else "FAILED: ") + sentence)
    if not holds:
        sys.exit(1)


def store(what, folder):
    out = subprocess.run([program, "store", what, folder], capture_output=True, text=True, timeout=60)
    return out.returncode, out.stdout + out.stderr


def held(folder):
    rows = dict(line.split(None, 1) for line in store("stats", folder)[1].splitlines() if " " in line)
    return int(rows["positions"]) + int(rows["journal_positions"])


def wait_for(what, seconds=20):
    begun = time.monotonic()
    while not what():
        if time.monotonic() - begun > seconds:
            return False
        time.sleep(0.05)
    return True


folder = tempfile.TemporaryDirectory()
feed = os.path.join(folder.name, "feed.beast")
subprocess.run([program, "simulate", os.path.join(os.environ["PYTHONPATH"], "../../scenarios/niamey-2024"), "--hours", "0.5",
                "--speed", "max", "--out", "beast:file=" + feed], check=True, capture_output=True, timeout=60)
data = open(feed, "rb").read()


def fill(m, part):
    """At once; returns when all of it is tracked and the sync after it is done."""
    with socket.create_connection(("127.0.0.1", m.beast)) as s:
        s.sendall(part)
    was = -1
    while (n := m.metric("masar_frames_in_total")) != was:
        was = n
        time.sleep(0.3)
    time.sleep(1.1)


for thin in ("off", "10,25"):
    kept = os.path.join(folder.name, "kept" + thin)
    m = Masar(program, "--store", kept, "--thin", thin)
    fill(m, data)
    accepted = m.metric("masar_fixes_accepted_total")
    n = {k: m.metric(f"masar_history_{k}_total") for k in ("kept", "thinned", "refused", "lost")}
    check(accepted > 1000 and n["lost"] == 0 and n["refused"] < accepted / 100, f"thin {thin}: {accepted:.0f} accepted, {n}")
    about = m.health()["history"]
    check(about == {"recording": True, "why": "", "lost": 0, "ledger_why": ""}, "healthz says that it records")
    second = subprocess.run([program, "serve", "--in", "beast:listen=127.0.0.1:0", "--http", f"127.0.0.1:{free_port()}", "--store", kept],
                            capture_output=True, text=True, timeout=20)
    check(second.returncode == 1 and "another masar is writing" in second.stderr, second.stderr.strip())
    m.stop()
    check(store("check", kept)[0] == 0, "store check finds nothing")
    if thin == "off":
        check(n["kept"] + n["refused"] == accepted and held(kept) == n["kept"], "every accepted position is in history")
    else:
        check(n["kept"] < accepted / 2 and held(kept) >= n["kept"], f"thinned {n['thinned'] / accepted:.0%}")

kept = os.path.join(folder.name, "killed")
m = Masar(program, "--store", kept, "--thin", "off")
fill(m, data[:len(data) // 2])
n = m.metric("masar_history_kept_total")
m.child.send_signal(signal.SIGKILL)
m.child.wait()
check(store("check", kept)[0] == 0 and held(kept) >= n > 500, f"after kill -9 {held(kept)} of {n:.0f}")

if os.geteuid() != 0:
    closed = os.path.join(folder.name, "closed")
    os.mkdir(closed, 0o500)
    out = subprocess.run([program, "serve", "--in", "beast:listen=127.0.0.1:0", "--http", f"127.0.0.1:{free_port()}", "--store", closed],
                         capture_output=True, text=True, timeout=20)
    check(out.returncode == 1 and closed in out.stderr, out.stderr.strip())

kept = os.path.join(folder.name, "full")
m = Masar(program, "--store", kept, "--thin", "off")
limit = (60000, resource.RLIM_INFINITY)
resource.prlimit(m.child.pid, resource.RLIMIT_FSIZE, limit)
fill(m, data)
check(wait_for(lambda: not m.health()["history"]["recording"]), f"a full disk: {m.health()['status']}, {m.health()['history']}")
check(m.metric("masar_history_recording") == 0, "metrics say so")
resource.prlimit(m.child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
check(wait_for(lambda: m.health()["history"]["recording"] and m.health()["status"] == "ok"), "with room again it records")
check(m.metric("masar_history_lost_total") == 0, "nothing was lost")
accepted = m.metric("masar_fixes_accepted_total")
check(wait_for(lambda: m.metric("masar_history_kept_total") + m.metric("masar_history_refused_total") == accepted), f"of {accepted:.0f} accepted each is kept")
n = m.metric("masar_history_kept_total")
m.stop()
check(held(kept) == n > 1000 and store("check", kept)[0] == 0, f"all {n:.0f} are in history")
PY
