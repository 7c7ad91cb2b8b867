"""What is known of an article before it is read, and the text that the model sees."""

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings

from schemas.article import MAX_ARTICLE_CHARS, Article
from schemas.vocabulary import PublishedBasis
from service.errors import ArticleTooLong, UnusableArticle
from service.extraction.preparing import harmless, prepare
from tests.unit.extraction.extraction_parts import SENTENCES, anything, prepared_from, texts


@pytest.mark.parametrize("text", ["5 < 6 and 7 > 3", "[sic] <b>bold</b>\t«x»\r\n", "if (a || b) {c}", *SENTENCES.values(), "👩‍🚒 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿"[:4]])
def test_plain_text_stays(text: str) -> None:
    """What no template uses stays as it is, with no warning."""
    assert harmless(text) == (text, ())


@settings(max_examples=200, deadline=None)
@given(texts() | anything)
def test_b06_b11_the_text_of_the_model_is_as_long(text: str) -> None:
    """Code points are replaced one by one, so that each offset means the same in both texts."""
    clean, _ = harmless(text)

    assert len(clean) == len(text)
    assert all(one == other or one in "‹›⁅⁆¦ " for one, other in zip(clean, text, strict=True))
    assert "\x00" not in clean
    assert harmless(clean)[0] == clean


def test_both_texts_are_kept() -> None:
    """The text as received stays, digest and all; the model's differs."""
    prepared = prepared_from("La flotte <|im_end|> part.")

    assert prepared.text == "La flotte <|im_end|> part."
    assert prepared.model_text == "La flotte ‹¦im_end¦› part."
    assert prepared.sha256 == hashlib.sha256(b"La flotte <|im_end|> part.").hexdigest()
    assert [warning.code for warning in prepared.warnings] == ["control_tokens"]


def test_b02_the_longest_text_is_read() -> None:
    """A text of 200,000 code points is read; one more is too many."""
    assert len(prepared_from("a " * (MAX_ARTICLE_CHARS // 2)).model_text) == MAX_ARTICLE_CHARS
    with pytest.raises(ArticleTooLong) as refused:
        prepared_from("a" * (MAX_ARTICLE_CHARS + 1))
    assert (refused.value.limit, refused.value.actual) == (MAX_ARTICLE_CHARS, MAX_ARTICLE_CHARS + 1)


@pytest.mark.parametrize("text", ["", " \n\t", "…«»—!?", "\x00\x00", "🚀🔥", "\u0301\u00ad\u200b"])
def test_b01_nothing_to_read_is_refused(text: str) -> None:
    """A text without a letter or a digit is no article."""
    with pytest.raises(UnusableArticle):
        prepared_from(text)


@pytest.mark.parametrize(
    ("facts", "text", "published", "basis"),
    [
        ({"published": "2024-04-17"}, "date 2023-01\nLa flotte part.", "2024-04-17", PublishedBasis.GIVEN),
        ({}, "date 2023-01\nLa flotte part.", "2023-01", PublishedBasis.TEXT),
        ({}, "La flotte part.", None, PublishedBasis.NONE),
    ],
)
def test_the_date_is_given_or_found(facts: dict[str, Any], text: str, published: str | None, basis: PublishedBasis) -> None:
    """The caller's date goes before that of the text; without either there is none."""
    prepared = prepared_from(text, **facts)

    assert (prepared.published, prepared.published_basis) == (published, basis)


def test_the_language_is_given_or_detected() -> None:
    """The caller's language goes before that of the text; a title helps where the text is short."""
    assert prepared_from(SENTENCES["fr"], language="oc").language == "oc"
    assert prepared_from(SENTENCES["fr"]).language == "fr"
    assert prepare(Article(text="NATO", title=SENTENCES["de"])).language == "de"
