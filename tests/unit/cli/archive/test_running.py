"""`vigie extract` of an archive: what it is asked for, what a second run does, how it ends."""

import csv
import json
import os
import shutil
import signal
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.record import Record
from service import cli
from service.cli.archive import running
from service.errors import DeadlineExceeded, UnusableArticle, UpstreamQuotaExhausted
from service.extraction.progress import Tell, nobody
from service.models import weights
from service.settings import Settings
from tests.unit.cli.archive.archive_parts import folder_of, lines_of, told_in
from tests.unit.service_parts import FakeExtractor, FakeModel, record_of

ROOT = Path(__file__).parents[4]
Captured = pytest.CaptureFixture[str]


class Fated(FakeExtractor):
    """An extractor that fails for the texts that have a fate."""

    def __init__(self) -> None:
        """Begin with good fates."""
        super().__init__()
        self.fates: dict[str, Exception] = {}

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **how: object) -> Record:
        """Do what is fated."""
        self.fails = self.fates.get(article.text)
        return await super().extract(article, deadline_at=deadline_at, tell=tell, **how)

    def read(self) -> list[str]:
        """Return the texts that were asked for since the last time."""
        texts = sorted(article.text for article in self.articles)
        self.articles.clear()
        return texts


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Fated:
    """Return the extractor that the command uses."""
    extractor = Fated()
    monkeypatch.setattr(running, "Extractor", lambda _model, _settings: extractor)
    return extractor


def extract(*arguments: str | Path) -> int:
    """Return how the command ends."""
    return cli.main(["extract", *map(str, arguments)])


def test_a_folder_becomes_a_file_of_records(capsys: Captured, reader: Fated, tmp_path: Path) -> None:
    """Each article has a line; nothing goes to standard output."""
    folder, out = folder_of(tmp_path / "a", a="one", b="two"), tmp_path / "out.ndjson"

    assert extract(folder, "--out", out, "--language", "fr") == 0
    assert [(line["index"], line["source"], line["record"]["article"]["characters"]) for line in told_in(out)] == [(0, "a.txt", 3), (1, "b.txt", 3)]
    assert [article.language for article in reader.articles] == ["fr", "fr"]
    assert capsys.readouterr() == ("", f"vigie: reading with fake ...\nvigie: 2 articles, 2 records, 0 failed; {out} has them.\n")


def test_quiet_says_nothing(capsys: Captured, reader: Fated, tmp_path: Path) -> None:
    """Whoever wants it quiet has the exit code."""
    reader.fates = {"b": UnusableArticle()}

    assert extract(lines_of(tmp_path / "a.ndjson", "a", "b"), "--out", tmp_path / "out", "--quiet") == 4
    assert capsys.readouterr() == ("", "")


def test_a_second_run_reads_what_is_missing(reader: Fated, tmp_path: Path) -> None:
    """Articles that joined at the end are read, and those that failed in a way that may pass; one line each is left."""
    archive, out = lines_of(tmp_path / "a.ndjson", "a", "late", "empty"), tmp_path / "out"
    reader.fates = {"late": DeadlineExceeded(), "empty": UnusableArticle()}

    assert extract(archive, "--out", out) == 4
    assert reader.read() == ["a", "empty", "late"]
    lines_of(archive, "a", "late", "empty", "new")
    reader.fates.pop("late")
    assert extract(archive, "--out", out) == 4
    assert reader.read() == ["late", "new"]
    assert [(line["index"], "record" in line) for line in told_in(out)] == [(0, True), (1, True), (2, False), (3, True)]
    reader.fates.clear()
    assert extract(archive, "--out", out, "--retry-failed") == 0
    assert reader.read() == ["empty"]
    assert [(line["index"], "record" in line) for line in told_in(out)] == [(0, True), (1, True), (2, True), (3, True)]


def test_where_nothing_is_left_no_model_is_asked(reader: Fated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run after the last one ends at once, and changes nothing."""
    archive, out = lines_of(tmp_path / "a.ndjson", "a", "b"), tmp_path / "out"
    extract(archive, "--out", out)
    before = out.read_bytes()
    monkeypatch.setattr(running, "model_of", None)

    assert extract(archive, "--out", out) == 0
    assert out.read_bytes() == before


def test_an_article_that_was_mended_is_read_again(reader: Fated, tmp_path: Path) -> None:
    """It has no record that could be of something else; a line that is no longer in the archive is gone."""
    archive, out = tmp_path / "a.ndjson", tmp_path / "out"
    archive.write_text('{"text": "a"}\n{"txt": "b"}\n{"text": 7}\n', encoding="utf-8")

    assert extract(archive, "--out", out) == 4
    archive.write_text('{"text": "a"}\n{"text": "b"}\n', encoding="utf-8")
    assert extract(archive, "--out", out) == 0
    assert reader.read() == ["a", "b"]


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("texts", [("b", "c"), ("new", "a", "b"), ("a",)])
def test_another_archive_is_refused(capsys: Captured, tmp_path: Path, texts: tuple[str, ...]) -> None:
    """Records of articles that changed, moved or are gone are not mixed with others; the file stays as it is."""
    archive, out = lines_of(tmp_path / "a.ndjson", "a", "b"), tmp_path / "out"
    extract(archive, "--out", out)
    before = out.read_bytes()
    lines_of(archive, *texts)

    assert extract(archive, "--out", out) == 2
    assert "has records of other articles" in capsys.readouterr().err
    assert out.read_bytes() == before


@pytest.mark.usefixtures("reader")
def test_other_options_are_noticed(tmp_path: Path) -> None:
    """What the command line tells of texts is part of what was read."""
    folder, out = folder_of(tmp_path / "a", a="a"), tmp_path / "out"

    assert [extract(folder, "--out", out, "--sections", sections) for sections in ("threats", "threats", "actors")] == [0, 0, 2]


def test_a_file_of_something_else_is_refused(capsys: Captured, reader: Fated, tmp_path: Path) -> None:
    """Nothing is overwritten, and nothing read in vain."""
    archive, out = lines_of(tmp_path / "a.ndjson", "a"), tmp_path / "notes"
    out.write_text("my notes", encoding="utf-8")

    assert extract(archive, "--out", out) == extract(archive, "--out", archive) == 2
    assert extract(archive, "--out", out, "--format", "csv", "--section", "threats") == 2
    assert (out.read_text(encoding="utf-8"), reader.read()) == ("my notes", [])
    assert capsys.readouterr().err.count("\n") == 3
    assert not (tmp_path / "notes.ndjson").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["DIR"], "--out FILE"),
        (["DIR", "--out", "OUT", "--format", "table"], "--format"),
        (["DIR", "--out", "OUT", "--section", "threats"], "--section"),
        (["DIR", "--out", "OUT", "--format", "csv"], "--section"),
        (["DIR", "--out", "OUT", "--records", "R"], "--records"),
        (["DIR", "--out", "OUT", "--records", "OUT", "--format", "csv", "--section", "threats"], "--records"),
        (["DIR", "--out", "DIR/out.json"], "--out"),
        (["DIR", "--out", ".", "--format", "csv", "--section", "threats"], "Is a directory"),
        (["DIR", "--out", "OUT.csv", "--records", "DIR/b.txt", "--format", "csv", "--section", "threats"], "--records"),
        (["DIR/a.txt", "--out", "OUT"], "--out: for an archive alone"),
        (["DIR/a.txt", "--format", "csv"], "--format csv: for an archive alone"),
        (["DIR/a.txt", "--retry-failed", "--section", "threats"], "--section, --retry-failed: for an archive alone"),
        (["DIR/gone", "--out", "OUT"], "a folder that is there"),
        (["DIR/gone.ndjson", "--out", "OUT"], "No such file or directory"),
    ],
)
def test_what_cannot_be_had_is_one_line(capsys: Captured, reader: Fated, tmp_path: Path, arguments: list[str], said: str) -> None:
    """Options that do not go together end the command before anything is read or written."""
    folder_of(tmp_path / "DIR", a="a")

    assert extract(*(str(tmp_path / one) if one.startswith(("DIR", "OUT", "R")) else one for one in arguments)) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), reader.articles) == ("", 1, [])
    assert said in err
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.parent != tmp_path / "recordings"] == ["a.txt"]


def test_a_model_that_is_lost_leaves_what_was_read(capsys: Captured, reader: Fated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The run ends, says how far it came, and the next one goes on from there."""
    archive, out = lines_of(tmp_path / "a.ndjson", "a", "b", "c"), tmp_path / "out"
    reader.fates = {"b": UpstreamQuotaExhausted()}
    monkeypatch.setenv("VIGIE_CONCURRENCY", "1")

    assert extract(archive, "--out", out) == 3
    assert [line["index"] for line in told_in(out)] == [0]
    assert f"1 of 3 articles are in {out}: the same command goes on from there" in capsys.readouterr().err
    reader.fates.clear()
    reader.read()
    assert extract(archive, "--out", out) == 0
    assert reader.read() == ["b", "c"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_what_was_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: signal.Signals, code: int) -> None:
    """What was finished is in the file, the model is closed, and the exit code names the signal."""

    class Signalled(FakeExtractor):
        async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **how: object) -> Record:
            if article.text == "b":
                os.kill(os.getpid(), number)
                self.waits = True
            return await super().extract(article, deadline_at=deadline_at, tell=tell, **how)

    extractor, model = Signalled(), FakeModel()
    monkeypatch.setattr(running, "Extractor", lambda _model, _settings: extractor)
    monkeypatch.setattr(running, "model_of", lambda _settings, *, prefix: model)
    monkeypatch.setenv("VIGIE_CONCURRENCY", "1")

    assert extract(lines_of(tmp_path / "a.ndjson", "a", "b", "c"), "--out", tmp_path / "out") == code
    assert [line["index"] for line in told_in(tmp_path / "out")] == [0]
    assert (model.seen, extractor.cancelled.is_set()) == (["start", "close"], True)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("quiet", "lines"), [(True, 0), (False, 1)])
def test_weights_are_fetched_first(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, quiet: bool, lines: int) -> None:
    """As for one article: to be seen by whoever wants to."""

    def fetch(_settings: Settings, tell: Callable[[int], None]) -> None:
        tell(weights.PINNED.size)

    monkeypatch.setattr(weights, "fetch", fetch)
    monkeypatch.setattr(running, "model_of", lambda _settings, *, prefix: FakeModel())
    monkeypatch.setenv("VIGIE_MODE", "live")

    assert extract(folder_of(tmp_path / "a", a="a"), "--out", tmp_path / "out", *(["--quiet"] if quiet else [])) == 0
    assert capsys.readouterr().err.count("weights: ") == lines


def test_sections_as_tables(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A table is made of real records, and a second one of the same without a model."""
    monkeypatch.setenv("VIGIE_REPLAY_DIR", str(ROOT / "service/examples/recordings"))
    folder, table = folder_of(tmp_path / "a", b=""), tmp_path / "threats.csv"
    shutil.copy(ROOT / "examples/strait.txt", folder / "a.txt")

    assert extract(folder, "--out", table, "--format", "csv", "--section", "threats") == 4
    (record, problem) = told_in(tmp_path / "threats.csv.ndjson")
    assert (problem["source"], problem["problem"]["code"]) == ("b.txt", "unusable-article")
    monkeypatch.setattr(running, "model_of", None)
    other = tmp_path / "actors.csv"
    assert extract(folder, "--out", other, "--format", "csv", "--section", "actors", "--records", tmp_path / "threats.csv.ndjson") == 4
    for path, section in ((table, "threats"), (other, "actors")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [*csv.DictReader(file, strict=True)]
        assert [row["id"] for row in rows] == [entry["id"] for entry in record["record"][section]]
        assert rows
        text = (folder / "a.txt").read_text(encoding="utf-8")
        assert all(text[int(row["quote_start"]) : int(row["quote_end"])] == row["quote"].removeprefix("'") for row in rows)
    assert f"2 articles, 1 records, 1 failed; {other} has them." in capsys.readouterr().err
    assert json.dumps(record)


def test_memory_does_not_grow_with_the_archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither articles nor records are kept: six times as many take little more than what is known of each."""

    class Forgetful(FakeExtractor):
        async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **how: object) -> Record:
            return record_of(article)

    def most_bytes(articles: int) -> int:
        archive = lines_of(tmp_path / f"{articles}.ndjson", *("A word. " * 200 + str(number) for number in range(articles)))
        tracemalloc.start()
        try:
            assert extract(archive, "--out", tmp_path / f"{articles}.out", "--quiet") == 0
            assert extract(archive, "--out", tmp_path / f"{articles}.out", "--quiet") == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr(running, "Extractor", lambda _model, _settings: Forgetful())
    most_bytes(50)

    assert most_bytes(600) - most_bytes(100) < 500 * 600
