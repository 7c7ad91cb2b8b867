"""What goes around every request, known route or not: its id, its time, and its one line in the log."""

import re
import time
import uuid

from litestar.enums import ScopeType
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from service.farewell import lingering
from service.logs import log
from service.metrics import Metrics
from service.resilience.ending import Ending

#: Asked many times a minute by whoever watches the service: their lines would bury the others.
_PROBES = frozenset({"/livez", "/readyz", "/metrics"})
#: Whoever calls may invent others, each of which would be a metric of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Envelope:
    """ASGI middleware around the whole of the app, since Litestar's own never see a request without a route."""

    def __init__(self, app: ASGIApp, *, mode: str, measures: Metrics, ending: Ending) -> None:
        """Go around `app`; its `mode` is told to callers when it replays, each answer to `measures`, and its `ending` to whoever would come again."""
        self._app, self._measures, self._ending = app, measures, ending
        # Words of an article, markup and all, come back in answers: no browser is to take them for a page.
        self._headers = [(b"x-content-type-options", b"nosniff"), *([(b"vigie-mode", b"replay")] if mode == "replay" else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0
        request_id = _request_id(scope)
        scope["state"]["request_id"] = request_id
        # Whoever serves the request adds facts of its own in the same way; the line below has them all.
        clear_contextvars()
        bind_contextvars(request_id=request_id)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                timing = f"total;dur={_milliseconds_since(began)}".encode()
                ours = [(b"x-request-id", request_id.encode()), (b"server-timing", timing), *self._headers]
                if self._ending.begun:
                    # The next request should go elsewhere; on this connection it could meet the end.
                    ours.append((b"connection", b"close"))
                message["headers"] = [*message.get("headers", ()), *ours]
            await send(message)

        receive_noting, send_lingering = lingering(receive, send_with_headers)
        try:
            await self._app(scope, receive_noting, send_lingering)
        finally:
            if ended := scope["state"].get("ended"):
                ended()
            route = scope.get("path_template")
            write = log.debug if route in _PROBES else log.error if status >= HTTP_500_INTERNAL_SERVER_ERROR else log.info
            # What is streamed is told of by another task, whose context is not ours.
            later = scope["state"].get("facts", {})
            facts = get_contextvars() | later
            write("request", method=scope["method"], route=route, status=status, duration_ms=_milliseconds_since(began), **later)
            self._measures.answered(_known(scope["method"]), route, status, facts.get("code"), time.perf_counter() - began)
            if facts.get("cache"):
                self._measures.cached(facts["cache"])
            clear_contextvars()


def _request_id(scope: Scope) -> str:
    """Return the caller's id of this request, if it is harmless to print, or a fresh one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


def _known(method: str) -> str:
    return method if method in _METHODS else "other"


def _milliseconds_since(began: float) -> float:
    """Return the milliseconds since the reading `began` of the performance counter."""
    return round((time.perf_counter() - began) * 1_000, 1)
