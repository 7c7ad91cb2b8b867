"""The OpenAPI document. Its schemas are Pydantic's own: those that Litestar makes of the same models lose patterns and what the docstrings say."""

from functools import cache
from typing import Any

from litestar.openapi.spec import Components, Info, OpenAPI, PathItem, Server, Tag
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from schemas.article import Article
from schemas.health import Live, Ready
from schemas.problem import Problem
from schemas.record import Record
from schemas.stream import DoneEvent, EntryEvent, ProgressEvent, ResetEvent
from service import __version__, examples, operations

_MODELS: list[tuple[type[BaseModel], JsonSchemaMode]] = [
    (Article, "validation"),
    (Record, "serialization"),
    (Problem, "serialization"),
    *((event, "serialization") for event in (ProgressEvent, EntryEvent, ResetEvent, DoneEvent)),
    (Live, "serialization"),
    (Ready, "serialization"),
]


@cache
def document() -> dict[str, Any]:
    """Return the document as JSON has it; always the same object, so not to be changed."""
    described = OpenAPI(
        info=Info(
            title="Vigie",
            version=__version__,
            summary="A news article in, one proven record out.",
            description=(
                "Vigie reads a news article in any language and returns its actors, threats, targets, timelines and commitments, each with the exact words "
                "that prove it. Whatever fails is answered as a problem (RFC 9457) with a stable `code`, and never repeats what was sent."
            ),
        ),
        servers=[Server(url="/")],
        tags=[Tag("Reading", "Articles in, records out."), Tag("Watching", "For whoever keeps the service running.")],
        paths={
            "/extract": PathItem(post=operations.extract()),
            "/livez": PathItem(get=operations.livez()),
            "/readyz": PathItem(get=operations.readyz()),
            "/metrics": PathItem(get=operations.metrics()),
        },
        components=Components(security_schemes=operations.SECURITY_SCHEMES),
    ).to_schema()
    # Litestar leaves out what is null, and in a record null says something.
    described["paths"]["/extract"]["post"]["responses"]["200"]["content"]["application/json"]["examples"]["french"]["value"] = examples.record()
    described["components"]["schemas"] = models_json_schema(_MODELS, ref_template="#/components/schemas/{model}")[1]["$defs"]
    return described
