"""`GET /livez` and `GET /readyz`."""

import pytest

from service.errors import ModelLoading, ModelUnavailable, VigieError
from service.settings import Settings
from tests.unit.service_parts import FakeModel, client


async def test_live_whatever_the_model_does() -> None:
    """A broken model does not have the service restarted."""
    async with client(model=FakeModel(fails=ModelUnavailable())) as caller:
        answer = await caller.get("/livez")

    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


async def test_ready_names_the_model_and_the_mode() -> None:
    """Who asks whether the service is ready learns what it would be served by."""
    async with client(settings=Settings(mode="replay")) as caller:
        answer = await caller.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "model": "fake", "mode": "replay"})


@pytest.mark.parametrize(("error", "retried"), [(ModelLoading(), True), (ModelUnavailable(), False)])
async def test_not_ready_says_why(error: VigieError, *, retried: bool) -> None:
    """A model that cannot be called is the problem that an article would meet."""
    async with client(model=FakeModel(fails=error)) as caller:
        answer = await caller.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, error.code)
    assert ("retry-after" in answer.headers) is retried
