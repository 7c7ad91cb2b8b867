"""Locks of files."""

import os
import time
from pathlib import Path

import pytest

from service.database.locking import is_held, locked, opened


def test_one_holds_a_file_for_himself(tmp_path: Path) -> None:
    """Who holds a file alone is seen by all others, and as soon as he lets go he is not."""
    path = tmp_path / "run"
    assert not is_held(path)
    first, second = opened(path), opened(path)

    assert locked(first)
    assert is_held(path)
    assert not locked(second)
    os.close(first)
    assert not is_held(path)
    assert locked(second, until=time.monotonic() + 1)
    os.close(second)


def test_several_share_a_file(tmp_path: Path) -> None:
    """Those who share a file keep others from having it alone, until the last one has let go."""
    path = tmp_path / "use"
    first, second = opened(path), opened(path)

    assert locked(first, shared=True)
    assert locked(second, shared=True)
    assert not is_held(path)
    assert not locked(first)
    os.close(second)
    assert locked(first)
    os.close(first)


def test_a_file_is_opened_for_nobody_else(tmp_path: Path) -> None:
    """No other user may hold what we wait for, and no link leads elsewhere."""
    os.close(opened(tmp_path / "run"))
    assert (tmp_path / "run").stat().st_mode & 0o077 == 0
    (tmp_path / "link").symlink_to(tmp_path / "run")

    with pytest.raises(OSError, match="link"):
        opened(tmp_path / "link")
