"""Each command of these tests has an installation of its own, which replays and has no recording."""

from pathlib import Path

import pytest

from service.models.exchanges import Folder, Identity
from tests.unit.service_parts import FakeModel


@pytest.fixture(autouse=True)
def _installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set up the installation."""
    Folder(tmp_path / "recordings").begin(Identity.of(FakeModel()))
    monkeypatch.setenv("VIGIE_MODE", "replay")
    monkeypatch.setenv("VIGIE_DATA_DIR", str(tmp_path))
