"""The demonstration without a model: the shortest way to see a record."""

import subprocess
import sys
from pathlib import Path

import pytest

from schemas.record import Record

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.integration


def test_a_record_is_shown_in_seconds() -> None:
    """`make demo MODE=replay` needs no weights: standard output has the record of the example, and nothing else."""
    shown = subprocess.run((sys.executable, "scripts/demo.py", "examples/strait.txt", "replay"), cwd=ROOT, capture_output=True, timeout=60, check=True)
    record = Record.model_validate_json(shown.stdout)

    assert record.threats
    assert "Replaying examples/strait.txt" in shown.stderr.decode()


def test_there_is_no_third_mode() -> None:
    """A slip is told, and nothing is started."""
    ended = subprocess.run((sys.executable, "scripts/demo.py", "examples/strait.txt", "replai"), cwd=ROOT, capture_output=True, timeout=60, check=False)

    assert (ended.returncode, ended.stdout) == (2, b"")
    assert "There is no mode replai" in ended.stderr.decode()
