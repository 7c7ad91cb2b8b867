"""What others wrote and tests use: it is as it was fetched, and is not shipped. The parts of pages are looked at in `tests/unit/routes`."""

import hashlib
import re
from pathlib import Path

import pytest

from scripts.vendor import AXE, PACKAGES, Package

SUMS = [line.split("  ") for line in (AXE.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("digest", "name"), SUMS, ids=[name for _, name in SUMS])
def test_vendored_files_are_as_fetched(digest: str, name: str) -> None:
    """Nobody has edited what others wrote, by hand or by a checkout that changes line ends."""
    assert hashlib.sha256((AXE.folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_vendored_files_are_those_that_are_fetched(package: Package) -> None:
    """What `make vendor` would fetch is what lies there: the same files, in the version that their README names, with their licence."""
    first = (package.folder / "README.md").read_text(encoding="utf-8").partition("\n")[0]

    assert {path.name for path in package.folder.iterdir()} == {*package.kept, "README.md", "SHA256SUMS"}
    assert first == f"# {package.name} {package.version}"
    assert "LICENSE" in package.kept
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package.integrity)


def test_what_only_tests_use_is_not_shipped() -> None:
    """Nothing of it lies in a package that is installed, and its licence is there."""
    root = Path(__file__).parents[2]

    assert AXE.folder.is_relative_to(root / "tests")
    assert "Mozilla Public License" in (AXE.folder / "LICENSE").read_text(encoding="utf-8")
