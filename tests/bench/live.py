#!/usr/bin/env python3
"""A fleet that is alive, into `masar serve` with history, ledger and a watch: tests/bench/live.py MASAR [AIRCRAFT] [SECONDS] [WATCHES]

Every aircraft sends its position and speed every five seconds (BaseStation lines, times as of now), and its call sign every
minute; a sixth of them climb and descend. Prints `name value`: processor time of the whole program by the second, memory, and
what was kept and lost. The ledger looks at points two minutes after they came: run it for five minutes at least.
"""
import math
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request

EVERY_S = 5
STEP_DEG = 230.0 * EVERY_S / 111120
PORT = 18931


class Plane:
    def __init__(self, r, number):
        self.hex = f"{0x400000 + number:06X}"
        self.call = f"TST{number % 10000}"
        self.lat = math.degrees(math.asin(r.random() * 1.5 - 0.6)) * 0.7
        self.lon = r.random() * 360 - 180
        self.track = r.random() * 360
        self.low = number % 6 == 0
        self.alt = 4000 + r.randrange(20000) if self.low else 28000 + r.randrange(12) * 1000
        self.turn()

    def turn(self):
        self.north = STEP_DEG * math.cos(math.radians(self.track))
        self.east = STEP_DEG * math.sin(math.radians(self.track))

    def lines(self, at, says_name):
        self.lat += self.north
        self.lon += self.east / math.cos(math.radians(self.lat))
        self.lon = (self.lon + 180) % 360 - 180
        if abs(self.lat) > 70:
            self.track = (self.track + 180) % 360
            self.turn()
        if self.low:
            self.alt = self.alt - 100 if self.alt > 3000 else 24000
        rate = -1200 if self.low else 0
        out = [f"MSG,3,1,1,{self.hex},1,{at},{at},,{self.alt},,,{self.lat:.5f},{self.lon:.5f},,,0,0,0,0\n",
               f"MSG,4,1,1,{self.hex},1,{at},{at},,,447,{self.track:.0f},,,{rate},,0,0,0,0\n"]
        if says_name:
            out.append(f"MSG,1,1,1,{self.hex},1,{at},{at},{self.call},,,,,,,,0,0,0,0\n")
        return "".join(out)


def feed(planes, seconds, out):
    start = int(time.time())
    for s in range(seconds):
        time.sleep(max(0, start + s - time.time()))
        at = time.strftime("%Y/%m/%d,%H:%M:%S.500", time.gmtime(start + s))
        out.write("".join(p.lines(at, s // EVERY_S % 12 == 0) for p in planes[s % EVERY_S::EVERY_S]).encode())
        out.flush()
        yield s


def used(pid):
    with open(f"/proc/{pid}/stat") as f:
        word = f.read().rsplit(")", 1)[1].split()
    tick = os.sysconf("SC_CLK_TCK")
    return (int(word[11]) + int(word[12])) / tick, int(word[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def rules(n):
    """Of several sorts; most match some of the fleet now and then."""
    sorts = [lambda k: f"altitude < {3100 + 10 * k} and callsign TST{k % 10}*",
             lambda k: f"hex {0x400000 + 37 * k:06x}",
             lambda k: f"altitude > {28000 + 100 * (k % 120)} and callsign TST{k:02d}*",
             lambda k: f"in circle={k % 60},{3 * k % 180},90km and altitude < 30000"]
    return [sorts[k % len(sorts)](k) for k in range(n)]


def main():
    masar = sys.argv[1]
    aircraft = int(sys.argv[2]) if len(sys.argv) > 2 else 60000
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 420
    watches = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    r = random.Random(7)
    planes = [Plane(r, i) for i in range(aircraft)]
    with tempfile.TemporaryDirectory() as store:
        for k, rule in enumerate(rules(watches)):
            subprocess.run([masar, "watch", "add", "--store", store, "--name", f"rule {k}", "--rule", rule],
                           stdout=subprocess.DEVNULL, check=True)
        serve = subprocess.Popen([masar, "serve", "--in", "sbs:file=-", "--store", store, "--http", f"127.0.0.1:{PORT}"],
                                 stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        before, worst, minute = 0.0, 0.0, 0
        for s in feed(planes, seconds, serve.stdin):
            if s // 60 > minute:
                minute = s // 60
                cpu, _ = used(serve.pid)
                worst, before = max(worst, (cpu - before) / 60), cpu
        cpu, mb = used(serve.pid)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        metrics = opener.open(f"http://127.0.0.1:{PORT}/metrics").read().decode()
        print(f"live_aircraft {aircraft}\nlive_core_pct {100 * cpu / seconds:.1f}\nlive_core_worst_minute_pct {100 * worst:.1f}")
        print(f"live_memory_mb {mb:.0f}")
        for name in ("masar_aircraft", "masar_history_kept_total", "masar_history_thinned_total", "masar_history_lost_total"):
            print(name, next((line.split()[-1] for line in metrics.splitlines() if line.startswith(name + " ")), "-"))
        serve.terminate()
        serve.wait()


main()
