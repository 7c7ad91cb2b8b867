"""Whether a record belongs to an article, and its parts to each other.

That the quotes stand in the text is proven here. What is told in other words (names, actions, commitments, times) is not: it is drawn as the record has it. Nor
is more drawn than a page can bear: what a record says once and the page many times is short.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from pydantic import TypeAdapter, ValidationError

from schemas.article import LanguageTag
from schemas.entries import REFERENCES, Entry
from schemas.problem import FieldError
from schemas.record import Actor, Evidence, Notice, Record
from schemas.vocabulary import Section
from service.errors import ValidationFailed
from service.reports.pieces import links
from service.reports.report import entries_in, places_of
from service.strict_json import MAX_ERRORS

#: Most characters of all quotes together: five times the longest article. What is drawn of quotes that overlap grows with them.
MOST_QUOTED = 1_000_000
#: Most characters of all strings of a record together, each name counted as often as an entry refers to it.
MOST_TOLD = 2_000_000
#: Most characters of an id, of which no number comes near twelve, and of a name: a hostile article may be one long word.
MOST_ID, MOST_NAMED = 12, 20_000
MOST_OF_ARTICLE: Mapping[str, int] = {"language": 35, "published": 64, "title": 1_000, "source": 2_000}
_MOST_RECORD_ID = 64
_LANGUAGE: TypeAdapter[str] = TypeAdapter(LanguageTag)
_OTHER_ARTICLE = "The record is of another article."
_NOT_IN_TEXT = "These words do not stand there in the text."
_OUTSIDE_TEXT = "This is no place of the text."
_TOO_LONG = "There are more than {:,} characters."
_OUTSIDE_SENTENCE = "The sentence does not hold the quote, or lies beyond the text."
_QUOTED = f"The quotes have more than {MOST_QUOTED:,} characters together."
_TOLD = f"The strings, and the names that entries refer to, have more than {MOST_TOLD:,} characters together."
_NO_LANGUAGE = "This is no tag of a language."
_NO_PROOF = "An entry has evidence."
_DUPLICATE = "This is there once already."
_DANGLING = "The record has no such entry."
_ITSELF = "An actor is no part of itself."


def check_belongs(text: str, record: Record) -> None:
    """Return if `record` is one of `text`, and refers to nothing that it does not have.

    Raises:
        ValidationFailed: It is not, or it does.
    """
    found = [*_of_another_article(text, record)] or [*islice(_too_long(record), MAX_ERRORS)] or [*islice(_faults(text, record), MAX_ERRORS)]
    if found:
        raise ValidationFailed(found)


def _of_another_article(text: str, record: Record) -> Iterator[FieldError]:
    """Yield what tells that the record is of another text; of that one all else would be wrong too."""
    if record.article.characters != len(text):
        yield _fault("article/characters", "other_article", _OTHER_ARTICLE)
    elif record.article.sha256 != hashlib.sha256(text.encode()).hexdigest():
        yield _fault("article/sha256", "other_article", _OTHER_ARTICLE)


def _too_long(record: Record) -> Iterator[FieldError]:
    """Yield what is longer than in any honest record, and would make much more of a page, or of a table, than was sent."""
    bounds = [("id", record.id, _MOST_RECORD_ID), *((f"article/{name}", getattr(record.article, name), most) for name, most in MOST_OF_ARTICLE.items())]
    bounds += [(f"{section}/{place}/id", entry.id, MOST_ID) for section in Section for place, entry in enumerate(_entries(record)[section])]
    bounds += [(f"actors/{place}/name", actor.name, MOST_NAMED) for place, actor in enumerate(record.actors)]
    for pointer, value, most in bounds:
        if value is not None and len(value) > most:
            yield _fault(pointer, "too_long", _TOO_LONG.format(most))
    if not _is_language(record.article.language):
        yield _fault("article/language", "no_language", _NO_LANGUAGE)
    if sum(len(one.quote) for of in _entries(record).values() for entry in of for one in places_of(entry)) > MOST_QUOTED:
        yield _fault("", "too_long", _QUOTED)
    elif _told(record) > MOST_TOLD:
        yield _fault("", "too_long", _TOLD)


def _told(record: Record) -> int:
    """Return how many characters are told of a record: each string once, and names wherever an entry refers to theirs."""
    names = {key: len(piece.text) for key, piece in links(record).items()} | {actor.id: len(actor.name) for actor in record.actors}
    referring = chain.from_iterable(
        _references(getattr(entry, field)) for section, of in _entries(record).items() for entry in of for field in REFERENCES[section]
    )
    return sum(map(len, _strings(record.model_dump(mode="json")))) + sum(names.get(one, 0) for one in referring)


def _strings(value: object) -> Iterator[str]:
    """Yield all strings of a document, and its keys; goes down level by level, so that depth costs no stack."""
    level = [value]
    while level:
        yield from (one for one in level if isinstance(one, str))
        mappings = [one for one in level if isinstance(one, dict)]
        yield from (key for one in mappings for key in one)
        level = [child for one in level if isinstance(one, list) for child in one] + [child for one in mappings for child in one.values()]


def _is_language(tag: str) -> bool:
    try:
        return bool(_LANGUAGE.validate_python(tag))
    except ValidationError:
        return False


def _entries(record: Record) -> dict[Section, Sequence[Entry]]:
    return {section: entries_in(record, section) for section in Section}


def _faults(text: str, record: Record) -> Iterator[FieldError]:
    """Yield what is wrong, list by list."""
    entries = _entries(record)
    ids = {section: {entry.id for entry in of} for section, of in entries.items()}
    for section, of in entries.items():
        seen: set[str] = set()
        for place, entry in enumerate(of):
            pointer = f"{section}/{place}"
            if entry.id in seen:
                yield _fault(f"{pointer}/id", "duplicate", _DUPLICATE)
            seen.add(entry.id)
            yield from _unproven(entry, pointer, text)
            for field, where in REFERENCES[section].items():
                yield from _astray(getattr(entry, field), f"{pointer}/{field}", ids[where])
            if isinstance(entry, Actor) and entry.part_of == entry.id:
                yield _fault(f"{pointer}/part_of", "dangling", _ITSELF)
    for place, notice in enumerate(record.warnings):
        yield from _misplaced(notice, f"warnings/{place}", len(text))


def _unproven(entry: Entry, pointer: str, text: str) -> Iterator[FieldError]:
    """Yield what is wrong with the words that prove an entry. An actor may be named nowhere."""
    field, words = "mentions" if isinstance(entry, Actor) else "evidence", places_of(entry)
    if not words and not isinstance(entry, Actor):
        yield _fault(f"{pointer}/{field}", "too_short", _NO_PROOF)
    for place, one in enumerate(words):
        # By its length first: an end beyond the text would be cut, and no words at all stand anywhere.
        if not one.quote or one.end - one.start != len(one.quote) or text[one.start : one.end] != one.quote:
            yield _fault(f"{pointer}/{field}/{place}", "not_in_text", _NOT_IN_TEXT)
        elif isinstance(one, Evidence) and not one.sentence[0] <= one.start < one.end <= one.sentence[1] <= len(text):
            yield _fault(f"{pointer}/{field}/{place}/sentence", "outside_text", _OUTSIDE_SENTENCE)


def _references(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or ()


def _astray(value: str | Sequence[str] | None, pointer: str, known: set[str]) -> Iterator[FieldError]:
    """Yield which references lead nowhere, or to the same entry as one before."""
    if isinstance(value, str):
        if value not in known:
            yield _fault(pointer, "dangling", _DANGLING)
        return
    seen: set[str] = set()
    for place, one in enumerate(value or ()):
        if one not in known:
            yield _fault(f"{pointer}/{place}", "dangling", _DANGLING)
        elif one in seen:
            yield _fault(f"{pointer}/{place}", "duplicate", _DUPLICATE)
        seen.add(one)


def _misplaced(notice: Notice, pointer: str, length: int) -> Iterator[FieldError]:
    """Yield whether a warning is about a place that the text does not have."""
    start, end = notice.start or 0, length if notice.end is None else notice.end
    if not start <= end <= length:
        yield _fault(pointer, "outside_text", _OUTSIDE_TEXT)


def _fault(pointer: str, code: str, detail: str) -> FieldError:
    return FieldError(pointer=f"/record/{pointer}".rstrip("/"), code=code, detail=detail)
