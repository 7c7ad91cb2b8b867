"""`vigie extract`: which article is read, and what is told meanwhile."""

import asyncio
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.record import Record
from schemas.vocabulary import Section
from service import cli
from service.cli import extracting
from service.cli.extracting import Order, article_in, read
from service.cli.showing import display
from service.errors import ModelUnavailable, SetupError
from service.extraction.drafting import Lanes, one_lane
from service.extraction.progress import Tell, nobody
from service.models import weights
from service.settings import Settings
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel, record_of

ROOT = Path(__file__).parents[3]
Captured = pytest.CaptureFixture[str]
MOST = 1_000


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeExtractor:
    """Return the extractor that the command uses."""
    extractor = FakeExtractor()
    monkeypatch.setattr(extracting, "Extractor", lambda _model, _settings: extractor)
    return extractor


def test_a_record_is_all_that_standard_output_gets(capsys: Captured, reader: FakeExtractor, tmp_path: Path) -> None:
    """The record is printed as JSON, in UTF-8, and nothing else with it."""
    (tmp_path / "a.json").write_text('{"text": "a", "title": "Été"}', encoding="utf-8")

    assert cli.main(["extract", str(tmp_path / "a.json")]) == 0
    out, err = capsys.readouterr()
    assert Record.model_validate_json(out).article.title == "Été"
    assert err == "vigie: reading 1 characters with fake ...\n"


def test_a_record_is_printed_as_tables(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real record is told in words, by the names of its actors, and what happens meanwhile on the other stream, a line a piece."""
    monkeypatch.setenv("VIGIE_REPLAY_DIR", str(ROOT / "service/examples/recordings"))

    assert cli.main(["extract", "--format", "table", str(ROOT / "examples/strait.txt")]) == 0
    out, err = capsys.readouterr()
    assert [title for title in out.splitlines() if title.isupper()] == ["ACTORS", "TARGETS", "THREATS", "TIMELINES", "COMMITMENTS", "REJECTED"]
    assert "-> Saldova" in out
    assert err.splitlines()[1:] == ["vigie: reading piece 1 of 1 ..."]


def test_quiet_says_nothing(capsys: Captured, reader: FakeExtractor, tmp_path: Path) -> None:
    """Who wants it quiet gets the record alone."""
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")

    assert cli.main(["extract", "--quiet", str(tmp_path / "a.txt")]) == 0
    assert capsys.readouterr().err == ""


def test_standard_input_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads what is piped in, byte for byte."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfa\r\n")))

    assert article_in(Order("-"), MOST).text == "\ufeffa\r\n"


def test_no_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard input that is closed is told."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SetupError, match="closed"):
        article_in(Order("-"), MOST)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.txt", None, "No such file or directory"),
        ("", None, "--out FILE"),
        ("a\0.txt", None, "no name of a file"),
        ("a.txt", b"", "nothing in it"),
        ("a.txt", b" \n", "nothing in it"),
        ("a.txt", b"caf\xe9", "not UTF-8 at byte 3"),
        ("a.txt", b"a\0b\0", "no text in UTF-8"),
        ("a.txt", b"a" * (4 * 1024 * 1024 + 1), "At most 4,194,304 bytes"),
        ("a.json", b"{", "not valid JSON"),
        ("a.json", b"{}", "/text: Field required"),
        ("a.json", b'{"text": 1, "text": 2}', "unique keys"),
        ("a.json", b'{"text": "a", "published": "yesterday", "language": 7}', "/language: "),
    ],
)
def test_wrong_files_are_one_line(capsys: Captured, tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    """A file that holds no article ends the command with one line, before any model is loaded."""
    if content is not None:
        (tmp_path / name).write_bytes(content)

    assert cli.main(["extract", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_a_file_that_cannot_be_read() -> None:
    """A file that the system does not let be read is told as it tells it."""
    with pytest.raises(SetupError, match="Input/output error"):
        article_in(Order("/proc/self/mem"), MOST)


class Endless(io.BytesIO):
    """Standard input that has no end; says how much of it was read."""

    def read(self, size: int | None = -1) -> bytes:
        """Return as much as is asked for."""
        assert size is not None
        assert 0 < size <= MOST + 1
        return b"a" * size


def test_no_more_is_read_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too long is refused before all of it is read."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Endless()))
    with pytest.raises(SetupError, match="At most 1,000 bytes are read"):
        article_in(Order("-"), MOST)


def test_options_tell_what_a_text_cannot(reader: FakeExtractor, tmp_path: Path) -> None:
    """Date, title, language, source, sections and deadline of a text come from the command line."""
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    options = ["--published", "2026-03-12", "--title", "T", "--language", "fr", "--source", "S", "--sections", "threats, actors", "--deadline", "7.5"]

    assert cli.main(["extract", str(tmp_path / "a.txt"), *options]) == 0
    article = reader.articles[0]
    assert (article.text, article.published, article.title, article.language, article.source) == ("a", "2026-03-12", "T", "fr", "S")
    assert (article.options.sections, article.options.deadline_s) == ((Section.THREATS, Section.ACTORS), 7.5)
    assert reader.seconds == [pytest.approx(7.5, abs=1)]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--published", "yesterday"),
        ("--published", "2026-13-01"),
        ("--title", "a" * 1_001),
        ("--title", "\udc80"),
        ("--language", "Français"),
        ("--source", "a" * 2_001),
        ("--deadline", "0"),
        ("--deadline", "nan"),
        ("--deadline", "inf"),
    ],
)
def test_a_wrong_option_is_named(capsys: Captured, tmp_path: Path, option: str, value: str) -> None:
    """An option that does not fit is named, with what it takes, in one line."""
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")

    assert cli.main(["extract", str(tmp_path / "a.txt"), option, value]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"vigie: {option}: give ")
    assert err.count("\n") == 1


def test_options_are_not_for_json(capsys: Captured, tmp_path: Path) -> None:
    """A JSON file says all that itself; two truths about one article would be one too many."""
    (tmp_path / "a.json").write_text('{"text": "a"}', encoding="utf-8")

    assert cli.main(["extract", str(tmp_path / "a.json"), "--title", "T", "--deadline", "5"]) == 2
    assert "--title, --deadline: for a text alone" in capsys.readouterr().err


async def test_reading_waits_for_the_model_and_closes_it(capsys: Captured) -> None:
    """A model that is being loaded is waited for, which is told once; it is closed at the end."""
    model, extractor = FakeModel(loading=3), FakeExtractor()
    with display(quiet=False) as shown:
        record = await read(Article(text=CANARY), model, extractor, Settings(), shown)

    assert isinstance(record, Record)
    assert (model.loading, model.seen) == (0, ["start", "close"])
    assert extractor.seconds == [pytest.approx(300, abs=1)]
    assert capsys.readouterr().err == "vigie: loading fake ...\nvigie: reading 11 characters with fake ...\n"


async def test_pieces_are_read_side_by_side() -> None:
    """Of a long article as many pieces are read at once as the model takes."""
    lent: list[bool] = []

    class Lending:
        async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, lanes: Lanes = one_lane) -> Record:
            lent.extend(lane is not None for lane in (lanes(), lanes(), lanes()))
            return record_of(article)

    with display(quiet=True) as shown:
        await read(Article(text="a"), FakeModel(), Lending(), Settings(concurrency=3), shown)

    assert lent == [True, True, False]


async def test_a_model_that_cannot_be_had_is_closed_too() -> None:
    """A model that fails while it is being loaded ends the command."""
    model = FakeModel(fails=ModelUnavailable())
    with display(quiet=True) as shown, pytest.raises(ModelUnavailable):
        await read(Article(text="a"), model, FakeExtractor(), Settings(), shown)

    assert model.seen == ["start", "close"]


async def test_a_reading_that_is_given_up_closes_the_model() -> None:
    """Whoever interrupts the command leaves no engine behind."""
    model, extractor = FakeModel(), FakeExtractor(waits=True)
    with display(quiet=True) as shown:
        reading = asyncio.create_task(read(Article(text="a"), model, extractor, Settings(), shown))
        await extractor.begun.wait()
        reading.cancel()
        await asyncio.wait([reading])

    assert (reading.cancelled(), model.seen) == (True, ["start", "close"])


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("quiet", "lines"), [(True, 0), (False, 1)])
def test_weights_are_fetched_first(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, quiet: bool, lines: int) -> None:
    """The embedded model finds its weights there, so that fetching them is shown to whoever wants to see it and to nobody else."""

    def fetch(_settings: Settings, tell: Callable[[int], None]) -> None:
        tell(weights.PINNED.size)

    monkeypatch.setattr(weights, "fetch", fetch)
    monkeypatch.setattr(extracting, "model_of", lambda _settings, *, prefix: FakeModel())
    monkeypatch.setenv("VIGIE_MODE", "live")
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")

    assert cli.main(["extract", str(tmp_path / "a.txt"), *(["--quiet"] if quiet else [])]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out)["id"], err.count("weights: ")) == ("rec_0", lines)
