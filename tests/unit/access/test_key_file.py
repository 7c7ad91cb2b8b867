"""The file of keys, and the ring that reads it while it changes."""

import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.access.key import Key, Scope, digest_of, new_key
from service.access.key_file import KeyFile
from service.access.keys import LOOK_EVERY_S, STALE_S, KeyRing
from service.errors import AuthStoreUnavailable, SetupError

NOW = datetime.now(UTC)


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now_s = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


class CountingFile(KeyFile):
    """A file that counts how often it is read."""

    reads = 0

    def read(self) -> tuple[Key, ...]:
        """Count, and read."""
        self.reads += 1
        return super().read()


def made(file: KeyFile, *, expires: datetime | None = None) -> tuple[str, str]:
    """Return the id and the words of a new key in `file`."""
    identity, words = new_key()
    file.add(Key(id=identity, name="somebody", sha256=digest_of(words), scopes=frozenset({Scope.EXTRACT}), created=NOW, expires=expires))
    return identity, words


def later(clock: Clock, seconds: float = LOOK_EVERY_S) -> None:
    """Let so many seconds pass."""
    clock.now_s += seconds


def test_the_file_holds_no_key(tmp_path: Path) -> None:
    """Digests alone are kept, and nobody but the owner may read them."""
    file = KeyFile(tmp_path / "data")
    identity, words = made(file)
    text = file.path.read_text(encoding="utf-8")

    assert words.startswith(f"vg_{identity}_")
    assert words.removeprefix(f"vg_{identity}_") not in text
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    """Keys that are made at the same time are all there, and whoever reads meanwhile finds a whole file."""
    file, torn = KeyFile(tmp_path), list[Exception]()
    made(file)

    def read() -> None:
        try:
            for _ in range(100):
                KeyFile(tmp_path).read()
        except (OSError, ValueError) as error:
            torn.append(error)

    threads = [threading.Thread(target=made, args=(KeyFile(tmp_path),)) for _ in range(20)] + [threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(file.read()) == 21
    assert torn == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.json", "keys.lock"]


def test_without_keys_nobody_is_asked(tmp_path: Path) -> None:
    """An installation without keys lets everyone in, until the first key is made."""
    clock, file = Clock(), KeyFile(tmp_path)
    ring = KeyRing((), file, clock=clock)
    assert not ring.asks

    made(file)
    later(clock)
    assert ring.asks


def test_a_file_that_appears_and_cannot_be_read_opens_nothing(tmp_path: Path) -> None:
    """The first key of an installation shuts the door also where the service cannot read it."""
    clock = Clock()
    ring = KeyRing((), KeyFile(tmp_path), clock=clock)
    (tmp_path / "keys.json").write_text("{", encoding="utf-8")
    later(clock)

    assert ring.asks
    with pytest.raises(AuthStoreUnavailable):
        ring.find("vg_0000_unknown")


def test_who_reads_the_file_can_read_the_next_one(tmp_path: Path) -> None:
    """Whoever changes the keys leaves the file to those who could read it before; the lock is the owner's alone."""
    file = KeyFile(tmp_path)
    identity, _ = made(file)
    file.path.chmod(0o640)
    file.end(identity, NOW)

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "keys.lock").stat().st_mode) == 0o600


def test_a_link_that_leads_nowhere_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Keys on a disk that is not there are an outage, and not an installation without keys."""
    (tmp_path / "keys.json").symlink_to(tmp_path / "elsewhere" / "keys.json")

    with pytest.raises(SetupError):
        KeyRing((), KeyFile(tmp_path))


def test_j05_a_revoked_key_opens_nothing_within_seconds(tmp_path: Path) -> None:
    """What the command line ends, every process that serves from the file refuses a second later; what it adds, they know."""
    clock, file = Clock(), KeyFile(tmp_path)
    identity, words = made(file)
    rings = [KeyRing((), KeyFile(tmp_path), clock=clock) for _ in range(2)]
    assert all(ring.find(words) for ring in rings)

    file.end(identity, NOW)
    _, other = made(file)
    later(clock)
    assert LOOK_EVERY_S <= 5
    assert [ring.find(words) for ring in rings] == [None, None]
    assert all(ring.find(other) for ring in rings)


def test_a_key_may_end_later(tmp_path: Path) -> None:
    """Old and new key open side by side while callers change over."""
    file = KeyFile(tmp_path)
    identity, old = made(file)
    _, new = made(file)
    file.end(identity, NOW + timedelta(hours=1))
    ring = KeyRing((), file)
    assert ring.find(old)
    assert ring.find(new)

    file.end(identity, NOW + timedelta(hours=2))
    assert file.read()[0].expires == NOW + timedelta(hours=1)


def test_j01_an_expired_key_opens_nothing(tmp_path: Path) -> None:
    """A key whose time is over is as good as none."""
    file = KeyFile(tmp_path)
    _, words = made(file, expires=NOW)

    assert KeyRing((), file).find(words) is None


@pytest.mark.parametrize("broken", ["", "{", '{"version": 1}', '{"version": 1, "keys": [{"id": "x"}]}', None], ids=["empty", "torn", "other", "half", "gone"])
def test_j03_an_outage_never_looks_like_a_bad_key(tmp_path: Path, broken: str | None) -> None:
    """While the file cannot be read, keys that are known open for some minutes more; of others nobody says that they are wrong."""
    clock, file = Clock(), KeyFile(tmp_path)
    _, words = made(file)
    ring = KeyRing([SecretStr("given-by-the-settings")], file, clock=clock)
    whole = file.path.read_bytes()
    file.path.unlink()
    if broken is not None:
        file.path.write_text(broken, encoding="utf-8")

    later(clock)
    assert ring.asks
    assert ring.find(words)
    with pytest.raises(AuthStoreUnavailable):
        ring.find("vg_0000_unknown")

    later(clock, STALE_S + 1)
    with pytest.raises(AuthStoreUnavailable):
        ring.find(words)
    assert ring.find("given-by-the-settings")

    file.path.write_bytes(whole)
    later(clock)
    assert ring.find(words)
    assert ring.find("vg_0000_unknown") is None


def test_j04_the_file_is_read_once_however_many_ask(tmp_path: Path) -> None:
    """A thousand callers a second cost one look, and no reading where nothing changed."""
    clock, file = Clock(), CountingFile(tmp_path)
    _, words = made(file)
    file.reads = 0
    ring = KeyRing((), file, clock=clock)
    for _ in range(5):
        for _ in range(1_000):
            assert ring.find(words)
        later(clock)

    assert file.reads == 1


def test_a_file_that_is_none_stops_the_start(tmp_path: Path) -> None:
    """An installation does not start with keys that it cannot read; what is in the file is not told."""
    (tmp_path / "keys.json").write_text(json.dumps({"secret": "canari-7f3a"}), encoding="utf-8")
    with pytest.raises(SetupError) as refused:
        KeyRing((), KeyFile(tmp_path))

    assert "canari" not in str(refused.value)
