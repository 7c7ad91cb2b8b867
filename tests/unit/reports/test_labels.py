"""Labels: words of an article in a drawing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.labels import direction, label, title
from service.reports.signs import shown

SHORTENED = {
    "short": ("Kestria", "Kestria"),
    "long": ("the Orlane Liberation Front", "the Orlane Liber…"),
    "capitals": ("WESTMARCH REPUBLIC", "WESTMARCH RE…"),
    "wide": ("新オルレーン共和国軍団", "新オルレーン共和…"),
    "one word of 10,000": ("a" * 10_000, "a" * 17 + "…"),
    "blanks": ("  New\n\tOrlane ", "New Orlane"),
    "blanks before what cannot be seen": (" " * 500 + "Kestria", "?…"),
    "turned": ("\u202eairtseK\u202c", "airtseK"),
    "nothing to see": ("\u200b\u2066\u3164", "?"),
    "joined": ("نیروهای\u200cمسلح", "نیروهای\u200cمسلح"),
    "heaped": ("e" + "\u0301" * 50 + "x", "e" + "\u0301" * 3 + "x"),
}


@pytest.mark.parametrize(("text", "shown"), SHORTENED.values(), ids=SHORTENED)
def test_a_label_fits_and_can_be_seen(text: str, shown: str) -> None:
    """What is too long ends in an ellipsis, what nobody sees is gone, and what joins letters stays."""
    assert label(text, 18) == shown


@given(st.text(max_size=600))
def test_a_label_never_turns_the_drawing(text: str) -> None:
    """Whatever a name holds, its label is one short line without a sign that nobody sees."""
    made = label(text, 18)

    assert made
    assert len([letter for letter in made if not unicodedata.category(letter).startswith("M")]) <= 400
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in made)
    assert not set(made) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


TITLES = {
    "plain": ("Kestria \n threatens", "Kestria threatens"),
    "turned": ("\u202eKestria\u202c", "Kestria"),
    "joined": ("نیروهای\u200cمسلح ❤\ufe0f", "نیروهای\u200cمسلح ❤\ufe0f"),
    "fillers": ("\u3164\u115f\u2800\u200d", ""),
    "marks alone": ("\u0301\ufe0f", ""),
    "tags": ("\U000e0041\u00ad", ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "told"), TITLES.values(), ids=TITLES)
def test_a_title_can_be_seen(text: str, told: str) -> None:
    """The title of a window is one line that turns nothing around, or none at all where nobody would see it."""
    assert title(text) == told


@given(st.text(st.characters(exclude_categories=["M", "Cs"]), max_size=50))
def test_a_title_hides_nothing(text: str) -> None:
    """Whatever the page would show as a sign is not in the title, nor is what turns the direction of writing."""
    made = title(text)

    assert 'class="sign"' not in shown(made)
    assert not set(made) & set("\u200e\u200f\u061c\u2028\u2029")


@pytest.mark.parametrize(("text", "found"), [("Kestria", "ltr"), ("إيران", "rtl"), ("«ישראל»", "rtl"), ("12", "ltr")])
def test_a_name_is_written_in_its_direction(text: str, found: str) -> None:
    """The first letter that has a direction decides."""
    assert direction(text) == found
