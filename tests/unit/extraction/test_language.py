"""In which language a text is."""

import json
from pathlib import Path

import pytest

from service.extraction.language import SERVED, detect
from tests.unit.extraction.extraction_parts import SENTENCES

_SHARED = Path(__file__).parents[4] / "shared" / "cases" / "lang_cases.json"


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_tells_its_language(language: str, sentence: str) -> None:
    """One sentence of news is enough."""
    assert detect(sentence) == language


@pytest.mark.parametrize("text", ["", "OTAN", "2024-04-17 12:30", "— … 🚀", "战"])
def test_b17_too_little_tells_nothing(text: str) -> None:
    """Where there is too little to tell, the answer is `und` and no guess."""
    assert detect(text) == "und"


def test_the_beginning_tells() -> None:
    """Only the beginning of a long text is looked at."""
    assert detect(SENTENCES["fr"] * 20 + SENTENCES["ru"] * 200) == "fr"


def test_addresses_are_in_no_language() -> None:
    """What is only an address tells nothing."""
    assert detect("https://www.exemple-kasran.fr/la-page-du-jour redaction@exemple.fr") == "und"


def test_a_quote_may_be_in_another_language() -> None:
    """The words around a quote tell, where there are enough of them."""
    assert detect("La ministre a répété hier : « We will never leave the harbour before the end of the month »") == "fr"


def test_catalan_is_no_spanish() -> None:
    """Neighbours among the languages served are told apart."""
    assert detect("El ministre va dir dimarts que la flota es quedarà al port fins a final de mes.") == "ca"


@pytest.mark.skipif(not _SHARED.is_file(), reason="the shared cases are not here")
def test_the_shared_sentences() -> None:
    """Each sentence of the shared cases tells its language."""
    assert [
        (language, detect(sentence)) for language, _, sentence in json.loads(_SHARED.read_text(encoding="utf-8"))["main"] if detect(sentence) != language
    ] == []


def test_what_is_served_is_listed_once() -> None:
    """The list of languages is in order and without doubles."""
    assert sorted(set(SERVED)) == SERVED
