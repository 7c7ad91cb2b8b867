"""Faults of the way to a model: what an endpoint, or something before it, does in place of answering. A `#` in a name stands for a number.

Sizes are in MB, times in milliseconds, but for `limited-…`, which count seconds as `Retry-After` does.
"""

import asyncio
import json
import math
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from tests.rig.asked import Asked
from tests.rig.exchange import Act, Exchange, Fault
from tests.rig.replies import Said, completion, wrapped
from tests.rig.small_article import OTHER_ARTICLE, good_draft

_JSON = (("Content-Type", "application/json"),)
_MB = b" " * 1_000_000
_GZIP = 31  # for zlib: with the head and the end of a gzip file
_CONTENT = '"content": "'
_LOGIN = b"<!doctype html><title>Sign in</title><form><input name=user><input name=password></form>"
_ODD_HEADERS = (
    ("Set-Cookie", "session=rig-cookie; Path=/; HttpOnly"),
    ("Set-Cookie", "other=rig-cookie"),
    ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
    ("Alt-Svc", 'h3=":443"; ma=86400'),
    ("Location", "http://rig-cookie.invalid/"),
    ("Retry-After", "3600"),
    ("X-Request-ID", "rig-cookie"),
    ("X-Odd", "rig-cookie \xe9 " + "x" * 4_000),
    ("Server", "rig-cookie"),
)


async def ok(call: Exchange) -> None:
    """Answer well."""
    await call.good()


async def slow(call: Exchange) -> None:
    """Answer well after so long, in one of so many slots."""
    latency, *slots = call.values
    await call.tally.work(latency / 1_000, *slots)
    await call.good()


async def slow_then(call: Exchange) -> None:
    """Be so slow at first, otherwise slow after so long, in one of so many slots."""
    first, then, after, slots = call.values
    await call.tally.work((first if call.since_first_s < after / 1_000 else then) / 1_000, slots)
    await call.good()


async def once(call: Exchange) -> None:
    """Fail at the first call."""
    await (call.fail(call.values[0]) if call.number == 1 else call.good())


async def status(call: Exchange) -> None:
    """Fail at each call."""
    await call.fail(call.values[0])


async def fails_for(call: Exchange) -> None:
    """Fail for so long after the first call; then be so slow, in one of so many slots, where that is said."""
    outage, *latency = call.values
    if call.since_first_s < outage / 1_000:
        await call.fail(HTTPStatus.SERVICE_UNAVAILABLE)
        return
    if latency:
        await call.tally.work(latency[0] / 1_000, latency[1])
    await call.good()


async def flapping(call: Exchange) -> None:
    """Fail at so many calls in a hundred, the same ones each time."""
    chance = zlib.crc32(f"{call.place}/{call.number}".encode()) % 100
    await (call.fail(HTTPStatus.SERVICE_UNAVAILABLE) if chance < call.values[0] else call.good())


def limited(header: str, value: str) -> Act:
    """Return the fault that always says too many, and so long to wait; `{}` stands for the number of the fault."""

    async def act(call: Exchange) -> None:
        await call.fail(HTTPStatus.TOO_MANY_REQUESTS, [(header, value.format(*call.values))])

    return act


async def limited_until_date(call: Exchange) -> None:
    """Say too many, and when to come back."""
    when = datetime.now(UTC) + timedelta(seconds=call.values[0])
    await call.fail(HTTPStatus.TOO_MANY_REQUESTS, [("Retry-After", format_datetime(when, usegmt=True))])


async def limited_for(call: Exchange) -> None:
    """Say too many until so long after the first call, and how long that is."""
    left = call.values[0] - call.since_first_s
    await (call.fail(HTTPStatus.TOO_MANY_REQUESTS, [("Retry-After", str(math.ceil(left)))]) if left > 0 else call.good())


async def no_quota(call: Exchange) -> None:
    """Say that the account is empty."""
    await call.fail(HTTPStatus.TOO_MANY_REQUESTS, [("Retry-After", "1")], code="insufficient_quota")


async def no_model(call: Exchange) -> None:
    """Say that there is no such model."""
    await call.fail(HTTPStatus.NOT_FOUND, code="model_not_found")


async def too_long(call: Exchange) -> None:
    """Say that the conversation is longer than the context."""
    message = "This model's maximum context length is 4096 tokens."
    await call.answer(HTTPStatus.BAD_REQUEST, _JSON, json.dumps({"error": {"message": message, "code": "context_length_exceeded"}}).encode())


async def closes(call: Exchange) -> None:
    """Close without a byte."""
    call.close()


async def resets(call: Exchange) -> None:
    """Reset without a byte."""
    call.reset()


async def resets_midway(call: Exchange) -> None:
    """Reset after half of the body."""
    await _half(call)
    await asyncio.sleep(0.02)  # a reset takes away what has not been read
    call.reset()


async def short_body(call: Exchange) -> None:
    """Close after half of the body that was announced."""
    await _half(call)
    call.close()


async def hangs(call: Exchange) -> None:
    """Never send a byte."""
    await asyncio.Event().wait()


async def hangs_midway(call: Exchange) -> None:
    """Send half of the body, and then nothing."""
    await _half(call)
    await asyncio.Event().wait()


async def drips(call: Exchange) -> None:
    """Send one byte at a time, for ever: of an answer that never comes to its point."""
    call.start(HTTPStatus.OK, [("Content-Type", wrapped(Said(""), call.asked).content_type), ("Content-Length", "1000000000")])
    while True:
        await call.send(b" " if not call.asked.streams else b":")
        await asyncio.sleep(call.values[0] / 1_000)


def says(content_type: str, body: bytes) -> Act:
    """Return the fault that answers 200 with this `body`."""

    async def act(call: Exchange) -> None:
        await call.answer(HTTPStatus.OK, [("Content-Type", content_type)], body)

    return act


def envelope(**changes: object) -> Act:
    """Return the fault that answers with a completion in which these fields are changed; those that are `None` are left out."""

    async def act(call: Exchange) -> None:
        await _send_envelope(call, {name: value for name, value in (completion(Said(call.draft), call.asked) | changes).items() if value is not None})

    return act


async def echoes_error(call: Exchange) -> None:
    """Answer 200 with an error."""
    await _send_envelope(call, {"error": {"message": f"{call.head.headers.get('authorization')} {call.asked.article}", "code": 500}})


async def huge(call: Exchange) -> None:
    """Answer with so many MB, of which nobody is told beforehand."""
    start, end = _hollow(call.asked)
    await call.stream(_JSON, _blocks(start, end, call.values[0]))


async def huge_declared(call: Exchange) -> None:
    """Answer with so many MB, and say so."""
    start, end = _hollow(call.asked)
    call.start(HTTPStatus.OK, [*_JSON, ("Content-Length", str(len(start) + len(end) + call.values[0] * len(_MB)))])
    for block in _blocks(start, end, call.values[0]):
        await call.send(block)


async def gzip_bomb(call: Exchange) -> None:
    """Answer with a thousandth of what it unpacks to, so many MB."""
    await call.stream([*_JSON, ("Content-Encoding", "gzip")], _packed(*_hollow(call.asked), call.values[0]))


async def redirects(call: Exchange) -> None:
    """Send the client to another origin, which would answer it."""
    location = f"{call.elsewhere}/{call.place}/v1/chat/completions"
    await call.answer(call.values[0], [("Location", location)], b"")


async def odd_headers(call: Exchange) -> None:
    """Answer well, with headers that are nobody's business; each value that must go no further holds `rig-cookie`."""
    await call.good(_ODD_HEADERS)


def used(usage: dict[str, Any] | None) -> Act:
    """Return the fault that answers well but for the `usage`."""

    async def act(call: Exchange) -> None:
        await call.say(Said(call.draft, usage=usage))

    return act


async def others_answer(call: Exchange) -> None:
    """Give the answer that another article should have had."""
    draft = good_draft(OTHER_ARTICLE)
    await call.say(Said(json.dumps({section: draft[section] for section in call.asked.sections})))


async def closes_after(call: Exchange) -> None:
    """Answer well and close the connection at once, without having said so."""
    await call.good()
    call.close()


async def closes_at_next(call: Exchange) -> None:
    """Answer well, and close the connection when the next call comes on it."""
    if call.on_connection > 1:
        call.close()
    else:
        await call.good()


async def _half(call: Exchange) -> None:
    reply = wrapped(Said(call.draft), call.asked)
    call.start(HTTPStatus.OK, [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))])
    await call.send(reply.body[: len(reply.body) // 2])


async def _send_envelope(call: Exchange, content: dict[str, Any]) -> None:
    """Send an envelope of any kind: as the only event of a stream, where one was asked for."""
    body = json.dumps(content).encode()
    if call.asked.streams:
        await call.answer(HTTPStatus.OK, [("Content-Type", "text/event-stream")], b"data: " + body + b"\n\ndata: [DONE]\n\n")
    else:
        await call.answer(HTTPStatus.OK, _JSON, body)


def _hollow(asked: Asked) -> tuple[bytes, bytes]:
    """Return the two ends of a good reply whose content is yet to come."""
    plain = Asked(json.dumps({"model": asked.content.get("model", "rig")}).encode())
    start, mark, end = json.dumps(completion(Said(""), plain)).partition(_CONTENT)
    return (start + mark).encode(), end.encode()


def _blocks(start: bytes, end: bytes, count: int) -> Iterator[bytes]:
    yield start
    for _ in range(count):
        yield _MB
    yield end


async def _packed(start: bytes, end: bytes, count: int) -> AsyncIterator[bytes]:
    """Yield `start`, so many MB and `end`, packed. After a full flush the same bytes always pack alike, so that they are packed but once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    yield packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    once_packed = packer.compress(_MB) + packer.flush(zlib.Z_FULL_FLUSH)
    check = zlib.crc32(start)
    for _ in range(count):
        check = zlib.crc32(_MB, check)
        yield once_packed
        await asyncio.sleep(0)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    size = (len(start) + count * len(_MB) + len(end)) % 2**32
    yield last.compress(end) + last.flush() + zlib.crc32(end, check).to_bytes(4, "little") + size.to_bytes(4, "little")


#: Each fault of the way, by its name.
TRANSPORT_FAULTS: Mapping[str, Fault] = {
    "ok": Fault("-", ok),
    "slow-#": Fault("D20 F", slow),
    "slow-#-slots-#": Fault("D20 F", slow),
    "slow-#-then-#-after-#-slots-#": Fault("D20", slow_then),
    "once-#": Fault("D01 D08", once),
    "status-#": Fault("D02 D06 D07 D08", status),
    "limited-after-#": Fault("D03 D04", limited("Retry-After", "{}")),
    "limited-after-minus-#": Fault("D04", limited("Retry-After", "-{}")),
    "limited-after-nan": Fault("D04", limited("Retry-After", "NaN")),
    "limited-after-date-#": Fault("D04", limited_until_date),
    "limited-after-ms-#": Fault("D04", limited("retry-after-ms", "{}")),
    "limited-for-#": Fault("D03", limited_for),
    "no-quota": Fault("D05", no_quota),
    "no-model": Fault("D06", no_model),
    "too-long": Fault("B03", too_long),
    "closes": Fault("D10", closes),
    "resets": Fault("D10", resets),
    "resets-midway": Fault("D10", resets_midway),
    "short-body": Fault("D10", short_body),
    "hangs": Fault("D11", hangs),
    "hangs-midway": Fault("D11", hangs_midway),
    "drips-#": Fault("D12", drips),
    "html": Fault("D13", says("text/html", _LOGIN)),
    "broken-json": Fault("D14", says("application/json", b'{"id": "c1", "choices": [{"index": 0, "message": {"content": ')),
    "deep-json": Fault("D14", says("application/json", b'{"choices": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")),
    "no-json": Fault("D14", says("application/json", b"\xff\xfe no JSON")),
    "ok-with-error": Fault("D15", echoes_error),
    "no-choices": Fault("D15", envelope(choices=[])),
    "choices-missing": Fault("D15", envelope(choices=None)),
    "message-missing": Fault("D15", envelope(choices=[{"index": 0, "finish_reason": "stop"}])),
    "huge-#": Fault("D16", huge),
    "huge-declared-#": Fault("D16", huge_declared),
    "gzip-bomb-#": Fault("D16", gzip_bomb),
    "redirects-#": Fault("D17", redirects),
    "odd-headers": Fault("D18", odd_headers),
    "usage-missing": Fault("D19", used(None)),
    "usage-negative": Fault("D19", used({"prompt_tokens": -100, "completion_tokens": -50, "total_tokens": -150})),
    "usage-huge": Fault("D19", used({"prompt_tokens": 10**18, "completion_tokens": 10**18, "total_tokens": 2 * 10**18})),
    "usage-words": Fault("D19", used({"prompt_tokens": "many", "completion_tokens": [], "total_tokens": None})),
    "fails-for-#": Fault("D21 G4", fails_for),
    "fails-for-#-slow-#-slots-#": Fault("D21 G4", fails_for),
    "flapping-#": Fault("D22", flapping),
    "others-answer": Fault("D24", others_answer),
    "closes-after": Fault("D25", closes_after),
    "closes-at-next": Fault("D25", closes_at_next),
}
