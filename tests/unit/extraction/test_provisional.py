"""Entries that are proven while the model still writes."""

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel

from schemas.record import Record
from schemas.vocabulary import Section
from service.extraction.chunking import Chunk
from service.extraction.progress import Forgotten, Found
from service.extraction.provisional import Provisional, entries_of
from service.testing.entries import actor, commitment, drafted, target, threat, timeline
from tests.unit.extraction.extraction_parts import prepared_from, proven, record_from

TEXT = "Valmer threatened on Friday to strike the naval base at Teln. Orlane promised to help.\n\nValmer said no. Kestria will not attack Orlane."
FIRST, SECOND = Chunk(0, 86, TEXT[:86]), Chunk(88, len(TEXT), TEXT[88:])
ALL = tuple(Section)


class Told:
    """Who hears of entries."""

    def __init__(self) -> None:
        """Prove drafts about the text."""
        self.events: list[Found | Forgotten] = []
        self.proved = 0
        prepared = prepared_from(TEXT, language="en", published="2027-03-12")

        def prove(drafts: Sequence[tuple[Chunk, BaseModel]]) -> Record:
            self.proved += 1
            return proven(drafts, prepared)

        self.provisional = Provisional(prove, self.events.append)

    @property
    def names(self) -> list[str]:
        """What was told, by name; `-` where something was taken back."""
        return ["-" if isinstance(event, Forgotten) else str(event.entry.get("name") or event.entry["evidence"][0]["quote"]) for event in self.events]


async def test_each_entry_is_told_once() -> None:
    """However often an answer grows, and whichever piece finds the same."""
    told = Told()
    told.provisional.write(FIRST, ALL, drafted(actor("Valmer")))
    await told.provisional.settle()
    told.provisional.write(FIRST, ALL, drafted(actor("Valmer"), actor("Orlane")))
    told.provisional.write(SECOND, ALL, drafted(actor("Valmer"), actor("Kestria")))
    await told.provisional.settle()

    assert sorted(told.names) == ["Kestria", "Orlane", "Valmer"]


async def test_what_grows_meanwhile_is_proven_once() -> None:
    """A hundred tokens are no hundred provings."""
    told = Told()
    for _ in range(100):
        told.provisional.write(FIRST, ALL, drafted(actor("Valmer")))
    await told.provisional.settle()

    assert told.proved <= 2


async def test_what_has_not_grown_is_not_proven_again() -> None:
    """A look at an answer in the midst of an entry finds those before it, which have been told; the model needs the cores."""
    told = Told()
    for _ in range(3):
        told.provisional.write(FIRST, ALL, drafted(actor("Valmer")))
        await told.provisional.settle()

    assert told.proved == 1


async def test_what_is_asked_again_is_taken_back_once() -> None:
    """In all of its sections; what the second answer has is told anew."""
    told = Told()
    first = drafted(actor("Valmer"), threat("threatened on Friday to strike the naval base", by=["Valmer"]))
    told.provisional.write(FIRST, ALL, first)
    await told.provisional.settle()
    told.provisional.forget(FIRST, ALL)
    told.provisional.forget(FIRST, ALL)
    told.provisional.write(FIRST, ALL, first)
    await told.provisional.settle()

    assert told.names.count("-") == 1
    assert told.names[: told.names.index("-")] == told.names[told.names.index("-") + 1 :]


async def test_what_was_forgotten_while_it_was_proven_is_not_told() -> None:
    """A proving that began before comes too late."""
    told = Told()
    told.provisional.write(FIRST, ALL, drafted(actor("Valmer")))
    await asyncio.sleep(0)
    told.provisional.forget(FIRST, ALL)
    told.provisional.write(FIRST, ALL, drafted(actor("Orlane")))
    await told.provisional.settle()

    assert told.names == ["Orlane"]


async def test_another_piece_tells_what_the_first_takes_back() -> None:
    """What two pieces found stands as long as one of them does."""
    told = Told()
    told.provisional.write(FIRST, ALL, drafted(actor("Valmer")))
    await told.provisional.settle()
    told.provisional.write(SECOND, ALL, drafted(actor("Valmer")))
    await told.provisional.settle()
    told.provisional.forget(FIRST, ALL)
    await told.provisional.settle()

    assert told.names == ["Valmer", "-", "Valmer"]


def test_an_entry_refers_to_others_by_their_names() -> None:
    """It has the fields of the record but its id, and no ids of others."""
    record = record_from(
        TEXT,
        actor("Valmer"),
        actor("Orlane"),
        target("the naval base at Teln", by="Valmer", when="on Friday"),
        timeline("on Friday"),
        threat("Valmer threatened on Friday to strike the naval base at Teln", by=["Valmer"], when="on Friday"),
        commitment("Orlane promised to help", speakers=["Orlane"]),
        language="en",
        published="2027-03-12",
    )
    entries = [(section, entry) for section, _, entry in entries_of(record)]
    (threatened,) = [entry for section, entry in entries if section == Section.THREATS]

    assert {section for section, _ in entries} == set(Section)
    assert not any("id" in entry for _, entry in entries)
    assert (threatened["by"], threatened["targets"], threatened["timelines"]) == (["Valmer"], ["the naval base at Teln"], ["on Friday"])
