"""Actors: who is one and the same, what each is, and of which country; each once, numbered in the order of the text.

Two names are one actor where the words say so: the same name, a state by its name, its capital or its official form, a long form with the acronym behind it in
brackets, a person by the surname or under a title that the text joins to the name. The world is not asked: who is president of what must stand in the article.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import regex

from schemas.draft import ActorDraft
from schemas.record import Rejection
from schemas.vocabulary import ActorKind, CountryBasis, RejectionReason, Section
from service.extraction.countries.words import Via
from service.extraction.grounding import MAX_MENTIONS, FoldedText, Match, Proven, rejection
from service.extraction.people.kinds import kind_of
from service.extraction.people.names import actor_key, bare, person_core
from service.extraction.people.words import actor_words, plain, tokens_of
from service.extraction.places import country, country_of_person, country_of_phrase, named

#: What stands in brackets behind a name and may be short for it.
_BRACKETED = regex.compile(r"[(（]\s*([^()（）\n]{2,80}?)\s*[)）]")
_ACRONYM = regex.compile(r"\p{Lu}[\p{Lu}\p{N}.&-]{1,11}")
#: Brackets that hold an actor, of which no more are looked at.
_MOST_BRACKETS = 500
#: Code points before a bracket in which the name that it explains must end.
_REACH_CHARS = 130
#: What stands before a surname.
_JOINT = regex.compile(r"[\s-]")
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
#: Kinds of actor that a country's name and a capital's may stand for.
_ALIASED_BY = {Via.NAME: (ActorKind.STATE,), Via.CAPITAL: (ActorKind.STATE, ActorKind.GOVERNMENT)}
_STATE_WORDS = frozenset({Via.NAME, Via.CAPITAL})


@dataclass(frozen=True, slots=True)
class NumberedActor:
    """An actor with its id, and the drafts that speak of it, the one that names it first; `aliases` are its other names."""

    id: str
    drafts: tuple[Proven[ActorDraft], ...]
    aliases: tuple[str, ...]
    kind: ActorKind
    country: str | None
    country_basis: CountryBasis

    @property
    def name(self) -> str:
        """As the article names it in full, the first time."""
        return self.drafts[0].draft.name

    @property
    def names(self) -> list[str]:
        """Its name and its aliases, each once."""
        return [self.name, *self.aliases]

    @property
    def mentioned(self) -> list[str]:
        """What the article is searched for: its names, and a state's without the determiner, which other sentences write otherwise."""
        return [*self.names, *(bare(name) for name in self.names if self.kind == ActorKind.STATE)]


@dataclass(frozen=True, slots=True)
class Roster:
    """The actors of an article, and the aliases that were refused."""

    actors: tuple[NumberedActor, ...]
    refused: tuple[Rejection, ...]


@dataclass(slots=True)
class _Group:
    """The drafts of one actor in the making, in the order of the text."""

    key: str
    drafts: list[Proven[ActorDraft]]
    kind: ActorKind
    state: str | None

    @property
    def name(self) -> str:
        return self.drafts[0].draft.name

    @property
    def first(self) -> tuple[int, int]:
        return min(proven.span for proven in self.drafts)


def number_actors(actors: Iterable[Proven[ActorDraft]], article: FoldedText, language: str) -> Roster:
    """Return the actors of `article` in the order in which it first names them, each once, and the aliases that belong to someone else.

    Args:
        actors: The proven drafts.
        article: Its text, for what that says of two names together.
        language: Of the article.
    """
    by_key: dict[str, list[Proven[ActorDraft]]] = {}
    for proven in sorted(actors, key=lambda actor: actor.span):
        by_key.setdefault(actor_key(proven.draft.name), []).append(proven)
    groups = [_group(key, drafts, language) for key, drafts in by_key.items()]
    for merge in (_states, _acronyms, _people, _titled):
        groups = merge(groups, article, language)
    groups.sort(key=lambda group: group.first)
    owners = {actor_key(proven.draft.name): number for number, group in enumerate(groups) for proven in reversed(group.drafts)}
    numbered, refused = [], []
    for number, group in enumerate(groups):
        kept, wrong = _aliases(group, number, owners, language)
        refused += wrong
        code, basis = _country(group, language)
        numbered.append(NumberedActor(f"A{number + 1}", tuple(group.drafts), tuple(kept), group.kind, code, basis))
    return Roster(tuple(numbered), tuple(refused))


def _group(key: str, drafts: list[Proven[ActorDraft]], language: str) -> _Group:
    draft = drafts[0].draft
    kind = kind_of(draft.name, draft.kind, language)
    place = named(draft.name, language)
    state = place.code if place and place.via in _STATE_WORDS and kind == ActorKind.STATE else None
    if state is None and kind == ActorKind.STATE and _is_form_of_state(draft.name):
        state = country(None, draft.country, language)[0]
    return _Group(key, drafts, kind, state)


def _is_form_of_state(name: str) -> bool:
    """Whether a name is the form of a state alone ("the Islamic Republic"), which names none by itself."""
    tokens, known = tokens_of(name), actor_words()
    return known.state_forms.any_of(tokens, "") and known.state_forms.singles.union(known.leads.singles).issuperset(tokens)


def _states(groups: list[_Group], article: FoldedText, language: str) -> list[_Group]:  # noqa: ARG001 - all merges are called alike
    """Join the names of one state: its own before its capital's, that before a mere form of state."""

    def rank(group: _Group) -> int:
        place = named(group.name, language)
        return tuple(Via).index(place.via) if place else len(Via)

    return _joined(groups, lambda group: group.state, rank)


def _joined(groups: list[_Group], mark: Callable[[_Group], str | None], rank: Callable[[_Group], int]) -> list[_Group]:
    """Return `groups` with those of the same `mark` as one, named by the first of the lowest `rank`; those without a mark stay."""
    kept: dict[str, _Group] = {}
    others: list[_Group] = []
    for group in sorted(groups, key=lambda group: (rank(group), group.first)):
        name = mark(group)
        if name is None:
            others.append(group)
        elif name in kept:
            kept[name].drafts += group.drafts
        else:
            kept[name] = group
    return [*kept.values(), *others]


def _acronyms(groups: list[_Group], article: FoldedText, language: str) -> list[_Group]:  # noqa: ARG001 - all merges are called alike
    """Join a long form and the acronym that the text puts behind it in brackets, or the other way round."""
    by_key = {group.key: group for group in groups if group.kind != ActorKind.PERSON and group.state is None}
    if len(by_key) == 1:
        return groups
    looked_at = 0
    for match in _BRACKETED.finditer(article.text):
        inner = by_key.get(actor_key(match[1]))
        if inner is None or looked_at == _MOST_BRACKETS:
            continue
        looked_at += 1
        before = plain(article.text[max(0, match.start() - _REACH_CHARS) : match.start()])
        outer = max((group for key, group in by_key.items() if group is not inner and before.endswith(key)), key=lambda group: len(group.key), default=None)
        if outer is None:
            continue
        long, short = (outer, inner) if len(outer.key) >= len(inner.key) else (inner, outer)
        if _ACRONYM.fullmatch(short.name) and _abbreviates(short.key, long.key):
            long.drafts += short.drafts
            by_key = {key: long if group is short else group for key, group in by_key.items()}
            groups = [group for group in groups if group is not short]
    return groups


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of `short` stand in `long` in their order, the first of them first."""
    letters = iter(long)
    return long.startswith(short[0]) and all(letter in letters for letter in short)


def _people(groups: list[_Group], article: FoldedText, language: str) -> list[_Group]:  # noqa: ARG001 - all merges are called alike
    """Join the names of one person: without titles the same, or one the surname of no other."""
    people = [group for group in groups if group.kind == ActorKind.PERSON]
    others = [group for group in groups if group.kind != ActorKind.PERSON]
    by_core: dict[str, _Group] = {}
    for group in sorted(people, key=lambda group: group.first):
        core = person_core(group.name)
        if plain(core) in by_core:
            by_core[plain(core)].drafts += group.drafts
        else:
            by_core[plain(core)] = group
    cores = {key: person_core(group.name) for key, group in by_core.items()}
    ends: dict[str, list[str]] = {}
    for key, core in cores.items():
        for match in _JOINT.finditer(core):
            ends.setdefault(core[match.end() :], []).append(key)
    for key, core in cores.items():
        whole = [other for other in ends.get(core, ()) if other in by_core]
        if len(whole) == 1:  # of two people with one surname, either may be meant
            by_core[whole[0]].drafts += by_core.pop(key).drafts
    return [*by_core.values(), *others]


def _titled(groups: list[_Group], article: FoldedText, language: str) -> list[_Group]:
    """Join a title with a country ("the US president") to the one person whom the text calls so by name."""
    people = [group for group in groups if group.kind == ActorKind.PERSON]
    for title in groups:
        if not _is_title(title.name, language):
            continue
        called = [person for person in people if person is not title and not _is_title(person.name, language)]
        places = article.mentions(title.name, MAX_MENTIONS)
        called = [person for person in called if _is_called(person_core(person.name), places, article.text)]
        if len(called) == 1:
            called[0].drafts += title.drafts
            groups = [group for group in groups if group is not title]
    return groups


def _is_called(person: str, titles: Sequence[Match], text: str) -> bool:
    """Whether a text puts one of the `titles` in it right before the name of a `person`, or behind it after a comma."""
    for match in titles:
        before = text[max(0, match.start - len(person) - 3) : match.start].rstrip()
        if _follows(text, match.end, person) or (before.endswith(",") and before[:-1].endswith(person)):
            return True
    return False


def _follows(text: str, end: int, person: str) -> bool:
    """Whether a `person` is named at `end`, but for a space or a comma."""
    return text[end : end + len(person) + 3].lstrip(", \u00a0\u202f").startswith(person)


def _is_title(name: str, language: str) -> bool:
    """Whether a name is a title and one country, and nobody's own name."""
    known = actor_words()
    tokens = tokens_of(name)
    if not known.titles.any_of(tokens, "") or not country_of_phrase(name, language):
        return False
    left = [word for word in _TOKEN.findall(name) if plain(word) not in known.titles.singles | known.leads.singles]
    return bool(left) and named(" ".join(left), language) is not None


def _aliases(group: _Group, number: int, owners: dict[str, int], language: str) -> tuple[list[str], list[Rejection]]:
    """Return the other names of an actor, and those that the model offered and that are someone else's."""
    own = {proven.draft.name for proven in group.drafts}
    kept: dict[str, None] = {}
    refused: list[Rejection] = []
    for proven in group.drafts:
        for name in (proven.draft.name, *proven.draft.aliases):
            reason = None if name in own or name in kept else _misnomer(name, group, number, owners, language)
            if reason:
                refused.append(rejection(Section.ACTORS, RejectionReason.CONTRADICTED, reason, {"name": proven.draft.name, "aliases": [name]}))
            else:
                kept[name] = None
    return [name for name in kept if name != group.name], refused


def _misnomer(alias: str, group: _Group, number: int, owners: dict[str, int], language: str) -> str | None:
    """Return why `alias` is no name of an actor, or None if it may be one."""
    if owners.get(actor_key(alias), number) != number:
        return "This alias is the name of another actor."
    tokens = tokens_of(alias)
    if actor_words().pronouns.singles.issuperset(tokens):
        return "This alias is a pronoun."
    place = named(alias, language)
    if place is None or (place.via == Via.NONE and place.kind == group.kind):
        return None
    if not place.code or place.code != _country(group, language)[0]:
        return "This alias names another country, or something of no one country."
    if group.kind in _ALIASED_BY.get(place.via, ()) or (place.via == Via.BODY and group.kind == place.kind):
        return None
    return "This alias names a country, its people, its capital or a body of it, which this actor is not."


def _country(group: _Group, language: str) -> tuple[str | None, CountryBasis]:
    """Return the country of an actor: that of the first of its names that tells one, else what the model said."""
    names = dict.fromkeys(proven.draft.name for proven in group.drafts)
    tell = country_of_person if group.kind == ActorKind.PERSON else _country_of_name
    told = next((code for name in names if (code := tell(name, language))), None)
    if told:
        return told, CountryBasis.VERIFIED
    proposed = next((proven.draft.country for proven in group.drafts if proven.draft.country), None)
    return country(None if group.kind == ActorKind.PERSON else group.name, proposed, language)


def _country_of_name(name: str, language: str) -> str | None:
    place = named(name, language)
    return place.code if place else country_of_phrase(name, language)


def states_of(actors: Sequence[NumberedActor], language: str) -> dict[str, str]:
    """Return the ids of the states among `actors` by their codes."""
    found: dict[str, str] = {}
    for actor in actors:
        places = [named(name, language) for name in actor.names]
        if actor.kind == ActorKind.STATE and actor.country and any(place and place.via in _STATE_WORDS for place in places):
            found.setdefault(actor.country, actor.id)
    return found
