"""Endpoints that cannot be reached, or that are not who they should be (D09). What shows certificates needs the command `openssl` (Debian: openssl)."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.faults.service_at import service_at
from tests.rig.authority import OPENSSL, Authority
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="certificates are made with the command openssl, which is not here")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this machine trusts, and no other."""
    made = Authority(tmp_path)
    paths = ssl.get_default_verify_paths()._replace(openssl_cafile=str(made.path), openssl_capath="")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    return made


async def assert_unavailable(base_url: str) -> None:
    """Check that whoever asks for an article is told to come again, and that the service is well."""
    async with service_at(base_url) as service:
        answer = await service.extract(small_article())
        live = await service.client.get("/livez")

    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "upstream-unavailable", True)
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert live.status_code == 200


async def test_d09_nobody_listens() -> None:
    """A connection that is refused is an endpoint that is not available."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    await assert_unavailable(f"http://127.0.0.1:{port}/v1")


async def test_d09_the_name_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a name for which nobody has an address; no article is written for it anywhere else."""
    resolve, asked = socket.getaddrinfo, list[str]()

    def without_the_name(host: Any, *options: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever a resolver takes and gives
        if host in ("llm.invalid", b"llm.invalid"):
            asked.append("llm.invalid")
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *options, **more)

    monkeypatch.setattr(socket, "getaddrinfo", without_the_name)
    await assert_unavailable("http://llm.invalid/v1")

    assert asked


Serving = Callable[[Authority], ssl.SSLContext]


def outdated(authority: Authority) -> ssl.SSLContext:
    """Return how a server speaks that knows no TLS of this decade."""
    context = authority.serving()
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


UNTRUSTED: dict[str, Serving] = {
    "d09-expired": lambda authority: authority.serving(days=-1),
    "d09-other-name": lambda authority: authority.serving("DNS:llm.example,IP:127.0.0.2"),
    "d09-outdated": outdated,
}


@needs_openssl
@pytest.mark.parametrize("serving", UNTRUSTED.values(), ids=UNTRUSTED)
async def test_an_endpoint_that_cannot_prove_itself_is_not_told_of_articles(authority: Authority, serving: Serving) -> None:
    """A certificate that has expired, or is of another name, or TLS that is not safe, ends the connection before a word is said."""
    token = uuid4().hex
    async with FaultyUpstream(tls=serving(authority)) as upstream:
        await assert_unavailable(upstream.base_url("ok", token))

        assert (upstream.connections, upstream.tally("ok", token).bytes_received) == (0, 0)


@needs_openssl
async def test_d09_an_authority_that_nobody_knows_proves_nothing(tmp_path: Path) -> None:
    """Whoever signs for itself is not believed."""
    async with FaultyUpstream(tls=Authority(tmp_path).serving()) as upstream:
        await assert_unavailable(upstream.base_url("ok", "d09"))

        assert upstream.connections == 0


@needs_openssl
async def test_d09_a_certificate_in_order_is_taken(authority: Authority) -> None:
    """What the others are refused for is what is wrong with them: one in which nothing is wrong is believed."""
    async with FaultyUpstream(tls=authority.serving()) as upstream, service_at(upstream.base_url("ok", "d09")) as service:
        answer = await service.extract(small_article())

    assert answer.status_code == 200


async def test_d09_tls_is_never_given_up() -> None:
    """An endpoint that should speak TLS and answers in the clear is told nothing in the clear."""
    heard: list[bytes] = []

    async def answer_in_the_clear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(65_536))
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer_in_the_clear, "127.0.0.1", 0) as server:
        await assert_unavailable(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")

    assert heard
    assert all(said.startswith(b"\x16\x03") for said in heard)  # the handshake of TLS
