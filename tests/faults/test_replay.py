"""What a replay gives, and what it never does (K07 to K10): no miss reaches a model, no two answers differ, and nobody takes it for a live service."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from schemas.job import UNFINISHED, Job
from service.testing import SHIPPED, Recordings, actor, threat
from tests.faults.jobs_at import lines, submit, until
from tests.faults.process_with_canaries import process_with_canaries
from tests.faults.service_at import Service, service_at
from tests.faults.serving_process import ROOT, serving_process
from tests.faults.test_streaming import Told, events, streaming
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("warm")]

ARTICLE = small_article()
FOUND = (actor("Valmer"), threat("Valmer threatened on Friday to shell the army base at Teln", by=["Valmer"], means=["artillery"], when="on Friday"))


@dataclass(slots=True)
class Lure:
    """An endpoint that nobody is to call."""

    address: str
    calls: int = 0


@pytest.fixture
async def lure() -> AsyncIterator[Lure]:
    """An address that a service is told to ask, and never asks."""
    lured = Lure("")

    def called(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lured.calls += 1
        writer.close()

    async with await asyncio.start_server(called, "127.0.0.1", 0) as listening:
        lured.address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
        yield lured


@pytest.fixture
def recordings(vigie_recordings: Recordings) -> Recordings:
    """A folder with one article in it."""
    vigie_recordings.finds(ARTICLE, *FOUND)
    return vigie_recordings


@asynccontextmanager
async def replaying(recordings: Recordings | Path, upstream: str = "http://127.0.0.1:1/v1", **settings: object) -> AsyncIterator[Service]:
    """Yield a service that replays a folder, although an endpoint is named."""
    folder = recordings.folder if isinstance(recordings, Recordings) else recordings
    async with service_at(upstream, None, mode="replay", replay_dir=folder, **settings) as service:
        yield service


def without_instance(problem: dict[str, Any]) -> dict[str, Any]:
    """Return what a problem says, whoever asked."""
    return {name: value for name, value in problem.items() if name != "instance"}


def check_miss(problem: dict[str, Any], nearest: str) -> None:
    """Check that a problem says what is missing, what comes nearest, and what to do."""
    assert (problem["status"], problem["code"], problem["retryable"]) == (404, "replay-miss", False)
    assert f"The nearest is {nearest}" in problem["detail"]
    assert "VIGIE_MODE=record" in problem["detail"]
    assert "Grenvald" not in json.dumps(problem)


def recording_in(recordings: Recordings) -> str:
    """Return the digest of the only recording."""
    [path] = [path for path in recordings.folder.iterdir() if path.name != "model.json"]
    return path.stem


async def last_event(service: Service, text: str) -> Told:
    """Return the event that ends a stream."""
    async with streaming(service, text) as answer:
        assert answer.headers["vigie-mode"] == "replay"
        return [event async for event in events(answer)][-1]


async def test_k07_a_miss_never_reaches_a_model(recordings: Recordings, lure: Lure) -> None:
    """Neither a caller nor who follows has it asked: both are told the same, although a key and an address are there."""
    unknown = small_article("another", by="Grenvald")
    async with replaying(recordings, lure.address, openai_api_key="sk-lure-4711") as service:
        answer = await service.extract(unknown)
        told = await last_event(service, unknown)
        known = await service.extract(ARTICLE)

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, known.status_code, told.name) == (404, 200, "error")
    check_miss(answer.json(), recording_in(recordings))
    assert without_instance(told.data) == without_instance(answer.json())
    assert lure.calls == 0


async def test_k07_nor_does_a_miss_of_a_job(recordings: Recordings, lure: Lure, database_url: str) -> None:
    """The line of an article that was not recorded is that problem; the others are records."""
    async with replaying(recordings, lure.address, database_url=database_url, worker=True) as service:
        job = await submit(service, [{"text": ARTICLE}, {"text": small_article("another", by="Grenvald")}])

        async def is_over() -> bool:
            return Job.model_validate_json((await service.client.get(f"/jobs/{job.id}")).content).state not in UNFINISHED

        await until(is_over, within_s=30)
        told = await lines(service, job)
        alone = (await service.extract(ARTICLE)).json()

    record, miss = sorted(told, key=lambda line: line["index"])
    assert record["record"] == alone
    check_miss(miss["problem"], recording_in(recordings))
    assert lure.calls == 0


async def test_k07_a_process_whose_environment_names_a_model_asks_none(recordings: Recordings, lure: Lure) -> None:
    """`VIGIE_MODE=replay` is enough: key, model and address of the environment are let be."""
    environment = {"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(recordings.folder), "OPENAI_API_KEY": "sk-lure-4711"}
    async with serving_process(lure.address, **environment) as (_, address), httpx2.AsyncClient(base_url=address, timeout=20, trust_env=False) as client:
        answers = [await client.post("/extract", json={"text": text}) for text in (small_article("another"), ARTICLE)]

    assert [answer.status_code for answer in answers] == [404, 200]
    assert lure.calls == 0


#: Requests of one caller for the same article share a reading; those of different ones do not.
KEYS = tuple(f"a-key-for-caller-number-{number}" for number in range(100))


async def bodies(service: Service, times: int) -> set[bytes]:
    """Return the different bodies of the answers to one request that is sent so often, by all callers at once."""
    left = iter(range(times))
    found: set[bytes] = set()

    async def ask(key: str) -> None:
        for _ in left:
            answer = await service.client.post("/extract", json={"text": ARTICLE}, headers={"X-API-Key": key})
            assert answer.status_code == 200, answer.text
            found.add(answer.content)

    await asyncio.gather(*map(ask, KEYS))
    return found


@pytest.mark.parametrize("times", [1_000, pytest.param(10_000, marks=pytest.mark.prove)], ids=["k08", "k08-g17"])
async def test_replays_of_one_request_give_one_body(recordings: Recordings, lure: Lure, times: int) -> None:
    """A hundred callers at once, over and over: every body is the same to the byte, and no model is asked."""
    began = time.monotonic()
    async with replaying(recordings, lure.address, deadline_s=600, api_keys=KEYS) as service:
        different = await bodies(service, times)

    print(f"{times} replays in {time.monotonic() - began:.1f} s")  # noqa: T201 - shown where it is asked for, with -s
    assert len(different) == 1
    assert json.loads(different.pop())["threats"]
    assert lure.calls == 0


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        pytest.param("limited-after-3600", 503, "upstream-rate-limited", id="k09-429"),
        pytest.param("cut-at-once", 502, "model-output-truncated", id="k09-truncated"),
        pytest.param("refusal", 422, "model-refused", id="k09-refusal"),
        pytest.param("no-quota", 503, "upstream-quota-exhausted", id="k09-quota"),
        pytest.param("too-long", 413, "article-too-long", id="k09-too-long"),
        pytest.param("short-body", 502, "upstream-invalid-response", id="k09-broken-off"),
    ],
)
async def test_a_recorded_fault_is_the_problem_that_it_was(upstream: FaultyUpstream, tmp_path: Path, fault: str, status: int, code: str) -> None:
    """What the caller of a live service is told, the caller of its recordings is told, by JSON and by a stream."""
    address = upstream.base_url(fault, uuid4().hex)
    async with service_at(address, cache_mb=0) as service:
        live = await service.extract(ARTICLE)
    async with service_at(address, mode="record", replay_dir=tmp_path) as service:
        recorded = await service.extract(ARTICLE)
    async with replaying(tmp_path) as service:
        replayed = await service.extract(ARTICLE)
        told = await last_event(service, ARTICLE)

    assert (live.status_code, live.json()["code"]) == (status, code)
    assert replayed.status_code == status
    assert without_instance(live.json()) == without_instance(recorded.json()) == without_instance(replayed.json()) == without_instance(told.data)
    assert ("retry-after" in replayed.headers) is ("retry-after" in live.headers)
    assert told.name == "error"


#: Requests of every kind, right and wrong: method, path, body and headers.
REQUESTS: Sequence[tuple[str, str, bytes, dict[str, str]]] = [
    ("GET", "/livez", b"", {}),
    ("GET", "/readyz", b"", {}),
    ("GET", "/metrics", b"", {}),
    ("GET", "/openapi.json", b"", {}),
    ("GET", "/docs", b"", {}),
    ("GET", "/problems/replay-miss", b"", {}),
    ("GET", "/none", b"", {}),
    ("GET", "/extract", b"", {}),
    ("POST", "/extract", ARTICLE.encode(), {"Content-Type": "text/plain; charset=utf-8"}),
    ("POST", "/extract", b"Nobody recorded this.", {"Content-Type": "text/plain"}),
    ("POST", "/extract", b"{", {"Content-Type": "application/json"}),
    ("POST", "/extract", b"{}", {"Content-Type": "application/json"}),
    ("POST", "/extract", b"x", {"Content-Type": "image/png"}),
    ("POST", "/extract", b"x" * 3_000, {"Content-Type": "text/plain"}),
    ("POST", "/extract", b"x", {"Content-Type": "text/plain", "Accept": "image/png"}),
    ("POST", "/jobs", b"[", {"Content-Type": "application/json"}),
    ("GET", f"/jobs/{uuid4()}", b"", {}),
]


async def test_k10_every_answer_says_that_it_is_a_replay(recordings: Recordings) -> None:
    """Records, pages, probes and problems bear `Vigie-Mode: replay`; who asks a live service never sees the word."""
    async with replaying(recordings, max_body_bytes=2_048) as service:
        answers = [await service.client.request(method, path, content=body, headers=heads) for method, path, body, heads in REQUESTS]
    async with service_at("http://127.0.0.1:1/v1") as service:
        live = await service.client.get("/livez")

    assert {answer.headers.get("vigie-mode") for answer in answers} == {"replay"}
    assert {200, 400, 404, 405, 406, 413, 415, 422} <= {answer.status_code for answer in answers}
    assert live.headers.get("vigie-mode") != "replay"


async def test_k10_the_probe_and_the_command_say_so_too(recordings: Recordings) -> None:
    """`GET /readyz` names the mode and whose answers they are, and so does `vigie serve --check`, beside the folder."""
    environment = {"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(recordings.folder), "OPENAI_API_KEY": "sk-lure-4711"}
    program = ("-m", "service.cli", "serve", "--port", "0", "--check")
    async with replaying(recordings) as service:
        ready = (await service.client.get("/readyz")).json()
    said = await _printed(program, environment)

    assert (ready["mode"], ready["model"]) == ("replay", "hand-written")
    assert f"none; the recordings in {recordings.folder} answer" in said
    assert "sk-lure" not in said


async def test_another_prompt_makes_recordings_stale(tmp_path: Path) -> None:
    """The recordings that ship were made with the prompt that ships: with another one the service says which is too old, and what to do."""
    environment = {"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(SHIPPED)}
    article = (ROOT / "examples" / "strait.txt").read_bytes()
    heads = {"Content-Type": "text/plain; charset=utf-8"}
    async with (
        process_with_canaries(tmp_path, environment, prompt_begins="Be brief.") as served,
        httpx2.AsyncClient(base_url=served.base_url, timeout=20, trust_env=False) as client,
    ):
        problem = (await client.post("/extract", content=article, headers=heads)).json()
    async with replaying(SHIPPED) as service:
        answer = await service.client.post("/extract", content=article, headers=heads)

    assert (problem["status"], problem["code"]) == (404, "replay-miss")
    assert "is of the same article, and older than the prompt" in problem["detail"]
    assert problem["detail"].endswith("record with VIGIE_MODE=record once more.")
    assert answer.status_code == 200


async def _printed(program: Sequence[str], environment: dict[str, str]) -> str:
    """Return what a command prints that ends well."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, *program, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await running.communicate()
    assert running.returncode == 0
    return printed.decode()
