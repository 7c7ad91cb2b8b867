"""Belonging: which actor another is part of: a body or an official of a state, a group that acts for one.

The words decide: a people's adjective, a country's name, "and its proxies" behind a state's name. A government or an armed force is part of the state of its
country. What the model says is kept where nothing speaks against it: no state is part of another, an ally is no part, and no circle closes.
"""

from collections.abc import Mapping, Sequence

import regex

from schemas.record import Rejection
from schemas.vocabulary import ActorKind, RejectionReason, Section
from service.extraction.countries.words import Via
from service.extraction.grounding import MAX_MENTIONS, FoldedText, rejection
from service.extraction.linking import Links
from service.extraction.people.actors import NumberedActor, states_of
from service.extraction.people.words import actor_words, plain
from service.extraction.places import country_of_person, hits_in

#: Code points before and behind a mention that may say whose it is.
_REACH_CHARS = 60
_BODIES = frozenset({ActorKind.GOVERNMENT, ActorKind.ARMED_FORCES})
_NAMES = frozenset({Via.NAME, Via.CAPITAL})

#: What stands between a name and what it is called besides.
_APPOSES = (",", "،", "，", "(", "–", "—")
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_SENTENCE_END = regex.compile(r"[.!?;:\n。！？；：؟؛]")


def parents_of(actors: Sequence[NumberedActor], links: Links, article: FoldedText, language: str) -> tuple[dict[str, str], list[Rejection]]:
    """Return the id of the actor that each is part of, where it is part of one, and what of the model's was refused."""
    states = states_of(actors, language)
    parents: dict[str, str] = {}
    refused: list[Rejection] = []
    for actor in actors:
        said = next((proven.draft.part_of for proven in actor.drafts if proven.draft.part_of), None)
        linked = links.actors(Section.ACTORS, "part_of", [said], but=actor.id)
        offered = linked[0] if linked else None
        told = None if actor.id in states.values() else states.get(_code(actor, article, language) or "")
        fault = None
        if offered and actor.kind == ActorKind.STATE and offered in states.values():
            fault = "No state is part of another."
        elif offered and told and told != offered:
            fault = "The words say that it is part of another."
        elif offered and not told and _is_ally(actor, _states_code(states, offered), article, language):
            fault = "The article calls it an ally."
        if fault:
            refused.append(rejection(Section.ACTORS, RejectionReason.CONTRADICTED, fault, {"name": actor.name, "part_of": said}))
        parent = told or (None if fault else offered)
        if parent and parent != actor.id and not _closes(parent, actor.id, parents):
            parents[actor.id] = parent
    return parents, refused


def _code(actor: NumberedActor, article: FoldedText, language: str) -> str | None:
    """Return the code of the state that the words make an actor part of."""
    if actor.kind in _BODIES:
        return actor.country
    if actor.kind == ActorKind.PERSON:
        return next((code for name in actor.names if (code := country_of_person(name, language))), None)
    known = actor_words()
    tokens = [plain(token) for token in _TOKEN.findall(actor.name)]
    if known.backed.any_of(tokens, actor.name) or known.proxies.any_of(tokens, actor.name):
        codes = {hit.place.code for hit in hits_in(actor.name, language)}
        if codes:
            return codes.pop() if len(codes) == 1 else None
    return _possessor(actor, article, language) if known.proxies.any_of(tokens, actor.name) else None


def _possessor(actor: NumberedActor, article: FoldedText, language: str) -> str | None:
    """Return the code of the one state that stands before every mention that has one ("Iran and its proxies")."""
    codes = set()
    known = actor_words()
    between = known.leads.singles | known.conjunctions.singles
    for match in article.mentions(actor.name, MAX_MENTIONS):
        window = _SENTENCE_END.split(article.text[max(0, match.start - _REACH_CHARS) : match.start])[-1]
        hits = [hit for hit in hits_in(window, language) if hit.place.via in _NAMES]
        if hits and all(plain(token) in between for token in _TOKEN.findall(window[hits[-1].end :])):
            codes.add(hits[-1].place.code)
    return codes.pop() if len(codes) == 1 else None


def _is_ally(actor: NumberedActor, code: str | None, article: FoldedText, language: str) -> bool:
    """Whether the name itself, or the words right behind one of its mentions, make an actor the ally or the enemy of the state with this `code`."""
    known = actor_words()
    windows = [actor.name]
    for match in article.mentions(actor.name, MAX_MENTIONS):
        behind = _SENTENCE_END.split(article.text[match.end : match.end + _REACH_CHARS])[0]
        tokens = [token for token in map(plain, _TOKEN.findall(behind)) if token not in known.leads.singles]
        if behind.lstrip().startswith(_APPOSES) and tokens and tokens[0] in known.relations.singles:
            windows.append(behind)
    return any(_relates(window, code, language) for window in windows)


def _relates(words: str, code: str | None, language: str) -> bool:
    """Whether `words` say "ally" or the like and name the country with this `code`."""
    known, tokens = actor_words(), [plain(token) for token in _TOKEN.findall(words)]
    if not known.relations.any_of(tokens, "") or known.backed.any_of(tokens, ""):
        return False
    return code is not None and any(hit.place.code == code for hit in hits_in(words, language))


def _states_code(states: Mapping[str, str], id_: str) -> str | None:
    return next((code for code, state in states.items() if state == id_), None)


def _closes(parent: str, child: str, parents: Mapping[str, str]) -> bool:
    """Whether a circle closes where `child` becomes part of `parent`."""
    at: str | None = parent
    while at is not None and at != child:
        at = parents.get(at)
    return at == child
