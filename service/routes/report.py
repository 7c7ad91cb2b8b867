"""`POST /report`: an article and its record in, a page to look at or a table out."""

from contextlib import ExitStack
from functools import partial
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from structlog.contextvars import bind_contextvars

from schemas.report import ReportRequest
from schemas.vocabulary import Section
from service import strict_json
from service.access.door import Caller
from service.access.limits import Limits
from service.disconnect import unless_gone
from service.errors import InvalidParameter, NotAcceptable, UnsupportedMediaType
from service.intake import JSON, check_length, is_utf8
from service.reports import document, tables
from service.reports.matching import check_belongs
from service.reports.report import Report
from service.resilience.bench import Bench
from service.resilience.room import Room
from service.routes.heading import wanted
from service.routes.receiving import check_announced, read_body

HTML, CSV = "text/html", "text/csv"
#: Longest body that is read: an article in the longest body of its own, and as much again for its record.
MOST_BYTES = 8 * 1024 * 1024
#: Most strings, brackets and commas. An entry has about a hundred, so that a record of 1,000 entries fits.
MOST_PARTS = 100_000
#: No number of a record is so great; greater ones are no longer the same as floats, and take long to print.
MOST_NUMBER = 1 << 53
#: Reports that are made at a time, and seconds after which one is given up for which there is no place.
REPORTS_AT_ONCE, PATIENCE_S = 2, 10.0
_NEVER_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@post("/report", status_code=200)
async def report(
    request: Request[Any, Any, Any],
    room: NamedDependency[SkipValidation[Room]],
    limits: NamedDependency[SkipValidation[Limits]],
    bench: NamedDependency[SkipValidation[Bench]],
) -> Response[bytes]:
    """Return the report of the article and the record in the body, or, to whoever accepts `text/csv`, one section of the record as a table."""
    form = _form(request)
    section = _section(request, form)
    _check_media_type(request)
    # More than the room has is too large for good, where articles are kept very short.
    most_bytes = min(MOST_BYTES, room.most_bytes)
    check_announced(request, most_bytes)
    caller: Caller = request.state.caller
    with ExitStack() as held:
        held.enter_context(await limits.place(caller.id, caller.concurrency))
        place = held.enter_context(room.place())
        body = await read_body(request.receive, place, most_bytes)
        content, characters = await unless_gone(bench.do(partial(_made, body, section)), request.receive)
    bind_contextvars(characters=characters)
    if section is None:
        return answer_with_page(content)
    headers = {"Content-Disposition": f'attachment; filename="vigie-{section}.csv"', "Content-Type": f"{CSV}; charset=utf-8; header=present"}
    return Response(content, headers={**_NEVER_KEPT, **headers})


def answer_with_page(content: bytes) -> Response[bytes]:
    """Return a report as it is served, whichever door it was asked at."""
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": document.policy()}
    return Response(content, media_type=HTML, headers={**_NEVER_KEPT, **headers})


def _made(body: bytes, section: Section | None) -> tuple[bytes, int]:
    """Return the report, or the table of a section, and of how many characters the article is."""
    asked = strict_json.read(body, ReportRequest, most_parts=MOST_PARTS, below=MOST_NUMBER)
    check_length(asked.text)
    check_belongs(asked.text, asked.record)
    if section is not None:
        return tables.table(asked.record, section), len(asked.text)
    return document.document(Report(asked.text, asked.record, asked.seconds)).encode(), len(asked.text)


def _form(request: Request[Any, Any, Any]) -> str:
    """Return the media type of the answer.

    Raises:
        NotAcceptable: None will be welcome.
    """
    form = wanted(request, HTML, CSV)
    if form is None:
        raise NotAcceptable(f"Only {HTML} and {CSV} are served here.")
    return form


def _section(request: Request[Any, Any, Any], form: str) -> Section | None:
    """Return which section is wanted as a table; None: a page of all.

    Raises:
        InvalidParameter: That is not said as it should be.
    """
    given: list[tuple[str, str]] = [*request.query_params.multi_items()]
    if form == HTML:
        if given:
            raise InvalidParameter(f"The page has all sections. For a table of one, accept {CSV} alone.")
        return None
    match given:
        case [("section", name)] if name in [*Section]:
            return Section(name)
    raise InvalidParameter(f"One parameter is expected: `section`, which is one of {', '.join(Section)}.")


def _check_media_type(request: Request[Any, Any, Any]) -> None:
    """Return if the body is in a form that is read.

    Raises:
        UnsupportedMediaType: It is not.
    """
    media_type, parameters = request.content_type
    if media_type != JSON or not is_utf8(parameters.get("charset", "utf-8")):
        raise UnsupportedMediaType(f"Send {JSON}, in UTF-8 and without Content-Encoding.")
