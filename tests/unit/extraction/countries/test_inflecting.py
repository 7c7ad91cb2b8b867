"""The forms of a word that a lexicon writes once."""

import pytest

from service.extraction.countries.inflecting import cases, forms

ENDINGS = {"ien": "ien ienne", "e": "e es", "": "- s"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [("kestrien", ["kestrien", "kestrienne"]), ("orle", ["orle", "orles"]), ("orl", ["orl", "orls"]), ("=orle", ["orle"]), ("", ["", "s"])],
)
def test_a_word_takes_the_ends_of_its_ending(word: str, expected: list[str]) -> None:
    """The longest ending that is listed decides; a word may be said to have no other form."""
    assert forms(word, ENDINGS) == expected


def test_a_word_without_an_ending_stays() -> None:
    """Where no ending fits, a word has one form."""
    assert forms("orl", {"x": "x y"}) == ["orl"]


def test_the_words_of_a_name_decline_together() -> None:
    """Each case of a name has all its words in that case."""
    assert cases("nova orla", {"va": "va vae", "la": "la lam"}) == ["nova orla", "novae orlam"]
