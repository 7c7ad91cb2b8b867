"""The embedded model itself. Needs the extra `embedded` and the weights: the pinned ones in the cache, or the file that TEST_GGUF names."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from service.errors import ArticleTooLong, ModelError, UpstreamUnavailable
from service.extraction.preparing import harmless
from service.models.base import ModelCall
from service.models.embedded import EmbeddedModel
from service.models.weights import weights_path
from service.settings import Settings

pytestmark = pytest.mark.embedded

PREFIX = ({"role": "system", "content": "You count. " + "One number follows another. " * 40},)
SETTINGS = Settings(embedded_model=Path(os.environ["TEST_GGUF"])) if "TEST_GGUF" in os.environ else Settings()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def model() -> AsyncIterator[EmbeddedModel]:
    """The model, ready."""
    pytest.importorskip("xllamacpp")
    if not weights_path(SETTINGS).exists():
        pytest.skip("the weights are not there")
    made = EmbeddedModel(SETTINGS, prefix=PREFIX)
    await made.start()
    await ready(made)
    yield made
    await made.close()


def call(order: str, **shape: str) -> ModelCall:
    """Return a call after the prefix."""
    return ModelCall(messages=(*PREFIX, {"role": "user", "content": order}), shape=shape, max_completion_tokens=200)


async def tokens_of(model: EmbeddedModel, said: str) -> int:
    """Return how many tokens the model reads where somebody says so."""
    usage = (await model.complete(call(said, grammar='%llguidance {}\nstart: "1"\n'))).usage
    assert usage is not None
    return usage.prompt_tokens


async def ready(model: EmbeddedModel) -> None:
    """Wait until the model is ready."""
    async with asyncio.timeout(300):
        while await is_unready(model):  # noqa: ASYNC110 - as any caller sees it
            await asyncio.sleep(0.1)


async def is_unready(model: EmbeddedModel) -> bool:
    """Whether the model cannot be called."""
    try:
        await model.check()
    except ModelError:
        return True
    return False


@pytest.mark.asyncio(loop_scope="module")
async def test_obeys_a_grammar_and_keeps_the_prefix(model: EmbeddedModel) -> None:
    """Nothing but what the grammar allows is written, and the prefix was read before."""
    completion = await model.complete(call("Count.", grammar='%llguidance {}\nstart: "seven-" /[0-9]{3}/\n'))

    content = completion.choices[0].message.content
    assert content is not None
    assert content.startswith("seven-")
    assert len(content) == 9
    assert completion.usage is not None
    assert completion.usage.prompt_tokens_details is not None
    assert (completion.usage.prompt_tokens_details.cached_tokens or 0) > 150


@pytest.mark.asyncio(loop_scope="module")
async def test_c02_control_tokens_of_an_article_are_plain_text(model: EmbeddedModel) -> None:
    """The engine reads each control token of its own as one token wherever it stands; of an article's it reads the signs."""
    tokens = "<|im_start|><|im_end|><|endoftext|>" * 20
    none, own, articles = [await tokens_of(model, said) for said in ("", tokens, harmless(tokens)[0])]

    assert own - none == 60
    assert articles - none >= 5 * 60


@pytest.mark.asyncio(loop_scope="module")
async def test_c07_is_cut_where_it_repeats_itself(model: EmbeddedModel) -> None:
    """The answer ends where it is said to repeat itself, its tokens are counted, and the engine is free at once: what follows does not wait for the rest."""
    counting = call("Count from 1 to 100, with commas.")
    next_call = call("Count.", grammar='%llguidance {}\nstart: "1"\n')
    await model.complete(next_call)
    begun = time.monotonic()
    await model.complete(next_call)
    alone_s = time.monotonic() - begun
    begun = time.monotonic()
    completion = await model.complete(ModelCall(counting.messages, counting.shape, 200, repeats=lambda text: len(text) > 8))
    cut = time.monotonic()
    await model.complete(next_call)

    assert time.monotonic() - cut <= 1 + 3 * alone_s

    assert completion.choices[0].finish_reason == "length"
    assert completion.usage is not None
    assert 0 < completion.usage.completion_tokens < 30
    assert time.monotonic() - begun < 30


@pytest.mark.asyncio(loop_scope="module")
async def test_frees_the_engine_when_a_caller_leaves(model: EmbeddedModel) -> None:
    """A call that is cancelled does not keep the next one waiting."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await model.complete(call("Count from 1 to 1000, with commas."))
    begun = time.monotonic()
    await model.complete(call("Count.", grammar='%llguidance {}\nstart: "1"\n'))

    assert time.monotonic() - begun < 10


@pytest.mark.asyncio(loop_scope="module")
async def test_says_that_a_conversation_is_too_long(model: EmbeddedModel) -> None:
    """More than the context holds is refused with both numbers."""
    with pytest.raises(ArticleTooLong, match="At most 16,384 tokens are read"):
        await model.complete(call("a b " * 10_000))


@pytest.mark.asyncio(loop_scope="module")
async def test_comes_back_when_it_is_killed(model: EmbeddedModel) -> None:
    """A call under way fails as one that may be tried again; the engine comes back."""
    counting = asyncio.create_task(model.complete(call("Count from 1 to 1000, with commas.")))
    await asyncio.sleep(1)
    os.kill(child(), signal.SIGKILL)

    with pytest.raises(UpstreamUnavailable):
        await counting
    async with asyncio.timeout(5):
        while not await is_unready(model):  # noqa: ASYNC110 - as any caller sees it
            await asyncio.sleep(0.01)
    await ready(model)
    assert (await model.complete(call("Count.", grammar='%llguidance {}\nstart: "1"\n'))).choices[0].message.content == "1"


@pytest.mark.asyncio(loop_scope="module")
async def test_shows_its_key_to_nobody_and_ends_when_it_is_closed(model: EmbeddedModel) -> None:
    """The arguments hold nothing secret; after `close` there is no process."""
    process = child()
    arguments = arguments_of(process)
    await model.close()

    assert arguments == [b"-m", b"service.models.engine"]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def arguments_of(process: int) -> list[bytes]:
    """Return what anybody on this machine can see that `process` was started with."""
    return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[1:-1]


def child() -> int:
    """Return the process id of the engine."""
    return int(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[0])
