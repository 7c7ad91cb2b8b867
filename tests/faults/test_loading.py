"""Articles that come before the model is there (K01)."""

import pytest

from service.errors import ModelLoading
from tests.faults.service_at import service_at
from tests.rig.small_article import small_article
from tests.unit.service_parts import FakeModel

pytestmark = pytest.mark.integration


async def test_k01_while_the_model_loads_the_service_says_so() -> None:
    """An article is not waited with: its caller, and whoever asks whether we are ready, is told when to come back; we live. Later all is well."""
    model = FakeModel(fails=ModelLoading(retry_after_s=7))
    async with service_at("http://127.0.0.1:9/v1", reads=model) as service:
        early = [await service.extract(small_article()), await service.client.get("/readyz")]
        live = await service.client.get("/livez")
        model.fails = None
        ready = await service.client.get("/readyz")

    assert [(answer.status_code, answer.json()["code"]) for answer in early] == [(503, "model-loading")] * 2
    # Spread by a fifth.
    assert all(6 <= int(answer.headers["retry-after"]) <= 8 for answer in early)
    assert (live.status_code, ready.status_code) == (200, 200)
