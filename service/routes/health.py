"""`GET /livez` and `GET /readyz`: whether the process runs, and whether it can read an article now."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from service.models.base import Model
from service.openapi import ReadyOperation
from service.settings import Settings


@get("/livez", operation_id="livez", summary="Whether the process runs")
async def livez() -> dict[str, str]:
    """Return that we are here; depends on nothing else, so that a broken model does not have the service restarted."""
    return {"status": "live"}


@get("/readyz", operation_class=ReadyOperation, operation_id="readyz", summary="Whether an article can be read now")
async def readyz(model: NamedDependency[SkipValidation[Model]], settings: NamedDependency[SkipValidation[Settings]]) -> dict[str, str]:
    """Return that the model can be called, and which it is; the problem of why not otherwise."""
    await model.check()
    return {"status": "ready", "model": model.name, "mode": settings.mode}
