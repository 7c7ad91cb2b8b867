"""Which words tell a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.time import DateTime
from schemas.vocabulary import Direction
from service.extraction.time_placing.interval import Interval
from service.extraction.times import resolve, seen, tells_time, time_words
from service.testing.entries import timeline
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
    """Each is written as the text has it, once; where there is one, the text tells a time."""
    found = time_words(text, language)

    assert tells_time(text, language) == bool(found)
    assert len(found) == len(set(found))
    assert all(word in text for word in found)


MARCH = DateTime(kind="date", bound="in", when="past", date="2026-03", part=None, clock=None)


def test_the_words_decide() -> None:
    """What the model drafts of a time gives way to what its words say."""
    lies = resolve(timeline("fin 2023", time=MARCH), "2026-03-12", "fr")

    assert (lies.edtf, lies.approximate) == ("2023-09~/2023-12~", True)


def test_the_sentence_bounds_the_words() -> None:
    """A bound that the expression lost is found in its sentence."""
    lies = resolve(timeline("vendredi"), "2026-03-12", "fr", "Les navires doivent partir d'ici à vendredi.")

    assert (lies.start, lies.end) == (None, "2026-03-13")


def test_a_draft_is_taken_where_words_cannot_be_read() -> None:
    """Words in a language without a lexicon are placed by the model's draft if that holds their numbers; never against them."""
    words = "i mars 2026"

    assert resolve(timeline(words, time=MARCH), None, "sv") == resolve(timeline("2026-03"), None, "en")
    assert resolve(timeline(words, time=MARCH.model_copy(update={"date": "2025-03"})), None, "sv") == Interval()
    assert resolve(timeline(words), None, "sv") == Interval()


@pytest.mark.parametrize("expression", ["", "après les élections", "chaque vendredi", "bientôt", "48"])
def test_what_tells_no_date_stays_unresolved(expression: str) -> None:
    """Nothing is guessed of a time that no calendar has."""
    lies = resolve(timeline(expression), "2026-03-12", "fr")

    assert (lies.edtf, lies.start, lies.end, lies.precision, lies.basis) == (None, None, None, None, "unresolved")


@pytest.mark.parametrize(
    ("start", "end", "published", "side"),
    [
        ("2026-03-01", "2026-03-11", "2026-03-12", "past"),
        ("2026-03-13", None, "2026-03-12", "future"),
        (None, "2026-03-13", "2026-03-12", "future"),
        ("2026-03-12", "2026-03-13", "2026-03-12", "present"),
        ("2026-03-13", "2026-03-14", "2026-03", "present"),
        ("2026-03-13", "2026-03-14", None, "present"),
        (None, None, "2026-03-12", "present"),
    ],
)
def test_the_calendar_tells_the_side(start: str | None, end: str | None, published: str | None, side: str) -> None:
    """A time lies before or after the publication where the calendar says so, else where the model does."""
    assert seen(Interval(start=start, end=end), published, Direction.PRESENT) == side
