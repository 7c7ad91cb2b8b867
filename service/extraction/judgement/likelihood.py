"""Likelihood: which band of ICD 203 a phrase falls in, by the committed table alone. What is not in the table has no band."""

from collections.abc import Sequence
from functools import cache

from schemas.vocabulary import LikelihoodBand
from service.extraction.judgement.phrases import Phrases, Word, words_of
from service.extraction.lexicons import lexicon, primary_subtag

#: The opposite of a band, for a phrase with a negation before it that the table does not have as a whole.
_NEGATED = {LikelihoodBand.LIKELY: LikelihoodBand.UNLIKELY, LikelihoodBand.VERY_LIKELY: LikelihoodBand.UNLIKELY}


def likelihood(words: str, language: str) -> LikelihoodBand | None:
    """Return the band of a phrase, or None if the table has it not, or has several."""
    found = {band for _, _, band in phrases_in(words_of(words), language)}
    return found.pop() if len(found) == 1 else None


def negated_band(band: LikelihoodBand) -> LikelihoodBand | None:
    """Return the band of a phrase that is negated: not likely is unlikely, not almost certain says nothing."""
    return _NEGATED.get(band)


def phrases_in(words: Sequence[Word], language: str) -> list[tuple[int, int, LikelihoodBand]]:
    """Return where phrases of the table stand among `words`, and the band of each."""
    table = _phrases(primary_subtag(language))
    return [(hit.first, hit.last, LikelihoodBand(hit.labels[0])) for hit in table.find(words)] if table else []


@cache
def _phrases(language: str) -> Phrases | None:
    table = lexicon("likelihood")
    if language not in table:
        return None
    tables = [table["icd203"], table["en"]] if language == "en" else [table[language]]
    return Phrases((words, band) for one in tables for band, words in one.items())
