"""FastAPI and Instructor. It runs in an environment of its own, which has FastAPI."""

import instructor
import openai
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.speed.handlers.asking import MODEL, messages
from schemas.draft import Draft

app = FastAPI()
_client = instructor.from_openai(openai.AsyncOpenAI(), mode=instructor.Mode.JSON_SCHEMA)


class Article(BaseModel):
    """What a caller sends."""

    text: str


async def extract(article: Article) -> Draft:
    """Return what the model says of an article."""
    # Instructor's types want the messages of the client, which are a class for each role.
    return await _client.create(model=MODEL, messages=messages(article.text), response_model=Draft, max_retries=1, strict=False)  # type: ignore[arg-type]


app.add_api_route("/extract", extract, methods=["POST"])
