"""Litestar and Instructor, and nothing else."""

import instructor
import openai
from litestar import Litestar, post
from litestar.params import JSONBody
from pydantic import BaseModel

from benchmarks.speed.handlers.asking import MODEL, messages
from schemas.draft import Draft

_client = instructor.from_openai(openai.AsyncOpenAI(), mode=instructor.Mode.JSON_SCHEMA)


class Article(BaseModel):
    """What a caller sends."""

    text: str


@post("/extract", status_code=200)
async def extract(data: JSONBody[Article]) -> Draft:
    """Return what the model says of an article."""
    # Instructor's types want the messages of the client, which are a class for each role.
    return await _client.create(model=MODEL, messages=messages(data.text), response_model=Draft, max_retries=1, strict=False)  # type: ignore[arg-type]


app = Litestar([extract], openapi_config=None)
