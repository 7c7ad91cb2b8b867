"""How the articles of an archive are read: side by side, one whatever becomes of the others, and no longer than there is a model."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article
from schemas.record import Record
from service.cli.archive.articles import archive_at
from service.cli.archive.reading import MOST_IN_A_ROW, Reader, Reading
from service.cli.extracting import Extracts
from service.errors import (
    DeadlineExceeded,
    InternalError,
    ModelLoading,
    ModelUnavailable,
    UpstreamInterrupted,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamRateLimited,
    UpstreamRejectedRequest,
    UpstreamUnavailable,
    VigieError,
)
from service.extraction.drafting import Lanes, one_lane
from service.extraction.progress import Tell, nobody
from service.settings import Settings
from tests.unit.cli.archive.archive_parts import MOST, folder_of, lines_of
from tests.unit.service_parts import CANARY, FakeExtractor, record_of

#: What becomes of a text.
Fate = Callable[[str], Exception | None]


class Fated:
    """An extractor to which the fate of each text is known; counts how many it reads at once."""

    def __init__(self, fate: Fate) -> None:
        """Begin with nothing read."""
        self.fate, self.texts, self.at_once, self.most_at_once = fate, list[str](), 0, 0

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, lanes: Lanes = one_lane) -> Record:
        """Do what is fated."""
        self.texts.append(article.text)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        if fault := self.fate(article.text):
            raise fault
        return record_of(article)


async def read(path: Path, extractor: Extracts, slots: int = 3, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the lines that come of an archive; the waits are skipped."""
    lines = list[dict[str, Any]]()
    steps = list[bool]()

    def step(*, failed: bool) -> None:
        steps.append(failed)

    async def at_once(_seconds: float) -> None:
        await asyncio.sleep(0)

    reader = Reader(extractor, settings or Settings(), slots, sleep=at_once)
    try:
        await Reading(reader, lambda line: lines.append(json.loads(line)), step).read(archive_at(path, MOST, {}).items(lambda _index: True))
    finally:
        assert steps == ["problem" in line for line in lines]
        path.with_name("lines").write_text(json.dumps(lines), encoding="utf-8")
    return lines


def kept_of(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a run that failed."""
    lines: list[dict[str, Any]] = json.loads(path.with_name("lines").read_text(encoding="utf-8"))
    return lines


async def test_as_many_are_read_at_once_as_may_be(tmp_path: Path) -> None:
    """Each article has one line, with its place, its digest and its record."""
    extractor = Fated(lambda _text: None)
    lines = await read(lines_of(tmp_path / "a.ndjson", *map(str, range(20))), extractor)

    assert extractor.most_at_once == 3
    assert sorted(line["index"] for line in lines) == [*range(20)]
    assert {tuple(line) for line in lines} == {("index", "digest", "record")}
    assert all(Record.model_validate(line["record"]).article.characters for line in lines)


async def test_lines_are_handed_on_as_articles_end(tmp_path: Path) -> None:
    """A long one holds up nobody."""
    first_may_end = asyncio.Event()

    class Slow(FakeExtractor):
        async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **how: object) -> Record:
            if article.text == "0":
                await first_may_end.wait()
            elif article.text == "4":
                first_may_end.set()
            return await super().extract(article, deadline_at=deadline_at, tell=tell, **how)

    async with asyncio.timeout(20):
        lines = await read(lines_of(tmp_path / "a.ndjson", *map(str, range(5))), Slow())

    assert sorted(line["index"] for line in lines) == [*range(5)]
    assert lines[0]["index"] != 0


async def test_slots_that_nobody_needs_are_lent_to_pieces(tmp_path: Path) -> None:
    """Where fewer articles are left than can be read at once, those that are read have the others' slots."""
    lent = list[bool]()

    class Lending:
        async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, lanes: Lanes = one_lane) -> Record:
            await asyncio.sleep(0.01)
            lent.extend(lane is not None for lane in (lanes(), lanes(), lanes()))
            return record_of(article)

    await read(lines_of(tmp_path / "a.ndjson", "a"), Lending())

    assert lent == [True, True, False]


async def test_time_begins_with_the_turn(tmp_path: Path) -> None:
    """Each article has its own deadline, however long the archive is: its own wish, or the installation's."""
    (tmp_path / "a.ndjson").write_text('{"text": "a", "options": {"deadline_s": 7}}\n{"text": "b"}\n', encoding="utf-8")
    extractor = FakeExtractor()
    await read(tmp_path / "a.ndjson", extractor, slots=1, settings=Settings(deadline_s=50))

    assert extractor.seconds == [pytest.approx(7, abs=1), pytest.approx(50, abs=1)]


async def test_what_fails_is_a_line(tmp_path: Path) -> None:
    """A problem is told as the service would, without a word of the article, and the others are read."""
    folder = folder_of(tmp_path / "a", a=CANARY, b=f"{CANARY} bad", c="")
    (folder / "d.json").write_text(f'{{"text": "a", "{CANARY[:6]}": 1}}', encoding="utf-8")
    extractor = Fated(lambda text: DeadlineExceeded() if "bad" in text else ValueError(CANARY) if not text else None)
    one, late, broken, wrong = sorted(
        await read(folder, extractor, settings=Settings(public_url="https://vigie.example")), key=lambda line: str(line["source"])
    )

    assert (one["source"], "record" in one) == ("a.txt", True)
    assert (late["problem"]["code"], late["problem"]["retryable"]) == ("deadline-exceeded", True)
    assert (broken["problem"]["code"], wrong["problem"]["code"]) == ("internal-error", "validation-failed")
    assert wrong["problem"]["type"] == "https://vigie.example/problems/validation-failed"
    assert wrong["problem"]["instance"].startswith("urn:vigie:request:")
    assert CANARY not in json.dumps([late, broken])


@pytest.mark.parametrize("fault", [UpstreamUnavailable(), UpstreamRateLimited(), ModelLoading()])
async def test_an_endpoint_that_comes_back_has_cost_no_article(tmp_path: Path, fault: VigieError) -> None:
    """What may pass is waited for."""
    seen = list[str]()

    def fate(text: str) -> VigieError | None:
        seen.append(text)
        return fault if seen.count(text) <= 4 else None

    lines = await read(lines_of(tmp_path / "a.ndjson", "a", "b"), Fated(fate))

    assert ["record" in line for line in lines] == [True, True]


async def test_an_article_that_breaks_the_endpoint_costs_itself_alone(tmp_path: Path) -> None:
    """It has a problem in the end, and the others have records."""
    lines = await read(lines_of(tmp_path / "a.ndjson", "a", "bad", "c"), Fated(lambda text: UpstreamUnavailable() if text == "bad" else None), slots=1)

    assert ["record" in line for line in lines] == [True, False, True]


@pytest.mark.parametrize("fault", [UpstreamUnavailable(), UpstreamInterrupted(), UpstreamRejectedRequest()])
async def test_an_endpoint_that_does_not_work_ends_the_run(tmp_path: Path, fault: VigieError) -> None:
    """It does not use up the archive, also where it is now and then silent until the deadline."""
    path = lines_of(tmp_path / "a.ndjson", *map(str, range(200)))
    with pytest.raises(type(fault)):
        await read(path, Fated(lambda text: None if int(text) <= 3 else DeadlineExceeded() if int(text) % 7 == 0 else fault))

    codes = Counter(line.get("problem", {}).get("code") for line in kept_of(path))
    assert codes[None] == 4
    assert MOST_IN_A_ROW <= codes[fault.code] <= MOST_IN_A_ROW + 2
    assert sum(codes.values()) < 40


async def test_articles_that_fail_here_and_there_do_not_end_the_run(tmp_path: Path) -> None:
    """The endpoint works: others have records meanwhile."""
    lines = await read(lines_of(tmp_path / "a.ndjson", *map(str, range(200))), Fated(lambda text: UpstreamInterrupted() if int(text) % 10 else None), slots=1)

    assert Counter("record" in line for line in lines) == {True: 20, False: 180}


@pytest.mark.parametrize("fault", [ModelUnavailable(), UpstreamMisconfigured(), UpstreamQuotaExhausted()])
async def test_a_model_that_cannot_be_had_ends_the_run(tmp_path: Path, fault: VigieError) -> None:
    """No article gets a problem for that, and what was read stays."""
    path = lines_of(tmp_path / "a.ndjson", "a", "b", "bad", "c")
    with pytest.raises(type(fault)):
        await read(path, Fated(lambda text: fault if text == "bad" else None), slots=1)

    assert ["record" in line for line in kept_of(path)] == [True, True]


async def test_a_line_that_cannot_be_kept_ends_the_run(tmp_path: Path) -> None:
    """A disk that is full would take the others neither."""
    extractor = FakeExtractor()

    def keep(_line: bytes) -> None:
        raise InternalError("full")

    reading = Reading(Reader(extractor, Settings(), 1), keep, lambda *, failed: None)
    with pytest.raises(InternalError, match="full"):
        await reading.read(archive_at(lines_of(tmp_path / "a.ndjson", "a", "b"), MOST, {}).items(lambda _index: True))

    assert len(extractor.articles) == 1


async def test_a_run_that_is_given_up_stops_reading(tmp_path: Path) -> None:
    """No article is read behind the back of whoever ended it."""
    extractor = FakeExtractor(waits=True)
    reading = asyncio.create_task(read(lines_of(tmp_path / "a.ndjson", "a", "b"), extractor))
    await extractor.begun.wait()
    reading.cancel()
    await asyncio.wait([reading])

    assert (reading.cancelled(), extractor.cancelled.is_set()) == (True, True)
