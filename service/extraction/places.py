"""Places: which country a name stands for, and which one the words of a phrase name.

A country is `verified` only where words say it: names, aliases, official forms, capitals, peoples and bodies with a name of their own, in the languages served,
and the choices of policy in `lexicons/territories.toml`. What the model alone proposes is said to be so. A capital gives a country; that it stands for a
government is never concluded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import iso3166
import regex

from schemas.vocabulary import CountryBasis
from service.extraction.countries.words import CountryWords, Place, Via, country_words, listed
from service.extraction.people.words import actor_words, plain
from service.extraction.quotes.folding import UNSPACED

#: Longer words are a sentence, and name nothing.
MAX_PHRASE_CHARS = 300
#: Words of the longest name that is looked for within a phrase.
_LONGEST_NAME = 7
#: Words before a name that may be dropped: a determiner, a preposition or two.
_MOST_LEADS = 3
_MIN_STEM_CHARS = 3

_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_SUFFIX = regex.compile(r"['’ʼ]\p{L}{1,4}$")
#: What Arabic and Hebrew write onto the front of a word: and, in, to, as, from, the.
_PROCLITICS = {
    "ar": tuple(map(regex.compile, (r"^[وف]?لل", r"^[وف]?[بكل]?ال", r"^[وفبكل]", r"^[وفبكل]{2}"))),
    "he": tuple(map(regex.compile, (r"^[והבכלמש]", r"^[והבכלמש]{2}", r"^[והבכלמש]{3}"))),
}
#: What Chinese writes behind a country's name for what is of it.
_OF_IT = regex.compile(r"(?<=..)(?:的|人|籍)+$")
#: The letter that Arabic and Hebrew write onto a place for "in".
_IN_CLITICS = {"ar": "ب", "he": "ב"}
_ON_THE_MAP = frozenset({Via.NAME, Via.CAPITAL, Via.CITY, Via.TERRITORY})
_HYPHENS = frozenset("-‐‑")


@dataclass(frozen=True, slots=True)
class Hit:
    """A word for a country within a phrase, and where it stands."""

    place: Place
    start: int
    end: int


def country(words: str | None, proposed: str | None, language: str) -> tuple[str | None, CountryBasis]:
    """Return the ISO 3166-1 alpha-3 code that `words` name, else the one that the model `proposed` if there is such a country, and which of the two it is.

    Where the words name something of no one country (the United Nations, Jerusalem), or one of several (Congo), a proposal that disagrees is dropped.
    """
    place = named(words, language) if words else None
    if place and place.code:
        return place.code, CountryBasis.VERIFIED
    code = (proposed or "").upper()
    if code in iso3166.countries_by_alpha3 and (place is None or code in place.among):
        return code, CountryBasis.MODEL
    return None, CountryBasis.NONE


@lru_cache(maxsize=4096)
def named(words: str, language: str) -> Place | None:
    """Return what `words` as a whole stand for, without what stands before or is written onto them; None if it is no word for a country or a known body."""
    if len(words) > MAX_PHRASE_CHARS:
        return None
    primary = listed(language)
    return _bare(words, primary, country_words(primary)) or _official(words, language)


@lru_cache(maxsize=4096)
def country_of_phrase(words: str, language: str) -> str | None:
    """Return the country of what `words` describe, where they name exactly one; None where they name none, several, or whom it is allied with or against."""
    hits = hits_in(words, language)
    code = hits[0].place.code if hits else None
    if not code or any(hit.place.code != code for hit in hits):
        return None
    known, tokens = actor_words(), list(_TOKEN.finditer(words))
    folds = [plain(token[0]) for token in tokens]
    if known.relations.any_of(folds, words) or known.waters.any_of(folds, "") or any(_is_cut(hit, words, folds, tokens, language) for hit in hits):
        return None
    return code


@lru_cache(maxsize=4096)
def hits_in(words: str, language: str, *, alone: bool = False) -> tuple[Hit, ...]:
    """Return the words for countries within `words`, in their order, the longest where several begin alike.

    Args:
        words: A phrase; one that is too long holds none.
        language: Of the article.
        alone: Whether words that count only alone (Georgia, Chad) count as well.
    """
    if len(words) > MAX_PHRASE_CHARS:
        return ()
    primary = listed(language)
    known = country_words(primary)
    tokens = list(_TOKEN.finditer(words))
    folds = [plain(token[0]) for token in tokens]
    hits = [Hit(known.words[plain(sign[0])], *sign.span()) for sign in known.unspaced.finditer(words)] if UNSPACED.search(words) else []
    if not alone:
        hits = [hit for hit in hits if plain(words[hit.start : hit.end]) not in known.alone]
    at = 0
    while at < len(tokens):
        taken = 1
        for size in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
            start, end = tokens[at].start(), tokens[at + size - 1].end()
            key = "".join(folds[at : at + size])
            place = _look_up(key, words[start:end], primary, known)
            if place and not UNSPACED.match(words, start) and (alone or _counts(words[start], key, place, folds[at - 1] if at else "", primary)):
                hits.append(Hit(place, start, end))
                taken = size
                break
        at += taken
    return tuple(sorted(hits, key=lambda hit: hit.start))


def _bare(words: str, language: str, known: CountryWords) -> Place | None:
    """Return what `words` stand for, or what is left of them without determiners, prepositions and endings that are written onto them."""
    starts = [match.start() for match in _TOKEN.finditer(words)][: _MOST_LEADS + 1]
    leads = actor_words().leads.singles
    for number, start in enumerate(starts):
        if number and plain(words[starts[number - 1] : start]) not in leads:
            return None
        rest = words[start:].strip()
        short, of_it = _SUFFIX.sub("", rest), _OF_IT.sub("", rest)
        place = _look_up(plain(rest), rest, language, known) or (_look_up(plain(short), short, language, known) if short != rest else None)
        if place:
            return place
        place = known.words.get(plain(of_it)) if of_it != rest else None
        if place:
            return Place(place.code, Via.PEOPLE, among=place.among)
    return None


def _look_up(key: str, words: str, language: str, known: CountryWords) -> Place | None:
    """Return what `words` with the folded `key` stand for to the letter, or without what Arabic and Hebrew write onto their front."""
    place = known.words.get(key) or (known.capitals.get(key) if words == words.upper() else None)
    if place and place.via == Via.PEOPLE and language == "en" and words[:1].islower():
        return None
    if place or language not in _PROCLITICS:
        return place
    stems = (pattern.sub("", key, count=1) for pattern in _PROCLITICS[language])
    return next((known.words[stem] for stem in stems if len(stem) >= _MIN_STEM_CHARS and stem in known.words), None)


def _official(words: str, language: str) -> Place | None:
    """Return the state whose official name `words` are: forms of state and one country's name or adjective, nothing else."""
    hits = hits_in(words, language, alone=True)
    if len(hits) != 1 or not hits[0].place.code or hits[0].place.via not in {Via.NAME, Via.PEOPLE}:
        return None
    known = actor_words()
    rest = f"{words[: hits[0].start]} {words[hits[0].end :]}"
    others = [plain(token) for token in _TOKEN.findall(known.state_forms.unspaced.sub(" ", rest))]
    if not known.state_forms.any_of(others, rest) or not known.state_forms.singles.union(known.leads.singles).issuperset(others):
        return None
    return Place(hits[0].place.code, Via.NAME)


def _counts(first: str, key: str, place: Place, before: str, language: str) -> bool:
    """Whether a word within a phrase is written as one for a country: with a capital, but for the adjectives of most languages, and as no given name."""
    known = country_words(language)
    if key in known.alone or (key in known.given and before not in actor_words().leads.singles):
        return False
    return not first.islower() or place.via == Via.NONE or (place.via == Via.PEOPLE and language != "en")


def _is_cut(hit: Hit, words: str, folds: Sequence[str], tokens: Sequence[regex.Match[str]], language: str) -> bool:
    """Whether a word for a country is half of something else: of a pair, of a hyphenated word, of a person's or a company's name."""
    known = actor_words()
    before = next((number for number in range(len(tokens) - 1, -1, -1) if tokens[number].end() <= hit.start), None)
    after = next((number for number in range(len(tokens)) if tokens[number].start() >= hit.end), None)
    if not known.conjunctions.singles.isdisjoint(folds[number] for number in (before, after) if number is not None):
        return True
    if known.conjunctions.unspaced.match(words, hit.end) or known.conjunctions.unspaced.fullmatch(words[max(hit.start - 1, 0) : hit.start]):
        return True
    gap_before = words[tokens[before].end() : hit.start] if before is not None else ""
    gap_after = words[hit.end : tokens[after].start()] if after is not None else ""
    if gap_before in _HYPHENS or (gap_after in _HYPHENS and after is not None and folds[after] != "based"):
        return True
    name = words[hit.start : hit.end]
    if hit.place.via in {Via.PEOPLE, Via.BODY} or name.isupper() or (language[:2] == "de" and name.endswith("s")):
        return False
    beside = ((before, gap_before), (after, gap_after))
    return any(number is not None and gap == " " and tokens[number][0][0].isupper() and folds[number] not in known.leads.singles for number, gap in beside)


def country_where(place: str | None, name: str, language: str) -> str | None:
    """Return the country in which a thing stands: that of its `place`, else the one that its `name` says it is in; whose it is says nothing of that."""
    if place:
        stands = named(place, language)
        code = stands.code if stands and stands.via in _ON_THE_MAP else _said_within(place, language) or country_of_phrase(place, language)
        if code:
            return code
    return _said_within(name, language)


def names_country(words: str, language: str) -> bool:
    """Whether `words` are a country, a part, a city or the people of one, and nothing that stands in it; a body such as the Kremlin is no country."""
    place = named(words, language)
    return place is not None and (place.via in _ON_THE_MAP or place.via == Via.PEOPLE)


def _said_within(words: str, language: str) -> str | None:
    """Return the one country that `words` put something in, by a word for "in" before it."""
    known, codes = actor_words(), set()
    for hit in hits_in(words, language):
        before = [plain(token) for token in _TOKEN.findall(words[: hit.start])]
        while before and before[-1] in known.leads.singles - known.within.singles:
            before.pop()
        clitic = words[hit.start] in _IN_CLITICS.get(listed(language), "") and plain(words[hit.start : hit.end]) not in country_words(listed(language)).words
        if hit.place.via in _ON_THE_MAP and (clitic or (before and before[-1] in known.within.singles)):
            codes.add(hit.place.code)
    return codes.pop() if len(codes) == 1 else None


def country_of_person(name: str, language: str) -> str | None:
    """Return the country that the title before a person's name tells; None for a name alone, which may sound like any country's."""
    titles, tokens = actor_words().titles.singles, list(_TOKEN.finditer(name))
    folds = [plain(token[0]) for token in tokens]
    if titles.isdisjoint(folds):
        return None
    for hit in hits_in(name, language):
        at = next(number for number, token in enumerate(tokens) if token.end() >= hit.end)
        # Many a surname is a people's adjective: at the end of a name it tells only right behind the title.
        if at == len(tokens) - 1 and at and folds[at - 1] not in titles and hit.place.via == Via.PEOPLE and not name[hit.start].islower():
            return None
    return country_of_phrase(name, language)


def is_given_name(words: str, language: str) -> bool:
    """Whether a country's name is a given name as well, as Jordan and Chad are."""
    return plain(words) in country_words(listed(language)).given
