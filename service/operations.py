"""What each door takes and answers, as OpenAPI says it."""

from collections.abc import Iterable
from dataclasses import replace

from litestar.openapi.spec import (
    Example,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)
from pydantic import BaseModel

from schemas.article import MAX_ARTICLE_CHARS, Article
from schemas.health import Live, Ready
from schemas.problem import Problem
from schemas.record import Record
from service import examples
from service.access.door import KEY_HEADER
from service.caching.repeats import REPEAT_HEADER
from service.errors import Draining, InternalError, InvalidParameter, MethodNotAllowed, ModelError, ModelRefused, NotFound, Unauthorised, VigieError
from service.problems import MEDIA_TYPE, kinds

#: How a caller shows a key.
SECURITY_SCHEMES: dict[str, SecurityScheme | Reference] = {
    "bearer": SecurityScheme(type="http", scheme="bearer", description="A key of this installation, as `Authorization: Bearer …`."),
    "apiKey": SecurityScheme(type="apiKey", name=KEY_HEADER, security_scheme_in="header", description="The same key, in a header of its own."),
}


def reference_to(model: type[BaseModel]) -> Reference:
    """Return where the document has the schema of `model`."""
    return Reference(f"#/components/schemas/{model.__name__}")


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
        # One of the two, or neither where the installation has no keys.
        security=[{"bearer": []}, {"apiKey": []}, {}],
        parameters=[_REQUEST_ID, _REPEAT_KEY],
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
            # All that an article can end with: the other kinds are of other addresses and methods.
            **_problems(kind for kind in kinds().values() if kind not in {NotFound, MethodNotAllowed}),
        },
    )


def _read(record: Example, events: Schema) -> OpenAPIResponse:
    """Return the answer about an article: its record, or events and then its record."""
    answer = _answer("The record; or entries as they come, and then the record.", Record, {"french": record}, {"Vigie-Cache": _CACHE})
    return replace(answer, content={**(answer.content or {}), "text/event-stream": OpenAPIMediaType(schema=events)})


def livez() -> Operation:
    """Return `GET /livez`."""
    return Operation(
        operation_id="livez",
        tags=["Watching"],
        summary="Whether the process runs",
        description="Depends on nothing else, so that a broken model does not have the service restarted.",
        parameters=[_REQUEST_ID],
        responses={"200": _answer("The process runs.", Live), **_problems([InvalidParameter, InternalError])},
    )


def readyz() -> Operation:
    """Return `GET /readyz`."""
    failing = (kind for kind in kinds().values() if issubclass(kind, ModelError | InternalError | Draining | InvalidParameter) and kind is not ModelRefused)
    return Operation(
        operation_id="readyz",
        tags=["Watching"],
        summary="Whether an article can be read now",
        description="Answers once the model can be called; the problem says why it cannot.",
        parameters=[_REQUEST_ID],
        responses={"200": _answer("An article can be read now.", Ready), **_problems(failing)},
    )


def metrics() -> Operation:
    """Return `GET /metrics`."""
    text = OpenAPIResponse(
        description="All metrics, in Prometheus's text format.", headers={**_HEADERS}, content={"text/plain": OpenAPIMediaType(Schema(type=OpenAPIType.STRING))}
    )
    return Operation(
        operation_id="metrics",
        tags=["Watching"],
        summary="How the service does",
        description="Counts and times for Prometheus: nothing of articles, callers or keys.",
        parameters=[_REQUEST_ID],
        responses={"200": text, **_problems([InvalidParameter, InternalError])},
    )


def _problems(errors: Iterable[type[VigieError]]) -> dict[str, OpenAPIResponse]:
    """Return the answers that `errors` are, one a status, with an example of each code."""
    by_status: dict[int, list[type[VigieError]]] = {}
    for error in sorted(errors, key=lambda error: (error.status, error.code)):
        by_status.setdefault(error.status, []).append(error)
    return {
        str(status): OpenAPIResponse(
            description="\n".join(f"* `{error.code}`: {_sentence(error)}" for error in same),
            headers={**_HEADERS, **_headers_of(same)},
            content={MEDIA_TYPE: OpenAPIMediaType(schema=reference_to(Problem), examples={error.code: _example(error) for error in same})},
        )
        for status, same in by_status.items()
    }


def _answer(
    description: str, model: type[BaseModel], shown: dict[str, Example] | None = None, headers: dict[str, OpenAPIHeader] | None = None
) -> OpenAPIResponse:
    """Return the answer that holds a `model` as JSON."""
    media_type = OpenAPIMediaType(schema=reference_to(model), examples={**shown} if shown else None)
    return OpenAPIResponse(description=description, headers={**_HEADERS, **(headers or {})}, content={"application/json": media_type})


def _example(error: type[VigieError]) -> Example:
    """Return an example of the problem that `error` is."""
    problem = Problem(
        type=f"/problems/{error.code}",
        title=error.title,
        status=error.status,
        detail=error.title,
        instance="urn:vigie:request:7d0a3f1e-6f0b-4f4e-9a55-0c1f7f1d2b66",
        code=error.code,
        retryable=error.retryable,
    )
    return Example(summary=error.title, value=problem.model_dump(exclude_none=True))


def _sentence(error: type[VigieError]) -> str:
    """Return what `error` means, and whether to try again."""
    meaning = (error.__doc__ or error.title).splitlines()[0]
    return f"{meaning} Try again after `Retry-After`." if error.retryable else meaning


def _headers_of(errors: Iterable[type[VigieError]]) -> dict[str, OpenAPIHeader | Reference]:
    """Return the headers that some of `errors` bring."""
    errors = list(errors)
    headers: dict[str, OpenAPIHeader | Reference] = {}
    if any(error.retryable for error in errors):
        seconds = Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=60)
        headers["Retry-After"] = OpenAPIHeader(seconds, description="Seconds after which to try again; there if, and only if, the problem is `retryable`.")
    if any(error is Unauthorised for error in errors):
        headers["WWW-Authenticate"] = OpenAPIHeader(Schema(type=OpenAPIType.STRING), description="How to show a key.")
    return headers


def _summary(language: str) -> str:
    return f"{'A' if language == 'french' else 'An'} {language.capitalize()} article"


_ID = Schema(type=OpenAPIType.STRING, pattern="^[A-Za-z0-9._-]{1,64}$")
_REQUEST_ID = Parameter(
    "X-Request-ID", "header", _ID, description="The caller's own id of this request, which the answer and the log repeat; one is made where it is missing."
)
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
_HEADERS: dict[str, OpenAPIHeader | Reference] = {
    "X-Request-ID": OpenAPIHeader(_ID, description="Id of this request; the log has the same.", required=True),
    "Server-Timing": OpenAPIHeader(Schema(type=OpenAPIType.STRING), description="How long it took, in milliseconds: `total;dur=…`.", required=True),
    "Vigie-Mode": OpenAPIHeader(Schema(type=OpenAPIType.STRING, enum=["replay"]), description="There if the answer was replayed from a recording."),
}
