"""What `/openapi.json` says, and that the service does as it says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from syrupy.assertion import SnapshotAssertion

from schemas.article import Article
from service import __version__, examples
from service.app import app_around
from service.errors import (
    AlreadyTerminal,
    Expired,
    InternalError,
    JobTooLarge,
    MethodNotAllowed,
    ModelError,
    ModelRefused,
    NotFound,
    Poisoned,
    QueueUnavailable,
    SetupError,
    StorageUnavailable,
    TooManyJobs,
    ValidationFailed,
    VigieError,
)
from service.openapi import document
from service.problems import kinds
from service.settings import Settings
from service.testing import SHIPPED
from service.testing.serving import client_of, replaying
from tests.unit.service_parts import FakeExtractor, FakeModel, client

#: Addresses that are there for people, or for this very document.
UNDOCUMENTED = {"/", "/read", "/reading/{name}", "/openapi.json", "/docs", "/docs/{name}", "/problems/{code}"}
#: What only another address or another method gives.
ROUTING = {NotFound, MethodNotAllowed}
#: What only the doors of jobs give.
OF_JOBS = {JobTooLarge, TooManyJobs, AlreadyTerminal, Expired, QueueUnavailable, StorageUnavailable, Poisoned}


def described(node: object, path: str = "") -> Iterator[tuple[str, str | None]]:
    """Yield each thing of the document that a reader wants explained, with its explanation; what refers to another shares its."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from described(item, f"{path}/{index}")
    elif isinstance(node, dict):
        parent, _, name = path.rpartition("/")
        holder = parent.rpartition("/")[2]
        if holder in {"properties", "schemas", "responses", "headers", "parameters", "securitySchemes", "tags"} or name == "requestBody":
            target = document()["components"]["schemas"].get(node.get("$ref", "").rpartition("/")[2], {})
            yield path, node.get("description") or target.get("description")
        if "operationId" in node:
            yield path, node.get("description") and node.get("summary")
        for key, item in node.items():
            if key not in {"examples", "example", "default"}:
                yield from described(item, f"{path}/{key}")


def fits(answer: object, operation: dict[str, Any], status: int, media_type: str) -> bool:
    """Return whether the document allows `answer` as the body of `operation`'s answer with `status`."""
    schema = operation["responses"][str(status)]["content"][media_type]["schema"]
    jsonschema.validate(answer, {**schema, "components": document()["components"]}, cls=jsonschema.Draft202012Validator)
    return True


def an(error: type[VigieError]) -> VigieError:
    """Return an `error` as it is raised."""
    made = error.__new__(error)
    VigieError.__init__(made)
    return made


async def test_the_document_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    """What callers generate clients from changes only on purpose; the version apart."""
    async with client() as caller:
        answer = (await caller.get("/openapi.json")).json()

    assert answer["info"].pop("version") == __version__
    assert answer == snapshot


def test_the_document_is_valid() -> None:
    """It is OpenAPI 3.1."""
    assert document()["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document()).validate()


def test_everything_is_described() -> None:
    """Each field, answer, header, parameter and operation says what it means."""
    explanations = dict(described(document()))

    assert len(explanations) > 150
    assert [path for path, explanation in explanations.items() if not explanation] == []


def test_spans_and_amounts_tell_their_unit() -> None:
    """A number's description names what it counts."""
    schemas = document()["components"]["schemas"]
    units = (
        "code point",
        "unit of",
        "same unit",
        "second",
        "token",
        "dollar",
        "call",
        "piece",
        "question",
        "entries",
        "status",
        "limit",
        "Length",
        "sent against",
        "article",
    )
    numbers = {
        f"{name}.{field}": said["description"]
        for name, schema in schemas.items()
        for field, said in schema.get("properties", {}).items()
        if {"integer", "number"} & {said.get("type"), *(choice.get("type") for choice in said.get("anyOf", []))}
    }

    assert len(numbers) > 10
    assert [name for name, said in numbers.items() if not any(unit.lower() in said.lower() for unit in units)] == []


def test_closed_sets_and_patterns_are_there() -> None:
    """What Pydantic holds callers and records to, the document says."""
    schemas = document()["components"]["schemas"]

    assert schemas["TargetCategory"]["enum"] == ["military", "government"]
    assert schemas["Threat"]["properties"]["by"]["items"]["pattern"] == "^A[1-9][0-9]*$"
    assert schemas["Article"]["properties"]["published"]["anyOf"][0]["pattern"].startswith("^[0-9]{4}")
    assert schemas["Article"]["properties"]["text"]["maxLength"] == 200_000
    assert schemas["Article"]["additionalProperties"] is False
    assert schemas["Record"]["properties"]["rejected"]["maxItems"] == 50


def test_each_address_is_documented() -> None:
    """What is served is in the document, and the other way round."""
    app = app_around(Settings(), FakeModel(), FakeExtractor())
    served = {route.path_format for route in app.routes}

    assert served - UNDOCUMENTED == set(document()["paths"])


@pytest.mark.parametrize("error", [kind for kind in [*kinds().values(), SetupError] if kind not in ROUTING | OF_JOBS])
async def test_each_problem_of_an_article_is_documented(error: type[VigieError]) -> None:
    """Whatever reading an article ends with, the operation has told: its status, its shape, its code and its headers."""
    operation = document()["paths"]["/extract"]["post"]
    async with client(FakeExtractor(fails=an(error))) as caller:
        answer = await caller.post("/extract", json={"text": "a"})

    told = operation["responses"][str(answer.status_code)]
    assert fits(answer.json(), operation, answer.status_code, answer.headers["content-type"])
    assert answer.json()["code"] in told["content"]["application/problem+json"]["examples"]
    assert {name.lower() for name in told["headers"]} >= set(answer.headers) - {"content-type", "content-length", "connection", "x-content-type-options"}


@pytest.mark.parametrize("error", [kind for kind in kinds().values() if issubclass(kind, InternalError | ModelError)])
async def test_each_problem_of_readiness_is_documented(error: type[VigieError]) -> None:
    """Whatever keeps the model from reading, `/readyz` has told; a refusal is of an article alone."""
    operation = document()["paths"]["/readyz"]["get"]
    if error is ModelRefused:
        assert "422" not in operation["responses"]
        return
    async with client(model=FakeModel(fails=an(error))) as caller:
        answer = await caller.get("/readyz")

    assert fits(answer.json(), operation, answer.status_code, answer.headers["content-type"])
    assert answer.json()["code"] in operation["responses"][str(answer.status_code)]["content"]["application/problem+json"]["examples"]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
async def test_probes_answer_as_documented(path: str) -> None:
    """What a probe says when all is well has a schema."""
    async with client() as caller:
        answer = await caller.get(path)

    assert fits(answer.json(), document()["paths"][path]["get"], 200, "application/json")


async def test_faults_of_the_body_are_documented() -> None:
    """The fields that do not fit are named as the document says."""
    async with client() as caller:
        answer = await caller.post("/extract", json={"text": 1, "when": "now"})

    assert answer.json()["code"] == ValidationFailed.code
    assert fits(answer.json(), document()["paths"]["/extract"]["post"], 422, "application/problem+json")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
@pytest.mark.parametrize("language", ["french", "english"])
def test_examples_run_as_they_are(tmp_path: Path, language: str, media_type: str) -> None:
    """Both examples, in both forms, are answered with a record as the document has it: here by the recorded answers of the embedded model."""
    operation = document()["paths"]["/extract"]["post"]
    example = operation["requestBody"]["content"][media_type]["examples"][language]["value"]
    body = json.dumps(example) if media_type == "application/json" else example
    with client_of(replaying(SHIPPED, tmp_path)) as caller:
        answer = caller.post("/extract", content=body, headers={"Content-Type": media_type})

    assert answer.status_code == 200
    assert fits(answer.json(), operation, 200, "application/json")
    assert answer.json()["threats"] or answer.json()["commitments"]
    if (language, media_type) == ("french", "application/json"):
        assert answer.json() == operation["responses"]["200"]["content"]["application/json"]["examples"]["french"]["value"]


def test_examples_are_articles() -> None:
    """The examples hold what an article may hold."""
    assert {Article.model_validate(examples.request(name), strict=False).text[:4] for name in ("french", "english")} == {"PORT", "Valm"}
