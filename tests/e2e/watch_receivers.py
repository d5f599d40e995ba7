"""A webhook receiver that fails on purpose and an SMTP sink, for tests/e2e/watch.sh and by hand.

    watch_receivers.py HTTP_PORT SMTP_PORT FOLDER SECRET

POST /hook takes messages whose signature is right (Standard Webhooks) and writes each to FOLDER/hook; while FOLDER/down is there
it answers 503, every third message breaks the connection before it is taken, every fifth after: its answer is lost;
with FOLDER/steady none does. /slow waits, /redirect points to /hook. Mail goes to
FOLDER/mail.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import socketserver
import sys
import threading
import time

http_port, smtp_port, folder, secret = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
key = base64.b64decode(secret.split("_", 1)[1])
lock = threading.Lock()
seen, tries = set(), {}


def note(name, text):
    with lock, open(os.path.join(folder, name), "a") as f:
        f.write(text + "\n")


class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/redirect":
            note("redirected", "asked")
            return self.answer(302, Location="/hook")
        if self.path == "/slow":
            time.sleep(60)
            return self.answer(200)
        if os.path.exists(os.path.join(folder, "down")):
            note("refused", "503")
            return self.answer(503)
        name, stamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        mac = base64.b64encode(hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
        if self.headers["webhook-signature"] != "v1," + mac or abs(time.time() - int(stamp)) > 300:
            note("bad", f"{name} {self.headers['webhook-signature']}")
            return self.answer(401)
        steady = os.path.exists(os.path.join(folder, "steady"))
        with lock:
            tries[name] = tries.get(name, 0) + 1
            again = not steady and len(tries) % 3 == 0 and tries[name] == 1
            lost = not steady and len(tries) % 5 == 0 and tries[name] == 1 and not again
            new = name not in seen
            if not again:
                seen.add(name)
        if again:  # taken by nobody: the connection breaks
            self.close_connection = True
            return self.connection.close()
        if new:
            note("hook", json.dumps({"id": name, "at": time.time(), **json.loads(body)}))
        else:
            note("doubled", name)
        if lost:  # taken, but who sent it cannot know
            self.close_connection = True
            return self.connection.close()
        self.answer(204)


class Mail(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write((text + "\r\n").encode())

    def handle(self):
        self.say("220 sink")
        for raw in self.rfile:
            line = raw.decode().strip()
            verb = line[:4].upper()
            if verb == "DATA":
                self.say("354 go on")
                text = []
                for more in self.rfile:
                    if more in (b".\r\n", b".\n"):
                        break
                    text.append(more.decode().rstrip("\r\n"))
                note("mail", json.dumps(text))
                self.say("250 taken")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")


class Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


http.server.ThreadingHTTPServer.daemon_threads = True
threading.Thread(target=Threads(("127.0.0.1", smtp_port), Mail).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", http_port), Hook).serve_forever()
