"""Quotes that leave words out."""

import pytest

from schemas.vocabulary import Match as MatchKind
from service.extraction.quotes.alignment import FoldedText, align
from service.extraction.quotes.eliding import MAX_GAP_CHARS

TEXT = (
    "The fleet of Valmer, which had waited for two weeks, sailed to Norvia on Monday. Its admiral, Ilan Dorst, might not return before spring. "
    "“We shall hold the pass”, he said. The army of Orlane did not follow it, but a brigade held the pass near the border."
)
ELIDED = {
    "dots": ("The fleet of Valmer... sailed to Norvia", "The fleet of Valmer, which had waited for two weeks, sailed to Norvia"),
    "one sign": ("the fleet of VALMER … sailed to Norvia", "The fleet of Valmer, which had waited for two weeks, sailed to Norvia"),
    "brackets": ("The fleet of Valmer, [...] sailed to Norvia", "The fleet of Valmer, which had waited for two weeks, sailed to Norvia"),
    "brackets and one sign": ("The fleet of Valmer […] on Monday", "The fleet of Valmer, which had waited for two weeks, sailed to Norvia on Monday"),
    "round brackets": ("The fleet of Valmer (...) on Monday", "The fleet of Valmer, which had waited for two weeks, sailed to Norvia on Monday"),
    "spaced dots": ("The fleet of Valmer . . . on Monday", "The fleet of Valmer, which had waited for two weeks, sailed to Norvia on Monday"),
    "three parts": ("The fleet of Valmer … two weeks, … to Norvia.", "The fleet of Valmer, which had waited for two weeks, sailed to Norvia"),
    "a whole clause between": ("on Monday. […] “We shall hold the pass”", TEXT[TEXT.index("on Monday") : TEXT.index(", he said")]),
    "later of two places": ("but a brigade … the pass near", "but a brigade held the pass near"),
}
NOT_ELIDED = {
    "negation": "Its admiral, Ilan Dorst … return before spring",
    "negation of the second part": "Its admiral … return before spring",
    "modal": "Ilan Dorst, … not return before spring",
    "negation of the first part": "The army of Orlane […] follow it",
    "not in this order": "sailed to Norvia … The fleet of Valmer",
    "parts of one word": "Valmer … Norvia … Orlane",
    "part not there": "The fleet of Valmer … sailed to Orlane",
    "changed number": "The fleet of Valmer … three weeks, sailed",
    "part of a word": "The fleet of Val … sailed to Norvia",
    "too many parts": "The fleet of … which had … for two … sailed to … on Monday … held the … the border",
}


@pytest.mark.parametrize(("quote", "words"), ELIDED.values(), ids=ELIDED)
def test_parts_are_found_in_order(quote: str, words: str) -> None:
    """A quote that says where it leaves words out proves all of them, from its first part to its last."""
    match = align(quote, TEXT)

    assert match
    assert TEXT[match.start : match.end].rstrip(".") == words
    assert match.match == MatchKind.ELIDED


@pytest.mark.parametrize("quote", NOT_ELIDED.values(), ids=NOT_ELIDED)
def test_what_may_not_be_left_out(quote: str) -> None:
    """A negation or a modal of either part, another order, fragments: none of these is a quote."""
    assert align(quote, TEXT) is None


@pytest.mark.parametrize(("gap", "found"), [(MAX_GAP_CHARS - 2, True), (MAX_GAP_CHARS + 1, False)])
def test_an_omission_is_not_endless(gap: int, found: bool) -> None:  # noqa: FBT001 - what is expected
    """So many code points may be left out, and no more."""
    text = f"The fleet sailed {'x' * gap} to the coast"

    assert (align("The fleet sailed … to the coast", text) is not None) == found


@pytest.mark.parametrize(("hint", "number"), [(None, 0), (1, 1), (50, 1)])
def test_a_hint_chooses_among_openings(hint: int | None, number: int) -> None:
    """Of several places the first from the hint on is taken, else the last before it."""
    sentence = "The fleet of Valmer, now, left us. "
    match = FoldedText(sentence * 2).align("The fleet of … now, left", hint=hint)

    assert match
    assert match.start == number * len(sentence)


def test_an_ellipsis_of_the_text_is_no_omission() -> None:
    """A quote that has the text's own ellipsis is found as it stands."""
    match = align("We wait… and see", "They said: We wait… and see.")

    assert match
    assert match.match == MatchKind.EXACT
