"""From bytes to an article: what is no article ends here, quickly and without being repeated."""

from schemas.article import MAX_ARTICLE_CHARS, Article
from service import strict_json
from service.errors import ArticleTooLong, MalformedBody, UnsupportedMediaType

JSON = "application/json"
TEXT = "text/plain"

#: Most strings, brackets and commas. An article needs forty; of a body that has nothing else, a tree takes twenty-five times the space.
MAX_PARTS = 1_000


def article_of(body: bytes, media_type: str, charset: str = "utf-8") -> Article:
    """Return the article that `body` holds.

    Raises:
        UnsupportedMediaType: It is neither JSON nor plain text, or not in UTF-8.
        MalformedBody: It is not what `media_type` says.
        ValidationFailed: Its fields do not fit.
        ArticleTooLong: Its text has too many code points.
    """
    if media_type not in {JSON, TEXT} or not is_utf8(charset):
        raise UnsupportedMediaType(f"Send {JSON} or {TEXT}, in UTF-8 and without Content-Encoding.")
    article = strict_json.read(body, Article, most_parts=MAX_PARTS) if media_type == JSON else _from_text(body)
    check_length(article.text)
    return article


def is_utf8(charset: str) -> bool:
    """Return whether `charset`, as a media type names it, is UTF-8."""
    return charset.lower() in {"utf-8", "utf8"}


def check_length(text: str) -> None:
    """Return if `text` is no longer than an article may be.

    Raises:
        ArticleTooLong: It has too many code points.
    """
    if len(text) > MAX_ARTICLE_CHARS:
        raise ArticleTooLong(MAX_ARTICLE_CHARS, len(text), "characters")


def is_crowded(body: bytes) -> bool:
    """Return whether `body` has so many parts that it is not read as JSON."""
    return strict_json.is_crowded(body, MAX_PARTS)


def _from_text(body: bytes) -> Article:
    """Return the article whose text is all of `body`, byte for byte."""
    try:
        return Article(text=body.decode())
    except UnicodeDecodeError as error:
        raise MalformedBody(f"The text is not UTF-8 at byte {error.start}.") from None
