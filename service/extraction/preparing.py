"""Preparing: what is known of an article before it is read, and the text that the model sees.

The model's text differs from the text as received only code point by code point: each one that could be taken for something other than text is replaced
by one that cannot. Both texts have the same length, so an offset in the one is the same offset in the other.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import regex

from schemas.article import MAX_ARTICLE_CHARS, Article
from schemas.record import Notice
from schemas.vocabulary import PublishedBasis
from service.errors import ArticleTooLong, UnusableArticle
from service.extraction.datelines.dates import dateline
from service.extraction.language import detect
from service.extraction.quotes.alignment import FoldedText
from service.extraction.sentences import Sentences

#: What chat templates use as control tokens: `<|...|>` (ChatML, Llama 3, Phi), `<...>` of known words (Gemma, Mistral, DeepSeek), `[INST]`, `<<SYS>>`.
_CONTROL = regex.compile(
    r"<[|｜][^<>\n]{1,64}[|｜]>|</?(?:s|bos|eos|pad|unk|think|tool_call|tool_response|start_of_turn|end_of_turn|im_start|im_end|eot|sys(?:tem)?|user|assistant|sop|eop|PRE|SUF|MID)>"
    r"|\[/?(?:g?MASK|INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<</?SYS>>|</?article\b",
    regex.IGNORECASE,
)
_HARMLESS = str.maketrans("<>[]|｜", "‹›⁅⁆¦¦")
#: Unicode tag characters spell text that nobody sees; NUL and the other controls end or colour what they pass through.
_INVISIBLE = regex.compile(r"[\U000E0000-\U000E007F]|[^\P{Cc}\t\n\r]")
#: Characters that nobody sees either, but which words of news may hold; the model sees them.
_UNSEEN = regex.compile(r"[\u00AD\u200B\u2060\uFEFF]")
#: Signs that show words in another order than that in which they stand.
_REORDERING = regex.compile(r"[\u202A-\u202E\u2066-\u2069]")
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
    language = article.language or detect(f"{article.title or ''}\n{text}")
    published, basis = (article.published, PublishedBasis.GIVEN) if article.published else dateline(text, language)
    return Prepared(article, model_text, language, published, basis, warnings)


def harmless(text: str) -> tuple[str, tuple[Notice, ...]]:
    """Return `text` with control tokens and hidden characters made harmless, code point for code point, and what was found."""
    clean, controls = _CONTROL.subn(lambda match: match[0].translate(_HARMLESS), text)
    clean, hidden = _INVISIBLE.subn(" ", clean)
    found = (
        ("control_tokens", controls, "strings that chat templates use; the model saw others in their place"),
        ("invisible_characters", hidden, "characters that nobody sees; the model saw others in their place"),
        ("invisible_characters", len(_UNSEEN.findall(text)), "characters that nobody sees, within or between words"),
        ("reordering_characters", len(_REORDERING.findall(text)), "characters that show words in another order than theirs"),
    )
    return clean, tuple(Notice(code=code, detail=f"The text holds {count} {what}.", start=None, end=None) for code, count, what in found if count)
