"""One turn: one of those who are measured is started, loaded in several ways, looked at, and ended."""

import asyncio
import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.quality.children import Child
from benchmarks.speed.callers import Busy, keep_busy
from benchmarks.speed.contestants import Contestant
from benchmarks.speed.footprint import footprint
from benchmarks.speed.serving import Serving, get, import_s, serving
from tests.rig.open_load import Latencies, Load, Outcome, offer

#: What is measured, by name; milliseconds, seconds and mebibytes as the names say.
Figures = dict[str, float]

#: After it is ready, before its memory is looked at.
_SETTLES_S = 1
_MS = 1_000
#: Of the buckets of Vigie's own measure of how late its loop is, that of 50 ms, and all.
_LATE = re.compile(rb'^vigie_event_loop_lag_seconds_bucket\{le="(0\.05|\+Inf)"\} ([0-9.]+)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Plan:
    """How each is loaded."""

    #: Requests a second, below what any can do.
    rates: tuple[float, ...]
    #: How long each load lasts.
    seconds: float
    #: Those who ask again as soon as they are answered.
    callers: int
    #: Seconds that the slow endpoint takes, and requests that it has under way at any time.
    slow_s: float
    in_flight: int
    #: Requests that come at once.
    burst: int


class Stub:
    """The endpoint, as its controls."""

    def __init__(self, child: Child, address: str) -> None:
        """Keep both."""
        self._child, self.address = child, address

    async def answers_after(self, seconds: float) -> int:
        """Have answers take so long from now on; return how many calls there were."""
        await self._child.tell({"delay_s": seconds})
        calls: int = json.loads(await self._child.answer())["calls"]
        return calls


async def turn(contestant: Contestant, plan: Plan, stub: Stub, folder: Path, cores: Collection[int] = ()) -> Figures:
    """Return what is seen of the `contestant` when it is started and loaded by the `plan`.

    Raises:
        SetupError: It does not serve.
    """
    figures = {"import_s": await import_s(contestant, folder, cores)}
    await stub.answers_after(0)
    async with serving(contestant, f"{stub.address}/v1", folder, cores) as one:
        await asyncio.sleep(_SETTLES_S)
        figures |= {"cold_s": one.cold_s, "idle_mib": footprint(one.pid).resident_mib}
        figures |= await _quick(contestant, plan, stub, one)
        figures |= {"peak_mib": footprint(one.pid).peak_mib}
        figures |= await _slow(contestant, plan, stub, one.address)
        figures |= await _late(one.address)
    return figures


async def direct(contestant: Contestant, plan: Plan, stub: Stub) -> Figures:
    """Return the same of the endpoint itself, asked as the `contestant` is: what the loads cost without anybody between."""
    await stub.answers_after(0)
    figures = {name: value for name, value in (await _steady(contestant, plan, stub.address)).items() if name != "asked"}
    busy = await keep_busy(contestant, stub.address, plan.callers, plan.seconds)
    return figures | {"rps": busy.answered / busy.seconds} | await _slow(contestant, plan, stub, stub.address)


async def _quick(contestant: Contestant, plan: Plan, stub: Stub, one: Serving) -> Figures:
    """Load it in front of an endpoint that answers at once."""
    await keep_busy(contestant, one.address, 2, plan.seconds / 4)  # what first requests cost no other does
    calls = await stub.answers_after(0)
    figures = await _steady(contestant, plan, one.address)
    before = footprint(one.pid).cpu_s
    busy = await keep_busy(contestant, one.address, plan.callers, plan.seconds, first=1_000_000)
    cpu_s, made = footprint(one.pid).cpu_s - before, await stub.answers_after(0) - calls
    asked = figures["asked"] + busy.answered + busy.failed
    return {
        **{name: value for name, value in figures.items() if name != "asked"},
        "rps": busy.answered / busy.seconds,
        "cpu_ms": _each(cpu_s * _MS, busy),
        "failed": figures["failed"] + busy.failed,
        # Less would say that somebody else answered, more that it was asked again.
        "calls": made / asked if asked else math.nan,
    }


async def _steady(contestant: Contestant, plan: Plan, address: str) -> Figures:
    """Return latencies at each of the rates."""
    figures, failed, asked = Figures(), 0, 0
    for place, rate in enumerate(plan.rates):
        load = Load(f"{address}{contestant.path}", contestant.request, rate, plan.seconds)
        outcome = await offer(load)
        told = outcome.accepted
        figures |= {f"p50_ms_{place}": told.percentile(50) * _MS, f"p99_ms_{place}": told.percentile(99) * _MS, f"late_ms_{place}": outcome.late_s * _MS}
        failed, asked = failed + _failed(outcome), asked + len(outcome.shots)
    return figures | {"failed": failed, "asked": asked}


async def _slow(contestant: Contestant, plan: Plan, stub: Stub, address: str) -> Figures:
    """Load it in front of an endpoint that takes its time."""
    await stub.answers_after(plan.slow_s)
    url = f"{address}{contestant.path}"
    # So many are in flight from the moment on at which the first would be answered.
    steady = await offer(Load(url, contestant.request, plan.in_flight / plan.slow_s, plan.seconds + plan.slow_s, timeout_s=30))
    full = Latencies(sorted(shot.latency for shot in steady.shots if shot.accepted and shot.scheduled >= plan.slow_s))
    burst = await offer(Load(url, contestant.request, rate=plan.burst * 20, seconds=1 / 20, timeout_s=60, connections=plan.burst))
    total = sum(full.seconds)
    return {
        "slow_p50_s": full.percentile(50),
        "ours": 1 - len(full.seconds) * plan.slow_s / total if total else math.nan,
        "slow_failed": _failed(steady),
        "burst_s": burst.accepted.percentile(100),
        "burst_failed": _failed(burst),
    }


async def _late(address: str) -> Figures:
    """Return the share of looks at which the loop was more than 50 ms late, of one that tells."""
    parts = urlsplit(address)
    try:
        _, body = await get(f"http://{parts.netloc}", "/metrics")
    except (OSError, EOFError, ValueError):
        return {}
    looks = {name: float(value) for name, value in _LATE.findall(body)}
    total = looks.get(b"+Inf", 0)
    return {"stalls": 1 - looks.get(b"0.05", 0) / total} if total else {}


def _failed(outcome: Outcome) -> int:
    return sum(not shot.accepted for shot in outcome.shots)


def _each(total: float, busy: Busy) -> float:
    asked = busy.answered + busy.failed
    return total / asked if asked else math.nan
