"""The command `vigie`: what it prints where, and how it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.record import Record
from service import __version__, cli
from service.cli import extracting
from service.errors import ModelLoading, ModelUnavailable, VigieError
from service.extraction.progress import Tell, nobody
from tests.unit.service_parts import CANARY, FakeExtractor

ROOT = Path(__file__).parents[3]
Captured = pytest.CaptureFixture[str]
SECRET = "sk-secret-7f3a"  # noqa: S105 - to see that it is not shown


def reading_with(extractor: FakeExtractor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """Return how `vigie extract` ends where `extractor` reads."""
    monkeypatch.setattr(extracting, "Extractor", lambda _model, _settings: extractor)
    (tmp_path / "a.txt").write_text(f"Le ministre a menacé {CANARY}.", encoding="utf-8")
    return cli.main(["extract", str(tmp_path / "a.txt")])


@pytest.mark.parametrize("command", [["serve"], ["serve", "--check"], ["fetch"], ["extract", "-"], ["eval"]])
def test_wrong_settings_are_one_line(capsys: Captured, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """Each wrong variable is named, in one line, without its value, whatever is asked for."""
    monkeypatch.setenv("VIGIE_DEADLINE_S", SECRET)
    monkeypatch.setenv("VIGIE_MODE", SECRET)
    monkeypatch.setenv("VIGIE_CHUNK_CHAR", SECRET)

    assert cli.main(command) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "VIGIE_DEADLINE_S: " in err
    assert "VIGIE_MODE: " in err
    assert "VIGIE_CHUNK_CHAR: there is no such setting; did you mean VIGIE_CHUNK_CHARS?" in err
    assert SECRET not in err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "command"),
        (["fly"], "fly"),
        (["serve", "--port", "x"], "--port"),
        (["serve", "--port", "-1"], "--port"),
        (["serve", "--port", "65536"], "--port"),
        (["extract"], "file"),
        (["extract", "-", "--format", "xml"], "--format"),
        (["extract", "-", "--sections", "threats,weather"], "--sections"),
        (["extract", "-", "--deadline", "soon"], "--deadline"),
        (["eval", "--half", "whole"], "--half"),
        (["eval", "--check", "--update"], "--update"),
        (["\x1b[2J"], r"\x1b[2J"),
    ],
)
def test_wrong_usage_is_one_line(capsys: Captured, arguments: list[str], named: str) -> None:
    """A command that cannot be run as it is given ends as the shell expects, and says what is wrong."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)

    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("vigie: ")
    assert named in err


def test_help_tells_the_exit_codes(capsys: Captured) -> None:
    """Who writes a script finds in the help how the command can end."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])

    told = [line.split()[0] for line in capsys.readouterr().out.partition("exit codes:")[2].splitlines() if line.strip()]
    assert (ended.value.code, [int(code) for code in told]) == (
        0,
        [cli.OK, cli.BELOW, cli.WRONG, cli.FAILED, cli.PARTLY, cli.INTERRUPTED, cli.UNREAD, cli.TERMINATED],
    )


def test_version(capsys: Captured) -> None:
    """The command says which it is."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])

    assert (ended.value.code, capsys.readouterr().out) == (0, f"vigie {__version__}\n")


def test_a_failing_model_is_told_apart(capsys: Captured, tmp_path: Path) -> None:
    """Where there is no answer of the model the exit code says so, and the article is not repeated."""
    (tmp_path / "a.txt").write_text(f"Le ministre a menacé {CANARY}.", encoding="utf-8")

    assert cli.main(["extract", str(tmp_path / "a.txt")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "vigie: replay-miss: There is no recording " in err
    assert CANARY not in err


@pytest.mark.parametrize(("fault", "said"), [(ModelLoading(), True), (ModelUnavailable(), False)])
def test_a_retry_is_advised_where_it_may_help(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: VigieError, *, said: bool) -> None:
    """What passes by itself is told from what does not."""
    assert reading_with(FakeExtractor(fails=fault), monkeypatch, tmp_path) == 3
    assert ("Trying again may help." in capsys.readouterr().err) is said


def test_a_fault_of_ours_is_not_quoted(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Python would print the exception; we print its class and place."""
    assert reading_with(FakeExtractor(fails=ValueError(CANARY)), monkeypatch, tmp_path) == 3
    err = capsys.readouterr().err
    line = json.loads(err.splitlines()[-1])
    assert (line["event"], line["error"], CANARY in err) == ("internal-error", "ValueError", False)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_reading(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: signal.Signals, code: int) -> None:
    """A signal stops the work at once and in good order, and the exit code names it."""

    class Signalled(FakeExtractor):
        async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **how: object) -> Record:
            os.kill(os.getpid(), number)
            return await super().extract(article, deadline_at=deadline_at, tell=tell, **how)

    extractor = Signalled(waits=True)

    assert reading_with(extractor, monkeypatch, tmp_path) == code
    assert extractor.cancelled.is_set()
    assert capsys.readouterr().out == ""


def test_a_signal_ends_what_comes_before_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal to terminate counts from the start, and nothing of it is left behind in the process."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(extracting, "article_in", lambda _order, _max: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as ended:
        cli.main(["extract", "-"])

    assert (ended.value.code, signal.getsignal(signal.SIGTERM)) == (143, before)


@pytest.mark.parametrize("streams", ["stdout", "both"])
def test_a_closed_pipe_ends_the_command_quietly(streams: str) -> None:
    """`vigie extract … | head` leaves no traceback behind, wherever standard error goes."""
    command = [sys.executable, "-m", "service.cli", "extract", "examples/strait.txt", "--format", "table", *(["--quiet"] if streams == "stdout" else [])]
    environment = {**os.environ, "VIGIE_REPLAY_DIR": "service/examples/recordings"}
    errors = subprocess.PIPE if streams == "stdout" else subprocess.STDOUT
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors) as process:
        assert process.stdout is not None
        process.stdout.close()
        said = process.stderr.read() if process.stderr else b""

    assert (process.returncode, said) == (141, b"")


def test_nothing_is_said_where_standard_error_is_closed(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What belongs on standard error does not turn up in the record."""
    monkeypatch.setattr(sys, "stderr", None)

    assert reading_with(FakeExtractor(), monkeypatch, tmp_path) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "rec_0"
    sys.stderr.close()


def test_weights_that_are_there_are_not_fetched(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`vigie fetch` ends at once where the weights are the user's own."""
    (tmp_path / "own.gguf").touch()
    monkeypatch.setenv("VIGIE_EMBEDDED_MODEL", str(tmp_path / "own.gguf"))

    assert cli.main(["fetch"]) == 0
    assert capsys.readouterr() == ("", "")
