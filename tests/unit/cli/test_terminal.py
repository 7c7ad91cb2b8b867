"""What a command writes, whatever an article holds."""

import io
import json
import os
import pty
import sys
import termios
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cli.terminal import columns, harmless, harmless_json, put, say
from service.errors import InternalError
from tests.unit.extraction.extraction_parts import SENTENCES

#: What turns the direction of a text around.
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_safe(character: str) -> bool:
    """Return whether a terminal shows `character` and does nothing else."""
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} and character not in BIDI


@given(st.text(st.characters()))
def test_nothing_drives_the_terminal(text: str) -> None:
    """Whatever a text holds, what is left of it is shown and not obeyed."""
    assert all(map(is_safe, harmless(text)))


@pytest.mark.parametrize("text", SENTENCES.values())
def test_plain_words_stay_as_they_are(text: str) -> None:
    """No script is disfigured."""
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;x\x07", r"\x1b]0;x\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("a\u202eb", r"a\u202eb"),
        ("a\r\n\tb", "a b"),
        ("\udc80", r"\udc80"),
        ("\U000e0041", r"\U000e0041"),
        ("می‌خواهم", "می‌خواهم"),
        ("👩‍🚒", "👩‍🚒"),
    ],
)
def test_what_is_not_shown_is_spelt_out(text: str, shown: str) -> None:
    """Who reads sees that there was something; the joiners that words need stay."""
    assert harmless(text) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_means_the_same(text: str) -> None:
    """A document is safe on a terminal and still says what it said."""
    document = harmless_json(json.dumps({"text": text}, ensure_ascii=False))

    assert json.loads(document) == {"text": text}
    assert all(map(is_safe, document))


class Full(io.RawIOBase):
    """A disk that is full."""

    def writable(self) -> bool:
        """Pretend."""
        return True

    def write(self, _block: object) -> int:
        """Fail."""
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that cannot be written is a failure with a cause."""
    full = io.TextIOWrapper(Full())  # type: ignore[type-var]
    monkeypatch.setattr(sys, "stdout", full)
    with pytest.raises(InternalError, match="No space left on device"):
        put("a")


def test_a_closed_output_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that nobody can get is a failure."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(InternalError, match="closed"):
        put("a")


def test_words_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """What is said is one line, under the name of the command."""
    say("a\nb\x1b")

    assert capsys.readouterr() == ("", "vigie: a b\\x1b\n")


def test_a_table_that_no_terminal_shows_has_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width does not depend on where the command runs."""
    monkeypatch.setenv("COLUMNS", "33")
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    assert columns() == 80


@pytest.mark.parametrize(("wide", "expected"), [(20, 60), (120, 120), (400, 160)])
def test_a_table_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch, wide: int, expected: int) -> None:
    """On a terminal its columns count, within what can be read."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, wide))
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)

        assert columns() == expected
    os.close(ours)
