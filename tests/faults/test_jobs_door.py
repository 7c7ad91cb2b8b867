"""Section H of the fault matrix as far as it is the door's: what is handed in as a job, looked at, cancelled and deleted."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from litestar import Litestar
from psycopg import sql

from schemas.job import Job, JobState
from schemas.problem import Problem
from service import logs
from service.access.key import Key, Scope, digest_of, new_key
from service.access.key_file import KeyFile
from service.app import app_around, create_app
from service.database.database import Database
from service.jobs.store import JobStore
from service.settings import Settings
from tests.faults.jobs_at import ARTICLES, NDJSON, NONE_KEPT, A, B, addresses, away, door_to, kept, lines, problem_in, read, refusal, run, submit, taken, until
from tests.faults.service_at import Service, served
from tests.faults.serving_process import serving_process
from tests.rig.plain_http import Request, ask
from tests.rig.postgres import Postgres
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel

pytestmark = pytest.mark.integration

#: What a server says whose disk is full.
_FULL = (
    "create function no_room() returns trigger language plpgsql as $$ begin raise sqlstate '53100'; end $$;"
    "create trigger no_room before insert on articles execute function no_room()"
)
_MENDED = "drop trigger no_room on articles"


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Service]:
    """A service whose jobs are in a database of the test's own."""
    async with door_to(database_url) as service:
        yield service


async def test_h01_without_a_database_no_job_is_taken_and_articles_are_read(door: Service, database_url: str, postgres: Postgres) -> None:
    """While it is away nothing is handed in, looked at or lost, each refusal says to come again, and `POST /extract` knows nothing of it."""
    job = await submit(door)
    async with away(postgres, database_url):
        asked = [("POST", "/jobs"), *addresses(job.id)]
        answers = await asyncio.gather(*(door.client.request(method, address, json=ARTICLES) for method, address in asked))
        extracted, alive, ready = await door.extract("a"), await door.client.get("/livez"), await door.client.get("/readyz")
    again = await until(lambda: taken(door))

    assert {refusal(answer) for answer in answers} == {(503, "queue-unavailable")}
    assert {extracted.status_code, alive.status_code, ready.status_code} == {200}
    assert again
    assert again.id != job.id
    assert await kept(database_url) == {"jobs": 2, "articles": 6, "items": 6, "results": 0}


async def test_h01_a_database_that_breaks_off_keeps_nothing(door: Service, database_url: str, postgres: Postgres) -> None:
    """One that goes away while a job is still on its way has nothing of it, and the caller is told so."""
    async with asyncio.timeout(30):
        gone = AsyncExitStack()

        async def body() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield json.dumps({"text": "a" * 100_000}).encode() + b"\n"
            await until(lambda: run(postgres.server.conninfo, sql.SQL("select pid from pg_stat_activity where state = 'idle in transaction'")))
            await gone.enter_async_context(away(postgres, database_url))
            for _ in range(20):
                yield json.dumps({"text": "a" * 100_000}).encode() + b"\n"

        answer = await door.client.post("/jobs", content=body(), headers=NDJSON)
        await gone.aclose()

    assert refusal(answer) == (503, "queue-unavailable")
    assert await kept(database_url) == NONE_KEPT


async def test_k03_a_service_in_a_hurry_takes_no_more(database_url: str) -> None:
    """What is on its way when a second signal comes is told to come again, and nothing of it is kept."""
    settings = Settings.model_validate({"model": "reader", "openai_base_url": "http://127.0.0.1:1", "openai_api_key": "k", "database_url": database_url})
    app = create_app(settings)
    async with served(app, settings) as service, asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(service.base_url.rpartition(":")[2]))
        writer.write(b'POST /jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nContent-Length: 99\r\n\r\n{"text": "a"}\n')
        await writer.drain()
        await asyncio.sleep(0.5)
        app.state.ending.hurry()
        head = await reader.readuntil(b"\r\n\r\n")
        problem = await reader.readuntil(b"}")
        writer.close()

    assert head.startswith(b"HTTP/1.1 503 ")
    assert b'"code":"draining"' in problem
    assert await kept(database_url) == NONE_KEPT


@pytest.mark.parametrize("size", [1, 3_000])
async def test_a_dropped_connection_hands_in_nothing(door: Service, database_url: str, size: int) -> None:
    """Whoever leaves before the end of the body, early or late, has handed in nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(door.base_url.rpartition(":")[2]))
    writer.write(
        b"POST /jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nContent-Length: 9999999\r\n\r\n" + b'{"text":"%b"}\n' % (b"a" * 1_000) * size
    )
    await writer.drain()
    await asyncio.sleep(0.3)
    writer.close()
    await asyncio.sleep(0.3)

    assert await reader.read() == b""
    assert await kept(database_url) == NONE_KEPT


async def test_h03_who_asks_again_after_a_crash_has_one_job(database_url: str) -> None:
    """The service is killed once the job is kept and before its caller has heard: who asks again with the same key has that job."""
    headers = {"Idempotency-Key": "one"}
    environment = {"VIGIE_DATABASE_URL": database_url, "VIGIE_WORKER": "false"}
    async with serving_process("http://127.0.0.1:1/v1", **environment) as (process, base_url), httpx2.AsyncClient(trust_env=False) as client:
        asking = asyncio.create_task(client.post(f"{base_url}/jobs", json=ARTICLES, headers=headers))
        await until(lambda: run(database_url, sql.SQL("select id from jobs")))
        process.kill()
        await asyncio.gather(asking, return_exceptions=True)
    [[job_id]] = await run(database_url, sql.SQL("select id from jobs"))
    async with door_to(database_url) as door:
        again = [await submit(door, **headers) for _ in range(2)]

    assert {job.id for job in again} == {job_id}
    assert (await kept(database_url))["jobs"] == 1


async def test_h04_a_key_stands_for_one_request(door: Service) -> None:
    """Other articles under the same key are refused, and so are the same ones in another form; the first job is as it was."""
    first = await submit(door, **{"Idempotency-Key": "one"})
    others = [
        await door.client.post("/jobs", json=ARTICLES[:2], headers={"Idempotency-Key": "one"}),
        await door.client.post("/jobs", content="\n".join(map(json.dumps, ARTICLES)), headers={"Idempotency-Key": "one", **NDJSON}),
    ]

    assert {refusal(other) for other in others} == {(422, "idempotency-key-reused")}
    assert await submit(door, **{"Idempotency-Key": "one"}) == first


async def test_h05_fifty_at_once_are_one_job(door: Service, database_url: str) -> None:
    """The same request fifty times at the same time is one job, and all fifty are told of it."""
    jobs = await asyncio.gather(*(submit(door, **{"Idempotency-Key": "one"}) for _ in range(50)))

    assert len({job.id for job in jobs}) == 1
    assert await kept(database_url) == {"jobs": 1, "articles": 3, "items": 3, "results": 0}


async def test_h06_a_key_is_its_callers_own(database_url: str) -> None:
    """Two callers who choose the same key have a job each, whatever they hand in."""
    async with door_to(database_url, api_keys=(A, B)) as door:
        same = [await submit(door, **{"Idempotency-Key": "one", "X-API-Key": caller}) for caller in (A, B)]
        other = await door.client.post("/jobs", json=ARTICLES[:1], headers={"Idempotency-Key": "one", "X-API-Key": B})

    assert same[0].id != same[1].id
    assert refusal(other) == (422, "idempotency-key-reused")


async def test_h07_a_key_that_is_none(door: Service, database_url: str) -> None:
    """A key that could not be told from others is refused, and nothing is kept: too long, empty, with a space, a tab or an accent, and two."""
    for keys in (["a" * 256], [""], ["a b"], ["a\tb"], ["é"], ["a", "a"]):
        answer = await door.client.post("/jobs", json=ARTICLES, headers=[(b"Idempotency-Key", key.encode()) for key in keys])

        assert refusal(answer) == (400, "idempotency-key-invalid"), keys
    assert await kept(database_url) == NONE_KEPT


async def test_h08_a_failure_leaves_the_key_free(database_url: str) -> None:
    """After each kind of failure the key is as good as new: the first request that is kept is what it stands for."""
    headers = {"Idempotency-Key": "one"}
    async with door_to(database_url, most_jobs=1) as door:
        failures = [
            await door.client.post("/jobs", json=[], headers=headers),
            await door.client.post("/jobs", content=b"[{", headers={**headers, "Content-Type": "application/json"}),
            await door.client.post("/jobs", json=[1] * 10_001, headers=headers),
        ]
        blocking = await submit(door)
        failures.append(await door.client.post("/jobs", json=ARTICLES, headers=headers))
        await door.client.delete(f"/jobs/{blocking.id}")
        await run(database_url, sql.SQL(_FULL))
        failures.append(await door.client.post("/jobs", json=ARTICLES, headers=headers))
        await run(database_url, sql.SQL(_MENDED))
        job = await submit(door, ARTICLES[:2], **headers)

    assert [answer.status_code for answer in failures] == [422, 400, 413, 429, 503]
    assert job.counts.total == 2


@pytest.mark.parametrize(
    ("breaks", "mends"),
    [
        (_FULL, _MENDED),
        ("do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$", None),
    ],
    ids=["h20-full", "h20-read-only"],
)
async def test_h20_a_disk_that_is_full(database_url: str, breaks: str, mends: str | None) -> None:
    """A server that says that its disk is full, or that it may only be read, takes no job and says so; once it has room it takes the next, without a restart.

    The disk is not: a trigger raises what the server raises where it is.
    """
    await run(database_url, sql.SQL(breaks))
    async with door_to(database_url) as door:
        answer = await door.client.post("/jobs", json=ARTICLES)
        if mends is None:
            assert refusal(answer) == (503, "storage-unavailable")
            return
        await run(database_url, sql.SQL(mends))
        await submit(door)

    assert refusal(answer) == (503, "storage-unavailable")
    assert (await kept(database_url))["jobs"] == 1


async def test_h22_a_job_is_cancelled(door: Service, store: JobStore) -> None:
    """One that waits and one that is read are cancelled at once and stay so; one that has ended cannot be."""
    waiting, ended = await submit(door), await submit(door)
    await read(store, most=6)
    late = await submit(door)
    [ticket, *_] = await store.waiting(1, [1])
    claim = await store.claim(ticket, 60)
    answers = [await door.client.delete(f"/jobs/{late.id}") for _ in range(2)]
    cancelled = Job.model_validate_json(answers[0].content)

    assert claim is not None
    assert await store.renew([claim], 60) == set()
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content == (await door.client.get(f"/jobs/{late.id}")).content
    assert (cancelled.state, cancelled.counts.cancelled) == (JobState.CANCELLED, 3)
    assert {refusal(await door.client.delete(f"/jobs/{job.id}")) for job in (waiting, ended)} == {(409, "already-terminal")}
    assert await lines(door, late) == []


async def test_h23_three_of_a_hundred_are_no_articles(door: Service, store: JobStore) -> None:
    """The others are read; each of the three has its own problem, and the counts add up."""
    bad = {7: {"text": 1}, 50: "no article", 99: {"text": "a" * 200_001}}
    job = await submit(door, [bad.get(number, {"text": f"Ada said so {number} times."}) for number in range(100)])
    await read(store)
    told = await lines(door, job)
    ended = Job.model_validate_json((await door.client.get(f"/jobs/{job.id}")).content)
    problems = {line["index"]: Problem.model_validate(line["problem"], strict=False) for line in told if "problem" in line}

    assert (job.state, job.counts.failed, job.counts.waiting) == (JobState.QUEUED, 3, 97)
    assert {index: problem.code for index, problem in problems.items()} == {7: "validation-failed", 50: "validation-failed", 99: "article-too-long"}
    assert sorted(line["index"] for line in told) == [*range(100)]
    assert (ended.state, ended.counts.completed, ended.counts.failed) == (JobState.COMPLETED_WITH_ERRORS, 97, 3)


async def test_h24_what_is_no_longer_kept_is_gone(door: Service, store: JobStore, database_url: str) -> None:
    """After its time, or once its caller deletes it, a job is gone for good, and nothing of its articles is left."""
    jobs = [await submit(door) for _ in range(3)]
    await read(store)
    await store.tidy(0)
    later = await submit(door)
    deleted = [await door.client.delete(f"/jobs/{later.id}/records") for _ in range(2)]
    answers = [await door.client.get(f"/jobs/{job.id}{of}") for job in [*jobs, later] for of in ("", "/records")]

    assert deleted[0].status_code == 204
    assert {refusal(answer) for answer in [*answers, deleted[1]]} == {(410, "expired")}
    assert await kept(database_url) == {"jobs": 4, "articles": 0, "items": 0, "results": 0}


async def test_h24_j08_nobody_learns_of_anothers_job(database_url: str, store: JobStore) -> None:
    """On every route another caller's job, one that never was and what is no id at all get the same answer; and nothing happens to the job."""
    async with door_to(database_url, api_keys=(A, B)) as door:
        theirs = {caller: await submit(door, **{"X-API-Key": caller, "Idempotency-Key": "one"}) for caller in (A, B)}
        await read(store, most=1)
        strange = [uuid4(), "1", "%00", "..%2f", "' or 1=1", "0" * 36, str(theirs[A].id) + "0", f"{{{theirs[A].id}}}", "é", "a" * 5_000]
        answers = await asyncio.gather(
            *(
                door.client.request(method, address, headers={"X-API-Key": caller})
                for caller, other in ((A, B), (B, A))
                for job_id in [theirs[other].id, str(theirs[other].id).upper(), *strange]
                for method, address in addresses(job_id)
            )
        )
        seen = [Job.model_validate_json((await door.client.get(f"/jobs/{job.id}", headers={"X-API-Key": caller})).content) for caller, job in theirs.items()]

    problems = [problem_in(answer).model_copy(update={"instance": ""}) for answer in answers]
    assert len(answers) == 2 * 12 * 5
    assert {answer.status_code for answer in answers} == {404}
    assert all(problem == problems[0] for problem in problems)
    assert {(job.counts.total, job.counts.cancelled) for job in seen} == {(3, 0)}


async def test_j07_a_key_opens_what_it_is_for(database_url: str, tmp_path: Path) -> None:
    """A key for articles opens no route of jobs, one for jobs does not read articles; without a key nobody comes in."""
    keys = {}
    for scope in (Scope.EXTRACT, Scope.JOBS, Scope.ADMIN):
        identity, keys[scope] = new_key()
        KeyFile(tmp_path).add(Key(id=identity, name=scope, sha256=digest_of(keys[scope]), scopes=frozenset({scope}), created=datetime.now(UTC)))
    async with door_to(database_url, data_dir=tmp_path) as door:
        job = await submit(door, **{"X-API-Key": keys[Scope.JOBS]})
        routes = [("POST", "/jobs"), *addresses(job.id)]
        refused = [await door.client.request(method, address, json=ARTICLES, headers={"X-API-Key": keys[Scope.EXTRACT]}) for method, address in routes]
        unknown = [await door.client.request(method, address, json=ARTICLES) for method, address in routes]
        article = await door.client.post("/extract", json=ARTICLES[0], headers={"X-API-Key": keys[Scope.JOBS]})
        opened = await submit(door, **{"X-API-Key": keys[Scope.ADMIN]})

    assert {refusal(answer) for answer in [*refused, article]} == {(403, "insufficient-scope")}
    assert {refusal(answer) for answer in unknown} == {(401, "unauthorised")}
    assert opened.id != job.id


@pytest.mark.parametrize("lines", [True, False], ids=["h26-lines", "h26-array"])
async def test_h26_a_job_that_is_too_large(door: Service, database_url: str, *, lines: bool) -> None:
    """One article too many, a length that is too large, and a body that is: refused, and nothing is kept."""
    one, around = json.dumps(ARTICLES[0]).encode(), (b"", b"") if lines else (b"[", b"]")
    headers = NDJSON if lines else {"Content-Type": "application/json"}

    async def spaces() -> AsyncIterator[bytes]:
        yield around[0]
        for _ in range(101):
            yield b" " * 1_000_000

    many = await door.client.post("/jobs", content=around[0] + (b"\n" if lines else b",").join([one] * 10_001) + around[1], headers=headers)
    announcing = ((b"Content-Type", headers["Content-Type"].encode()), (b"Content-Length", b"101000000"))
    announced = await asyncio.to_thread(ask, int(door.base_url.rpartition(":")[2]), Request(b"POST", b"/jobs", announcing, one))
    longest = await door.client.post("/jobs", content=spaces(), headers=headers)

    assert {refusal(answer) for answer in (many, longest)} == {(413, "job-too-large")}
    assert [problem_in(answer).limit for answer in (many, longest)] == [10_000, 100_000_000]
    assert (announced.status, Problem.model_validate_json(announced.body).actual) == (413, 101_000_000)
    assert await kept(database_url) == NONE_KEPT


async def test_h26_so_many_jobs_of_one_caller(database_url: str) -> None:
    """More unfinished jobs than one may have are refused until one has ended; another caller has as many of their own."""
    async with door_to(database_url, api_keys=(A, B), most_jobs=2) as door:
        [first, _] = [await submit(door, **{"X-API-Key": A}) for _ in range(2)]
        refused = await door.client.post("/jobs", json=ARTICLES, headers={"X-API-Key": A})
        await submit(door, **{"X-API-Key": B})
        await door.client.delete(f"/jobs/{first.id}", headers={"X-API-Key": A})
        await submit(door, **{"X-API-Key": A})

    assert refusal(refused) == (429, "too-many-jobs")
    assert problem_in(refused).limit == 2


def without_address(folder: Path) -> tuple[Settings, Litestar]:
    """Return the settings of a service that knows no server of a database, and the service."""
    configured = Settings.model_validate({"data_dir": folder, "worker": False})
    return configured, app_around(configured, FakeModel(), FakeExtractor())


async def test_without_jobs_there_is_no_database(tmp_path: Path) -> None:
    """Until something is handed in nothing is started: articles are read, and no job is found."""
    configured, app = without_address(tmp_path)
    async with served(app, configured) as service:
        answers = [await service.client.request(method, address) for method, address in addresses(uuid4())]
        extracted = await service.extract("a")

    assert {refusal(answer) for answer in answers} == {(404, "not-found")}
    assert extracted.status_code == 200
    assert not Database(configured).exists


async def test_the_first_job_begins_a_database_and_the_next_service_finds_it(tmp_path: Path) -> None:
    """Where no server is named the first job begins one of our own, which whoever comes later opens again."""
    configured, app = without_address(tmp_path)
    async with served(app, configured) as service:
        job = await until(lambda: taken(service), 60)
    assert job
    configured, app = without_address(tmp_path)
    async with served(app, configured) as service:
        found = await until(lambda: found_in(service, job), 60)

    assert found == job


async def found_in(service: Service, job: Job) -> Job | None:
    """Return a job as it is told now, if it can be."""
    answer = await service.client.get(f"/jobs/{job.id}")
    return Job.model_validate_json(answer.content) if answer.status_code == 200 else None


AS_JSON = {"Content-Type": "application/json"}
#: What is no array of articles, and what it is answered with.
NO_JOBS = (
    *((b'[{"text": "a"}', 400), (b'[{"text": "a"}]x', 400), (b"\xff\xfe[\x00]\x00", 400), (b'[{"text": "\xff"}]', 400), (b"\xef\xbb\xbf[1]", 400)),
    *((b"[" * 100_000, 400), (b"[NaN]", 400), (b"null", 400), (b"", 400), (b"[]", 422)),
)
#: In which forms a job is not taken, or not answered, and what is answered.
NO_FORMS: tuple[tuple[dict[str, str], int], ...] = (
    *(({}, 415), ({"Content-Type": "text/plain"}, 415), ({"Content-Type": "application/json; charset=latin-1"}, 415)),
    *(({**AS_JSON, "Content-Encoding": "gzip"}, 415), ({**AS_JSON, "Accept": "application/x-ndjson"}, 406), (NDJSON | {"Content-Length": "0"}, 422)),
)


async def test_a01_a02_a03_a04_a05_a08_what_is_no_job_is_refused_as_a_whole(door: Service, database_url: str) -> None:
    """A body that is no array, or has nothing in it, is refused, and nothing is kept."""
    for content, status in NO_JOBS:
        assert refusal(await door.client.post("/jobs", content=content, headers=AS_JSON))[0] == status, content[:20]

    assert await kept(database_url) == NONE_KEPT


async def test_a11_a12_a13_a_form_that_is_none_is_refused(door: Service, database_url: str) -> None:
    """What is handed in or wanted in a form that is not served is refused as `POST /extract` refuses it."""
    for headers, status in NO_FORMS:
        assert refusal(await door.client.post("/jobs", content=b"" if status == 422 else b"[1]", headers=headers))[0] == status, headers

    assert await kept(database_url) == NONE_KEPT


async def test_g11_nothing_of_an_article_is_told(door: Service, store: JobStore, capsys: pytest.CaptureFixture[str]) -> None:
    """No word of an article, sound or not, is in the log, in a problem or among the metrics; what is told of a job is its id and its size."""
    logs.configure("debug")
    bad = [{"text": CANARY, CANARY: 1}, {"text": [CANARY]}, {"text": CANARY, "published": CANARY}, CANARY]
    job = await submit(door, [{"text": CANARY}, *bad])
    broken = await door.client.post("/jobs", content=f'[{{"text": "{CANARY}"}}, {CANARY}]', headers={"Content-Type": "application/json"})
    await read(store)
    answer = await door.client.get(f"/jobs/{job.id}/records?after=0")
    metrics = await door.client.get("/metrics")
    log = capsys.readouterr().err

    assert refusal(broken) == (400, "malformed-body")
    assert [line for line in answer.text.splitlines() if CANARY in line] == [line for line in answer.text.splitlines() if f"/{CANARY}" in line]
    assert CANARY not in log + broken.text + metrics.text
    assert '"articles": 5, "duration_ms"' in log
    assert str(job.id) in log
    assert 'vigie_job_articles_total{outcome="refused"} 4.0' in metrics.text
