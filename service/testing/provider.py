"""The endpoint of a model for those who mock HTTP with respx: a live service, or any code that asks a model as Vigie does, reads what a test says."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx
import httpx2

from schemas.record import Record
from service.testing.endpoint import Endpoint
from service.testing.entries import Entry

if TYPE_CHECKING:
    import respx

#: Where OpenAI's own endpoint is.
OPENAI = "https://api.openai.com/v1"


class _NothingCame(httpx.ReadTimeout, httpx2.ReadTimeout):  # type: ignore[misc]  # the same code, twice
    """No answer in time, to clients of either library."""


class _BrokeOff(httpx.RemoteProtocolError, httpx2.RemoteProtocolError):  # type: ignore[misc]  # as above
    """The end of a connection, to clients of either library."""


def openai_route(
    router: "respx.MockRouter",
    *entries: Entry,
    record: Record | Mapping[str, Any] | None = None,
    fails: str | None = None,
    article: str | None = None,
    base_url: str = OPENAI,
) -> "respx.Route":
    """Have `router` answer as the provider of a model that finds `entries` would; return the route, which counts its calls.

    The router may be respx's own, for `httpx`, or one that is `using="httpcore2"`, for `httpx2`, which the client of OpenAI uses.

    Args:
        router: Takes the route.
        entries: What the model finds: `service.testing.threat` and the others.
        record: What it finds besides, as a record (`entries_of`).
        fails: The name of a fault (`FAULTS`) that befalls every call.
        article: The text of the article, if that is longer than one piece.
        base_url: The address of the endpoint, as in `OPENAI_BASE_URL`.

    Raises:
        ValueError: There is no such fault.
    """
    endpoint = Endpoint(entries, record=record, fails=fails, article=article)

    def answer(request: httpx.Request) -> httpx.Response:
        try:
            reply = endpoint.answer(request.content)
        except TimeoutError:
            raise _NothingCame("nothing came", request=request) from None
        except ConnectionError:
            raise _BrokeOff("it broke off", request=request) from None
        return httpx.Response(reply.status, headers=reply.headers, content=reply.body)

    return router.post(f"{base_url.rstrip('/')}/chat/completions").mock(side_effect=answer)
