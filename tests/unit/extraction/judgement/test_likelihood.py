"""Which band a phrase of likelihood has."""

import pytest

from schemas.vocabulary import LikelihoodBand
from service.extraction.judgement.likelihood import likelihood
from service.extraction.lexicons import lexicon

#: Phrase, language, band.
BANDS = [
    ("almost no chance", "en", "almost_no_chance"),
    ("very unlikely", "en", "very_unlikely"),
    ("Unlikely", "en", "unlikely"),
    ("not likely", "en", "unlikely"),
    ("roughly even odds", "en", "roughly_even"),
    ("is likely", "en", "likely"),
    ("very likely", "en-GB", "very_likely"),
    ("almost certain", "en", "almost_certain"),
    ("très probable", "fr", "very_likely"),
    ("peu probable", "fr", "unlikely"),
    ("muy probable", "es", "very_likely"),
    ("nicht wahrscheinlich", "de", "unlikely"),
    ("sehr wahrscheinlich", "de", "very_likely"),
    ("quasi certo", "it", "almost_certain"),
    ("pouco provável", "pt", "unlikely"),
    ("маловероятно", "ru", "unlikely"),
    ("весьма вероятно", "ru", "very_likely"),
    ("малоймовірно", "uk", "unlikely"),
    ("من غير المرجح", "ar", "unlikely"),
    ("لا سبب", "ar", None),
    ("极有可能", "zh", "very_likely"),
    ("不太可能", "zh", "unlikely"),
    ("imminente", "fr", None),
    ("soon", "en", None),
    ("likely or unlikely", "en", None),
    ("very likely", "ko", None),
]


@pytest.mark.parametrize(("phrase", "language", "band"), BANDS)
def test_a_phrase_has_the_band_of_the_table(phrase: str, language: str, band: str | None) -> None:
    """Only what the committed table has gives a band; nearness in time is no likelihood."""
    assert likelihood(phrase, language) == (band and LikelihoodBand(band))


def test_the_table_knows_no_other_band() -> None:
    """Each language of the table has the seven bands of ICD 203 and no others."""
    assert all({*table} <= {*LikelihoodBand} for table in lexicon("likelihood").values())
