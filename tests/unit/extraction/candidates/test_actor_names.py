"""Where code sees that an actor may stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.candidates.actors import actor_names
from service.extraction.lexicons import lexicon
from tests.unit.extraction.candidates.actor_cases import CASES
from tests.unit.extraction.extraction_parts import anything, prepared_from, texts, troublesome

LANGUAGES = sorted(lexicon("actor_nouns"))


def names(text: str, language: str) -> list[str]:
    """Return the names of what may be an actor."""
    return [text[start:end] for start, end in actor_names(prepared_from(text, language=language))]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_who_acts_or_speaks_is_listed_and_not_where(language: str, text: str, expected: list[str]) -> None:
    """States, persons, bodies and sources are listed under their own names; places, things and crowds are not."""
    assert names(text, language) == expected


@pytest.mark.parametrize(
    "again",
    ["Valkan", "Mr Valkan", "Idris Valkan"],
)
def test_a_person_is_listed_once(again: str) -> None:
    """A surname, with a title or without, is no second person."""
    assert names(f"General Idris Valkan said yes. {again} said no.", "en") == ["Idris Valkan"]


def test_a_noun_alone_is_who_was_named_by_it_before() -> None:
    """The ministry is the defence ministry that was named before; the foreign ministry is another one."""
    text = "The defence ministry said no. The ministry said nothing more. The foreign ministry said yes."

    assert names(text, "en") == ["defence ministry", "foreign ministry"]


def test_a_capital_and_its_country_are_one_state() -> None:
    """A capital that stands for its government is no second state."""
    assert names("Turkey said no. Ankara said that it would wait.", "en") == ["Turkey"]


@pytest.mark.parametrize("text", ["The talks took place in Norway.", "Norwegian trains were late.", "Two shops in Oslo closed."])
def test_a_country_that_only_locates_is_no_actor(text: str) -> None:
    """A country as a place, its people's adjective and a city are none."""
    assert names(text, "en") == []


def test_what_is_an_armys_is_not_the_army() -> None:
    """A noun that only tells what another is of names nobody."""
    assert names("The army base is empty, and government bonds fell.", "en") == []


def test_a_language_without_a_list_has_none() -> None:
    """Where no words are known nothing is guessed."""
    assert names("Ang hukbo ay nagsabi", "tl") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_all_keys(language: str) -> None:
    """The lexicon has the same classes of words in every language; scripts without spaces tell as well what ends a name and what it sounds like."""
    assert {*lexicon("actor_nouns")["en"]} <= {*lexicon("actor_nouns")[language]} <= {*lexicon("actor_nouns")["en"], "stop", "sound"}


@given(st.one_of(texts(), troublesome, anything), st.sampled_from(LANGUAGES))
def test_any_text_has_candidates_in_order(text: str, language: str) -> None:
    """Whatever the text, its candidates stand in it, in order, and none twice."""
    if not any(letter.isalnum() for letter in text):
        text += "a"
    found = actor_names(prepared_from(text, language=language))

    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one < other for one, other in pairwise(found))
