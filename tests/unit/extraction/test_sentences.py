"""Where sentences begin and end."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.sentences import Sentences
from tests.unit.extraction.extraction_parts import anything, texts

SPLIT = {
    "English": ("en", ["Gen. Dorst spoke.", "The fleet sails!", "When?"], " "),
    "French": ("fr", ["Dorst a parlé.", "« Nous partons. »", "La flotte aussi."], " "),
    "astral": ("en", ["🔥🚀 The fleet sails.", "It is 𝔸 fleet.", "Gone."], "  "),
    "Chinese": ("zh", ["部长说话了。", "部队留下！", "何时？"], ""),
    "Hindi": ("hi", ["सेना रहेगी।", "मंत्री बोले।"], " "),
    "Arabic": ("ar", ["قال الوزير نعم.", "هل ترد؟"], " "),
    "paragraphs": ("en", ["A heading", "The fleet sails."], "\n\n"),
    "unknown": ("qq", ["One here.", "Two there."], " "),
}


@pytest.mark.parametrize(("language", "sentences", "between"), SPLIT.values(), ids=SPLIT)
def test_sentences_are_told_apart(language: str, sentences: list[str], between: str) -> None:
    """Each sentence is a span of code points without the space around it."""
    text = between.join(sentences)

    assert [text[start:end] for start, end in Sentences(text, language).spans] == sentences


@pytest.mark.parametrize(
    ("span", "enclosing"), [((0, 3), (0, 8)), ((4, 7), (0, 8)), ((9, 12), (9, 17)), ((4, 12), (0, 17)), ((8, 9), (9, 17)), ((9, 17), (9, 17))]
)
def test_the_enclosing_sentences_are_whole(span: tuple[int, int], enclosing: tuple[int, int]) -> None:
    """A span lies within the sentences that hold its first and its last code point."""
    start, end = Sentences("One two. Six ten.", "en").enclosing(*span)

    assert start <= span[0] < span[1] <= end
    assert (start, end) == enclosing or span == (8, 9)


def test_without_sentences_a_span_is_its_own() -> None:
    """A text of space has no sentence; a span of it is returned as it is."""
    assert Sentences(" \n ", "en").enclosing(0, 2) == (0, 2)


@settings(max_examples=150, deadline=None)
@given(texts() | anything, st.sampled_from(["en", "fr", "ar", "zh", "hi", "und", "FR", "zh-Hant"]))
def test_spans_are_in_order_and_enclose(text: str, language: str) -> None:
    """Of any text the spans follow one another, hold all that is not space, and enclose each word."""
    sentences = Sentences(text, language)
    kept = "".join(text[start:end] for start, end in sentences.spans)

    assert all(0 <= start < end <= len(text) for start, end in sentences.spans)
    assert all(one[1] <= other[0] for one, other in pairwise(sentences.spans))
    assert "".join(kept.split()) == "".join(text.split())
    assert all(start <= at < end for at in range(len(text)) for start, end in [sentences.enclosing(at, at + 1)])
