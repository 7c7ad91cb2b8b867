"""Speaking: who stands before a verb, and whom a sentence names as its source. As far as can be seen without parsing: the nearest name."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

from schemas.draft import ActorDraft
from service.extraction.grounding import Proven
from service.extraction.judgement.phrases import words_of
from service.extraction.judgement.telling import Names, Sentence, Told
from service.extraction.people.names import actor_key, bare

#: A name further away is not the subject of a verb, or the source that "according to" names.
_SUBJECT_WORDS = 14
_SOURCE_WORDS = 3
#: Languages in which the verb may stand before its subject.
_VERB_FIRST = frozenset({"ar"})
#: Languages in which the words for "according to" stand behind the source as well.
_SOURCE_BEFORE = frozenset({"de", "tr"})


class Cast:
    """The actors of an article, by number, as the draft names them."""

    def __init__(self, actors: Sequence[Proven[ActorDraft]]) -> None:
        """Number the actors in the order of the draft."""
        self._drafts = [proven.draft for proven in actors]
        self._numbers: dict[str, int] = {}
        for number, draft in enumerate(self._drafts):
            for name in (draft.name, *draft.aliases):
                self._numbers.setdefault(actor_key(name), number)
        self._named_by: list[list[set[str]]] | None = None
        self._looked_up: dict[str, int | None] = {}

    def numbers(self, names: Iterable[str]) -> set[int]:
        """Return the numbers of the actors that `names` name, or of the one actor whose name holds them, as a minister's holds his country."""
        return {number for name in names if (number := self._number(name)) is not None}

    def _number(self, name: str) -> int | None:
        if name not in self._looked_up:
            known = self._numbers.get(actor_key(name))
            self._looked_up[name] = self._holder(_parts(bare(name))) if known is None else known
        return self._looked_up[name]

    def _holder(self, parts: set[str]) -> int | None:
        """Return the number of the one actor whose name holds all of some words."""
        if self._named_by is None:
            self._named_by = [[_parts(other) for other in (draft.name, *draft.aliases)] for draft in self._drafts]
        holders = [number for number, named in enumerate(self._named_by) if parts and any(parts <= other for other in named)]
        return holders[0] if len(holders) == 1 else None

    def with_parts(self, numbers: Collection[int]) -> set[int]:
        """Return `numbers` with those of the actors that are part of one of them."""
        whole = {actor_key(name) for number in numbers for name in (self._drafts[number].name, *self._drafts[number].aliases)}
        return {*numbers, *(number for number, draft in enumerate(self._drafts) if draft.part_of and actor_key(draft.part_of) in whole)}

    def name(self, number: int) -> str:
        """Return the name of an actor."""
        return self._drafts[number].name

    def names(self) -> Names:
        """Return all names, to find them in the text."""
        return Names((name, number) for number, draft in enumerate(self._drafts) for name in (draft.name, *draft.aliases))


def _parts(name: str) -> set[str]:
    """Return the words of a name, folded."""
    return {form for word in words_of(name) for form in word.forms[:1]}


def subject(verb: Told, sentence: Sentence) -> int | None:
    """Return the number of the actor whose name stands nearest before a verb, where a verb may come first nearest behind it; not one that a passive names."""
    at = bisect_left(sentence.mentions, verb.first, key=lambda mention: mention[0].first)
    # No more names than words fit in between.
    before = [(other, number) for other, number in sentence.mentions[max(at - _SUBJECT_WORDS, 0) : at] if 0 <= verb.first - other.last <= _SUBJECT_WORDS]
    if sentence.base in _VERB_FIRST:
        behind = [(other, number) for other, number in sentence.mentions[at : at + 2] if 0 <= other.first - verb.last <= 1]
        if behind:
            return behind[0][1]
    passive = {one.last for one in sentence.told("passive")}
    own = [number for other, number in before if not {other.first, other.first - 1} & passive]
    return own[-1] if own else None


def doers(names: Sequence[str], labels: Sequence[str], sentence: Sentence, cast: Cast) -> list[str]:
    """Return who does what a sentence says: of those that the model names the ones in the sentence, else the subject of the first verb with one of `labels`.

    Where the sentence names nobody who could be it, the model's word stands: it may have read a pronoun. So it does where it names somebody who is no actor,
    for others to see.
    """
    if not all(cast.numbers([name]) for name in names):
        return [*names]
    here = {number for _, number in sentence.mentions}
    named = [name for name in names if cast.with_parts(cast.numbers([name])) & here]
    if named or not here:
        return named or [*names]
    subjects = (subject(one, sentence) for label in labels for one in sentence.told(label))
    found = next((number for number in subjects if number is not None), None)
    return [*names] if found is None else [cast.name(found)]


def sources(sentence: Sentence) -> list[int]:
    """Return the numbers of the actors that "according to" names."""
    found = []
    for one in sentence.told("according"):
        named = [number for other, number in sentence.mentions if 0 <= other.first - one.last <= _SOURCE_WORDS]
        if not named and sentence.base in _SOURCE_BEFORE:
            named = [number for other, number in sentence.mentions if other.last == one.first][-1:]
        found += named[:1]
    return list(dict.fromkeys(found))
