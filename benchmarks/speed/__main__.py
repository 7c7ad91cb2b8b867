"""`python -m benchmarks.speed`: the command."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.speed.contestants import CONTESTANTS
from benchmarks.speed.embedded import compare
from benchmarks.speed.measure import Order, measure
from benchmarks.speed.report import lines, page, picture
from benchmarks.speed.results import MEASURED, Embedded, Measured
from benchmarks.speed.turn import Plan
from service import logs
from service.cli.proceeding import March, proceeding
from service.cli.readying import until_terminated
from service.cli.terminal import put, say
from service.errors import SetupError, VigieError
from service.settings import Settings, settings_of_process

OUT, _RESULTS = Path("build/bench-speed"), "results.json"
#: Written only by a run with all of them and at least so many rounds.
PAGE, CHART, ROUNDS = Path("docs/benchmarks/speed.md"), Path("docs/benchmarks/speed.svg"), 7

_RATES, _SECONDS = (10.0, 20.0), 10.0
_SLOW_S, _IN_FLIGHT, _BURST, _CALLERS, _REPEATS = 2.0, 20, 200, 16, 200
#: The least that shows that all of it works.
_QUICK = Plan(rates=(10,), seconds=0.5, callers=2, slow_s=0.2, in_flight=4, burst=20)
_QUICK_REPEATS = 3
#: The embedded model and nothing else.
_ALONE = "alone"


#: Compares the embedded model with llama.cpp, in so many rounds.
Compare = Callable[[Settings, int, March], Awaitable[Embedded]]


def main(argv: Sequence[str] | None = None, compare: Compare = compare) -> int:
    """Measure as `argv` (by default, the process's arguments) asks; return the exit code."""
    given = sys.argv[1:] if argv is None else argv
    arguments = _parser().parse_args(given)
    logs.configure("critical")
    try:
        measured = _again(arguments.out) if arguments.tell else asyncio.run(until_terminated(_measured(arguments, " ".join(given), compare)))
    except VigieError as error:
        say(error.detail)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        say("Interrupted; nothing is kept.")
        return 130
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / _RESULTS).write_bytes(MEASURED.dump_json(measured, indent=2))
    put(lines(measured))
    if set(measured.turns) >= set(CONTESTANTS) and measured.rounds >= ROUNDS:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(measured), encoding="utf-8")
        CHART.write_text(picture(measured), encoding="utf-8")
        say(f"{PAGE} is written.")
    return 0


async def _measured(arguments: argparse.Namespace, options: str, compare: Compare) -> Measured:
    letters = [letter for letter in CONTESTANTS if letter in arguments.subjects]
    plan = _QUICK if arguments.quick else Plan(arguments.rates, arguments.seconds, _CALLERS, _SLOW_S, _IN_FLIGHT, _BURST)
    rounds = 1 if arguments.quick else arguments.rounds
    order = Order(letters, rounds, plan, _QUICK_REPEATS if arguments.quick else _REPEATS, options)
    if arguments.embedded == _ALONE:
        others = _again(arguments.out)
        with proceeding(rounds + 1) as shown:
            return replace(others, embedded=await compare(settings_of_process(), rounds, shown))
    with proceeding(rounds * (len(letters) + 1)) as shown:
        embedded = await compare(settings_of_process(), rounds, shown) if arguments.embedded else None
        return await measure(order, shown, embedded)


def _again(folder: Path) -> Measured:
    """Return what was measured last.

    Raises:
        SetupError: Nothing was.
    """
    try:
        return MEASURED.validate_json((folder / _RESULTS).read_bytes())
    except (OSError, ValueError):
        raise SetupError(f"There is nothing to tell: {folder / _RESULTS} is missing or of another version.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description="Measure what Vigie adds to a model's own time, beside what a user would pick instead."
    )
    named = ", ".join(f"{letter}: {contestant.called}" for letter, contestant in CONTESTANTS.items())
    parser.add_argument("--subjects", type=_letters, default=tuple(CONTESTANTS), metavar="A,B", help=f"some of {named} (default: all)")
    parser.add_argument("--rounds", type=_count, default=ROUNDS, metavar="N", help="how often each is measured (default: %(default)s)")
    parser.add_argument("--seconds", type=_positive, default=_SECONDS, metavar="N", help="how long each load lasts (default: %(default)s)")
    parser.add_argument("--rates", type=_rates, default=_RATES, metavar="N,N", help="requests a second at which latencies are measured (default: 10,20)")
    told = f"measure the embedded model beside llama.cpp driven directly as well; `{_ALONE}`: that only, and keep the rest of what was measured last"
    parser.add_argument("--embedded", nargs="?", const="too", choices=("too", _ALONE), help=told)
    parser.add_argument("--out", type=Path, default=OUT, metavar="FOLDER", help="where the figures of each round are kept (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="the least that shows that all of it works; its figures say nothing")
    parser.add_argument("--tell", action="store_true", help="measure nothing, and tell again what was measured last")
    return parser


def _letters(value: str) -> tuple[str, ...]:
    """Return the letters that `value` names, with commas between them."""
    named = tuple(letter.strip() for letter in value.split(","))
    if not set(named) <= CONTESTANTS.keys():
        raise argparse.ArgumentTypeError(f"give some of {','.join(CONTESTANTS)}")
    return named


def _count(value: str) -> int:
    """Return the whole number above zero that `value` is."""
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("give at least 1")
    return number


def _positive(value: str) -> float:
    """Return the number above zero that `value` is."""
    number = float(value)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("give more than 0")
    return number


def _rates(value: str) -> tuple[float, ...]:
    """Return the rates that `value` names, with commas between them."""
    return tuple(_positive(rate) for rate in value.split(","))


if __name__ == "__main__":
    sys.exit(main())
