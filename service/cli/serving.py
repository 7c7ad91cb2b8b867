"""`vigie serve`."""

import asyncio
import ipaddress
import resource
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from service import logs
from service.access.hosts import LOOPBACK
from service.access.key_file import KeyFile
from service.app import create_app
from service.cli.connections import BoundedConnection
from service.cli.crew import Crew
from service.cli.staying import staying
from service.errors import InternalError, SetupError
from service.extraction.pipeline import warm_up
from service.log_writing import PatientLog
from service.models import weights
from service.resilience.ending import Ending
from service.settings import Settings

#: Time beyond the longest deadline that an answer needs to reach its caller at shut-down.
GRACE_S = 5
#: Seconds after which a thread gives way to another that waits. With Python's 5 ms the event loop stands longer while texts are looked through beside it.
_TURN_S = 0.001
#: The file descriptor.
STANDARD_ERROR = 2


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve on `host` and `port` until a signal asks to stop.

    Raises:
        SetupError: The service is not configured right, or the address is not for us.
        InternalError: It did not start.
    """
    # A core dump would hold articles and keys.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with staying():
        app = ready_app(settings, host)
        warm_up()
    sys.setswitchinterval(_TURN_S)
    with listening(host, port) as listener:
        at = listener.getsockname()[1]

        def announce() -> None:
            logs.log.info("listening", host=host, port=at, mode=settings.mode, model=settings.model)

        if settings.processes == 1:
            _serve_at(listener, app, settings, announce)
        else:
            announce()
            # Each makes an app of its own: this one's has an identity, by which the others would be taken for it.
            Crew(settings.processes, lambda say: _serve_at(listener, ready_app(settings, host), settings, say), listener.close).run()


def _serve_at(listener: socket.socket, app: Litestar, settings: Settings, say: Callable[[], None]) -> None:
    """Serve `app` until a signal asks to stop, which is raised again in the end; `say` something first.

    Raises:
        InternalError: It did not start.
    """
    try:
        with PatientLog(STANDARD_ERROR) as log:
            server = QuietlyEndingServer(server_config(app, settings), app.state.ending, settings.drain_s, last=log.close)
            logs.configure(settings.log_level, log)
            app.state.measures.watch("log_lines_dropped", "Lines of the log that nobody took in time.", lambda: log.dropped)
            say()
            server.run(sockets=[listener])
    finally:
        logs.configure(settings.log_level)  # whatever there is still to say finds that log closed
    if not server.started:
        raise InternalError("The service did not start.")


def ready_app(settings: Settings, host: str) -> Litestar:
    """Return the service, of which all is checked that can be without reading or fetching a gigabyte.

    Raises:
        SetupError: It is not configured right, or strangers would reach it.
    """
    if not (is_loopback(host) or has_keys(settings) or settings.allow_anonymous or settings.mode == "replay"):
        raise SetupError(
            f"Anyone who reaches {host} could use the service: give its callers keys with `vigie keys add` or VIGIE_API_KEYS, or serve everyone with "
            "VIGIE_ALLOW_ANONYMOUS=1, or replay recordings with VIGIE_MODE=replay; or listen on 127.0.0.1."
        )
    if settings.processes > 1 and settings.asks_embedded:
        raise SetupError("The embedded model takes all cores by itself: VIGIE_PROCESSES above 1 is for a model at an endpoint.")
    if settings.asks_embedded and settings.embedded_model:
        weights.fetch(settings, lambda _done: None)  # a file of one's own is only looked for
    if is_loopback(host) and not has_keys(settings) and not settings.allowed_hosts:
        # Whoever reaches loopback is on this machine, but so is the browser that shows a page of anyone's.
        settings = settings.model_copy(update={"allowed_hosts": (*LOOPBACK, host)})
    return create_app(settings)


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Return how uvicorn serves `app`."""
    return uvicorn.Config(
        app,
        lifespan="on",
        http=BoundedConnection,
        ws="none",
        # A caller may write any X-Forwarded-For.
        proxy_headers=False,
        server_header=False,
        # Ours is the one line a request, and the one handler of what uvicorn logs.
        access_log=False,
        log_config=None,
        # Shorter would turn requests that are under way into errors.
        timeout_graceful_shutdown=int(settings.max_deadline_s) + GRACE_S,
    )


class QuietlyEndingServer(uvicorn.Server):
    """A server that, asked to stop, first says so and goes on serving for a while: whoever sends callers here needs that long to send them elsewhere."""

    def __init__(self, config: uvicorn.Config, ending: Ending, drain_s: float, *, last: Callable[[], None]) -> None:
        """Serve as `config` says; begin the `ending` so many seconds before new connections end, and call `last` when all has ended."""
        super().__init__(config)
        self._ending, self._drain_s, self._last = ending, drain_s, last

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is under way. The signal that asked for it is raised again thereafter and ends the process, so the last lines are written before."""
        await super().shutdown(sockets)
        await asyncio.to_thread(self._last)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end at the first signal; at the second, end what is under way; at the third, at once.

        A signal interrupts whatever runs, be it within a lock of the log: so all but what is noted here is done by the loop.
        """
        loop = asyncio.get_running_loop()
        if not self._ending.begun:
            self._ending.begin()
            loop.call_soon_threadsafe(self._drain, sig, frame)
        elif not self._ending.hurried:
            loop.call_soon_threadsafe(self._ending.hurry)
            super().handle_exit(sig, frame)
        else:
            self.force_exit = True

    def _drain(self, sig: int, frame: FrameType | None) -> None:
        """Say that the service ends, and end it after a while."""
        logs.log.info("draining", signal=signal.Signals(sig).name)
        asyncio.get_running_loop().call_later(self._drain_s, super().handle_exit, sig, frame)


def has_keys(settings: Settings) -> bool:
    """Return whether callers are asked for a key."""
    return bool(settings.api_keys) or KeyFile(settings.data_dir).exists()


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`; 0 is any free one.

    Raises:
        SetupError: It cannot.
    """
    try:
        host.encode("idna")  # Python would do so when a socket is there already, and forget that one
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2_048)
    except (OSError, UnicodeError) as error:
        raise SetupError(f"Cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}.") from None
