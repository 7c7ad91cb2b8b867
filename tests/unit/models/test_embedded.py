"""The embedded model, with an engine that holds none: how it is started, proven, watched and ended."""

import asyncio
import fcntl
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.errors import ModelError, ModelLoading, ModelUnavailable, UpstreamUnavailable
from service.models.base import ModelCall, OutputMode
from service.models.embedded import EmbeddedModel, Engine, Patience
from service.models.watching import NOBODY, Watch
from service.models.weights import Weights
from service.settings import Settings

FAKE = (sys.executable, str(Path(__file__).with_name("fake_engine.py")))
HASTE = Patience(ready_s=10, deaths=2, window_s=60, backoff_s=0.01, grace_s=0.3)

Make = Callable[..., EmbeddedModel]


class Noted:
    """What is told of the engine."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.restarts = 0

    def called(self, outcome: str, seconds: float) -> None:
        """Be told of a call, of which there is more elsewhere."""

    def retried(self) -> None:
        """Be told of a retry, of which there are none here."""

    def restarted(self) -> None:
        """Note a restart."""
        self.restarts += 1


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    """A function that makes models, each of which is closed at the end."""
    weights = tmp_path / "tiny.gguf"
    weights.write_bytes(b"GGUF")
    made: list[EmbeddedModel] = []

    def make(
        *manner: str, prefix: tuple[dict[str, str], ...] = (), patience: Patience = HASTE, settings: Settings | None = None, watch: Watch = NOBODY
    ) -> EmbeddedModel:
        settings = settings or Settings(embedded_model=weights, cache_dir=tmp_path)
        made.append(EmbeddedModel(settings, prefix=prefix, engine=Engine((*FAKE, *manner)), patience=patience, watch=watch))
        return made[-1]

    yield make
    for model in made:
        await model.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be another process that fetches."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def call(order: str) -> ModelCall:
    """Return a call that tells the fake engine what to do."""
    return ModelCall(messages=({"role": "user", "content": order},), shape={}, max_completion_tokens=5)


async def until(model: EmbeddedModel, wanted: Callable[[ModelError | None], bool]) -> ModelError | None:
    """Wait until `check` says what is wanted, at most ten seconds; return that."""
    async with asyncio.timeout(10):
        while not wanted(found := await fault(model)):  # noqa: ASYNC110 - as any caller sees it: there is nothing to wait on
            await asyncio.sleep(0.005)
    return found


async def ready(model: EmbeddedModel) -> None:
    """Wait until the model is ready."""
    await until(model, lambda found: found is None)


async def given_up(model: EmbeddedModel) -> str:
    """Wait until the model says that it will never be ready; return how it says so."""
    found = await until(model, lambda found: isinstance(found, ModelUnavailable))
    return found.detail if found else ""


async def fault(model: EmbeddedModel) -> ModelError | None:
    """Return why the model cannot be called."""
    try:
        await model.check()
    except ModelError as found:
        return found
    return None


async def test_k01_is_loading_until_it_is_ready(make: Make) -> None:
    """Before and while it starts it says so; then it answers."""
    model = make()

    assert isinstance(await fault(model), ModelLoading)
    await model.start()
    await model.start()
    assert isinstance(await fault(model), ModelLoading)
    await ready(model)

    assert (await model.complete(call("hello"))).choices[0].message.content == "2"
    assert (model.name, model.output_mode, model.profile.concurrency) == ("tiny", OutputMode.JSON_SCHEMA, 1)


async def test_reads_the_prefix_before_it_is_ready(make: Make, tmp_path: Path) -> None:
    """The messages that all conversations share are read after the self-test, and before anybody may call."""
    log = tmp_path / "orders"
    model = make("good", str(log), prefix=({"role": "system", "content": "the prefix"},))

    await model.start()
    await ready(model)

    assert log.read_text().splitlines() == ["How much is one and one?", "the prefix"]


async def test_stops_an_answer_that_repeats_itself(make: Make) -> None:
    """What streams without end is cut where it repeats itself, with its tokens counted."""
    model = make()
    await model.start()
    await ready(model)

    completion = await model.complete(ModelCall(messages=call("count").messages, shape={}, max_completion_tokens=9, repeats=lambda text: "5 " in text))

    assert completion.choices[0].message.content == "0 1 2 3 4 5 "
    assert completion.choices[0].finish_reason == "length"
    assert completion.usage is not None
    assert completion.usage.completion_tokens == 6
    assert completion.model == "m"


async def test_d29_comes_back_when_the_engine_is_killed(make: Make) -> None:
    """A call under way fails as one that may be tried again; the engine is started anew, and whoever watches is told."""
    noted = Noted()
    model = make(watch=noted)
    await model.start()
    await ready(model)

    with pytest.raises(UpstreamUnavailable):
        await model.complete(call("die"))
    await until(model, lambda found: found is not None)  # the system has yet to tell us
    await ready(model)

    assert (await model.complete(call("hello"))).choices[0].message.content == "2"
    assert noted.restarts == 1


async def test_d29_d30_gives_up_an_engine_that_keeps_dying(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """After so many deaths within the window it is not started again, and there is nothing left that spins."""
    noted = Noted()
    model = make("mute", watch=noted)
    with caplog.at_level(logging.WARNING):
        await model.start()
        found = await given_up(model)

    assert found == "The engine ended 3 times in 60 s and was given up."
    assert noted.restarts == 2
    assert [record.message for record in caplog.records if record.name.startswith("service")] == ["engine-ended", "engine-ended", "model-unavailable"]
    with pytest.raises(ModelUnavailable):
        await model.complete(call("hello"))


async def test_forgets_deaths_of_long_ago(make: Make) -> None:
    """Only deaths within the window count."""
    model = make("mute", patience=Patience(deaths=1, window_s=0, backoff_s=0.01))
    await model.start()
    await asyncio.sleep(0.5)

    assert isinstance(await fault(model), ModelLoading)


async def test_counts_an_engine_that_never_speaks_as_dead(make: Make) -> None:
    """Silence beyond patience is a death."""
    model = make("deaf", patience=Patience(ready_s=0.2, deaths=0, grace_s=0.2))
    await model.start()

    assert "given up" in await given_up(model)


@pytest.mark.parametrize(
    ("manner", "detail"),
    [
        pytest.param("not-installed", "xllamacpp cannot be imported: install the extra `embedded`, and libgomp (Debian: libgomp1).", id="not-installed"),
        pytest.param("not-loaded", "The file of weights cannot be loaded.", id="d30-corrupt"),
        pytest.param("disobedient", "The engine does not obey a grammar.", id="d31-grammar-ignored"),
        pytest.param("indigestible", "The engine cannot be run (UpstreamRejectedRequest).", id="d31-grammar-refused"),
        pytest.param("babbling", "The engine cannot be run (JSONDecodeError).", id="babbling"),
    ],
)
async def test_says_why_it_cannot_be_had(make: Make, manner: str, detail: str) -> None:
    """What another try would not mend is said at once."""
    model = make(manner)
    await model.start()

    assert await given_up(model) == detail


async def test_d30_says_that_the_weights_are_missing(make: Make, tmp_path: Path) -> None:
    """A file that is not there is no reason to crash: the service is up and says what is wrong."""
    model = make(settings=Settings(embedded_model=tmp_path / "none.gguf"))
    await model.start()

    assert await given_up(model) == "VIGIE_EMBEDDED_MODEL names no file."


async def test_ends_an_engine_that_does_not_listen(make: Make) -> None:
    """An engine that ignores the request to end is ended."""
    model = make("stubborn")
    await model.start()
    await ready(model)

    begun = time.monotonic()
    await model.close()

    assert 0.5 <= time.monotonic() - begun < 3
    assert isinstance(await fault(model), ModelLoading)


async def test_lets_go_of_a_cancelled_call(make: Make) -> None:
    """A caller who leaves does not wait for the engine, and the next one is served."""
    model = make()
    await model.start()
    await ready(model)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await model.complete(call("wait"))

    assert (await model.complete(call("hello"))).choices[0].message.content == "2"


async def test_may_be_closed_unstarted(make: Make) -> None:
    """Closing what was never started is nothing."""
    await make().close()


async def test_tells_how_much_of_the_weights_is_there(tmp_path: Path) -> None:
    """While another process fetches, the status says that; closing ends the wait."""
    weights = Weights(name="tiny", sha256="0" * 64, size=100, parts=(), part_size=10)
    settings = Settings(cache_dir=tmp_path)
    model = EmbeddedModel(settings, engine=Engine(weights=weights))
    with locked(tmp_path / "0000000000000000-tiny.lock"):
        await model.start()
        await asyncio.sleep(0.3)
        found = await fault(model)
        await model.close()

    assert model.name == "tiny"
    assert found is not None
    assert found.detail == "The weights are being fetched: 0 % are there."
