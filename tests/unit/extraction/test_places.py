"""Which country a name stands for."""

import pytest

from schemas.vocabulary import CountryBasis
from service.extraction.places import country

COUNTRIES = [
    ("France", None, "en", "FRA", CountryBasis.VERIFIED),
    ("la France", None, "fr", "FRA", CountryBasis.VERIFIED),
    ("l’Allemagne", "FRA", "fr", "DEU", CountryBasis.VERIFIED),
    ("the Netherlands", None, "en", "NLD", CountryBasis.VERIFIED),
    ("ALLEMAGNE", None, "fr-CA", "DEU", CountryBasis.VERIFIED),
    ("Iran", None, "und", "IRN", CountryBasis.VERIFIED),
    ("Iran", None, "qq", "IRN", CountryBasis.VERIFIED),
    ("Германия", None, "ru", "DEU", CountryBasis.VERIFIED),
    ("العراق", None, "ar", "IRQ", CountryBasis.VERIFIED),
    ("德国", None, "zh", "DEU", CountryBasis.VERIFIED),
    ("Germany", None, "fr", "DEU", CountryBasis.VERIFIED),
    ("Allemagne", None, "en", None, CountryBasis.NONE),
    ("Ilan Dorst", "fra", "en", "FRA", CountryBasis.MODEL),
    ("Valdoria", "XYZ", "en", None, CountryBasis.NONE),
    ("Valdoria", "FR", "en", None, CountryBasis.NONE),
    ("Valdoria", "", "en", None, CountryBasis.NONE),
    (None, None, "en", None, CountryBasis.NONE),
    ("", None, "en", None, CountryBasis.NONE),
]


@pytest.mark.parametrize(("words", "proposed", "language", "code", "basis"), COUNTRIES)
def test_countries_are_verified_by_their_names(words: str | None, proposed: str | None, language: str, code: str | None, basis: CountryBasis) -> None:
    """A country's own name is proof; what the model alone says is said to be so, if there is such a country; nothing else is a country."""
    assert country(words, proposed, language) == (code, basis)
