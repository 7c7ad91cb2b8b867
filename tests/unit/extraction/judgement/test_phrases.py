"""Phrases: what of a lexicon stands among words, found quickly and as plain comparing finds it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.judgement.phrases import NOTHING, Phrases, Word, words_of
from service.extraction.judgement.things import _lexicon, _others
from service.extraction.lexicons import lexicon

#: Phrases of few words, so that chance texts of the same words hold them, and longer ones that begin alike.
PHRASES = (
    ("a", "one"),
    ("ab*", "start"),
    ("*ba", "end"),
    ("a_b", "two"),
    ("a_b_a", "three"),
    ("b_a*", "two"),
    ("ba", NOTHING),
    ("ba", "one"),
    ("b_+_a", "gap"),
)
WORDS = st.lists(st.sampled_from(("a", "b", "ab", "ba", "abba", "c", ",")), max_size=12)


def told(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether `words` are those of a phrase, each compared by itself."""
    return len(parts) == len(words) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word.endswith(part[1:]) if part.startswith("*") else word == part
        for part, word in zip(parts, words, strict=True)
    )


def plainly(words: Sequence[str], at: int) -> dict[str, int]:
    """Return what `Phrases.every` tells of the phrases without a gap, by trying each."""
    found: dict[str, int] = {}
    for phrase, label in PHRASES:
        parts = phrase.split("_")
        if "+" not in parts and told(parts, words[at : at + len(parts)]):
            found[label] = max(at + len(parts), found.get(label, 0))
    hidden = found.pop(NOTHING, 0)
    return {label: last for label, last in found.items() if last > hidden}


@given(WORDS)
def test_all_phrases_are_found(words: list[str]) -> None:
    """The phrases at each word are those that trying every phrase of the lexicon finds."""
    phrases, read = Phrases(PHRASES), words_of(" ".join(words))
    for at, word in enumerate(words):
        if word != ",":
            found = phrases.every(read, at)
            assert {label: last for label, last in found.items() if label != "gap"} == plainly(words, at)


@given(WORDS)
def test_the_longest_phrase_is_found(words: list[str]) -> None:
    """The longest phrase at a word is as long as the longest that trying every phrase finds, whatever it hides."""
    phrases, read = Phrases([(phrase, label if label != NOTHING else "other") for phrase, label in PHRASES if "+" not in phrase]), words_of(" ".join(words))
    for at, word in enumerate(words):
        lasts = [at + len(phrase.split("_")) for phrase, _ in PHRASES if word != "," and told(phrase.split("_"), words[at : at + len(phrase.split("_"))])]
        hit = phrases.at(read, at) if word != "," else None
        assert (hit.last if hit else None) == max(lasts, default=None)


def test_a_parted_verb_ends_its_clause() -> None:
    """A verb and what is parted from it are one phrase where the last word closes the clause, with what is between them."""
    phrases = Phrases([("sagte_+_zu", "promise")])
    assert phrases.every(words_of("sagte dem Land Hilfe zu, aber"), 0) == {"promise": 5}
    assert phrases.every(words_of("sagte dem Land zu helfen"), 0) == {}


def test_an_and_is_written_onto_a_word() -> None:
    """An Arabic "and" that is written onto a word is told from a word that begins with its letter."""
    phrases = Phrases([("قاعدة وزارة", "thing")])
    joined, whole = phrases.at(words_of("وقاعدة"), 0), phrases.at(words_of("وزارة"), 0)
    assert joined is not None
    assert whole is not None
    assert (joined.joined, whole.joined) == (True, False)


@pytest.mark.parametrize("language", lexicon("things"))
def test_no_language_is_passed_over(language: str) -> None:
    """Whoever knows a word is asked about it: each word with which a phrase of a language begins leads to that language."""
    words = [word.strip("*") for word in _lexicon(language).phrases.first_words()]
    assert all(_lexicon(language) in _others([Word((word,), 0, len(word), capital=False)]) for word in words)
