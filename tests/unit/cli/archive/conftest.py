"""A folder for archives that nothing else is in."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder."""
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"
