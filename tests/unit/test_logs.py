"""What is logged: one line a request, of harmless facts."""

import asyncio
import json
import logging
import warnings
from typing import Any

import pytest

from service import logs
from service.errors import ModelOutputInvalid
from tests.unit.service_parts import CANARY, FakeExtractor, client

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _configured() -> None:
    """Log as the service does."""
    logs.configure("info")


def lines(captured: Captured) -> list[dict[str, Any]]:
    """Return what was logged; fails if anything else was printed, or the canary."""
    out, err = captured.readouterr()
    assert CANARY not in out + err
    return [json.loads(line) for line in err.splitlines()]


async def test_c14_a_request_is_one_line(capsys: Captured) -> None:
    """A good request is one line with its size and what it cost."""
    async with client() as caller:
        answer = await caller.post("/extract?word=" + CANARY, json={"text": CANARY, "title": CANARY}, headers={"x-request-id": "r-1", "authorization": CANARY})
    (line,) = lines(capsys)

    assert CANARY not in str(answer.headers)
    assert {**line, "timestamp": "", "duration_ms": 0} == {
        "timestamp": "",
        "level": "info",
        "event": "request",
        "request_id": "r-1",
        "method": "POST",
        "route": "/extract",
        "status": 200,
        "duration_ms": 0,
        "characters": len(CANARY),
        "calls": 2,
        "chunks": 1,
        "prompt_tokens": 11,
        "cached_tokens": 3,
        "completion_tokens": 7,
        "cache": "miss",
    }


@pytest.mark.parametrize(("path", "route"), [("/extract", "/extract"), (f"/{CANARY}", None), (f"/problems/{CANARY}", None)])
async def test_a_failed_request_is_one_line_with_its_code(capsys: Captured, path: str, route: str | None) -> None:
    """A path that the caller made up is not logged, its template is."""
    async with client(FakeExtractor(fails=ModelOutputInvalid())) as caller:
        answer = await caller.post(path, json={"text": CANARY})
    (line,) = lines(capsys)

    assert (line["status"], line.get("route")) == (answer.status_code, route)
    assert line["code"] == answer.json()["code"]


async def test_a_fault_of_ours_is_logged_without_its_words(capsys: Captured) -> None:
    """An exception that nobody foresaw is logged by class and place, under the id of its request."""
    async with client(FakeExtractor(fails=ValueError(CANARY))) as caller:
        await caller.post("/extract", json={"text": CANARY})
    fault, request = lines(capsys)

    assert (fault["event"], fault["error"]) == ("internal-error", "ValueError")
    assert "service_parts.py:" in fault["frames"][-1]
    assert fault["request_id"] == request["request_id"]


async def test_requests_do_not_mix(capsys: Captured) -> None:
    """Each line has the facts of its own request, also when many are under way."""
    async with client() as caller:
        await asyncio.gather(*(caller.post("/extract", json={"text": "a" * size}, headers={"x-request-id": f"r-{size}"}) for size in range(1, 9)))

    assert {line["request_id"]: line["characters"] for line in lines(capsys)} == {f"r-{size}": size for size in range(1, 9)}


@pytest.mark.parametrize("name", ["instructor", "openai", "openai._base_client", "httpx", "httpx2", "asyncio", "uvicorn.error"])
def test_libraries_are_not_quoted(capsys: Captured, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whatever a library logs, at whatever level the environment asks of it, its words stay out."""
    monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler()])
    logs.configure("debug")

    for level in (logging.DEBUG, logging.INFO, 35, logging.ERROR):
        logging.getLogger(name).log(level, "body: %s", CANARY)
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger(name).exception(CANARY)

    assert {line["event"] for line in lines(capsys)} <= {"library"}


def test_our_own_lines_may_come_through_the_standard_library(capsys: Captured) -> None:
    """A module of ours that logs with the standard library keeps its event and its known fields."""
    logging.getLogger("service.models.embedded").warning("engine-ended", extra={"deaths": 2, "text": CANARY})
    (line,) = lines(capsys)

    assert (line["event"], line["level"], line["deaths"]) == ("engine-ended", "warning", 2)


def test_unknown_fields_are_dropped(capsys: Captured) -> None:
    """A field that nobody vouched for is not written."""
    logs.log.info("request", text=CANARY, status=200)
    logs.log.debug("request", status=200)
    (line,) = lines(capsys)

    assert {*line} == {"event", "status", "level", "timestamp"}


def test_warnings_are_not_quoted(capsys: Captured) -> None:
    """Pydantic warns with the value that it found."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(CANARY, stacklevel=1)

    assert [line["logger"] for line in lines(capsys)] == ["py.warnings"]
