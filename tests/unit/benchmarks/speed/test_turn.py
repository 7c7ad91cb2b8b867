"""One who is measured is started, loaded and ended."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.speed.callers import keep_busy
from benchmarks.speed.contestants import CONTESTANTS, LITELLM, Contestant, Place
from benchmarks.speed.footprint import footprint, tree
from benchmarks.speed.measure import cores, rotated, stub
from benchmarks.speed.serving import get, held_to, import_s, serving
from benchmarks.speed.turn import Plan, Stub, direct, turn
from service.errors import SetupError

PLAN = Plan(rates=(20, 40), seconds=0.25, callers=2, slow_s=0.05, in_flight=4, burst=8)
#: Passes each call on, reads nothing of it, and fails every fifth.
PASSING = """
import http.client, http.server, itertools, os, sys, urllib.parse
endpoint, calls = urllib.parse.urlsplit(os.environ["OPENAI_BASE_URL"]), itertools.count(1)
class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self): self.answer(200, b'vigie_event_loop_lag_seconds_bucket{le="0.05"} 3.0\\nvigie_event_loop_lag_seconds_bucket{le="+Inf"} 4.0\\n')
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if next(calls) % 5 == 0: return self.answer(503, b"{}")
        way = http.client.HTTPConnection(endpoint.netloc)
        way.request("POST", "/v1/chat/completions", body)
        self.answer(200, way.getresponse().read())
    def answer(self, status, body):
        self.send_response(status); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Passing).serve_forever()
"""


def runs(pid: int) -> bool:
    """Return whether there is a process `pid` that has not ended."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def passing(*arguments: str) -> Contestant:
    """Return one that passes calls on."""
    tell = lambda place: arguments or ("-c", PASSING, str(place.port))  # noqa: E731
    return Contestant("passing", Path(sys.executable), "json", tell)


@pytest.fixture
async def endpoint() -> AsyncIterator[Stub]:
    """The endpoint, as a program of its own."""
    async with stub() as made:
        yield made


async def test_a_turn_tells_all_figures(endpoint: Stub, tmp_path: Path) -> None:
    """What fails is counted, what is asked of the endpoint as well, and the process is gone thereafter."""
    seen = await turn(passing(), PLAN, endpoint, tmp_path)

    assert 0 < seen["p50_ms_0"] <= seen["p99_ms_0"] < 1_000
    assert {"p50_ms_1", "late_ms_1", "rps", "cpu_ms", "import_s", "cold_s", "ours", "burst_s"} <= seen.keys()
    assert seen["slow_p50_s"] >= 0.05
    assert 5 < seen["idle_mib"] <= seen["peak_mib"]
    assert seen["failed"] > 0
    assert seen["burst_failed"] > 0
    assert 0.7 < seen["calls"] < 0.9
    assert seen["stalls"] == 0.25
    assert "asked" not in seen


async def test_the_endpoint_is_measured_without_anybody_between(endpoint: Stub) -> None:
    """It never fails, and there is no process to look at."""
    seen = await direct(CONTESTANTS[LITELLM], PLAN, endpoint)

    assert seen["failed"] == seen["slow_failed"] == seen["burst_failed"] == 0
    assert "cpu_ms" not in seen


async def test_whoever_serves_is_ended_with_what_it_started(endpoint: Stub, tmp_path: Path) -> None:
    """Nothing that was started for a measure outlives it."""
    forks = f"import os, time\nif os.fork() == 0: time.sleep(60)\n{PASSING}"
    contestant = replace(passing(), arguments=lambda place: ("-c", forks, str(place.port)))
    async with serving(contestant, f"{endpoint.address}/v1", tmp_path) as one:
        alone, whole = footprint(os.getpid()), footprint(one.pid)
        children = [*tree(one.pid)][1:]
        assert (await get(one.address, "/"))[0] == 200
    assert 0 < whole.resident_mib <= whole.peak_mib
    assert alone.cpu_s > 0
    await asyncio.sleep(0.1)
    assert children
    assert not any(map(runs, (*children, one.pid)))


@pytest.mark.parametrize(
    ("contestant", "word"),
    [(passing("-c", "raise SystemExit(1)"), "does not serve"), (replace(passing(), python=Path("/nowhere/python")), "make bench")],
    ids=["ends", "missing"],
)
async def test_whoever_does_not_serve_is_named(contestant: Contestant, word: str, tmp_path: Path) -> None:
    """And where it says why."""
    with pytest.raises(SetupError, match=word):
        async with serving(contestant, "http://127.0.0.1:1/v1", tmp_path):
            pass


async def test_an_import_that_fails_is_told(tmp_path: Path) -> None:
    """Its time would mean nothing."""
    assert await import_s(passing(), tmp_path / "made") > 0
    with pytest.raises(SetupError, match="cannot be imported"):
        await import_s(replace(passing(), modules="nowhere"), tmp_path)


async def test_callers_go_on_where_a_connection_broke() -> None:
    """It counts as a failure."""

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.close()

    server = await asyncio.start_server(attend, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    busy = await keep_busy(passing(), f"http://127.0.0.1:{port}", 2, 0.1)
    server.close()

    assert busy.answered == 0
    assert busy.failed >= 2


def test_each_is_told_of_the_endpoint_and_of_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever measures do not reach those who are measured."""
    monkeypatch.setenv("VIGIE_API_KEYS", "a-key-of-somebody-elses")
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-somebody-elses")
    place = Place("http://127.0.0.1:9/v1", 8, tmp_path)
    for contestant in CONTESTANTS.values():
        arguments: Sequence[str] = contestant.arguments(place)
        assert "8" in arguments
        assert contestant.environment(place)["OPENAI_BASE_URL"] == place.upstream
        assert "a-key-of-somebody-elses" not in contestant.environment(place).values()
        assert contestant.request(1).body != contestant.request(2).body
    assert place.upstream in (tmp_path / "litellm.yaml").read_text()


def test_another_one_comes_first_each_time() -> None:
    """So that nobody always follows the same one."""
    assert ["".join(rotated("abc", number)) for number in range(4)] == ["abc", "bca", "cab", "abc"]


def test_load_and_loaded_have_cores_of_their_own() -> None:
    """Where there are several; and what is held for a while is let go."""
    ours, theirs = cores()
    before = os.sched_getaffinity(0)

    assert not {*ours} & {*theirs}
    with held_to(sorted(before)[:1]):
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before
