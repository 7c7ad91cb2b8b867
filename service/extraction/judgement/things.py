"""Things: what a phrase names, by the noun that says what it is and not by the adjective nearest to it.

A military hospital is a hospital. Where the noun stands depends on the language: last in English, Turkish and Chinese, at the end of a German compound, first
in the Romance, Slavic and Semitic languages. A noun that no lexicon has makes the whole phrase unknown: what it is cannot be told from what stands beside it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from schemas.vocabulary import TargetCategory, TargetKind
from service.extraction.judgement.phrases import Hit, Phrases, Word, words_of
from service.extraction.lexicons import lexicon, primary_subtag


class Nature(StrEnum):
    """What is known of a thing."""

    #: A target by what it is.
    TARGET = "target"
    CIVILIAN = "civilian"
    #: It serves civilians as well, and nothing calls it military or of a government.
    DUAL_USE = "dual_use"
    #: It is no longer what it is called.
    FORMER = "former"
    #: It may be anything.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Thing:
    """What a phrase names: its nature, and of a target its categories, its kind where the words say so, and whether it serves civilians as well."""

    nature: Nature
    categories: tuple[TargetCategory, ...] = ()
    kind: TargetKind | None = None
    dual_use: bool = False


UNKNOWN = Thing(Nature.UNKNOWN)
CIVILIAN = Thing(Nature.CIVILIAN)
_FORMER = Thing(Nature.FORMER)
_DUAL_USE = Thing(Nature.DUAL_USE)

MILITARY_KINDS = frozenset(
    {TargetKind.BASE, TargetKind.HEADQUARTERS, TargetKind.FORCES, TargetKind.PERSONNEL, TargetKind.WEAPON_SYSTEM, TargetKind.SHIP_OR_AIRCRAFT}
)
GOVERNMENT_KINDS = frozenset(
    {TargetKind.OFFICIAL, TargetKind.GOVERNMENT_BUILDING, TargetKind.DIPLOMATIC_MISSION, TargetKind.POLICE, TargetKind.INTELLIGENCE, TargetKind.COURT}
)
_BY_THEMSELVES = frozenset(kind.value for kind in MILITARY_KINDS | GOVERNMENT_KINDS)
_CIVILIAN = frozenset({"civilian", "settlement"})
_NOUNS = _BY_THEMSELVES | _CIVILIAN | {"functionary", "dual", "neutral", "works"}
_FUNCTION = ("place", "of", "and", "free")
#: Kinds whose own institution a civilian noun beside them may name: the school's police is police, the hospital's officials are the hospital's.
_INSTITUTIONS = frozenset({TargetKind.POLICE, TargetKind.COURT, TargetKind.GOVERNMENT_BUILDING, TargetKind.DIPLOMATIC_MISSION, TargetKind.INTELLIGENCE})
#: Military kinds that are those of the police or of a government where these stand beside them.
_LENT = frozenset({TargetKind.HEADQUARTERS, TargetKind.BASE, TargetKind.FORCES, TargetKind.PERSONNEL})
#: A shorter word of another language may be any word of this one.
_MIN_FOREIGN = 5
#: A name with more words names no one thing.
_MAX_WORDS = 40


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words for things of one language."""

    phrases: Phrases
    noun_last: bool
    compounds: bool
    adjectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One of the things that a phrase joins: the label of its noun, None where it is unknown, and the labels beside it from the nearest on."""

    head: str | None
    beside: tuple[str, ...]
    is_only_description: bool


def thing(phrase: str, language: str, owners: Collection[str] = ()) -> Thing:
    """Return what `phrase` names.

    Args:
        phrase: The name of a thing or a person, as the article has it.
        language: Of the article.
        owners: Folded names of armed groups and forces: what is theirs is military, if it is no building that anybody may have.
    """
    words = words_of(phrase)[:_MAX_WORDS]
    own = _lexicon_for(language)
    if any(_is_foreign_civilian(word, own) for word in words):
        return CIVILIAN
    found = _named(words, own, owners)
    if found != UNKNOWN:
        return found
    # A name in another language than the article's: in that which knows more of its words.
    known, best = max(((_known(words, other), other) for other in _others(words)), key=lambda other: other[0], default=(0, own))
    return _named(words, best, owners) if known and known > _known(words, own) else UNKNOWN


def joins(phrase: str, language: str) -> bool:
    """Whether `phrase` joins several things, or opens with an "and"."""
    own = _lexicon_for(language)
    return any("and" in hit.labels or hit.joined for hit in own.phrases.find(words_of(phrase)))


def _known(words: Sequence[Word], language: _Lexicon) -> int:
    return sum(hit.last - hit.first for hit in language.phrases.find(words))


def _lexicon_for(language: str) -> _Lexicon:
    """Return the words of `language`, or of English where it has none of its own."""
    base = primary_subtag(language)
    return _lexicon(base if base in lexicon("things") else "en")


@cache
def _lexicon(language: str) -> _Lexicon:
    table = lexicon("things")[language]
    labelled = [(words, label) for label, words in table.items() if label not in {"order", "adjectives"}]
    endings = tuple(words_of(ending)[0].forms[0] for ending in table.get("adjectives", "").split())
    return _Lexicon(Phrases(labelled), table["order"] == "last", language == "de", endings)


def _others(words: Sequence[Word]) -> Iterator[_Lexicon]:
    """Yield the lexicons that may know one of `words`: few do, and most names are in none."""
    first_words, asked = _first_words()
    begun = {one for word in words for form in word.forms for one in (form, *(f"{form[:cut]}*" for cut in range(1, len(form) + 1)))}
    languages = asked.union(*(first_words.get(one, ()) for one in begun))
    return (_lexicon(language) for language in lexicon("things") if language in languages)


@cache
def _first_words() -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Return the languages by the words with which their phrases begin, and those that are always asked: some of their words are known by the end alone."""
    found: dict[str, set[str]] = {}
    for language in lexicon("things"):
        for first in _lexicon(language).phrases.first_words():
            found.setdefault(first, set()).add(language)
    same = {frozenset(languages): frozenset(languages) for languages in found.values()}
    ending = frozenset(language for first, languages in found.items() if first.startswith("*") for language in languages)
    return {first: same[frozenset(languages)] for first, languages in found.items() if not first.startswith("*")}, ending


@cache
def _civilian_words() -> Phrases:
    """Return what is civilian in any language, as far as no short word of another language is the same."""
    tables = lexicon("things").values()
    return Phrases(
        (" ".join(word for word in table["civilian"].split() if len(word.strip("*")) >= _MIN_FOREIGN and "_" not in word), "civilian") for table in tables
    )


def _is_foreign_civilian(word: Word, own: _Lexicon) -> bool:
    return bool(word.forms) and _civilian_words().at([word], 0) is not None and own.phrases.at([word], 0) is None


def _named(words: Sequence[Word], own: _Lexicon, owners: Collection[str]) -> Thing:
    readings = list(_readings(words, own, owners))
    heads = [reading for reading in readings if not reading.is_only_description]
    if not heads:
        return CIVILIAN if any("civil" in reading.beside for reading in readings) else UNKNOWN
    shared = tuple(label for reading in readings if reading.is_only_description for label in reading.beside)
    things = [_judged(reading, shared) for reading in heads]
    for nature in (Nature.CIVILIAN, Nature.UNKNOWN, Nature.DUAL_USE, Nature.FORMER):
        unfit = next((one for one in things if one.nature == nature), None)
        if unfit:
            return unfit
    kinds = {one.kind for one in things}
    categories = tuple(category for category in TargetCategory if any(category in one.categories for one in things))
    return Thing(Nature.TARGET, categories, kinds.pop() if len(kinds) == 1 else None, any(one.dual_use for one in things))


def _readings(words: Sequence[Word], own: _Lexicon, owners: Collection[str]) -> Iterable[_Reading]:
    """Yield the things that `words` join, up to where they say where these are."""
    part: list[tuple[str | None, Word]] = []
    at, has_noun = 0, False
    while at < len(words):
        word = words[at]
        hit = None if word.is_comma else own.phrases.at(words, at)
        if hit and hit.joined and part:
            yield _read(part, own)
            part, has_noun = [], False if own.noun_last else has_noun
        label = "and" if word.is_comma else _label(hit, words, own, has_noun=has_noun)
        at = hit.last if hit else at + 1
        if label == "place" and has_noun:
            break
        if label == "and":
            if part:
                yield _read(part, own)
            part, has_noun = [], False if own.noun_last else has_noun
            continue
        if label in {"place", "free"}:
            continue
        if label is None and word.forms and any(form in owners for form in word.forms):
            label = "owner"
        has_noun = has_noun or label in _NOUNS
        part.extend(_compound(hit, label, word, own))
    if part:
        yield _read(part, own)


def _compound(hit: Hit | None, label: str | None, word: Word, own: _Lexicon) -> Iterable[tuple[str | None, Word]]:
    """Yield the label of a word, after those of what it is compounded with."""
    if hit and hit.before and own.compounds:
        yield from ((before, word) for before in own.phrases.labels(hit.before) if before not in _NOUNS and before not in _FUNCTION)
    yield label, word


def _label(hit: Hit | None, words: Sequence[Word], own: _Lexicon, *, has_noun: bool) -> str | None:
    """Return the one label that the words of `hit` have where they stand."""
    if hit is None:
        return None
    if "civilian" in hit.labels and not has_noun:
        return "civilian"
    functions = [label for label in (_FUNCTION if has_noun else reversed(_FUNCTION)) if label in hit.labels]
    if functions:
        return functions[0]
    nouns = [label for label in hit.labels if label in _NOUNS]
    rest = [label for label in hit.labels if label not in _NOUNS]
    # Where adjectives stand before their noun, as in Russian, a word that may be either describes the noun behind it.
    if nouns and rest and own.adjectives and hit.last < len(words):
        after = own.phrases.at(words, hit.last)
        if after and any(label in _NOUNS for label in after.labels):
            return rest[0]
    if "civilian" in nouns:
        return "civilian"
    return (nouns or rest)[0]


def _read(part: Sequence[tuple[str | None, Word]], own: _Lexicon) -> _Reading:
    """Return the noun that says what the words of `part` name, and what stands beside it."""
    labels = [label for label, _ in part]
    if own.noun_last:
        return _read_last(part, labels)
    first = next((number for number, label in enumerate(labels) if label in _NOUNS), None)
    if first is None:
        described = tuple(label for label in labels if label and label not in {"of", "owner"})
        # A name behind the description says whose they are: sites of the army and the government of Tresia.
        describes = all(_may_describe(label, word, own) or (number > 0 and label is None and _is_name(word)) for number, (label, word) in enumerate(part))
        return _Reading(None, described, is_only_description=bool(described) and describes)
    # An unknown noun in front would be what it is: an army's barber.
    if any(label is None and not _may_describe(label, word, own) for label, word in part[:first]):
        return _Reading(None, tuple(label for label in labels if label), is_only_description=False)
    beside = (*labels[first + 1 :], *reversed(labels[:first]))
    return _Reading(labels[first], tuple(label for label in beside if label and label != "of"), is_only_description=False)


def _read_last(part: Sequence[tuple[str | None, Word]], labels: Sequence[str | None]) -> _Reading:
    segments: list[list[tuple[str | None, Word]]] = [[]]
    for label, word in part:
        if label == "of":
            segments.append([])
        else:
            segments[-1].append((label, word))
    chosen = next((segment for segment in segments if any(label in _NOUNS for label, _ in segment)), None)
    if chosen is None:
        described = tuple(label for label in labels if label and label not in {"of", "owner"})
        return _Reading(None, described, bool(described) and None not in labels)
    last = max(number for number, (label, _) in enumerate(chosen) if label in _NOUNS)
    # A word behind it that is no name would be what it is: the army barber; and so would be an unknown word before an "of".
    unknown = any(label is None and not _is_name(word) for label, word in chosen[last + 1 :]) or any(
        label is None and not _is_name(word) for segment in segments[: segments.index(chosen)] for label, word in segment
    )
    others = [label for segment in segments if segment is not chosen for label, _ in segment]
    beside = (*reversed([label for label, _ in chosen[:last]]), *(label for label, _ in chosen[last + 1 :]), *others)
    return _Reading(None if unknown else chosen[last][0], tuple(label for label in beside if label), is_only_description=False)


def _is_name(word: Word) -> bool:
    """Whether a word may be a name or a number, which says nothing of what a thing is."""
    return word.capital or not word.forms or word.forms[0].isdecimal()


def _may_describe(label: str | None, word: Word, own: _Lexicon) -> bool:
    """Whether a word may stand beside a noun without being one: a word known to describe, a number, or one with the ending of an adjective."""
    if label is not None:
        return label not in _NOUNS
    return word.forms[0].isdecimal() or (bool(own.adjectives) and word.forms[0].endswith(own.adjectives))


def _judged(reading: _Reading, shared: tuple[str, ...]) -> Thing:
    """Return what a noun with these words beside it names; `shared` are those of the things joined with it that have no noun of their own."""
    head, beside = reading.head, (*reading.beside, *shared)
    if head in _CIVILIAN or "civil" in beside:
        return CIVILIAN
    if head is None:
        return CIVILIAN if "civilian" in beside else UNKNOWN
    kind = TargetKind(head) if head in _BY_THEMSELVES else None
    if "civilian" in beside and kind not in _INSTITUTIONS:
        return CIVILIAN
    if "former" in beside:
        return _FORMER
    return _of_itself(kind, beside) if kind else _described(head, reading.beside, shared)


def _of_itself(kind: TargetKind, beside: Sequence[str]) -> Thing:
    """Return a target that its noun makes one, lent to the police or a government by the words beside it."""
    categories = [category for label in beside for category in _category(label)]
    if kind in _LENT and TargetKind.POLICE in beside:
        return Thing(Nature.TARGET, (TargetCategory.GOVERNMENT,), TargetKind.POLICE)
    if kind == TargetKind.HEADQUARTERS and categories[:1] == [TargetCategory.GOVERNMENT]:
        lent = next((TargetKind(label) for label in beside if label in GOVERNMENT_KINDS), TargetKind.GOVERNMENT_BUILDING)
        return Thing(Nature.TARGET, (TargetCategory.GOVERNMENT,), lent)
    return Thing(Nature.TARGET, (TargetCategory.MILITARY if kind in MILITARY_KINDS else TargetCategory.GOVERNMENT,), kind)


def _described(head: str, beside: Sequence[str], shared: Sequence[str]) -> Thing:
    """Return a thing that is what the words beside it make of it: the nearest, and those of what is joined with it."""
    own = [category for label in beside for category in _category(label)][:1]
    own += [category for label in shared for category in _category(label)]
    if not own and head == "works" and "owner" in beside:
        own = [TargetCategory.MILITARY]
    if head == "functionary":
        return _functionary(own, beside)
    if not own:
        return _DUAL_USE if head == "dual" else UNKNOWN
    diplomatic = own[0] == TargetCategory.GOVERNMENT and any(label in {"diplomatic", TargetKind.DIPLOMATIC_MISSION} for label in beside)
    kind = TargetKind.INFRASTRUCTURE if head == "dual" else TargetKind.DIPLOMATIC_MISSION if diplomatic else None
    return Thing(Nature.TARGET, tuple(category for category in TargetCategory if category in own), kind, head == "dual")


def _functionary(own: Sequence[TargetCategory], beside: Sequence[str]) -> Thing:
    """Return what officials are: of a government, or military where the words beside them say so; those of an armed group are neither."""
    if TargetCategory.MILITARY in own:
        return Thing(Nature.TARGET, (TargetCategory.MILITARY,), TargetKind.PERSONNEL)
    return UNKNOWN if "owner" in beside else Thing(Nature.TARGET, (TargetCategory.GOVERNMENT,), TargetKind.OFFICIAL)


def _category(label: str) -> list[TargetCategory]:
    """Return the category that a word beside a noun gives it, if any."""
    if label == "military" or label in MILITARY_KINDS:
        return [TargetCategory.MILITARY]
    return [TargetCategory.GOVERNMENT] if label in {"government", "diplomatic"} or label in GOVERNMENT_KINDS else []
