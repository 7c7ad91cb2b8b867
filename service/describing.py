"""What the operations of the OpenAPI document have in common: keys, headers, answers and problems."""

from collections.abc import Iterable

from litestar.openapi.spec import Example, OpenAPIHeader, OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Parameter, Reference, Schema, SecurityScheme
from pydantic import BaseModel

from schemas.problem import Problem
from service.access.door import KEY_HEADER
from service.errors import Unauthorised, VigieError
from service.problems import MEDIA_TYPE

#: How a caller shows a key.
SECURITY_SCHEMES: dict[str, SecurityScheme | Reference] = {
    "bearer": SecurityScheme(type="http", scheme="bearer", description="A key of this installation, as `Authorization: Bearer …`."),
    "apiKey": SecurityScheme(type="apiKey", name=KEY_HEADER, security_scheme_in="header", description="The same key, in a header of its own."),
}
#: One of the two, or neither where the installation has no keys.
SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"apiKey": []}, {}]


def reference_to(model: type[BaseModel]) -> Reference:
    """Return where the document has the schema of `model`."""
    return Reference(f"#/components/schemas/{model.__name__}")


def problems_of(errors: Iterable[type[VigieError]]) -> dict[str, OpenAPIResponse]:
    """Return the answers that `errors` are, one a status, with an example of each code."""
    by_status: dict[int, list[type[VigieError]]] = {}
    for error in sorted(errors, key=lambda error: (error.status, error.code)):
        by_status.setdefault(error.status, []).append(error)
    return {
        str(status): OpenAPIResponse(
            description="\n".join(f"* `{error.code}`: {_sentence(error)}" for error in same),
            headers={**HEADERS, **_headers_of(same)},
            content={MEDIA_TYPE: OpenAPIMediaType(schema=reference_to(Problem), examples={error.code: _example(error) for error in same})},
        )
        for status, same in by_status.items()
    }


def answer_of(
    description: str, model: type[BaseModel], shown: dict[str, Example] | None = None, headers: dict[str, OpenAPIHeader] | None = None
) -> OpenAPIResponse:
    """Return the answer that holds a `model` as JSON."""
    media_type = OpenAPIMediaType(schema=reference_to(model), examples={**shown} if shown else None)
    return OpenAPIResponse(description=description, headers={**HEADERS, **(headers or {})}, content={"application/json": media_type})


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


_ID = Schema(type=OpenAPIType.STRING, pattern="^[A-Za-z0-9._-]{1,64}$")
#: The header of each request.
REQUEST_ID = Parameter(
    "X-Request-ID", "header", _ID, description="The caller's own id of this request, which the answer and the log repeat; one is made where it is missing."
)
#: What each answer has.
HEADERS: dict[str, OpenAPIHeader | Reference] = {
    "X-Request-ID": OpenAPIHeader(_ID, description="Id of this request; the log has the same.", required=True),
    "Server-Timing": OpenAPIHeader(Schema(type=OpenAPIType.STRING), description="How long it took, in milliseconds: `total;dur=…`.", required=True),
    "Vigie-Mode": OpenAPIHeader(Schema(type=OpenAPIType.STRING, enum=["replay"]), description="There if the answer was replayed from a recording."),
}
