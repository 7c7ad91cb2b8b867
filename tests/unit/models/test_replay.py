"""A model whose exchanges are kept, and that a replay gives back what was kept: answers and faults."""

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.errors import (
    ArticleTooLong,
    DeadlineExceeded,
    ModelLoading,
    ModelUnavailable,
    ReplayMiss,
    UpstreamInterrupted,
    UpstreamInvalidResponse,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamRateLimited,
    UpstreamRejectedRequest,
    UpstreamUnavailable,
    VigieError,
)
from service.models.base import ModelCall, OutputMode
from service.models.choosing import model_of
from service.models.embedded import EmbeddedModel
from service.models.exchanges import Folder
from service.models.replay import RecordingModel, ReplayModel
from service.models.spending import Spending
from service.problems import problem_of
from service.resilience.retrying import RetryingModel
from service.settings import Settings
from tests.unit.models.replay_parts import CALL, PROFILE, TOOL_CALL, USAGE, SomeModel, asking, contents

#: A fault of each kind that an endpoint can be blamed for.
FAULTS = [
    UpstreamInvalidResponse("The model's endpoint sent more than is read."),
    UpstreamInterrupted("It broke off."),
    UpstreamMisconfigured("The model's endpoint answered 401."),
    UpstreamQuotaExhausted("The model's endpoint answered 402."),
    UpstreamRateLimited("The model's endpoint answered 429.", retry_after_s=41),
    UpstreamRejectedRequest("The model's endpoint answered 400."),
    UpstreamUnavailable(),
    ArticleTooLong(8_192, 9_001, "tokens"),
    ArticleTooLong(8_192, None, "tokens"),
]


async def recorded(folder: Path, model: SomeModel, call: ModelCall = CALL) -> None:
    """Record what the `model` says to a call, or why it says nothing."""
    recording = RecordingModel(model, folder)
    with contextlib.suppress(VigieError):
        await recording.complete(call)


async def told(folder: Path, call: ModelCall = CALL) -> VigieError:
    """Return why a replay says nothing."""
    with pytest.raises(VigieError) as raised:
        await ReplayModel(folder).complete(call)
    return raised.value


async def test_an_answer_that_cannot_be_kept_is_counted(tmp_path: Path) -> None:
    """A folder that is gone fails the call, and what the answer used was used all the same."""
    spending, folder = Spending(), tmp_path / "gone"
    model = RecordingModel(SomeModel(usage=USAGE), folder)
    shutil.rmtree(folder)

    with pytest.raises(FileNotFoundError):
        await model.complete(replace(CALL, spending=spending))

    assert spending.usage().prompt_tokens == USAGE["prompt_tokens"]


@pytest.mark.parametrize(
    ("message", "finish_reason", "usage"),
    [
        ({"content": "{}"}, "stop", USAGE),
        ({"content": '{"a'}, "length", None),
        ({"content": ""}, "content_filter", None),
        ({"content": None, "refusal": "No."}, "stop", None),
        ({"content": None, "tool_calls": [TOOL_CALL]}, "tool_calls", USAGE),
    ],
)
async def test_a_replay_gives_back_what_was_recorded(tmp_path: Path, message: dict[str, Any], finish_reason: str, usage: dict[str, Any] | None) -> None:
    """Text, refusal, cut, tool call and counts: all come back, and nothing that varies."""
    said = await RecordingModel(SomeModel(message, finish_reason, usage), tmp_path).complete(CALL)
    model = ReplayModel(tmp_path)
    await model.start()
    await model.check()
    first, second = await model.complete(CALL), await model.complete(CALL)
    await model.close()

    assert first == second
    assert first is not second
    assert first.choices[0].message == said.choices[0].message
    assert first.choices[0].finish_reason == finish_reason
    assert first.usage == said.usage
    assert (first.created, model.name, model.profile, model.output_mode) == (0, "some-model", PROFILE, OutputMode.JSON_SCHEMA)


@pytest.mark.parametrize("message", [{"content": "{}"}, {"content": None, "tool_calls": [TOOL_CALL]}], ids=["text", "tool"])
async def test_who_follows_a_reading_hears_a_replayed_answer(tmp_path: Path, message: dict[str, Any]) -> None:
    """What is written as text or as the arguments of a tool comes to whoever follows, as it does from a live endpoint."""
    heard: list[str] = []
    await recorded(tmp_path, SomeModel(message))
    await ReplayModel(tmp_path).complete(replace(CALL, heard=heard.append))

    assert heard == ["{}"]


async def test_recording_passes_everything_on(tmp_path: Path) -> None:
    """To its callers a model that is recorded is the model, and a fault that is kept is still theirs."""
    fault = UpstreamUnavailable("It is away.")
    some = SomeModel(fails=fault)
    model = RecordingModel(some, tmp_path)
    await model.start()
    await model.check()
    with pytest.raises(UpstreamUnavailable) as raised:
        await model.complete(CALL)
    await model.close()

    assert raised.value is fault
    assert some.done == ["start", "check", "close"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{type(fault).__name__}-{getattr(fault, 'actual', '')}")
async def test_k09_a_fault_comes_back_as_the_same_problem(tmp_path: Path, fault: VigieError) -> None:
    """Code, words, seconds to wait and numbers are those of the day on which it was recorded."""
    await recorded(tmp_path, SomeModel(fails=fault))
    again = await told(tmp_path)

    assert problem_of(again, None, "1") == problem_of(fault, None, "1")
    assert (again.retry_after_s, again.status) == (fault.retry_after_s, fault.status)
    assert again is not fault


@pytest.mark.parametrize("fault", [ModelLoading(), ModelUnavailable(), DeadlineExceeded()], ids=lambda fault: fault.code)
async def test_what_fails_on_this_machine_is_not_kept(tmp_path: Path, fault: VigieError) -> None:
    """A model that is being loaded is no part of an exchange: who replays it would wait for it for ever."""
    await recorded(tmp_path, SomeModel(fails=fault))

    assert list(contents(tmp_path)) == ["model.json"]


async def test_a_fault_never_takes_the_place_of_an_answer(tmp_path: Path) -> None:
    """An answer that was paid for is not lost to a bad minute of the endpoint; a fault is, to an answer."""
    await recorded(tmp_path, SomeModel(fails=UpstreamUnavailable()))
    assert isinstance(await told(tmp_path), UpstreamUnavailable)
    await recorded(tmp_path, SomeModel({"content": "[]"}))
    answered = contents(tmp_path)
    await recorded(tmp_path, SomeModel(fails=UpstreamUnavailable()))

    assert contents(tmp_path) == answered
    assert (await ReplayModel(tmp_path).complete(CALL)).choices[0].message.content == "[]"


async def test_nor_that_of_a_packed_answer(tmp_path: Path) -> None:
    """A fault that is recorded beside a pack leaves its answers alone; an answer that is recorded anew is the newer one."""
    single, packed = tmp_path / "single", tmp_path / "packed"
    await recorded(single, SomeModel({"content": "[]"}))
    Folder(single).pack(Folder(packed))
    await recorded(packed, SomeModel(fails=UpstreamUnavailable()))
    assert (await ReplayModel(packed).complete(CALL)).choices[0].message.content == "[]"
    await recorded(packed, SomeModel({"content": "[1]"}))

    assert (await ReplayModel(packed).complete(CALL)).choices[0].message.content == "[1]"


async def test_what_is_added_while_it_is_served_is_served(tmp_path: Path) -> None:
    """A file that comes after the start counts, and so does the answer that follows a fault: a suite says what the model finds as it goes."""
    RecordingModel(SomeModel(), tmp_path)
    model = ReplayModel(tmp_path)
    with pytest.raises(ReplayMiss):
        await model.complete(CALL)
    await recorded(tmp_path, SomeModel(fails=UpstreamRateLimited()))
    with pytest.raises(UpstreamRateLimited):
        await model.complete(CALL)
    await recorded(tmp_path, SomeModel({"content": "[]"}))

    assert (await model.complete(CALL)).choices[0].message.content == "[]"


async def test_k07_an_unknown_call_is_a_miss(tmp_path: Path) -> None:
    """What was not recorded is not answered, and the error names what is missing and what comes nearest to it."""
    known, unknown = asking("Valmer", "spoke"), asking("Valmer", "is", "silent")
    await recorded(tmp_path, SomeModel(), known)
    miss = await told(tmp_path, unknown)

    assert isinstance(miss, ReplayMiss)
    assert (miss.digest, miss.nearest) == (unknown.digest(), known.digest())
    assert unknown.digest() in miss.detail
    assert known.digest() in miss.detail


def test_the_settings_choose(tmp_path: Path) -> None:
    """`VIGIE_MODEL` and `VIGIE_MODE` alone decide who answers."""
    hosted = {"model": "gpt", "openai_base_url": "http://llm.test/v1", "replay_dir": tmp_path}

    assert isinstance(model_of(Settings()), EmbeddedModel)
    assert isinstance(model_of(Settings.model_validate(hosted)), RetryingModel)
    assert isinstance(model_of(Settings.model_validate(hosted | {"mode": "record"})), RecordingModel)
    assert isinstance(model_of(Settings(mode="replay", replay_dir=tmp_path)), ReplayModel)


async def test_a_fault_that_cannot_be_kept_is_told_all_the_same(tmp_path: Path) -> None:
    """Whoever asked hears what the endpoint failed with, and not of a folder that is gone."""
    recording = RecordingModel(SomeModel(fails=UpstreamUnavailable()), tmp_path / "gone")
    shutil.rmtree(tmp_path / "gone")

    with pytest.raises(UpstreamUnavailable):
        await recording.complete(CALL)


async def test_a_file_that_is_being_written_is_not_there_yet(tmp_path: Path) -> None:
    """Half of a recording is a miss, and no fault of ours; once it is whole it is served."""
    await recorded(tmp_path, SomeModel({"content": "{}"}), asking("other"))
    replay, path = ReplayModel(tmp_path), tmp_path / f"{CALL.digest()}.json"
    path.write_text('{"digest": ', encoding="utf-8")
    with pytest.raises(ReplayMiss):
        await replay.complete(CALL)
    path.unlink()
    await recorded(tmp_path, SomeModel({"content": "{}"}))

    assert (await replay.complete(CALL)).choices[0].message.content == "{}"
