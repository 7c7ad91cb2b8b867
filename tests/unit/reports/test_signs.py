"""Characters that nobody sees, made visible."""

import html
import re
import time
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from service.reports.signs import shown

SIGN = re.compile(r'<bdi class="sign"(?: title="U\+[0-9A-F]{4,6}")?>(⟨[^<>⟩]+⟩)</bdi>')
#: What changes nothing that a reader sees but what it is meant to, and what writing needs.
NEEDED = "\u200c\u200d\u200e\u200f\u061c\ufe00\ufe0f"
UNSEEN = (
    "\x00\x07\x0b\x1b\x7f\x85\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u2028\u202a\u202e\u2060\u2064\u2066\u2069\u206a\u206f\u3164\ufeff\uffa0\ufff9\ufffb"
)
UNSEEN += "\u2800\ufdd0\uffff\ud800\udfff\U0001fffe\U000e0001\U000e0041\U000e007f\U000e0100\U000e01ef"
#: All of them, by code point.
ALL_UNSEEN = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff"
    r"\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
#: Marks on one letter, with what joins letters between them: eight, and those that are only counted.
HEAP = regex.compile(r"([\p{M}\u200c-\u200f\u061c]{8})[\p{M}\u200c-\u200f\u061c]+")
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(UNSEEN + NEEDED + "<>&\"'\r\n\t ⟨⟩ab")))
TEXTS |= st.text(st.sampled_from("e\u0301\u0323\u200d\u0301\u0489\u200b"), max_size=60)


def told(text: str) -> str:
    """Return what a reader sees of `text`."""
    return html.unescape(SIGN.sub(r"\1", shown(text)))


@pytest.mark.parametrize("character", UNSEEN, ids=lambda character: f"U+{ord(character):04X}")
def test_the_unseen_is_a_sign(character: str) -> None:
    """Where there is something that nobody sees, or that reorders what others see, a sign stands in its place."""
    page = shown(f"a{character}b")

    assert f'title="U+{ord(character):04X}"' in page
    assert character not in page
    assert re.fullmatch(r"a⟨[^⟩]+⟩b", told(f"a{character}b"))


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d🚀 ☎\ufe0f", "\u200fשלום\u200e", "\u061c١٢", "ᠭ\u180bᠠ", "a\tb\nc", "e\u0301"])
def test_writing_stays_as_it_is(text: str) -> None:
    """What Persian, Indic scripts, Hebrew, Arabic, Mongolian and emoji are written with is left alone."""
    assert shown(text) == text


def test_signs_have_names() -> None:
    """A sign says what it stands for, to the eye and to a screen reader, and its letters do not turn the paragraph."""
    assert shown("\u202eabc\u202c\x01") == (
        '<bdi class="sign" title="U+202E">⟨RLO⟩</bdi>abc<bdi class="sign" title="U+202C">⟨PDF⟩</bdi><bdi class="sign" title="U+0001">⟨U+0001⟩</bdi>'
    )


def test_markup_is_text() -> None:
    """Markup in an article does nothing."""
    assert shown("<script>alert('&')</script>") == "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"


def test_line_ends_are_one_character() -> None:
    """A line ends once, whatever it was ended with."""
    assert shown("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize(("times", "sign"), [(1, "⟨ZWSP⟩"), (3, "⟨ZWSP⟩⟨ZWSP⟩⟨ZWSP⟩"), (4, "⟨ZWSP \u00d74⟩"), (10_000, "⟨ZWSP \u00d710,000⟩")])
def test_many_of_the_same_are_counted(times: int, sign: str) -> None:
    """Ten thousand invisible characters are one sign that says how many they are."""
    assert told("a" + "\u200b" * times + "b") == f"a{sign}b"


def test_many_different_ones_are_counted() -> None:
    """Invisible characters that take turns do not fill the page either, and what comes after them is seen."""
    assert told("\u200b\u202e" * 5_000 + "end") == "⟨ZWSP⟩⟨RLO⟩" * 4 + "⟨9,992 more unseen⟩end"


@pytest.mark.parametrize(("marks", "shown_as"), [(8, "\u0301" * 8), (9, "\u0301" * 8 + "⟨1 more marks⟩"), (2_000, "\u0301" * 8 + "⟨1,992 more marks⟩")])
def test_heaped_marks_are_counted(marks: int, shown_as: str) -> None:
    """Accents by the thousand on one letter would cover the lines above; what comes after them is seen."""
    assert told("e" + "\u0301" * marks + "<b>") == f"e{shown_as}<b>"


def test_joiners_are_no_way_around_it() -> None:
    """What joins letters does not end the heap on one."""
    assert told("e" + "\u0301\u200d" * 10 + "\u200b") == "e" + "\u0301\u200d" * 4 + "⟨12 more marks⟩⟨ZWSP⟩"


def test_many_signs_are_quick() -> None:
    """An article in which every other character is a sign is shown at once."""
    begun = time.process_time()
    shown("a\x7f" * 100_000)

    assert time.process_time() - begun < 1


@given(TEXTS)
def test_nothing_seen_is_lost(text: str) -> None:
    """Whatever the text, it reads as before but for the signs, and everything in it that is not ours is escaped."""
    parts = re.split(f"{ALL_UNSEEN}+", re.sub(r"\r\n?", "\n", text))
    counted = [HEAP.sub(lambda heap: f"{heap[1]}⟨{len(heap[0]) - 8:,} more marks⟩", part) for part in parts]

    assert re.fullmatch("(?:⟨[^⟨⟩]+⟩)+".join(re.escape(part) for part in counted), told(text))
    assert not re.search(r"[<>\"']", SIGN.sub("", shown(text)))


@given(TEXTS)
def test_it_can_be_sent(text: str) -> None:
    """What is shown is UTF-8 and holds no control character, whatever the text held."""
    page = shown(text).encode().decode()

    assert {character for character in page if unicodedata.category(character) in {"Cc", "Cs"}} <= {"\t", "\n"}
