"""The embedded model reads some of the pairs: as Vigie asks it, and as a naive question does, with the same weights."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attacks import heard, naive
from benchmarks.attacks.articles import Attack, attacks
from benchmarks.attacks.goals import Said, said_in
from benchmarks.attacks.heard import Heard, Kept, Reader
from benchmarks.attacks.naive import naive_at
from benchmarks.quality import keeping
from benchmarks.quality.answers import answer_of
from benchmarks.quality.engine import engine
from benchmarks.quality.journal import setting_of
from benchmarks.quality.vigie_itself import CountedModel
from schemas.article import Article
from service.cli.proceeding import March
from service.cli.readying import ready
from service.errors import VigieError
from service.evaluation.reading import Reading, of_record
from service.extraction.pipeline import Extractor, shared_prefix
from service.models.choosing import model_of
from service.models.weights import PINNED, weights_path
from service.settings import Settings

ROOT = Path(__file__).parents[2]
READERS: Mapping[str, str] = {"vigie": "Vigie", "naive": "a naive prompt"}

#: What the answers of each reader hang on beside the article and the weights, from the root of the checkout.
_FILES: Mapping[str, tuple[str, ...]] = {
    "vigie": keeping.FILES["vigie"],
    "naive": ("benchmarks/attacks/naive.py", "benchmarks/quality/instructor_alone.py", "service/models/engine.py", "requirements/dev.txt"),
}
_SEED = 20_270_312
#: Longer hostile articles are left to the scripted models: two cores read slowly.
_MOST_CHARS = 640
#: Longest time that Vigie gets for one article.
_DEADLINE_S = 240.0
#: What was seen on two cores: of the embedded model's engine, and of Vigie with it.
_READS_PER_S, _WRITES_PER_S, _VIGIE_S_PER_CHAR = 65, 23, 0.035
#: Characters of a token: fewer in languages that the model knows less of.
_CHARS_PER_TOKEN = 2.5


@dataclass(frozen=True, slots=True)
class Turn:
    """An article to be read by somebody, and the digest of what the answer hangs on."""

    reader: str
    article: Article
    digest: str

    @property
    def seconds(self) -> float:
        """How long that may take on two cores, at most."""
        if self.reader == "vigie":
            return len(self.article.text) * _VIGIE_S_PER_CHAR
        return len(naive.PROMPT + self.article.text) / _CHARS_PER_TOKEN / _READS_PER_S + naive.MAX_TOKENS / _WRITES_PER_S


def pairs(count: int) -> list[Attack]:
    """Return `count` attacks of the set, or as many as there are that are short: class by class in turn, of each the language that had its turn least."""
    # No secret hangs on it, and it must be the same each time.
    chance = random.Random(_SEED)  # noqa: S311
    short = [attack for attack in attacks() if len(attack.article().text) <= _MOST_CHARS]
    waiting = {kind: chance.sample(of_kind, len(of_kind)) for kind in dict.fromkeys(attack.kind for attack in short) if (of_kind := _of_kind(short, kind))}
    chosen: list[Attack] = []
    had: Counter[str] = Counter()
    while len(chosen) < count and any(waiting.values()):
        for of_kind in filter(None, waiting.values()):
            attack = min(of_kind, key=lambda one: had[one.language])
            of_kind.remove(attack)
            had[attack.language] += 1
            chosen.append(attack)
    return chosen[:count]


def turns(chosen: Iterable[Attack], settings: Mapping[str, str]) -> list[Turn]:
    """Return who reads what: pair after pair, the clean twin and the hostile article, another reader first each time. No article is read twice by the same."""
    told: dict[tuple[str, str], Turn] = {}
    for number, attack in enumerate(chosen):
        readers = [*settings] if number % 2 else [*settings][::-1]
        for reader in readers:
            for article in (attack.clean.request(), attack.article()):
                turn = Turn(reader, article, heard.digest_of(settings[reader], article))
                told.setdefault((reader, turn.digest), turn)
    return [*told.values()]


def settings_of(weights_sha256: str, root: Path = ROOT) -> dict[str, str]:
    """Return, of each reader, the digest of all that its answers hang on beside the article."""
    return {reader: setting_of(patterns, weights_sha256, root) for reader, patterns in _FILES.items()}


def minutes(waiting: Iterable[Turn]) -> float:
    """Return how many minutes `waiting` may take on two cores, at most."""
    return sum(turn.seconds for turn in waiting) / 60


@dataclass(frozen=True, slots=True)
class Desk:
    """Where readers come from, where their answers are kept, and when to stop."""

    reader_called: Callable[[str], AbstractAsyncContextManager[Reader]]
    path: Path
    #: On the clock of `time.monotonic`; None: when all is read.
    ends_at: float | None = None

    async def read(self, waiting: Sequence[Turn], shown: March) -> None:
        """Read what waits, one after the other, and keep each answer as soon as it is there.

        Raises:
            SetupError: A reader or its engine has ended.
        """
        async with AsyncExitStack() as stack:
            readers: dict[str, Reader] = {}
            for turn in waiting:
                if self.ends_at is not None and time.monotonic() >= self.ends_at:
                    return
                if turn.reader not in readers:
                    shown.begin(f"making {READERS[turn.reader]} ready")
                    readers[turn.reader] = await stack.enter_async_context(self.reader_called(turn.reader))
                answered = await readers[turn.reader].read(turn.article)
                heard.append(Kept(turn.reader, turn.digest, answered), self.path)
                failed = f", {answered.answer.failure}" if answered.answer.failure else ""
                shown.step(f"{READERS[turn.reader]}, {len(turn.article.text)} characters, {answered.answer.cost.seconds:.1f} s{failed}")


class VigieReader:
    """Reads articles as the service does."""

    def __init__(self, model: CountedModel, settings: Settings) -> None:
        """Keep the model."""
        self._model, self._extractor = model, Extractor(model, settings)

    async def read(self, article: Article) -> Heard:
        """Return what is said of `article`."""
        self._model.calls.clear()
        said, reading, failure = Said(), Reading(), None
        started = time.perf_counter()
        try:
            record = await self._extractor.extract(article, deadline_at=asyncio.get_running_loop().time() + _DEADLINE_S)
        except VigieError as error:
            failure = error.code
            said = Said(failure=failure)
        else:
            said, reading = said_in(record), of_record(record, article.text)
        return Heard(said, answer_of(reading, self._model.calls, time.perf_counter() - started, failure))


@asynccontextmanager
async def opened(reader: str, settings: Settings) -> AsyncIterator[Reader]:
    """Yield the reader that is called so, with an engine of its own.

    Raises:
        ModelError: The model cannot be loaded.
        SetupError: The engine does not start.
    """
    if reader == "naive":
        async with engine(weights_path(settings), PINNED.name) as endpoint, naive_at(endpoint) as asking:
            yield asking
        return
    model = CountedModel(model_of(settings, prefix=shared_prefix))
    try:
        await ready(model, lambda _line: None)
        yield VigieReader(model, settings)
    finally:
        await model.close()


def _of_kind(some: Sequence[Attack], kind: str) -> list[Attack]:
    return [attack for attack in some if attack.kind == kind]
