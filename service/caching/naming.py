"""What names a request: two that ask for the same have one name, and no two others do.

A name is the SHA-256 of its parts, each behind its own length, so that no sign moves from one part to the next unseen.
"""

import hashlib

from schemas.article import Article
from schemas.record import SCHEMA_VERSION
from service import __version__
from service.extraction import prompting
from service.extraction.pipeline import PROMPT
from service.models.base import Model
from service.settings import Settings

#: All that a record depends on beside its article, in a fixed order.
Reader = tuple[str, ...]


def reader_of(model: Model, settings: Settings) -> Reader:
    """Return what reads in an installation: with another model, prompt, schema or version the same article may have another record."""
    return (
        model.name,
        settings.openai_base_url or "",
        str(settings.embedded_model or ""),
        model.output_mode,
        str(settings.chunk_chars),
        prompting.load(PROMPT).sha256,
        SCHEMA_VERSION,
        __version__,
    )


def record_name(article: Article, caller: str, reader: Reader) -> str:
    """Return what names the record of `article` as a `reader` makes it for a `caller`."""
    return _name("record", caller, _content(article), *reader)


def request_name(article: Article) -> str:
    """Return what names a request, whoever sends it and whatever reads it."""
    return _name("request", _content(article))


def repeat_name(caller: str, key: str) -> str:
    """Return what names the `key` that a `caller` gave a request."""
    return _name("repeat", caller, key)


def _content(article: Article) -> str:
    """Return all that is asked for: every field as it came, but for how long the caller waits."""
    return article.model_dump_json(exclude={"options": {"deadline_s"}})


def _name(*parts: str) -> str:
    named = hashlib.sha256()
    for part in parts:
        data = part.encode()
        named.update(b"%d:%b" % (len(data), data))
    return named.hexdigest()
