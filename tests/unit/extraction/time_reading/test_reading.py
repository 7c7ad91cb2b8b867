"""What the words of a time say, without a model."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.time import TimeDraft
from schemas.vocabulary import Direction
from service.extraction.time_reading import agrees, read_time
from service.extraction.time_reading.lexicon import Node, lexicon
from service.extraction.time_reading.words import Word
from tests.unit.extraction.time_reading.time_readings import READINGS

LANGUAGES = ["ar", "de", "en", "es", "fa", "fr", "he", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "uk", "zh"]
CASES = Path(__file__).parents[5] / "shared" / "cases" / "time_cases.json"
DRAFTS: TypeAdapter[TimeDraft] = TypeAdapter(TimeDraft)
#: The words of every lexicon here in one pot, so that chance makes expressions that are nearly right.
SCRAPS = sorted({word for _, _, expression, _ in READINGS for word in expression.split()})


def told(draft: TimeDraft | None) -> str:
    """Return a draft in short: its kind, then what it says, without what it leaves open."""
    if draft is None:
        return "none"
    fields: dict[str, Any] = draft.model_dump()
    if draft.kind == "offset":
        del fields["when"]
    parts: list[str] = [draft.kind]
    for name in ("bound", "when", "weekday", "count", "unit", "date", "start", "end", "part"):
        if name == "count" and name in fields:
            parts.append("few" if fields[name] is None else str(fields[name]))
        elif fields.get(name):
            parts.append(str(fields[name]))
    parts += ["not_now"] if fields.get("not_now") else []
    parts += [f"week={fields['week']}"] if fields.get("week") is not None else []
    parts += [f"@{fields['clock']}"] if fields.get("clock") else []
    return " ".join(parts)


@pytest.mark.parametrize(("language", "direction", "expression", "draft"), READINGS)
def test_words_are_read(language: str, direction: str | None, expression: str, draft: str) -> None:
    """An expression gives the draft that its words say, and none where they could be read in two ways or not at all."""
    assert told(read_time(expression, language, direction=Direction(direction) if direction else None)) == draft


@pytest.mark.parametrize(
    ("language", "direction", "expression", "sentence", "draft"),
    [
        ("fr", "past", "mardi", "La ville est coupée depuis mardi.", "weekday since past tue"),
        ("fr", "future", "prochains jours", "Il partira dans les prochains jours.", "window future few day"),
        ("fr", "past", "deux ans", "Il est parti il y a deux ans.", "offset in -2 year"),
        ("fr", "past", "mois dernier", "Il est parti à la fin du mois dernier.", "offset in -1 month end"),
        ("fr", "future", "vendredi", "Rien ne sortira, pas avant vendredi.", "none"),
        ("fr", "past", "deux ans", "Il est parti il y a plus de deux ans.", "length 2 year"),
        ("en", "future", "Friday", "It must be done by Friday.", "weekday until future fri"),
        ("en", "past", "Friday", "Ten were killed by Friday's strike.", "weekday in past fri"),
        ("en", "past", "Friday", "A video from Friday shows it.", "weekday in past fri"),
        ("en", "past", "two days", "It ended two days ago.", "offset in -2 day"),
        ("en", "past", "two years ago", "It ended more than two years ago.", "none"),
        ("en", "past", "Monday", "Not a word of it stands here.", "weekday in past mon"),
        ("de", "future", "Ende Mai", "Er bleibt bis Ende Mai.", "date until future XXXX-05 end"),
        ("zh", "future", "48小时", "预计48小时内发动袭击。", "window future 48 hour"),
        ("ar", "past", "ثلاثة أيام", "غادر المدينة قبل ثلاثة أيام.", "offset in -3 day"),
    ],
)
def test_the_words_around_are_heard(language: str, direction: str, expression: str, sentence: str, draft: str) -> None:
    """A bound that the model left out of its quote is taken from the sentence; a possessive, a denial or another clause is not."""
    assert told(read_time(expression, language, direction=Direction(direction), sentence=sentence)) == draft


def test_the_words_win_over_the_model() -> None:
    """What the words say of past and future stands, whatever the model says."""
    assert told(read_time("vendredi dernier", "fr", direction=Direction.FUTURE)) == "weekday in past fri not_now"
    assert told(read_time("last week", "en", direction=Direction.FUTURE)) == "offset in -1 week"


def test_case_digits_and_typography_do_not_matter() -> None:
    """Capitals, other digits, other apostrophes and the region of a language change nothing."""
    assert told(read_time("AUJOURD\u2019HUI", "fr-CA")) == "offset in 0 day"
    assert told(read_time("منذ ٧ أكتوبر ٢٠٢٣", "ar")) == told(read_time("منذ 7 أكتوبر 2023", "ar")) == "date since past 2023-10-07"
    assert told(read_time("3\u20135 May 2023", "EN-gb")) == "range present 2023-05-03 2023-05-05"


def test_a_sentence_is_no_expression() -> None:
    """What is empty, or longer than any expression, is not read."""
    assert read_time("", "en") is None
    assert read_time("2024 " * 40, "en") is None
    assert read_time("tomorrow", "../en") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_lexicon(language: str) -> None:
    """The days and the months of every language served are read, and so is a count of days."""
    known = lexicon(language)
    words = {word for node in known.root.following.values() for word in _below(node)}
    assert {word.text for word in words if word.letter == "W"} == {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
    assert {word.unit for word in words if word.letter in "UP"} >= {"hour", "day", "week", "month", "year"}
    assert {"E", "v", "r", "e", "A", "u", "¬"} <= {word.letter for word in words}
    assert language in ("zh", "ja", "ko") or {word.number for word in words if word.letter == "M"} == set(range(1, 13))


def _below(node: Node) -> set[Word]:
    """Return all readings in a branch of a lexicon."""
    return set(node.readings).union(*(_below(following) for following in node.following.values()))


@pytest.mark.parametrize(
    ("draft", "language", "expression", "agreed"),
    [
        ({"kind": "offset", "bound": "in", "count": -3, "unit": "day", "part": None, "clock": None}, "fr", "voilà trois bons jours", True),
        ({"kind": "offset", "bound": "in", "count": -4, "unit": "day", "part": None, "clock": None}, "fr", "voilà trois bons jours", False),
        ({"kind": "date", "bound": "in", "when": "past", "date": "2023-10-07", "part": None, "clock": None}, "en", "that Oct. 7 of 2023", True),
        ({"kind": "date", "bound": "in", "when": "past", "date": "2023-10-07", "part": None, "clock": None}, "en", "that Oct. 7", False),
        ({"kind": "date", "bound": "in", "when": "past", "date": "XXXX-10-07", "part": None, "clock": None}, "en", "that Oct. 7 of 2023", False),
        ({"kind": "date", "bound": "in", "when": "past", "date": "XXXX-11-07", "part": None, "clock": None}, "en", "that Oct. 7", False),
        ({"kind": "date", "bound": "in", "when": "past", "date": "199X", "part": None, "clock": None}, "en", "the roaring 1990s", True),
        ({"kind": "date", "bound": "in", "when": "past", "date": "20XX", "part": None, "clock": None}, "fr", "ce XXIe siècle naissant", True),
        ({"kind": "date", "bound": "in", "when": "past", "date": "XXXX-Q3", "part": None, "clock": None}, "en", "a third quarter", True),
        ({"kind": "weekday", "bound": "in", "when": "past", "weekday": "fri", "week": None, "clock": "18:30"}, "en", "that Friday, 6:30 pm", True),
        ({"kind": "weekday", "bound": "in", "when": "past", "weekday": "thu", "week": None, "clock": None}, "en", "that Friday", False),
        ({"kind": "range", "when": "past", "start": "mon", "end": "wed"}, "ru", "понедельник, а потом и среда", True),
        ({"kind": "range", "when": "past", "start": "mon", "end": "thu"}, "ru", "понедельник, а потом и среда", False),
        ({"kind": "window", "when": "past", "count": None, "unit": "week"}, "ar", "أسابيع كثيرة مرت", True),
        ({"kind": "window", "when": "past", "count": 3, "unit": "week"}, "ar", "أسابيع كثيرة مرت", False),
        ({"kind": "vague", "when": "past"}, "en", "in 2021", False),
        ({"kind": "event"}, "en", "two days after the 2021 coup", True),
        ({"kind": "offset", "bound": "in", "count": -1, "unit": "week", "part": None, "clock": None}, "xx", "blah", True),
    ],
)
def test_a_draft_of_the_model_must_say_what_the_words_say(draft: dict[str, Any], language: str, expression: str, *, agreed: bool) -> None:
    """A number, month or day that is not in the words, or a number of the words that is not in the draft, makes a draft unbelievable."""
    assert agrees(DRAFTS.validate_python(draft), expression, language) is agreed


@pytest.mark.parametrize(("language", "direction", "expression", "draft"), [row for row in READINGS if row[3] != "none"])
def test_what_is_read_agrees_with_its_words(language: str, direction: str | None, expression: str, draft: str) -> None:
    """No draft of the reader holds a number that its words do not have, or loses one that they have."""
    read = read_time(expression, language, direction=Direction(direction) if direction else None)
    assert read
    assert told(read) == draft
    assert agrees(read, expression, language)


@given(st.text(max_size=200), st.sampled_from([*LANGUAGES, "und", "sv"]), st.sampled_from([None, *Direction]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_borne(text: str, language: str, direction: Direction | None) -> None:
    """No text raises, and the same one always gives the same."""
    assert read_time(text, language, direction=direction, sentence=f"since {text} ago") == read_time(
        text, language, direction=direction, sentence=f"since {text} ago"
    )


@given(st.lists(st.sampled_from(SCRAPS), max_size=6), st.sampled_from(LANGUAGES), st.sampled_from([None, *Direction]))
@settings(max_examples=400, deadline=None)
def test_no_year_is_invented(words: list[str], language: str, direction: Direction | None) -> None:
    """Whatever the words, a draft of a year has the digits of that year in them."""
    expression = " ".join(words)
    draft = read_time(expression, language, direction=direction)
    date = getattr(draft, "date", "")
    if date[:4].isdecimal():
        assert agrees(DRAFTS.validate_python(draft), expression, language)


@pytest.mark.cost
@pytest.mark.parametrize(
    "scrap", ["à ", "a ", "3-", "du 3 au ", "last ", "一", "و", "بال", "xx", "1.", "e\u0301", "\ud800", "\x00", "in der Nacht zum ", "neun"]
)
@pytest.mark.parametrize("language", ["fr", "en", "de", "zh", "ar", "it"])
def test_hostile_words_are_no_slower(scrap: str, language: str) -> None:
    """The same word over and over is read, or not, within a fraction of a second."""
    lexicon(language)
    began = time.perf_counter()
    read_time((scrap * 160)[:160], language, direction=Direction.PAST, sentence=scrap * 2_000)
    assert time.perf_counter() - began < 0.5


@pytest.mark.skipif(not CASES.exists(), reason="The table of the project is not here.")
def test_the_table_of_the_project_is_read() -> None:
    """All but a few of the expressions of the shared table are read, and the seven that have no place in time get none."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    read = [(case, read_time(case["expr"], case["lang"], direction=Direction(case["tense"]), sentence=case["ctx"])) for case in cases]
    assert sum(draft is not None for _, draft in read) >= 170
    assert {draft.kind for case, draft in read if draft and case["gold"].get("unresolved")} <= {"event", "repeat", "length", "vague"}


def test_what_follows_is_no_bound() -> None:
    """The "to" of a verb behind a day does not make it a day until which something lasts."""
    draft = read_time("on Thursday", "en", direction=Direction.PAST, sentence="Kestria threatened on Thursday to strike the base.")

    assert getattr(draft, "bound", None) == "in"
