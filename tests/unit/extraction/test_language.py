"""In which language a text is."""

import pytest

from service.extraction.language import SERVED, detect
from tests.unit.extraction.extraction_parts import SENTENCES


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_tells_its_language(language: str, sentence: str) -> None:
    """One sentence of news is enough."""
    assert detect(sentence) == language


@pytest.mark.parametrize("text", ["", "OTAN", "2024-04-17 12:30", "— … 🚀", "战"])
def test_too_little_tells_nothing(text: str) -> None:
    """Where there is too little to tell, the answer is `und` and no guess."""
    assert detect(text) == "und"


def test_the_beginning_tells() -> None:
    """Only the beginning of a long text is looked at."""
    assert detect(SENTENCES["fr"] * 20 + SENTENCES["ru"] * 200) == "fr"


def test_what_is_served_is_listed_once() -> None:
    """The list of languages is in order and without doubles."""
    assert sorted(set(SERVED)) == SERVED
