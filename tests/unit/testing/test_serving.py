"""The service for as long as a test takes: in this process or on a socket, whatever the environment says."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from traceback import format_exception

import httpx2
import pytest
from litestar import get
from litestar.response import Stream
from pydantic import ValidationError

from service.app import create_app
from service.errors import InternalError, SetupError
from service.settings import Settings, bare_settings
from service.testing import Recordings, Server, actor
from service.testing.serving import END_S, client_of, replaying, served, server_of
from tests.unit.service_parts import FakeModel

ROOT = Path(__file__).parents[3]
ARTICLE = "Valmer threatened on Friday to shell the army base at Teln."
ENVIRONMENT = {"VIGIE_MODE": "live", "VIGIE_MODEL": "gpt", "OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://llm.test/v1", "VIGIE_API_KEYS": "k" * 30}


def threads() -> list[str]:
    """Return the names of the servers that run."""
    return [thread.name for thread in threading.enumerate() if thread.name == "vigie"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A service with one recording."""
    recordings = Recordings(tmp_path / "recordings")
    recordings.finds(ARTICLE, actor("Valmer"))
    return replaying(recordings.folder, tmp_path / "data")


def test_the_environment_is_none_of_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keys, modes and addresses of whoever runs a test change nothing in it."""
    before = bare_settings()
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    assert bare_settings() == before
    assert (bare_settings().openai_api_key, bare_settings().api_keys, replaying(tmp_path, tmp_path).mode) == (None, (), "replay")
    assert Settings().model == "gpt"


def test_a_setting_that_is_none_fails() -> None:
    """A mistyped setting is told, and not passed over."""
    with pytest.raises(ValidationError):
        bare_settings(mod="replay")
    with pytest.raises(ValidationError):
        bare_settings(mode="later")


def test_what_is_said_of_settings_counts(tmp_path: Path) -> None:
    """A suite may name any setting, those of the replay too."""
    told = replaying(tmp_path, tmp_path, deadline_s=7, mode="live")

    assert (told.deadline_s, told.mode, told.replay_dir) == (7, "live", tmp_path)


def test_a_client_asks_in_this_process(settings: Settings) -> None:
    """No socket, and no exception of the service in the test: its problem is what callers get."""
    with client_of(settings) as client:
        found, missed = (client.post("/extract", json={"text": text}) for text in (ARTICLE, "Norvia is silent."))

    assert (found.status_code, missed.status_code) == (200, 404)
    assert found.headers["vigie-mode"] == missed.headers["vigie-mode"] == "replay"


def ask(server: Server) -> httpx2.Response:
    """Return the answer of a server."""
    return httpx2.post(f"{server.url}/extract", json={"text": ARTICLE}, timeout=20, trust_env=False)


def test_a_server_listens_and_ends(settings: Settings) -> None:
    """It answers on a socket of this machine from the first moment, and with its block it is gone, thread and socket."""
    with server_of(settings) as server:
        answer = ask(server)
        assert threads() == ["vigie"]

    assert (answer.status_code, answer.headers["vigie-mode"]) == (200, "replay")
    assert server.url.startswith("http://127.0.0.1:")
    assert threads() == []
    with pytest.raises(httpx2.ConnectError):
        ask(server)


def test_a_server_ends_though_its_test_fails(settings: Settings) -> None:
    """Whatever happens in the block, no server outlives it."""
    with pytest.raises(KeyError), server_of(settings):
        raise KeyError

    assert threads() == []


async def test_a_server_answers_while_a_loop_runs(settings: Settings) -> None:
    """An asynchronous test asks it as any other."""
    with server_of(settings) as server:
        async with httpx2.AsyncClient(base_url=server.url, timeout=20, trust_env=False) as client:
            answers = await asyncio.gather(*(client.post("/extract", json={"text": ARTICLE}) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {200}


def test_two_at_once_do_not_clash(tmp_path: Path) -> None:
    """Each has its own address, its own folder and its own answers."""
    with ExitStack() as held:
        servers = []
        for name in ("Valmer", "Ilan"):
            recordings = Recordings(tmp_path / name)
            recordings.finds(f"{name} spoke.", actor(name, "person"))
            servers.append(held.enter_context(server_of(replaying(recordings.folder, tmp_path / f"{name}-data"))))

        def asked(server: Server, name: str) -> int:
            return httpx2.post(f"{server.url}/extract", json={"text": f"{name} spoke."}, timeout=20, trust_env=False).status_code

        with ThreadPoolExecutor(4) as pool:
            told = [*pool.map(asked, [*servers, *servers], ["Valmer", "Ilan", "Ilan", "Valmer"])]

    assert servers[0].url != servers[1].url
    assert told == [200, 200, 404, 404]


def test_a_server_that_does_not_start_says_why(settings: Settings) -> None:
    """It is told at once, with the cause, and neither a thread nor anything that listens is left for clients to wait at."""

    class Broken(FakeModel):
        async def start(self) -> None:
            """Fail."""
            raise SetupError("There are no weights.")

    with pytest.raises(InternalError, match="did not start") as told, served(create_app(settings, model=Broken()), settings):
        raise AssertionError

    assert "SetupError: There are no weights." in "".join(format_exception(told.value))
    assert threads() == []


def test_an_open_stream_does_not_hold_up_the_end(settings: Settings) -> None:
    """A stream that nobody ends, as that of a job that is followed, ends with the block some seconds later, not after the longest deadline."""

    async def forever() -> AsyncIterator[bytes]:
        while True:
            yield b"more\n"
            await asyncio.sleep(0.05)

    @get("/forever")
    async def stream() -> Stream:
        return Stream(forever())

    app = create_app(settings)
    app.register(stream)
    with ExitStack() as outer:
        with served(app, settings) as server:
            answer = outer.enter_context(httpx2.stream("GET", f"{server.url}/forever", timeout=20, trust_env=False))
            parts = answer.iter_bytes()  # held: without it the connection would end
            assert next(parts).startswith(b"more")
            began = time.monotonic()
        took = time.monotonic() - began

    assert END_S <= took < 10 * END_S
    assert threads() == []


def test_no_client_waits_for_the_tables(tmp_path: Path) -> None:
    """What a first article needs is read before a server is there, so that no client waits for it: counted in the processor's time, in a process of its own."""
    program = """
import sys
import time

import httpx2

from service import examples
from service.testing import SHIPPED
from service.testing.serving import replaying, server_of

times = [time.process_time()]
with server_of(replaying(SHIPPED, sys.argv[1])) as server:
    times.append(time.process_time())
    answer = httpx2.post(f"{server.url}/extract", json=examples.request("english"), timeout=60, trust_env=False)
    times.append(time.process_time())
print(answer.status_code, times[1] - times[0], times[2] - times[1])
"""
    told = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=100).stdout
    status, started_s, first_s = told.split()
    assert status == "200"
    assert float(first_s) < float(started_s)
