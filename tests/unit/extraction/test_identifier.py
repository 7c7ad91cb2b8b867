"""The identifier finds what py3langid does, of which it is another layout."""

import importlib.util
import zlib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from service.extraction.identifier import identifier
from service.extraction.language import SERVED
from tests.unit.extraction.extraction_parts import SENTENCES

_ROOT = Path(__file__).parents[3]
_ARTICLES = sorted((_ROOT / "tests" / "evaluation" / "articles").rglob("*.txt"))


@cache
def _plain() -> LanguageIdentifier:
    plain = LanguageIdentifier.from_model_file(MODEL_FILE)
    plain.set_languages(SERVED)
    return plain


def _same(text: str) -> bool:
    """Whether both say the same; where two languages weigh the same but for what rounding takes, either may be said."""
    ours, ranked = identifier().identify(text), _plain().rank(text)
    best, score = ranked[0]
    return bool(ours == best or dict(ranked)[ours] >= score - 1e-6 * max(1.0, abs(score)))


@pytest.mark.parametrize("path", _ARTICLES, ids=lambda path: path.stem)
def test_gold_articles_are_in_the_same_languages(path: Path) -> None:
    """All that the gold holds is in the language that py3langid says, wherever one begins to read."""
    text = path.read_text(encoding="utf-8")
    windows = [text[at : at + length] for length in (40, 1_000) for at in range(0, len(text), length)]
    assert [window for window in windows if identifier().identify(window) != _plain().classify(window)[0]] == []


@given(st.text(max_size=80))
def test_any_text_is_in_the_same_language(text: str) -> None:
    """Whatever the text, both say the same."""
    assert _same(text)


@given(st.lists(st.sampled_from([word for sentence in SENTENCES.values() for word in sentence.split()]), max_size=40).map(" ".join))
def test_words_of_many_languages_are_in_the_same_one(text: str) -> None:
    """Where languages are mixed, both lean to the same one."""
    assert _same(text)
    assert _same(text.upper())


def test_half_a_character_and_nothing_are_read() -> None:
    """What cannot be written in UTF-8, or is not there, has a language as well."""
    for text in ("", "\ud800", "\x00"):
        assert identifier().identify(text) == _plain().classify(text)[0]


def test_the_table_is_that_of_the_model() -> None:
    """What is vendored is what the script makes of the model."""
    spec = importlib.util.spec_from_file_location("lay_out_languages", _ROOT / "scripts" / "lay_out_languages.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    assert zlib.decompress(script.TABLE.read_bytes()) == script.laid_out()
