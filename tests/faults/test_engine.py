"""What an engine that holds no model may do to the service around it (D29 to D31)."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from service.app import app_around
from service.extraction.pipeline import Extractor
from service.metrics import Metrics
from service.models.embedded import EmbeddedModel, Engine, Patience
from service.settings import Settings
from tests.faults.service_at import Service, served
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration

FAKE = (sys.executable, str(Path(__file__).parents[1] / "unit" / "models" / "fake_engine.py"))


@asynccontextmanager
async def service_of(manner: str, weights: Path, *, backoff_s: float = 0.05) -> AsyncIterator[Service]:
    """Yield a service whose engine misbehaves in this `manner`."""
    settings, measures = Settings(embedded_model=weights, deadline_s=5), Metrics()
    patience = Patience(ready_s=10, deaths=2, backoff_s=backoff_s, grace_s=0.3)
    model = EmbeddedModel(settings, engine=Engine((*FAKE, manner)), patience=patience, watch=measures)
    async with served(app_around(settings, model, Extractor(model, settings), measures), settings) as service:
        yield service


async def readiness(service: Service, wanted: str) -> str:
    """Wait until `/readyz` says what is wanted, at most ten seconds; return its words for it. Meanwhile the service is alive."""
    async with asyncio.timeout(10):
        while True:
            answer = (await service.client.get("/readyz")).json()
            assert (await service.client.get("/livez")).status_code == 200
            if answer.get("code", "ready") == wanted:
                return str(answer.get("detail"))
            await asyncio.sleep(0.02)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Weights of a model that knows nothing."""
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF")
    return path


async def test_d29_an_engine_that_is_killed_takes_nothing_with_it(weights: Path) -> None:
    """Who was being read to is told to come again, the service stays up, and the engine is started anew, which is counted."""
    async with service_of("mortal", weights, backoff_s=1) as service:
        await readiness(service, "ready")
        answer = await service.extract(small_article())
        await readiness(service, "model-loading")
        meanwhile = await service.extract(small_article())
        await readiness(service, "ready")
        metrics = (await service.client.get("/metrics")).text

    assert (answer.status_code, answer.json()["code"]) == (503, "upstream-unavailable")
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (503, "model-loading")
    assert all(1 <= int(each.headers["retry-after"]) <= 60 for each in (answer, meanwhile))
    assert "vigie_engine_restarts_total 1.0" in metrics


@pytest.mark.parametrize(
    ("manner", "detail"),
    [
        pytest.param("mute", "The engine ended 3 times in 600 s and was given up.", id="d29-dies-at-once"),
        pytest.param("not-loaded", "The file of weights cannot be loaded.", id="d30-corrupt"),
        pytest.param("disobedient", "The engine does not obey a grammar.", id="d31-grammar-ignored"),
    ],
)
async def test_what_cannot_be_mended_is_told(weights: Path, manner: str, detail: str) -> None:
    """The service is alive and not ready, and says why to whoever looks and to whoever calls, who need not come again."""
    async with service_of(manner, weights) as service:
        told = await readiness(service, "model-unavailable")
        answer = await service.extract(small_article())

    assert told == detail
    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "model-unavailable", False)


async def test_d30_weights_that_are_gone_are_told(tmp_path: Path) -> None:
    """A file that was there at the check and is not when it is loaded stops nobody from hearing so."""
    async with service_of("good", tmp_path / "gone.gguf") as service:
        assert await readiness(service, "model-unavailable") == "VIGIE_EMBEDDED_MODEL names no file."


async def test_d31_an_answer_out_of_the_grammar_is_no_record(weights: Path) -> None:
    """An engine that obeys when it is tried and not when it reads has its answers refused one by one."""
    async with service_of("good", weights) as service:
        await readiness(service, "ready")
        answer = await service.extract(small_article())

    assert (answer.status_code, answer.json()["code"]) == (502, "model-output-invalid")
