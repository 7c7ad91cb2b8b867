"""Kinds of actor: what the words of a name say that an actor is, whatever the model made of it.

Words decide only where they are the whole of the name, but for a country's, or its head: "Israeli army", not "Free Syrian Army". Elsewhere the model is
believed.
"""

from collections.abc import Sequence

import regex

from schemas.vocabulary import ActorKind
from service.extraction.countries.words import Place, Via
from service.extraction.people.words import WordClass, actor_words, plain
from service.extraction.places import Hit, country_of_phrase, hits_in, is_given_name, named

_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
#: What the model may have called a government or an armed force and be wrong.
_NO_BODY = frozenset({ActorKind.PERSON, ActorKind.COMPANY, ActorKind.PARTY, ActorKind.ARMED_GROUP})

#: What the model may have called a brigade or a general staff and be wrong; an armed group has brigades too.
_UNLIKE_UNITS = frozenset({ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.ORGANISATION, ActorKind.OTHER})


def kind_of(name: str, offered: ActorKind, language: str) -> ActorKind:
    """Return what the actor of this `name` is: as its words force it, else as the model `offered`."""
    place = named(name, language)
    return _kind_of_place(name, place, offered, language) if place else _kind_of_words(name, offered, language)


def _kind_of_words(name: str, offered: ActorKind, language: str) -> ActorKind:
    known = actor_words()
    bare = [(token, word) for word in _TOKEN.findall(name) if (token := plain(word)) not in known.leads.singles]
    if offered != ActorKind.COMPANY and (_is_source(bare, name) or known.anonymity.phrase_in(name)):
        return ActorKind.UNNAMED_SOURCE
    hits = hits_in(name, language)
    rest = [plain(token) for token in _TOKEN.findall(_without(name, hits))]
    if offered != ActorKind.PERSON and _is_only(known.army, known.army_beside, rest, name):
        return ActorKind.ARMED_FORCES
    tokens = [token for token, _ in bare]
    if offered not in {ActorKind.PERSON, ActorKind.COMPANY} and _is_beside(known.foreign, tokens, name):
        return ActorKind.UNNAMED_SOURCE
    if _is_unit(tokens, offered, name) or _is_regular(bare, offered, name):
        return ActorKind.ARMED_FORCES
    officials = hits and country_of_phrase(name, language) and _is_only(known.officials, known.officials_beside, rest, name)
    officials = officials or (offered != ActorKind.PERSON and _is_beside(known.local, tokens, name))
    heads = offered not in _NO_BODY and _heads(known.government, tokens, name)
    return ActorKind.GOVERNMENT if offered != ActorKind.UNNAMED_SOURCE and (officials or heads) else offered


def _is_beside(adjectives: WordClass, tokens: Sequence[str], name: str) -> bool:
    """Whether a name is officials or diplomats with one of these adjectives, and nothing else."""
    known = actor_words()
    heads = known.officials.singles | known.official.singles
    signs = (known.officials.unspaced.search(name) or known.official.unspaced.search(name)) and adjectives.unspaced.search(name)
    if signs:
        return True
    left = [token for token in tokens if token not in known.officials_beside.singles]
    return not heads.isdisjoint(left) and not adjectives.singles.isdisjoint(left) and heads.union(adjectives.singles).issuperset(left)


def _is_unit(tokens: Sequence[str], offered: ActorKind, name: str) -> bool:
    """Whether what was taken for something else is a unit of an army; who commands one is none, nor is a fire brigade."""
    known = actor_words()
    if offered not in _UNLIKE_UNITS or known.titles.any_of(tokens, "") or known.civil_units.any_of(tokens, name):
        return False
    return _heads(known.regulars, tokens, name) or _heads(known.units, tokens, name)


def _is_regular(bare: Sequence[tuple[str, str]], offered: ActorKind, name: str) -> bool:
    """Whether what was taken for a group is the armed forces of a state: with one adjective at most beside them, not under a name of their own."""
    regulars = actor_words().regulars
    if offered != ActorKind.ARMED_GROUP or not _heads(regulars, [token for token, _ in bare], name):
        return False
    others = [word for token, word in bare if token not in regulars.singles and not any(token in phrase for phrase in regulars.phrases)]
    return len(others) <= 1


def _kind_of_place(name: str, place: Place, offered: ActorKind, language: str) -> ActorKind:
    if place.via == Via.NONE:
        return place.kind if place.kind and offered in {ActorKind.STATE, ActorKind.GOVERNMENT, ActorKind.OTHER} else offered
    if offered == ActorKind.PERSON and (is_given_name(name, language) or place.via != Via.NAME):
        return offered
    if place.via == Via.NAME:
        return ActorKind.STATE
    if place.via == Via.BODY and place.kind:
        return place.kind
    # The people of a country are not the state.
    return ActorKind.OTHER if place.via == Via.PEOPLE and offered == ActorKind.STATE else offered


def _is_source(bare: Sequence[tuple[str, str]], name: str) -> bool:
    """Whether the head of a name, its first or its last word, says "source", as a common word."""
    sources = actor_words().sources
    if sources.unspaced.search(name):
        return True
    if not bare:
        return False
    first_says = bare[0][0] in sources.singles and not (bare[0][1][0].isupper() and len(bare) > 1 and bare[1][1][0].isupper())
    return first_says or (bare[-1][0] in sources.singles and not bare[-1][1][0].isupper())


def _is_only(heads: WordClass, beside: WordClass, rest: Sequence[str], name: str) -> bool:
    """Whether what is left of a name without its country is a head and what may stand beside one."""
    leads = actor_words().leads.singles
    left = [token for token in rest if token not in leads]
    if not left:
        return False
    signs = heads.unspaced.search(name)
    if signs:
        return heads.unspaced.fullmatch("".join(left)) is not None
    joined = "".join(left)
    has_head = not heads.singles.isdisjoint(left) or any(phrase in joined for phrase in heads.phrases)
    return has_head and all(token in heads.singles or token in beside.singles for token in left if not any(token in phrase for phrase in heads.phrases))


def _heads(heads: WordClass, tokens: Sequence[str], name: str) -> bool:
    """Whether a name begins or ends with a head."""
    if not tokens:
        return False
    signs = next(heads.unspaced.finditer(name, max(len(name) - 4, 0)), None)
    joined = "".join(tokens)
    return (
        tokens[0] in heads.singles
        or tokens[-1] in heads.singles
        or any(joined.endswith(phrase) or joined.startswith(phrase) for phrase in heads.phrases)
        or (signs is not None and signs.end() == len(name))
    )


def _without(name: str, hits: Sequence[Hit]) -> str:
    """Return `name` without its words for countries."""
    kept, at = [], 0
    for hit in hits:
        kept.append(name[at : hit.start])
        at = max(at, hit.end)
    return " ".join([*kept, name[at:]])
