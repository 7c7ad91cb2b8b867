"""Stopping work that nobody waits for any more. ASGI servers go on with a request whose caller has left (litestar-org/litestar#2490)."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.types import Receive
from structlog.contextvars import bind_contextvars

from service.racing import unless

T = TypeVar("T")


class ClientGone(Exception):
    """The caller closed the connection before there was an answer."""


async def unless_gone(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """Return what `work` returns; cancel it if the caller leaves first. The request body must have been read.

    Raises:
        ClientGone: The caller left.
    """
    return await unless(_disconnected(receive), work, ClientGone)


async def though_gone(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """Return what `work` returns; it is done to its end even if the caller leaves. The request body must have been read.

    Raises:
        ClientGone: The caller left before that end.
    """
    leaving = asyncio.ensure_future(_disconnected(receive))
    try:
        done = await work
        if leaving.done():
            raise ClientGone
        return done
    finally:
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)


def answer_nobody(_request: Request[Any, Any, Any], _error: ClientGone) -> Response[None]:
    """Return what only the log will see: 499, as nginx has it."""
    bind_contextvars(code="client-gone")
    return Response(None, status_code=499)


async def _disconnected(receive: Receive) -> None:
    """Return when the caller has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
