"""`GET /openapi.json`: what this service is, for programs."""

import asyncio
from typing import Any

from litestar import get

from service.openapi import document


@get("/openapi.json")
async def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    # The first time it is made, which holds up whoever is on the loop.
    return await asyncio.to_thread(document)
