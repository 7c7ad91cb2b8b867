"""The results for people: tables on the terminal, the page docs/benchmarks/speed.md and its chart."""

import math
from collections.abc import Callable, Iterable
from importlib.resources import files
from statistics import median

from jinja2 import Environment, StrictUndefined

from benchmarks.quality.report import Table
from benchmarks.speed import asked
from benchmarks.speed.article import VARIANTS
from benchmarks.speed.chart import Panel, chart
from benchmarks.speed.contestants import CONTESTANTS, VIGIE
from benchmarks.speed.results import STUB, Embedded, Measured, Spread, spread_of
from benchmarks.speed.stages import DETERMINISTIC, STAGES

_SUM = "all of them"


def page(measured: Measured) -> str:
    """Return the page that tells the results."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - no HTML
    template = environment.from_string(files("benchmarks.speed").joinpath("report.md").read_text(encoding="utf-8"))
    return template.render(measured=measured, tables=TABLES, embedded=embedded, contestants=CONTESTANTS, variants=VARIANTS)


def lines(measured: Measured) -> str:
    """Return the figures as plain lines, without a newline at the end."""
    told = [shown.plain() for table in TABLES.values() if (shown := table(measured)).rows]
    return "\n\n".join([*told, embedded(measured.embedded).plain()] if measured.embedded else told)


def picture(measured: Measured) -> str:
    """Return the chart."""
    first = f"{measured.plan.rates[0]:g} a second"
    shown = (
        (f"p50 in ms, instant upstream, {first}", "p50_ms_0", "{:.1f}"),
        (f"p99 in ms, instant upstream, {first}", "p99_ms_0", "{:.1f}"),
        ("requests a second, instant upstream", "rps", "{:.0f}"),
        ("processor time of a request, in ms", "cpu_ms", "{:.1f}"),
        ("idle memory, in MiB", "idle_mib", "{:.0f}"),
        ("peak memory, in MiB", "peak_mib", "{:.0f}"),
        ("from start to ready, in s", "cold_s", "{:.2f}"),
        ("import, in s", "import_s", "{:.2f}"),
    )
    names = [(letter, contestant.called) for letter, contestant in CONTESTANTS.items() if letter in measured.turns]
    panels = [Panel(title, [(called, measured.spread(letter, figure)) for letter, called in names], form) for title, figure, form in shown]
    return chart(panels, CONTESTANTS[VIGIE].called)


def quick(measured: Measured) -> Table:
    """Return what was seen in front of an endpoint that answers at once."""
    latencies = [
        (f"{name} at {rate:g} a second, ms", f"{name}_ms_{place}", "{:.1f}") for place, rate in enumerate(measured.plan.rates) for name in ("p50", "p99")
    ]
    return _table(measured, "instant upstream", (*latencies, ("requests a second", "rps", "{:.0f}"), ("processor time of a request, ms", "cpu_ms", "{:.1f}")))


def slow(measured: Measured) -> Table:
    """Return what was seen in front of an endpoint that takes its time."""
    plan = measured.plan
    rows = (
        (f"p50 with {plan.in_flight} in flight, s", "slow_p50_s", "{:.3f}"),
        ("of the time not the upstream's, %", "ours", "{:.2%}"),
        (f"the last of {plan.burst} at once, s", "burst_s", "{:.2f}"),
    )
    return _table(measured, f"{plan.slow_s:g} s upstream", rows)


def standing(measured: Measured) -> Table:
    """Return what was seen without any load, and the memory that load took."""
    rows = (
        ("import, s", "import_s", "{:.2f}"),
        ("from start to ready, s", "cold_s", "{:.2f}"),
        ("idle memory, MiB", "idle_mib", "{:.0f}"),
        ("peak memory, MiB", "peak_mib", "{:.0f}"),
    )
    return _table(measured, "without load", rows)


def faults(measured: Measured) -> Table:
    """Return what went wrong, and whether each request was one call of the endpoint; over all rounds."""
    letters = _letters(measured)
    failures = [(name, [f"{measured.total(letter, figure):.0f}" for letter in letters]) for name, figure in _FAILURES]
    calls = ("calls for a request", [_number(measured.spread(letter, "calls").middle, "{:.2f}") for letter in letters])
    return Table(("faults", *_called(letters)), tuple((name, *cells) for name, cells in (*failures, calls)))


_FAILURES = (("failed, instant upstream", "failed"), ("failed, slow upstream", "slow_failed"), ("failed of those at once", "burst_failed"))


def stages(measured: Measured) -> Table:
    """Return what each of Vigie's stages takes of the processor, in milliseconds, and what is left of a whole request."""
    spreads = [(stage, spread_of(measured.stages[stage])) for stage in STAGES if stage in measured.stages]
    total, whole = sum(spread.middle for _, spread in spreads), measured.spread(VIGIE, "cpu_ms").middle
    rows = [(stage, _spread(spread, "{:.2f}"), "yes" if stage in DETERMINISTIC else "") for stage, spread in spreads]
    proven = sum(median(measured.stages[stage]) for stage in DETERMINISTIC if stage in measured.stages)
    sums = [
        (_SUM, f"{total:.2f}", ""),
        ("of them deterministic", f"{proven:.2f}", ""),
        ("the server, the door, the log: the rest of a request", _number(whole - total, "{:.2f}"), ""),
    ]
    return Table(("processor time of a stage, ms", "", "needs no model"), (*rows, *sums))


def embedded(told: Embedded) -> Table:
    """Return the embedded model beside llama.cpp."""
    shown = (
        ("first token, s", "first_s", "{:.3f}"),
        ("tokens a second", "rate", "{:.2f}"),
        ("tokens a second, each heard as it is written", "followed", "{:.2f}"),
        ("of the time not llama.cpp's by its own count, %", "beyond", "{:.2%}"),
    )
    rows = [(name, *(_spread(spread_of(getattr(side, figure)), form) for side in (told.direct, told.ours)), "") for name, figure, form in shown]
    shares = {1: told.ratio, 2: told.followed_ratio}
    return Table(
        ("embedded model", "llama.cpp directly", "Vigie", "share"),
        (
            *((*row[:3], f"{shares[place]:.3f}" if place in shares else "") for place, row in enumerate(rows)),
            ("of the tokens read, kept from before", f"{told.direct.kept:.1%}", f"{told.ours.kept:.1%}", ""),
            *((f"two at once, {slots} slot{'s' if slots != '1' else ''}, tokens a second", f"{rate:.2f}", "", "") for slots, rate in told.slots.items()),
        ),
    )


def _table(measured: Measured, head: str, rows: Iterable[tuple[str, str, str]]) -> Table:
    letters = [*_letters(measured), *([STUB] if STUB in measured.turns else [])]
    cells = tuple((name, *(_spread(measured.spread(letter, figure), form) for letter in letters)) for name, figure, form in rows)
    return Table((head, *_called(letters)), cells)


def _letters(measured: Measured) -> list[str]:
    return [letter for letter in CONTESTANTS if letter in measured.turns]


def _called(letters: Iterable[str]) -> list[str]:
    return [f"({letter}) {CONTESTANTS[letter].called}" if letter in CONTESTANTS else "nobody between" for letter in letters]


def _spread(spread: Spread, form: str) -> str:
    if math.isnan(spread.middle):
        return "-"
    return f"{form.format(spread.middle)} ({form.format(spread.low)} to {form.format(spread.high)})"


def _number(value: float, form: str) -> str:
    return "-" if math.isnan(value) else form.format(value)


#: What the page shows, in its order on the terminal.
TABLES: dict[str, Callable[[Measured], Table]] = {
    "asked": asked.table,
    "quick": quick,
    "slow": slow,
    "standing": standing,
    "faults": faults,
    "stages": stages,
}
