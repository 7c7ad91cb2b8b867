"""The service as a whole, made of fakes."""

import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import AsyncTestClient

from service.app import create_app
from service.errors import ModelUnavailable
from service.settings import Settings
from tests.unit.service_parts import FakeModel, client


async def test_the_model_lives_as_long_as_the_service() -> None:
    """The model is started and closed with the service."""
    model = FakeModel()
    async with client(model=model):
        assert model.seen == ["start"]

    assert model.seen == ["start", "close"]


async def test_a_given_model_is_used() -> None:
    """The model that is given takes the place of the one that the settings choose."""
    async with AsyncTestClient(create_app(Settings(), model=FakeModel(fails=ModelUnavailable()))) as caller:
        answer = await caller.get("/readyz")

    assert answer.json()["code"] == "model-unavailable"


@pytest.mark.parametrize(("mode", "told"), [("live", None), ("record", None), ("replay", "replay")])
async def test_replays_say_so(mode: str, told: str | None) -> None:
    """A caller can tell a replayed answer from a live one, and how long each took."""
    async with client(settings=Settings.model_validate({"mode": mode})) as caller:
        answer = await caller.get("/livez")

    assert answer.headers.get("vigie-mode") == told
    assert answer.headers["server-timing"].startswith("total;dur=")


async def test_websockets_are_not_served() -> None:
    """There is no websocket anywhere; one is refused as the framework does."""
    async with client() as caller:
        with pytest.raises(WebSocketDisconnect), await caller.websocket_connect("/extract"):
            pass
