"""How far something is, on a terminal and elsewhere."""

import io
import sys

import pytest

from service.models.progress import shown


def test_says_each_tenth_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches, there is a line every tenth, and nothing on standard output."""
    with shown("weights", 200) as show:
        for done in (0, 19, 20, 39, 39, 100, 200):
            show(done)

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == ["weights: 10 %", "weights: 50 %", "weights: 100 %"]


def test_draws_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody watches, there is a bar."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with shown("weights", 200) as show:
        show(200)

    assert "weights" in terminal.getvalue()
