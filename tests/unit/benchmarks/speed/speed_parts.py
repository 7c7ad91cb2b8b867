"""The parts that tests of the speed benchmark share."""

from benchmarks.speed.machine import Machine
from benchmarks.speed.results import STUB, Embedded, Measured, Side
from benchmarks.speed.stages import STAGES
from benchmarks.speed.turn import Figures, Plan

PLAN = Plan(rates=(10, 20), seconds=10, callers=16, slow_s=2, in_flight=20, burst=200)
MACHINE = Machine("A processor", 2, 24, "Linux 6", "3.11.7", "abc", {"vigie": "0.1", "openai": "3.3.0"})
EMBEDDED = Embedded(
    "tiny",
    Side([0.5, 0.7], [9.8, 9.9], [9.6, 9.7], [0.02, 0.03], 100, 90),
    Side([0.5, 0.6], [10, 10], [10, 10], [0.01, 0.01], 100, 92),
    12,
    {"1": 10.0, "2": 12.0},
)


def figures(p50: float, **others: float) -> Figures:
    """Return the figures of a round in which everything went well, each as good as the median latency."""
    told = {"p50_ms_0": p50, "p99_ms_0": 3 * p50, "p50_ms_1": p50, "p99_ms_1": 3 * p50, "rps": 1_000 / p50, "cpu_ms": p50, "calls": 1, "failed": 0}
    slow = {"slow_p50_s": 2 + p50 / 1_000, "ours": p50 / 2_000, "burst_s": 2.5, "slow_failed": 0, "burst_failed": 0}
    return told | slow | {"import_s": p50 / 10, "cold_s": p50 / 10, "idle_mib": 10 * p50, "peak_mib": 20 * p50} | others


def measured(vigie: float = 14, rounds: int = 7, **others: float) -> Measured:
    """Return what was seen of all, of Vigie with this median latency; some rounds are a little slower."""
    medians = {"a": 4, "b": 12, "c": 10, "d": 8, STUB: 1}
    turns = {letter: [figures(p50 + number / 10) for number in range(rounds)] for letter, p50 in medians.items()}
    turns["e"] = [figures(vigie + number / 10, stalls=0.01, **others) for number in range(rounds)]
    letters = (*"abcde", STUB)
    seen = {letter: turns[letter] for letter in letters}
    return Measured(MACHINE, PLAN, "--seconds 10", {"litellm": "1.2"}, seen, {stage: [1.0, 2.0, 3.0] for stage in STAGES}, (37, 40), EMBEDDED)
