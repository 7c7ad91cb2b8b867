"""What a phrase names, by its noun."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import TargetCategory
from service.extraction.judgement.things import Nature, thing
from service.extraction.lexicons import lexicon
from tests.unit.extraction.extraction_parts import anything, texts, troublesome
from tests.unit.extraction.judgement.thing_cases import CASES

_LETTERS = {"M": [TargetCategory.MILITARY], "G": [TargetCategory.GOVERNMENT], "MG": [*TargetCategory]}
_NATURES = {"C": Nature.CIVILIAN, "D": Nature.DUAL_USE}


@pytest.mark.parametrize(("language", "expected", "phrase"), CASES)
def test_a_phrase_is_what_its_noun_says(language: str, expected: str, phrase: str) -> None:
    """A military hospital is a hospital, and a building of the ministry of health the government's."""
    found = thing(phrase, language)

    assert [*found.categories] == _LETTERS.get(expected, [])
    assert (found.nature == Nature.TARGET) == (expected in _LETTERS)
    assert expected not in _NATURES or found.nature == _NATURES[expected]


#: How a language says of a noun that it is the army's: before it, or behind it.
_MILITARY = {
    "en": "military {}",
    "fr": "{} militaire",
    "es": "{} militar",
    "it": "{} militare",
    "pt": "{} militar",
    "de": "militärische {}",
    "pl": "{} wojskowy",
    "ru": "военный {}",
    "uk": "військовий {}",
    "ar": "{} عسكري",
    "he": "{} צבאי",
    "tr": "askeri {}",
    "fa": "{} نظامی",
    "zh": "军事{}",
}


@given(st.data())
def test_nothing_civilian_is_ever_a_target(data: st.DataObject) -> None:
    """Whatever stands beside it: what a civilian noun names is no target, in any language served."""
    language = data.draw(st.sampled_from(sorted(_MILITARY)))
    noun = data.draw(st.sampled_from(sorted(lexicon("things")[language]["civilian"].split())))
    words = noun.strip("*").replace("*", "").replace("_", "" if language == "zh" else " ")

    assert thing(_MILITARY[language].format(words), language).nature == Nature.CIVILIAN
    assert thing(words, data.draw(st.sampled_from([language, "und", "ko"]))).nature != Nature.TARGET


@given(st.one_of(texts(), troublesome, anything), st.sampled_from(["en", "fr", "de", "ar", "zh", "und"]))
def test_any_words_name_something_or_nothing(words: str, language: str) -> None:
    """Nothing that is written raises, and what is a target has a category."""
    found = thing(words, language)

    assert (found.nature == Nature.TARGET) == bool(found.categories)
