"""llama.cpp driven directly: a call is written and its answer read, and nothing more."""

import json
import time
from dataclasses import dataclass
from typing import Any

import httpx2

from benchmarks.quality.engine import Endpoint
from service.errors import SetupError
from service.models.base import ModelCall
from service.models.openai import SEED

_TIMEOUT_S = 600
_DATA = b"data: "
#: What stands in an event in which the model says something.
_SAYS = b'"content":"'


@dataclass(frozen=True, slots=True)
class Written:
    """An answer, as far as its cost goes."""

    #: Seconds until its first token; until its end, where it came as a whole.
    first_s: float
    completion: int
    prompt: int
    #: Of the tokens that were read, those that had been kept.
    cached: int
    #: Seconds that the engine counts as its own.
    counted_s: float


def body_of(call: ModelCall, model: str) -> dict[str, Any]:
    """Return the body with which the embedded model's adapter makes a `call`."""
    body = {
        "model": model,
        "messages": [*call.messages],
        "temperature": 0,
        "seed": SEED,
        "max_completion_tokens": call.max_completion_tokens,
        "cache_prompt": True,
        "timings_per_token": True,
        **call.shape,
    }
    streams = call.repeats is not None or call.heard is not None
    return body | ({"stream": True, "stream_options": {"include_usage": True}} if streams else {})


async def ask(endpoint: Endpoint, body: dict[str, Any]) -> Written:
    """Return what was written.

    Raises:
        SetupError: The engine refuses.
    """
    headers = {"Authorization": f"Bearer {endpoint.key}"}
    # Plain HTTP to this machine: to read certificates takes 16 ms, which would count against it.
    async with httpx2.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, headers=headers, verify=False) as client:
        began = time.perf_counter()
        first_s, last = 0.0, b""
        async with client.stream("POST", f"{endpoint.base_url}/chat/completions", json=body) as reply:
            if not reply.is_success:
                raise SetupError(f"The engine answers {reply.status_code}.")
            if not body.get("stream"):
                return _written(time.perf_counter() - began, await reply.aread())
            async for line in reply.aiter_lines():
                event = line.encode()
                if not first_s and _SAYS in event and _SAYS + b'"' not in event:
                    first_s = time.perf_counter() - began
                if b'"usage"' in event:
                    last = event.removeprefix(_DATA)
    return _written(first_s or time.perf_counter() - began, last)


def _written(first_s: float, told: bytes) -> Written:
    """Return what an answer says that it took."""
    reply = json.loads(told or b"{}")
    usage = reply.get("usage") or {}
    details = usage.get("prompt_tokens_details") or {}
    cached, counted = details.get("cached_tokens", 0), counted_s(reply.get("timings"))
    return Written(first_s, usage.get("completion_tokens", 0), usage.get("prompt_tokens", 0), cached, counted)


def counted_s(timings: object) -> float:
    """Return the seconds that llama.cpp counts of an answer: reading and writing, without taking in the call and its grammar."""
    told = timings if isinstance(timings, dict) else {}
    return float(told.get("prompt_ms", 0) + told.get("predicted_ms", 0)) / 1_000
