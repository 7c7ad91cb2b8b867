"""Which words tell a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction.times import Interval, resolve, time_words
from tests.unit.extraction.extraction_parts import SENTENCES, texts

TIMES = [
    ("en", "within 48 hours"),
    ("en", "on Tuesday"),
    ("en", "in the 1990s"),
    ("en", "by 17 March"),
    ("en", "at 14:30"),
    ("en", "since 2019"),
    ("en", "on 17/03/2024"),
    ("fr", "mercredi"),
    ("fr", "aujourd’hui"),
    ("fr", "d'ici à vendredi"),
    ("fr", "dans les prochains jours"),
    ("fr", "la semaine dernière"),
    ("fr", "imminente"),
    ("es", "el jueves"),
    ("es", "MAÑANA"),
    ("es", "en los próximos meses"),
    ("de", "am Montag"),
    ("de", "in den nächsten Tagen"),
    ("de", "übermorgen"),
    ("it", "ieri"),
    ("pt", "na terça-feira"),
    ("ru", "во вторник"),
    ("ru", "завтра утром"),
    ("uk", "наступного тижня"),
    ("ar", "يوم الثلاثاء"),
    ("ar", "خلال ٤٨ ساعة"),
    ("he", "ביום שלישי"),
    ("tr", "yarın"),
    ("zh", "未来48小时内"),
    ("zh", "本周末"),
    ("ja", "来週の火曜日"),
    ("ko", "다음 주"),
    ("und", "tomorrow"),
    ("fr", "this week"),
]

NO_TIMES = [
    ("en", "unknown"),
    ("en", "the naval base"),
    ("en", "if attacked"),
    ("en", "33,000 sailors"),
    ("fr", "la base navale"),
    ("fr", "inconnu"),
    ("fr", "48"),
    ("es", "el gobierno de Norvia"),
    ("de", "die Regierung"),
    ("ru", "войска на границе"),
    ("ar", "وزير الدفاع"),
    ("he", "שר הביטחון"),
    ("zh", "国防部长"),
    ("tr", "savunma bakanı"),
    ("qq", "xyz"),
    ("fr", ""),
]


@pytest.mark.parametrize(("language", "words"), TIMES)
def test_words_of_time_are_known(language: str, words: str) -> None:
    """Days, months, units, clock times, years and words such as tomorrow tell a time, in the language of the article and in English."""
    assert time_words(words, language)


@pytest.mark.parametrize(("language", "words"), NO_TIMES)
def test_other_words_tell_no_time(language: str, words: str) -> None:
    """Names, things, bare numbers and `unknown` tell none."""
    assert time_words(words, language) == []


@pytest.mark.parametrize("language", ["fr-CA", "FR", "fr-Latn-FR"])
def test_the_region_of_a_language_does_not_matter(language: str) -> None:
    """The words of a language are known by its tag, however that is written."""
    assert time_words("hier et demain", language) == ["hier", "demain"]


@settings(max_examples=100, deadline=None)
@given(texts(), st.sampled_from([*SENTENCES, "und"]))
def test_time_words_are_words_of_the_text(text: str, language: str) -> None:
    """Each is written as the text has it, once."""
    found = time_words(text, language)

    assert len(found) == len(set(found))
    assert all(word in text for word in found)


@pytest.mark.parametrize("expression", ["mercredi", "2024-04-17", "dans 48 heures", ""])
def test_no_time_is_resolved_yet(expression: str) -> None:
    """Nothing is guessed: every interval is unresolved."""
    interval = resolve(expression, "2024-04", "fr")

    assert interval == Interval()
    assert (interval.edtf, interval.start, interval.end, interval.precision, interval.basis) == (None, None, None, None, "unresolved")
