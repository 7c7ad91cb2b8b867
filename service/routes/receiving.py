"""Reading a body, whichever door it comes to."""

import asyncio
from typing import Any

from litestar import Request
from litestar.types import Receive

from service.disconnect import ClientGone
from service.errors import BodyTooLarge, RequestTimeout
from service.resilience.room import Place
from service.routes.heading import announced_bytes

#: Seconds in which a body must arrive.
BODY_TIMEOUT_S = 30.0


def check_announced(request: Request[Any, Any, Any], max_bytes: int) -> None:
    """Return if the body is worth reading, by what is said of its length.

    Raises:
        UnsupportedMediaType: It is packed.
        BodyTooLarge: It is longer than it may be.
    """
    announced = announced_bytes(request)
    if announced > max_bytes:
        raise BodyTooLarge(max_bytes, announced, "bytes")


async def read_body(receive: Receive, place: Place, max_bytes: int, *, timeout_s: float = BODY_TIMEOUT_S) -> bytes:
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
