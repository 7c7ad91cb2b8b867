"""`python -m benchmarks.attacks`: the command."""

import argparse
import asyncio
import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.attacks import heard, live
from benchmarks.attacks.alarms import calm
from benchmarks.attacks.articles import Attack, attacks
from benchmarks.attacks.compared import Pair, pairs_of
from benchmarks.attacks.connections import watched
from benchmarks.attacks.containment import Bench, Trial
from benchmarks.attacks.live import Desk
from benchmarks.attacks.report import Results, lines, page
from service import logs
from service.cli.proceeding import March, proceeding
from service.cli.readying import fetch_weights, until_terminated
from service.cli.terminal import put, say
from service.errors import SetupError, VigieError
from service.models.engine import available_cores
from service.models.weights import PINNED, weights_path
from service.settings import Settings, settings_of_process

OUT = Path("build/bench-attacks")
#: Written only by a run over the whole set.
PAGE = Path("docs/benchmarks/attacks.md")


def main(argv: Sequence[str] | None = None) -> int:
    """Run as `argv` (by default, the process's arguments) asks; return the exit code: 1 if anything was not contained."""
    arguments = _parser().parse_args(argv)
    logs.configure("critical")
    try:
        results = _results(settings_of_process(), arguments)
    except VigieError as error:
        say(error.detail)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        say("Interrupted; what was read live is kept, and the same command goes on from there.")
        return 130
    put(lines(results))
    if arguments.each == 1:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(results), encoding="utf-8")
        say(f"{PAGE} is written.")
    return 1 if results.breaches or results.connections else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacks", description="Attack Vigie with hostile articles.")
    parser.add_argument("--live", type=_count, default=0, metavar="N", help="have the embedded model read N pairs, as Vigie asks it and as a naive prompt does")
    parser.add_argument("--minutes", type=float, metavar="N", help="end the live reading after so many minutes, with what is there")
    parser.add_argument("--anew", action="store_true", help="forget the live answers of earlier runs")
    parser.add_argument("--each", type=_count, default=1, metavar="N", help="try only each Nth article with scripted models, and do not write the page")
    return parser


def _count(value: str) -> int:
    """Return the number that `value` is."""
    if not value.isdecimal() or not int(value):
        raise argparse.ArgumentTypeError("give a number from 1 on")
    return int(value)


def _results(settings: Settings, arguments: argparse.Namespace) -> Results:
    pairs = _live(settings, arguments) if arguments.live else []
    chosen = attacks()[:: arguments.each]
    # The loop is there before anybody watches: it connects to itself.
    with asyncio.Runner() as runner, proceeding(len(chosen)) as shown:
        runner.get_loop()
        with watched() as watch:
            trials = runner.run(_tried(chosen, shown))
        return Results(trials, len(watch.attempts), runner.run(calm(each=arguments.each)), pairs, PINNED.name, available_cores())


async def _tried(chosen: Sequence[Attack], shown: March) -> list[Trial]:
    bench, found = Bench(), list[Trial]()
    for attack in chosen:
        trials = await bench.trials(attack)
        found += trials
        held = all(not trial.breaches for trial in trials)
        shown.step(f"{attack.name}: {'contained' if held else 'NOT CONTAINED'}")
    return found


def _live(settings: Settings, arguments: argparse.Namespace) -> list[Pair]:
    """Read what has not been read yet; return the pairs that are whole.

    Raises:
        SetupError: Another model is asked for, or something that is needed is missing.
        ModelError: The model cannot be had.
    """
    if not settings.asks_embedded or settings.mode != "live":
        raise SetupError("The embedded model reads: leave VIGIE_MODEL and VIGIE_MODE unset.")
    fetch_weights(settings, quiet=False)
    with weights_path(settings).open("rb") as file:
        digests = live.settings_of(hashlib.file_digest(file, "sha256").hexdigest())
    OUT.mkdir(parents=True, exist_ok=True)
    kept = OUT / "heard.ndjson"
    if arguments.anew:
        kept.unlink(missing_ok=True)
    chosen = live.pairs(arguments.live)
    known = {(one.reader, one.digest) for one in heard.load(kept)}
    waiting = [turn for turn in live.turns(chosen, digests) if (turn.reader, turn.digest) not in known]
    say(f"{len(chosen)} pairs, {len(waiting)} readings to go: about {live.minutes(waiting):.0f} minutes at most on two cores.")
    ends_at = time.monotonic() + arguments.minutes * 60 if arguments.minutes else None
    with proceeding(len(waiting)) as shown:
        asyncio.run(until_terminated(Desk(lambda reader: live.opened(reader, settings), kept, ends_at).read(waiting, shown)))
    return pairs_of(chosen, {(one.reader, one.digest): one.heard for one in heard.load(kept)}, digests)


if __name__ == "__main__":
    sys.exit(main())
