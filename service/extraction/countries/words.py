"""The words for countries: names, capitals, peoples and bodies in the languages served, and what each stands for.

Names and cities come from CLDR, everything else from `lexicons/countries`, `territories` and `bodies`. What is nearer goes before what is further:
choices of policy, the article's own language, English, then the names that the other languages served agree on, since articles quote foreign names.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import iso3166
import regex
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from schemas.vocabulary import ActorKind
from service.extraction.countries.inflecting import cases, forms
from service.extraction.lexicons import lexicon, primary_subtag
from service.extraction.people.words import split_list
from service.extraction.quotes.folding import UNSPACED, folded

#: Languages with a list of their own; names of these are known in every article.
LISTED = ("en", "fr", "es", "de", "it", "pt", "ru", "uk", "ar", "he", "tr", "zh")
#: Languages with a list for their own articles alone.
_ALSO_LISTED = ("ja",)
#: A name in letters of Latin that is shorter is too likely to be a word or a person in another language.
_MIN_FOREIGN_CHARS = 5
#: Foreign names of countries that are words or given names elsewhere.
_NO_FOREIGN_NAMES = frozenset({"island", "maurice", "dominique", "salvador", "palau", "georgia", "geórgia", "samoa", "mexico", "romania"})
_PARENTHESIS = regex.compile(r"\s*[（(].*$")


class Via(StrEnum):
    """What a word for a country is."""

    NAME = "name"
    CAPITAL = "capital"
    CITY = "city"
    TERRITORY = "territory"
    PEOPLE = "people"
    BODY = "body"
    NONE = "none"


_CITIES = (("capitals", Via.CAPITAL), ("large", Via.CITY))


@dataclass(frozen=True, slots=True)
class Place:
    """What a word stands for: a country by alpha-3, or none; `among` holds those that it may stand for where it is none in particular."""

    code: str | None
    via: Via
    kind: ActorKind | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountryWords:
    """The words for countries in one language: by their letters, those that count only in capitals, and those that count only alone."""

    words: Mapping[str, Place]
    capitals: Mapping[str, Place]
    alone: frozenset[str]
    #: Names of countries that are also given names.
    given: frozenset[str]
    #: For scripts without spaces: every word in them, the longest first.
    unspaced: regex.Pattern[str]


def listed(language: str) -> str:
    """Return the language whose words are to be read for a BCP 47 tag: its primary subtag, or English."""
    primary = primary_subtag(language)
    return primary if primary.isalpha() and primary.isascii() and len(primary) in {2, 3} else "en"


@lru_cache(maxsize=64)
def country_words(language: str) -> CountryWords:
    """Return the words for countries that an article in `language` (a primary subtag) may use."""
    words: dict[str, Place] = {}
    capitals: dict[str, Place] = {}
    near = _near(language)
    tiers = [_policy(), near]
    if language != "en":
        tiers.append(_near("en"))
    for spelling, place in (pair for tier in tiers for pair in tier):
        key = folded(spelling)
        if not key:
            continue
        table = capitals if _is_shouted(spelling, key) else words
        table.setdefault(key, place)
        if language in {"ar", "he"}:
            words.setdefault(_without_article(key, language), place)
    for key, place in _foreign().items():
        words.setdefault(key, place)
    alone = {folded(word) for code in {language, "en"} for word in _list(code, "others", "whole_only")}
    given = {folded(word) for code in (language, "en") for word in _list(code, "others", "given")}
    signs = sorted((word for word in words if UNSPACED.match(word) and len(word) > 1), key=lambda word: (-len(word), word))
    return CountryWords(words, capitals, frozenset(alone), frozenset(given), regex.compile("|".join(map(regex.escape, signs)) or r"(?!)"))


def _is_shouted(spelling: str, key: str) -> bool:
    """Whether a spelling is an abbreviation that means something else in small letters (US, us)."""
    return spelling.isupper() and len(key) <= _MIN_FOREIGN_CHARS


def _without_article(key: str, language: str) -> str:
    article = "ال" if language == "ar" else "ה"
    return key.removeprefix(article) if len(key) > len(article) + 2 else key


@cache
def _policy() -> tuple[tuple[str, Place], ...]:
    """Return the words whose country is a choice, and the bodies that have a name of their own."""
    rows: list[tuple[str, Place]] = []
    bodies = lexicon("bodies")
    for body in bodies["rows"]["body"]:
        rows += [(name, Place(body["country"], Via.BODY, ActorKind(body["kind"]))) for name in split_list(body["names"])]
    rows += [(name, Place(None, Via.NONE, ActorKind.ORGANISATION)) for name in split_list(bodies["international"]["names"])]
    for territory in lexicon("territories")["rows"]["territory"]:
        place = Place(territory["code"] or None, Via.TERRITORY if territory["code"] else Via.NONE, among=tuple(territory.get("among", ())))
        rows += [(name, place) for name in split_list(territory["names"])]
    return tuple(rows)


@lru_cache(maxsize=64)
def _near(language: str) -> tuple[tuple[str, Place], ...]:
    """Return the words of one language in the order in which they count, an earlier meaning before a later one."""
    rows: list[tuple[str, Place]] = [(phrase, Place(None, Via.NONE)) for phrase in _list(language, "others", "not")]
    rows += _names(language)
    rows += _capitals(language)
    endings = _table(language, "endings").get("demonyms", {})
    for code, words in _table(language, "demonyms").items():
        rows += [(form, Place(code, Via.PEOPLE)) for word in split_list(words) for form in forms(word, endings)]
    return tuple(rows)


def _names(language: str) -> Iterator[tuple[str, Place]]:
    """Return the names of the countries of one language, with their cases."""
    endings = _table(language, "endings").get("names", {})
    for code, names in _table(language, "aliases").items():
        yield from ((form, Place(code, Via.NAME)) for name in split_list(names) for form in _declined(name, endings))
    for code, name in _territories(language):
        for spelling in dict.fromkeys((name, _PARENTHESIS.sub("", name), name.replace("&", "and"))):
            yield from ((form, Place(code, Via.NAME)) for form in _declined(spelling, endings))


def _capitals(language: str) -> Iterator[tuple[str, Place]]:
    endings = _table(language, "endings").get("names", {})
    for code, names in _table(language, "capitals").items():
        yield from ((form, Place(code, Via.CAPITAL)) for name in split_list(names) for form in _declined(name, endings))
    locale, zones = _locale(language), get_global("zone_territories")
    if locale is None:
        return
    for via, zone in ((via, zone) for table, via in _CITIES for zone in lexicon("cities")["zones"][table]):
        place = Place(iso3166.countries_by_alpha2[zones[zone]].alpha3, via)
        yield from ((form, place) for city in _cities(locale, zone) for form in _declined(city, endings))


def _declined(name: str, endings: Mapping[str, str]) -> list[str]:
    return [name] if not endings or name.isupper() else cases(name, endings)


@cache
def _foreign() -> Mapping[str, Place]:
    """Return the names and capitals on which the languages with a list agree, as `agreed` found them: to read all of CLDR for them takes 0.3 s and 15 MiB."""
    found = json.loads(files(__package__).joinpath("foreign.json").read_text(encoding="utf-8"))
    return {key: place for via, codes in found.items() for code, keys in codes.items() for place in (Place(code, Via(via)),) for key in keys.split("|")}


def agreed() -> Mapping[str, Place]:
    """Return the names and capitals on which the languages with a list agree, by their letters."""
    found: dict[str, set[Place]] = {}
    for language in LISTED:
        for spelling, place in (*_names(language), *_capitals(language)):
            key = folded(spelling)
            if _is_shouted(spelling, key) or key in _NO_FOREIGN_NAMES or (key.isascii() and len(key) < _MIN_FOREIGN_CHARS):
                continue
            found.setdefault(key, set()).add(place)
    return {key: min(places, key=_rank) for key, places in found.items() if key and len({place.code for place in places}) == 1}


def _rank(place: Place) -> int:
    return tuple(Via).index(place.via)


def _territories(language: str) -> Iterator[tuple[str, str]]:
    """Return the codes and names of the countries of ISO 3166-1 in one language, as CLDR has them."""
    locale = _locale(language)
    for alpha2, name in locale.territories.items() if locale else ():
        country = iso3166.countries_by_alpha2.get(alpha2)
        if country:
            yield country.alpha3, name


def _cities(locale: Locale, zone: str) -> Iterator[str]:
    """Return what a language calls the city of a time zone, and the zone's own name for it, which most leave as it is."""
    name = locale.time_zones.get(zone, {}).get("city")
    if name:
        yield str(name)
    yield zone.rsplit("/", maxsplit=1)[1].replace("_", " ")


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return None


def _table(language: str, name: str) -> Mapping[str, Any]:
    """Return one table of the list of a language; empty where there is none."""
    return lexicon(f"countries/{language}").get(name, {}) if language in {*LISTED, *_ALSO_LISTED} else {}


def _list(language: str, table: str, name: str) -> list[str]:
    return split_list(_table(language, table).get(name, ""))
