"""What tests of the rig ask a faulty upstream with: a client of our own that asks once, and the bare wire."""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.rig.small_article import small_article
from tests.rig.wire import head_of

ARTICLE = small_article("rig-marker")


def asking(article: str = ARTICLE, **more: object) -> dict[str, Any]:
    """Return the body of a call about an article, as the service words it."""
    words = f'<article id="0badcafe">\ntitle: A title\n{article}\n</article id="0badcafe">\n\nForm `actors`: all.\nForm `targets`: all.\nForm `threats`: all.'
    messages = [{"role": "system", "content": "Read."}, {"role": "user", "content": f"{words}\nForm `timelines`: all.\nForm `commitments`: all."}]
    return {"model": "reader", "messages": messages, "max_completion_tokens": 100, **more}


def asking_again() -> dict[str, Any]:
    """Return the body of a second question about an article."""
    body = asking()
    return body | {"messages": [*body["messages"], {"role": "user", "content": "Once more."}]}


def client() -> httpx2.AsyncClient:
    """Return a client that is made in no time: it knows no certificates."""
    return httpx2.AsyncClient(trust_env=False, headers={"Authorization": "Bearer rig-key"}, timeout=10, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


async def post(base_url: str, body: Mapping[str, Any] | None = None, *, follow_redirects: bool = False) -> httpx2.Response:
    """Return the answer to one call on a connection of its own."""
    async with client() as asks:
        return await asks.post(f"{base_url}/chat/completions", json=body or asking(), follow_redirects=follow_redirects)


async def said(base_url: str, body: Mapping[str, Any] | None = None) -> str:
    """Return the content of the answer to one call."""
    answer = await post(base_url, body)
    content = answer.json()["choices"][0]["message"]["content"]
    assert isinstance(content, str)
    return content


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is so.

    Raises:
        TimeoutError: It is not.
    """
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - whatever is waited for has no event
            await asyncio.sleep(0.01)


class Wire:
    """A bare connection to an upstream."""

    def __init__(self, base_url: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep both ends."""
        self._path = f"{urlsplit(base_url).path}/chat/completions"
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, base_url: str) -> "Wire":
        """Connect."""
        parts = urlsplit(base_url)
        return cls(base_url, *await asyncio.open_connection(parts.hostname, parts.port))

    def send(self, body: Mapping[str, Any] | None = None) -> None:
        """Send one call."""
        content = json.dumps(body or asking()).encode()
        self.writer.write(head_of(f"POST {self._path} HTTP/1.1", [("Host", "a"), ("Content-Length", str(len(content)))]) + content)

    async def close(self) -> None:
        """Leave."""
        self.writer.close()
        await asyncio.sleep(0)
