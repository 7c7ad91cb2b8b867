"""What the embedded model can write at all."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from schemas.draft import draft_of
from schemas.vocabulary import Section
from service.extraction import forms
from service.extraction.grammar import Quotable, grammar
from service.extraction.times import time_words
from service.models.base import Profile
from service.models.embedded import PROFILE
from tests.unit.extraction.extraction_parts import ROWS, SENTENCES, prepared_from, texts

BYTES = LLTokenizer("byte")
TEXT = 'L’Iran a dit : "Nous répondrons\nbientôt", mercredi 17/04/2024 à 14.30, selon Ilan Dorst \\ chef. 部队将留在边境。'


def matches(rules: str, answer: str) -> bool:
    """Whether the whole of `answer` can be written under a grammar."""
    matcher = LLMatcher(BYTES, rules.split("\n", 1)[1])
    tokens = BYTES.tokenize_str(answer)
    return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()


def rules_for(text: str, section: Section, *, language: str = "fr", profile: Profile = PROFILE) -> str | None:
    """Return the grammar of an answer about `text`."""
    return grammar(section, profile, Quotable(text, time_words(text, language), free=profile.row_caps[section]))


@pytest.mark.parametrize("profile", [PROFILE, ROWS], ids=["embedded", "other"])
@pytest.mark.parametrize("section", Section)
def test_every_grammar_compiles(profile: Profile, section: Section) -> None:
    """Whatever the script and what is asked for, llguidance can read the grammar."""
    for text in (TEXT, *SENTENCES.values(), "1\n\n\t\"'\\/{}[]|*+?.^$()<>#%&~ 🔥👩‍🚒 \u2028 demain"):
        rules = rules_for(f"{text} demain", section, profile=profile)
        assert rules
        assert rules.startswith("%llguidance {}\n")
        assert LLMatcher.validate_grammar(rules.split("\n", 1)[1]) == ""


@settings(max_examples=60, deadline=None)
@given(texts(), st.sampled_from(Section), st.sampled_from([*SENTENCES]))
def test_grammars_of_any_text_compile(text: str, section: Section, language: str) -> None:
    """Quotation marks, backslashes, line breaks, slashes, emoji and right-to-left text break nothing."""
    text = prepared_from(text).model_text
    rules = rules_for(text, section, language=language)

    assert (rules is None) == (section == Section.TIMELINES and not time_words(text, language))
    assert rules is None or LLMatcher.validate_grammar(rules.split("\n", 1)[1]) == ""


@settings(max_examples=60, deadline=None)
@given(texts(), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=2, max_size=40) | st.sampled_from([*SENTENCES.values()]))
def test_only_words_of_the_text_can_be_written(text: str, words: str) -> None:
    """A name that is not in the text, letter by letter, cannot be written."""
    text = prepared_from(text).model_text
    names = rules_for(text, Section.ACTORS) or ""

    if words not in text:
        assert not matches(names, f'{{"actors":[[{json.dumps(words, ensure_ascii=False)},"state"]]}}')


@settings(max_examples=60, deadline=None)
@given(st.lists(texts(), min_size=1, max_size=3))
def test_each_candidate_has_a_row(candidates: list[str]) -> None:
    """Whatever words are sought, the answer has one row for each, in their order, and no other."""
    candidates = [prepared_from(words).model_text for words in candidates]
    rules = grammar(Section.TIMELINES, PROFILE, Quotable("La flotte part.", (), candidates)) or ""
    rows = [f'[{json.dumps(words, ensure_ascii=False)},"past","a word"]' for words in candidates]

    assert matches(rules, f'{{"timelines":[{",".join(rows)}]}}')
    assert not matches(rules, f'{{"timelines":[{",".join([*rows, rows[0]])}]}}')
    assert not matches(rules, f'{{"timelines":[{",".join(rows[:-1])}]}}')


def test_candidates_beyond_the_cap_are_left_out() -> None:
    """An answer has no more rows than the profile allows; where nothing is sought there is nothing to ask."""
    cap = PROFILE.row_caps["timelines"]
    rules = grammar(Section.TIMELINES, PROFILE, Quotable("", (), [f"time {number}" for number in range(cap + 1)])) or ""

    assert matches(rules, '{"timelines":[' + ",".join(f'["time {number}","past","a word"]' for number in range(cap)) + "]}")
    assert grammar(Section.THREATS, PROFILE, Quotable("La flotte part.", (), [])) is None


ANSWERS = [
    (Section.ACTORS, '{"actors":[]}', True),
    (Section.ACTORS, '{"actors":[["Ilan Dorst","person"]]}', True),
    (Section.ACTORS, '{"actors":[["Iran","state"],["Ilan","person"]]}', True),
    (Section.ACTORS, '{"actors":[["Ira","state"]]}', False),
    (Section.ACTORS, '{"actors":[["iran","state"]]}', False),
    (Section.ACTORS, '{"actors":[["Irak","state"]]}', False),
    (Section.ACTORS, '{"actors":[["Iran","country"]]}', False),
    (Section.ACTORS, '{"actors":[["Iran"]]}', False),
    (Section.ACTORS, '{"actors": [["Iran","state"]]}', False),
    (Section.ACTORS, '{"actors":[[" Ilan","person"]]}', False),
    (Section.ACTORS, '{"actors":[' + ",".join(['["Iran","state"]'] * ROWS.row_caps["actors"]) + "]}", True),
    (Section.ACTORS, '{"actors":[' + ",".join(['["Iran","state"]'] * (ROWS.row_caps["actors"] + 1)) + "]}", False),
    (Section.TIMELINES, '{"timelines":[["mercredi","past","a word"]]}', True),
    (Section.TIMELINES, '{"timelines":[["17/04/2024","past","a word"]]}', True),
    (Section.TIMELINES, '{"timelines":[["14.30","past","a word"]]}', True),
    (Section.TIMELINES, '{"timelines":[["Ilan Dorst","past","a word"]]}', False),
    (Section.TIMELINES, '{"timelines":[["jeudi","past","a word"]]}', False),
    (Section.TIMELINES, '{"timelines":[["mercredi","past","a \\"word\\""]]}', False),
]


@pytest.mark.parametrize(("section", "answer", "can_be"), ANSWERS)
def test_the_shape_is_fixed(section: Section, answer: str, *, can_be: bool) -> None:
    """Rows, their fields, closed sets, caps and whole words are all the model can write, and the schema takes what it writes."""
    assert matches(rules_for(TEXT, section, profile=ROWS) or "", answer) is can_be
    if can_be:
        draft_of((section,)).model_validate_json(forms.read(answer, ROWS.rows))


def test_free_rows_follow_those_of_candidates() -> None:
    """Beyond the rows of the candidates the model may name others in a few rows of its own, but nobody who is known."""
    words = Quotable("Valmer et Kestria, dit Ilan Dorst.", (), ["Valmer"], 1, ["Kestria"])
    rules = grammar(Section.ACTORS, PROFILE, words) or ""

    assert matches(rules, '{"actors":[["Valmer","state"]]}')
    assert matches(rules, '{"actors":[["Valmer","state"],["Ilan Dorst","person"]]}')
    assert not matches(rules, '{"actors":[["Valmer","state"],["Ilan Dorst","person"],["Ilan","person"]]}')
    assert not matches(rules, '{"actors":[["Valmer","state"],["Kestria","state"]]}')
    assert not matches(rules, '{"actors":[["Valmer","state"],["Valmer","state"]]}')


def test_an_entry_is_told_of_known_actors() -> None:
    """Who does what to whom is one of the actors that are known, or nobody."""
    known, nobody = (grammar(Section.TARGETS, PROFILE, Quotable("La flotte part.", (), ["La flotte"], 0, actors)) or "" for actors in (["Valmer"], []))

    assert matches(known, '{"targets":[["La flotte","forces","threatened","Valmer"]]}')
    assert not matches(known, '{"targets":[["La flotte","forces","threatened","La flotte"]]}')
    assert matches(nobody, '{"targets":[["La flotte","forces","threatened",null]]}')
    assert not matches(nobody, '{"targets":[["La flotte","forces","threatened","Valmer"]]}')


def test_without_a_time_there_is_nothing_to_ask() -> None:
    """Where no word tells a time, no time can be written and the question is left out."""
    assert rules_for("La flotte part.", Section.TIMELINES) is None
    assert "TIME" not in (rules_for("La flotte part.", Section.ACTORS) or "TIME")


def test_optional_fields_may_be_null() -> None:
    """A time that may be missing is null where the text has none, and a country is three capitals."""
    profile = replace(ROWS, rows={"targets": ("name", "when"), "actors": ("name", "country", "aliases")})
    targets, actors = (rules_for("La flotte part.", section, profile=profile) or "" for section in (Section.TARGETS, Section.ACTORS))

    assert matches(targets, '{"targets":[["La flotte",null]]}')
    assert not matches(targets, '{"targets":[["La flotte","part"]]}')
    assert all(matches(actors, f'{{"actors":[["flotte",{code},["La flotte"]]]}}') for code in ('"FRA"', "null"))
    assert not matches(actors, '{"actors":[["flotte","fr",[]]]}')
