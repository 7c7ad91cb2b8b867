"""`GET /openapi.json`: what this service is, for programs."""

from typing import Any

from litestar import Request, get


@get("/openapi.json", include_in_schema=False)
async def description(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Return the OpenAPI document."""
    return request.app.openapi_schema.to_schema()
