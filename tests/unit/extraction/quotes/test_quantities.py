"""Numbers, in digits and in words."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.extraction.quotes.quantities import numbers, unsupported
from tests.unit.extraction.extraction_parts import anything

#: A language, words in it, and the numbers that they tell.
TOLD = {
    "figures": ("en", "within 48 hours, 33,000 marines and 1.2 million litres", "48 33000 1200000"),
    "decimal comma": ("fr", "1,2 milliard, 33\u202f000 marins, 3.500 t", "1200000000 33000 3500"),
    "decimal point": ("en", "3.500 tonnes, 3,500 tonnes", "3.5 3500"),
    "apostrophe": ("de", "12'500 Soldaten", "12500"),
    "Indian groups": ("hi", "1,00,000 और ४८", "100000 48"),
    "Arabic digits": ("ar", "٣٥٠ جنديا و٤٨ ساعة", "350 48"),
    "date and time": ("en", "3.4.2024 at 17:30", "3 4 2024 17 30"),
    "range": ("en", "5-7 days, 24–48 hours", "5 7 24 48"),
    "two in a row": ("en", "on day 4 12 ships", "4 12"),
    "English": ("en", "twenty-five, two hundred and fifty, three thousand four hundred, two or three", "25 250 3400 2 3"),
    "lone one": ("en", "no one said one thing", ""),
    "twenty-one": ("en", "twenty-one and one million", "21 1000000"),
    "French": ("fr", "quatre-vingt-dix-neuf, soixante-douze, quatre-vingts, vingt et un, trois cent cinquante, deux mille cinq cents", "99 72 80 21 350 2500"),
    "Spanish": ("es", "treinta y cinco, doscientos mil, veintitrés, 1,5 millones", "35 200000 23 1500000"),
    "German": ("de", "dreihundertfünfzig, einundzwanzig, zweitausend, drei Millionen, Achtung", "350 21 2000 3000000"),
    "figure and word": ("de", "3.500 und zweitausend", "3500 2000"),
    "Russian": ("ru", "триста пятьдесят, 3,5 млн, две тысячи, 33 тыс.", "350 3500000 2000 33000"),
    "Arabic": ("ar", "ثلاثة وعشرون جنديا، ثلاثمئة وخمسون، خمسة آلاف", "23 350 5000"),
    "Chinese": ("zh", "三百五十人，3万，两千零五，48小时，十二艘", "350 30000 2005 48 12"),
    "Portuguese": ("pt", "trinta e cinco, duzentos e cinquenta, 2 mil", "35 250 2000"),
    "Italian": ("it", "ventitré, trecentocinquanta, duemila, tre milioni, ventotto", "23 350 2000 3000000 28"),
    "no lexicon": ("qq", "48 kani, two", "48 2"),
    "nothing": ("en", "", ""),
}
#: What a model says in English, the language and the words of its quote, and what the quote does not say.
CLAIMS = {
    "same": ("strike within 48 hours", "fr", "dans les quarante-huit heures", []),
    "changed": ("strike within 72 hours", "fr", "dans les 48 heures", [72]),
    "added": ("send 3 ships in 2025", "es", "enviar tres barcos", [2025]),
    "other reading": ("3.5 tonnes", "fr", "3.5 tonnes", []),
    "fewer": ("strike", "de", "in 48 Stunden", []),
}


@pytest.mark.parametrize(("language", "words", "told"), TOLD.values(), ids=TOLD)
def test_numbers_are_read(language: str, words: str, told: str) -> None:
    """Digits of any script, as the language groups them, and words of number are the same numbers."""
    assert numbers(words, language) == Counter(map(Decimal, told.split()))


@pytest.mark.parametrize(("claim", "language", "quote", "missing"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_is_held_against_its_quote(claim: str, language: str, quote: str, missing: list[int]) -> None:
    """Numbers of the claim that the quote does not tell are found, however the quote writes its own."""
    assert unsupported(claim, quote, language) == missing


@given(anything, st.sampled_from(["en", "fr", "de", "ar", "zh", "qq"]))
@example("7 \U000116d0", "en")  # a digit of Unicode 16
def test_any_text_is_read(words: str, language: str) -> None:
    """Whatever the words, they tell numbers that are none below zero."""
    assert all(number >= 0 for number in numbers(words, language))
