"""`vigie eval`: what is read, what is told and written, and how it ends."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.record import Record
from service import cli
from service.cli import evaluating
from service.cli.proceeding import proceeding
from service.errors import ModelLoading, ModelUnavailable
from service.evaluation.gold import load
from service.evaluation.results import Results
from service.extraction.progress import Tell, nobody
from service.models import weights
from service.settings import Settings
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel

ROOT = Path(__file__).parents[3]
Captured = pytest.CaptureFixture[str]
ANNOTATION = """
[article]
kind = "dispatch"
published = "2026-03-12"
[[actors]]
name = ["Kestria"]
[[targets]]
name = ["the naval base at Port Hale"]
category = "military"
status = "threatened"
"""


class FailsAt(FakeExtractor):
    """An extractor that fails at articles with a certain word."""

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **how: object) -> Record:
        """Do as told."""
        if "Tarn" in article.text:
            raise ModelLoading
        return await super().extract(article, deadline_at=deadline_at, tell=tell, **how)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Work in a folder that has three gold articles."""
    for half, name, text in (
        ("tuning", "en-a", f"Kestria {CANARY}"),
        ("tuning", "en-b", f"Kestria and Tarn {CANARY}"),
        ("reporting", "fr-c", f"Kestria {CANARY}"),
    ):
        path = tmp_path / "benchmarks/gold" / half / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".txt").write_text(text, encoding="utf-8")
        path.write_text('article = {kind = "dispatch", published = "2026-03-12"}\nactors = [{name = ["Kestria"]}]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeExtractor:
    """Return the extractor that the command uses."""
    extractor = FakeExtractor()
    use(extractor, monkeypatch)
    return extractor


def use(extractor: FakeExtractor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command read with `extractor`."""
    monkeypatch.setattr(evaluating, "Extractor", lambda _model, _settings: extractor)


def results(folder: Path) -> Results:
    """Return what was written."""
    return Results.model_validate_json((folder / "build/eval/results.json").read_bytes())


def test_figures_are_printed_and_written(capsys: Captured, reader: FakeExtractor, folder: Path) -> None:
    """The figures of each half are on standard output, a line an article on the other, the results and the report in their folder."""
    assert cli.main(["eval"]) == 0

    out, err = capsys.readouterr()
    told = ["vigie: reading with fake ...", "vigie: 1 of 3: tuning/en-a", "vigie: 2 of 3: tuning/en-b", "vigie: 3 of 3: reporting/fr-c"]
    assert [line.split(",")[0] for line in err.splitlines()] == told
    assert [line for line in out.splitlines() if "article" in line] == ["tuning: 2 articles", "reporting: 1 article"]
    assert [(one.name, one.measured.cost.calls) for one in results(folder).articles] == [("en-a", 2), ("en-b", 2), ("fr-c", 2)]
    assert CANARY in (folder / "build/eval/report.html").read_text(encoding="utf-8")
    assert CANARY not in out + err
    assert [article.published for article in reader.articles] == ["2026-03-12"] * 3


def test_real_answers_have_real_figures(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Recorded answers are read as `vigie extract` reads them, and what is right in them counts."""
    monkeypatch.setenv("VIGIE_REPLAY_DIR", str(ROOT / "service/examples/recordings"))
    (tmp_path / "tuning").mkdir()
    (tmp_path / "tuning/en-strait.txt").write_bytes((ROOT / "examples/strait.txt").read_bytes())
    (tmp_path / "tuning/en-strait.toml").write_text(ANNOTATION.replace('published = "2026-03-12"\n', ""), encoding="utf-8")

    assert cli.main(["eval", "--gold", str(tmp_path), "--out", str(tmp_path / "out"), "--no-report"]) == 0
    told = Results.model_validate_json((tmp_path / "out/results.json").read_bytes()).halves["tuning"]
    assert (told.sections["actors"].relaxed.recall, told.sections["targets"].exact.recall, told.measured.evidence.share) == (1.0, 1.0, 1.0)  # type: ignore[index]
    assert "targets" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--half", "reporting"], ["fr-c"]),
        (["--half", "tuning"], ["en-a", "en-b"]),
        (["--only", "fr-c", "en-b"], ["en-b", "fr-c"]),
    ],
)
@pytest.mark.usefixtures("reader")
def test_some_articles_are_read(folder: Path, options: list[str], names: list[str]) -> None:
    """A half, or articles by their names, can be asked for."""
    assert cli.main(["eval", *options]) == 0
    assert [one.name for one in results(folder).articles] == names


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--gold", "elsewhere"], "There are no gold articles in elsewhere"),
        (["--only", "en-a", "en-x"], "There is no gold article en-x."),
        (["--only", "en-a", "--check"], "--only: floors are those of a whole half."),
        (["--only", "en-a", "--update"], "--only: floors are those of a whole half."),
        (["--check"], "There are no floors for fake on the tuning half"),
        (["--floors", "benchmarks"], "benchmarks holds no floors."),
        (["--out", "benchmarks/gold/tuning/en-a.txt"], "cannot be made: File exists"),
    ],
)
def test_what_cannot_be_done_is_told_first(capsys: Captured, reader: FakeExtractor, folder: Path, options: list[str], said: str) -> None:
    """An order that cannot be carried out ends in one line before anything is read."""
    assert cli.main(["eval", *options]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), reader.articles) == ("", 1, [])
    assert said in err


@pytest.mark.usefixtures("reader")
def test_a_file_that_cannot_be_written(capsys: Captured, folder: Path) -> None:
    """Where the results cannot be written the command says so."""
    (folder / "build/eval/results.json").mkdir(parents=True)

    assert cli.main(["eval"]) == 2
    assert "results.json cannot be written: Is a directory" in capsys.readouterr().err


def test_an_article_that_fails_is_one_in_which_nothing_is_found(capsys: Captured, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The others are read all the same, and its code is told."""
    use(FailsAt(), monkeypatch)

    assert cli.main(["eval"]) == 0
    out, err = capsys.readouterr()
    assert "vigie: 2 of 3: tuning/en-b, failed: model-loading\n" in err
    assert "tuning: 2 articles, 1 failed\n" in out
    assert [one.failure for one in results(folder).articles] == [None, "model-loading", None]


def test_a_model_that_reads_nothing_is_a_failure(capsys: Captured, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Where no article could be read the exit code is that of the model."""
    use(FakeExtractor(fails=ModelUnavailable()), monkeypatch)

    assert cli.main(["eval"]) == 3
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[-1]) == ("", "vigie: model-unavailable: The model cannot be had.")


def test_each_article_has_the_longest_deadline(monkeypatch: pytest.MonkeyPatch, reader: FakeExtractor, folder: Path) -> None:
    """What a model can read is measured, not how long a caller waits."""
    monkeypatch.setenv("VIGIE_MAX_DEADLINE_S", "77")

    assert cli.main(["eval"]) == 0
    assert reader.seconds == [pytest.approx(77, abs=2)] * 3


@pytest.mark.usefixtures("reader")
def test_floors_are_set_held_and_broken(capsys: Captured, folder: Path) -> None:
    """Set by --update, held by the same answers, broken by worse figures: then the exit code is 1 and the line says which."""
    assert cli.main(["eval", "--update"]) == 0
    assert capsys.readouterr().err.count("floors set anew") == 2
    assert cli.main(["eval", "--check"]) == 0

    path = folder / "benchmarks/floors.json"
    floors = json.loads(path.read_bytes())
    floors["models"]["fake"]["reporting"]["sections"]["actors"]["exact"] = 0.25
    path.write_text(json.dumps(floors), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["eval", "--check"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "vigie: reporting: exact F1 of actors is 0.000, below 0.250."
    assert cli.main(["eval", "--update", "--half", "reporting"]) == 0
    assert json.loads(path.read_bytes()) == floors


def test_weights_are_fetched_first(capsys: Captured, monkeypatch: pytest.MonkeyPatch, reader: FakeExtractor, folder: Path) -> None:
    """The embedded model finds its weights there."""

    def fetch(_settings: Settings, tell: Callable[[int], None]) -> None:
        assert reader.articles == []
        tell(weights.PINNED.size)

    monkeypatch.setattr(weights, "fetch", fetch)
    monkeypatch.setattr(evaluating, "model_of", lambda _settings, *, prefix: FakeModel())
    monkeypatch.setenv("VIGIE_MODE", "live")

    assert cli.main(["eval"]) == 0
    assert capsys.readouterr().err.startswith("weights: 100 %\n")


async def test_a_model_is_waited_for_and_closed(capsys: Captured, folder: Path) -> None:
    """While the model is being loaded nothing is read, and it is closed however the run ends."""
    model, extractor = FakeModel(loading=2), FakeExtractor(waits=True)
    with proceeding(3) as shown:
        reading = asyncio.create_task(evaluating._read(load(folder / "benchmarks/gold"), model, extractor, 60, shown))
        await extractor.begun.wait()
        reading.cancel()
        await asyncio.wait([reading])

    assert (reading.cancelled(), model.seen, len(extractor.articles)) == (True, ["start", "close"], 1)
    assert capsys.readouterr().err == "vigie: loading fake ...\nvigie: reading with fake ...\n"
