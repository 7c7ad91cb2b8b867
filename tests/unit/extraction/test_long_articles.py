"""Long articles: 200,000 characters that are joined from articles whose gold is known give what these give one by one, at a cost that grows with the length."""

import asyncio
import json
import re
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openai.types.chat import ChatCompletion

from benchmarks.attacks.obeying import good_rows
from schemas.article import MAX_ARTICLE_CHARS, Article
from schemas.draft import Draft
from schemas.record import Record
from schemas.vocabulary import Section
from service.evaluation import gold
from service.extraction.people.names import actor_key
from service.extraction.pipeline import Extractor
from service.models.base import ModelCall
from service.models.openai import profile_for
from service.resilience.admission import Admission
from service.settings import Settings
from tests.unit.extraction.cost_parts import held_back
from tests.unit.extraction.extraction_parts import ScriptedModel, content_of, saying

ROOT = Path(__file__).parents[3]
#: Names that are nobody's, which each copy of an article has in another form, so that its actors are others.
INVENTED = re.compile(
    r"\b(Seyidzade|Kamran|Nuryev|Batyr|Korkut|Selma|Ferhat|Leyla|Serikbai|Daulet|Tamar|Valkan|Idris|Stromme|Helga|Belcara|Kelmond|Sarvian?|Lanz|Petra|Okker|Tomas|Wardell|Ines|Htun|Zeya)"
)
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
#: What proves an entry.
PROOF = {"actors": "name", "targets": "name", "threats": "quote", "timelines": "expression", "commitments": "quote"}
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@cache
def copies(characters: int) -> list[tuple[str, Rows]]:
    """Return articles of about so many characters together, each with what is in it."""
    english = [article for article in gold.load(ROOT / "benchmarks" / "gold") if article.language == "en"]
    found: list[tuple[str, Rows]] = []
    left = characters
    for syllable in SYLLABLES:
        for article in english:
            left -= len(article.text) + 40
            if left < 0 and found:
                return found
            found.append((renamed(article.text, syllable), json.loads(renamed(json.dumps(good_rows(article.annotation)), syllable))))
    return found


def renamed(words: str, syllable: str) -> str:
    """Return `words` with all invented names in another form."""
    return INVENTED.sub(lambda match: match[1][:-1] + syllable, words)


class GoldModel(ScriptedModel):
    """Answers about each piece what the gold has of the articles that are in it, wholly or in part."""

    def __init__(self, known: Sequence[tuple[str, Rows]]) -> None:
        """Know what is in all articles."""
        super().__init__(profile=profile_for(Settings()))
        self._known = [(text.split("\n\n"), rows) for text, rows in known]

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Say what is in the piece."""
        self.calls.append(call)
        piece = content_of(call.messages[-1])
        lists: dict[str, dict[str, Any]] = {section: {} for section in PROOF}
        for paragraphs, rows in self._known:
            if not any(paragraph in piece for paragraph in paragraphs):
                continue
            for section, proof in PROOF.items():
                lists[section].update((row[proof], row) for row in rows[section] if row[proof] in piece and row[proof] not in lists[section])
        return saying(Draft.model_validate({section: [*rows.values()] for section, rows in lists.items()}).model_dump_json())


async def record_of(text: str, known: Sequence[tuple[str, Rows]]) -> Record:
    """Return the record of `text`."""
    article = Article(text=text, language="en", published="2027-03-12")
    extractor = Extractor(GoldModel(known), Settings(chunk_chars=24_000))
    return await extractor.extract(article, deadline_at=asyncio.get_running_loop().time() + 600, lanes=Admission(16).spare)


def marks(record: Record) -> set[tuple[str, ...]]:
    """Return what tells the entries of a record from others."""
    return {
        *(("actors", actor_key(one.name)) for one in record.actors),
        *(("targets", actor_key(one.name), one.category) for one in record.targets),
        *((section, one.evidence[0].quote) for section in ("threats", "timelines", "commitments") for one in getattr(record, section)),
    }


async def test_a_long_document_gives_what_its_articles_give() -> None:
    """At 200,000 characters: 95 of 100 entries of the articles alone, no actor twice, every quote in its place."""
    articles = copies(MAX_ARTICLE_CHARS)
    text = "\n\n".join(text for text, _ in articles)
    alone = set[tuple[str, ...]]().union(*[marks(await record_of(one, [(one, rows)])) for one, rows in articles])
    whole = await record_of(text, articles)
    found = marks(whole)
    keys = [actor_key(one.name) for one in whole.actors]

    assert len(text) > 190_000
    assert whole.extraction.chunks > 20
    assert [notice.code for notice in whole.warnings] == []
    assert len(found & alone) / len(alone) >= 0.95
    for section in PROOF:
        assert len({mark for mark in found & alone if mark[0] == section}) / len({mark for mark in alone if mark[0] == section}) >= 0.95, section
    assert len(keys) == len(set(keys))
    proofs = [evidence for section in Section for one in getattr(whole, section) for evidence in getattr(one, "evidence", None) or one.mentions]
    assert all(text[one.start : one.end] == one.quote for one in proofs)


@pytest.mark.cost
async def test_the_cost_grows_with_the_length(record_property: Callable[[str, object], None]) -> None:
    """Ten times the text takes at most 15 times the processor's time, and twelve times the memory."""
    seconds, peaks = {}, {}
    for characters in (2_000, 20_000, MAX_ARTICLE_CHARS):
        articles = copies(characters)
        text = "\n\n".join(text for text, _ in articles)[:characters]
        took = []
        for _ in range(3):
            with held_back():
                began = time.process_time()
                await record_of(text, articles)
                took.append(time.process_time() - began)
        seconds[characters] = min(took)
    for characters in (20_000, MAX_ARTICLE_CHARS):
        articles = copies(characters)
        tracemalloc.start()
        await record_of("\n\n".join(text for text, _ in articles), articles)
        peaks[characters] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    record_property("seconds, bytes", f"{seconds}, {peaks}")
    assert seconds[20_000] < 15 * max(seconds[2_000], 0.02)
    assert seconds[MAX_ARTICLE_CHARS] < 15 * max(seconds[20_000], 0.2)
    assert peaks[MAX_ARTICLE_CHARS] < 12 * peaks[20_000]
