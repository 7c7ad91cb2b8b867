"""The command `vigie`: what it prints where, and how it ends."""

import json
import socket
from dataclasses import asdict
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.record import Record
from service import cli
from service.errors import ModelUnavailable
from service.settings import Settings
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel

Captured = pytest.CaptureFixture[str]
SECRET = "sk-secret-7f3a"  # noqa: S105 - to see that it is not shown


@pytest.fixture(autouse=True)
def _installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give each command an installation of its own, which replays and has no recording."""
    (tmp_path / "recordings").mkdir()
    identity = {"name": FakeModel.name, "output_mode": FakeModel.output_mode, "profile": asdict(FakeModel.profile)}
    (tmp_path / "recordings" / "model.json").write_text(json.dumps(identity), encoding="utf-8")
    monkeypatch.setenv("VIGIE_MODE", "replay")
    monkeypatch.setenv("VIGIE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)


def test_wrong_settings_are_one_line(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wrong variable is named, in one line, without its value."""
    monkeypatch.setenv("VIGIE_DEADLINE_S", SECRET)
    monkeypatch.setenv("VIGIE_MODE", SECRET)

    assert cli.main(["extract", "-"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "VIGIE_DEADLINE_S: " in err
    assert "VIGIE_MODE: " in err
    assert SECRET not in err


@pytest.mark.parametrize("arguments", [[], ["fly"], ["serve", "--port", "x"], ["extract"]])
def test_wrong_usage(arguments: list[str]) -> None:
    """A command that does not exist ends as the shell expects."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)

    assert ended.value.code == 2


@pytest.mark.parametrize(("name", "content"), [("gone.txt", None), ("a.txt", b"\xff"), ("a.json", b"{}"), ("b.json", b'{"text": 1, "text": 2}')])
def test_wrong_files_are_the_users(capsys: Captured, tmp_path: Path, name: str, content: bytes | None) -> None:
    """A file that holds no article ends with one line and nothing on standard output."""
    if content is not None:
        (tmp_path / name).write_bytes(content)

    assert cli.main(["extract", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("vigie: ")


def test_a_failing_model_is_told_apart(capsys: Captured, tmp_path: Path) -> None:
    """Where there is no answer of the model the exit code says so, and the article is not repeated."""
    (tmp_path / "a.txt").write_text(f"Le ministre a menacé {CANARY}.", encoding="utf-8")

    assert cli.main(["extract", str(tmp_path / "a.txt")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert CANARY not in err


def test_a_record_is_all_that_standard_output_gets(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The record is printed as JSON, in UTF-8, and nothing else with it."""
    monkeypatch.setattr(cli, "Extractor", lambda _model, _settings: FakeExtractor())
    (tmp_path / "a.json").write_text('{"text": "a", "title": "Été"}', encoding="utf-8")

    assert cli.main(["extract", str(tmp_path / "a.json")]) == 0
    out, err = capsys.readouterr()
    assert Record.model_validate_json(out).article.title == "Été"
    assert err == "vigie: reading 1 characters with fake ...\n"


def test_weights_that_are_there_are_not_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`vigie fetch` ends at once where the weights are the user's own."""
    (tmp_path / "own.gguf").touch()
    monkeypatch.setenv("VIGIE_EMBEDDED_MODEL", str(tmp_path / "own.gguf"))

    assert cli.main(["fetch"]) == 0


async def test_reading_waits_for_the_model_and_closes_it() -> None:
    """A model that is being loaded is waited for; it is closed at the end."""
    model, extractor = FakeModel(loading=2), FakeExtractor()
    record = await cli.read(Article(text="a"), model, extractor, Settings())

    assert isinstance(record, Record)
    assert (model.loading, model.seen) == (0, ["start", "close"])
    assert extractor.seconds == [pytest.approx(300, abs=1)]


async def test_a_model_that_cannot_be_had_is_closed_too() -> None:
    """A model that fails while it is being loaded ends the command."""
    model = FakeModel(fails=ModelUnavailable())
    with pytest.raises(ModelUnavailable):
        await cli.read(Article(text="a"), model, FakeExtractor(), Settings())

    assert model.seen == ["start", "close"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "vigie.example"])  # noqa: S104 - to see that it is refused
def test_strangers_are_not_served_without_keys(capsys: Captured, host: str) -> None:
    """Only this machine is served, unless the installation says otherwise."""
    assert cli.main(["serve", "--host", host]) == 2
    assert "VIGIE_ALLOW_ANONYMOUS" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_line(capsys: Captured) -> None:
    """A port that another process has is the user's to know."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert cli.main(["serve", "--port", str(taken.getsockname()[1])]) == 2

    assert "Cannot listen on 127.0.0.1" in capsys.readouterr().err


def test_a_fault_of_ours_is_not_quoted(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python would print the exception; we print its class and place."""
    monkeypatch.setattr(cli, "_run", lambda _: int(CANARY))

    assert cli.main(["extract", "-"]) == 3
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["error"]) == ("internal-error", "ValueError")
