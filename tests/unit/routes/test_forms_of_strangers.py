"""`POST /read` where many send forms, or send what is none: nobody takes what others need."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from litestar import Litestar, Request
from pydantic import SecretStr

from schemas.vocabulary import Section
from service.app import app_around
from service.errors import Overloaded
from service.forms import Form
from service.resilience.bench import Bench
from service.resilience.room import Room
from service.routes.reading import read
from service.routes.report import REPORTS_AT_ONCE
from service.settings import Settings
from service.web.reading import MOST_SHOWN_CHARS
from tests.unit.form_parts import BOUNDARY, FORM_TYPE, multipart
from tests.unit.service_parts import FakeExtractor, FakeModel, client

T = TypeVar("T")

KEY = "open-sesame-1b7c-40e2-9d1f"
WITH_KEYS = Settings(api_keys=(SecretStr(KEY),))
ARTICLE: dict[str, Any] = {"text": "Valmer will strike.", "section": [*Section]}
MALFORMED = f"--{BOUNDARY}\r\nx".encode()
WAITING_OF_ALL = 8


def scope_of(host: str, path: str = "/read", headers: dict[str, str] = FORM_TYPE) -> Any:  # noqa: ANN401 - as ASGI has it
    """Return the head of a request."""
    head = [(b"host", b"a"), *((name.lower().encode(), value.encode()) for name, value in headers.items())]
    request = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": head}
    return {**request, "http_version": "1.1", "client": (host, 1), "state": {}}


def sending(body: bytes, *, half: bool = False, leaves: asyncio.Event | None = None) -> Any:  # noqa: ANN401 - as ASGI has it
    """Return what receives a body, or the first half of one, and then that its sender `leaves`."""
    messages = iter([{"type": "http.request", "body": body, "more_body": half}])

    async def receive() -> Any:  # noqa: ANN401 - an ASGI message
        if message := next(messages, None):
            return message
        await (leaves or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    return receive


async def status_of(app: Litestar, scope: Any, receive: Any) -> int:  # noqa: ANN401 - as ASGI has them
    """Return the status of the answer."""
    sent = list[Any]()

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    await app(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def part_of(app: Litestar, name: str) -> Any:  # noqa: ANN401 - whichever it is
    """Return a part of a service."""
    return app.dependencies[name].dependency()  # type: ignore[union-attr]


async def test_strangers_leave_room() -> None:
    """Whoever has a key is served while strangers at many addresses each hold a form half sent, and then strangers are, too."""
    app, end = app_around(WITH_KEYS, FakeModel(), FakeExtractor()), asyncio.Event()
    most = b"a" * WITH_KEYS.max_body_bytes
    hanging = [asyncio.create_task(status_of(app, scope_of(f"192.0.2.{number}"), sending(most, half=True, leaves=end))) for number in range(40)]
    done, waiting = await asyncio.wait(hanging, timeout=0.5)
    json, keyed = {"content-type": "application/json"}, {"authorization": f"Bearer {KEY}"}

    assert ({task.result() for task in done}, len(waiting)) == ({503}, WAITING_OF_ALL)
    assert await status_of(app, scope_of("198.51.100.1", "/extract", json | keyed), sending(b'{"text": "a"}')) == 200
    end.set()
    assert await asyncio.gather(*waiting) == [499] * WAITING_OF_ALL
    assert await status_of(app, scope_of("192.0.2.1"), sending(multipart(**ARTICLE, key=KEY))) == 200
    assert part_of(app, "room").held_bytes == 0


async def test_j13_what_is_no_form_counts_as_a_guess() -> None:
    """Bodies that hold no form cost as much as those with a wrong key; after so many, wrong keys of that place wait, and the right one is let in."""
    async with client(settings=WITH_KEYS) as caller:
        malformed = [(await caller.post("/read", content=MALFORMED, headers=FORM_TYPE)).status_code for _ in range(25)]
        keys = [(await caller.post("/read", content=multipart(**ARTICLE, key=key), headers=FORM_TYPE)).status_code for key in ("wrong", KEY)]

    assert (malformed, keys) == ([400] * 25, [429, 200])


class WatchedBench(Bench):
    """A bench that notes how much room is taken when work comes."""

    def __init__(self, room: Room) -> None:
        """Watch `room`."""
        super().__init__(1, patience_s=1)
        self._room, self.seen = room, list[int]()

    async def do(self, work: Callable[[], T]) -> T:
        """Note it."""
        self.seen.append(self._room.held_bytes)
        return await super().do(work)


async def test_pages_for_the_refused_take_their_turn() -> None:
    """While the form is taken apart, and while the page is made that shows it again, it takes room; then it does not."""
    made = part_of(app_around(WITH_KEYS, FakeModel(), FakeExtractor()), "entrance")
    bench, body = WatchedBench(made.room), multipart(**ARTICLE, key="wrong")
    answer = await read.fn(Request(scope_of("192.0.2.1"), sending(body)), entrance=replace(made, bench=bench))

    assert answer.status_code == 401
    assert bench.seen == [len(body)] * 2
    assert made.room.held_bytes == 0


async def test_who_leaves_waits_no_longer() -> None:
    """A form waits for its turn at the processor, as reports do, unless its sender leaves."""
    app, free, leaves = app_around(Settings(), FakeModel(), FakeExtractor()), threading.Event(), asyncio.Event()
    others = asyncio.gather(*(part_of(app, "bench").do(free.wait) for _ in range(REPORTS_AT_ONCE)))
    asking = asyncio.create_task(status_of(app, scope_of("192.0.2.1"), sending(multipart(**ARTICLE), leaves=leaves)))
    done, _ = await asyncio.wait({asking}, timeout=0.05)
    leaves.set()
    async with asyncio.timeout(5):
        assert (done, await asking) == (set(), 499)
    free.set()
    await others


async def test_a_refusal_needs_no_turn() -> None:
    """Where nobody has the time to fill the form in again, the page says what is wrong, and where the words still are."""
    bench, free = Bench(1, patience_s=0.01), threading.Event()
    entrance = replace(part_of(app_around(Settings(), FakeModel(), FakeExtractor()), "entrance"), bench=bench)
    holding = asyncio.create_task(bench.do(free.wait))
    await asyncio.sleep(0)
    page = (await entrance.refusal(Form(text="Valmer"), Overloaded(), {})).decode()
    free.set()
    await holding

    assert Overloaded.title in page
    assert "Valmer" not in page
    assert "Go back: your browser still has what you typed." in page


@pytest.mark.parametrize(("characters", "shown"), [(MOST_SHOWN_CHARS, True), (MOST_SHOWN_CHARS + 1, False)])
async def test_a_text_that_is_far_too_long_is_not_sent_back(characters: int, shown: bool) -> None:  # noqa: FBT001
    """It would grow five times on its way."""
    async with client() as caller:
        answer = await caller.post("/read", content=multipart(**ARTICLE | {"text": "'" * characters, "title": "T"}), headers=FORM_TYPE)

    assert (answer.status_code, 'value="T"' in answer.text) == (413, True)
    assert ("&#39;" * characters in answer.text) is shown
    assert ("too long to be shown again. Go back" in answer.text) is not shown


@pytest.mark.parametrize(("body", "told"), [(MALFORMED, True), (multipart(**ARTICLE | {"section": []}), False)])
async def test_who_sees_an_empty_form_is_told_where_the_words_are(body: bytes, told: bool) -> None:  # noqa: FBT001
    """What could not be read cannot be shown again."""
    async with client() as caller:
        answer = await caller.post("/read", content=body, headers=FORM_TYPE)

    assert ("Go back: your browser still has what you typed." in answer.text) is told
