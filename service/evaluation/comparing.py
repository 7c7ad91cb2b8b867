"""What an entry says, compared with what its gold entry says, field by field."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from schemas.vocabulary import Section
from service.evaluation.gold import Annotation, Edge, GoldActor, GoldCommitment, GoldTarget, GoldThreat, GoldTimeline
from service.evaluation.reading import Found, Parties
from service.evaluation.wording import likeness

GoldEntry = GoldActor | GoldTarget | GoldThreat | GoldTimeline | GoldCommitment

#: The fields that must be right for an entry to be exact, the weightier first.
KEY_FIELDS: Mapping[Section, tuple[str, ...]] = {
    Section.ACTORS: ("kind",),
    Section.TARGETS: ("category", "status"),
    Section.THREATS: ("by", "kind"),
    Section.TIMELINES: ("start", "end"),
    Section.COMMITMENTS: ("speakers", "polarity"),
}
#: All fields that are compared.
FIELDS: Mapping[Section, tuple[str, ...]] = {
    **KEY_FIELDS,
    Section.THREATS: ("by", "kind", "against", "basis"),
    Section.TIMELINES: ("start", "end", "direction"),
    Section.COMMITMENTS: ("speakers", "polarity", "kind"),
}
_PARTIES = frozenset({"by", "against", "speakers"})
_DAY_CHARS = len("2027-03-11")


def compare(section: Section, entry: GoldEntry, found: Found, annotation: Annotation) -> dict[str, bool]:
    """Return for each field that `entry` gives whether `found` has it right."""
    return {name: _is_right(name, wanted, found.fields.get(name), annotation) for name in FIELDS[section] if (wanted := getattr(entry, name)) is not None}


def _is_right(name: str, wanted: object, told: str | Parties | None, annotation: Annotation) -> bool:
    if isinstance(wanted, tuple):
        if name in _PARTIES:
            return _are_meant(wanted, told if isinstance(told, tuple) else (), annotation)
        return _lies_within(wanted, told if isinstance(told, str) else None)
    return wanted == told


def _are_meant(wanted: tuple[str, ...], told: Parties, annotation: Annotation) -> bool:
    """Whether all who are wanted are told, and nobody else."""
    meant = [{*_forms(name, annotation.actors)} for name in wanted]
    said = [[any(likeness(one, form) for one in names for form in forms) for forms in meant] for names in told]
    return all(map(any, said)) and all(any(row[at] for row in said) for at in range(len(meant)))


def _forms(name: str, actors: Iterable[GoldActor]) -> Iterator[str]:
    """Yield all names of the actor that is called `name`."""
    yield name
    for actor in actors:
        if name in actor.name:
            yield from actor.name


def _lies_within(edge: Edge, told: str | None) -> bool:
    """Whether a bound lies within what is accepted for it; where nothing is, there must be none."""
    if not edge or told is None:
        return not edge and told is None
    try:
        day = date.fromisoformat(told[:_DAY_CHARS])
    except ValueError:  # a year that no gold names
        return False
    return edge[0] <= day <= edge[-1]
