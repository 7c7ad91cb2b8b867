"""How far the reading of many articles is, on a terminal and elsewhere."""

import io
import sys

import pytest

from service.cli.proceeding import proceeding


class Terminal(io.StringIO):
    """A terminal that keeps what it is shown."""

    def isatty(self) -> bool:
        """Pretend."""
        return True


def test_a_line_an_article(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches, each article is told once it is done."""
    with proceeding(2) as shown:
        shown.begin("loading")
        shown.step("en-a")
        shown.step("en-\x1b[2Jb")

    assert capsys.readouterr() == ("", "vigie: loading ...\nvigie: 1 of 2: en-a\nvigie: 2 of 2: en-\\x1b[2Jb\n")


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody watches, a bar counts the articles and names the last."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with proceeding(2) as shown:
        shown.begin("loading")
        shown.step("en-a")
        shown.step("en-b")

    assert "en-b" in terminal.getvalue()
    assert "2/2" in terminal.getvalue()
