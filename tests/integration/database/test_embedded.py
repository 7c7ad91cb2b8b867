"""The embedded server: shared by processes, ended by the last, and started again after whatever ended it."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from service.database.embedded import Embedded
from service.errors import QueueUnavailable
from tests.rig.postgres import embedded, end

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]

#: A process that uses the server of a folder: it says so, waits until it is told to leave, and leaves.
_USER = """
import sys
from pathlib import Path
from service.database.embedded import Embedded
server = Embedded(Path(sys.argv[1]), options={"fsync": "off"})
server.start(60)
print("uses", flush=True)
sys.stdin.readline()
server.leave()
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Yield a database as it is when it was just made."""
    with embedded() as one:
        one.start(60)
        one.leave()
        yield one._cluster


@pytest.fixture
def server(made: Path) -> Iterator[Embedded]:
    """Yield a server of the test's own, not started."""
    with embedded(like=made) as one:
        yield one


@pytest.fixture(scope="module")
def running(made: Path) -> Iterator[Embedded]:
    """Yield a server that runs, for those who only look at it."""
    with embedded(like=made) as one, pytest.MonkeyPatch.context() as environment:
        environment.setenv("OPENAI_API_KEY", "canary")
        one.start(60)
        yield one


@pytest.fixture
def unmade() -> Iterator[Embedded]:
    """Yield a server of the test's own whose database was not made yet."""
    with embedded() as one:
        yield one


def another(server: Embedded) -> Embedded:
    """Return the server of the same folder as a second process would have it."""
    return Embedded(server._folder, options=server._options)


def process_at(server: Embedded) -> subprocess.Popen[str]:
    """Return another process that uses the server."""
    command = [sys.executable, "-c", _USER, str(server._folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "uses\n"
    return process


def leave(process: subprocess.Popen[str]) -> None:
    """Tell a process to leave in good order."""
    process.communicate("\n", timeout=60)


def asked(server: Embedded, statement: str) -> object:
    """Return what the server answers."""
    with psycopg.connect(server.conninfo, connect_timeout=2, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def changed(server: Embedded, statement: str) -> None:
    """Have the server do something."""
    with psycopg.connect(server.conninfo, connect_timeout=2, autocommit=True) as connection:
        connection.execute(statement.encode())


def connected(server: Embedded, as_user: int) -> int:
    """Return the number of the error that a process of another user gets when it connects to the server; 0 if none."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(as_user)
        os.setuid(as_user)
        with socket.socket(socket.AF_UNIX) as connection:
            os._exit(connection.connect_ex(str(server._sockets.resolve() / ".s.PGSQL.5432")))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def is_gone(server: Embedded) -> bool:
    """Return whether no process of the server is left, soon."""
    until = time.monotonic() + 10
    while server.runs and time.monotonic() < until:
        time.sleep(0.02)
    return not server.runs


def test_the_first_starts_it_and_the_last_ends_it(server: Embedded) -> None:
    """Whoever needs the database first has it started, whoever comes later shares it, and it ends with the last that leaves; what it held stays."""
    server.start(60)
    second = another(server)
    second.start(60)
    changed(second, "create table kept (value int)")

    server.leave()
    assert second.runs
    second.leave()
    assert not second.runs
    server.start(60)
    assert asked(server, "select count(*) from kept") == 0
    server.leave()


def test_many_start_it_at_once(unmade: Embedded) -> None:
    """Ten who need it at the same moment have it made once and get the same one, and none of them an error."""
    assert not unmade.exists
    servers = [another(unmade) for _ in range(10)]
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda one: one.start(60), servers))

    assert len({asked(one, "select pg_postmaster_start_time()") for one in servers}) == 1
    for one in servers:
        one.leave()
    assert unmade.exists
    assert not unmade.runs


def test_a_user_that_was_killed_does_not_end_it(server: Embedded) -> None:
    """After `kill -9` of the process that started it, it serves on; and who was killed counts no longer among those who use it."""
    killed, other = process_at(server), process_at(server)
    killed.kill()
    killed.communicate()

    assert asked(server, "select 1") == 1
    leave(other)
    assert is_gone(server)


def test_it_is_started_again_after_all_were_killed(server: Embedded) -> None:
    """After `kill -9` of the server and of its user the next one starts it again, with all that was committed and nothing that was not."""
    user = process_at(server)
    changed(server, "create table kept (value int)")
    open_transaction = psycopg.connect(server.conninfo)
    open_transaction.execute("insert into kept values (1)")
    changed(server, "insert into kept values (2)")
    user.kill()
    user.communicate()
    end(server, signal.SIGKILL, wait_s=0)

    server.start(60)
    assert asked(server, "select sum(value) from kept") == 2
    open_transaction.close()


def test_what_an_earlier_server_left_does_not_keep_it_from_starting(server: Embedded) -> None:
    """The file with the number of its process may be half written, or name a process that is another one by now, such as ours: it starts all the same."""
    server.start(60)
    for left in (f"{os.getpid()}\n/elsewhere\n", f"{os.getpid()}", "", "rubbish"):
        end(server, signal.SIGKILL)
        (server._cluster / "postmaster.pid").write_text(left, encoding="utf-8")
        server.start(60)
        assert asked(server, "select 1") == 1


def test_it_never_ends_another_process(server: Embedded) -> None:
    """If the number of its process is not its own, who leaves leaves it running rather than end somebody else."""
    server.start(60)
    pid = server._cluster / "postmaster.pid"
    told = pid.read_text(encoding="utf-8")
    with subprocess.Popen(["/bin/sleep", "60"]) as innocent:
        pid.write_text(told.replace(told.partition("\n")[0], str(innocent.pid), 1), encoding="utf-8")
        server.leave()

        assert innocent.poll() is None
        assert server.runs
        pid.write_text(told, encoding="utf-8")
        innocent.kill()


def test_what_a_terminal_sends_is_not_sent_to_it(server: Embedded) -> None:
    """Ctrl+C ends the processes of the terminal's group, and the server is none of them."""
    user = process_at(server)
    os.killpg(user.pid, signal.SIGINT)
    user.communicate()

    assert asked(server, "select 1") == 1
    assert (server._server() or 0) not in (0, user.pid)
    assert os.getsid(server._server() or 0) != os.getsid(0)


def test_nobody_else_reaches_it(running: Embedded) -> None:
    """It listens on no address of the network, and no other user may enter the folder of its socket or of its data."""
    assert asked(running, "show listen_addresses") == ""
    listener = running._sockets.resolve() / ".s.PGSQL.5432"
    for path in (running._folder, running._cluster, listener.parent, listener):
        assert path.stat().st_mode & 0o077 == 0, path
        assert path.stat().st_uid == os.geteuid()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_another_user_is_refused(running: Embedded) -> None:
    """A process of another user of the machine cannot connect."""
    assert (connected(running, as_user=0), connected(running, as_user=65534)) == (0, errno.EACCES)


def test_what_is_committed_is_on_the_disk() -> None:
    """Nothing that was accepted is lost with the power."""
    options = Embedded(Path("/nowhere"))._options

    assert {options[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"on"}


def test_a_deep_folder(unmade: Embedded) -> None:
    """A data folder whose name is longer than an address of a socket may be, with signs that a shell would read, holds a database as any other."""
    deep = Embedded(unmade._folder / "very deep; $(exit) 'été'" / ("deeper" * 20), options=unmade._options)
    deep.start(60)

    assert asked(deep, "select 1") == 1
    deep.leave()
    assert is_gone(deep)


def test_its_log_holds_no_values(running: Embedded) -> None:
    """What goes wrong with a statement is not written down: it may quote an article."""
    with psycopg.connect(running.conninfo, autocommit=True) as connection:
        connection.execute("create table articles (body text primary key check (body like 'words%%'))")
        connection.execute("insert into articles values ('words of an article')")
        for statement in ("insert into articles values (%s)", "select %s::int", "insert into articles values (upper(%s))"):
            with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.DataError)):
                connection.execute(statement.encode(), ("words of an article",))
        with pytest.raises(psycopg.errors.SyntaxError):
            connection.execute("words of an article")

    log = (running._folder / "log").read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert "words" not in log.lower()


def test_it_gets_nothing_of_our_environment(running: Embedded) -> None:
    """A key in the environment of the service is not in that of the database, where another program may show it."""
    assert "canary" not in Path(f"/proc/{running._server()}/environ").read_text(encoding="utf-8")


def test_a_broken_database_says_so(server: Embedded) -> None:
    """One that cannot start is no reason to wait: the problem says where its log is, and nothing of what that holds."""
    server.start(60)
    server.leave()
    (server._cluster / "global" / "pg_control").write_bytes(b"rubbish")

    begun = time.monotonic()
    with pytest.raises(QueueUnavailable, match=r"postgres/log"):
        server.start(60)
    assert time.monotonic() - begun < 30


def test_a_database_of_another_version_is_left_alone(server: Embedded) -> None:
    """What another PostgreSQL wrote is not read."""
    server.start(60)
    server.leave()
    (server._cluster / "PG_VERSION").write_text("17\n", encoding="ascii")

    with pytest.raises(QueueUnavailable, match="not PostgreSQL 18's"):
        server.start(60)
    assert not server.runs


def test_a_half_made_database_is_made_anew(unmade: Embedded) -> None:
    """Who was killed while the database was made left nothing that is taken for one."""
    half = unmade._folder / "cluster-half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")

    assert not unmade.exists
    unmade.start(60)
    assert not half.exists()
    assert asked(unmade, "select 1") == 1


def test_who_waits_too_long_is_told(server: Embedded) -> None:
    """While another process starts it, one waits as long as one wants, and no longer."""
    with server._beginning(time.monotonic() + 1):
        begun = time.monotonic()
        with pytest.raises(QueueUnavailable, match="is being started"):
            another(server).start(0.3)
        assert 0.2 < time.monotonic() - begun < 5


def test_a_start_may_be_given_up(server: Embedded) -> None:
    """A service that ends does not wait for a database that does not get ready."""
    server.start(60)
    os.kill(server._server() or 0, signal.SIGSTOP)
    other = another(server)
    try:
        with ThreadPoolExecutor(1) as threads:
            starting = threads.submit(other.start, 60)
            time.sleep(0.3)
            begun = time.monotonic()
            other.give_up()
            assert isinstance(starting.exception(timeout=20), QueueUnavailable)
            assert time.monotonic() - begun < 10
    finally:
        os.kill(server._server() or 0, signal.SIGCONT)
    other.leave()


def test_without_the_package_there_is_a_way_out(server: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PostgreSQL is not installed the problem says what to install, or what to set."""
    monkeypatch.setattr("service.database.embedded._PACKAGE", "no_such_package")

    with pytest.raises(QueueUnavailable, match=r"extra `embedded`.*VIGIE_DATABASE_URL"):
        server.start(60)
