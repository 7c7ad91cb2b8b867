"""What Vigie is asked to show, and what was seen."""

import math
from dataclasses import dataclass

from benchmarks.quality.report import Table
from benchmarks.speed.contestants import LITELLM, LITESTAR, VIGIE
from benchmarks.speed.results import Measured
from benchmarks.speed.stages import DETERMINISTIC

#: Milliseconds beyond Litestar + Instructor; share of the time that is ours; times the same's import time and memory; seconds until it is ready; share of the
#: speed of llama.cpp driven directly.
BEYOND_MS, OURS, TIMES, READY_S, EMBEDDED = 10, 0.02, 1.5, 3, 0.97

#: Of a bound that hangs on who was not measured.
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing that is asked."""

    what: str
    #: In words, and whether it holds.
    bound: str
    seen: str
    shown: bool


def table(measured: Measured) -> Table:
    """Return what is asked, what was seen, and whether that is shown."""
    rows = tuple((one.what, one.bound, one.seen, "yes" if one.shown else "no") for one in bounds(measured))
    return Table(("asked of Vigie", "", "seen", "shown"), rows)


def bounds(measured: Measured) -> list[Bound]:
    """Return what is asked, of those who were measured; nothing of those who were not."""
    if VIGIE not in measured.turns:
        return []
    plan, slow = measured.plan, f"{measured.plan.slow_s:g} s upstream, {measured.plan.in_flight} in flight"
    p50, cpu = _of(measured, VIGIE, "p50_ms_0"), _of(measured, VIGIE, "cpu_ms")
    proxied = _of(measured, LITELLM, "p50_ms_0") + measured.stages_ms(DETERMINISTIC)
    ours, failed = _of(measured, VIGIE, "ours"), measured.total(VIGIE, "burst_failed")
    first = f"p50, instant upstream, {plan.rates[0]:g} a second"
    told = [
        _at_most(f"{first}: the LiteLLM proxy's and the deterministic stages", p50, proxied, "{:.1f} ms"),
        _at_most(f"{first}: Litestar + Instructor's and {BEYOND_MS} ms", p50, _of(measured, LITESTAR, "p50_ms_0") + BEYOND_MS, "{:.1f} ms"),
        _at_most(f"processor time of a request: Litestar + Instructor's and {BEYOND_MS} ms", cpu, _of(measured, LITESTAR, "cpu_ms") + BEYOND_MS, "{:.1f} ms"),
        _at_most(f"share of the time that is ours, {slow}", ours, OURS, "{:.2%}"),
        Bound(f"{plan.burst} at once, {plan.slow_s:g} s upstream: failures", "none", f"{failed:.0f}", not failed and not math.isnan(ours)),
        _at_most(
            f"import time: {TIMES} times Litestar + Instructor's", _of(measured, VIGIE, "import_s"), TIMES * _of(measured, LITESTAR, "import_s"), "{:.2f} s"
        ),
        _at_most(
            f"idle memory: {TIMES} times Litestar + Instructor's", _of(measured, VIGIE, "idle_mib"), TIMES * _of(measured, LITESTAR, "idle_mib"), "{:.0f} MiB"
        ),
        _at_most("from start to ready, without a model", _of(measured, VIGIE, "cold_s"), READY_S, "{:.2f} s"),
    ]
    if measured.embedded:
        ratio = measured.embedded.ratio
        told.append(Bound("embedded model: share of llama.cpp's own speed", f"at least {EMBEDDED}", f"{ratio:.3f}", ratio >= EMBEDDED))
    return [one for one in told if one.bound != UNKNOWN]


def _of(measured: Measured, letter: str, figure: str) -> float:
    return measured.spread(letter, figure).middle


def _at_most(what: str, seen: float, most: float, form: str) -> Bound:
    """Return a bound, which is unknown if those whose figure it is were not measured."""
    return Bound(what, UNKNOWN if math.isnan(most) else f"at most {form.format(most)}", form.format(seen), seen <= most)
