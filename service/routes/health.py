"""`GET /livez` and `GET /readyz`: whether the process runs, and whether it can read an article now."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from schemas.health import Live, Ready
from service.errors import Draining
from service.models.base import Model
from service.resilience.ending import Ending
from service.settings import Settings


@get("/livez")
async def livez() -> Live:
    """Return that we are here; depends on nothing else, so that a broken model does not have the service restarted."""
    return Live()


@get("/readyz")
async def readyz(
    model: NamedDependency[SkipValidation[Model]], settings: NamedDependency[SkipValidation[Settings]], ending: NamedDependency[SkipValidation[Ending]]
) -> Ready:
    """Return that the model can be called, and which it is; the problem of why not otherwise."""
    if ending.begun:
        raise Draining
    await model.check()
    return Ready(model=model.name, mode=settings.mode)
