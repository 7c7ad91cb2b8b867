"""There are only so many connections (D26): to callers, of whom there may be more than files can be open, and to the endpoint."""

import asyncio
import resource
from uuid import uuid4

import httpx2
import pytest

from tests.faults.service_at import service_at
from tests.faults.serving_process import serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

#: Files that the service may have open, and callers who come.
MOST_FILES, CALLERS = 64, 200


async def test_d26_the_process_outlives_its_descriptors() -> None:
    """When more callers hold connections than files can be open the process stays, and once they let go it serves as before."""
    async with FaultyUpstream() as upstream, serving_process(upstream.base_url("ok", uuid4().hex)) as (process, address):
        async with httpx2.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
            before = (await client.post("/extract", json={"text": small_article("before")})).status_code
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
        url = httpx2.URL(address)
        held = await asyncio.gather(*(asyncio.open_connection(url.host, url.port) for _ in range(CALLERS)))
        await asyncio.sleep(1)
        turned_away = sum(reader.at_eof() for reader, _ in held)
        for _, writer in held:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in held), return_exceptions=True)
        async with asyncio.timeout(20), httpx2.AsyncClient(base_url=address, timeout=5, trust_env=False) as client:
            while (after := await answer_of(client)) != 200:  # noqa: ASYNC110 - the service tells nobody
                await asyncio.sleep(0.2)

        assert (before, after, process.returncode) == (200, 200, None)
        assert turned_away >= CALLERS - MOST_FILES


async def answer_of(client: httpx2.AsyncClient) -> int | None:
    """Return the status of an answer about an article, if there is one."""
    try:
        return (await client.post("/extract", json={"text": small_article("after")})).status_code
    except httpx2.TransportError:
        return None


async def test_d26_connections_to_the_endpoint_are_bounded() -> None:
    """However many callers there are, no more connections are busy than articles are read at once."""
    token = uuid4().hex
    async with FaultyUpstream() as upstream, service_at(upstream.base_url("slow-50", token), concurrency=3, deadline_s=30) as service:
        answers = await asyncio.gather(*(service.extract(small_article(f"number {number}")) for number in range(8)))

        assert [answer.status_code for answer in answers] == [200] * 8
        assert upstream.tally("slow-50", token).calls == 8
        assert upstream.tally("slow-50", token).most_at_once <= 3
