"""`python -m benchmarks.speed.stages BASE_URL REPEATS`: what each stage of Vigie takes of the processor for one article.

The stages are those of `service.extraction.pipeline`, called one after the other in one process, with the real client and an endpoint whose time is not ours.
It prints a line of JSON: by stage the milliseconds of each repeat, and how many entries the record has.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any

from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from benchmarks.speed.article import article
from schemas.record import Extraction, Record
from schemas.vocabulary import Section
from service.caching.answer import Answer
from service.extraction import prompting
from service.extraction.assembling import assemble
from service.extraction.chunking import Chunk, chunk
from service.extraction.context import contexts
from service.extraction.conversation import Conversation, Reading
from service.extraction.grounding import ground, quote_faults
from service.extraction.judging import judge
from service.extraction.pipeline import PROMPT, warm_up
from service.extraction.preparing import Prepared, prepare
from service.extraction.tally import Tally
from service.intake import JSON, article_of
from service.models.base import Model, ModelCall
from service.models.budget import Budget
from service.models.openai import openai_model
from service.models.spending import Spending, unheard
from service.settings import bare_settings

#: In their order. The model call is the client's part of it: the body written, the answer read.
STAGES = ("intake", "prepare", "chunk", "prompt", "model call", "parse", "check quotes", "ground", "judge", "assemble", "serialise")
#: What others do not do: all that needs no model, and is neither asking nor reading what it says.
DETERMINISTIC = ("prepare", "chunk", "check quotes", "ground", "judge", "assemble")

_WARM_UP = 5
_MS = 1_000


@dataclass
class Clock:
    """Milliseconds of the processor by stage, those of a stage within another counted once."""

    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: Callable[[], float] = time.process_time
    _inner_s: float = 0

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Count what happens meanwhile."""
        outer_s, self._inner_s = self._inner_s, 0
        began = self.seconds()
        yield
        took_s = self.seconds() - began
        self.ms[stage].append((took_s - self._inner_s) * _MS)
        self._inner_s = outer_s + took_s


class _Clocked:
    """A model whose calls are counted."""

    def __init__(self, model: Model, clock: Clock) -> None:
        self.name, self.profile, self.output_mode = model.name, model.profile, model.output_mode
        self.check, self.start, self.close = model.check, model.start, model.close
        self._model, self._clock = model, clock

    async def complete(self, call: ModelCall) -> ChatCompletion:
        with self._clock.of("model call"):
            return await self._model.complete(call)


async def read(body: bytes, model: Model, clock: Clock) -> Record:
    """Return the record of the article that `body` holds, as the pipeline makes it, with each stage on the `clock`."""
    sections = tuple(Section)
    with clock.of("intake"):
        received = article_of(body, JSON)
    with clock.of("prepare"):
        prepared = prepare(received)
    with clock.of("chunk"):
        chunks = chunk(prepared, model.profile.chunk_chars, model.profile.chunk_tokens)
    with clock.of("prompt"):
        prompt, tally, spending = prompting.load(PROMPT), Tally(), Spending(None, unheard)
        reading = Reading(
            prepared,
            sections,
            _Clocked(model, clock),
            prompt,
            partial(_faults, clock, prepared),
            Budget(asyncio.get_running_loop().time() + 60),
            spending,
            {},
            tally,
        )
        talks = [Conversation(reading, piece, known) for piece, known in zip(chunks, contexts(prepared, chunks), strict=True)]
    with clock.of("parse"):
        drafts = [(piece, answer) for piece, talk in zip(chunks, talks, strict=True) if (answer := await talk.ask(sections))]
    with clock.of("ground"):
        grounded = ground(tuple(drafts), prepared)
    with clock.of("judge"):
        judged = judge(grounded, prepared)
    with clock.of("assemble"):
        how = Extraction(
            model=model.name,
            prompt=prompt.name,
            prompt_sha256=prompt.sha256,
            sections=[*sections],
            calls=tally.calls,
            chunks=len(chunks),
            usage=spending.usage(),
        )
        record = assemble(prepared, grounded, judged, (), how)
    with clock.of("serialise"):
        Answer.of(record)
    return record


async def measure(base_url: str, repeats: int) -> Mapping[str, Any]:
    """Return the milliseconds of each stage, and the entries of the record."""
    model = openai_model(bare_settings(model="reader", openai_base_url=base_url))
    clock = Clock()
    try:
        for number in range(repeats + _WARM_UP):
            if number == _WARM_UP:
                clock.ms.clear()
            record = await read(json.dumps({"text": article(number)}).encode(), model, clock)
    finally:
        await model.close()
    return {"stages": {stage: clock.ms[stage] for stage in STAGES}, "entries": sum(len(getattr(record, section)) for section in Section)}


def _faults(clock: Clock, prepared: Prepared, answer: BaseModel, piece: Chunk) -> list[str]:
    with clock.of("check quotes"):
        return quote_faults(answer, piece, prepared=prepared)


if __name__ == "__main__":
    warm_up()
    seen = asyncio.run(measure(sys.argv[1], int(sys.argv[2])))
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stderr.write("".join(f"{stage:14}{median(ms):8.2f} ms\n" for stage, ms in seen["stages"].items()))
