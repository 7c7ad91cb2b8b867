"""The keys that callers show, and the door that asks for one."""

import hashlib
from collections.abc import Iterable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import BaseRouteHandler
from pydantic import SecretStr

from service.errors import Unauthorised

#: The header of a key, for callers who cannot set `Authorization: Bearer`.
KEY_HEADER = "X-API-Key"
_SCHEME = "bearer"


class KeyRing:
    """The keys that an installation knows. One that knows none asks for none: only loopback is served then, unless the operator wants otherwise."""

    def __init__(self, keys: Iterable[SecretStr]) -> None:
        """Keep the digests of `keys`, never the keys."""
        self._digests = frozenset(_digest(key.get_secret_value()) for key in keys)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self._digests)

    def knows(self, key: str) -> bool:
        """Return whether `key` is one of them. How long that takes depends on its digest, of which a guesser learns nothing."""
        return _digest(key) in self._digests

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        """Guard a route: let through who shows a key that is known, or everyone where there are no keys.

        Raises:
            Unauthorised: There is no such key. The same words whatever was wrong, so that they teach a guesser nothing.
        """
        if self._digests and not self.knows(_shown(connection.headers)):
            raise Unauthorised


def _shown(headers: Headers) -> str:
    """Return the key that a request shows, or an empty one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else headers.get(KEY_HEADER, "")


def _digest(key: str) -> bytes:
    """Return the digest of `key`, whatever characters its sender chose."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
