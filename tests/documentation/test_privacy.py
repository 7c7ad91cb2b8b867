"""What docs/privacy.md says of an endpoint and of disks, seen from outside: the command reads an article, and everything that leaves it is looked at."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from schemas.record import Record
from schemas.vocabulary import Section

ROOT = Path(__file__).parents[2]
ARTICLE = "Valmer threatened on Friday to shell the army base at Teln."
#: What the client library adds by itself.
OF_THE_LIBRARY = {"user-agent", "openai-organization", "openai-project", "x-of-the-keeper"} | {
    f"x-stainless-{name}"
    for name in ("lang", "package-version", "os", "arch", "runtime", "runtime-version", "async", "retry-count", "read-timeout", "raw-response")
}
OF_HTTP = {"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "authorization"}

pytestmark = pytest.mark.integration


class Endpoint(BaseHTTPRequestHandler):
    """Answers every call with a draft that holds nothing, and keeps what was sent."""

    calls: list[tuple[dict[str, str], Any]]

    def do_POST(self) -> None:
        """Answer one call."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
        message = {"role": "assistant", "content": json.dumps({section: [] for section in Section})}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        answer = json.dumps({"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def endpoint() -> Iterator[tuple[str, list[tuple[dict[str, str], Any]]]]:
    """Yield the address of an endpoint and the calls that it gets."""
    calls: list[tuple[dict[str, str], Any]] = []
    with HTTPServer(("127.0.0.1", 0), type("Endpoint", (Endpoint,), {"calls": calls})) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", calls
        finally:
            server.shutdown()
            serving.join()


def test_an_article_goes_to_the_endpoint_and_nowhere_else(tmp_path: Path) -> None:
    """The call holds the article and nothing of its caller, the headers are those that are told, and no file is left at home or among temporary ones."""
    (tmp_path / "home").mkdir()
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    with endpoint() as (address, calls):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "VIGIE_MODEL": "m", "OPENAI_BASE_URL": address, "VIGIE_API_KEYS": "a-key-of-a-caller-of-ours"}
        environment |= {"OPENAI_ORG_ID": "org-1", "OPENAI_PROJECT_ID": "proj-1", "OPENAI_CUSTOM_HEADERS": "X-Of-The-Keeper: 1", "VIGIE_LOG_LEVEL": "debug"}
        command = [sys.executable, "-m", "service.cli", "extract", "article.txt"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=True)
    ((headers, body),) = calls

    assert Record.model_validate_json(done.stdout).article.characters == len(ARTICLE)
    assert ARTICLE in body["messages"][-1]["content"]
    assert {*body} == {"model", "messages", "response_format", "temperature", "seed", "max_completion_tokens"}
    assert {*headers} <= OF_HTTP | OF_THE_LIBRARY
    assert (headers["openai-organization"], headers["openai-project"], headers["x-of-the-keeper"]) == ("org-1", "proj-1", "1")
    assert headers["authorization"] == "Bearer none"
    assert "a-key-of-a-caller" not in json.dumps([headers, body])
    assert "Valmer" not in done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["article.txt", "home"]
