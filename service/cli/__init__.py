"""The command `vigie`: serve, work, fetch the weights, read an article or many, read the gold. Results go to standard output, all else to standard error."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from service import __version__, logs
from service.cli import checking, evaluating, extracting, keys, serving, working
from service.cli.archive import running
from service.cli.archive.articles import is_archive
from service.cli.terminal import say
from service.errors import RequestError, SetupError, VigieError
from service.models import progress, weights
from service.settings import Settings, settings_of_process

OK, BELOW, WRONG, FAILED, PARTLY, INTERRUPTED, UNREAD, TERMINATED = 0, 1, 2, 3, 4, 130, 141, 143
EXIT_CODES = """exit codes:
    0  all went well
    1  a figure is below its floor (eval --check)
    2  the command, the configuration or the input is wrong
    3  the model or the service failed
    4  some articles of an archive have no record (extract --out)
  130  interrupted
  141  nobody reads what is printed any more
  143  terminated"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (by default, the process's arguments) names; return its exit code."""
    if sys.stderr is None:  # closed: what is said there is lost, and nowhere else the better for it
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - until the process ends
    arguments = _parser().parse_args(argv)
    logs.configure("warning")  # whatever breaks before the settings are known is told like everything else
    try:
        return _run(arguments)
    except VigieError as error:
        return _tell(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except asyncio.CancelledError:
        return TERMINATED
    except BrokenPipeError:
        _write_to_nobody()
        return UNREAD
    except Exception as error:  # noqa: BLE001 - the edge of the process: Python would print the words of the exception, which may be the article's
        logs.log_broken(error)
        return FAILED


def _run(arguments: argparse.Namespace) -> int:
    """Run the command that `arguments` hold; return its exit code."""
    settings = settings_of_process()
    if arguments.command == "serve":
        (checking.check if arguments.check else serving.serve)(settings, arguments.host, arguments.port)
        return OK
    if arguments.command == "worker":
        working.work(settings)
        return OK
    # Whoever runs these is told in words how it goes.
    logs.configure("warning" if settings.log_level == "info" else settings.log_level)
    with _ended_by_signal():
        if arguments.command == "fetch":
            _fetch(settings)
        elif arguments.command == "keys":
            keys.run(settings, arguments)
        elif arguments.command == "eval":
            return OK if evaluating.evaluate(settings, evaluating.Order.of(arguments)) else BELOW
        elif is_archive(arguments.file):
            return OK if running.extract(settings, running.Order.of(arguments)) else PARTLY
        else:
            running.refuse_for_one(arguments)
            extracting.extract(settings, extracting.Order.of(arguments))
    return OK


def _fetch(settings: Settings) -> None:
    """Get the weights of the embedded model."""
    with progress.shown("Weights", weights.PINNED.size) as tell:
        weights.fetch(settings, tell)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let the signal to terminate end what is begun here in good order."""

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _write_to_nobody() -> None:
    """Let Python empty its buffers at the end without a complaint."""
    nobody = os.open(os.devnull, os.O_WRONLY)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nobody, stream.fileno())
    os.close(nobody)


def _tell(error: VigieError) -> int:
    """Say in one line what went wrong; return the exit code."""
    if isinstance(error, SetupError | RequestError):
        say(error.detail)
        return WRONG
    say(f"{error.code}: {error.detail}{' Trying again may help.' if error.retryable else ''}")
    return FAILED


def _port(value: str) -> int:
    """Return the port that `value` names; 0 is any free one."""
    if not (value.isdecimal() and value.isascii() and int(value[:6]) < 65_536):  # noqa: PLR2004 - a port has 16 bits
        raise argparse.ArgumentTypeError("give a number from 0 to 65535")
    return int(value)


class _Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        """End the process."""
        say(f"{message} (`{self.prog} --help` tells more)")
        sys.exit(WRONG)


def _parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = _Parser(
        prog="vigie",
        description="A news article in, one proven record out. Settings come from the environment; README.md lists them.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    server = commands.add_parser("serve", help="serve POST /extract")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    server.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    server.add_argument("--check", action="store_true", help="say what is configured and whether it would start, and do not start")
    commands.add_parser("worker", help="read the articles of POST /jobs, beside the service or elsewhere")
    commands.add_parser("fetch", help="get the weights of the embedded model")
    keys.add_arguments(commands.add_parser("keys", help="make, show and end callers' keys"))
    extraction = commands.add_parser("extract", help="read one article and print its record, or an archive into a file")
    extracting.add_arguments(extraction)
    running.add_arguments(extraction)
    evaluating.add_arguments(commands.add_parser("eval", help="measure how well the model reads the gold articles"))
    return parser
