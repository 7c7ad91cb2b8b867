"""Read one article with the embedded model, or from the recordings that ship, through the service, and print its record.

Usage: python scripts/demo.py ARTICLE [live|replay]

The record is all that standard output gets; what happens meanwhile is told on standard error.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

HOST = "127.0.0.1"
#: The embedded model's answers about the example articles.
RECORDINGS = Path(__file__).parents[1] / "service" / "examples" / "recordings"
MODES = ("live", "replay")
#: Longer than any machine that can run the model needs to load it.
START_S = 600.0
#: The service's longest deadline, and a margin for the answer itself.
ANSWER_S = 630.0
STOP_S = 20.0
#: What the demonstration takes of the caller's own settings: where the weights are. It must not go astray over the others.
KEPT = {"VIGIE_CACHE_DIR", "VIGIE_EMBEDDED_MODEL", "VIGIE_LOG_LEVEL", "VIGIE_WEIGHTS_URL"}


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, file=sys.stderr, flush=True)


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def start(port: int, mode: str) -> subprocess.Popen[bytes]:
    """Start the service with the embedded model, or with its recordings; what it prints goes to standard error."""
    environment = {name: value for name, value in os.environ.items() if name in KEPT or not name.startswith(("VIGIE_", "OPENAI_"))}
    environment |= {"VIGIE_MODEL": "embedded", "VIGIE_MODE": mode, "VIGIE_REPLAY_DIR": str(RECORDINGS)}
    vigie = Path(sys.executable).with_name("vigie")
    return subprocess.Popen([vigie, "serve", "--host", HOST, "--port", str(port)], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603 - our own program


def request(port: int, method: str, path: str, body: bytes | None = None, *, timeout_s: float) -> tuple[int, bytes]:
    """Return status and body of the service's answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout_s)
    try:
        connection.request(method, path, body, {"Content-Type": "text/plain; charset=utf-8"} if body is not None else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_until_ready(service: subprocess.Popen[bytes], port: int) -> bool:
    """Return whether the service has become ready, as soon as that is certain."""
    started, told = time.monotonic(), 0.0
    while (waited_s := time.monotonic() - started) < START_S:
        if service.poll() is not None:
            return False
        try:
            status, answer = request(port, "GET", "/readyz", timeout_s=5)
        except OSError:
            pass
        else:
            if status == http.client.OK:
                return True
            if b"model-unavailable" in answer:
                say(answer.decode("utf-8", "replace"))
                return False
        if waited_s - told >= 5:  # noqa: PLR2004 - often enough to see that it lives
            told = waited_s
            say(f"Loading the model ... {waited_s:.0f} s")
        time.sleep(0.2)
    return False


def stop(service: subprocess.Popen[bytes]) -> None:
    """End the service, kindly first."""
    service.terminate()
    try:
        service.wait(STOP_S)
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()


def leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End as a signal asks, through the clean-up."""
    sys.exit(128 + number)


def read(port: int, text: bytes) -> int:
    """Print the record of the article whose bytes are `text`; return the exit code."""
    started = time.monotonic()
    try:
        status, answer = request(port, "POST", "/extract", text, timeout_s=ANSWER_S)
        shown = json.dumps(json.loads(answer), ensure_ascii=False, indent=2)
    except (OSError, http.client.HTTPException, ValueError) as error:
        say(f"The service did not answer: {error!r}")
        return 1
    if status != http.client.OK:
        say(shown)
        return 1
    say(f"Read in {time.monotonic() - started:.0f} s.")
    sys.stdout.buffer.write(f"{shown}\n".encode())
    sys.stdout.buffer.flush()
    return 0


def main(path: str, mode: str = "live") -> int:
    """Read the article at `path` with a service of its own; return the exit code."""
    if mode not in MODES:
        say(f"There is no mode {mode}: {' or '.join(MODES)}.")
        return 2
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        say(f"The article cannot be read: {error}")
        return 1
    signal.signal(signal.SIGTERM, leave)
    port = free_port()
    say("Starting the service ...")
    service = start(port, mode)
    try:
        if not wait_until_ready(service, port):
            say("The service did not become ready.")
            return 1
        say(f"Reading {path}; two cores take about a minute ..." if mode == "live" else f"Replaying {path} ...")
        return read(port, text)
    except KeyboardInterrupt:
        return 130
    finally:
        stop(service)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
