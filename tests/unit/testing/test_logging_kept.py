"""A team's own logging: a service that a test serves in its process takes it over, and gives it back."""

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import StringIO
from pathlib import Path

import pytest
import structlog

from service import logs
from service.settings import Settings
from service.testing import Recordings
from service.testing.serving import client_of, replaying, server_of

Serves = Callable[[Settings], AbstractContextManager[object]]

NAMES = ("", logs.OURS, *logs.QUIETED, "uvicorn.access")


def state() -> dict[str, object]:
    """Return all of the process's logging that a service has a hand in."""
    loggers = [logging.getLogger(name) for name in NAMES]
    return {
        "levels": [logger.level for logger in loggers],
        "handlers": [[*logger.handlers] for logger in loggers],
        "propagate": [logger.propagate for logger in loggers],
        "structlog": (structlog.is_configured(), structlog.get_config()),
        "warnings": warnings.showwarning,
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A service without recordings."""
    return replaying(Recordings(tmp_path / "recordings").folder, tmp_path / "data")


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What a team's logging writes, which is configured here: structlog, a plain handler of the root, levels of libraries."""
    with logs.put_back():
        logging.captureWarnings(capture=False)
        written = StringIO()
        structlog.configure(processors=[structlog.processors.KeyValueRenderer()], logger_factory=structlog.PrintLoggerFactory(written))
        root = logging.getLogger()
        root.handlers = [handler for handler in root.handlers if not isinstance(handler, logs._Standard)]  # of other tests
        root.addHandler(logging.StreamHandler(written))
        logging.getLogger("httpx").setLevel(logging.DEBUG)
        logging.getLogger("uvicorn.access").addHandler(logging.NullHandler())
        yield written
        logging.getLogger("uvicorn.access").handlers.clear()


@pytest.mark.parametrize("serves", [client_of, server_of])
def test_a_teams_logging_is_as_before(settings: Settings, written: StringIO, serves: Serves) -> None:
    """Whatever was configured comes back, and their lines are written as before."""
    before = state()
    with serves(settings):
        assert state() != before

    assert state() == before
    structlog.get_logger().info("ours", answer=42)
    logging.getLogger("theirs").warning("words")
    assert written.getvalue() == "answer=42 event='ours'\nwords\n"


@pytest.mark.parametrize("serves", [client_of, server_of])
def test_what_was_not_configured_is_not_configured(settings: Settings, serves: Serves) -> None:
    """Nothing of structlog is set, and warnings are shown by whoever showed them."""
    with logs.put_back():
        structlog.reset_defaults()
        logging.captureWarnings(capture=False)
        before = state()
        with serves(settings):
            pass

        assert state() == before
        assert not structlog.is_configured()


def test_what_a_test_changes_meanwhile_stays(settings: Settings) -> None:
    """A handler that joins while the service is served is there afterwards, and one that left is not: pytest's own come and go with each of its phases."""
    leaves, joins, root = logging.NullHandler(), logging.NullHandler(), logging.getLogger()
    root.addHandler(leaves)
    shown: list[object] = []

    def show(*told: object, **more: object) -> None:
        shown.append(told)

    with warnings.catch_warnings():
        with client_of(settings):
            root.removeHandler(leaves)
            root.addHandler(joins)
            warnings.showwarning = show

        assert warnings.showwarning is show
    assert (leaves in root.handlers, joins in root.handlers) == (False, True)
    root.removeHandler(joins)


def test_two_that_end_one_after_the_other_leave_nothing(tmp_path: Path, written: StringIO) -> None:
    """The inner gives back the logging of the outer, which gives back the team's."""
    before = state()
    services = [replaying(Recordings(tmp_path / name).folder, tmp_path / "data") for name in ("one", "two")]
    with client_of(services[0]):
        between = state()
        with server_of(services[1]):
            pass
        assert state()["structlog"] == between["structlog"]
        assert [type(handler) for handler in logging.getLogger().handlers].count(logs._Standard) == 1

    assert state() == before
