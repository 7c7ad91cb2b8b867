"""Several processes: what cannot begin is not begun again."""

import os
import signal

import pytest

from service.cli.crew import Crew
from service.cli.serving import ready_app
from service.errors import InternalError, SetupError
from service.settings import Settings


def test_what_cannot_start_is_given_up() -> None:
    """A service that cannot begin to serve ends and says so, rather than to try for ever."""

    def serve() -> None:
        raise OSError

    with pytest.raises(InternalError):
        Crew(2, serve, lambda: None).run()


def test_what_is_shared_is_left_at_the_signal() -> None:
    """From the signal on this process holds nothing open to which a caller could still come."""
    left: list[bool] = []
    parent = os.getpid()

    def serve() -> None:
        os.kill(parent, signal.SIGINT)
        signal.pause()

    with pytest.raises(KeyboardInterrupt):
        Crew(2, serve, lambda: left.append(True)).run()
    assert left == [True]


def test_the_embedded_model_is_read_by_one_process() -> None:
    """Two embedded models on the same cores would each be half as fast: that is refused with the reason."""
    with pytest.raises(SetupError, match="VIGIE_PROCESSES"):
        ready_app(Settings(processes=2, mode="live"), "127.0.0.1")
