"""The model of our own: llama.cpp in a process of its own, watched and restarted."""

import asyncio
import json
import logging
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openai.types.chat import ChatCompletion

from service.errors import ModelError, ModelLoading, ModelUnavailable, SetupError, UpstreamInterrupted, UpstreamUnavailable
from service.models.base import ModelCall, OutputMode, Profile
from service.models.engine import NOT_INSTALLED, available_cores
from service.models.openai import Dialect, OpenAIModel, client_for
from service.models.progress import shown
from service.models.watching import NOBODY, Watch
from service.models.weights import PINNED, Weights, fetch
from service.settings import Settings

logger = logging.getLogger(__name__)

ENGINE = (sys.executable, "-m", "service.models.engine")

#: Tokens of a conversation and its answer. A token of state takes 28 KiB, so this takes 450 MiB.
CONTEXT = 16_384

#: What this model was seen to do well in a time that a caller waits (docs/decisions/0003-reading-with-a-small-model.md): a paragraph at a time, one section
#: after the other, in rows of the fields that it gets right, in words that a grammar takes from the article.
PROFILE = Profile(
    chunk_chars=1500,
    section_by_section=True,
    max_completion_tokens=700,
    reask_quotes=False,
    concurrency=1,
    rows={
        "actors": ("name", "kind"),
        "targets": ("name", "kind", "status", "by"),
        "threats": ("quote", "by", "against", "basis", "kind", "means", "action"),
        "timelines": ("expression", "direction", "event"),
        "commitments": ("quote", "speakers", "beneficiaries", "kind", "polarity", "commitment"),
    },
    row_caps={"actors": 14, "targets": 10, "threats": 6, "timelines": 12, "commitments": 8},
)

#: Counts come with every token, so that they are known of an answer that is cut; the state of the shared prefix is kept between calls.
_LLAMA = Dialect(extra={"cache_prompt": True, "timings_per_token": True}, streams=True)

#: For the engine to end by itself.
_FAREWELL_S = 0.5

#: What nobody would say when asked for a number; said all the same, it shows that the engine obeys a grammar. Builds that cannot read one ignore it in silence.
_PASSWORD = "zq-7#vigie"  # noqa: S105 - no secret
_SELF_TEST = ModelCall(
    messages=({"role": "user", "content": "How much is one and one?"},),
    shape={"grammar": f'%llguidance {{}}\nstart: "{_PASSWORD}"\n'},
    max_completion_tokens=32,
)


@dataclass(frozen=True, slots=True)
class Engine:
    """What is run, and what it loads if the settings name no file."""

    command: Sequence[str] = ENGINE
    weights: Weights = PINNED


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the engine, in seconds, and how often to try."""

    #: Loading a gigabyte from a slow disk, and reading the shared prefix on slow cores.
    ready_s: float = 600
    #: Deaths within the window after which it is given up: a crash that repeats would only burn the cores.
    deaths: int = 5
    window_s: float = 600
    #: Before the first restart; doubled with each further one.
    backoff_s: float = 1
    #: Between asking it to end and ending it.
    grace_s: float = 5


class EmbeddedModel:
    """The embedded model. Making one takes nothing; `start` fetches the weights and starts the engine, in the background."""

    def __init__(
        self,
        settings: Settings,
        *,
        prefix: Sequence[Mapping[str, Any]] = (),
        engine: Engine = Engine(),
        patience: Patience = Patience(),
        watch: Watch = NOBODY,
    ) -> None:
        """Keep what to run.

        Args:
            settings: Where the weights are.
            prefix: Messages with which every conversation begins; read before the model says that it is ready.
            engine: What to run.
            patience: How long to wait for it.
            watch: Is told of its restarts.
        """
        self.name = settings.embedded_model.stem if settings.embedded_model else engine.weights.name
        self.profile, self.output_mode = PROFILE, OutputMode.JSON_SCHEMA
        self._settings, self._prefix, self._engine, self._patience, self._watch = settings, tuple(prefix), engine, patience, watch
        self._endpoint: OpenAIModel | None = None
        #: Why there is no endpoint.
        self._fault: ModelError = ModelLoading()
        self._task: asyncio.Task[None] | None = None
        self._closing = threading.Event()

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion. Cancelling this frees the engine at once.

        Raises:
            ModelError: There is none.
            ArticleTooLong: The conversation is longer than the context.
        """
        try:
            return await self._ready().complete(call)
        except UpstreamInterrupted:
            ended = UpstreamUnavailable("The engine of the embedded model ended.", retry_after_s=10)
        raise ended

    async def check(self) -> None:
        """Return if the engine is ready.

        Raises:
            ModelLoading: Not yet, or not again.
            ModelUnavailable: And it will not be.
        """
        self._ready()

    async def start(self) -> None:
        """Begin to fetch the weights and to start the engine."""
        if self._task is None:
            self._task = asyncio.create_task(self._supervise())

    async def close(self) -> None:
        """End the engine."""
        self._closing.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _ready(self) -> OpenAIModel:
        if self._endpoint is None:
            raise self._fault.with_traceback(None)  # it is raised many times, and would gather the frames of all
        return self._endpoint

    async def _supervise(self) -> None:
        try:
            path = await asyncio.to_thread(self._fetched)
            await self._keep_alive(path)
        except ModelUnavailable as fault:
            self._fault = fault
        except SetupError as fault:
            self._fault = ModelUnavailable(fault.detail)
        except Exception as fault:  # noqa: BLE001 - the edge of the task: whatever it is, callers must not be told to wait
            self._fault = ModelUnavailable(f"The engine cannot be run ({type(fault).__name__}).")
        logger.error("model-unavailable", extra={"reason": self._fault.detail})

    def _fetched(self) -> Path:
        """Fetch the weights, in a thread."""
        size = self._engine.weights.size
        with shown("weights", size) as show:

            def progress(done: int) -> None:
                if self._closing.is_set():
                    raise SetupError("The service is closing.")
                self._fault = ModelLoading(f"The weights are being fetched: {done * 100 // size} % are there.", retry_after_s=30)
                show(done)

            path = fetch(self._settings, progress, weights=self._engine.weights)
        self._fault = ModelLoading()
        return path

    async def _keep_alive(self, path: Path) -> None:
        deaths: deque[float] = deque()
        while True:
            # It died, or hung, on its way to being ready: a death as any other.
            with suppress(UpstreamUnavailable, UpstreamInterrupted, ConnectionError, TimeoutError):
                await self._live(path)
            self._fault = ModelLoading("The engine is being restarted.", retry_after_s=10)
            now = time.monotonic()
            deaths.append(now)
            while deaths[0] < now - self._patience.window_s:
                deaths.popleft()
            if len(deaths) > self._patience.deaths:
                raise ModelUnavailable(f"The engine ended {len(deaths)} times in {self._patience.window_s:.0f} s and was given up.")
            logger.warning("engine-ended", extra={"deaths": len(deaths)})
            self._watch.restarted()
            await asyncio.sleep(self._patience.backoff_s * 2 ** (len(deaths) - 1))

    async def _live(self, path: Path) -> None:
        """Lead the engine through one life: return when it has ended."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._engine.command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL)
        endpoint: OpenAIModel | None = None
        try:
            async with asyncio.timeout(self._patience.ready_s):
                endpoint = await self._greet(process, path)
                await self._prepare(endpoint)
            self._endpoint = endpoint
            logger.info("model-ready", extra={"model": self.name})
            await process.wait()
        finally:
            self._endpoint = None
            if endpoint is not None:
                await endpoint.close()
            await self._end(process)

    async def _greet(self, process: asyncio.subprocess.Process, path: Path) -> OpenAIModel:
        """Tell the engine what to serve; return the way to it."""
        key = secrets.token_urlsafe(32)
        config = {"model": str(path), "alias": self.name, "context": CONTEXT, "threads": available_cores(), "parallel": 1, "key": key}
        if process.stdin is None or process.stdout is None:  # pragma: no cover - both are pipes; the types cannot say so
            raise ConnectionError
        process.stdin.write(json.dumps(config).encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise ConnectionError
        answer = json.loads(line)
        if "error" in answer:
            missing = answer["error"] == NOT_INSTALLED
            without = "xllamacpp cannot be imported: install the extra `embedded`, and libgomp (Debian: libgomp1)."
            raise ModelUnavailable(without if missing else "The file of weights cannot be loaded.")
        client = client_for(f"{answer['address']}/v1", key, read_timeout_s=self._settings.max_deadline_s)
        return OpenAIModel(client, name=self.name, profile=self.profile, output_mode=self.output_mode, dialect=_LLAMA)

    async def _prepare(self, endpoint: OpenAIModel) -> None:
        """See that the engine answers and obeys a grammar, and let it read the prefix that all conversations share."""
        completion = await endpoint.complete(_SELF_TEST)
        if completion.choices[0].message.content != _PASSWORD:
            raise ModelUnavailable("The engine does not obey a grammar.")
        if self._prefix:
            await endpoint.complete(ModelCall(messages=self._prefix, shape={}, max_completion_tokens=1))

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is not None:
            process.stdin.close()
        # The end of its input ends it, unless it is loading; a signal to a process that has ended unseen would make its status unknown.
        for ask, wait_s in ((process.terminate, min(_FAREWELL_S, self._patience.grace_s)), (process.kill, self._patience.grace_s)):
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), wait_s)
                return
            ask()
        await process.wait()
