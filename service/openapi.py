"""The OpenAPI document. Its schemas are Pydantic's own: those that Litestar makes of the same models lose patterns and what the docstrings say."""

from functools import cache
from typing import Any

from litestar.openapi.spec import Components, Info, OpenAPI, PathItem, Server, Tag
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from schemas.article import Article
from schemas.health import Live, Ready
from schemas.job import Job, ProblemLine, RecordLine
from schemas.problem import Problem
from schemas.record import Record
from schemas.report import ReportRequest
from schemas.stream import DoneEvent, EntryEvent, ProgressEvent, ResetEvent
from service import __version__, examples, job_operations, operations, report_operations
from service.describing import SECURITY_SCHEMES

_MODELS: list[tuple[type[BaseModel], JsonSchemaMode]] = [
    (Article, "validation"),
    (Record, "serialization"),
    (ReportRequest, "validation"),
    (Problem, "serialization"),
    *((event, "serialization") for event in (ProgressEvent, EntryEvent, ResetEvent, DoneEvent)),
    *((part, "serialization") for part in (Job, RecordLine, ProblemLine)),
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
        tags=[
            Tag("Reading", "Articles in, records out."),
            Tag("Jobs", "Many articles in, their records as they come."),
            Tag("Watching", "For whoever keeps the service running."),
        ],
        paths={
            "/extract": PathItem(post=operations.extract()),
            "/report": PathItem(post=report_operations.report()),
            "/jobs": PathItem(post=job_operations.submit()),
            "/jobs/{job_id}": PathItem(get=job_operations.job(), delete=job_operations.cancel()),
            "/jobs/{job_id}/records": PathItem(get=job_operations.records(), delete=job_operations.clear()),
            "/livez": PathItem(get=operations.livez()),
            "/readyz": PathItem(get=operations.readyz()),
            "/metrics": PathItem(get=operations.metrics()),
        },
        components=Components(security_schemes=SECURITY_SCHEMES),
    ).to_schema()
    # Litestar leaves out what is null, and in a record null says something.
    for path, method, status, name, value in (
        ("/extract", "post", "200", "french", examples.record()),
        ("/jobs", "post", "202", "submitted", examples.job("submitted")),
        ("/jobs/{job_id}", "get", "200", "running", examples.job("running")),
        ("/jobs/{job_id}", "delete", "202", "cancelled", examples.job("cancelled")),
    ):
        described["paths"][path][method]["responses"][status]["content"]["application/json"]["examples"][name]["value"] = value
    described["paths"]["/report"]["post"]["requestBody"]["content"]["application/json"]["examples"]["french"]["value"] = report_operations.asked()
    described["components"]["schemas"] = models_json_schema(_MODELS, ref_template="#/components/schemas/{model}")[1]["$defs"]
    return described
