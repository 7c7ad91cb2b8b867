"""Reading: from an expression to its draft, by code alone."""

from collections.abc import Iterator
from itertools import islice, product

from schemas.time import TimeDraft, When
from schemas.vocabulary import Direction
from service.extraction.time_reading.grammar import View, draft_of
from service.extraction.time_reading.lexicon import lexicon
from service.extraction.time_reading.ranges import night_to, range_of
from service.extraction.time_reading.words import Readings, Word

#: A longer expression is a sentence, and has too much in it to be one time.
MAX_CHARS = 160
_MAX_WORDS = 24
#: As many combinations of readings are tried, of a whole expression and of either side of a range, and as many places to part it.
_MAX_READINGS, _MAX_SIDE_READINGS, _MAX_PARTINGS = 32, 6, 4


def view_of(language: str, direction: Direction | None) -> View:
    """Return how expressions of a language are looked at."""
    known = lexicon(language)
    when: When | None = None if direction is None else direction.value
    return View(when, known.twelve_hours, known.rolling_article, known.postpositions, known.loose_from)


def read_words(words: list[Readings], view: View) -> TimeDraft | None:
    """Return the draft that words tell, by the first of their readings that makes sense: a range, then anything else."""
    if not words or len(words) > _MAX_WORDS:
        return None
    partings = [(at, word.letter) for at in range(1, len(words) - 1) for word in words[at] if word.letter in "&>"]
    for at, joiner in partings[:_MAX_PARTINGS]:
        sides = product(_choices(words[:at], _MAX_SIDE_READINGS), [*_choices(words[at + 1 :], _MAX_SIDE_READINGS)])
        draft = next((draft for left, right in sides if (draft := range_of(left, joiner, right, view))), None)
        if draft:
            return draft
    choices = _choices(words, _MAX_READINGS)
    return next((draft for chosen in choices if (draft := night_to(chosen, view) or draft_of(chosen, view))), None)


def _choices(words: list[Readings], limit: int) -> Iterator[list[Word]]:
    """Yield combinations of readings, the likeliest first; a word that joins or tells nothing is no joiner here."""
    options = [[word for word in readings if word.letter != ">"] or list(readings) for readings in words]
    for chosen in islice(product(*options), limit):
        yield [part for word in chosen for part in _spelt_out(word)]


def _spelt_out(word: Word) -> tuple[Word, ...]:
    """Return the count and the unit of a word that is both, such as fortnight."""
    if word.letter != "Z":
        return (word,)
    return Word("N", number=word.number), Word("U" if word.number == 1 else "P", unit=word.unit)
