"""What serve.sh and serve_bytes.sh share: masar serve as a child, a client that counts bytes, a feed at
its own pace."""
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Masar:
    """masar serve on loopback, with one Beast input that listens."""

    def __init__(self, program, *more):
        self.folder = tempfile.TemporaryDirectory()
        self.http, self.beast = free_port(), free_port()
        self.token_file = os.path.join(self.folder.name, "token")
        self.started = time.monotonic()
        self.child = subprocess.Popen(
            [program, "serve", "--in", f"beast:listen=127.0.0.1:{self.beast},clock=feed",
             "--http", f"127.0.0.1:{self.http}", "--token-file", self.token_file, *more],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.to_health_ms = self._wait()

    def _wait(self):
        while time.monotonic() - self.started < 20:
            try:
                if self.get("/healthz")[0] == 200:
                    return (time.monotonic() - self.started) * 1000
            except OSError:
                time.sleep(0.0005)
            if self.child.poll() is not None:
                break
        sys.exit(f"masar serve did not come up: {self.child.stdout.read().decode()}")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.http), timeout=20)

    def get(self, path):
        with self.connect() as s:
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            f = s.makefile("rb")
            status = int(f.readline().split()[1])
            length = 0
            for line in iter(f.readline, b"\r\n"):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            return status, f.read(length)

    def health(self):
        return json.loads(self.get("/healthz")[1])

    def metric(self, name):
        for line in self.get("/metrics")[1].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        sys.exit(f"no metric {name}")

    def stop(self):
        self.child.terminate()
        status = self.child.wait(timeout=20)
        if status != 0:
            sys.exit(f"masar serve ended with {status}: {self.child.stdout.read().decode()}")


class Listener:
    """A WebSocket, frame by frame, every byte counted."""

    def __init__(self, masar):
        self.socket = masar.connect()
        self.socket.sendall(
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        self.file = self.socket.makefile("rb", buffering=1 << 20)
        for line in iter(self.file.readline, b"\r\n"):
            if not line:
                sys.exit("the WebSocket was refused")

    def next(self):
        """(opcode, payload, bytes on the wire)"""
        head = self.file.read(2)
        if len(head) < 2:
            sys.exit("the WebSocket was closed")
        n, more = head[1] & 127, 0
        if n >= 126:
            more = 2 if n == 126 else 8
            n = int.from_bytes(self.file.read(more), "big")
        return head[0] & 15, self.file.read(n), 2 + more + n


def records(message):
    """(is a delta, number of records) of a binary message."""
    return message[3] == 1, struct.unpack_from("<I", message, 24)[0]


def play(data, port):
    """Sends a Beast recording at the pace of its 0xe8 marks."""
    marks, i = [], 0
    while (i := data.find(b"\x1a\xe8", i)) >= 0:
        escapes = 0
        while i > escapes and data[i - escapes - 1] == 0x1a:
            escapes += 1
        if escapes % 2 == 0:
            marks.append((i, int.from_bytes(data[i + 2:i + 10], "little")))
            i += 10
        else:
            i += 2
    with socket.create_connection(("127.0.0.1", port)) as s:
        start = time.monotonic()
        for k, (at, ms) in enumerate(marks):
            time.sleep(max(0, (ms - marks[0][1]) / 1000 - (time.monotonic() - start)))
            s.sendall(data[at:marks[k + 1][0] if k + 1 < len(marks) else len(data)])
