"""The command, and the machine that it tells of."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.speed import __main__ as command
from benchmarks.speed.machine import machine, version_in
from benchmarks.speed.results import MEASURED, Embedded
from tests.unit.benchmarks.speed.speed_parts import EMBEDDED, measured

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("options", [["--subjects", "c,z"], ["--rounds", "0"], ["--seconds", "0"], ["--seconds", "inf"], ["--rates", "10,-1"]])
def test_what_cannot_be_measured_is_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is started."""
    with pytest.raises(SystemExit):
        command.main(options)

    assert options[0] in capsys.readouterr().err


def test_what_was_measured_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The page and its chart are written of a whole run, without another one."""
    monkeypatch.chdir(tmp_path)
    assert command.main(["--tell"]) == 2
    (tmp_path / command.OUT).mkdir(parents=True)
    (tmp_path / command.OUT / "results.json").write_bytes(MEASURED.dump_json(measured()))

    assert command.main(["--tell"]) == 0
    assert b"asked of Vigie" in capsysbinary.readouterr().out
    assert (tmp_path / command.PAGE).read_text().startswith("# Speed")
    assert (tmp_path / command.CHART).read_text().startswith("<svg")


def test_a_run_of_a_few_rounds_leaves_the_page_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than seven show too little."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / command.OUT).mkdir(parents=True)
    (tmp_path / command.OUT / "results.json").write_bytes(MEASURED.dump_json(measured(rounds=6)))

    assert command.main(["--tell"]) == 0
    assert not (tmp_path / command.PAGE).exists()


def test_the_embedded_model_is_measured_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was measured last of the others is kept; without that there is no page to put it into."""
    asked: list[int] = []

    async def compare(_settings: object, rounds: int, _shown: object) -> Embedded:
        asked.append(rounds)
        return replace(EMBEDDED, calls=5)

    monkeypatch.chdir(tmp_path)
    assert command.main(["--embedded", "alone"], compare) == 2
    (tmp_path / command.OUT).mkdir(parents=True)
    (tmp_path / command.OUT / "results.json").write_bytes(MEASURED.dump_json(measured()))

    assert command.main(["--embedded", "alone"], compare) == 0
    assert asked == [command.ROUNDS]
    told = MEASURED.validate_json((tmp_path / command.OUT / "results.json").read_bytes())
    assert told == replace(measured(), embedded=replace(EMBEDDED, calls=5))
    assert "5 calls for both" in (tmp_path / command.PAGE).read_text()


def test_the_machine_is_told() -> None:
    """What figures hang on: the processor, its cores, the memory, and the versions of what runs."""
    told = machine()

    assert told.processor
    assert told.cores >= 1
    assert told.memory_gib > 0.1
    assert {"vigie", "openai", "instructor", "litestar"} <= told.versions.keys()


def test_versions_elsewhere_are_those_of_that_environment() -> None:
    """And nothing, where there is none."""
    assert version_in(Path(sys.executable), "openai").startswith("3.")
    assert version_in(Path(sys.executable), "no-such-package") == version_in(Path("/nowhere/python"), "openai") == ""


def test_its_help_names_everyone() -> None:
    """The letters are nobody's to guess."""
    told = subprocess.run([sys.executable, "-m", "benchmarks.speed", "--help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert all(name in told for name in ("a: openai client", "d: LiteLLM proxy", "e: Vigie", "--quick", "--embedded"))
