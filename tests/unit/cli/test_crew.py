"""Several processes: what cannot begin is not begun again, and whatever else ends is."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Callable

import pytest

from service import logs
from service.cli.crew import Crew
from service.cli.serving import ready_app
from service.errors import InternalError, SetupError
from service.settings import Settings


def test_what_cannot_start_is_given_up() -> None:
    """A service that cannot begin to serve ends and says so, rather than to try for ever."""

    def serve(_say: object) -> None:
        raise SetupError("No key.")

    with pytest.raises(InternalError):
        Crew(2, serve, lambda: None).run()


def test_what_is_shared_is_left_at_the_signal() -> None:
    """From the signal on this process holds nothing open to which a caller could still come."""
    left: list[bool] = []
    parent = os.getpid()

    def serve(_say: object) -> None:
        os.kill(parent, signal.SIGINT)
        signal.pause()

    with pytest.raises(KeyboardInterrupt):
        Crew(2, serve, lambda: left.append(True)).run()
    assert left == [True]


def begun(serve: Callable[[int, Callable[[], None]], None], size: int = 1) -> int:
    """Return how many processes are started until one sends the signal to stop; each has its number, from one on."""
    reading, writing = os.pipe()

    def one(say: Callable[[], None]) -> None:
        os.write(writing, b".")
        logs.configure("info")
        serve(waiting_in(reading), say)

    with pytest.raises(KeyboardInterrupt):
        Crew(size, one, lambda: None).run()
    return waiting_in(reading)


def waiting_in(pipe: int) -> int:
    """Return how many bytes wait in a pipe."""
    waiting = array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, waiting)
    return waiting[0]


@pytest.mark.parametrize(("number", "said"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGRTMIN + 6, str(signal.SIGRTMIN + 6))])
def test_what_is_killed_is_replaced(number: int, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever the signal was, the process that takes the place tells of it."""
    parent = os.getpid()

    def serve(count: int, say: Callable[[], None]) -> None:
        say()
        sys.stderr.flush()
        os.kill(os.getpid() if count == 1 else parent, number if count == 1 else signal.SIGINT)
        signal.pause()

    assert begun(serve) == 2
    assert f'"signal": "{said}"' in capfd.readouterr().err


def test_what_fails_is_replaced(capfd: pytest.CaptureFixture[str]) -> None:
    """A process that breaks, or whose successor cannot begin, does not take the others with it; no more than one is started in a second."""
    parent = os.getpid()
    at = time.monotonic()

    def serve(count: int, say: Callable[[], None]) -> None:
        say()
        sys.stderr.flush()
        if count == 1:
            raise OSError
        if count == 2:
            raise SetupError("No key.")
        os.kill(parent, signal.SIGINT)
        signal.pause()

    assert begun(serve) == 3
    assert time.monotonic() - at >= 1
    said = capfd.readouterr().err
    assert "exit code 1" in said
    assert "exit code 3" in said


def test_who_is_not_of_them_is_not_replaced() -> None:
    """The first process of a container is given what others left behind; that is no process that serves."""
    parent = os.getpid()
    stranger = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])

    def serve(_count: int, _say: object) -> None:
        time.sleep(1)
        os.kill(parent, signal.SIGINT)
        signal.pause()

    assert begun(serve) == 1
    stranger.wait()


def test_the_embedded_model_is_read_by_one_process() -> None:
    """Two embedded models on the same cores would each be half as fast: that is refused with the reason."""
    with pytest.raises(SetupError, match="VIGIE_PROCESSES"):
        ready_app(Settings(processes=2, mode="live"), "127.0.0.1")
