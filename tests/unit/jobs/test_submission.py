"""What is handed in as a job, read as it arrives."""

import asyncio
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from service.disconnect import ClientGone
from service.errors import JobTooLarge, MalformedBody, NoRoom, RequestError, RequestTimeout, ValidationFailed
from service.intake import JSON, MAX_PARTS, article_of
from service.jobs import submission
from service.jobs.items import Entry
from service.jobs.submission import BATCH, MOST_ARTICLES, MOST_BYTES, NDJSON, Submission
from service.resilience.room import Place, Room

LONGEST, ROOM = 4 << 20, 8 << 20
ONE = b'{"text":"Ada said so."}'
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ARTICLES = st.fixed_dictionaries({"text": TEXTS}, optional={"title": TEXTS, "language": st.just("fr"), "options": st.just({"sections": ["actors"]})})
NO_ARTICLES: st.SearchStrategy[Any] = (
    st.none() | st.integers() | TEXTS | st.lists(TEXTS, max_size=3) | st.fixed_dictionaries({"text": st.integers()}) | st.just({})
)


def code_of(problem: RequestError) -> bytes:
    """Return a problem as these tests have it: its code."""
    return problem.code.encode()


def arriving(parts: Iterable[bytes], *, then: str = "") -> Any:  # noqa: ANN401 - an ASGI receive
    """Return what brings the parts of a body, and then its end or something else."""

    def messages() -> Iterator[dict[str, Any]]:
        yield from ({"type": "http.request", "body": part, "more_body": True} for part in parts)
        yield {"type": then} if then else {"type": "http.request", "body": b"", "more_body": False}

    coming = messages()

    async def receive() -> dict[str, Any]:
        return next(coming)

    return receive


def handed_in(*parts: bytes, media_type: str = JSON, longest: int = LONGEST, then: str = "") -> Submission:
    """Return what is handed in in these parts."""
    return Submission(arriving(parts, then=then), media_type, Place(Room(ROOM)), most_article_bytes=longest, told=code_of)


async def entries(one: Submission) -> list[Entry]:
    """Return all that becomes of what is handed in."""
    return [entry async for batch in one.batches() for entry in batch]


def expected(value: object) -> Entry:
    """Return what becomes of a value by itself."""
    try:
        return Entry(article_of(json.dumps(value).encode(), JSON).model_dump_json().encode(), None)
    except RequestError as error:
        return Entry(None, error.code.encode())


@given(values=st.lists(ARTICLES | NO_ARTICLES, min_size=1, max_size=8), cuts=st.lists(st.integers(0, 500), max_size=6), lines=st.booleans())
async def test_each_article_becomes_what_it_would_by_itself(values: list[object], cuts: list[int], *, lines: bool) -> None:
    """In an array and in lines, wherever they are cut: articles as `POST /extract` understands them, and what is none has the problem that it has there."""
    texts = [json.dumps(value, ensure_ascii=len(values) % 2 == 0) for value in values]
    body = ("\n".join(texts) if lines else json.dumps(values)).encode()
    places = sorted({0, len(body), *(cut % len(body) for cut in cuts)})
    one = handed_in(*(body[start:end] for start, end in pairwise(places)), media_type=NDJSON if lines else JSON)

    assert await entries(one) == [expected(value) for value in values]
    assert one.articles == len(values)
    assert one.refused == sum(not isinstance(value, dict) or not isinstance(value.get("text"), str) for value in values)


async def test_an_entry_is_an_article_again() -> None:
    """What is kept of an article is all of it."""
    article = {"text": "Été \u0000\U0001f600", "title": "T", "published": "2024-04", "options": {"deadline_s": 2, "sections": ["threats"]}}
    [entry] = await entries(handed_in(json.dumps([article]).encode()))

    assert entry.body is not None
    assert Article.model_validate_json(entry.body) == article_of(json.dumps(article).encode(), JSON)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b'{"text":"a","text":"b"}', "malformed-body"),
        (b'{"text":"\\ud800"}', "malformed-body"),
        (b'{"text":1e999}', "malformed-body"),
        (b'{"text":' + b"9" * 5_000 + b"}", "malformed-body"),
        (b'{"a":[' + b"1," * MAX_PARTS + b"1]}", "malformed-body"),
        (b'{"text":"' + b"a" * 200_001 + b'"}', "article-too-long"),
        (b'{"text":"' + b"a" * LONGEST + b'"}', "body-too-large"),
        (b"5", "validation-failed"),
        (b'{"text":"a","model":"b"}', "validation-failed"),
    ],
    ids=["twice", "surrogate", "overflow", "digits", "crowded", "long", "huge", "number", "unknown"],
)
@pytest.mark.parametrize("media_type", [JSON, NDJSON])
async def test_h23_what_is_no_article_has_its_own_problem(bad: bytes, code: str, media_type: str) -> None:
    """JSON that is no article is no article alone: those beside it are kept."""
    between, around = (b",", (b"[", b"]")) if media_type == JSON else (b"\n", (b"", b""))
    one = handed_in(around[0], ONE, between, bad, between, ONE, around[1], media_type=media_type)
    first, second, third = await entries(one)

    assert (second.body, second.problem) == (None, code.encode())
    assert first == third == expected(json.loads(ONE))


@pytest.mark.parametrize(
    "bad",
    [b"{", b'{"text":"a"', b'{"text":tru}', b'{"text":"a",}', b'{"text":NaN}', b'{"text":"\xff"}', b'{"text":"\n"}', b'{"text":"a"} {}', b"01", b""],
    ids=["open", "cut", "word", "comma", "nan", "utf-8", "control", "two", "zero", "nothing"],
)
async def test_a01_an_array_that_is_no_json_is_refused_as_a_whole(bad: bytes) -> None:
    """One element that is no JSON breaks the array, and where is said; a line that is none is a line."""
    with pytest.raises(MalformedBody) as refused:
        await entries(handed_in(b"[" + ONE + b"," + bad + b"]"))
    if bad:
        found = await entries(handed_in(ONE + b"\n" + bad.replace(b"\n", b"\x01") + b"\n" + ONE, media_type=NDJSON))
        assert [entry.problem for entry in found] == [None, b"malformed-body", None]

    assert "Ada" not in refused.value.detail


@pytest.mark.parametrize(("body", "media_type"), [(b"[]", JSON), (b" [ ] ", JSON), (b"", NDJSON), (b"\n \r\n", NDJSON)])
async def test_nothing_is_no_job(body: bytes, media_type: str) -> None:
    """A job has one article at least."""
    with pytest.raises(ValidationFailed):
        await entries(handed_in(body, media_type=media_type))


@pytest.mark.parametrize("media_type", [JSON, NDJSON])
async def test_h26_so_many_articles_and_no_more(media_type: str) -> None:
    """Ten thousand are a job, handed on a few at a time; one more is none."""
    between, around = (b",", (b"[", b"]")) if media_type == JSON else (b"\n", (b"", b""))
    most = around[0] + between.join([b"1"] * MOST_ARTICLES)

    batches = [len(batch) async for batch in handed_in(most + around[1], media_type=media_type).batches()]
    assert (sum(batches), max(batches)) == (MOST_ARTICLES, BATCH)
    with pytest.raises(JobTooLarge) as refused:
        await entries(handed_in(most + between + b"1" + between, media_type=media_type))
    assert (refused.value.limit, refused.value.actual) == (MOST_ARTICLES, None)


async def test_h26_so_many_bytes_and_no_more() -> None:
    """A hundred million bytes are a job, one more is none; and of all of them no more is held than some megabytes."""
    element = b'{"text":"' + b"a" * 150_000 + b'"}'
    count = MOST_BYTES // (len(element) + 1) - 1
    rest = MOST_BYTES - count * (len(element) + 1) - 1
    parts = [b"[", *([element + b","] * (count - 1)), element, b" " * rest, b"]"]
    tracemalloc.start()
    one, kept = handed_in(*parts), 0
    async for batch in one.batches():
        kept += len(batch)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept == count
    assert peak < 8 << 20
    with pytest.raises(JobTooLarge):
        await entries(handed_in(*parts, b" "))


async def test_a_job_takes_the_room_of_what_is_held_of_it() -> None:
    """A small one that of its bytes, a large one that of some megabytes; where there is none it is not read on."""
    room = Room(ROOM)
    with room.place() as place:
        one = Submission(arriving([ONE]), NDJSON, place, most_article_bytes=LONGEST, told=code_of)
        await entries(one)

        assert room.held_bytes == len(ONE)
    with room.place() as place:
        await entries(Submission(arriving([ONE, b"\n" * 2 * ROOM]), NDJSON, place, most_article_bytes=LONGEST, told=code_of))

        assert LONGEST < room.held_bytes < ROOM
    Place(room).take(ROOM)
    with pytest.raises(NoRoom):
        await entries(Submission(arriving([ONE]), NDJSON, Place(room), most_article_bytes=LONGEST, told=code_of))


@pytest.mark.parametrize("parts", [(), (b"[" + ONE,), (b"[" + ONE + b"]",)])
async def test_a_caller_who_leaves_hands_in_nothing(parts: tuple[bytes, ...]) -> None:
    """As long as the end has not come there is no job."""
    with pytest.raises(ClientGone):
        await entries(handed_in(*parts, then="http.disconnect"))


async def test_a16_who_dawdles_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each so many bytes have their time and no more: one that stops and one that drips are sent away, one that is slow and steady is not."""
    monkeypatch.setattr(submission, "ARRIVAL_S", 0.15)

    def slowly(size: int, times: int) -> Submission:
        left = iter(range(times))

        async def receive() -> Any:  # noqa: ANN401 - an ASGI message
            await asyncio.sleep(0.05)
            return {"type": "http.request", "body": b"\n" * size, "more_body": next(left, None) is not None}

        return Submission(receive, NDJSON, Place(Room(ROOM)), most_article_bytes=1_024, told=code_of)

    with pytest.raises(RequestTimeout):
        await entries(Submission(asyncio.Event().wait, NDJSON, Place(Room(ROOM)), most_article_bytes=1_024, told=code_of))  # type: ignore[arg-type]
    with pytest.raises(RequestTimeout):
        await entries(slowly(1, 20))
    with pytest.raises(ValidationFailed):
        await entries(slowly(1_024, 10))


async def test_a_store_that_takes_its_time_takes_none_of_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of a body runs only while it is waited for."""
    monkeypatch.setattr(submission, "ARRIVAL_S", 0.1)
    monkeypatch.setattr(submission, "PORTION_BYTES", 1)
    one = handed_in(*[ONE + b"\n"] * 4, media_type=NDJSON)
    async for _ in one.batches():
        await asyncio.sleep(0.05)

    assert one.articles == 4


async def test_other_bytes_have_another_digest() -> None:
    """The same bytes of the same kind have the same digest, however they are cut; others have another."""
    digests = []
    for media_type, parts in ((JSON, [b"[" + ONE + b"]"]), (JSON, [b"[", ONE, b"]"]), (JSON, [b"[" + ONE + b" ]"]), (NDJSON, [ONE]), (NDJSON, [ONE, b"\n"])):
        one = handed_in(*parts, media_type=media_type)
        await entries(one)
        digests.append(one.digest())

    assert digests[0] == digests[1]
    assert len(set(digests)) == 4
