"""An engine that holds no model: it speaks as the real one does, and misbehaves as the first argument says."""

import json
import os
import re
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MANNER = sys.argv[1] if len(sys.argv) > 1 else "good"
CONFIG = json.loads(sys.stdin.readline())


def event(choice: dict[str, Any], written: int) -> bytes:
    """Return one piece of a streamed answer."""
    timings = {"prompt_n": 3, "cache_n": 4, "predicted_n": written}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, **choice}], "timings": timings}
    return f"data: {json.dumps(chunk)}\n\n".encode()


class Engine(BaseHTTPRequestHandler):
    """Answers chat completions."""

    def do_POST(self) -> None:
        """Obey the grammar if there is one; else do what the last message says."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {CONFIG['key']}":
            self.send_error(401)
            return
        order = body["messages"][-1]["content"]
        if order == "die" or (MANNER == "mortal" and "<article" in order):
            os.kill(os.getpid(), signal.SIGKILL)
        if "grammar" in body and MANNER == "indigestible":
            self.send_error(400)
            return
        if order == "wait":
            time.sleep(60)
        if len(sys.argv) > 2:
            with Path(sys.argv[2]).open("a") as log:
                log.write(f"{order}\n")
        if body.get("stream"):
            self.count()
            return
        grammar = re.search(r'start: "(.*)"', body.get("grammar", ""))
        said = grammar[1] if grammar and MANNER != "disobedient" else "2"
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}
        answer = json.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": body["model"], "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def count(self) -> None:
        """Write numbers for as long as somebody reads."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number in range(10_000):
            self.wfile.write(event({"finish_reason": None, "delta": {"content": f"{number} "}}, number + 1))
            time.sleep(0.002)

    def log_message(self, *_: object) -> None:
        """Be silent."""


if MANNER == "mute":
    sys.exit(1)
if MANNER == "deaf":
    time.sleep(60)
if MANNER == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if MANNER in ("not-installed", "not-loaded"):
    sys.stdout.write(json.dumps({"error": MANNER}) + "\n")
elif MANNER == "babbling":
    sys.stdout.write("hello\n")
else:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(json.dumps({"address": f"http://127.0.0.1:{server.server_port}"}) + "\n")
sys.stdout.flush()
sys.stdin.read()
if MANNER == "stubborn":
    time.sleep(60)
os._exit(0)
