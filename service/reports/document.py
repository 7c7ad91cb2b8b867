"""A report on one page that needs nothing else."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from schemas.entries import LETTERS
from schemas.record import Notice
from service.reports import article, axis, entries, graph
from service.reports.labels import title
from service.reports.reading import article_rows, reading_rows
from service.reports.rejections import refused
from service.reports.report import SECTIONS, Report
from service.reports.templating import rendered
from service.reports.wording import shortened

_STYLES = ("report.css", "article.css", "axis.css", "graph.css")
#: So much is shown of what a warning is about.
_MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class _Warning:
    """A warning as it is shown."""

    code: str
    detail: str
    #: What it is about, as far as it is shown; None if it has no place.
    words: str | None


def document(report: Report) -> str:
    """Return the report as a page of HTML, to be kept or mailed; what is shown of it elsewhere is its element with the id `report`."""
    record = report.record
    told = record.article.title or ""
    return rendered(
        "document.html",
        page_title=title(told) or record.id,
        heading=told.strip() or "Report",
        style=Markup(style()),  # noqa: S704 - our own files
        policy=_policy(),
        record=record,
        facts=article_rows(record.article),
        counts=[(section, LETTERS[section], entries.counted(record, section)) for section in SECTIONS],
        article=article.drawn(report),
        entries=entries.drawn(report),
        axis=axis.drawn(record),
        graph=graph.drawn(record),
        rejected=[refused(one) for one in record.rejected],
        warnings=[_Warning(one.code, one.detail, _words(report.text, one)) for one in record.warnings],
        how=reading_rows(report),
    )


@cache
def style() -> str:
    """Return the style of a report, all of it."""
    folder = files(__package__).joinpath("templates")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in _STYLES)


def policy() -> str:
    """Return the Content-Security-Policy of a report that is served: its own style, nothing else from anywhere, in nobody's frame."""
    return f"{_policy()}; frame-ancestors 'none'"


@cache
def _policy() -> str:
    """Return what the page says of itself; who may frame it, only a header can say."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _words(text: str, notice: Notice) -> str | None:
    if notice.start is None or notice.end is None:
        return None
    return shortened(text[notice.start : min(notice.end, notice.start + _MOST_WORDS + 1)], _MOST_WORDS)
