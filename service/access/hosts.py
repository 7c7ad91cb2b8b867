"""The names under which callers may reach the service."""

import re
from collections.abc import Iterable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service.errors import InvalidParameter

#: Under which only this machine reaches the service. A page of another site can give its own name this machine's address (DNS rebinding), but not take these.
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_PORT = re.compile(r":\d*$")


class AllowedHosts:
    """Names of the service, in any case, with any port, with or without the dot of the root; if there are none, every name will do."""

    def __init__(self, names: Iterable[str]) -> None:
        """Keep the `names`."""
        self._names = frozenset(map(bare, names))

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        """Guard a route. Awaits nothing: what does not say so is given a thread.

        Raises:
            InvalidParameter: The request is not for us, or does not say for whom it is.
        """
        hosts = connection.headers.getall("host", [])
        if len(hosts) > 1 or (not hosts and connection.scope["http_version"] != "1.0"):
            raise InvalidParameter("A request has one header Host.")
        if self._names and bare("".join(hosts)) not in self._names:
            raise InvalidParameter("The header Host names another service.")


def bare(host: str) -> str:
    """Return `host` as it is compared: without its port."""
    return _PORT.sub("", host).removesuffix(".").lower()
