"""What the head of a request must say before its body is read, whichever door it comes to."""

import re
from typing import Any

from litestar import Request

from service.accepting import preferred
from service.caching.repeats import REPEAT_HEADER
from service.errors import IdempotencyKeyInvalid, UnsupportedMediaType

_REPEAT_KEY = re.compile(r"[!-~]{1,255}")
#: A length of more digits is too large whatever it says, and int() would be slow or refuse.
_MOST_DIGITS = 15


def wanted(request: Request[Any, Any, Any], *offered: str) -> str | None:
    """Return which of the media types `offered` the caller wants most; None: none of them."""
    return preferred(",".join(request.headers.getall("accept", ["*/*"])), offered)


def announced_bytes(request: Request[Any, Any, Any]) -> int:
    """Return how long the body is said to be; 0 if nothing is said of it.

    Raises:
        UnsupportedMediaType: It is packed, so that its length says nothing.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")
    announced = request.headers.get("content-length", "")
    return int(announced[:_MOST_DIGITS]) if announced.isdecimal() else 0


def repeat_key(request: Request[Any, Any, Any]) -> str | None:
    """Return the key that the caller gave the request, if any.

    Raises:
        IdempotencyKeyInvalid: It is none that could be told from others.
    """
    given = request.headers.getall(REPEAT_HEADER, [])
    if not given:
        return None
    if len(given) > 1 or not _REPEAT_KEY.fullmatch(given[0]):
        raise IdempotencyKeyInvalid("One key of 1 to 255 visible ASCII characters is expected.")
    return given[0]
