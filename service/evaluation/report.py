"""The report: one page with the figures, and each article with what was found, missed and made up in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from schemas.entries import LETTERS
from schemas.record import Rejection
from schemas.vocabulary import Section
from service.evaluation.comparing import FIELDS, GoldEntry
from service.evaluation.gold import GoldNever
from service.evaluation.matching import Matched, words_of
from service.evaluation.outcome import Outcome
from service.evaluation.reading import Found
from service.evaluation.results import Results
from service.evaluation.scoring import Scored
from service.evaluation.segments import Mark, Segment, Verdict, segments
from service.evaluation.wording import occurrences

#: What stands for a verdict, so that no colour is needed to tell it.
SIGNS = {Verdict.RIGHT: "✓", Verdict.NEAR: "≈", Verdict.MISSED: "–", Verdict.WRONG: "✗", Verdict.LEAK: "‼"}
MEANINGS = {
    Verdict.RIGHT: "found",
    Verdict.NEAR: "found, not exact",
    Verdict.MISSED: "missed",
    Verdict.WRONG: "made up",
    Verdict.LEAK: "must not be a target",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry, as the gold and as the reader has it."""

    name: str
    wanted: str | None
    told: str | None
    #: None: it is not compared.
    right: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: of the gold, of the reader, or of both."""

    section: Section
    verdict: Verdict
    wanted: str | None
    told: str | None
    fields: tuple[Field, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown of one article."""

    half: str
    name: str
    failure: str | None
    text: tuple[Segment, ...]
    rows: tuple[Row, ...]
    rejected: tuple[tuple[Rejection, str], ...]
    rejected_omitted: int


def report(results: Results, outcomes: Sequence[Outcome], scores: Sequence[Scored]) -> str:
    """Return the report as one HTML page that needs nothing else."""
    pages = [page(one, scored) for one, scored in zip(outcomes, scores, strict=True)]
    return _template().render(results=results, pages=pages, Verdict=Verdict, LETTERS=LETTERS, SIGNS=SIGNS, MEANINGS=MEANINGS)


def page(one: Outcome, scored: Scored) -> Page:
    """Return what is shown of one article."""
    text = one.article.text
    forbidden = {id(found): never for found, never in scored.leaks}
    rows, marks = [], []
    for section, matched in scored.sections.items():
        for row, mark in _entries(section, matched, forbidden, text):
            rows.append(row)
            marks += [mark] if mark else []
    rejected = tuple((rejection, _known_by(rejection)) for rejection in one.rejected)
    return Page(one.article.half, one.article.name, one.failure, tuple(segments(text, marks)), tuple(rows), rejected, one.rejected_omitted)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("service.evaluation").joinpath("report.html").read_text(encoding="utf-8"))


def _entries(section: Section, matched: Matched, forbidden: dict[int, GoldNever], text: str) -> Iterator[tuple[Row, Mark | None]]:
    """Yield the entries of a section, each with where it is to be seen."""
    for pair in matched.pairs:
        entry, found = matched.gold[pair.gold], matched.found[pair.found]
        fields = tuple(_field(name, entry, found, pair.fields.get(name)) for name in FIELDS[section])
        verdict = Verdict.RIGHT if pair.exact else Verdict.NEAR
        yield (
            Row(section, verdict, words_of(entry)[0], _words(found, text), fields, entry.optional),
            _mark(section, verdict, found, text) or _mark_of_gold(section, verdict, entry, text),
        )
    for entry in matched.missed:
        fields = tuple(_field(name, entry, None, None) for name in FIELDS[section])
        yield Row(section, Verdict.MISSED, words_of(entry)[0], None, fields), _mark_of_gold(section, Verdict.MISSED, entry, text)
    for found in matched.spurious:
        never = forbidden.get(id(found))
        verdict = Verdict.LEAK if never else Verdict.WRONG
        fields = tuple(_field(name, None, found, None) for name in FIELDS[section])
        wanted = f"never: {never.name[0]} ({never.why})" if never else None
        yield Row(section, verdict, wanted, _words(found, text), fields), _mark(section, verdict, found, text)


def _mark(section: Section, verdict: Verdict, found: Found, text: str) -> Mark | None:
    """Return where an entry that was found is seen first."""
    places = [*found.spans, *occurrences(found.names, text)]
    return Mark(places[0], section, verdict) if places else None


def _mark_of_gold(section: Section, verdict: Verdict, entry: GoldEntry, text: str) -> Mark | None:
    place = next(occurrences(words_of(entry), text), None)
    return Mark(place, section, verdict) if place else None


def _words(found: Found, text: str) -> str:
    """Return the words that an entry is known by."""
    return " / ".join(found.names) or " … ".join(text[start:end] for start, end in found.spans) or "words that are not in the text"


def _field(name: str, entry: GoldEntry | None, found: Found | None, right: bool | None) -> Field:  # noqa: FBT001 - a verdict, not a switch
    return Field(name, _said(getattr(entry, name)) if entry else None, _said(found.fields.get(name)) if found else None, right)


def _said(value: object) -> str | None:
    """Return a value in words: names of a party by the first, the accepted days of an edge by both; None where nothing is said."""
    if isinstance(value, tuple):
        return ", ".join(str(one[0]) if isinstance(one, tuple) and one else str(one) for one in value) or "nobody, or none"
    return None if value is None else str(value)


def _known_by(rejection: Rejection) -> str:
    """Return the words by which an entry that was refused is known."""
    return next((str(rejection.item[field]) for field in ("name", "quote", "expression") if rejection.item.get(field)), "")
