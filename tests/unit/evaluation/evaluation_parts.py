"""The parts that tests of the evaluation share: gold articles, readings of them, and strategies for both."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from schemas.record import Record
from schemas.vocabulary import Section
from service.evaluation.comparing import FIELDS, GoldEntry
from service.evaluation.gold import Annotation, GoldArticle, GoldCommitment, GoldThreat
from service.evaluation.matching import words_of
from service.evaluation.outcome import Cost, Outcome
from service.evaluation.reading import Found, Reading
from service.evaluation.wording import plain

EXAMPLES = Path(__file__).parents[3] / "service/examples"

#: Sections that are known by their words alone, and those that have names.
QUOTED = (Section.THREATS, Section.COMMITMENTS)
_WORDS = ["the", "The", "base", "Kestria", "at", "Orsk", "army", "le", "l’armée", "القاعدة", "البحرية", "海军", "基地。", "<b>", "&amp;", "\n\n", "Sunday,"]


def gold(text: str, *, name: str = "en-a", half: str = "tuning", **sections: Any) -> GoldArticle:  # noqa: ANN401 - entries as a gold file has them
    """Return a gold article of `text` with entries as a gold file has them."""
    return GoldArticle(half, name, text, Annotation.model_validate({"article": {"kind": "dispatch"}, **sections}))


def span(words: str, text: str) -> tuple[int, int]:
    """Return where `words` stand first."""
    at = text.index(words)
    return at, at + len(words)


def perfect(article: GoldArticle) -> Reading:
    """Return the reading that says what the gold says, and all of it."""
    return reading_of({section: [_as_found(section, entry, article.text) for entry in getattr(article.annotation, section)] for section in Section})


def reading_of(found: Mapping[Section, Iterable[Found]]) -> Reading:
    """Return the reading that has `found`, and two of three quotes to the letter."""
    return Reading(**{section.value: tuple(entries) for section, entries in found.items()}, quotes=3, verbatim=2)


def outcome(article: GoldArticle, reading: Reading | None = None, **facts: Any) -> Outcome:  # noqa: ANN401 - the facts of an outcome
    """Return what came of an article: by default that all was read."""
    return Outcome(**{"article": article, "reading": reading or perfect(article), "cost": Cost(2, 100, 80, 30, 1.5), **facts})


def example() -> tuple[Record, str]:
    """Return a real record, and its article."""
    record = Record.model_validate_json((EXAMPLES / "french.record.json").read_bytes())
    return record, json.loads((EXAMPLES / "french.json").read_bytes())["text"]


def gold_of(record: Record, text: str) -> GoldArticle:
    """Return the gold that calls `record` right."""
    named = {actor.id: actor.name for actor in record.actors}

    def names(ids: Sequence[str]) -> list[str]:
        return [named[one] for one in ids]

    return gold(
        text,
        actors=[{"name": [one.name], "kind": one.kind} for one in record.actors],
        targets=[{"name": [one.name], "category": one.category, "status": one.status} for one in record.targets],
        threats=[{"quote": [one.evidence[0].quote], "by": names(one.by), "against": names(one.against), "kind": one.kind} for one in record.threats],
        timelines=[{"expression": [one.expression], "start": _edge(one.start), "end": _edge(one.end)} for one in record.timelines],
        commitments=[{"quote": [one.evidence[0].quote], "speakers": names(one.speakers), "polarity": one.polarity} for one in record.commitments],
    )


@st.composite
def articles(draw: st.DrawFn) -> GoldArticle:
    """Draw a short article of several scripts, in which anything may be an entry."""
    words = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=30))
    text = " ".join(words)

    @st.composite
    def parts(draw: st.DrawFn) -> str:
        start = draw(st.integers(0, len(words) - 1))
        return " ".join(words[start : draw(st.integers(start + 1, min(start + 6, len(words))))])

    some = st.lists(parts().filter(plain), min_size=1, max_size=2)
    days = st.sampled_from([[], ["2027-03-11"], ["2027-03-11", "2027-03-14"], None])
    optional = st.booleans()
    return gold(
        text,
        actors=draw(_entries(name=some, kind=st.sampled_from(["state", None]), optional=optional)),
        targets=draw(
            _entries(name=some, category=st.sampled_from(["military", "government"]), status=st.sampled_from(["threatened", "attacked"]), optional=optional)
        ),
        threats=draw(_entries(quote=some, by=st.none() | some, kind=st.sampled_from(["violence", "expel", None]), optional=optional)),
        timelines=draw(_entries(expression=some, start=days, end=days, optional=optional)),
        commitments=draw(_entries(quote=some, speakers=st.none() | some, polarity=st.sampled_from(["will", "will_not", None]), optional=optional)),
        never=draw(_entries(name=some, why=st.just("civilian"))),
    )


@st.composite
def readings(draw: st.DrawFn, article: GoldArticle) -> Reading:
    """Draw what some reader might have found in `article`: some of the gold, and some of anything."""
    best = perfect(article)
    ends = st.integers(0, len(article.text))
    anything = st.builds(
        Found,
        names=st.lists(st.sampled_from([*_WORDS, ""]), max_size=2).map(tuple),
        spans=st.lists(st.tuples(ends, ends).map(sorted).map(tuple), max_size=2).map(tuple),
    )
    return reading_of({section: draw(_some(best.of(section), anything)) for section in Section})


def _entries(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(fields), max_size=3)


def _some(best: tuple[Found, ...], anything: st.SearchStrategy[Found]) -> st.SearchStrategy[list[Found]]:
    return st.lists(st.sampled_from(best) | anything if best else anything, max_size=4)


def _as_found(section: Section, entry: GoldEntry, text: str) -> Found:
    words = words_of(entry)[0]
    names = () if isinstance(entry, GoldThreat | GoldCommitment) else (words,)
    return Found(names, (span(words, text),), {name: _told(getattr(entry, name)) for name in FIELDS[section]})


def _told(wanted: object) -> Any:  # noqa: ANN401 - what a field may hold
    """Return what a right reader says where the gold has `wanted`."""
    if not isinstance(wanted, tuple):
        return wanted
    if wanted and not isinstance(wanted[0], str):
        return wanted[0].isoformat()
    return tuple((name,) for name in wanted) or None


def _edge(bound: str | None) -> list[str]:
    return [bound[:10]] if bound else []
