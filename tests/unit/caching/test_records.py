"""Which records are kept, and what comes back."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.record import Notice, Record
from service.caching.answer import Answer
from service.caching.bounded_store import BoundedStore
from service.caching.naming import record_name
from service.caching.records import Records
from service.caching.sealing import sealed
from tests.unit.service_parts import record_of

PAGE = Path(__file__).parents[3] / "docs" / "record.md"
#: Each kind of warning, and why a record that bears it is not kept.
DECIDED = {
    "repetition_cut": "partial",
    "answer_cut_off": "partial",
    "entries_left_out": "partial",
    "not_read": "partial",
    "words_withheld": "hostile",
    "control_tokens": "hostile",
    "invisible_characters": "hostile",
    "bidi_controls": "hostile",
    "instruction_like_text": "hostile",
}
ARTICLE = Article(text="Le ministre a parlé.")
NAME = record_name(ARTICLE, "caller", ())
BODY = Answer.of(record_of(ARTICLE)).body


def warned(code: str) -> Record:
    """Return a record with a warning."""
    return record_of(ARTICLE).model_copy(update={"warnings": [Notice(code=code, detail="So it is.", start=None, end=None)]})


async def test_what_is_kept_comes_back_byte_for_byte() -> None:
    """Whoever asks again gets the same bytes."""
    records, answer = Records(BoundedStore(1 << 20), 60), Answer.of(record_of(ARTICLE))
    await records.keep(NAME, answer)

    assert await records.get(NAME) == answer
    assert await records.get(record_name(ARTICLE, "another", ())) is None


def test_j11_each_warning_that_there_is_was_thought_of() -> None:
    """A new kind of warning is not kept; here somebody says why, or changes the rule."""
    section = PAGE.read_text(encoding="utf-8").partition("`warnings` tell")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    assert {code for row in rows for code in re.findall(r"`(\w+)`", row)} == set(DECIDED)


@pytest.mark.parametrize("code", [*DECIDED, "of_a_kind_to_come"])
async def test_j11_what_is_partial_or_hostile_is_not_kept(code: str) -> None:
    """The next reading of such an article may be a better one."""
    records = Records(store := BoundedStore(1 << 20), 60)
    await records.keep(NAME, Answer.of(warned(code)))

    assert await records.get(NAME) is None
    assert store.held_bytes == 0


async def test_j11_what_should_not_have_been_kept_is_not_returned() -> None:
    """What is kept is looked at again before it is sent."""
    records = Records(store := BoundedStore(1 << 20), 60)
    await store.set(NAME, sealed(NAME, Answer.of(warned("control_tokens")).body))

    assert await records.get(NAME) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"{}", b"\xff", BODY[:-1], BODY.replace(b'"schema_version":"1"', b'"schema_version":"0"')],
    ids=["nothing", "null", "empty", "no UTF-8", "cut", "old schema"],
)
async def test_j12_what_is_no_record_any_more_is_a_miss(body: bytes) -> None:
    """Even under an unbroken seal."""
    records = Records(store := BoundedStore(1 << 20), 60)
    await store.set(NAME, sealed(NAME, body))

    assert await records.get(NAME) is None


@given(st.data())
async def test_j12_what_has_changed_is_a_miss(data: st.DataObject) -> None:
    """Wherever a byte is another, and however much is missing."""
    kept = sealed(NAME, BODY)
    place, flipped = data.draw(st.integers(0, len(kept) - 1)), data.draw(st.integers(1, 255))
    records = Records(store := BoundedStore(1 << 20), 60)
    for broken in (kept[:place], kept[:place] + bytes([kept[place] ^ flipped]) + kept[place + 1 :]):
        await store.set(NAME, broken)

        assert await records.get(NAME) is None


async def test_j12_an_entry_in_anothers_place_is_a_miss() -> None:
    """A sound record of another article, or of another caller, is none of this one."""
    records, other = Records(store := BoundedStore(1 << 20), 60), record_name(ARTICLE, "another", ())
    await records.keep(other, Answer.of(record_of(ARTICLE)))
    await store.set(NAME, await store.get(other) or b"")

    assert await records.get(other)
    assert await records.get(NAME) is None
