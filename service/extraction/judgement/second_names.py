"""Second names: which of the proven actors are another one by a shorter name or by an office, and which are half of a longer name."""

from bisect import bisect_right
from collections.abc import Sequence

import regex

from schemas.draft import ActorDraft
from schemas.record import Rejection
from schemas.vocabulary import ActorKind, RejectionReason, Section
from service.extraction.grounding import MAX_MENTIONS, Proven, rejection
from service.extraction.judgement.phrases import words_of
from service.extraction.judgement.standing import CASELESS, Labelled, has_noun_last, labelled
from service.extraction.lexicons import primary_subtag
from service.extraction.people.names import actor_key, bare
from service.extraction.people.words import actor_words
from service.extraction.places import named
from service.extraction.preparing import Prepared

#: Kinds of actor that have a name of their own and no noun that says what they are.
_NAMED = frozenset({ActorKind.PERSON, ActorKind.STATE})
#: Kinds under which a model offers what it does not know: an army is not the same as a River Army that is an armed group.
_VAGUE = frozenset({ActorKind.OTHER, ActorKind.ORGANISATION})
#: What stands between an office and the name of who holds it.
_JOINTS = frozenset({"", ","})
#: What closes a name that stands in apposition.
_CLOSES = regex.compile(r"\s{0,2}(?:[,.;:!?)]|$)")


def merged(actors: Sequence[Proven[ActorDraft]], prepared: Prepared) -> tuple[list[Proven[ActorDraft]], list[Rejection]]:
    """Return the actors, each with those of its shorter names that the model offered as actors of their own, and what is but half of a longer name."""
    several = _Several(actors, prepared)
    into: dict[int, int] = {}
    for number in range(len(actors)):
        holder = several.holder(number)
        if holder is not None:
            into[number] = holder
    into = {number: into.get(holder, holder) for number, holder in into.items()}
    refused = [number for number in range(len(actors)) if number not in into and several.is_half(number)]
    kept = []
    for number, proven in enumerate(actors):
        if number in into or number in refused:
            continue
        others = [name for other, holder in into.items() if holder == number for name in several.names(other)]
        aliases = [*proven.draft.aliases, *(name for name in dict.fromkeys(others) if name not in {proven.draft.name, *proven.draft.aliases})]
        kept.append(Proven(proven.draft.model_copy(update={"aliases": aliases}), proven.evidence) if others else proven)
    detail = "It is half of the name of another actor."
    return kept, [rejection(Section.ACTORS, RejectionReason.DUPLICATE, detail, actors[number].draft) for number in refused]


class _Several:
    """The actors of an article beside one another."""

    def __init__(self, actors: Sequence[Proven[ActorDraft]], prepared: Prepared) -> None:
        self._actors, self._prepared = actors, prepared
        self._language, self._base = prepared.language, primary_subtag(prepared.language)
        self._words = [self._content(proven.draft.name) for proven in actors]
        self._spans = [self._mentions(proven) for proven in actors]
        #: Where longer names stand, each start with the furthest end so far.
        self._wider: list[tuple[int, int]] = []
        longer = (
            span
            for number, proven in enumerate(actors)
            if proven.draft.kind != ActorKind.PERSON and len(self._words[number]) > 1
            for span in self._spans[number]
        )
        for start, end in sorted(longer):
            self._wider.append((start, max(end, self._wider[-1][1] if self._wider else 0)))
        self._starts: dict[int, list[int]] = {}
        for number, spans in enumerate(self._spans):
            for start, _ in spans:
                self._starts.setdefault(start, []).append(number)
        self._by_head: dict[str, list[int]] = {}
        for number, words in enumerate(self._words):
            if len(words) > 1 and actors[number].draft.kind not in _NAMED:
                self._by_head.setdefault((words[-1] if has_noun_last(self._language) else words[0]).word.forms[0], []).append(number)

    def names(self, number: int) -> tuple[str, ...]:
        """Return all names of an actor."""
        draft = self._actors[number].draft
        return draft.name, *draft.aliases

    def holder(self, number: int) -> int | None:
        """Return the number of the one actor whose office, or whose shorter name, an actor's name is; None if there is none, or it is not sure."""
        return self._person(number) if self._is_office(number) else self._longer(number)

    def is_half(self, number: int) -> bool:
        """Whether an actor is named by a common noun that only stands in the longer names of others."""
        draft, words = self._actors[number].draft, self._words[number]
        if draft.kind == ActorKind.PERSON or len(words) != 1 or (words[0].is_any("somebody") and not words[0].is_any("land")):
            return False
        place = named(draft.name, self._language)
        common = (
            (not words[0].word.capital and self._base not in CASELESS)
            or words[0].is_any("land")
            or actor_words().state_forms.any_of([words[0].word.forms[0]], "")
        )
        if place or not common:
            return False
        return bool(self._wider) and all(self._is_within(span) for span in self._spans[number])

    def _is_within(self, span: tuple[int, int]) -> bool:
        """Whether a span is part of where a longer name stands."""
        at = bisect_right(self._wider, span[0], key=lambda wider: wider[0])
        return at > 0 and self._wider[at - 1][1] >= span[1]

    def _content(self, name: str) -> list[Labelled]:
        return [word for word in labelled(words_of(bare(name)), self._language) if not word.word.is_comma]

    def _mentions(self, proven: Proven[ActorDraft]) -> list[tuple[int, int]]:
        found = {(match.start, match.end) for match in self._prepared.folded.mentions(bare(proven.draft.name), MAX_MENTIONS)}
        return sorted(found or {proven.span})

    def _longer(self, number: int) -> int | None:
        """Return the one longer name of which an actor's is the noun: the Front, the Tamar Highlands Front."""
        draft, words = self._actors[number].draft, self._words[number]
        if draft.kind in _NAMED or len(words) != 1 or not (words[0].is_any("somebody") or self.is_half(number)) or named(draft.name, self._language):
            return None
        found = {
            actor_key(self._actors[other].draft.name): other
            for other in self._by_head.get(words[0].word.forms[0], ())
            if draft.kind == (kind := self._actors[other].draft.kind) or not _VAGUE.isdisjoint({draft.kind, kind})
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _is_office(self, number: int) -> bool:
        """Whether an actor's name is an office and nobody's own name: a title with small letters behind it, or at its end."""
        words, name = self._words[number], bare(self._actors[number].draft.name)
        titles = actor_words().titles.singles
        last = max((at for at, word in enumerate(words) if word.word.forms[0] in titles), default=None)
        if last is None or self._actors[number].draft.kind in {ActorKind.STATE, ActorKind.COMPANY}:
            return False
        # A surname may be a title as well: Stephen King.
        before = [word for word in words[:last] if word.word.capital and word.word.forms[0] not in titles]
        if words[last].word.capital and any(named(name[word.word.start : word.word.end], self._language) is None for word in before):
            return False
        return last == len(words) - 1 or (self._base not in {"de", *CASELESS} and not words[last + 1].word.capital)

    def _person(self, number: int) -> int | None:
        """Return the one person whose name stands right behind an office in the text, in apposition to it."""
        found = {other for span in self._spans[number] for other in self._behind(number, span)}
        return found.pop() if len(found) == 1 else None

    def _behind(self, number: int, span: tuple[int, int]) -> list[int]:
        text = self._prepared.text
        found = []
        for start in range(span[1], min(span[1] + 4, len(text))):
            joint = text[span[1] : start].strip()
            if joint not in _JOINTS:
                break
            for other in self._starts.get(start, ()):
                end = next(end for first, end in self._spans[other] if first == start)
                own = [word for word in self._words[other] if word.word.forms[0] not in actor_words().titles.singles]
                person = self._actors[other].draft.kind == ActorKind.PERSON and other != number and own and not self._is_office(other)
                if person and (not joint or _CLOSES.match(text, end)):
                    found.append(other)
        return found
