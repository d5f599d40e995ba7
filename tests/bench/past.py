#!/usr/bin/env python3
"""past.py MASAR STORE [CLIENTS [SPEED [SECONDS]]]: how long a seek takes and how many pictures of the past arrive when they are due.

Starts `masar serve` on STORE, seeks to random instants of the middle half of its history, then lets CLIENTS play from random instants at
SPEED times real time, four pictures a second each; a further client watches the live picture meanwhile. Only the standard library."""
import base64, json, os, random, socket, struct, subprocess, sys, tempfile, threading, time


class Client:
    def __init__(self, port):
        self.s = socket.create_connection(("127.0.0.1", port))
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.s.sendall((f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
                        f"{base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n\r\n").encode())
        self.f = self.s.makefile("rb")
        while self.f.readline() not in (b"\r\n", b""):
            pass

    def say(self, o):
        b, mask = json.dumps(o).encode(), os.urandom(4)
        head = bytes([0x81, 0x80 | len(b)]) if len(b) < 126 else bytes([0x81, 0xfe]) + struct.pack(">H", len(b))
        self.s.sendall(head + mask + bytes(c ^ mask[i % 4] for i, c in enumerate(b)))

    def hear(self):
        """(is it text, its bytes)"""
        whole, kind = b"", None
        while True:
            a, n = self.f.read(2)
            n &= 127
            n = struct.unpack(">H", self.f.read(2))[0] if n == 126 else struct.unpack(">Q", self.f.read(8))[0] if n == 127 else n
            whole += self.f.read(n)
            kind = a & 15 or kind
            if a & 0x80:
                if kind in (1, 2):
                    return kind == 1, whole
                whole, kind = b"", None

    def told(self, kind):
        while True:
            is_text, b = self.hear()
            if is_text and json.loads(b)["type"] == kind:
                return json.loads(b)

    def picture(self):
        while self.hear()[0]:
            pass


def percentile(v, share):
    return sorted(v)[min(len(v) - 1, int(len(v) * share))]


def seeks(port, span, rng, n):
    c, took = Client(port), []
    for i in range(n):
        at = rng.uniform(span[0] + (span[1] - span[0]) / 4, span[1] - (span[1] - span[0]) / 4)
        begin = time.monotonic()
        c.say({"type": "past", "at": at, "speed": 0, "id": i})
        while c.told("past")["id"] != i:
            pass
        c.picture()
        took.append(time.monotonic() - begin)
    c.s.close()
    return took


def play(port, at, speed, seconds, out):
    c = Client(port)
    c.say({"type": "past", "at": at, "speed": speed, "id": 1})
    c.told("past")
    c.picture()
    begin, gaps, last = time.monotonic(), [], time.monotonic()
    while last - begin < seconds:
        c.picture()
        now = time.monotonic()
        gaps.append(now - last)
        last = now
    out.append(gaps)
    c.s.close()


def watch(port, stop, out):
    c, last = Client(port), None
    while not stop.is_set():
        try:
            c.picture()
        except ValueError:
            break  # the server has gone
        now = time.monotonic()
        if last:
            out.append(now - last)
        last = now


def used(pid):
    """Processor time, s."""
    with open(f"/proc/{pid}/stat") as f:
        return sum(int(v) for v in f.read().split()[13:15]) / os.sysconf("SC_CLK_TCK")


def main():
    masar, store = sys.argv[1:3]
    given = [float(v) for v in sys.argv[3:]]
    clients, speed, seconds = given + [8, 60, 10][len(given):]
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with tempfile.TemporaryDirectory() as work:
        p = subprocess.Popen([masar, "serve", "--store", store, "--http", f"127.0.0.1:{port}", "--token-file", work + "/token"],
                             stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            c = Client(port)
            c.say({"type": "past", "at": 0, "speed": 0, "id": 0})
            told = c.told("past")
            c.s.close()
            span, rng = (told["first"], told["last"]), random.Random(1)
            before = used(p.pid)
            took = seeks(port, span, rng, 20)
            print(f"seek: the first {took[0] * 1000:.0f} ms, median {percentile(took, .5) * 1000:.0f} ms, longest {max(took) * 1000:.0f} ms, of {len(took)}; "
                  f"{(used(p.pid) - before) / len(took) * 1000:.0f} ms of processor time each")
            stop, live, gaps = threading.Event(), [], []
            watcher = threading.Thread(target=watch, args=(port, stop, live), daemon=True)
            watcher.start()
            before = used(p.pid)
            reach = speed * (seconds + 5)
            players = [threading.Thread(target=play, args=(port, rng.uniform(span[0], max(span[0], span[1] - reach)), speed, seconds, gaps))
                       for _ in range(int(clients))]
            for t in players:
                t.start()
            for t in players:
                t.join()
            after = used(p.pid)
            stop.set()
            all_gaps = [g for v in gaps for g in v]
            due = int(clients * seconds * 4)
            rss = [line.split()[1] for line in open(f"/proc/{p.pid}/status") if line.startswith("VmHWM")][0]
            print(f"playing: {clients:.0f} clients at {speed:g}x, {seconds:g} s: {len(all_gaps)} of {due} pictures, longest gap "
                  f"{max(all_gaps) * 1000:.0f} ms, 99 % within {percentile(all_gaps, .99) * 1000:.0f} ms")
            print(f"live meanwhile: longest gap {max(live, default=0) * 1000:.0f} ms; server {after - before:.1f} s of processor time, "
                  f"at most {int(rss) / 1000:.0f} MB")
        finally:
            p.terminate()
            p.wait()


main()
