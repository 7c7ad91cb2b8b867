"""A typed client made from `/openapi.json` alone works against the running service: the document suffices."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import urlopen

import pytest

from service import examples

ROOT = Path(__file__).parents[2]
KEY = "a-key-of-this-installation"

pytestmark = pytest.mark.integration

#: The generator knows no bodies of plain text or of lines, and would leave formatting to a program of its own.
CONFIG = {
    "package_name_override": "vigie_client",
    "content_type_overrides": dict.fromkeys(("text/plain", "application/x-ndjson"), "application/octet-stream"),
    "post_hooks": [],
}


@contextmanager
def service(**environment: str) -> Iterator[str]:
    """Yield the address of a service that replays the recordings of the project."""
    replaying = {**os.environ, "VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(ROOT / "service/examples/recordings"), **environment}
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=replaying, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            yield f"http://127.0.0.1:{json.loads(process.stderr.readline())['port']}"
        finally:
            process.terminate()
            process.communicate(timeout=10)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Yield the address of a service that asks for no key."""
    with service() as address:
        yield address


@pytest.fixture(scope="module")
def generated(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Yield the client that the generator makes of what a running service says of itself."""
    folder = tmp_path_factory.mktemp("generated")
    with urlopen(f"{address}/openapi.json") as answer:  # noqa: S310 - our own address
        (folder / "openapi.json").write_bytes(answer.read())
    # JSON is YAML.
    (folder / "config.yaml").write_text(json.dumps(CONFIG), encoding="utf-8")
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    places = [f"--path={folder}/openapi.json", f"--config={folder}/config.yaml", f"--output-path={folder}/client"]
    made = subprocess.run([*generate, *places], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder / "client"))
    try:
        yield importlib.import_module("vigie_client")
    finally:
        sys.path.remove(str(folder / "client"))


def part(name: str) -> Any:  # noqa: ANN401 - whatever the generator made
    """Return a module of the generated client."""
    return importlib.import_module(f"vigie_client.{name}")


def test_b06_an_article_becomes_a_typed_record(generated: ModuleType, address: str) -> None:
    """The French example, sent by the client, comes back as objects with the fields and the closed sets of the document."""
    models = part("models")
    article = models.Article.from_dict(examples.request("french"))
    with generated.Client(base_url=address) as caller:
        answer = part("api.reading.extract").sync_detailed(client=caller, body=article)

    record = answer.parsed
    assert answer.status_code is HTTPStatus.OK
    assert isinstance(record, models.Record)
    assert record.to_dict() == examples.record()
    [threat, *_] = record.threats
    assert isinstance(threat.kind, models.ThreatKind)
    assert {actor.id for actor in record.actors} >= {*threat.by}
    evidence = threat.evidence[0]
    assert article.text[evidence.start : evidence.end] == evidence.quote


def test_a_problem_is_typed_too(generated: ModuleType, address: str) -> None:
    """What fails comes back as a problem whose code a program can read."""
    models = part("models")
    with generated.Client(base_url=address) as caller:
        answer = part("api.reading.extract").sync_detailed(client=caller, body=models.Article(text="Nobody recorded this."))

    assert isinstance(answer.parsed, models.Problem)
    assert (answer.parsed.code, answer.parsed.status, answer.parsed.retryable) == ("replay-miss", 404, False)


def test_a_key_is_shown_as_the_document_says(generated: ModuleType) -> None:
    """The client's own way of showing a key is the service's."""
    article = part("models").Article.from_dict(examples.request("english"))
    extract = part("api.reading.extract")
    with service(VIGIE_API_KEYS=KEY) as guarded:
        with generated.Client(base_url=guarded) as stranger:
            refused = extract.sync_detailed(client=stranger, body=article)
        with generated.AuthenticatedClient(base_url=guarded, token=KEY) as caller:
            served = extract.sync_detailed(client=caller, body=article)

    assert (refused.status_code, refused.parsed.code) == (401, "unauthorised")
    assert served.status_code == HTTPStatus.OK


def test_probes_are_typed(generated: ModuleType, address: str) -> None:
    """Whoever watches the service learns what reads and how."""
    with generated.Client(base_url=address) as caller:
        ready = part("api.watching.readyz").sync(client=caller)
        live = part("api.watching.livez").sync(client=caller)

    assert (live.status, ready.status, ready.mode.value) == ("live", "ready", "replay")
