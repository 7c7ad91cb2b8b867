"""`POST /extract`: an article in, its record out."""

import asyncio
from contextlib import ExitStack
from functools import partial
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import Receive
from structlog.contextvars import bind_contextvars

from service.accepting import preferred
from service.access.door import Caller
from service.access.limits import Limits
from service.caching.repeats import REPEAT_HEADER
from service.disconnect import ClientGone, though_gone, unless_gone
from service.errors import BodyTooLarge, InvalidParameter, NotAcceptable, RequestTimeout
from service.intake import JSON, article_of
from service.reception import Reception
from service.resilience.room import Place, Room
from service.routes.heading import announced_bytes, repeat_key
from service.settings import Settings
from service.streaming.answering import EVENT_STREAM, Streaming

#: Seconds in which a body must arrive.
BODY_TIMEOUT_S = 30.0


@post("/extract", status_code=200)
async def extract(
    request: Request[Any, Any, Any],
    reception: NamedDependency[SkipValidation[Reception]],
    room: NamedDependency[SkipValidation[Room]],
    limits: NamedDependency[SkipValidation[Limits]],
    settings: NamedDependency[SkipValidation[Settings]],
) -> Response[Any]:
    """Return the record of the article in the body, or, to whoever accepts `text/event-stream`, what is found while it is read and then the record."""
    form = _check_headers(request, settings.max_body_bytes)
    key = repeat_key(request)
    if key is not None and not settings.keeps_repeats:
        raise InvalidParameter(f"No records are kept here: send no {REPEAT_HEADER}.")
    caller: Caller = request.state.caller
    with ExitStack() as held:
        held.enter_context(await limits.place(caller.id, caller.concurrency))
        place = held.enter_context(room.place())
        body = await _read_body(request.receive, place, settings.max_body_bytes)
        media_type, parameters = request.content_type
        article = article_of(body, media_type, parameters.get("charset", "utf-8"))
        bind_contextvars(characters=len(article.text))
        deadline_at = asyncio.get_running_loop().time() + settings.deadline_for(article.options.deadline_s)
        read = partial(reception.extract, article, caller.id, deadline_at=deadline_at, repeat_key=key)
        # Whoever names a request will ask for it again, so that it is worth finishing.
        worth_finishing = key is not None
        if form == EVENT_STREAM:
            return await Streaming(request, settings.public_url, worth_finishing).answer(read, held.pop_all())
        received = await (though_gone if worth_finishing else unless_gone)(read(), request.receive)
    bind_contextvars(**received.facts)
    return Response(received.answer.body, media_type=JSON, headers={"Vigie-Cache": received.cache} if received.cache else {})


def _check_headers(request: Request[Any, Any, Any], max_body_bytes: int) -> str:
    """Return the media type of the answer, if the body is worth reading and the answer will be welcome."""
    # Nothing can follow the head of an answer by HTTP/1.0 but its end.
    offered = (JSON, EVENT_STREAM) if request.scope["http_version"] != "1.0" else (JSON,)
    form = preferred(",".join(request.headers.getall("accept", ["*/*"])), offered)
    if form is None:
        raise NotAcceptable(f"Only {' and '.join(offered)} are served here." if len(offered) > 1 else f"Only {JSON} is served by HTTP/1.0.")
    if form == EVENT_STREAM and "last-event-id" in request.headers:
        raise InvalidParameter("A stream cannot be taken up again where it broke: ask anew, without Last-Event-ID.")
    announced = announced_bytes(request)
    if announced > max_body_bytes:
        raise BodyTooLarge(max_body_bytes, announced, "bytes")
    return form


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
