"""A day's outage of receivers over kills, for tests/e2e/watch_outage.sh: watch_outage.py MASAR FOLDER KILLS [SEED]

The clock is the feed's own: lines of BaseStation that say when they are of, ten seconds of the day a step. It stands still while masar
is not there. An aircraft goes on sending until it was heard for long enough over one connection that its positions are safe: so each has
to be told, whenever masar was killed.
"""
import calendar
import http.server
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request

masar, folder, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 and sys.argv[4] else random.randrange(1 << 30)
chance = random.Random(seed)
store = folder + "/store"
STEP_S, DAY_STEPS, EVERY, SAFE_S = 10, 8640, 72, 1.5
DAY_REAL_S = max(6, 1.5 * kills)
FROM = calendar.timegm((2024, 6, 7, 0, 0, 0))
LOST = 9  # of so many messages the answer to one is lost: it is sent again


def free_port():
    while True:
        port = random.randrange(10000, 32000)  # below those the system hands out: free again after a kill
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


class Receiver:
    """Down until back() is called, in the manner of its mode; keeps what it took, each id once, in order."""

    def __init__(self, name, mode):
        self.name, self.mode, self.port = name, mode, free_port()
        self.took, self.at, self.again, self.asked = {}, {}, 0, 0
        self.lock, self.up, self.server = threading.Lock(), threading.Event(), None
        if mode == "well":
            self.up.set()
        if mode != "refuses":
            self.listen()

    def listen(self):
        receiver = self

        class Hook(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                receiver.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        self.server = Server(("127.0.0.1", self.port), Hook)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def answer(self, request, body):
        status = 204
        with self.lock:
            self.asked += 1
        if not self.up.is_set():
            if self.mode == "hangs":
                self.up.wait()  # ... and then breaks off
                request.close_connection = True
                return
            status = 500
        else:
            key = request.headers["webhook-id"]
            with self.lock:
                self.again += key in self.took
                lost = key not in self.took and len(self.took) % LOST == LOST - 1
                if key not in self.took:
                    self.took[key], self.at[key] = json.loads(body), time.time()
            if lost:
                request.close_connection = True
                request.connection.shutdown(socket.SHUT_RDWR)
                return
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def back(self):
        self.up.set()
        if not self.server:
            self.listen()


class Feed(threading.Thread):
    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.step, self.flying, self.told, self.ends = port, 0, {}, [], False
        self.connection, self.since = None, 0.0

    def lines(self):
        """What is heard in this step. An aircraft: the step it came in."""
        k = self.step // EVERY
        if self.step % EVERY == 0 and self.step < DAY_STEPS and k not in self.told[-1:]:
            self.flying[k] = time.time()
            self.told.append(k)
        t = FROM + self.step * STEP_S
        stamp = time.strftime("%Y/%m/%d,%H:%M:%S.000", time.gmtime(t))
        out = []
        for k in self.flying:
            age = self.step - k * EVERY
            squawk = "7700" if k % 5 == 0 else "1000"
            out.append(f"MSG,3,1,1,{0x060000 + k:06X},1,{stamp},{stamp},T{k},31000,,,{13.0 + k % 7 / 10 + age * 1e-3:.5f},{2.0 + k % 11 / 20:.5f},"
                       f",{squawk},0,0,0,0\r\n")
            out.append(f"MSG,6,1,1,{0x060000 + k:06X},1,{stamp},{stamp},T{k},31000,,,,,,{squawk},0,0,0,0\r\n")
        return "".join(out).encode()

    def land(self):
        """Those leave that were heard for long enough over one connection."""
        now = time.time()
        for k in [k for k, came in self.flying.items() if now - max(came, self.since) > SAFE_S]:
            del self.flying[k]

    def run(self):
        while not self.ends:
            try:
                if not self.connection:
                    self.connection = socket.create_connection(("127.0.0.1", self.port))
                    self.since = time.time()
                data = self.lines()
                if data:
                    self.connection.sendall(data)
                self.step += 1
                self.land()
                time.sleep(DAY_REAL_S / DAY_STEPS if self.step < DAY_STEPS else 0.01)
            except OSError:
                self.connection = None
                time.sleep(0.02)

    def reset(self):
        """masar was killed."""
        if self.connection:
            try:
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Masar:
    def __init__(self, feed_port):
        self.feed_port, self.http, self.process = feed_port, free_port(), None
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def start(self):
        with open(folder + "/log", "a") as log:
            self.process = subprocess.Popen(
                [masar, "serve", "--in", f"sbs:listen=127.0.0.1:{self.feed_port},clock=feed", "--store", store,
                 "--http", f"127.0.0.1:{self.http}", "--token-file", folder + "/token"], stderr=log)
        for _ in range(300):
            try:
                self.opener.open(f"http://127.0.0.1:{self.http}/healthz", timeout=5).read()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("FAILED: it does not start: " + open(folder + "/log").read()[-2000:])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.terminate()
        self.process.wait(60)


def watch(*words):
    subprocess.run([masar, "watch", *words, "--store", store], check=True, stdout=subprocess.DEVNULL)


def wait_for(what, seconds):
    until = time.time() + seconds
    while not what() and time.time() < until:
        time.sleep(0.05)
    return what()


def check(receivers, feed):
    book = sqlite3.connect(store + "/watch.sqlite")
    told = list(book.execute("SELECT id, watch_name, address, tell, told_ms FROM alert ORDER BY id"))
    for name, expected in (("near", feed.told), ("emergency", [k for k in feed.told if k % 5 == 0])):
        of = sorted(a - 0x060000 for _, n, a, tell, _ in told if n == name and tell == 0)
        lost, twice = sorted(set(expected) - set(of)), sorted({k for k in of if of.count(k) > 1})
        assert of == expected, f"{name}: {len(of)} told of {len(expected)}; not told {lost}, told twice {twice}"
    for r in receivers:
        got = [m["number"] for m in r.took.values()]
        assert sorted(got) == [row[0] for row in told], f"{r.name}: {len(got)} of {len(told)}"
        assert got == sorted(got), f"{r.name}: not in order"
        print(f"{r.mode:7} {len(got)} alerts, each once and in order; asked {r.asked} times, {r.again} sent again and known by their id")
    assert not list(book.execute("SELECT * FROM delivery")), "something waits still"
    first, told_ms = receivers[0], {row[0]: row[4] for row in told}
    late = sorted(first.at[key] - told_ms[m["number"]] / 1e3 for key, m in first.took.items())
    print(f"meanwhile to the one that was well: half of them within {late[len(late) // 2]:.3f} s, the last after {late[-1]:.1f} s and a kill")
    return told


def main():
    os.mkdir(store)
    feed_port = free_port()
    receivers = [Receiver("well", "well"), Receiver("refuser", "refuses"), Receiver("hanger", "hangs"), Receiver("failer", "fails")]
    for r in receivers:
        watch("receiver", r.name, "webhook", f"http://127.0.0.1:{r.port}/hook", "--allow-local")
    names = ",".join(r.name for r in receivers)
    watch("add", "--name", "near", "--rule", "near DRRN 300 km again after 24 h", "--to", names)
    watch("add", "--name", "emergency", "--rule", "squawk 7700 again after 24 h", "--to", names)
    server, feed = Masar(feed_port), Feed(feed_port)
    began = time.time()
    server.start()
    feed.start()
    for n in range(kills):
        due = (n + chance.random()) * DAY_STEPS / kills
        wait_for(lambda: feed.step >= due, 60)
        server.kill()
        feed.reset()
        server.start()
    assert wait_for(lambda: feed.step >= DAY_STEPS, 120), f"the day does not pass: step {feed.step}"
    took = time.time() - began
    down = [r for r in receivers if r.mode != "well"]
    assert not any(r.took for r in down) and all(r.asked for r in down[1:]), "they were not down, or not asked"
    for r in down:
        r.back()
    expected = len(feed.told) + len([k for k in feed.told if k % 5 == 0])
    for n in range(max(1, kills // 15)):  # and while they catch up
        part = expected * (n + 1) // (max(1, kills // 15) + 1)
        wait_for(lambda: len(receivers[2].took) >= part, 30)
        server.kill()
        feed.reset()
        server.start()
    wait_for(lambda: all(len(r.took) >= expected for r in receivers) and not feed.flying, 60)
    feed.ends = True
    feed.join()
    time.sleep(1)  # what was taken last is noted
    server.end()
    told = check(receivers, feed)
    print(f"{len(told)} alerts, masar killed {kills} times in a day of {took:.0f} s and {max(1, kills // 15)} times after it")


try:
    main()
except BaseException:
    print(f"MASAR_KILLS={kills} MASAR_SEED={seed}")
    if os.path.exists(folder + "/log"):
        print(open(folder + "/log").read()[-2000:])
    raise
