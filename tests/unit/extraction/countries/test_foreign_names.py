"""The names of countries that all articles may use are as their sources have them."""

import json

from scripts.lay_out_foreign_names import TABLE, laid_out
from service.extraction.countries.words import agreed, country_words


def test_the_table_of_foreign_names_is_what_the_lists_agree_on() -> None:
    """What is written down is what CLDR and the lists say now, so that a change of either is seen (`python scripts/lay_out_foreign_names.py`)."""
    assert json.loads(TABLE.read_text(encoding="utf-8")) == json.loads(laid_out())


def test_every_foreign_name_is_known_in_any_article() -> None:
    """An article in a language without a list knows all names on which the lists agree, as something."""
    assert agreed().keys() <= country_words("sw").words.keys()
