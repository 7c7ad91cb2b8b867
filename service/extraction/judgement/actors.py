"""Actors: which of the proven actors may stand. Not a place that only locates, a thing, a time, a crowd to which something happens, or half of a longer name.

Whoever may be one stays: a word that no lexicon has is believed, and so is whatever speaks or acts in one of its mentions.
"""

from collections.abc import Sequence
from functools import cached_property

import regex

from schemas.draft import ActorDraft
from schemas.record import Rejection
from schemas.vocabulary import ActorKind, RejectionReason, Section, TargetKind
from service.extraction.countries.words import Via
from service.extraction.grounding import MAX_MENTIONS, Proven, rejection
from service.extraction.judgement.phrases import words_of
from service.extraction.judgement.second_names import merged
from service.extraction.judgement.standing import CASELESS, Labelled, Standing, has_noun_last, knows, labelled
from service.extraction.judgement.things import Nature, thing
from service.extraction.lexicons import primary_subtag
from service.extraction.people.words import actor_words, plain, tokens_of
from service.extraction.places import named
from service.extraction.preparing import Prepared
from service.extraction.time_reading import find_times

#: Kinds under which a model offers places and things; what it calls a group, a firm or a person under a name with capitals is one.
_DOUBTFUL = frozenset({ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.ARMED_FORCES, ActorKind.UNNAMED_SOURCE, ActorKind.OTHER})
#: Kinds under which a model offers places.
_PLACED = frozenset({ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.OTHER})
_NO_AGENTS = frozenset({TargetKind.WEAPON_SYSTEM, TargetKind.BASE, TargetKind.INFRASTRUCTURE})
#: Languages whose names change their ends: as many letters may, of a word that keeps so many.
_INFLECTED, _END, _STEM = frozenset({"ru", "uk", "pl", "de"}), 3, 3
#: Words for places and bodies that are known; the others are places in none.
_KNOWN = frozenset({Via.NAME, Via.BODY, Via.PEOPLE})
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")

Span = tuple[int, int]


def judge_actors(actors: Sequence[Proven[ActorDraft]], prepared: Prepared) -> tuple[list[Proven[ActorDraft]], list[Rejection]]:
    """Return which actors may stand, each with the shorter names that are surely its own, and why the others may not.

    Args:
        actors: The proven drafts.
        prepared: The article. In a language without a list of what is no actor all may stand.
    """
    if not actors or not knows(prepared.language):
        return list(actors), []
    gate = _Gate(prepared)
    kept: list[Proven[ActorDraft]] = []
    refused: list[Rejection] = []
    for proven in actors:
        fault = gate.fault(proven)
        if fault:
            refused.append(rejection(Section.ACTORS, RejectionReason.UNVERIFIABLE, fault, proven.draft))
        else:
            kept.append(proven)
    whole, fragments = merged(kept, prepared)
    return whole, [*refused, *fragments]


class _Gate:
    """Lets actors pass, or says why not."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared, self._language = prepared, prepared.language
        self._base = primary_subtag(prepared.language)
        self._standing = Standing(prepared.text, prepared.language)

    def fault(self, proven: Proven[ActorDraft]) -> str | None:
        """Return why an actor is none, or None if it may be one."""
        draft, words = proven.draft, self._labelled(proven.draft.name)
        spans = self._mentions(proven, words)
        place = named(draft.name, self._language)
        if place and (place.via in _KNOWN or place.kind):
            only_opens = place.via == Via.NAME and all(map(self._standing.opens_report, spans))
            return "It only stands where the report was written." if only_opens else None
        return self._says_nothing(draft, words, spans) or self._is_no_agent(draft, words, spans) or self._is_whereabouts(draft, words, spans)

    def _says_nothing(self, draft: ActorDraft, words: Sequence[Labelled], spans: Sequence[Span]) -> str | None:
        """Return why a name is none of anybody: a pronoun, a time, a common noun for a state."""
        if _is_pointer(words, draft):
            return "It points to somebody and names nobody."
        if draft.kind != ActorKind.PERSON and (0, len(draft.name)) in find_times(draft.name, self._language):
            return "It tells a time."
        return "A state has a name, and this is a common noun." if self._is_common_state(draft, words, spans) else None

    def _is_no_agent(self, draft: ActorDraft, words: Sequence[Labelled], spans: Sequence[Span]) -> str | None:
        """Return what an actor is by the noun of its name instead of somebody, if it neither acts nor speaks."""
        is_doubtful = draft.kind in _DOUBTFUL
        is_somebody = _names_somebody(words) or (not is_doubtful and self._is_proper(words))
        if is_somebody and not is_doubtful:
            return None
        head, what = self._head(words), thing(draft.name, self._language)
        # Arms act in the words of news as soldiers do, and are nobody all the same.
        if is_somebody and what.kind != TargetKind.WEAPON_SYSTEM:
            return None
        is_built = what.nature in {Nature.CIVILIAN, Nature.DUAL_USE}
        if any(word.is_any("place") for word in head):
            # A district acts in its ways, a hospital only where it speaks.
            return None if any(map(self._standing.speaks if is_built else self._standing.acts, spans)) else "It names a place or what stands there."
        if what.kind in _NO_AGENTS or (what.nature == Nature.DUAL_USE and not self._is_proper(words)):
            return None if any(map(self._standing.speaks, spans)) else "It names a thing."
        is_crowd = any(word.is_any("crowd") for word in head)
        is_civilian = what.nature == Nature.CIVILIAN and draft.kind != ActorKind.PERSON and (draft.kind == ActorKind.STATE or not self._has_capitals(words))
        if (is_crowd or is_civilian) and not any(map(self._standing.acts, spans)):
            return "It names civilian things, or people who neither act nor speak."
        return None

    def _is_whereabouts(self, draft: ActorDraft, words: Sequence[Labelled], spans: Sequence[Span]) -> str | None:
        """Return what an actor only tells the place of, in all of its mentions, if so."""
        if self._is_role(draft, words) and all(map(self._standing.is_of_place, spans)):
            return "It only tells whose a building is."
        if _names_somebody(words) or draft.kind not in _PLACED:
            return None
        return "It is a place, and only tells where something is." if all(map(self._standing.locates, [*spans, *self._inflected(words)])) else None

    def _mentions(self, proven: Proven[ActorDraft], words: Sequence[Labelled]) -> list[Span]:
        """Return where the text names an actor, in any of its names, without the "in" or the article before these; `words` are those of its name."""
        names = [_core(proven.draft.name, words), *(_core(name, self._labelled(name)) for name in proven.draft.aliases)]
        end = proven.span[1]
        own = (end - len(names[0]), end) if self._prepared.text.endswith(names[0], 0, end) else proven.span
        return sorted({own, *((match.start, match.end) for name in names for match in self._prepared.folded.mentions(name, MAX_MENTIONS))})

    def _labelled(self, name: str) -> list[Labelled]:
        return labelled(words_of(name), self._language)

    def _inflected(self, words: Sequence[Labelled]) -> list[Span]:
        """Return where the text has a name of one word with another end."""
        if self._base not in _INFLECTED or len(words) != 1:
            return []
        form = words[0].word.forms[0]
        stem = form[: max(len(form) - _END + 1, _STEM)]
        return [span for word, span in self._capitals.get(stem[:_STEM], ()) if word.startswith(stem) and len(word) <= len(stem) + _END][:MAX_MENTIONS]

    @cached_property
    def _capitals(self) -> dict[str, list[tuple[str, Span]]]:
        """The words of the text with a capital, by the letters that they begin with."""
        found: dict[str, list[tuple[str, Span]]] = {}
        for word in words_of(self._prepared.text):
            if word.capital:
                found.setdefault(word.forms[0][:_STEM], []).append((word.forms[0], (word.start, word.end)))
        return found

    def _head(self, words: Sequence[Labelled]) -> list[Labelled]:
        """Return the words of a name that may be the noun that says what it is."""
        own: list[Labelled] = []
        for word in words:
            if word.word.is_comma or (own and (word.is_any("in", "pronoun") or word.word.forms[0] == "of")):
                break
            if own or not _is_lead(word):
                own.append(word)
        if not own:
            return []
        if has_noun_last(self._language):
            return [own[-1]] if self._base != "de" or len(own) == 1 else [own[-1], own[0]]
        return own[:1] if own[0].labels or own[0].word.capital else own[:2]

    def _is_proper(self, words: Sequence[Labelled]) -> bool:
        """Whether a name is written as one: with capitals, or in a script that has none."""
        return self._base in CASELESS or self._has_capitals(words)

    def _has_capitals(self, words: Sequence[Labelled]) -> bool:
        return sum(word.word.capital for word in words) >= (1 if len(words) == 1 and self._base != "de" else 2)

    def _is_common_state(self, draft: ActorDraft, words: Sequence[Labelled], spans: Sequence[Span]) -> bool:
        """Whether what is offered as a state is written small throughout."""
        if draft.kind != ActorKind.STATE or not _CASED.search(draft.name) or _names_somebody(words) or any(word.is_any("land") for word in words):
            return False
        known, tokens = actor_words(), tokens_of(draft.name)
        if any(one.any_of(tokens, draft.name) for one in (known.state_forms, known.sources, known.officials, known.army, known.government)):
            return False
        is_small = not any(map(self._has_capital, spans))
        is_common = len(words) == 1 and all(map(self._standing.has_determiner, spans)) if self._base == "de" else is_small
        return is_common and not any(map(self._standing.acts, spans))

    def _has_capital(self, span: tuple[int, int]) -> bool:
        tokens = [match[0] for match in _WORD.finditer(self._prepared.text, *span)]
        leads = actor_words().leads.singles
        return any(token[0].isupper() for number, token in enumerate(tokens) if number or plain(token) not in leads)

    def _is_role(self, draft: ActorDraft, words: Sequence[Labelled]) -> bool:
        """Whether a name is one word for an office."""
        own = [word for word in words if not _is_lead(word)]
        return len(own) == 1 and not named(draft.name, self._language) and own[0].is_any("somebody") and (self._base == "de" or not own[0].word.capital)


def _core(name: str, words: Sequence[Labelled]) -> str:
    """Return a name without the "in" or the article before it."""
    first = next((word for word in words if not word.word.is_comma and not word.is_any("in", "at", "article")), None)
    return name[first.word.start :].rstrip() if first else name


def _names_somebody(words: Sequence[Labelled]) -> bool:
    """Whether one of the words of a name is a noun for whoever acts."""
    return any(word.is_any("somebody") for word in words)


def _is_lead(word: Labelled) -> bool:
    """Whether a word stands before names and is no part of one."""
    return bool(word.word.forms) and word.word.forms[0] in actor_words().leads.singles


def _is_pointer(words: Sequence[Labelled], draft: ActorDraft) -> bool:
    """Whether a name is pronouns and articles alone, written small or with a capital that opens a sentence."""
    own = [word for word in words if not word.word.is_comma]
    if _names_somebody(own) or (draft.name.isupper() and len(draft.name) > 1):
        return False
    labels = ("pronoun",) if draft.kind == ActorKind.PERSON else ("pronoun", "function", "in", "at")
    if len(own) > 1 and draft.kind != ActorKind.UNNAMED_SOURCE and any(word.is_any("pronoun") for word in own):
        labels = (*labels, "speech", "article")
        return all(word.is_any(*labels) or _is_lead(word) for word in own)
    return all(word.is_any(*labels) for word in own) or all(_is_lead(word) for word in own)
