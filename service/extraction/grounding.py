"""Grounding: every entry that a model offered is looked for in the text as received. What is not there is refused, with its reason.

The words that matter are those that the model claims to have copied: names, quotes, time expressions, conditions and the like.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import regex
from pydantic import BaseModel

from schemas.draft import ActorDraft, CommitmentDraft, TargetDraft, ThreatDraft, TimelineDraft
from schemas.record import Evidence, Mention, Rejection
from schemas.vocabulary import RejectionReason, Section
from service.extraction.chunking import Chunk
from service.extraction.preparing import Prepared
from service.extraction.quotes.alignment import FoldedText, Match, align
from service.extraction.times import time_words

__all__ = ["FoldedText", "Grounded", "Match", "Proven", "align", "ground", "quote_faults"]

#: Most places that an actor's mentions list.
MAX_MENTIONS = 20
#: A name with more characters is a sentence.
MAX_NAME_CHARS = 120
#: A quote with fewer words states nothing.
MIN_QUOTE_WORDS = 3

_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{M}\p{N}]+")
_LETTER = regex.compile(r"\p{L}")

#: The field of each section whose words prove the entry.
PROOF = {Section.ACTORS: "name", Section.TARGETS: "name", Section.THREATS: "quote", Section.TIMELINES: "expression", Section.COMMITMENTS: "quote"}
#: Other fields in the article's own words. An entry stands without them: what is not in the text becomes null and is listed as refused.
_OWN_WORDS = {Section.TARGETS: ("place",), Section.THREATS: ("condition", "likelihood"), Section.COMMITMENTS: ("condition", "direct_quote")}

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
                proven = _prove(section, item, chunk, prepared)
                if isinstance(proven, Rejection):
                    grounded.rejected.append(proven)
                else:
                    mended, refused = _own_words(section, proven, prepared)
                    getattr(grounded, section).append(mended)
                    grounded.rejected.extend(refused)
    return grounded


def quote_faults(draft: BaseModel, chunk: Chunk, prepared: Prepared) -> list[str]:
    """Return pointers to the entries of `draft` whose words are not in the text, for a re-ask: nothing of the words themselves."""
    return [
        f"/{section}/{number}/{PROOF[section]}: {proven.reason}"
        for section in Section
        for number, item in enumerate(getattr(draft, section, ()))
        if isinstance(proven := _prove(section, item, chunk, prepared), Rejection) and proven.reason == RejectionReason.NOT_IN_TEXT
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


def _prove(section: Section, item: BaseModel, chunk: Chunk, prepared: Prepared) -> Proven[BaseModel] | Rejection:
    name = PROOF[section]
    words: str = getattr(item, name).strip()
    match = prepared.folded.align(words, hint=chunk.start, within=(chunk.start, chunk.end))
    if match is None:
        return rejection(section, RejectionReason.NOT_IN_TEXT, f"The words of `{name}` are not in the article.", item)
    doubt = _doubt(section, prepared.text[match.start : match.end], prepared.language)
    if doubt:
        return rejection(section, RejectionReason.UNVERIFIABLE, doubt, item)
    quote = prepared.text[match.start : match.end]
    sentence = prepared.sentences.enclosing(match.start, match.end)
    return Proven(item, Evidence(quote=quote, start=match.start, end=match.end, match=match.match, sentence=sentence))


def _doubt(section: Section, words: str, language: str) -> str | None:
    """Return why these words of the article cannot prove an entry of a section, or None if they can."""
    if section in {Section.ACTORS, Section.TARGETS}:
        if not _LETTER.search(words):
            return "A name has letters."
        return "A name is not a sentence." if len(words) > MAX_NAME_CHARS else None
    if section == Section.TIMELINES:
        return None if time_words(words, language) else "These words tell no time."
    return "A fragment of so few words states nothing." if len(_WORD.findall(words)) < MIN_QUOTE_WORDS else None


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
    if isinstance(proven.draft, ActorDraft):
        places = {alias: prepared.folded.mentions(alias, 1) for alias in proven.draft.aliases}
        refused += [
            rejection(section, RejectionReason.NOT_IN_TEXT, "This alias is not in the article.", {"name": proven.draft.name, "aliases": [alias]})
            for alias in proven.draft.aliases
            if not places[alias]
        ]
        changes = {"name": proven.evidence.quote, "aliases": [prepared.text[match.start : match.end] for found in places.values() for match in found]}
    if isinstance(proven.draft, TargetDraft):
        changes["name"] = proven.evidence.quote
    if isinstance(proven.draft, TimelineDraft):
        changes["expression"] = proven.evidence.quote
    return Proven(proven.draft.model_copy(update=changes), proven.evidence), refused
