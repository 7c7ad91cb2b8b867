"""What `/openapi.json` says. The schemas are Pydantic's own: those that Litestar makes of the same models lose patterns and what the docstrings say."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Example, OpenAPI, OpenAPIMediaType, OpenAPIResponse, Operation, Reference, RequestBody, Schema
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from schemas.article import Article
from schemas.problem import Problem
from schemas.record import Record
from service import __version__
from service.errors import VigieError
from service.problems import MEDIA_TYPE, kinds

_REF = "#/components/schemas/{model}"

#: Two articles of our own writing.
EXAMPLES = {
    "french": Example(
        summary="A French article",
        value={
            "text": "PORT-SERIN, 12 mars. Le ministre de la défense de Kestrie a menacé jeudi de frapper la base navale d'Orlane "
            "« dans les prochains jours » si les patrouilles ne cessent pas. Le gouvernement de Valmer s'est engagé à protéger ses marins.",
            "title": "La Kestrie menace la base d'Orlane",
            "published": "2026-03-12",
            "language": "fr",
        },
    ),
    "english": Example(
        summary="An English article",
        value={
            "text": "Valmer's foreign ministry said on Friday that it would not withdraw its patrols from the strait. A spokesman for the Kestrian "
            "armed forces warned that any ship passing after 20 March would be stopped.",
            "published": "2026-03-13",
            "options": {"sections": ["threats", "commitments"]},
        },
    ),
}


def problem_responses(errors: Iterable[type[VigieError]]) -> dict[str, OpenAPIResponse]:
    """Return the answers that `errors` are, one a status, with an example of each code."""
    by_status: dict[int, list[type[VigieError]]] = {}
    for error in sorted(errors, key=lambda error: (error.status, error.code)):
        by_status.setdefault(error.status, []).append(error)
    return {
        str(status): OpenAPIResponse(
            description=" ".join(dict.fromkeys(error.title for error in same)),
            content={MEDIA_TYPE: OpenAPIMediaType(schema=Reference(_REF.format(model="Problem")), examples={error.code: _example(error) for error in same})},
        )
        for status, same in by_status.items()
    }


@dataclass
class ExtractOperation(Operation):
    """`POST /extract`, whose body Litestar cannot see, for the route reads it itself."""

    def __post_init__(self) -> None:
        """Say what the route takes and what it answers."""
        plain = {name: Example(summary=example.summary, value=example.value["text"]) for name, example in EXAMPLES.items() if example.value}
        self.description = (
            "Send the article as JSON, or its bare text as `text/plain`; UTF-8 both ways. The answer proves each entry with the article's own words."
        )
        self.request_body = RequestBody(
            required=True,
            content={
                "application/json": OpenAPIMediaType(schema=Reference(_REF.format(model="Article")), examples={**EXAMPLES}),
                "text/plain": OpenAPIMediaType(schema=Schema(type="string", description="The article itself."), examples={**plain}),  # type: ignore[arg-type]
            },
        )
        record = OpenAPIResponse("The record.", content={"application/json": OpenAPIMediaType(schema=Reference(_REF.format(model="Record")))})
        self.responses = {"200": record, **problem_responses(kinds().values())}


@dataclass
class ReadyOperation(Operation):
    """`GET /readyz`."""

    def __post_init__(self) -> None:
        """Add why the model may not be ready."""
        of_model = [kind for kind in kinds().values() if kind.status in {500, 502, 503}]
        self.responses = {**(self.responses or {}), **problem_responses(of_model)}


class Description(OpenAPIConfig):
    """The description of the whole service, rendered under `/docs`."""

    def __init__(self) -> None:
        """Name the service."""
        super().__init__(
            title="Vigie",
            version=__version__,
            description="A news article in, one proven record out: actors, threats, targets, timelines and commitments.",
            path="/docs",
            render_plugins=[JsonRenderPlugin()],
        )

    def to_openapi_schema(self) -> OpenAPI:
        """Return the document without its paths, which Litestar adds."""
        return _Document(**vars(super().to_openapi_schema()))


@dataclass
class _Document(OpenAPI):
    """An OpenAPI document with Pydantic's schemas."""

    def to_schema(self) -> dict[str, Any]:
        """Return the document as JSON has it."""
        document = super().to_schema()
        document["components"]["schemas"] |= _schemas()
        return document


@cache
def _schemas() -> dict[str, Any]:
    """Return the schemas of all that comes in and goes out, by name."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Article, "validation"), (Record, "serialization"), (Problem, "serialization")]
    return models_json_schema(models, ref_template=_REF)[1]["$defs"]  # type: ignore[no-any-return]


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
