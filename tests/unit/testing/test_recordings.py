"""A folder that a test writes by saying what the model finds: it is what record mode would have written."""

from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from schemas.article import Article
from schemas.record import Record
from service.errors import UnusableArticle, VigieError
from service.models.replay import ReplayModel
from service.testing import FAULTS, Recordings, actor, threat
from service.testing.serving import client_of, replaying

ARTICLE = "Valmer threatened on Friday to shell the army base at Teln."
ENTRIES = (actor("Valmer"), threat("Valmer threatened on Friday to shell the army base at Teln", by=["Valmer"], when="on Friday"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def answer(client: TestClient[Litestar], **body: object) -> dict[str, Any]:
    """Return what a caller gets."""
    answered = client.post("/extract", json=body)
    assert answered.status_code == 200, answered.text
    told: dict[str, Any] = answered.json()
    return told


async def test_what_is_found_is_told_within_a_running_loop(tmp_path: Path) -> None:
    """An asynchronous test says what the model finds as any other does, and gets the record that callers will get."""
    record = Recordings(tmp_path).finds(ARTICLE, *ENTRIES)

    assert [threat.by for threat in record.threats] == [["A1"]]
    assert record.extraction.model == ReplayModel(tmp_path).name == "hand-written"


def test_callers_get_the_record_that_was_told(tmp_path: Path) -> None:
    """To the letter: it needs no second look at what the service says."""
    recordings = Recordings(tmp_path / "r")
    record = recordings.finds(ARTICLE, *ENTRIES)
    with client_of(replaying(tmp_path / "r", tmp_path / "d")) as client:
        assert Record.model_validate(answer(client, text=ARTICLE), strict=False) == record


def test_the_same_twice_is_the_same_folder(tmp_path: Path) -> None:
    """Recording again what has not changed changes no byte, in this folder or in another."""
    one, other = Recordings(tmp_path / "one"), Recordings(tmp_path / "other")
    for recordings in (one, other, one, Recordings(tmp_path / "one")):
        recordings.finds(ARTICLE, *ENTRIES)

    assert contents(one.folder) == contents(other.folder)
    assert len(contents(one.folder)) == 2


def test_what_is_found_last_counts(tmp_path: Path) -> None:
    """A test that thinks better of it is served the second answer."""
    recordings = Recordings(tmp_path / "r")
    recordings.finds(ARTICLE, *ENTRIES)
    recordings.finds(ARTICLE)
    with client_of(replaying(tmp_path / "r", tmp_path / "d")) as client:
        assert answer(client, text=ARTICLE)["threats"] == []


def test_a_fault_that_is_told_last_counts_too(tmp_path: Path) -> None:
    """Whatever another test has left in the folder, callers are told what `fails` says that they are."""
    recordings = Recordings(tmp_path / "r")
    recordings.finds(ARTICLE, *ENTRIES)
    error = recordings.fails(ARTICLE, "rate_limited")
    with client_of(replaying(tmp_path / "r", tmp_path / "d")) as client:
        told = client.post("/extract", json={"text": ARTICLE}).json()

    assert isinstance(error, VigieError)
    assert (told["code"], told["detail"]) == (error.code, error.detail)
    assert len(contents(tmp_path / "r")) == 2


def test_a_request_may_be_told_in_each_of_its_forms(tmp_path: Path) -> None:
    """A text, the body of a request and an article are the same article, if they say the same."""
    recordings = Recordings(tmp_path)
    by_text = recordings.finds(ARTICLE)
    by_body = recordings.finds({"text": ARTICLE})
    by_article = recordings.finds(Article(text=ARTICLE))

    assert by_text == by_body == by_article
    assert len(contents(tmp_path)) == 2


@pytest.mark.parametrize("fact", [{"title": "Alarm"}, {"source": "https://news.example"}, {"published": "2026-03-12"}, {"options": {"sections": ["threats"]}}])
def test_callers_must_send_what_was_told(tmp_path: Path, fact: dict[str, Any]) -> None:
    """Title, source, date and the sections that are wanted are part of what the model is asked; a deadline is not."""
    recordings = Recordings(tmp_path / "r")
    recordings.finds({"text": ARTICLE, **fact}, *ENTRIES)
    with client_of(replaying(tmp_path / "r", tmp_path / "d")) as client:
        missed = client.post("/extract", json={"text": ARTICLE})
        options = {**fact.get("options", {}), "deadline_s": 7, "partial": False}
        found = answer(client, **{"text": ARTICLE, **fact, "options": options})

    assert (missed.status_code, missed.json()["code"]) == (404, "replay-miss")
    assert found["threats"]


def test_an_article_that_nobody_can_read_is_none(tmp_path: Path) -> None:
    """What every caller would be told, the test is told."""
    with pytest.raises(UnusableArticle):
        Recordings(tmp_path).finds(" \n ", *ENTRIES)


def test_a_fault_and_then_an_answer(tmp_path: Path) -> None:
    """A suite tests that its code asks again: what failed is found the second time, by the service that is being served."""
    recordings = Recordings(tmp_path / "r")
    recordings.fails(ARTICLE, "unavailable")
    with client_of(replaying(tmp_path / "r", tmp_path / "d")) as client:
        first = client.post("/extract", json={"text": ARTICLE})
        recordings.finds(ARTICLE, *ENTRIES)
        second = client.post("/extract", json={"text": ARTICLE})

    assert (first.status_code, second.status_code) == (503, 200)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("options", [{}, {"partial": False}], ids=["partial", "whole"])
def test_an_article_of_several_pieces_fails_as_it_was_told(tmp_path: Path, fault: str, options: dict[str, object]) -> None:
    """Whichever pieces are asked about before a fault ends the reading, a service asks about the same."""
    body = {"text": "\n\n".join(f"{ARTICLE} That was said {number} times." for number in range(250)), "options": options}
    recordings = Recordings(tmp_path / "r")
    error = recordings.fails(body, fault)
    with client_of(replaying(tmp_path / "r", tmp_path / "d")) as client:
        told = client.post("/extract", json=body).json()

    assert told.get("code") == (error.code if error else None)


def test_more_than_a_model_may_say_is_told(tmp_path: Path) -> None:
    """It is a slip of the test, and no fault of the endpoint; nothing is recorded."""
    with pytest.raises(ValueError, match="too_long"):
        Recordings(tmp_path).finds(ARTICLE, *(actor(f"Actor {number}") for number in range(81)))

    assert len(contents(tmp_path)) == 1
