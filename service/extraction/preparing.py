"""Preparing: what is known of an article before it is read, and the text that the model sees.

The model's text differs from the text as received only code point by code point: each one that could be taken for something other than text is replaced
by one that cannot. Both texts have the same length, so an offset in the one is the same offset in the other.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from schemas.article import MAX_ARTICLE_CHARS, Article
from schemas.record import Notice
from schemas.vocabulary import PublishedBasis
from service.errors import ArticleTooLong, UnusableArticle
from service.extraction.datelines.dates import dateline
from service.extraction.hostile.control_tokens import broken, control_tokens
from service.extraction.hostile.hidden_characters import Span, hidden
from service.extraction.hostile.instructions import instruction_like
from service.extraction.language import detect
from service.extraction.proving import Proofs
from service.extraction.quotes.alignment import FoldedText
from service.extraction.sentences import Sentences

#: What a caller says of an article that a model sees besides its text.
_CONTEXT = ("title", "source")
#: Most passages of a text that are warned of one by one.
_MOST_PASSAGES = 20
_READABLE = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True)
class Prepared:
    """An article, ready to be read."""

    article: Article
    #: What the model sees; as long as `article.text`.
    model_text: str
    language: str
    published: str | None
    published_basis: PublishedBasis
    warnings: tuple[Notice, ...]

    @property
    def text(self) -> str:
        """The text as received."""
        return self.article.text

    @cached_property
    def sha256(self) -> str:
        """Digest of the text as received, in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def folded(self) -> FoldedText:
        """The text as received, folded once for all quotes."""
        return FoldedText(self.text)

    @cached_property
    def sentences(self) -> Sentences:
        """The sentences of the text as received."""
        return Sentences(self.text, self.language)

    @cached_property
    def proofs(self) -> Proofs:
        """What proves the entries that a model offers."""
        return Proofs(self.folded, self.sentences, self.language)


def prepare(article: Article) -> Prepared:
    """Return `article` with its language, its date and a harmless text for the model.

    Raises:
        ArticleTooLong: It has more than 200,000 code points.
        UnusableArticle: It has no letter and no digit.
    """
    text = article.text
    if len(text) > MAX_ARTICLE_CHARS:
        raise ArticleTooLong(MAX_ARTICLE_CHARS, len(text), "code points")
    if not _READABLE.search(text):
        raise UnusableArticle
    model_text, warnings = harmless(text)
    said = {field: words for field in _CONTEXT if (words := getattr(article, field))}
    warnings += (
        *(warning for field, words in said.items() for warning in harmless(words, field)[1]),
        *addressed_to_a_model(text),
        *(warning for field, words in said.items() for warning in addressed_to_a_model(words, field)),
    )
    language = article.language or detect(f"{article.title or ''}\n{text}")
    published, basis = (article.published, PublishedBasis.GIVEN) if article.published else dateline(text, language)
    return Prepared(article, model_text, language, published, basis, warnings)


def harmless(text: str, field: str = "text") -> tuple[str, tuple[Notice, ...]]:
    """Return `text` with control tokens and hidden characters made harmless, code point for code point, and what was found.

    Args:
        text: The text of an article, or what else its caller says of it.
        field: What `text` is of the article; only what is found in its `text` has a place.
    """
    tokens = control_tokens(text)
    clean = _replaced(text, tokens, broken)
    unseen, turns = hidden(clean)
    clean = _replaced(clean, sorted(unseen + turns), lambda run: " " * len(run))
    found = (
        ("control_tokens", tokens, len(tokens), "strings that chat templates use"),
        ("invisible_characters", unseen, _length(unseen), "characters that nobody sees"),
        ("bidi_controls", turns, _length(turns), "characters that turn the direction of writing"),
    )
    return clean, tuple(
        _notice(code, f"The {field} holds {count} {what}; the model saw others in their place.", spans[0], field) for code, spans, count, what in found if spans
    )


def addressed_to_a_model(text: str, field: str = "text") -> tuple[Notice, ...]:
    """Return a warning for each passage of `text` that talks to a model and not to a reader, and one that counts those beyond the limit; see `harmless`."""
    passages = instruction_like(text)
    if field != "text":
        passages = passages[:1]
    about = "This passage" if field == "text" else f"The {field}"
    found = [
        _notice("instruction_like_text", f"{about} reads like words to a model; it was read like any other.", span, field) for span in passages[:_MOST_PASSAGES]
    ]
    if len(passages) > _MOST_PASSAGES:
        found.append(_notice("instruction_like_text", f"{len(passages) - _MOST_PASSAGES} more passages read like words to a model.", None, field))
    return tuple(found)


def _notice(code: str, detail: str, span: Span | None, field: str) -> Notice:
    """Return a warning about a span of a field of the article; only what is in its text has a place."""
    start, end = span if span and field == "text" else (None, None)
    return Notice(code=code, detail=detail, start=start, end=end)


def _replaced(text: str, spans: Sequence[Span], replace: Callable[[str], str]) -> str:
    """Return `text` with what stands in `spans` replaced."""
    pieces, at = list[str](), 0
    for start, end in spans:
        pieces += text[at:start], replace(text[start:end])
        at = end
    return "".join((*pieces, text[at:]))


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)
