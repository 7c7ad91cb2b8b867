"""The pieces in which a text is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.chunking import _tenths, chunk
from tests.unit.extraction.extraction_parts import prepared_from, texts

PIECES = {
    "one": ("Un.\n\nDeux.", 100, ["Un.\n\nDeux."]),
    "between paragraphs": ("Un deux trois.\n\nQuatre cinq.\n\nSix.", 22, ["Un deux trois.", "Quatre cinq.\n\nSix."]),
    "lines of one paragraph": ("Un deux\ntrois.\n\nQuatre.", 16, ["Un deux\ntrois.", "Quatre."]),
    "between sentences": ("Un deux trois. Quatre cinq six. Sept.", 24, ["Un deux trois.", "Quatre cinq six. Sept."]),
    "inside a word": ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    "space alone is nothing": ("Un.\n\n   \n\n" + " " * 30 + "\n\nDeux.", 12, ["Un.", "Deux."]),
}


@pytest.mark.parametrize(("text", "most", "pieces"), PIECES.values(), ids=PIECES)
def test_cuts_are_made_where_they_hurt_least(text: str, most: int, pieces: list[str]) -> None:
    """A text is cut between paragraphs, else between sentences, else anywhere."""
    assert [piece.text.strip() for piece in chunk(prepared_from(text, language="fr"), most)] == pieces


@settings(max_examples=200, deadline=None)
@given(texts(), st.integers(1, 120))
def test_every_code_point_is_read_once(text: str, most: int) -> None:
    """Each code point that is not space is in exactly one piece, and none is longer than it may be."""
    prepared = prepared_from(text)
    pieces = chunk(prepared, most)
    times = [sum(piece.start <= at < piece.end for piece in pieces) for at in range(len(text))]

    assert all(0 < piece.end - piece.start <= most and piece.text == prepared.model_text[piece.start : piece.end] for piece in pieces)
    assert all(count == 1 or (count == 0 and prepared.model_text[at].isspace()) for at, count in enumerate(times))


def test_what_the_model_sees_is_harmless() -> None:
    """Pieces are of the model's text, at the offsets of the text as received."""
    text = "Avant.\n\n<|im_start|> Après."
    pieces = chunk(prepared_from(text), 20)

    assert [piece.text for piece in pieces] == ["Avant.", "‹¦im_start¦› Après."]
    assert text[pieces[1].start : pieces[1].end] == "<|im_start|> Après."


@given(st.text(max_size=60))
def test_the_tokens_of_a_character_follow_its_length(text: str) -> None:
    """A character costs .4, .8, 1.4 or 4 tokens, as it has one, two, three or four bytes in UTF-8."""
    assert _tenths(text) == [(4, 8, 14, 40)[len(char.encode()) - 1] for char in text]
