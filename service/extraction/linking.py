"""Linking: from the names and words that the model wrote in one entry to the other entries that they mean.

A link is made only where the model said it and the other entry stands in the record. Everything else stays unlinked and is listed as `dangling`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from schemas.record import Evidence, Rejection
from schemas.vocabulary import ActorKind, RejectionReason, Section
from service.extraction.countries.words import Via
from service.extraction.grounding import Proven, rejection
from service.extraction.people.actors import NumberedActor, states_of
from service.extraction.people.names import actor_key, is_short_for, person_core
from service.extraction.places import named
from service.extraction.quotes.folding import folded


class Links:
    """Who and when is meant by a name or a time expression. Counts what could not be linked."""

    def __init__(self, actors: Sequence[NumberedActor], timelines: Sequence[tuple[str, str, Evidence]], language: str = "und") -> None:
        """Know the `actors`, and the `timelines` as id, expression and evidence, of an article in `language`."""
        self._actors = {actor_key(alias): actor.id for actor in reversed(actors) for alias in actor.names}
        self._actors |= {actor_key(actor.name): actor.id for actor in actors}
        self._people = [(name, actor.id) for actor in actors if actor.kind == ActorKind.PERSON for name in actor.names]
        self._states = states_of(actors, language)
        self._timelines: dict[str, list[tuple[int, str]]] = {}
        for id_, expression, evidence in timelines:
            self._timelines.setdefault(folded(expression), []).append((evidence.start, id_))
        self._language = language
        self.dangling: list[Rejection] = []

    def actors(self, section: Section, field: str, names: Iterable[str | None], *, but: str | None = None) -> list[str]:
        """Return the ids of the actors that `names` name, each once, without the one whose id is `but`; a name that names none is dangling."""
        ids: list[str] = []
        for name in names:
            if not name:
                continue
            found = self._actors.get(actor_key(name)) or self._state(name) or self._whole_name(person_core(name))
            if found is None:
                detail = f"`{field}` names no actor of the record."
                self.dangling.append(rejection(section, RejectionReason.DANGLING, detail, {field: name}))
            elif found not in ids and found != but:
                ids.append(found)
        return ids

    def _state(self, name: str) -> str | None:
        """Return the id of the state that `name` names otherwise than the article's actors do: by its capital, or by its official name."""
        place = named(name, self._language)
        return self._states.get(place.code) if place and place.code and place.via in {Via.NAME, Via.CAPITAL} else None

    def _whole_name(self, name: str) -> str | None:
        """Return the id of the one person whose own name, or whose surname, is `name`."""
        found = {id_ for whole, id_ in self._people if name == person_core(whole) or is_short_for(name, whole)}
        return found.pop() if len(found) == 1 else None

    def when(self, section: Section, words: str | None, near: Evidence) -> list[str]:
        """Return the id of the timeline whose expression is `words`, the one nearest to the evidence where there are several."""
        if not words:
            return []
        found = [(abs(start - near.start), id_) for start, id_ in self._timelines.get(folded(words), ())]
        if not found:
            self.dangling.append(rejection(section, RejectionReason.DANGLING, "`when` names no timeline of the record.", {"when": words}))
        return [min(found)[1]] if found else []


def inside(evidence: Evidence, entries: Iterable[tuple[str, Evidence]]) -> list[str]:
    """Return the ids of those `entries` whose proof is part of the words of `evidence`."""
    return [id_ for id_, other in entries if evidence.start <= other.start and other.end <= evidence.end]


def duplicate(section: Section, proven: Proven[Any]) -> Rejection:
    """Return the refusal of an entry that the record has already."""
    return rejection(section, RejectionReason.DUPLICATE, "The record has this entry already.", proven.draft)


def first_of_each(entries: Iterable[Proven[Any]], key: Callable[[Proven[Any]], object], section: Section) -> tuple[list[Proven[Any]], list[Rejection]]:
    """Return the entries in the order of the text, of those with the same `key` only the first, and the others as duplicates."""
    seen: set[object] = set()
    kept: list[Proven[Any]] = []
    refused: list[Rejection] = []
    for proven in sorted(entries, key=lambda entry: entry.span):
        mark = key(proven)
        if mark in seen:
            refused.append(duplicate(section, proven))
        else:
            seen.add(mark)
            kept.append(proven)
    return kept, refused
