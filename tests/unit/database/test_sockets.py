"""Where the embedded server listens."""

import os
import socket
from pathlib import Path

import pytest

from service.database.sockets import drop_sockets, make_sockets, sockets_of


def listens(folder: Path) -> bool:
    """Return whether a socket may be in `folder`, under the name that the server gives it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / ".s.PGSQL.5432"))
    return True


def test_a_short_folder_holds_the_socket_itself(tmp_path: Path) -> None:
    """Where its name is short enough the socket lies beside the data, in a folder that nobody else may enter; what an earlier server left there is gone."""
    link = tmp_path / "socket"
    assert listens(make_sockets(link))
    folder = make_sockets(link)

    assert folder == link == sockets_of(link)
    assert listens(folder)
    assert link.stat().st_mode & 0o077 == 0
    drop_sockets(link)
    assert link.is_dir()


@pytest.mark.parametrize("name", ["deep" * 30, "comma,comma", "quote\"'$(x)", "été"])
def test_any_folder_has_a_socket(tmp_path: Path, name: str) -> None:
    """A folder that is too deep for the address of a socket, or whose name would be read as something else, has it elsewhere; a link leads there."""
    (tmp_path / name).mkdir()
    link = tmp_path / name / "socket"
    folder = make_sockets(link)

    assert listens(folder)
    assert folder == sockets_of(link) != link
    assert folder.stat().st_mode & 0o077 == 0
    drop_sockets(link)
    assert not folder.exists()
    assert not link.is_symlink()


def test_the_folder_elsewhere_stays_the_same(tmp_path: Path) -> None:
    """Who is connected finds the next server under the address of the last, also if the temporary folders were emptied in between."""
    (tmp_path / ("deep" * 30)).mkdir()
    link = tmp_path / ("deep" * 30) / "socket"
    folder = make_sockets(link)

    assert make_sockets(link) == folder
    folder.rmdir()
    assert make_sockets(link) == folder
    drop_sockets(link)


def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    """Where others may enter, or what is no folder, nobody listens: another one is made."""
    (tmp_path / ("deep" * 30)).mkdir()
    link = tmp_path / ("deep" * 30) / "socket"
    folder = make_sockets(link)

    folder.chmod(0o755)
    second = make_sockets(link)
    assert second != folder
    folder.rmdir()
    second.rmdir()
    os.close(os.open(second, os.O_CREAT | os.O_WRONLY))
    third = make_sockets(link)
    assert third != second
    drop_sockets(link)
    second.unlink()
