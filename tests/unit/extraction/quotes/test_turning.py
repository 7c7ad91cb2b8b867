"""Words that negate, deny or soften."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.lexicons import lexicon
from service.extraction.quotes.turning import denied, hedged, negated, turning_words, turns

#: Words in a language, and whether they negate, deny, soften.
WORDS = {
    "plain": ("en", "Valmer struck the port", (False, False, False)),
    "will not": ("en", "Valmer will not strike the port", (True, False, True)),
    "didn't": ("en", "Valmer didn’t strike", (True, False, False)),
    "not only": ("en", "not only struck the port", (False, False, False)),
    "denies": ("en", "Valmer denies the strike", (False, True, False)),
    "does not deny": ("en", "Valmer does not deny the strike", (False, False, False)),
    "cannot rule out": ("en", "Valmer cannot rule out a strike", (False, False, False)),
    "French": ("fr", "Valmer n’a jamais frappé le port", (True, False, False)),
    "more ships": ("fr", "plus de navires", (False, False, False)),
    "German": ("de", "Keine Angriffe sollen folgen", (True, False, True)),
    "Portuguese in the": ("pt", "no porto de Orlane", (False, False, False)),
    "Chinese denial": ("zh", "瓦尔默否认袭击", (False, True, False)),
    "Chinese drone": ("zh", "无人机袭击", (False, False, False)),
    "Arabic still": ("ar", "لا تزال القوات هناك", (False, False, False)),
    "decomposed": ("pt", "na\u0303o atacara\u0301", (True, False, False)),
    "no lexicon": ("qq", "will not", (False, False, False)),
    "region": ("en-GB", "will not", (True, False, True)),
    "nothing": ("en", "", (False, False, False)),
}


@pytest.mark.parametrize(("language", "words", "told"), WORDS.values(), ids=WORDS)
def test_words_are_told_apart(language: str, words: str, told: tuple[bool, bool, bool]) -> None:
    """What negates, what denies and what softens is told by the lexicon of its language."""
    assert (negated(words, language), denied(words, language), hedged(words, language)) == told


@pytest.mark.parametrize(
    ("words", "languages", "told"), [("sans tirer", ["fr"], True), ("sans", ["fr"], True), ("no porto", ["pt"], False), ("no porto", ["pt", "en"], True)]
)
def test_any_of_several_languages_turns(words: str, languages: list[str], told: bool) -> None:  # noqa: FBT001 - what is expected
    """Where the language is not certain, one that would turn the words round is enough."""
    assert turns(words, languages) == told


@pytest.mark.parametrize("language", sorted(lexicon("clauses")))
def test_every_lexicon_is_whole(language: str) -> None:
    """Each language has words that negate, deny and soften, conjunctions, and a reach behind a quote; all its patterns can be read."""
    known = turning_words(language)

    assert known
    assert {"negations", "denials", "modals", "openings", "after", "positive"} <= set(lexicon("clauses")[language])
    assert known.unspaced == (language in {"zh", "ja"})


@given(st.text(st.characters(max_codepoint=127) | st.sampled_from("aB 12.-'&;_")))
def test_words_are_read_alike_beside_any_others(words: str) -> None:
    """Plain words are read the same whether all of a clause is ASCII or not."""
    known = turning_words("fr")

    assert known
    assert known.plain(f"{words} été") == f"{known.plain(words)} ete".strip()
