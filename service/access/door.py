"""The door: who comes in, with which key, and how often."""

import ipaddress
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import BaseRouteHandler
from structlog.contextvars import bind_contextvars

from service.access.key import Scope
from service.access.keys import KeyRing
from service.access.limiting import Rate
from service.access.limits import Limits
from service.errors import InsufficientScope, InvalidParameter, Unauthorised

#: The header of a key, for callers who cannot set `Authorization: Bearer`.
KEY_HEADER = "X-API-Key"
_SCHEME = "bearer"
#: Wrong keys in a minute from one place, after which it is told to slow down.
_MOST_WRONG = 20
#: What browsers say of a request that no page made, or one of ours. A page of another site may send text without asking, though it never reads the answer.
_OF_OUR_PAGES = frozenset({"none", "same-origin"})
#: How a key is called, or how it begins, where it does not belong.
_KEY_IN_ADDRESS = re.compile(rb"(?:^|[&;])(?:x-)?(?:api[-_]?|access[-_]?)?(?:key|token|authorization)=|\bvg_", re.IGNORECASE)

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who has come in: the id of the key, or that there is none, and how much may be asked at the same time."""

    id: str
    concurrency: int | None


class Door:
    """The door of all routes that need a key. Where the installation has none, everyone comes in."""

    def __init__(self, ring: KeyRing, limits: Limits, *, rate_per_minute: int | None = None, concurrency: int | None = None) -> None:
        """Ask for a key of `ring`, and count in `limits`; the numbers are those of keys without any, and of callers without a key, all of whom are one."""
        self._ring, self._limits, self._rate_per_minute, self._concurrency = ring, limits, rate_per_minute, concurrency
        self._wrong = Rate()

    def asking(self, scope: Scope) -> Guard:
        """Return the guard of routes that `scope` opens; it leaves the `Caller` in the state of the connection."""

        async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
            """Let in who may come in.

            Raises:
                InvalidParameter: A page of another site asks, or the key is in the address, where others see it.
                Unauthorised: There is no such key. The same words whatever was wrong, so that they teach a guesser nothing.
                RateLimited: The caller asks too often, or guesses.
                InsufficientScope: The key opens other doors.
                AuthStoreUnavailable: Nobody can say whether there is such a key.
            """
            if connection.headers.get("sec-fetch-site", "none") not in _OF_OUR_PAGES:
                raise InvalidParameter("Pages of other sites are not served.")
            if _KEY_IN_ADDRESS.search(unquote_to_bytes(connection.scope["query_string"])):
                raise InvalidParameter(f"A key belongs into the header Authorization or {KEY_HEADER}: addresses are kept in logs. Take this one out of use.")
            connection.state.caller = await self._caller(connection, scope)

        return guard

    async def _caller(self, connection: ASGIConnection[Any, Any, Any, Any], scope: Scope) -> Caller:
        if not self._ring.asks:
            await self._limits.take("anonymous", self._rate_per_minute)
            return Caller("anonymous", self._concurrency)
        shown = _shown(connection.headers)
        if not shown:
            raise Unauthorised
        key = self._ring.find(shown)
        if key is None:
            self._wrong.take(_place(connection), _MOST_WRONG)
            raise Unauthorised
        bind_contextvars(key=key.id)
        if not key.opens(scope):
            raise InsufficientScope
        await self._limits.take(key.id, key.rate_per_minute or self._rate_per_minute)
        return Caller(key.id, key.concurrency or self._concurrency)


def _shown(headers: Headers) -> str:
    """Return the key that a request shows, or an empty one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else headers.get(KEY_HEADER, "")


def _place(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return where a connection comes from: the address of its socket, of IPv6 the half that a caller cannot choose at will."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host  # noqa: PLR2004 - of IP
