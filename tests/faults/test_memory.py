"""How much memory a request takes at most (G9; A09, D16)."""

import json
from uuid import uuid4

import httpx2
import pytest

from schemas.article import MAX_ARTICLE_CHARS
from tests.faults.serving_process import Footprint, serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

MIB = 1 << 20
#: Growth by a request, in its own size, by a reply of the endpoint and by the longest article, in bytes.
MOST_TIMES, MOST_OF_REPLY, MOST_OF_ARTICLE = 10, 8 * MIB, 16 * MIB


def sized(part: bytes, mib: float) -> bytes:
    """Return `part` over and over, in nearly so many MiB."""
    return part * (int(mib * MIB - 64) // len(part))


#: What is no article: its content for so many MiB.
RUBBISH = {
    "no JSON": lambda mib: sized(b"rubbish ", mib),
    "lists": lambda mib: b"[" + sized(b"[],", mib) + b"[]]",
    "objects": lambda mib: b'{"text": "a", "x": [' + sized(b"{},", mib) + b"{}]}",
    "numbers": lambda mib: b"[" + sized(b"1,", mib) + b"1]",
    "strings": lambda mib: b"[" + sized(b'"",', mib) + b'""]',
    "depth": lambda mib: sized(b"[", mib),
    "too long a text": lambda mib: b'{"text": "' + sized(b"A word. ", mib) + b'"}',
    "escapes": lambda mib: b'{"text": "' + sized(b"\\u0061\\u0020", mib) + b'"}',
}
#: The longest articles, by what they are made of.
LONGEST = {
    "small articles": f"{small_article()} ",
    "no spaces": "瓦尔默周五威胁要炮击特尔恩的军事基地。医院仍然开放。",
    "words of one letter": "a ",
    "four bytes each": "\U0001d49c ",
}


async def growth(client: httpx2.AsyncClient, footprint: Footprint, body: bytes) -> tuple[int, int]:
    """Return the status of the answer to a body, and the bytes by which the memory of the service grew meanwhile at most."""
    footprint.forget()
    before = footprint.bytes_now
    answer = await client.post("/extract", content=body, headers={"Content-Type": "application/json"})
    return answer.status_code, footprint.bytes_at_most - before


async def growths(fault: str, bodies: list[bytes]) -> list[tuple[int, int]]:
    """Return the same for bodies that come one after the other, to a service that is warm: it has read an article."""
    async with (
        FaultyUpstream() as upstream,
        serving_process(upstream.base_url(fault, uuid4().hex)) as (serving, address),
        httpx2.AsyncClient(base_url=address, timeout=70, trust_env=False) as client,
    ):
        footprint = Footprint(serving.pid)
        # Fewer than make the breaker open.
        for number in range(4):
            await growth(client, footprint, json.dumps({"text": small_article(f"number {number}")}).encode())
        return [await growth(client, footprint, body) for body in bodies]


async def test_g9_a09_what_is_refused_takes_little() -> None:
    """Of 4 MiB, whatever they are, no more than 40 MiB are made."""
    bodies = [RUBBISH[name](4) for name in ("lists", "objects", "numbers")]
    for status, bytes_more in await growths("ok", bodies):
        assert (status, bytes_more <= MOST_TIMES * 4 * MIB) == (400, True)


async def no_reply_takes_much(fault: str) -> None:
    """Try it."""
    bodies = [json.dumps({"text": small_article(f"further {number}")}).encode() for number in range(3)]
    for status, bytes_more in await growths(fault, bodies):
        print(f"{fault}: {status}, {bytes_more / MIB:.1f} MiB more")  # noqa: T201 - figures for the page
        assert (status, bytes_more <= MOST_OF_REPLY) == (502, True)


async def test_g9_d16_no_reply_takes_much() -> None:
    """Of 100 MB no more than 8 MiB are kept, each time anew."""
    await no_reply_takes_much("huge-100")


@pytest.mark.prove
@pytest.mark.parametrize("fault", ["huge-declared-100", "gzip-bomb-100", "gzip-bomb-1000"])
async def test_g9_d16_nor_what_it_unpacks_to(fault: str) -> None:
    """Nor of what says how long it is, or unpacks to as much or more."""
    await no_reply_takes_much(fault)


@pytest.mark.prove
@pytest.mark.parametrize("name", RUBBISH)
async def test_g9_a09_no_rubbish_takes_much(name: str) -> None:
    """Nor of 1 or 2 MiB, nor of anything else, in a service that has seen none of it before."""
    for mib in (1, 2, 4):
        ((status, bytes_more),) = await growths("ok", [RUBBISH[name](mib)])
        print(f"{name}, {mib} MiB: {status}, {bytes_more / mib / MIB:.1f} times")  # noqa: T201 - figures for the page
        assert status in (200, 400, 413)
        assert bytes_more <= MOST_TIMES * mib * MIB


@pytest.mark.prove
@pytest.mark.parametrize("name", LONGEST)
async def test_g9_a09_the_longest_articles(name: str) -> None:
    """What is made of the text of one of them is more than ten times its bytes, and no more than 16 MiB, whether or not it comes escaped."""
    text = (LONGEST[name] * MAX_ARTICLE_CHARS)[:MAX_ARTICLE_CHARS]
    bodies = [json.dumps({"text": text}, ensure_ascii=escaped).encode() for escaped in (False, True)]
    # What is known of a language is read once, with the first article in it.
    _, *grown = await growths("ok", [json.dumps({"text": text[:1_000]}).encode(), *bodies])
    for body, (status, bytes_more) in zip(bodies, grown, strict=True):
        print(f"{name}, {len(body) / MIB:.1f} MiB: {status}, {bytes_more / MIB:.1f} MiB more")  # noqa: T201 - figures for the page
        assert status == 200
        assert bytes_more <= MOST_OF_ARTICLE
