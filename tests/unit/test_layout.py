"""The house keeps its shape. Who may import whom is import-linter's."""

import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
FILES = sorted(path for package in ("service", "schemas", "prompts") for path in (ROOT / package).rglob("*.py"))


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
