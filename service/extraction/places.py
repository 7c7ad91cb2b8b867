"""Places: which country a name stands for.

So far a country is `verified` only where the words are its own name in CLDR, in English or in the article's language; what the model alone proposes is
said to be so.
"""

from functools import cache

import iso3166
from babel import Locale, UnknownLocaleError

from schemas.vocabulary import CountryBasis
from service.extraction.alignment import folded
from service.extraction.names import actor_key


def country(words: str | None, proposed: str | None, language: str) -> tuple[str | None, CountryBasis]:
    """Return the ISO 3166-1 alpha-3 code that `words` name, else the one that the model `proposed` if there is such a country, and which of the two it is."""
    known = _names(language.split("-", maxsplit=1)[0]).get(actor_key(words or ""))
    if known:
        return known, CountryBasis.VERIFIED
    if proposed and proposed.upper() in iso3166.countries_by_alpha3:
        return proposed.upper(), CountryBasis.MODEL
    return None, CountryBasis.NONE


@cache
def _names(language: str) -> dict[str, str]:
    """Return alpha-3 codes by the folded names of the countries in one language and in English."""
    names: dict[str, str] = {}
    for code in ("en", language):
        try:
            territories = Locale.parse(code).territories
        except (UnknownLocaleError, ValueError):
            continue
        for alpha2, name in territories.items():
            entry = iso3166.countries_by_alpha2.get(alpha2)
            if entry:
                names[folded(name)] = names[actor_key(name)] = entry.alpha3
    return names
