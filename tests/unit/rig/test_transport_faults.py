"""The faults of the way do on the wire what their names say."""

import asyncio
import contextlib
import json
import time
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import OTHER_ARTICLE
from tests.unit.rig.rig_parts import ARTICLE, Wire, asking, eventually, post, said


async def test_a_good_answer_quotes_the_article_that_was_sent(upstream: FaultyUpstream) -> None:
    """The draft holds all that was asked for, in words of the article."""
    draft = json.loads(await said(upstream.base_url("ok", "a")))

    assert list(draft) == ["actors", "targets", "threats", "timelines", "commitments"]
    assert all(len(rows) == (2 if name == "actors" else 1) for name, rows in draft.items())
    assert all(row["quote"] in ARTICLE for row in draft["threats"] + draft["commitments"])


async def test_a_stream_says_the_same(upstream: FaultyUpstream) -> None:
    """The pieces of a streamed answer make up the plain one; its usage comes where it is asked for."""
    plain = await said(upstream.base_url("ok", "a"))
    streamed = await post(upstream.base_url("ok", "a"), asking(stream=True, stream_options={"include_usage": True}))
    events = [json.loads(line.removeprefix("data: ")) for line in streamed.text.splitlines() if line.startswith("data: {")]

    assert streamed.headers["content-type"] == "text/event-stream"
    assert "".join(event["choices"][0]["delta"].get("content", "") for event in events if event["choices"]) == plain
    assert events[-1]["usage"]["prompt_tokens"] == 100
    assert streamed.text.endswith("data: [DONE]\n\n")


async def test_an_answer_by_tool_is_one(upstream: FaultyUpstream) -> None:
    """Where a tool is offered the draft is its argument."""
    answer = await post(upstream.base_url("ok", "a"), asking(tools=[{"type": "function", "function": {"name": "Draft"}}]))
    (call,) = answer.json()["choices"][0]["message"]["tool_calls"]

    assert call["function"]["name"] == "Draft"
    assert json.loads(call["function"]["arguments"])["actors"]


@pytest.mark.parametrize(("fault", "statuses"), [("once-502", [502, 200, 200]), ("status-500", [500] * 3), ("status-425", [425] * 3), ("ok", [200] * 3)])
async def test_statuses_come_in_their_order(upstream: FaultyUpstream, fault: str, statuses: list[int]) -> None:
    """A passing fault passes, a lasting one lasts."""
    assert [(await post(upstream.base_url(fault, "a"))).status_code for _ in statuses] == statuses


async def test_errors_repeat_what_they_must_not(upstream: FaultyUpstream) -> None:
    """An error holds the key and the article, so that a service that passes it on is found out."""
    answer = await post(upstream.base_url("status-401", "a"))

    assert "Bearer rig-key" in answer.text
    assert "rig-marker" in answer.text


@pytest.mark.parametrize(
    ("fault", "header", "value"),
    [
        ("limited-after-3600", "retry-after", "3600"),
        ("limited-after-minus-5", "retry-after", "-5"),
        ("limited-after-nan", "retry-after", "NaN"),
        ("limited-after-ms-1500", "retry-after-ms", "1500"),
        ("limited-for-1", "retry-after", "1"),
    ],
)
async def test_a_limit_says_how_long(upstream: FaultyUpstream, fault: str, header: str, value: str) -> None:
    """Each way of saying it, sound or not."""
    answer = await post(upstream.base_url(fault, "a"))

    assert (answer.status_code, answer.headers[header]) == (429, value)


async def test_a_limit_may_say_a_date(upstream: FaultyUpstream) -> None:
    """A date so many seconds from now."""
    answer = await post(upstream.base_url("limited-after-date-30", "a"))

    assert 27 < (parsedate_to_datetime(answer.headers["retry-after"]) - datetime.now(UTC)).total_seconds() <= 30


async def test_an_outage_ends(upstream: FaultyUpstream) -> None:
    """It lasts as long as its name says, from the first call on."""
    address = upstream.base_url("fails-for-600", "a")
    before = [(await post(address)).status_code for _ in range(2)]
    await asyncio.sleep(0.61)

    assert (before, (await post(address)).status_code) == ([503, 503], 200)


async def test_flapping_fails_as_often_as_it_says(upstream: FaultyUpstream) -> None:
    """About so many in a hundred fail, and the same ones under the same token."""
    statuses = [(await post(upstream.base_url("flapping-50", "a"))).status_code for _ in range(40)]

    assert set(statuses) == {200, 503}
    assert 10 <= statuses.count(503) <= 30


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("closes", httpx2.RemoteProtocolError),
        ("resets", httpx2.ReadError),
        ("resets-midway", httpx2.ReadError),
        ("short-body", httpx2.RemoteProtocolError),
    ],
)
@pytest.mark.parametrize("streams", [False, True])
async def test_connections_break(upstream: FaultyUpstream, fault: str, error: type[Exception], *, streams: bool) -> None:
    """The client learns of it as of the fault that it is."""
    with pytest.raises(error):
        await post(upstream.base_url(fault, "a"), asking(stream=streams))


async def test_half_of_a_body_comes_before_the_reset(upstream: FaultyUpstream) -> None:
    """What was sent can be read; then the connection is reset, not closed."""
    wire = await Wire.to(upstream.base_url("resets-midway", "a"))
    wire.send()
    got = await wire.reader.readexactly(200)
    with pytest.raises(ConnectionResetError):
        await wire.reader.read()
    await wire.close()

    assert got.startswith(b"HTTP/1.1 200 ")
    assert b"chat.completion" in got


@pytest.mark.parametrize(("fault", "least", "most"), [("hangs", 0, 0), ("drips-10", 60, 200), ("hangs-midway", 300, 5_000)])
async def test_some_never_end(upstream: FaultyUpstream, fault: str, least: int, most: int) -> None:
    """They send nothing, or little, or half, until the client leaves: that is counted."""
    wire = await Wire.to(upstream.base_url(fault, "a"))
    wire.send()
    got, ended = await wire.reader.readexactly(least), False
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            while not ended:
                got += (block := await wire.reader.read(1_000))
                ended = not block
    before = upstream.tally(fault, "a").cancelled
    await wire.close()
    await eventually(lambda: upstream.tally(fault, "a").cancelled > before)

    assert not ended
    assert len(got) <= most
    assert (before, upstream.tally(fault, "a").cancelled, upstream.tally(fault, "a").ended) == (0, 1, 0)


@pytest.mark.parametrize(
    ("fault", "start"), [("html", "<!doctype"), ("broken-json", '{"id"'), ("deep-json", '{"choices": [[['), ("ok-with-error", '{"error"'), ("no-choices", "{")]
)
async def test_bodies_that_are_no_completion(upstream: FaultyUpstream, fault: str, start: str) -> None:
    """They come as 200, whole."""
    answer = await post(upstream.base_url(fault, "a"))

    assert answer.status_code == 200
    assert answer.text.startswith(start)


@pytest.mark.parametrize("fault", ["huge-3", "huge-declared-3"])
async def test_a_huge_reply_is_a_sound_one(upstream: FaultyUpstream, fault: str) -> None:
    """It is as large as its name says, told beforehand or not, and could be read by who has the room."""
    answer = await post(upstream.base_url(fault, "a"))

    assert len(answer.json()["choices"][0]["message"]["content"]) == 3_000_000
    assert ("content-length" in answer.headers) == ("declared" in fault)


async def test_a_bomb_is_small_on_the_wire(upstream: FaultyUpstream) -> None:
    """A reply of 20 MB takes less than 100 kB to send, and unpacks without a fault."""
    wire = await Wire.to(upstream.base_url("gzip-bomb-20", "a"))
    wire.send()
    got = await wire.reader.readuntil(b"\r\n0\r\n\r\n")
    await wire.close()
    unpacked = await post(upstream.base_url("gzip-bomb-20", "a"))

    assert len(got) < 100_000
    assert len(unpacked.json()["choices"][0]["message"]["content"]) == 20_000_000
    assert zlib.crc32(unpacked.content)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_lead_to_another_origin(upstream: FaultyUpstream, status: int) -> None:
    """Who follows is counted there; who does not, is not."""
    fault = f"redirects-{status}"
    stayed = await post(upstream.base_url(fault, "stays"))
    before = upstream.elsewhere_connections
    went = await post(upstream.base_url(fault, "goes"), follow_redirects=True)

    assert (stayed.status_code, before, went.status_code) == (status, 0, 200)
    assert upstream.elsewhere(fault, "stays").calls == 0
    # The last two carry the article along; at the others the client comes with a bare GET.
    assert (upstream.elsewhere(fault, "goes").bytes_received > 500) == (status >= 307)
    assert upstream.elsewhere(fault, "goes").calls == 1


async def test_odd_headers_come_with_a_good_answer(upstream: FaultyUpstream) -> None:
    """Cookies, promises and junk, all marked."""
    answer = await post(upstream.base_url("odd-headers", "a"))

    assert answer.status_code == 200
    assert len(answer.headers.get_list("set-cookie")) == 2
    assert answer.headers["x-request-id"] == "rig-cookie"


@pytest.mark.parametrize(("fault", "tokens"), [("usage-missing", None), ("usage-negative", -100), ("usage-huge", 10**18), ("usage-words", "many")])
async def test_usage_that_cannot_be(upstream: FaultyUpstream, fault: str, tokens: object) -> None:
    """The rest of the answer is good."""
    answer = (await post(upstream.base_url(fault, "a"))).json()

    assert (answer.get("usage") or {}).get("prompt_tokens") == tokens
    assert json.loads(answer["choices"][0]["message"]["content"])["actors"]


async def test_the_answer_of_another_article(upstream: FaultyUpstream) -> None:
    """Its quotes stand there, not here."""
    draft = json.loads(await said(upstream.base_url("others-answer", "a")))

    assert draft["threats"][0]["quote"] in OTHER_ARTICLE
    assert draft["threats"][0]["quote"] not in ARTICLE


@pytest.mark.parametrize(("fault", "calls"), [("closes-after", 1), ("closes-at-next", 2)])
async def test_a_kept_connection_is_closed(upstream: FaultyUpstream, fault: str, calls: int) -> None:
    """The first call is answered well, the second not on the same connection: it was closed before, or as the call came."""
    wire = await Wire.to(upstream.base_url(fault, "a"))
    wire.send()
    first = await wire.reader.readuntil(b'"total_tokens": 150}}')
    wire.send()
    second = await wire.reader.read()
    await wire.close()

    assert first.startswith(b"HTTP/1.1 200 ")
    assert b"connection" not in first.lower().partition(b"\r\n\r\n")[0]
    assert second == b""
    assert upstream.tally(fault, "a").calls == calls


async def test_slots_bound_what_is_done_at_once(upstream: FaultyUpstream) -> None:
    """Six calls of 50 ms in two slots take three turns; without slots one."""
    took = []
    for fault in ("slow-50-slots-2", "slow-50"):
        began = time.monotonic()
        await asyncio.gather(*(post(upstream.base_url(fault, "a")) for _ in range(6)))
        took.append(time.monotonic() - began)

    assert upstream.tally("slow-50-slots-2", "a").most_at_once == 2
    assert upstream.tally("slow-50", "a").most_at_once > 2
    assert took[0] >= 0.15
    assert took[1] >= 0.05


async def test_slowness_ends(upstream: FaultyUpstream) -> None:
    """An upstream that is slow at first is quick later."""
    took = []
    for _ in range(2):
        began = time.monotonic()
        await post(upstream.base_url("slow-200-then-1-after-100-slots-9", "a"))
        took.append(time.monotonic() - began)

    assert took[0] >= 0.2
    assert took[1] < took[0]
