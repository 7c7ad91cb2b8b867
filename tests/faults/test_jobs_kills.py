"""Everything that has to do with a job is killed again and again while it is read, at any moment: no article is lost, and none has two results (G5)."""

import asyncio
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import httpx2
import psycopg
import pytest

from service.models.exchanges import Folder
from tests.faults.followed_job import Caller
from tests.faults.service_at import service_at
from tests.faults.shaken_installation import WEIGHTS, Installation
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.postgres import embedded
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

#: Of which every run is made; another one is another run.
SEED = 17
#: Callers who ask at the same time while answers are recorded.
_RECORDING = 8
#: Of the articles, those after which nothing is killed any more: their readers are to be there when it is over.
_QUIET_FROM = 0.97
#: Seconds after which something is killed even if no article has ended: there may be nobody to end one.
_IMPATIENT_S = 2.0
#: Between these seconds and a moment later what is due is killed: not always when an article has just ended.
_JITTER_S = 0.3
#: Of a hundred kills, those that hit the service while the job is handed in.
_AT_FIRST = 3
#: Every so many blows the job is handed in again.
_AGAIN = 15
#: What a claim takes that nobody renews: the dead's. The living say every second that they hold on to theirs.
_EXPIRE = """
    update items set lease_until = '-infinity', lease = '0' where state = 'running' and lease_until < clock_timestamp() + lease - interval '4 seconds'
"""


def articles(count: int) -> list[str]:
    """Return so many articles, each with names of its own."""
    return [small_article(f"number {number}", by=f"Valmer{number}", place=f"Teln{number}") for number in range(count)]


async def record(texts: Sequence[str], folder: Path) -> Path:
    """Return a folder of what the rig's endpoint says of these articles."""
    single, packed = folder / "single", folder / "packed"
    left = iter(texts)
    async with (
        FaultyUpstream() as upstream,
        service_at(upstream.base_url("ok", uuid4().hex), mode="record", replay_dir=single, concurrency=_RECORDING, deadline_s=60, worker=False) as service,
    ):

        async def ask() -> None:
            for text in left:
                assert (await service.extract(text)).status_code == httpx2.codes.OK

        await asyncio.gather(*(ask() for _ in range(_RECORDING)))
    Folder(single).pack(Folder(packed))
    return packed


async def hand_in(caller: Caller, installation: Installation, chance: random.Random, kills: int) -> None:
    """Hand in the job while the service is killed so many times, the first time while it makes the database."""
    for number in range(kills):
        await installation.one_of([installation.service])
        handing_in = asyncio.create_task(caller.until_handed_in())
        await asyncio.sleep(chance.uniform(0, 0.2 if number else 3))
        await installation.hit("service")
        await handing_in
    await caller.until_handed_in()


async def shake(caller: Caller, installation: Installation, chance: random.Random, count: int, kills: int) -> None:
    """Strike at random until there were so many kills, spread over the `count` articles; hand in the job again now and then."""
    blows = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=2 * kills)
    marks = sorted(chance.uniform(0, _QUIET_FROM * count) for _ in range(kills))
    for number, blow in enumerate(blows, 1):
        if installation.kills >= kills:
            return
        mark, since = marks[installation.kills], time.monotonic()
        while len(caller.lines) < mark and time.monotonic() - since < _IMPATIENT_S:  # noqa: ASYNC110 - what is watched for is in other processes
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0, _JITTER_S))
        await installation.strike(blow)
        if number % _AGAIN == 0:
            await caller.hand_in()


async def let_the_dead_lose(conninfo: str) -> None:
    """Do what twenty seconds do, until cancelled: what nobody holds on to is nobody's."""
    while True:
        await asyncio.sleep(0.5)
        with suppress(psycopg.Error):
            async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True, connect_timeout=2) as connection:
                await connection.execute(_EXPIRE)


@dataclass(frozen=True)
class Ledger:
    """What became of a job."""

    texts: Sequence[str]
    caller: Caller
    installation: Installation
    job: dict[str, Any]
    #: How many kills there were to be.
    kills: int
    #: Seconds from the first submission to the last line.
    took_s: float
    #: How often an article was claimed; those that were claimed more than once, and those so often with a worker that died that they were given up.
    executions: int
    again: int
    given_up: set[int]
    #: What the database has: jobs, texts of articles, and the numbers of lines.
    jobs: int
    texts_left: int
    numbers: list[int]

    def check(self) -> None:
        """Return if nothing was lost, nothing came twice, and every record is that of its article."""
        count, told = len(self.texts), self.caller.told
        assert (len(self.caller.ids), self.jobs) == (1, 1)
        assert sorted(line["index"] for line in told) == list(range(count))
        assert self.numbers == list(range(1, count + 1))
        assert self.caller.changed == []
        assert {line["index"] for line in told if not is_record_of(line, self.texts[line["index"]])} == self.given_up
        assert len(self.given_up) <= count / 100
        assert self.job["counts"] == {"total": count, "waiting": 0, "running": 0, "completed": count - len(self.given_up), "failed": len(self.given_up)} | {
            "cancelled": 0
        }
        assert self.texts_left == 0
        assert self.executions / count <= 1.05 + self.installation.kills / count
        assert {(status, code) for status, code in self.caller.refusals} <= {(503, "queue-unavailable")}
        assert self.installation.kills >= self.kills
        assert self.installation.deaths == []

    def __str__(self) -> str:
        """Return it in a few lines."""
        count, kills = len(self.texts), self.installation.kills
        blows = ", ".join(f"{blow} {times}" for blow, times in sorted(self.installation.blows.items()))
        return (
            f"seed {SEED}, {count} articles, {kills} kills ({blows}); {self.took_s:.0f} s\n"
            f"lines {len(self.caller.lines)}, changed {len(self.caller.changed)}, jobs {self.jobs} of {self.caller.posts} submissions with one key\n"
            f"executions {self.executions}, {self.executions / count:.3f} an article, at most {1.05 + kills / count:.3f}; "
            f"claimed again {self.again}, given up {len(self.given_up)}\n"
            f"lines asked for {self.caller.asks} times; refusals {dict(Counter(self.caller.refusals))}; deaths {self.installation.deaths}\n"
            f"events {dict(self.installation.events)}"
        )


def is_record_of(line: dict[str, Any], text: str) -> bool:
    """Return whether a line holds the record of `text`, with its names as evidence."""
    if "problem" in line:
        assert line["problem"]["code"] == "poisoned"
        return False
    assert line["record"]["article"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert {evidence["quote"] for threat in line["record"]["threats"] for evidence in threat["evidence"]} == {text.partition(".")[0]}
    return True


async def shaken(folder: Path, count: int, kills: int, *, patience_s: float, hasty: bool) -> Ledger:
    """Have a job of so many articles read under so many kills, and return what became of it.

    Args:
        folder: Where to record.
        count: How many articles.
        kills: How many times something is ended by `kill -9`.
        patience_s: Seconds for the whole.
        hasty: Whether the leases of the dead run out at once.
    """
    # One for each who draws lots, so that what is hit in which order does not depend on how fast anything is.
    chance, lots, whims = (random.Random(SEED + number) for number in range(3))  # noqa: S311 - no secret
    texts = articles(count)
    recordings, began = await record(texts, folder), time.monotonic()
    with embedded() as server:
        installation = Installation(server._folder.parent, recordings, lots)
        async with installation.standing(), httpx2.AsyncClient(base_url=installation.address, timeout=20, trust_env=False) as client:
            caller = Caller(client, b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts), whims)
            hurrying = asyncio.create_task(let_the_dead_lose(server.conninfo) if hasty else asyncio.sleep(0))
            try:
                async with asyncio.timeout(patience_s):
                    await hand_in(caller, installation, chance, max(kills * _AT_FIRST // 100, 1))
                    await asyncio.gather(caller.follow(), shake(caller, installation, chance, count, kills))
                    took_s = time.monotonic() - began
                    await caller.until_handed_in()
                    await caller.take(0)
                    job = await caller.job()
            except TimeoutError:
                pytest.fail(f"{len(caller.lines)} of {count} lines, {installation.kills} kills, {caller.refusals[-3:]}, {installation.events}")
            finally:
                hurrying.cancel()
            async with await psycopg.AsyncConnection.connect(server.conninfo) as connection:

                async def ask(statement: LiteralString) -> list[Any]:
                    return [value for (value,) in await (await connection.execute(statement)).fetchall()]

                return Ledger(
                    texts,
                    caller,
                    installation,
                    job,
                    kills,
                    took_s,
                    executions=sum(turns := await ask("select turn from items")),
                    again=sum(turn > 1 for turn in turns),
                    given_up=set(await ask("select index from items where attempts - failures >= 3 and state = 'failed'")),
                    jobs=len(await ask("select id from jobs")),
                    texts_left=len(await ask("select index from articles")),
                    numbers=await ask("select line from results order by line"),
                )


async def test_g5_h03_a_job_outlives_kills(tmp_path: Path) -> None:
    """Of sixty articles each has its record, once, whatever is killed ten times; and the job that was handed in many times is one."""
    ledger = await shaken(tmp_path, 60, 10, patience_s=120, hasty=True)
    print(ledger)  # noqa: T201 - figures for the page
    ledger.check()


@pytest.mark.prove
async def test_g5_h03_a_job_outlives_two_hundred_kills(tmp_path: Path) -> None:
    """So do a thousand articles and two hundred kills, with workers that are stopped beside for longer than their leases last."""
    ledger = await shaken(tmp_path, 1_000, 200, patience_s=1_800, hasty=False)
    print(ledger)  # noqa: T201 - figures for the page
    ledger.check()
