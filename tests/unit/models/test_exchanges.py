"""A folder of recordings: what its files hold and what they never hold, and that one that is not right is found at the start."""

import contextlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import SetupError, UpstreamRateLimited, VigieError
from service.models.base import ModelCall, OutputMode
from service.models.exchanges import Answer, Exchange, Folder, Identity
from service.models.openai import OpenAIModel
from service.models.replay import RecordingModel, ReplayModel
from tests.rig.canaries import Canaries, files
from tests.unit.models.replay_parts import CALL, PROFILE, USAGE, SomeModel, contents

#: What an endpoint sends with an answer, of which nothing may be kept that tells when, where or for whom.
COMPLETION = {
    "id": "chatcmpl-4711",
    "object": "chat.completion",
    "created": 1_700_000_000,
    "model": "x",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}],
    "usage": USAGE,
}


async def recorded(folder: Path, model: SomeModel | None = None) -> Path:
    """Record what a model says; return the file."""
    with contextlib.suppress(VigieError):
        await RecordingModel(model or SomeModel(), folder).complete(CALL)
    return folder / f"{CALL.digest()}.json"


async def test_a_recording_can_be_read_and_does_not_vary(tmp_path: Path) -> None:
    """The file shows the conversation in its own letters, and recording again writes the same bytes."""
    await recorded(tmp_path, SomeModel(usage=USAGE))
    before = contents(tmp_path)
    await recorded(tmp_path, SomeModel(usage=USAGE))
    written = contents(tmp_path)

    assert written == before
    assert sorted(written) == sorted([f"{CALL.digest()}.json", "model.json"])
    assert "Que dit l’article ? 🚀" in written[f"{CALL.digest()}.json"].decode()
    assert written["model.json"].endswith(b"}\n")


async def test_a_fault_does_not_vary_either(tmp_path: Path) -> None:
    """The same fault is the same bytes, and the file says what it was."""
    path = await recorded(tmp_path, SomeModel(fails=UpstreamRateLimited(retry_after_s=7)))
    before = path.read_bytes()
    await recorded(tmp_path, SomeModel(fails=UpstreamRateLimited(retry_after_s=7)))

    assert path.read_bytes() == before
    assert json.loads(before)["fault"] == {
        "code": "upstream-rate-limited", "detail": UpstreamRateLimited.title, "retry_after_s": 7, "limit": None, "actual": None,
    }  # fmt: skip


@pytest.mark.parametrize("status", [200, 401, 429, 500])
async def test_nothing_secret_and_nothing_that_varies_is_kept(tmp_path: Path, status: int) -> None:
    """No key, no address, no time and no name that the endpoint gave: neither of an answer nor of a fault, in whose words the endpoint repeats them all."""
    canaries = Canaries()
    address = f"http://{canaries.caller_key}.test/v1"
    told = COMPLETION if status == 200 else {"error": {"message": f"{canaries.upstream_key} at {address}, 2026-11-23T10:00:00Z", "code": "x", "type": "y"}}
    heads = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT", "x-request-id": "req-4711", "Set-Cookie": canaries.answer}
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(status, json=told, headers=heads))
    client = openai.AsyncOpenAI(base_url=address, api_key=canaries.upstream_key, max_retries=0, http_client=httpx2.AsyncClient(transport=transport))
    model = RecordingModel(OpenAIModel(client, name="reader", profile=PROFILE, output_mode=OutputMode.JSON_SCHEMA), tmp_path)
    with contextlib.suppress(VigieError):
        await model.complete(CALL)
    await model.close()
    written = contents(tmp_path)

    assert len(written) == 2
    assert canaries.found_in(files(tmp_path)) == []
    assert not any(re.search(rb"4711|17000|20[0-9]{2}-|Nov|http:|\.test", content) for content in written.values())


@given(st.text(st.characters(codec=None), max_size=40), st.text(max_size=10))
def test_any_conversation_survives(said: str, grammar: str) -> None:
    """Every code point, lone surrogates too, is in the file as it was, so that its digest is that of its name."""
    call = ModelCall(({"role": "user", "content": f"{said}\ud800"},), {"grammar": grammar}, 10)
    with TemporaryDirectory() as name:
        folder = Folder(Path(name))
        folder.keep(Exchange.of("m", call, Answer(content="{}", refusal=None, finish_reason="stop", usage=None)))
        [kept] = folder.exchanges()

    assert kept.call() == call
    assert kept.digest == call.digest()


async def test_packed_answers_are_the_answers(tmp_path: Path) -> None:
    """Packed, the answers come back as they were and the conversations are gone."""
    folder, packed = tmp_path / "folder", tmp_path / "packed"
    await recorded(folder, SomeModel(usage=USAGE))
    Folder(folder).pack(Folder(packed))

    assert await ReplayModel(packed).complete(CALL) == await ReplayModel(folder).complete(CALL)
    assert sorted(contents(packed)) == ["answers.json", "model.json"]
    assert not any("Que dit" in content.decode() for content in contents(packed).values())


async def test_spoilt_packs_are_found_at_the_start(tmp_path: Path) -> None:
    """A pack that cannot be read is named before anything is asked, and one that cannot be written is said to be so."""
    await recorded(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="Nothing can be recorded"):
        Folder(tmp_path).pack(Folder(tmp_path / "file" / "packed"))
    (tmp_path / "answers.json").write_text('{"x": 1}')

    with pytest.raises(SetupError, match=r"answers\.json"):
        ReplayModel(tmp_path)


async def test_a_pack_takes_the_answers_of_one_model(tmp_path: Path) -> None:
    """What is packed beside the answers of another model would be taken for theirs."""
    await recorded(tmp_path / "folder")
    other = SomeModel()
    other.name = "other"
    await recorded(tmp_path / "packed", other)

    with pytest.raises(SetupError, match="another model"):
        Folder(tmp_path / "folder").pack(Folder(tmp_path / "packed"))


def test_a_folder_holds_one_model(tmp_path: Path) -> None:
    """The answers of two models are not mixed."""
    RecordingModel(SomeModel(), tmp_path)
    other = SomeModel()
    other.name = "other"

    with pytest.raises(SetupError, match="another model"):
        RecordingModel(other, tmp_path)


def _but(**changes: object) -> Callable[[str], str]:
    """Return what changes these fields of a file; None: takes them out."""

    def change(text: str) -> str:
        facts = {**json.loads(text), **changes}
        return json.dumps({name: value for name, value in facts.items() if value is not None})

    return change


_FAULT = {"code": "upstream-unavailable", "detail": "Away.", "retry_after_s": 5}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text[:50], id="cut"),
        pytest.param(lambda text: text.replace("finish_reason", "reason"), id="another-field"),
        pytest.param(lambda text: text.replace('"stop"', '"unheard-of"'), id="no-answer"),
        pytest.param(lambda text: text.replace('"g"', '"h"'), id="another-call"),
        pytest.param(_but(completion=None), id="neither-answer-nor-fault"),
        pytest.param(_but(fault=_FAULT), id="answer-and-fault"),
        pytest.param(_but(completion=None, fault={**_FAULT, "code": "model-loading"}), id="fault-of-this-machine"),
        pytest.param(_but(completion=None, fault={**_FAULT, "code": "article-too-long"}), id="too-long-for-what"),
    ],
)
async def test_a_spoilt_recording_is_found_at_the_start(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    """A file that cannot be read, or is of another call, is named before anything is asked; nothing of what is in it is told."""
    path = await recorded(tmp_path)
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(SetupError) as raised:
        ReplayModel(tmp_path)

    assert str(path) in raised.value.detail
    assert "Que dit" not in repr(raised.value)
    assert raised.value.__cause__ is None


async def test_a_recording_under_another_name_is_found_at_the_start(tmp_path: Path) -> None:
    """A file that was renamed would answer what nobody asked."""
    path = await recorded(tmp_path)
    path.rename(tmp_path / f"{'0' * 16}.json")

    with pytest.raises(SetupError, match=f"{'0' * 16}.json is not of the call"):
        ReplayModel(tmp_path)


async def test_other_files_of_a_folder_are_let_be(tmp_path: Path) -> None:
    """Notes, folders and what a version control keeps there are nobody's recordings."""
    await recorded(tmp_path)
    (tmp_path / "README.md").write_text("ours")
    (tmp_path / ".half.tmp").write_text("{")
    (tmp_path / "older").mkdir()

    assert (await ReplayModel(tmp_path).complete(CALL)).choices[0].message.content == "{}"


async def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """A recording that fails leaves no half a file."""
    model = RecordingModel(SomeModel(), tmp_path)
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
    assert Folder(tmp_path).find(CALL.digest()) is None


def test_a_folder_says_whose_answers_it_holds(tmp_path: Path) -> None:
    """A replay needs no other setting than the folder."""
    RecordingModel(SomeModel(), tmp_path)

    assert Folder(tmp_path).identity() == Identity(name="some-model", output_mode=OutputMode.JSON_SCHEMA, profile=PROFILE)


@pytest.mark.parametrize("mask", [0o022, 0o077])
async def test_who_may_read_a_recording_is_for_the_umask(tmp_path: Path, mask: int) -> None:
    """A folder that is mounted elsewhere is read by another user, unless whoever recorded it keeps others out."""
    before = os.umask(mask)
    try:
        await RecordingModel(SomeModel({"content": "{}"}), tmp_path / "kept").complete(CALL)
    finally:
        os.umask(before)

    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "kept").iterdir()} == {0o666 & ~mask}
