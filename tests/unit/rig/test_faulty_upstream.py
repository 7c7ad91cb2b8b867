"""The upstream keeps its faults, its tokens and its counts apart."""

import asyncio
import time

import pytest

from tests.rig.faulty_upstream import CHOSEN, FAULTS, FaultyUpstream
from tests.unit.rig.rig_parts import Wire, asking, client, post


async def test_tokens_are_counted_apart(upstream: FaultyUpstream) -> None:
    """A passing fault passes once for each token; calls and their times are of the token."""
    began = time.monotonic()
    statuses = [(await post(upstream.base_url("once-500", token))).status_code for token in ("a", "b", "b")]

    assert statuses == [500, 500, 200]
    assert (upstream.tally("once-500", "a").calls, upstream.tally("once-500", "b").calls, upstream.tally("ok", "a").calls) == (1, 2, 0)
    assert began < upstream.tally("once-500", "b").times[0] < upstream.tally("once-500", "b").times[1] < time.monotonic()


async def test_connections_and_bytes_are_counted(upstream: FaultyUpstream) -> None:
    """A connection that is kept counts once; each byte of each call counts."""
    address = upstream.base_url("ok", "a")
    async with client() as asks:
        sizes = [int((await asks.post(f"{address}/chat/completions", json=asking())).request.headers["content-length"]) for _ in range(3)]
    await post(address)
    tally = upstream.tally("ok", "a")

    assert (tally.calls, tally.connections, tally.ended, tally.cancelled) == (4, 2, 4, 0)
    assert sum(sizes) * 4 / 3 < tally.bytes_received < sum(sizes) * 4 / 3 + 4 * 500


async def test_who_leaves_while_waiting_is_seen(upstream: FaultyUpstream) -> None:
    """A call that waits for a slot is given up as its client closes, and takes no slot."""
    fault = "slow-100-slots-1"
    first, second = [await Wire.to(upstream.base_url(fault, "a")) for _ in range(2)]
    first.send()
    await asyncio.sleep(0.02)
    second.send()
    await asyncio.sleep(0.02)
    await second.close()
    await first.reader.readuntil(b'"total_tokens": 150}}')
    await first.close()
    tally = upstream.tally(fault, "a")

    assert (tally.calls, tally.cancelled, tally.ended, tally.most_at_once) == (2, 1, 1, 1)


async def test_what_there_is_no_fault_for_is_said(upstream: FaultyUpstream) -> None:
    """A misspelt fault fails where it is asked for, and is none of those that a service knows how to meet."""
    with pytest.raises(KeyError):
        upstream.base_url("once", "a")

    assert (await post(f"{upstream.address}/once/a/v1")).status_code == 418


async def test_a_fault_may_be_that_of_the_article() -> None:
    """Calls to one address meet what was chosen for their articles, and are counted there; what is signed bears the signature."""
    async with FaultyUpstream(lambda article: "status-401" if "wrong" in article else "ok", signature="Ada Signed") as upstream:
        address = upstream.base_url(CHOSEN, "a")
        answers = [await post(address, asking(article)) for article in ("right", "wrong")]

    assert [answer.status_code for answer in answers] == [200, 401]
    assert all("Ada Signed" in answer.text for answer in answers)
    assert [upstream.tally(fault, "a").calls for fault in ("ok", "status-401", CHOSEN)] == [1, 1, 0]


async def test_noise_harms_nobody(upstream: FaultyUpstream) -> None:
    """A client that speaks no HTTP, or leaves at once, is let go; others are served."""
    for noise in (b"", b"\x16\x03\x01 no HTTP\r\n\r\n", b"POST /ok/a/v1/chat/completions HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        wire = await Wire.to(upstream.base_url("ok", "a"))
        wire.writer.write(noise)
        await wire.close()

    assert (await post(upstream.base_url("ok", "a"))).status_code == 200


async def test_closing_ends_what_hangs() -> None:
    """No connection outlives the upstream."""
    async with FaultyUpstream() as upstream:
        wire = await Wire.to(upstream.base_url("hangs", "a"))
        wire.send()
        await asyncio.sleep(0.02)
    rest = await asyncio.wait_for(wire.reader.read(), 1)
    await wire.close()

    assert rest == b""


def test_every_row_that_an_upstream_can_play_is_played() -> None:
    """Rows D01 to D25 and E01 to E15 of the matrix, but for those that need no upstream (D09, D23) or that the article decides (E11)."""
    played = {row for fault in FAULTS.values() for row in fault.rows.split()}
    wanted = {f"D{number:02}" for number in range(1, 26)} | {f"E{number:02}" for number in range(1, 16)}

    assert wanted - played == {"D09", "D23", "E11"}
