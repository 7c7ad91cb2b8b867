"""How the record came about: what was read, with what, and at what cost."""

from collections.abc import Iterator

from schemas.record import ArticleFacts, Extraction, Usage
from schemas.vocabulary import PublishedBasis
from service.reports.pieces import Piece, Row
from service.reports.report import Report
from service.reports.wording import language, words


def article_rows(article: ArticleFacts) -> tuple[Row, ...]:
    """Return what is known of the article as a whole, but for its title."""
    published = (Piece(article.published, "record"), Piece(words(article.published_basis))) if article.published is not None else ()
    source = (Row("Source", (Piece(article.source, "article"),)),) if article.source is not None else ()
    return (
        Row("Published", published or (Piece(words(PublishedBasis.NONE)),)),
        Row("Language", (Piece(language(article.language), "record"),)),
        *source,
    )


def reading_rows(report: Report) -> tuple[Row, ...]:
    """Return how `report` was read."""
    record = report.record
    return (
        *_extraction(record.extraction),
        *_usage(record.extraction.usage),
        *(() if report.seconds is None else (_row("Seconds", f"{report.seconds:,.1f}"),)),
        _named("Record", record.id),
        _named("Version of the schema", record.schema_version),
        _row("Characters of the article", f"{record.article.characters:,}"),
        _named("SHA-256 of the article", record.article.sha256),
    )


def _extraction(extraction: Extraction) -> Iterator[Row]:
    yield _named("Model", extraction.model)
    yield _named("Prompt", extraction.prompt)
    yield _named("SHA-256 of the prompt", extraction.prompt_sha256)
    yield _row("Sections asked for", ", ".join(section.value for section in extraction.sections) or "none")
    yield _row("Calls to the model", f"{extraction.calls:,}")
    yield _row("Pieces of the text", f"{extraction.chunks:,}")


def _usage(usage: Usage) -> Iterator[Row]:
    yield _row("Tokens read", f"{usage.prompt_tokens:,} ({usage.cached_tokens:,} of them kept by the server)")
    yield _row("Tokens written", f"{usage.completion_tokens:,}")
    yield _row("Cost", "not known" if usage.cost_usd is None else f"{usage.cost_usd:.6f} US dollars")


def _row(label: str, text: str) -> Row:
    return Row(label, (Piece(text),))


def _named(label: str, name: str) -> Row:
    """Return a row whose words came with the record."""
    return Row(label, (Piece(name, "record"),))
