"""The house keeps its shape. Who may import whom is import-linter's."""

import re
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
FILES = sorted(path for package in ("service", "schemas", "prompts") for path in (ROOT / package).rglob("*.py"))
LOCKS = sorted([*(ROOT / "requirements").glob("*.txt"), *(ROOT / "benchmarks").glob("*/*.txt")])
#: A line of a lock: name, version, for whom, and the digests of the files that it may be.
LOCKED = re.compile(r"[a-z0-9.-]+==[\w.+]+( ; [\w .'<>=!()-]+)?( --hash=sha256:[0-9a-f]{64})+")


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_k15_what_is_installed_is_what_was_locked(path: Path) -> None:
    """Each lock names of each package one version and the digests of its files, and no place to get it from."""
    text = re.sub(r"#.*", "", path.read_text(encoding="utf-8")).replace("\\\n", " ")
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]

    assert lines
    assert [line for line in lines if not LOCKED.fullmatch(line)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_is_short(path: Path) -> None:
    """A file that has grown long holds more than one idea."""
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert lines <= MOST_LINES


def test_every_package_is_shipped() -> None:
    """A folder with code in it is a package, or the wheel would lack it."""
    assert {path.parent for path in FILES} <= {path.parent for path in FILES if path.name == "__init__.py"}


def test_sockets_are_closed_to_tests() -> None:
    """The plugin that keeps tests on this machine is at work."""
    assert socket.socket.connect.__module__ == "pytest_socket"
