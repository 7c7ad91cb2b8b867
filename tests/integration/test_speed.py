"""The speed benchmark runs as a whole: `make bench` in little."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.speed.results import MEASURED

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]


def test_vigie_is_measured_beside_a_bare_handler(tmp_path: Path) -> None:
    """Each request is answered, each by one call of the endpoint, and most of the answer comes into the record."""
    # Asked to end, it ends all that it started.
    command = ["timeout", "--kill-after", "30", "240", sys.executable, "-m", "benchmarks.speed", "--quick", "--subjects", "a,c,e", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    seen = MEASURED.validate_json((tmp_path / "results.json").read_bytes())
    for letter in "ace":
        assert {seen.total(letter, figure) for figure in ("failed", "slow_failed", "burst_failed")} == {0}
        assert seen.spread(letter, "calls").middle == 1
    assert seen.entries[0] >= 36
    assert seen.spread("e", "rps").middle > 1
