"""Where a text tells a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.time_reading import find_times, has_times
from tests.unit.extraction.extraction_parts import SENTENCES, texts

CASES = [
    ("en", "On Tuesday the fleet left; by the end of May, or within three days, it returns.", ["On Tuesday", "by the end of May", "within three days"]),
    ("en", "It may strike in 2031, said the bulletin of 2,400 copies.", ["in 2031"]),
    ("en", "They marched to the port, and the talks lasted for 40 minutes.", []),
    ("en", "It left on Thursday to strike.", ["on Thursday"]),
    ("fr", "La flotte a été vue à la mer mercredi ; elle rentre d'ici à la fin du mois.", ["mercredi", "d'ici à la fin du mois"]),
    ("de", "Seit dem 28. Mai liegt die Fähre fest, am Donnerstagabend fuhr sie.", ["Seit dem 28. Mai", "am Donnerstagabend"]),
    ("es", "El miércoles por la noche, antes del 30 de abril.", ["El miércoles por la noche", "antes del 30 de abril"]),
    ("ru", "В среду флот вышел, а до конца месяца вернётся.", ["В среду", "до конца месяца"]),
    ("ar", "غادر الأسطول يوم الخميس.", ["يوم الخميس"]),
    ("zh", "舰队将在本周五离港，造价约2400万元。", ["本周五"]),
    ("en", "", []),
]


@pytest.mark.parametrize(("language", "text", "times"), CASES)
def test_times_are_found_by_their_words(language: str, text: str, times: list[str]) -> None:
    """Days, dates, deadlines and vague times with the word that bounds them; no duration, no number, no word that is only written alike."""
    found = [text[start:end] for start, end in find_times(text, language)]

    assert [one.removeprefix("在") for one in found] == times


@settings(max_examples=60, deadline=None)
@given(texts() | st.text(max_size=60), st.sampled_from([*SENTENCES, "xx", "", "1", "nl-BE"]))
def test_any_text_can_be_searched(text: str, language: str) -> None:
    """Whatever the text and the language, times stand in it one after the other."""
    found = find_times(text, language)
    edges = [edge for span in found for edge in span]

    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in found)


def test_languages_without_a_lexicon_are_known_as_such() -> None:
    """Of the others more is known than the names of days and months."""
    assert has_times("fr-CA")
    assert not has_times("sw")
