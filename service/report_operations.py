"""What the door of reports takes and answers, as OpenAPI says it."""

from litestar.openapi.spec import Example, OpenAPIHeader, OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Parameter, RequestBody, Schema

from schemas.report import ReportRequest
from schemas.vocabulary import Section
from service import examples
from service.describing import HEADERS, REQUEST_ID, SECURITY, problems_of, reference_to
from service.errors import (
    ArticleTooLong,
    AuthStoreUnavailable,
    BodyTooLarge,
    InsufficientScope,
    InternalError,
    InvalidParameter,
    MalformedBody,
    NotAcceptable,
    Overloaded,
    RateLimited,
    RequestTimeout,
    Unauthorised,
    UnsupportedMediaType,
    ValidationFailed,
)
from service.intake import JSON
from service.routes.report import CSV, HTML

_FAULTS = (
    *(InvalidParameter, Unauthorised, InsufficientScope, RateLimited, AuthStoreUnavailable, NotAcceptable, Overloaded, InternalError),
    *(MalformedBody, UnsupportedMediaType, BodyTooLarge, ArticleTooLong, ValidationFailed, RequestTimeout),
)


def report() -> Operation:
    """Return `POST /report`."""
    page = Schema(type=OpenAPIType.STRING, description="One page without scripts, which needs nothing else: to be looked at, kept or mailed.")
    table = Schema(
        type=OpenAPIType.STRING,
        description="With `Accept: text/csv`: an entry of the section a row, under the names of the columns; RFC 4180, UTF-8 with a byte order mark.",
    )
    return Operation(
        operation_id="report",
        tags=["Reading"],
        summary="Make a report of a record",
        description=(
            "Send an article and its record, of whenever: the answer is a page that shows both side by side. With `Accept: text/csv` it is one section of the "
            "record as a table. A record of another text, or with words that do not stand there, is refused. No model is asked, and nothing is kept."
        ),
        security=SECURITY,
        parameters=[REQUEST_ID, _SECTION],
        request_body=RequestBody(
            required=True,
            description="An article and its record, in at most 8 MiB.",
            content={JSON: OpenAPIMediaType(schema=reference_to(ReportRequest), examples={"french": Example(summary="The French article", value=asked())})},
        ),
        responses={
            "200": OpenAPIResponse(
                description="The report; or a table.",
                headers={**HEADERS, **_RESPONSE_HEADERS},
                content={HTML: OpenAPIMediaType(page), CSV: OpenAPIMediaType(table)},
            ),
            **problems_of(_FAULTS),
        },
    )


def asked() -> dict[str, object]:
    """Return an example of what is sent."""
    return {"text": examples.request("french")["text"], "record": examples.record(), "seconds": 41.5}


_SECTION = Parameter(
    "section",
    "query",
    Schema(type=OpenAPIType.STRING, enum=[*map(str, Section)]),
    description="Which section the table is of. Needed with `Accept: text/csv`, and refused without.",
)
_WORDS = Schema(type=OpenAPIType.STRING)
_RESPONSE_HEADERS = {
    "Content-Disposition": OpenAPIHeader(_WORDS, description="`inline` for a page; `attachment` and a name for a table.", required=True),
    "Content-Security-Policy": OpenAPIHeader(_WORDS, description="Of a page: it runs no script and asks nobody for anything."),
    "Referrer-Policy": OpenAPIHeader(Schema(type=OpenAPIType.STRING, enum=["no-referrer"]), description="What is linked to does not learn from where."),
    "Cache-Control": OpenAPIHeader(Schema(type=OpenAPIType.STRING, enum=["no-store"]), description="It holds an article: nobody is to keep it unasked."),
}
