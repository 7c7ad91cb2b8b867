"""A checkout in which a page is followed to the letter: its commands run, its code runs, and what it shows is what comes."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import traceback
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any
from urllib.error import URLError
from urllib.request import urlopen

import yaml

from tests.documentation.excerpt import faults, is_printed, parsed
from tests.documentation.page import Block, Command, Page, commands

ROOT = Path(__file__).parents[2]
#: What is no part of a fresh checkout.
_LEFT = shutil.ignore_patterns(".git", ".venv", ".env", "build", "dist", "__pycache__", ".coverage", ".*_cache", ".hypothesis", "vigie.log")
#: The port that pages name; each checkout has another.
PORT = "8000"
_SERVES = re.compile(r"make serve\b|vigie serve\b(?!.*--check)", re.DOTALL)
#: What Python calls the code of a page.
_CODE = "<page>"
_SHELL = "/bin/sh"
#: Characters of an output that a complaint repeats.
_SHOWN_CHARS = 2_000
_COMMAND_S, _READY_S, _END_S = 60, 30, 10


class UntrueError(AssertionError):
    """A page promises what does not happen."""


class Checkout:
    """A copy of the project with an environment, a home and a port of its own. Whatever it started ends with `close`."""

    def __init__(self, folder: Path) -> None:
        """Make it in the empty `folder`."""
        self.folder, self.home = folder / "vigie", folder / "home"
        shutil.copytree(ROOT, self.folder, ignore=_LEFT)
        self.home.mkdir()
        self._lend_environment()
        self.port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._names: dict[str, Any] = {}
        #: What the last command printed.
        self._printed = ""

    def close(self) -> None:
        """End the service, and all that it started."""
        server, self._server = self._server, None
        if server is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.communicate(timeout=_END_S)  # the end of its output is the end of everyone who could write there
                return

    def follow(self, page: Page, *, passed_over: re.Pattern[str]) -> None:
        """Do what `page` says from its first line to its last, but for the commands in which `passed_over` is found.

        Raises:
            UntrueError: It does not come out as the page says.
        """
        untrue = []
        after_command = False
        for block in page.blocks:
            try:
                self._follow(block, passed_over, after_command=after_command)
                after_command = block.language == "console" and not passed_over.search(commands(block)[-1].text)
            except Exception as error:  # noqa: BLE001 - the code of a page may raise anything
                after_command = False
                untrue.append(f"{page.path.name}, line {_line_of(error) or block.line}: {str(error) or type(error).__name__}")
        if untrue:
            raise UntrueError("\n\n".join(untrue))

    def _follow(self, block: Block, passed_over: re.Pattern[str], *, after_command: bool) -> None:
        match block.language:
            case "console":
                for command in commands(block):
                    if not passed_over.search(command.text):
                        self._run(command)
            case "json" | "jsonc":
                self._compare(block, after_command=after_command)
            case "python" | "toml" if block.subject:
                self._same(block)
            case "python":
                with contextlib.chdir(self.folder):
                    exec(compile("\n" * (block.line - 1) + self._here(block.text), _CODE, "exec"), self._names)  # noqa: S102 - our own page
            case "javascript" if node := shutil.which("node"):
                self._run_program([node, "--input-type=module", "--eval", self._here(block.text)], block.text)
            case "yaml" | "toml" | "ini":
                _read(block)

    def _run(self, command: Command) -> None:
        if "vigie serve" in command.text:
            self.close()  # for the port is to be free, also for `--check`
        if _SERVES.search(command.text):
            self._serve(command)
        else:
            self._run_program([_SHELL, "-c", self._here(command.text)], command.text, command.expected)

    def _run_program(self, program: list[str], shown: str, expected: tuple[str, ...] = ()) -> None:
        with self._started(program, shown, stderr=subprocess.PIPE) as process:
            try:
                printed, told = process.communicate(timeout=_COMMAND_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise UntrueError(f"{shown}\ndoes not end") from None
        self._printed = self._there(printed.decode())
        output = self._there(told.decode()) + self._printed
        if process.returncode != 0:
            raise UntrueError(f"{shown}\nends with {process.returncode}:\n{output}")
        if expected and not is_printed(expected, output):
            raise UntrueError(f"{shown}\nprints:\n{output[:_SHOWN_CHARS]}")

    def _started(self, program: list[str], shown: str, *, stderr: int | IO[bytes]) -> "subprocess.Popen[bytes]":
        """Return a process in a group of its own."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            program, cwd=self.folder, env=self._environment(shown), stdin=subprocess.DEVNULL, stdout=pipe, stderr=stderr, start_new_session=True
        )

    def _serve(self, command: Command) -> None:
        """Start the service in place of the one that runs, and wait until it can read."""
        self.close()
        text = self._here(command.text).rstrip("& ")  # the background is where it runs in any case
        with (self.home / "service.log").open("w+b") as log:
            self._server = self._started([_SHELL, "-c", text], text, stderr=log)
            until = time.monotonic() + _READY_S
            while not self._is_ready():
                if self._server.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise UntrueError(f"{command.text}\ndoes not serve:\n{log.read().decode()}")
                time.sleep(0.05)
            log.seek(0)
            output = self._there(log.read().decode())
        if command.expected and not is_printed(command.expected, output):
            raise UntrueError(f"{command.text}\nprints:\n{output}")

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return bool(answer.status == HTTPStatus.OK)
        except URLError:
            return False

    def _compare(self, block: Block, *, after_command: bool) -> None:
        """See that JSON is JSON; and where it follows a command, or names a file, that it is a part of what that holds."""
        shown = parsed(block.text)
        if block.subject or after_command:
            real = json.loads((self.folder / block.subject).read_text(encoding="utf-8") if block.subject else self._printed)
            if found := [*faults(shown, real)]:
                raise UntrueError("\n".join(["The JSON is not what comes:", *found]))

    def _same(self, block: Block) -> None:
        """See that a block is the file that it names."""
        if block.text != (self.folder / block.subject).read_text(encoding="utf-8"):
            raise UntrueError(f"This is not what {block.subject} holds.")

    def _lend_environment(self) -> None:
        """Let `.venv` be the environment that runs this, so that `make` finds it in order."""
        (self.folder / ".venv").mkdir()
        for name in ("bin", "lib", "pyvenv.cfg"):
            (self.folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
        for name in (".locked", ".installed"):
            (self.folder / ".venv" / name).touch()

    def _environment(self, command: str) -> dict[str, str]:
        replaying = {"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(self.folder / "service/examples/recordings")}
        # `--check` asks nobody, so it says what it says to everyone.
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", "PORT": str(self.port)} | ({} if "--check" in command else replaying)

    def _here(self, text: str) -> str:
        """Return what a page says with the port of this checkout, said or implied."""
        return re.sub(rf"(?<=[: =]){PORT}\b", str(self.port), re.sub(r"(vigie serve)(?!.*--port)", rf"\1 --port {PORT}", text))

    def _there(self, output: str) -> str:
        """Return what was printed as the page shows it."""
        return re.sub(rf"\b{self.port}\b", PORT, output).replace(str(self.folder), "~/vigie").replace(str(self.home), "~")


@contextlib.contextmanager
def checkout(folder: Path) -> Iterator[Checkout]:
    """Yield a checkout in `folder` and close it."""
    made = Checkout(folder)
    try:
        yield made
    finally:
        made.close()


def _read(block: Block) -> None:
    """See that a block is in the language that it names."""
    readers: dict[str, Callable[[str], object]] = {"yaml": yaml.safe_load, "toml": tomllib.loads, "ini": ConfigParser(interpolation=None).read_string}
    readers[block.language](block.text)


def _line_of(error: Exception) -> int | None:
    """Return the line of the page whose code raised `error`."""
    return next((frame.lineno for frame in reversed(traceback.extract_tb(error.__traceback__)) if frame.filename == _CODE), None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
