"""What each door takes and answers, as OpenAPI says it."""

from dataclasses import replace

from litestar.openapi.spec import (
    Example,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

from schemas.article import MAX_ARTICLE_CHARS, Article
from schemas.health import Live, Ready
from schemas.record import Record
from service import examples
from service.caching.repeats import REPEAT_HEADER
from service.describing import HEADERS, REQUEST_ID, SECURITY, answer_of, problems_of, reference_to
from service.errors import (
    AlreadyTerminal,
    Draining,
    Expired,
    InternalError,
    InvalidParameter,
    JobTooLarge,
    MethodNotAllowed,
    ModelError,
    ModelRefused,
    NotFound,
    Poisoned,
    QueueUnavailable,
    StorageUnavailable,
    TooManyJobs,
)
from service.problems import kinds

#: What an article can never end with: it is of other addresses and methods, or of jobs.
_ELSEWHERE = {NotFound, MethodNotAllowed, JobTooLarge, TooManyJobs, AlreadyTerminal, Expired, QueueUnavailable, StorageUnavailable, Poisoned}


def extract() -> Operation:
    """Return `POST /extract`."""
    as_json = {name: Example(summary=_summary(name), value=examples.request(name)) for name in examples.LANGUAGES}
    as_text = {name: Example(summary=_summary(name), value=examples.request(name)["text"]) for name in examples.LANGUAGES}
    text = Schema(type=OpenAPIType.STRING, max_length=MAX_ARTICLE_CHARS, description="The article itself.")
    events = Schema(
        type=OpenAPIType.STRING,
        description="With `Accept: text/event-stream`: Server-Sent Events `progress`, `entry`, `reset`, `record`, `done` and `error`, "
        "whose data are ProgressEvent, EntryEvent, ResetEvent, Record, DoneEvent and Problem.",
    )
    record = Example(summary="The record of the French article, as read by the embedded model", value=examples.record())
    return Operation(
        operation_id="extract",
        tags=["Reading"],
        summary="Read one article",
        description=(
            "Send the article as JSON, or its bare text as `text/plain`; UTF-8 both ways. The answer proves each entry with the article's own words. "
            "With `Accept: text/event-stream` entries are told as they are proven, before the record. "
            "A key is asked for where the installation has keys. Closing the connection stops the work of a request without `Idempotency-Key`."
        ),
        security=SECURITY,
        parameters=[REQUEST_ID, _REPEAT_KEY],
        request_body=RequestBody(
            required=True,
            description="One news article, in any language.",
            content={
                "application/json": OpenAPIMediaType(schema=reference_to(Article), examples={**as_json}),
                "text/plain": OpenAPIMediaType(schema=text, examples={**as_text}),
            },
        ),
        responses={
            "200": _read(record, events),
            **problems_of(kind for kind in kinds().values() if kind not in _ELSEWHERE),
        },
    )


def _read(record: Example, events: Schema) -> OpenAPIResponse:
    """Return the answer about an article: its record, or events and then its record."""
    answer = answer_of("The record; or entries as they come, and then the record.", Record, {"french": record}, {"Vigie-Cache": _CACHE})
    return replace(answer, content={**(answer.content or {}), "text/event-stream": OpenAPIMediaType(schema=events)})


def livez() -> Operation:
    """Return `GET /livez`."""
    return Operation(
        operation_id="livez",
        tags=["Watching"],
        summary="Whether the process runs",
        description="Depends on nothing else, so that a broken model does not have the service restarted.",
        parameters=[REQUEST_ID],
        responses={"200": answer_of("The process runs.", Live), **problems_of([InvalidParameter, InternalError])},
    )


def readyz() -> Operation:
    """Return `GET /readyz`."""
    failing = (kind for kind in kinds().values() if issubclass(kind, ModelError | InternalError | Draining | InvalidParameter) and kind is not ModelRefused)
    return Operation(
        operation_id="readyz",
        tags=["Watching"],
        summary="Whether an article can be read now",
        description="Answers once the model can be called; the problem says why it cannot.",
        parameters=[REQUEST_ID],
        responses={"200": answer_of("An article can be read now.", Ready), **problems_of(failing)},
    )


def metrics() -> Operation:
    """Return `GET /metrics`."""
    text = OpenAPIResponse(
        description="All metrics, in Prometheus's text format.", headers={**HEADERS}, content={"text/plain": OpenAPIMediaType(Schema(type=OpenAPIType.STRING))}
    )
    return Operation(
        operation_id="metrics",
        tags=["Watching"],
        summary="How the service does",
        description="Counts and times for Prometheus: nothing of articles, callers or keys.",
        parameters=[REQUEST_ID],
        responses={"200": text, **problems_of([InvalidParameter, InternalError])},
    )


def _summary(language: str) -> str:
    return f"{'A' if language == 'french' else 'An'} {language.capitalize()} article"


_REPEAT_KEY = Parameter(
    REPEAT_HEADER,
    "header",
    Schema(type=OpenAPIType.STRING, pattern="^[!-~]{1,255}$"),
    description=(
        "The caller's own name of this request, to ask again after a broken connection. The same article and options with the same key get the same record "
        "for 24 hours, unless there was no room to keep it; anything else gets `idempotency-key-reused`. A failure is not kept. "
        "Refused where the installation keeps nothing."
    ),
)
_CACHE = OpenAPIHeader(
    Schema(type=OpenAPIType.STRING, enum=["hit", "miss", "shared"]),
    description=(
        "Where the record came from: kept from an earlier request of the same caller (`hit`), read (`miss`), or read for one at the same time (`shared`). "
        "Missing where it was read and the installation keeps no records."
    ),
)
