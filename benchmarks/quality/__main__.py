"""`python -m benchmarks.quality`: the command."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from benchmarks.quality.compare import Order, compare
from benchmarks.quality.results import READERS
from service import logs
from service.cli.terminal import say
from service.errors import VigieError
from service.evaluation.gold import HALVES
from service.settings import settings_of_process


def main(argv: Sequence[str] | None = None) -> int:
    """Compare as `argv` (by default, the process's arguments) asks; return the exit code."""
    arguments = _parser().parse_args(argv)
    halves = HALVES if arguments.half == "all" else (arguments.half,)
    readers = tuple(reader for reader in READERS if reader in arguments.readers)
    logs.configure("error")
    try:
        compare(settings_of_process(), Order(halves, tuple(arguments.only), readers, arguments.anew))
    except VigieError as error:
        say(error.detail)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        say("Interrupted; what was read is kept, and the same command goes on from there.")
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="Compare Vigie with what a user would pick instead.")
    parser.add_argument("--half", choices=[*HALVES, "all"], default="reporting", help="which half of the gold (default: %(default)s)")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="of these, the articles of these names")
    parser.add_argument("--readers", type=_readers, default=tuple(READERS), metavar="A,B", help=f"some of {','.join(READERS)} (default: all)")
    parser.add_argument("--anew", action="store_true", help="forget the answers of earlier runs")
    return parser


def _readers(value: str) -> tuple[str, ...]:
    """Return the readers that `value` names, with commas between them."""
    named = tuple(name.strip() for name in value.split(","))
    if not set(named) <= READERS.keys():
        raise argparse.ArgumentTypeError(f"give some of {','.join(READERS)}")
    return named


if __name__ == "__main__":
    sys.exit(main())
