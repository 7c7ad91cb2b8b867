"""`POST /extract`: an article in, its record out."""

from contextlib import ExitStack
from functools import partial
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from structlog.contextvars import bind_contextvars

from service.access.door import Caller
from service.access.limits import Limits
from service.caching.repeats import REPEAT_HEADER
from service.disconnect import though_gone, unless_gone
from service.errors import InvalidParameter, NotAcceptable
from service.intake import JSON, article_of
from service.reception import Reception
from service.resilience.room import Room
from service.routes.asking import asked
from service.routes.heading import repeat_key, wanted
from service.routes.receiving import check_announced, read_body
from service.settings import Settings
from service.streaming.answering import EVENT_STREAM, Streaming


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
        body = await read_body(request.receive, place, settings.max_body_bytes)
        media_type, parameters = request.content_type
        article = article_of(body, media_type, parameters.get("charset", "utf-8"))
        read = partial(asked(article, caller, reception, settings), repeat_key=key)
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
    form = wanted(request, *offered)
    if form is None:
        raise NotAcceptable(f"Only {' and '.join(offered)} are served here." if len(offered) > 1 else f"Only {JSON} is served by HTTP/1.0.")
    if form == EVENT_STREAM and "last-event-id" in request.headers:
        raise InvalidParameter("A stream cannot be taken up again where it broke: ask anew, without Last-Event-ID.")
    check_announced(request, max_body_bytes)
    return form
