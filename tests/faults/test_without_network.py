"""Without any network but the machine's own all goes on as it did, and nothing tries to leave (K05, G16)."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.faults.serving_process import ROOT
from tests.faults.without_network import unshared

pytestmark = pytest.mark.integration


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a command that ran there."""

    code: int
    attempts: int
    seen_when_it_was_tried: int


def told_of(command: Sequence[str], within_s: float) -> Told:
    """Return what is told of `command`, of which anything else that it prints is printed."""
    if not shutil.which("unshare") or subprocess.run([*unshared(), "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be made here: that needs root, or user namespaces")
    alone = [*unshared(), sys.executable, "-m", "tests.faults.without_network", *command]
    done = subprocess.run(alone, cwd=ROOT, capture_output=True, text=True, timeout=within_s, check=False)
    print(done.stdout, done.stderr)  # noqa: T201 - shown where the test fails
    return Told(**json.loads(done.stdout.splitlines()[-1]))


def test_k05_a_service_needs_no_network() -> None:
    """It boots, shows its pages and reads, and so do the commands; not one packet was sent to another machine, and one would have been seen."""
    told = told_of([sys.executable, "-m", "tests.faults.air_gapped"], 60)

    assert (told.code, told.attempts) == (0, 0)
    assert told.seen_when_it_was_tried >= 2


@pytest.mark.prove
def test_g16_nor_do_the_tests() -> None:
    """All ordinary tests pass there, and none tries to leave."""
    told = told_of([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], 3_600)

    assert (told.code, told.attempts) == (0, 0)
    assert told.seen_when_it_was_tried >= 2
