"""Grounding: every entry that a model offered is looked for in the text as received. What is not there is refused, with its reason.

The words that matter are those that the model claims to have copied: names, quotes, time expressions, conditions and the like.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from schemas.draft import ActorDraft, CommitmentDraft, TargetDraft, ThreatDraft, TimelineDraft
from schemas.record import Evidence, Mention, Rejection
from schemas.vocabulary import RejectionReason, Section
from service.extraction.chunking import Chunk
from service.extraction.preparing import Prepared
from service.extraction.proving import PROOF, Unproven
from service.extraction.quotes.alignment import FoldedText, Match, align

__all__ = ["FoldedText", "Grounded", "Match", "Proven", "align", "ground", "quote_faults"]

#: Most places that an actor's mentions list.
MAX_MENTIONS = 20
#: Other fields in the article's own words. An entry stands without them: what is not in the text becomes null and is listed as refused.
_OWN_WORDS = {Section.TARGETS: ("place",), Section.THREATS: ("condition", "likelihood"), Section.COMMITMENTS: ("condition", "direct_quote")}
#: What is known by the words that prove it has them as the article does.
_NAMED = frozenset({Section.ACTORS, Section.TARGETS, Section.TIMELINES})

D_co = TypeVar("D_co", bound=BaseModel, covariant=True)


@dataclass(frozen=True, slots=True)
class Proven(Generic[D_co]):
    """An entry whose words were found, and where."""

    draft: D_co
    evidence: Evidence

    @property
    def span(self) -> tuple[int, int]:
        """Where its proof stands."""
        return self.evidence.start, self.evidence.end


@dataclass(slots=True)
class Grounded:
    """The entries that were found, by section and in the order of the model, and those that were not."""

    actors: list[Proven[ActorDraft]] = field(default_factory=list)
    targets: list[Proven[TargetDraft]] = field(default_factory=list)
    threats: list[Proven[ThreatDraft]] = field(default_factory=list)
    timelines: list[Proven[TimelineDraft]] = field(default_factory=list)
    commitments: list[Proven[CommitmentDraft]] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)


def ground(drafts: Iterable[tuple[Chunk, BaseModel]], prepared: Prepared) -> Grounded:
    """Return which entries of `drafts` stand in the text, and why the others do not."""
    grounded = Grounded()
    for chunk, draft in drafts:
        for section in Section:
            for item in getattr(draft, section, ()):
                proof = _proof(section, item, chunk, prepared)
                if isinstance(proof, Unproven):
                    grounded.rejected.append(rejection(section, proof.reason, proof.detail, item))
                else:
                    mended, refused = _own_words(section, Proven(item, proof), prepared)
                    getattr(grounded, section).append(mended)
                    grounded.rejected.extend(refused)
    return grounded


def quote_faults(draft: BaseModel, chunk: Chunk, prepared: Prepared) -> list[str]:
    """Return pointers to the entries of `draft` whose words are not in the text, for a re-ask: nothing of the words themselves."""
    return [
        f"/{section}/{number}/{PROOF[section]}: {proof.reason}"
        for section in Section
        for number, item in enumerate(getattr(draft, section, ()))
        if isinstance(proof := _proof(section, item, chunk, prepared), Unproven) and proof.reason == RejectionReason.NOT_IN_TEXT
    ]


def mentions(names: Sequence[str], folded: FoldedText) -> list[Mention]:
    """Return where any of `names` stands as whole words, in the order of the text, without overlaps."""
    found: list[Mention] = []
    spans = sorted({(match.start, match.end) for name in names for match in folded.mentions(name, MAX_MENTIONS)}, key=lambda span: (span[0], -span[1]))
    for start, end in spans:
        if not found or start >= found[-1].end:
            found.append(Mention(quote=folded.text[start:end], start=start, end=end))
    return found[:MAX_MENTIONS]


def rejection(section: Section, reason: RejectionReason, detail: str, item: BaseModel | dict[str, object]) -> Rejection:
    """Return why `item` is not in the record; what the model left empty is left out."""
    fields = item.model_dump(mode="json") if isinstance(item, BaseModel) else item
    return Rejection(section=section, reason=reason, detail=detail, item={name: value for name, value in fields.items() if value not in (None, [])})


def _proof(section: Section, item: BaseModel, chunk: Chunk, prepared: Prepared) -> Evidence | Unproven:
    return prepared.proofs.of(section, getattr(item, PROOF[section]).strip(), (chunk.start, chunk.end))


def _own_words(section: Section, proven: Proven[BaseModel], prepared: Prepared) -> tuple[Proven[BaseModel], list[Rejection]]:
    """Return the entry with each field in the article's own words as the article has them, and what was refused of it."""
    changes: dict[str, object] = {}
    refused = []
    for name in _OWN_WORDS.get(section, ()):
        words = getattr(proven.draft, name)
        if words is None:
            continue
        match = prepared.folded.align(words, hint=proven.evidence.sentence[0], within=proven.evidence.sentence)
        changes[name] = prepared.text[match.start : match.end] if match else None
        if not match:
            refused.append(rejection(section, RejectionReason.NOT_IN_TEXT, f"The words of `{name}` are not in the article.", {name: words}))
    draft = proven.draft
    if isinstance(draft, ActorDraft):
        places = {alias: prepared.folded.mentions(alias, 1) for alias in draft.aliases}
        refused += [
            rejection(section, RejectionReason.NOT_IN_TEXT, "This alias is not in the article.", {"name": draft.name, "aliases": [alias]})
            for alias in draft.aliases
            if not places[alias]
        ]
        changes["aliases"] = [prepared.text[match.start : match.end] for found in places.values() for match in found]
    if section in _NAMED:
        changes[PROOF[section]] = proven.evidence.quote
    if all(getattr(draft, name) == words for name, words in changes.items()):
        return proven, refused
    return Proven(draft.model_copy(update=changes), proven.evidence), refused
