"""Whoever is compared with Vigie gets an engine like its own."""

import json
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.quality.engine import engine
from service.cli.readying import ready
from service.errors import ModelUnavailable, SetupError
from service.models.embedded import EmbeddedModel, Engine, Patience
from service.settings import Settings

#: Says where it listens, and waits for its end.
LISTENING = 'import sys; input(); print(\'{"address": "http://127.0.0.1:1"}\', flush=True); sys.stdin.read()'
#: Notes what it is told and then does not start.
NOTING = "import sys; open(sys.argv[1], 'a').write(sys.stdin.readline()); print('{\"error\": \"not-loaded\"}')"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A file of weights."""
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF")
    return path


async def test_it_is_told_what_the_embedded_model_tells_its_own(weights: Path, tmp_path: Path) -> None:
    """Nothing differs but the key."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    model = EmbeddedModel(Settings(embedded_model=weights), engine=Engine((sys.executable, "-c", NOTING, str(ours))), patience=Patience(deaths=0))
    with suppress(ModelUnavailable):
        await ready(model, lambda _line: None)
    await model.close()

    with pytest.raises(SetupError):
        async with engine(weights, model.name, (sys.executable, "-c", NOTING, str(theirs))):
            pass

    told = [json.loads(path.read_text()) for path in (ours, theirs)]
    assert told[0].pop("key") != told[1].pop("key")
    assert told[0] == told[1]


async def test_it_answers_at_the_address_that_it_names(weights: Path) -> None:
    """Like OpenAI, under `/v1`, and only to whoever has the key."""
    async with engine(weights, "tiny", (sys.executable, "-c", LISTENING)) as made:
        assert (made.base_url, made.model) == ("http://127.0.0.1:1/v1", "tiny")
        assert made.key not in repr(made)
