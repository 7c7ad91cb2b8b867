"""Recordings: what is written, and that a replay gives it back."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai.types.chat import ChatCompletion

from service.errors import ReplayMiss, SetupError, UpstreamUnavailable
from service.models.base import ModelCall, OutputMode, Profile
from service.models.choosing import model_of
from service.models.embedded import EmbeddedModel
from service.models.replay import RecordingModel, ReplayModel, pack
from service.models.spending import Spending
from service.resilience.retrying import RetryingModel
from service.settings import Settings

CALL = ModelCall(messages=({"role": "user", "content": "Que dit l’article ? 🚀"},), shape={"grammar": "g"}, max_completion_tokens=10)
PROFILE = Profile(
    chunk_chars=1_000,
    section_by_section=True,
    max_completion_tokens=10,
    reask_quotes=False,
    concurrency=1,
    sampling={"top_k": 1.0},
    rows={"actors": ("name", "kind")},
    row_caps={"actors": 3},
)
USAGE = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9, "prompt_tokens_details": {"cached_tokens": 4}}
TOOL_CALL = {"id": "t", "type": "function", "function": {"name": "draft", "arguments": "{}"}}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class SomeModel:
    """A model that says one thing."""

    name, profile, output_mode = "some-model", PROFILE, OutputMode.JSON_SCHEMA

    def __init__(self, message: dict[str, Any] | None = None, finish_reason: str = "stop", usage: dict[str, Any] | None = None) -> None:
        """Keep what to say; nothing: fail."""
        self.done: list[str] = []
        self._said, self._finish_reason, self._usage = message, finish_reason, usage

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Say it."""
        if self._said is None:
            raise UpstreamUnavailable
        choice = {"index": 0, "finish_reason": self._finish_reason, "message": {"role": "assistant", **self._said}}
        return ChatCompletion.model_validate(
            {"id": "x", "object": "chat.completion", "created": 1_700_000_000, "model": "x", "choices": [choice], "usage": self._usage}
        )

    async def check(self) -> None:
        """Note it."""
        self.done.append("check")

    async def start(self) -> None:
        """Note it."""
        self.done.append("start")

    async def close(self) -> None:
        """Note it."""
        self.done.append("close")


async def test_an_answer_that_cannot_be_kept_is_counted(tmp_path: Path) -> None:
    """A folder that is gone fails the call, and what the answer used was used all the same."""
    spending, folder = Spending(), tmp_path / "gone"
    model = RecordingModel(SomeModel({"content": "{}"}, usage=USAGE), folder)
    shutil.rmtree(folder)

    with pytest.raises(FileNotFoundError):
        await model.complete(replace(CALL, spending=spending))

    assert spending.usage().prompt_tokens == USAGE["prompt_tokens"]


@pytest.mark.parametrize(
    ("message", "finish_reason", "usage"),
    [
        ({"content": "{}"}, "stop", USAGE),
        ({"content": '{"a'}, "length", None),
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


async def test_a_recording_can_be_read_and_does_not_vary(tmp_path: Path) -> None:
    """The file shows the conversation in its own letters, and recording again writes the same bytes."""
    await RecordingModel(SomeModel({"content": "{}"}, usage=USAGE), tmp_path).complete(CALL)
    before = contents(tmp_path)
    await RecordingModel(SomeModel({"content": "{}"}, usage=USAGE), tmp_path).complete(CALL)
    written = contents(tmp_path)

    assert written == before
    assert sorted(written) == sorted([f"{CALL.digest()}.json", "model.json"])
    assert "Que dit l’article ? 🚀" in written[f"{CALL.digest()}.json"].decode()
    assert written["model.json"].endswith(b"}\n")


async def test_recording_passes_everything_on(tmp_path: Path) -> None:
    """To its callers a model that is recorded is the model."""
    some = SomeModel()
    model = RecordingModel(some, tmp_path)
    await model.start()
    await model.check()
    with pytest.raises(UpstreamUnavailable):
        await model.complete(CALL)
    await model.close()

    assert some.done == ["start", "check", "close"]
    assert list(contents(tmp_path)) == ["model.json"]


async def test_packed_answers_are_the_answers(tmp_path: Path) -> None:
    """Packed, the answers come back as they were and the conversations are gone."""
    folder, packed = tmp_path / "folder", tmp_path / "packed"
    await RecordingModel(SomeModel({"content": "{}"}, usage=USAGE), folder).complete(CALL)
    pack(folder, packed)

    assert await ReplayModel(packed).complete(CALL) == await ReplayModel(folder).complete(CALL)
    assert sorted(contents(packed)) == ["answers.json", "model.json"]
    assert not any("Que dit" in content.decode() for content in contents(packed).values())


async def test_spoilt_packs_are_found_at_the_start(tmp_path: Path) -> None:
    """A pack that cannot be read is named before anything is asked, and one that cannot be written is said to be so."""
    await RecordingModel(SomeModel({"content": "{}"}), tmp_path).complete(CALL)
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="Nothing can be recorded"):
        pack(tmp_path, tmp_path / "file" / "packed")
    (tmp_path / "answers.json").write_text('{"x": 1}')

    with pytest.raises(SetupError, match=r"answers\.json"):
        ReplayModel(tmp_path)


async def test_an_unknown_call_is_a_miss(tmp_path: Path) -> None:
    """What was not recorded is not answered, and the error names what is missing."""
    RecordingModel(SomeModel(), tmp_path)

    with pytest.raises(ReplayMiss, match=CALL.digest()):
        await ReplayModel(tmp_path).complete(CALL)


def test_a_folder_holds_one_model(tmp_path: Path) -> None:
    """The answers of two models are not mixed."""
    RecordingModel(SomeModel(), tmp_path)
    other = SomeModel()
    other.name = "other"

    with pytest.raises(SetupError, match="another model"):
        RecordingModel(other, tmp_path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:50],
        lambda text: text.replace("finish_reason", "reason"),
        lambda text: text.replace('"stop"', '"unheard-of"'),
        lambda text: text.replace('"g"', '"h"'),
    ],
)
async def test_a_spoilt_recording_is_found_at_the_start(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    """A file that cannot be read, or is of another call, is named before anything is asked."""
    await RecordingModel(SomeModel({"content": "{}"}), tmp_path).complete(CALL)
    path = tmp_path / f"{CALL.digest()}.json"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(SetupError, match=path.name):
        ReplayModel(tmp_path)


async def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """A recording that fails leaves no half a file."""
    model = RecordingModel(SomeModel({"content": "{}"}), tmp_path)
    (tmp_path / f"{CALL.digest()}.json").mkdir()

    with pytest.raises(IsADirectoryError):
        await model.complete(CALL)
    assert list(contents(tmp_path)) == ["model.json"]


def test_a_folder_that_is_none_is_said_to_be_so(tmp_path: Path) -> None:
    """Neither a replay nor a recording works in a folder that cannot be."""
    (tmp_path / "file").write_text("")

    with pytest.raises(SetupError, match="holds no recordings"):
        ReplayModel(tmp_path)
    with pytest.raises(SetupError, match="Nothing can be recorded"):
        RecordingModel(SomeModel(), tmp_path / "file" / "recordings")


def test_the_settings_choose(tmp_path: Path) -> None:
    """`VIGIE_MODEL` and `VIGIE_MODE` alone decide who answers."""
    hosted = {"model": "gpt", "openai_base_url": "http://llm.test/v1", "replay_dir": tmp_path}

    assert isinstance(model_of(Settings()), EmbeddedModel)
    assert isinstance(model_of(Settings.model_validate(hosted)), RetryingModel)
    assert isinstance(model_of(Settings.model_validate(hosted | {"mode": "record"})), RecordingModel)
    assert isinstance(model_of(Settings(mode="replay", replay_dir=tmp_path)), ReplayModel)
