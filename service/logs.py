"""What is written of the service's work: JSON lines on standard error, of facts that hold nothing of an article, of a model's words or of a key.

Two rules make that so. Our own lines keep the fields named in `FIELDS` and drop all others. Of a library's line, which may quote anything (asyncio prints the
exception of a lost task, openai and instructor print bodies), only who wrote it and where is kept.
"""

import logging
import sys
import traceback
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Protocol, TextIO, cast

import structlog

log = structlog.get_logger()

#: All that a line may hold.
FIELDS = frozenset(
    {"timestamp", "level", "event", "request_id", "method", "route", "status", "code", "duration_ms", "characters"}
    | {"calls", "chunks", "rejected", "prompt_tokens", "cached_tokens", "completion_tokens", "cost_usd", "cache"}
    | {"error", "frames", "logger", "at", "host", "port", "mode", "model", "reason", "deaths", "signal", "key"}
    | {"job", "index", "articles", "slots"}
)

#: The package whose lines are our own, also where they are written with the standard library.
OURS = "service"

#: Libraries that report each call, or what went wrong with it word for word, and the least level at which they may say so.
QUIETED = {"instructor": logging.CRITICAL, "openai": logging.WARNING, "httpx": logging.WARNING, "httpx2": logging.WARNING}


class Stream(Protocol):
    """Where lines go."""

    def write(self, line: str, /) -> int:
        """Take a line."""

    def flush(self) -> None:
        """Keep nothing back."""


def configure(level: str, out: Stream | None = None) -> None:
    """Send everything that is logged in this process to `out`, or to standard error, from `level` on; may be called again."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _keep_fields,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up at each line: standard error may be another one by then.
        logger_factory=lambda *_: structlog.WriteLogger(cast("TextIO", out or sys.stderr)),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    # OPENAI_LOG makes the SDK add a plain handler, which would print what we leave out.
    root.handlers = [handler for handler in root.handlers if not _is_displaced(handler)]
    root.addHandler(_Standard())
    logging.getLogger(OURS).setLevel(logging.INFO)
    for name, least in QUIETED.items():
        logging.getLogger(name).setLevel(least)
    # Pydantic warns with the value that it found.
    logging.captureWarnings(capture=True)


@contextmanager
def put_back() -> Iterator[None]:
    """Put back at the end of the block what `configure` changes in it, for a process that is not the service's own."""
    loggers = [logging.getLogger(name) for name in (OURS, *QUIETED)]
    levels = [logger.level for logger in loggers]
    root = logging.getLogger()
    handlers = [*root.handlers]
    is_configured, configuration = structlog.is_configured(), structlog.get_config()
    shows = warnings.showwarning
    logging.captureWarnings(capture=True)
    captures, captured = warnings.showwarning, warnings.showwarning is shows
    try:
        yield
    finally:
        if not captured:
            # pytest has put another in its place for each of its phases, and puts back what it found.
            shows_now = warnings.showwarning
            logging.captureWarnings(capture=False)
            if shows_now is not captures:
                warnings.showwarning = shows_now
        if is_configured:
            structlog.configure(**configuration)
        else:
            structlog.reset_defaults()
        kept = [handler for handler in handlers if handler in root.handlers or _is_displaced(handler)]
        root.handlers = kept + [handler for handler in root.handlers if handler not in handlers and not isinstance(handler, _Standard)]
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def frames_of(error: BaseException) -> list[str]:
    """Return where `error` came from, as `file:line`, outermost first: a traceback without its words."""
    return [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]


def log_broken(error: BaseException) -> None:
    """Log a fault of ours: its class and where it came from."""
    log.error("internal-error", error=type(error).__name__, frames=frames_of(error))


def _keep_fields(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what is not known to be harmless (a structlog processor)."""
    return {name: value for name, value in line.items() if name in FIELDS and value is not None}


def _is_displaced(handler: logging.Handler) -> bool:
    """Return whether a handler of the root is none beside ours."""
    return type(handler) is logging.StreamHandler or isinstance(handler, _Standard)


class _Standard(logging.Handler):
    """Writes what came through the standard library's logging: of our own modules what it is, of others only that it is."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        level = min(record.levelno // 10 * 10, logging.CRITICAL)  # structlog knows no levels in between
        if record.name.startswith(f"{OURS}."):
            log.log(level, record.msg, **{name: value for name, value in vars(record).items() if name in FIELDS})
            return
        error = record.exc_info[1] if record.exc_info else None
        what = {"error": type(error).__name__, "frames": frames_of(error)} if error else {}
        log.log(level, "library", logger=record.name, at=f"{record.filename}:{record.lineno}", **what)
