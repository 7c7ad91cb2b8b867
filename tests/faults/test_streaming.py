"""Section G of the fault matrix: `POST /extract` as a stream of events."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from litestar import Litestar, get
from litestar.response import Stream
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from schemas.record import Record
from schemas.stream import EntryEvent, ProgressEvent, ResetEvent
from service.app import create_app
from service.cli.connections import BoundedConnection
from service.errors import UpstreamUnavailable
from service.models.base import ModelCall
from service.settings import Settings
from service.streaming import answering
from tests.faults.service_at import Service, served, service_at
from tests.faults.test_upstream import ROWS
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import good_draft, small_article
from tests.unit.extraction.extraction_parts import WHOLE, ScriptedModel, saying

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("warm")]

STREAM = {"Accept": "text/event-stream"}
SHAPES: Mapping[str, type[BaseModel]] = {"progress": ProgressEvent, "entry": EntryEvent, "reset": ResetEvent}


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a stream."""

    id: int
    name: str
    data: Any


async def events(answer: httpx2.Response) -> AsyncIterator[Told]:
    """Yield the events of a stream as they come; comments are passed over."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            assert name not in fields, "one line each"
            fields[name] = value
        elif fields:
            yield Told(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}


@asynccontextmanager
async def streaming(service: Service, text: str, **options: object) -> AsyncIterator[httpx2.Response]:
    """Yield the answer to a caller who wants a stream."""
    async with service.client.stream("POST", "/extract", json={"text": text, "options": options}, headers=STREAM) as answer:
        yield answer


async def stream_of(service: Service, text: str, *, entries: asyncio.Event | None = None, **options: object) -> list[Told]:
    """Return all events of a stream; `entries` is set at the first entry."""
    told = []
    async with streaming(service, text, **options) as answer:
        assert answer.status_code == 200
        async for event in events(answer):
            told.append(event)
            if entries and event.name == "entry":
                entries.set()
    return told


class WritingModel(ScriptedModel):
    """A model that streams: at each pause in its script it has written so much, and waits to be let on."""

    def __init__(self, *written: str | Exception) -> None:
        """Write these texts, one answer after the other; `|` is a pause."""
        super().__init__(profile=WHOLE)
        self._written = written
        self.goes_on = asyncio.Event()
        self.cancelled = 0

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Write the next answer."""
        self.calls.append(call)
        said = self._written[len(self.calls) - 1]
        if isinstance(said, Exception):
            raise said
        text = ""
        try:
            for part in said.split("|"):
                if text and call.heard:
                    for _ in range(3):
                        await asyncio.sleep(0.15)
                        call.heard(text)
                    await self.goes_on.wait()
                text += part
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return saying(text)


def written(text: str = "", *, pause_before: str | None = None) -> str:
    """Return what a good model writes of the small article, with a pause before some section."""
    content = json.dumps(good_draft(text or small_article()))
    return content.replace(f', "{pause_before}"', f'|, "{pause_before}"') if pause_before else content


async def test_g01_a_stream_tells_entries_then_the_record(upstream: FaultyUpstream) -> None:
    """Events are numbered, each entry is told once and without an id, and what ends it is the same record that others get as JSON."""
    async with service_at(upstream.base_url("ok", uuid4().hex), cache_mb=0) as service:
        plain = (await service.extract(small_article())).json()
        async with streaming(service, small_article()) as answer:
            told = [event async for event in events(answer)]

    assert answer.headers["content-type"].split(";")[0] == "text/event-stream"
    assert (answer.headers["x-accel-buffering"], answer.headers["cache-control"]) == ("no", "no-cache")
    assert [event.id for event in told] == [*range(1, len(told) + 1)]
    assert {event.name for event in told[:-2]} == {"progress", "entry"}
    assert [event.name for event in told[-2:]] == ["record", "done"]
    Record.model_validate(told[-2].data, strict=False)
    assert told[-2].data == plain
    for event in told[:-2]:
        SHAPES[event.name].model_validate(event.data, strict=False)
    entries = [(event.data["section"], event.data["entry"]) for event in told if event.name == "entry"]
    assert sorted(section for section, _ in entries) == sorted(
        section for section in ("actors", "targets", "threats", "timelines", "commitments") for _ in plain[section]
    )
    assert not any("id" in entry for _, entry in entries)
    assert next(entry["by"] for section, entry in entries if section == "threats") == ["Valmer"]


async def test_entries_come_while_the_model_still_writes() -> None:
    """What is whole of an unfinished answer is proven and told before the rest is written."""
    model = WritingModel(written(pause_before="targets"))
    async with service_at("http://127.0.0.1:1", reads=model) as service, streaming(service, small_article()) as answer:
        told = []
        async for event in events(answer):
            told.append(event)
            if event.name == "entry":
                assert event.data["section"] == "actors"
                model.goes_on.set()
                break

        assert answer.status_code == 200


@pytest.mark.parametrize(("fault", "status", "code", "calls"), ROWS.values(), ids=[f"g02-{row}" for row in ROWS])
async def test_g02_what_an_endpoint_does_to_a_stream(upstream: FaultyUpstream, fault: str, status: int, code: str | None, calls: int) -> None:
    """Each fault ends the stream with the record, or with the problem that others get; never is it just cut off."""
    token, deadline_s = uuid4().hex, 30 if fault == "aliases-100000" else 5  # twelve thousand events an answer
    async with service_at(upstream.base_url(fault, token), deadline_s=deadline_s) as service, streaming(service, small_article()) as answer:
        told = [event async for event in events(answer)]

    assert answer.status_code == 200
    if status == 200:
        assert [event.name for event in told[-2:]] == ["record", "done"]
    else:
        assert told[-1].name == "error"
        assert (told[-1].data["code"], told[-1].data["status"]) == (code, status)
        assert "record" not in [event.name for event in told]
    assert upstream.tally(fault, token).calls == calls


async def test_g03_what_is_asked_again_is_reset() -> None:
    """Where a half-written answer breaks, what was told of it is taken back, and told anew of the next one."""
    first = written(pause_before="targets") + "]]"
    model = WritingModel(first, written())
    async with service_at("http://127.0.0.1:1", reads=model) as service:
        told = await stream_of(service, small_article(), entries=model.goes_on)

    names = [event.name for event in told]
    reset = names.index("reset")
    assert names.index("entry") < reset
    assert told[reset].data == {"sections": ["actors", "targets", "threats", "timelines", "commitments"], "start": 0, "end": len(small_article())}
    assert "entry" in names[reset:]
    assert names[-2:] == ["record", "done"]


async def test_g04_what_cannot_be_begun_is_a_problem(upstream: FaultyUpstream) -> None:
    """An article that is none, a key that is none, a form that nobody serves: an ordinary status."""
    async with service_at(upstream.base_url("ok", uuid4().hex), api_keys=["a-key-of-some-length-1"]) as service:
        told = [
            await service.client.post("/extract", json={"text": "..."}, headers=STREAM | {"Authorization": "Bearer a-key-of-some-length-1"}),
            await service.client.post("/extract", json={"text": small_article()}, headers=STREAM),
        ]

    assert [(answer.status_code, answer.headers["content-type"]) for answer in told] == [(422, "application/problem+json"), (401, "application/problem+json")]


async def test_g05_who_does_not_read_is_let_go() -> None:
    """A caller who leaves an answer unread loses the connection, and whoever answers is told; others do not notice."""

    class Impatient(BoundedConnection):
        UNREAD_S = 0.5

    left = asyncio.Event()

    @get("/endless")
    async def endless() -> Stream:
        async def parts() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"data: {}\n\n" * 10_000
                    await asyncio.sleep(0)
            finally:
                left.set()

        return Stream(parts)

    @get("/small")
    async def small() -> str:
        return "small"

    app = Litestar([endless, small])
    async with served(app, Settings(), Impatient) as service:
        host, port = service.base_url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port), limit=1)
        writer.write(f"GET /endless HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        others = [(await service.client.get("/small")).status_code for _ in range(3)]
        await asyncio.wait_for(left.wait(), 10)
        writer.close()

    assert others == [200] * 3


async def test_g06_who_leaves_ends_the_call(upstream: FaultyUpstream) -> None:
    """Within a second the call to the endpoint is ended and the turn is free."""
    token = uuid4().hex
    async with service_at(upstream.base_url("hangs", token)) as service:
        async with streaming(service, small_article()) as answer:
            assert answer.status_code == 200
            while not upstream.tally("hangs", token).calls:  # noqa: ASYNC110 - the upstream tells nobody
                await asyncio.sleep(0.01)
        await asyncio.sleep(1)

        assert upstream.tally("hangs", token).cancelled == 1
        assert "vigie_articles_reading 0.0" in (await service.client.get("/metrics")).text


async def test_g07_a_stream_is_not_taken_up_again(upstream: FaultyUpstream) -> None:
    """`Last-Event-ID` is refused, and nothing is read."""
    token = uuid4().hex
    async with service_at(upstream.base_url("ok", token)) as service:
        answer = await service.client.post("/extract", json={"text": small_article()}, headers=STREAM | {"Last-Event-ID": "4"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-parameter")
    assert upstream.tally("ok", token).calls == 0


async def test_g08_words_of_an_article_are_no_events() -> None:
    """Line ends and names of events in a quote stay within the data."""
    text = "Valmer\n\nevent: done\ndata: {}\r\rid: 9\u2028 warned on Tuesday that it would strike the base."
    draft = good_draft(small_article()) | {"threats": [], "targets": [], "timelines": [], "commitments": []}
    draft["actors"] = draft["actors"][:1]
    draft["actors"][0]["aliases"] = ["Valmer\n\nevent: done\ndata: {}"]
    async with service_at("http://127.0.0.1:1", reads=WritingModel(json.dumps(draft))) as service:
        told = await stream_of(service, text)

    assert [event.name for event in told if event.name == "done"] == ["done"]
    assert [event.name for event in told[-2:]] == ["record", "done"]
    assert "\n\nevent: done\n" in told[-2].data["actors"][0]["aliases"][0]


async def test_g09_an_end_in_a_hurry_is_told(upstream: FaultyUpstream) -> None:
    """A service that has to end says `draining` and no more."""
    settings = Settings.model_validate({"model": "reader", "openai_base_url": upstream.base_url("hangs", uuid4().hex), "openai_api_key": "k", "deadline_s": 20})
    app = create_app(settings)
    async with served(app, settings) as service, streaming(service, small_article()) as answer:
        app.state.ending.begin()
        app.state.ending.hurry()
        told = [event async for event in events(answer)]

    assert [(event.name, event.data.get("code")) for event in told[-1:]] == [("error", "draining")]


async def test_g10_http_1_0_is_answered_with_json(upstream: FaultyUpstream) -> None:
    """A client that knows no chunks gets the record if it takes JSON, and else is told."""
    async with service_at(upstream.base_url("ok", uuid4().hex)) as service:
        host, port = service.base_url.removeprefix("http://").split(":")
        answers = []
        for accept in ("text/event-stream, */*;q=0.1", "text/event-stream"):
            reader, writer = await asyncio.open_connection(host, int(port))
            body = json.dumps({"text": small_article()}).encode()
            head = f"POST /extract HTTP/1.0\r\nAccept: {accept}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answers.append((await reader.read()).partition(b"\r\n")[0].split(b" ", 1)[1][:3])
            writer.close()

    assert answers == [b"200", b"406"]


async def test_a_sign_of_life_is_sent_where_there_is_nothing_to_tell(upstream: FaultyUpstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies see a comment before they would close the connection."""
    monkeypatch.setattr(answering, "HEARTBEAT_S", 0.1)
    async with service_at(upstream.base_url("slow-1000", uuid4().hex)) as service, streaming(service, small_article()) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])

    assert raw.count(b"\n: ") + raw.count(b"\r\n: ") >= 3
    assert b"event: done" in raw


async def test_those_who_ask_for_the_same_follow_one_reading() -> None:
    """Who comes later hears what was told before, and the model is asked once."""
    model = WritingModel(written(pause_before="targets"))
    async with service_at("http://127.0.0.1:1", reads=model) as service:
        first = asyncio.ensure_future(stream_of(service, small_article()))
        async with asyncio.timeout(5):
            while not model.calls:  # noqa: ASYNC110 - the model tells nobody
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        second = asyncio.ensure_future(stream_of(service, small_article()))
        await asyncio.sleep(0.2)
        model.goes_on.set()
        told = await asyncio.gather(first, second)

    assert len(model.calls) == 1
    assert [[event.data for event in one if event.name == "entry"] for one in told[:1]] == [[event.data for event in told[1] if event.name == "entry"]]


def names_of(told: Sequence[Told]) -> list[str]:
    """Return the names of events."""
    return [event.name for event in told]


async def test_a_failure_after_entries_takes_them_back() -> None:
    """Where a half-written answer breaks for good, its entries are reset before the error is told."""
    model = WritingModel(written(pause_before="targets") + "]]", UpstreamUnavailable())
    async with service_at("http://127.0.0.1:1", reads=model) as service:
        told = names_of(await stream_of(service, small_article(), entries=model.goes_on))

    assert told[-1] == "error"
    assert told.count("reset") >= 1
    assert "entry" not in told[len(told) - told[::-1].index("reset") :]
