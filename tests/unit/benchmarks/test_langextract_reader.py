"""langextract: how its process is spoken to, and what is made of its extractions."""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.engine import Endpoint
from benchmarks.quality.langextract_reader import Extraction, langextract_at, langextract_version, reading_of
from service.errors import SetupError
from service.evaluation.reading import Found
from tests.unit.evaluation.evaluation_parts import gold

TEXT = "Kestria will shell the base at Orsk. Kestria said so on Sunday. The school is safe."
ENDPOINT = Endpoint("http://engine.test/v1", "key", "m")


def extraction(kind: str, words: str, /, **attributes: Any) -> Extraction:  # noqa: ANN401 - JSON
    """Return what langextract gives of `words` that stand in the text."""
    at = TEXT.find(words)
    return Extraction.model_validate({"class": kind, "text": words, "span": (at, at + len(words)) if at >= 0 else None, "attributes": attributes})


def test_extractions_are_read_by_the_rules_of_all() -> None:
    """Classes become sections, an actor that is named twice is one, civilians are no targets."""
    reading = reading_of(
        [
            extraction("actor", "Kestria", kind="state"),
            extraction("threat", "will shell the base at Orsk", by="Kestria", against=["Belmark", 3], kind="violence", basis="declared", condition="null"),
            extraction("target", "the base at Orsk", category="military", status="threatened"),
            extraction("target", "The school", category="civilian", status="threatened"),
            extraction("actor", "Kestria", kind="person"),
            extraction("timeline", "on Sunday", start="2027-03-07", end=None, direction="past"),
            extraction("commitment", "Kestria said so", speakers=None, polarity="will", kind="other"),
            extraction("weather", "safe"),
        ],
        TEXT,
    )

    assert reading.actors == (Found(("Kestria",), ((0, 7),), {"kind": "state"}),)
    assert reading.targets == (Found(("the base at Orsk",), ((19, 35),), {"category": "military", "status": "threatened"}),)
    threat = {"by": (("Kestria",),), "against": (("Belmark",),), "basis": "declared", "kind": "violence", "condition": None}
    assert reading.threats == (Found((), ((8, 35),), threat),)
    assert reading.timelines[0].fields == {"start": "2027-03-07", "end": None, "direction": "past"}
    assert reading.commitments[0].fields == {"speakers": (), "polarity": "will", "kind": "other"}


def test_what_langextract_cannot_find_is_left_out() -> None:
    """Its pages advise to drop what it found nowhere; of the rest, words that are not those of the text are no quotes."""
    near = Extraction.model_validate({"class": "actor", "text": "kestria", "span": (0, 7), "attributes": {}})

    reading = reading_of([near, extraction("actor", "Belmark", kind="state"), extraction("threat", "shell the base")], TEXT)

    assert [one.names for one in reading.actors] == [("kestria",)]
    assert (reading.quotes, reading.verbatim) == (2, 1)


@given(
    st.sampled_from(["actor", "target", "threat", "timeline", "commitment"]),
    st.dictionaries(st.sampled_from(["by", "kind", "start", "category"]), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists)),
)
def test_whatever_the_model_makes_of_attributes_is_read(kind: str, attributes: dict[str, Any]) -> None:
    """Attributes of any type do no harm."""
    assert reading_of([extraction(kind, "Kestria", **attributes)], TEXT).verbatim in (0, 1)


async def test_articles_are_read_in_another_process(tmp_path: Path) -> None:
    """It is told where the model is, then of each article text and date, and what it answers is the reading."""
    script = tmp_path / "fake.py"
    script.write_text(
        "import json, sys\n"
        "config = json.loads(sys.stdin.readline())\n"
        "for line in sys.stdin:\n"
        "    article = json.loads(line)\n"
        "    one = {'class': 'actor', 'text': article['text'], 'span': [0, len(article['text'])], 'attributes': {'kind': article['published']}}\n"
        "    call = {'usage': {'prompt_tokens': 9, 'completion_tokens': 4, 'total_tokens': 13}, 'finish_reason': 'length'}\n"
        "    print(json.dumps({'extractions': [one], 'calls': [call, {}], 'seconds': 1.5, 'failure': config['key']}), flush=True)\n"
    )

    async with langextract_at(ENDPOINT, (sys.executable, str(script))) as reader:
        first, second = [await reader.read(gold(text, article={"kind": "dispatch", "published": "2027"})) for text in ("Kestria", "Orsk")]

    assert first.reading.actors == (Found(("Kestria",), ((0, 7),), {"kind": "2027"}),)
    assert second.reading.actors[0].names == ("Orsk",)
    assert (first.cost.calls, first.cost.prompt_tokens, first.cost.completion_tokens, first.cost.seconds) == (2, 9, 4, 1.5)
    assert (first.cut_off, first.failure) == (1, "key")


@pytest.mark.parametrize("command", [(sys.executable, "-c", ""), ("no such program",)])
async def test_a_process_that_is_not_there_ends_the_comparison(command: tuple[str, ...]) -> None:
    """Nobody is scored for it."""
    with pytest.raises(SetupError):
        async with langextract_at(ENDPOINT, command) as reader:
            await reader.read(gold(TEXT))


def test_the_version_is_the_one_that_is_locked() -> None:
    """The report names the version that was installed."""
    assert langextract_version().startswith("1.7.")
