"""Words that a library returns are looked for in the article, and what it says twice counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.finding import distinct, parties, places
from service.evaluation.reading import Found

TEXT = "Kestria struck the\nbase at Orsk. The base at Orsk burnt."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("base at Orsk", ["base at Orsk", "base at Orsk"]),
        ("The base at Orsk", ["The base at Orsk"]),
        (" burnt. ", ["burnt."]),
        ("kestria", ["Kestria"]),
        ("KESTRIA struck the base", ["Kestria struck the\nbase"]),
        ("Belmark", []),
        ("b.se", []),
        ("", []),
        (" \n", []),
    ],
)
def test_words_are_found_to_the_letter_or_nearly_so(words: str, found: list[str]) -> None:
    """Case and white space count only where the words stand somewhere to the letter."""
    assert [TEXT[start:end] for start, end in places(words, TEXT)] == found


@given(st.text(), st.data())
def test_whatever_stands_in_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    """A part of any text is found where it is, but for the white space around it."""
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))].strip()

    found = places(words, text)

    assert bool(found) == bool(words)
    assert all(text[begin:end] == words for begin, end in found)


def test_what_is_said_twice_counts_once() -> None:
    """The first entry wins and keeps the places and names of both; another category is another entry."""
    first = Found(("Orsk",), ((0, 4),), {"kind": "state"})
    again = Found(("Orsk", "the port"), ((9, 13),), {"kind": "person"})
    base, ministry = Found(("Orsk",), (), {"category": "military"}), Found(("Orsk",), (), {"category": "government"})

    assert distinct([("Orsk", first), ("ORSK", again)]) == (Found(("Orsk", "the port"), ((0, 4), (9, 13)), {"kind": "state"}),)
    assert distinct([("Orsk", base), ("Orsk", ministry)]) == (base, ministry)


def test_an_actor_is_meant_by_each_of_its_names() -> None:
    """A name that an actor goes by stands for all of its names; any other stands for itself."""
    assert parties(["the army", "Belmark"], [("Kestria",), ("Army of Kestria", "the army")]) == (("Army of Kestria", "the army"), ("Belmark",))
