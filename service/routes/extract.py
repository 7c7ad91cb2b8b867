"""`POST /extract`: an article in, its record out."""

import asyncio
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import Receive
from structlog.contextvars import bind_contextvars

from service.access.door import Caller
from service.access.limiting import Concurrency
from service.disconnect import ClientGone, unless_gone
from service.errors import BodyTooLarge, NotAcceptable, RequestTimeout, UnsupportedMediaType
from service.intake import JSON, article_of
from service.reception import Reception
from service.resilience.room import Place, Room
from service.settings import Settings

#: Seconds in which a body must arrive.
BODY_TIMEOUT_S = 30.0


@post("/extract", status_code=200)
async def extract(
    request: Request[Any, Any, Any],
    reception: NamedDependency[SkipValidation[Reception]],
    room: NamedDependency[SkipValidation[Room]],
    concurrency: NamedDependency[SkipValidation[Concurrency]],
    settings: NamedDependency[SkipValidation[Settings]],
) -> Response[bytes]:
    """Return the record of the article in the body."""
    _check_headers(request, settings.max_body_bytes)
    caller: Caller = request.state.caller
    with concurrency.place(caller.id, caller.concurrency), room.place() as place:
        body = await _read_body(request.receive, place, settings.max_body_bytes)
        media_type, parameters = request.content_type
        article = article_of(body, media_type, parameters.get("charset", "utf-8"))
        bind_contextvars(characters=len(article.text))
        deadline_at = asyncio.get_running_loop().time() + settings.deadline_for(article.options.deadline_s)
        received = await unless_gone(reception.extract(article, caller.id, deadline_at=deadline_at), request.receive)
    record = received.record
    how = record.extraction
    bind_contextvars(shared=received.shared or None, calls=how.calls, chunks=how.chunks, **how.usage.model_dump(exclude={"cost_usd"}))
    # Not left to the framework: the same record must be the same bytes.
    return Response(record.model_dump_json().encode(), media_type=JSON, headers={"Vigie-Cache": "shared"} if received.shared else {})


def _check_headers(request: Request[Any, Any, Any], max_body_bytes: int) -> None:
    """Return if the body is worth reading and the answer will be welcome."""
    if not _accepts_json(",".join(request.headers.getall("accept", ["*/*"]))):
        raise NotAcceptable(f"Only {JSON} is served here.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")
    announced = request.headers.get("content-length", "")
    # A length of more than 15 digits is too large whatever it says, and int() would be slow or refuse.
    if announced.isdecimal() and int(announced[:15]) > max_body_bytes:
        raise BodyTooLarge(max_body_bytes, int(announced[:15]), "bytes")


def _accepts_json(accept: str) -> bool:
    """Return whether the header `accept` lets JSON through: its most specific range that covers JSON decides (RFC 9110, 12.5.1)."""
    refused = {}
    for media_range in accept.lower().split(","):
        name, *parameters = (part.strip() for part in media_range.split(";"))
        refused[name] = any(parameter.startswith("q=") and not parameter[2:].strip("0.") for parameter in parameters)
    return next((not refused[name] for name in (JSON, "application/*", "*/*") if name in refused), False)


async def _read_body(receive: Receive, place: Place, max_bytes: int, *, timeout_s: float = BODY_TIMEOUT_S) -> bytes:
    """Return the whole body, at most `max_bytes` of it, for which there must be a `place`.

    Raises:
        NoRoom: There is no room for it.
        BodyTooLarge: It is longer than it may be; no more of it was read.
        RequestTimeout: It did not arrive in time.
        ClientGone: The caller left before its end.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            while (message := await receive())["type"] == "http.request":
                body += message["body"]
                if len(body) > max_bytes:
                    raise BodyTooLarge(max_bytes, None, "bytes")
                place.take(len(message["body"]))
                if not message["more_body"]:
                    return bytes(body)
    except TimeoutError:
        raise RequestTimeout from None
    raise ClientGone
