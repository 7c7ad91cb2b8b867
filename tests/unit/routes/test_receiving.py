"""Reading a body, however it comes."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from service.disconnect import ClientGone
from service.errors import BodyTooLarge, NoRoom, RequestTimeout
from service.resilience.room import Place, Room
from service.routes.receiving import read_body


def messages(*parts: bytes, then: str = "http.disconnect") -> Iterator[dict[str, Any]]:
    """Yield the ASGI messages of a body that does not end."""
    yield from ({"type": "http.request", "body": part, "more_body": True} for part in parts)
    yield {"type": then}


async def test_a10_a_body_without_length_is_refused_at_the_limit() -> None:
    """Of a body that never says how long it is, no more than the limit is kept."""
    arriving = messages(*[b"a" * 100] * 50)

    async def receive() -> Any:  # noqa: ANN401 - an ASGI message
        return next(arriving)

    with pytest.raises(BodyTooLarge):
        await read_body(receive, Place(Room(4_096)), 1_024)
    assert len([*arriving]) == 50 - 11 + 1


async def test_a16_a_slow_body_times_out() -> None:
    """Half a body and then silence ends the request."""
    with pytest.raises(RequestTimeout):
        await read_body(asyncio.Event().wait, Place(Room(4_096)), 1_024, timeout_s=0.01)  # type: ignore[arg-type]


async def test_a16_a_body_that_drips_times_out() -> None:
    """A body that comes byte by byte has no more time than any other."""
    arrived = []

    async def drip() -> Any:  # noqa: ANN401 - an ASGI message
        await asyncio.sleep(0.01)
        arrived.append(b"a")
        return {"type": "http.request", "body": b"a", "more_body": True}

    with pytest.raises(RequestTimeout):
        await read_body(drip, Place(Room(4_096)), 1_024, timeout_s=0.1)
    assert 1 <= len(arrived) <= 10


async def test_a_caller_may_leave_within_the_body() -> None:
    """A caller who leaves before the body's end is not answered."""
    arriving = messages(b"a")

    async def receive() -> Any:  # noqa: ANN401 - an ASGI message
        return next(arriving)

    with pytest.raises(ClientGone):
        await read_body(receive, Place(Room(4_096)), 1_024)


async def test_a_body_is_put_together_of_its_parts() -> None:
    """However it is cut, it is what was sent, and it is counted."""
    parts = [b"a" * 100, b"", b"b"]
    arriving = iter([{"type": "http.request", "body": part, "more_body": bool(part != b"b")} for part in parts])
    room = Room(101)

    async def receive() -> Any:  # noqa: ANN401 - an ASGI message
        return next(arriving)

    assert await read_body(receive, Place(room), 101) == b"".join(parts)
    assert room.held_bytes == 101


async def test_a_body_for_which_there_is_no_room_is_not_read() -> None:
    """What others hold leaves too little."""
    arriving = messages(b"a" * 100)

    async def receive() -> Any:  # noqa: ANN401 - an ASGI message
        return next(arriving)

    with pytest.raises(NoRoom):
        await read_body(receive, Place(Room(99)), 1_024)
