"""Provisional entries: what is proven of an article while the model still writes about it. The record supersedes them.

Each piece is proven by itself, with what is written of it so far; a piece that has grown meanwhile is proven once, as it is by then. That runs in a thread, and
no more often than now and then: on a small machine the model needs the cores.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from schemas.entries import REFERENCES
from schemas.record import Record
from schemas.vocabulary import Section
from service.extraction.beside import Beside
from service.extraction.chunking import Chunk
from service.extraction.progress import Forgotten, Found, Hear
from service.logs import log_broken

#: Seconds between two provings.
_PAUSE_S = 0.3

#: Makes the record of some drafts about a chunk.
Prove = Callable[[Sequence[tuple[Chunk, BaseModel]]], Record]


class Provisional:
    """Proves the drafts of an article as they grow, and tells of each entry once."""

    def __init__(self, prove: Prove, hear: Hear, beside: Beside = asyncio.to_thread) -> None:
        """Begin with nothing; whoever wants to `hear` of entries is told on the event loop, `beside` which they are proven."""
        self._prove, self._hear, self._beside = prove, hear, beside
        #: The drafts of each chunk, by the sections that they are about; the chunks that are not proven as they are.
        self._drafts: dict[Chunk, dict[tuple[Section, ...], BaseModel]] = {}
        self._grown: dict[Chunk, None] = {}
        #: What each chunk has told of; and the chunks that had the same to tell, for when that is taken back.
        self._told: dict[Chunk, dict[Section, set[object]]] = {}
        self._silent: dict[Chunk, dict[Chunk, None]] = {}
        #: Sections that were forgotten since the proving of a chunk began.
        self._cut: dict[Chunk, set[Section]] = {}
        self._pause_s = _PAUSE_S
        self._proving: asyncio.Task[None] | None = None

    def write(self, chunk: Chunk, sections: Sequence[Section], draft: BaseModel) -> None:
        """Take what is written of `sections` of a chunk so far: most looks see no entry more than the last, and those are proven."""
        drafts = self._drafts.setdefault(chunk, {})
        if drafts.get(tuple(sections)) != draft:
            drafts[tuple(sections)] = draft
            self._grow(chunk)

    def forget(self, chunk: Chunk, sections: Sequence[Section]) -> None:
        """Drop what is written of `sections` of a chunk: it is written once more, or not at all."""
        self._drafts.get(chunk, {}).pop(tuple(sections), None)
        self._cut.setdefault(chunk, set()).update(sections)
        told = self._told.get(chunk, {})
        taken_back = [told.pop(section, None) for section in sections]
        if any(taken_back):
            self._hear(Forgotten(tuple(sections), chunk.start, chunk.end))
            self._grow(*self._silent.pop(chunk, ()))

    async def settle(self) -> None:
        """Prove all that is written, without a pause."""
        self._pause_s = 0.0
        while self._proving is not None:
            await self._proving

    def drop(self) -> None:
        """Prove nothing more."""
        if self._proving is not None:
            self._proving.cancel()

    def _grow(self, *chunks: Chunk) -> None:
        self._grown.update(dict.fromkeys(chunks))
        if self._grown and self._proving is None:
            self._proving = asyncio.ensure_future(self._prove_on())

    async def _prove_on(self) -> None:
        """Prove what has grown until nothing has."""
        try:
            while self._grown:
                chunk = next(iter(self._grown))
                del self._grown[chunk]
                self._cut.pop(chunk, None)
                drafts = dict(self._drafts[chunk])
                record = await self._beside(self._prove, [(chunk, draft) for draft in drafts.values()])
                self._tell(chunk, record, drafts)
                await asyncio.sleep(self._pause_s if self._grown else 0)
        except Exception as error:  # noqa: BLE001 - the record will be proven by itself, and fails by itself
            log_broken(error)
        finally:
            self._proving = None

    def _tell(self, chunk: Chunk, record: Record, drafts: Mapping[tuple[Section, ...], BaseModel]) -> None:
        """Tell of what was not told before, if it was not to be forgotten meanwhile."""
        stands = {section for sections in drafts for section in sections} - self._cut.get(chunk, set())
        for section, mark, entry in entries_of(record):
            if section not in stands:
                continue
            teller = next((one for one, told in self._told.items() if mark in told.get(section, ())), None)
            if teller is None:
                self._told.setdefault(chunk, {}).setdefault(section, set()).add(mark)
                self._hear(Found(section, entry))
            elif teller != chunk:
                self._silent.setdefault(teller, {})[chunk] = None


def entries_of(record: Record) -> Iterator[tuple[Section, object, dict[str, Any]]]:
    """Yield the entries of `record`: section, what tells an entry from others of its section, and the entry without an id and with names for ids."""
    lists = {section: [entry.model_dump(mode="json") for entry in getattr(record, section)] for section in Section}
    names = {entry["id"]: _name_of(entry) for entries in lists.values() for entry in entries}
    for section, entries in lists.items():
        for entry in entries:
            plain = {name: value for name, value in entry.items() if name != "id"}
            for name in REFERENCES[section]:
                value = plain[name]
                plain[name] = [names[one] for one in value] if isinstance(value, list) else names.get(value)
            yield section, _mark_of(section, entry), plain


def _name_of(entry: Mapping[str, Any]) -> str:
    """Return what an entry is called where it has no id: its name, the expression of a time, the quote of a threat."""
    return str(entry.get("name") or entry.get("expression") or entry["evidence"][0]["quote"])


def _mark_of(section: Section, entry: Mapping[str, Any]) -> object:
    if section == Section.ACTORS:
        return entry["name"]
    proof = entry["evidence"][0]
    return proof["start"], proof["end"], entry.get("category")
