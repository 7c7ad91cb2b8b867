"""What a reader found in an article, in a form that owes nothing to who read it: any extractor is scored by the same rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.record import Actor, Evidence, Mention, Record
from schemas.vocabulary import Section

#: Half-open, in code points of the text.
Span = tuple[int, int]
#: Actors that another entry refers to: of each, all names that it goes by.
Parties = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One entry. What a reader does not tell is left out of `fields`, or None."""

    #: An actor's name and aliases, a target's name, a timeline's expression; of the other sections none.
    names: tuple[str, ...] = ()
    #: Where in the text its evidence stands. Words that are not in the text have no place.
    spans: tuple[Span, ...] = ()
    #: `kind`, `category`, `status`, `basis`, `polarity`, `direction`, `start`, `end` and `condition` as words; `by`, `against` and `speakers` as `Parties`.
    fields: Mapping[str, str | Parties | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one article."""

    actors: tuple[Found, ...] = ()
    targets: tuple[Found, ...] = ()
    threats: tuple[Found, ...] = ()
    timelines: tuple[Found, ...] = ()
    commitments: tuple[Found, ...] = ()
    #: How many quotes were offered as words of the article, and how many of them stand in it to the letter where they are said to.
    quotes: int = 0
    verbatim: int = 0

    def of(self, section: Section) -> tuple[Found, ...]:
        """Return what was found of one section."""
        return {
            Section.ACTORS: self.actors,
            Section.TARGETS: self.targets,
            Section.THREATS: self.threats,
            Section.TIMELINES: self.timelines,
            Section.COMMITMENTS: self.commitments,
        }[section]


def of_record(record: Record, text: str) -> Reading:
    """Return what `record` says of the article with this `text`."""
    named = {actor.id: (actor.name, *actor.aliases) for actor in record.actors}

    def parties(ids: list[str]) -> Parties:
        return tuple(named[one] for one in ids)

    quotes: list[Mention] = [mention for actor in record.actors for mention in actor.mentions]
    quotes += (one for entries in (record.targets, record.threats, record.timelines, record.commitments) for entry in entries for one in entry.evidence)
    return Reading(
        actors=tuple(_actor(one) for one in record.actors),
        targets=tuple(Found((one.name,), _spans(one.evidence), {"category": one.category, "status": one.status}) for one in record.targets),
        threats=tuple(
            Found(
                spans=_spans(one.evidence),
                fields={"by": parties(one.by), "against": parties(one.against), "basis": one.basis, "kind": one.kind, "condition": one.condition},
            )
            for one in record.threats
        ),
        timelines=tuple(
            Found((one.expression,), _spans(one.evidence), {"start": one.start, "end": one.end, "direction": one.direction}) for one in record.timelines
        ),
        commitments=tuple(
            Found(spans=_spans(one.evidence), fields={"speakers": parties(one.speakers), "polarity": one.polarity, "kind": one.kind})
            for one in record.commitments
        ),
        quotes=len(quotes),
        verbatim=sum(text[one.start : one.end] == one.quote for one in quotes),
    )


def _actor(actor: Actor) -> Found:
    return Found((actor.name, *actor.aliases), _spans(actor.mentions), {"kind": actor.kind})


def _spans(quotes: list[Mention] | list[Evidence]) -> tuple[Span, ...]:
    return tuple((one.start, one.end) for one in quotes)
