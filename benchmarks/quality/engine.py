"""An engine for whoever is compared with Vigie: the program, the weights and the settings of the embedded model's own."""

import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.quality.children import child
from service.errors import SetupError
from service.models.embedded import CONTEXT, ENGINE
from service.models.engine import available_cores


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine answers, as OpenAI does."""

    base_url: str
    key: str = field(repr=False)
    model: str


@asynccontextmanager
async def engine(weights: Path, name: str, command: Sequence[str] = ENGINE) -> AsyncIterator[Endpoint]:
    """Yield an engine that serves `weights` under the `name`, and end it.

    Raises:
        SetupError: It does not start.
    """
    key = secrets.token_urlsafe(32)
    async with child(*command) as process:
        await process.tell({"model": str(weights), "alias": name, "context": CONTEXT, "threads": available_cores(), "parallel": 1, "key": key})
        answer = json.loads(await process.answer())
        if "address" not in answer:
            raise SetupError(f"The engine does not start: {answer.get('error')}.")
        yield Endpoint(f"{answer['address']}/v1", key, name)
