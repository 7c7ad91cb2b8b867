"""The door: who comes in, with which key, and how often."""

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import BaseRouteHandler
from structlog.contextvars import bind_contextvars

from service.access.hosts import bare
from service.access.key import Scope
from service.access.keys import KeyRing
from service.access.limiting import Concurrency, Rate
from service.access.limits import Limits
from service.errors import InsufficientScope, InvalidParameter, Overloaded, RateLimited, Unauthorised

#: The header of a key, for callers who cannot set `Authorization: Bearer`.
KEY_HEADER = "X-API-Key"
_SCHEME = "bearer"
#: Wrong keys in a minute from one place, after which it is told to slow down.
_MOST_WRONG = 20
#: Requests at the same time whose bodies are read to see whether there is a key in them: of one place, and of all, so that most of the room is left to those
#: who have shown theirs.
_MOST_WAITING, _MOST_WAITING_OF_ALL = 4, 8
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
        self._wrong, self._waiting, self._waiting_of_all = Rate(), Concurrency(), 0

    def asking(self, scope: Scope) -> Guard:
        """Return the guard of routes that `scope` opens; it leaves the `Caller` in the state of the connection."""

        async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
            """Let in who may come in.

            Raises:
                InvalidParameter: A page of another site asks, or the key is in the address, where others see it.
                VigieError: As `admit` does.
            """
            check_site(connection)
            connection.state.caller = await self.admit(connection, scope)

        return guard

    def can_tell(self, connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
        """Return whether the head of a request is all that is needed to know who asks: it shows a key, or nobody is asked for one."""
        return bool(_shown(connection.headers)) or not self.asks

    @property
    def asks(self) -> bool:
        """Whether callers need a key."""
        return self._ring.asks

    @contextmanager
    def waiting(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Iterator[None]:
        """Have a request wait at the door while nobody knows whose it is: the key may be in its body.

        Raises:
            RateLimited: Too many wait from its place.
            Overloaded: Too many wait.
        """
        with self._waiting.place(_place(connection), _MOST_WAITING):
            if self._waiting_of_all >= _MOST_WAITING_OF_ALL:
                raise Overloaded("Others' forms are being read.", retry_after_s=1)
            self._waiting_of_all += 1
            try:
                yield
            finally:
                self._waiting_of_all -= 1

    @contextmanager
    def blaming(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Iterator[None]:
        """Have whatever fails count as a wrong key of its place: a body that was read in vain has cost as much."""
        try:
            yield
        except Exception:
            with suppress(RateLimited):
                self._wrong.take(_place(connection), _MOST_WRONG)
            raise

    async def admit(self, connection: ASGIConnection[Any, Any, Any, Any], scope: Scope, shown: str | None = None) -> Caller:
        """Return who asks, if they may come in by a door that `scope` opens.

        Args:
            connection: What they ask by.
            scope: What the door is.
            shown: The key where it was shown in the body, or nothing there; None: it is in the head. A body without a key has cost as much as one
                with a wrong one, and counts as one.

        Raises:
            Unauthorised: There is no such key. The same words whatever was wrong, so that they teach a guesser nothing.
            RateLimited: The caller asks too often, or guesses.
            InsufficientScope: The key opens other doors.
            AuthStoreUnavailable: Nobody can say whether there is such a key.
        """
        if not self.asks:
            await self._limits.take("anonymous", self._rate_per_minute)
            return Caller("anonymous", self._concurrency)
        words = _shown(connection.headers) if shown is None else shown
        if not words and shown is None:
            raise Unauthorised
        key = self._ring.find(words) if words else None
        if key is None:
            self._wrong.take(_place(connection), _MOST_WRONG)
            raise Unauthorised
        bind_contextvars(key=key.id)
        if not key.opens(scope):
            raise InsufficientScope
        await self._limits.take(key.id, key.rate_per_minute or self._rate_per_minute)
        return Caller(key.id, key.concurrency or self._concurrency)


def check_site(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Return if a request is not of another site's page, and has no key in its address.

    Raises:
        InvalidParameter: It is, or has.
    """
    if connection.headers.get("sec-fetch-site", "none") not in _OF_OUR_PAGES:
        raise InvalidParameter("Pages of other sites are not served.")
    check_address(connection)


def check_address(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Return if there is no key in the address of a request.

    Raises:
        InvalidParameter: There is.
    """
    if _KEY_IN_ADDRESS.search(unquote_to_bytes(connection.scope["query_string"])):
        raise InvalidParameter(f"A key belongs into the header Authorization or {KEY_HEADER}: addresses are kept in logs. Take this one out of use.")


def check_origin(connection: ASGIConnection[Any, Any, Any, Any], public_url: str | None = None) -> None:
    """Return if a form is not of another site's page, also where the browser is too old, or the connection too open, for it to say more than an origin.

    Args:
        connection: By which the form comes.
        public_url: Under which the page is known, whatever a proxy makes of its name.

    Raises:
        InvalidParameter: It is.
    """
    origin = connection.headers.get("origin")
    if origin is None or "sec-fetch-site" in connection.headers:
        return
    # Without ports: what proxies make of Host has none now and then.
    ours = {bare(connection.headers.get("host", "")), bare(urlsplit(public_url or "").netloc)} - {""}
    if bare(origin.partition("://")[2]) not in ours:
        raise InvalidParameter("Pages of other sites are not served.")


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
