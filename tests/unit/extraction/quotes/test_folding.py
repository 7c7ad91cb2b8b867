"""What is left of words when they are folded, and where it comes from."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.quotes.folding import fold, folded, letters_of
from tests.unit.extraction.extraction_parts import anything, texts

#: Words as they come most often: of ASCII alone, with digits, signs and entities among them.
plain_words = st.text(st.characters(max_codepoint=127), max_size=60) | st.text("aB1 2.,-/$%&;#mp", max_size=40)

FOLDED = {
    "case, space and signs": ("The Army's  Chief-of-Staff!", "thearmyschiefofstaff"),
    "accents": ("Général d’Orlane", "generaldorlane"),
    "decimal mark": ("3.5 billion", "3.5billion"),
    "groups": ("33 000 men", "33000men"),
    "two numbers": ("day 4 12 ships", "day4_12ships"),
    "money": ("$ 5, 7%", "$5,7%"),
    "entity": ("AT&amp;T &eacute;", "atte"),
    "no entity": ("AT&T", "att"),
    "no letters": (" — !", ""),
}


@pytest.mark.parametrize(("words", "letters"), FOLDED.values(), ids=FOLDED)
def test_words_are_folded(words: str, letters: str) -> None:
    """Case, accents, space and punctuation go; what changes a number stays."""
    assert folded(words) == letters


@settings(max_examples=500, deadline=None)
@given(plain_words | texts() | anything)
def test_b06_words_fold_as_texts_do(words: str) -> None:
    """The letters of words are the same whether only they are asked for or also where they come from."""
    assert folded(words) == fold(words).letters


@settings(max_examples=500, deadline=None)
@given((plain_words | texts() | anything).map(lambda text: text.replace("&", "")))
def test_b06_every_letter_has_its_origin(text: str) -> None:
    """Each code point leaves its own letters in its own place, and only one that leaves none may stand for a sign between digits."""
    skeleton = fold(text)
    left = {at: "".join(text[1] for text in group) for at, group in groupby(zip(skeleton.origins, skeleton.letters, strict=True), key=lambda pair: pair[0])}

    assert list(left) == sorted(left)
    for at, char in enumerate(text):
        assert left.get(at, "") == letters_of(char) or (letters_of(char) == "" and left[at] in set("-.,/:_"))
