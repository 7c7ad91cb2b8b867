"""`GET /openapi.json`: what this service is, for programs."""

from typing import Any

from litestar import get

from service.openapi import document


@get("/openapi.json")
async def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return document()
