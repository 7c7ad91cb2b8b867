"""The keys that an installation knows: those of its settings, and those of its file, which may change while it serves."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from pydantic import SecretStr

from service.access.key import Key, Scope, digest_of
from service.access.key_file import KeyFile, Stamp
from service.errors import AuthStoreUnavailable, SetupError
from service.logs import log

#: Seconds between two looks at the file: so long a revoked key may still open.
LOOK_EVERY_S = 1.0
#: Seconds for which what was read last holds while the file cannot be read.
STALE_S = 300.0

_EPOCH = datetime.fromtimestamp(0, UTC)


class KeyRing:
    """The keys. Without any, and without a file, nobody is asked for one."""

    def __init__(self, given: Iterable[SecretStr], file: KeyFile, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the keys `given` by the settings, and read the `file`, if there is one.

        Args:
            given: Open what callers need, for ever.
            file: Is looked at again once a second.
            clock: Counts seconds and never goes back.

        Raises:
            SetupError: The file is there and cannot be read.
        """
        self._given = {key.sha256: key for key in map(_of_settings, given)}
        self._file, self._clock = file, clock
        self._filed: Mapping[str, Key] = {}
        self._stamp: Stamp | None = None
        self._looked_at = self._read_at = clock()
        self._failing = False
        if file.exists():
            self._read()
            if self._failing:
                raise SetupError(f"{file.path} is no file of keys, or cannot be read.")

    @property
    def asks(self) -> bool:
        """Whether callers need a key. Once there was a file they always do, also when it is gone or cannot be read."""
        self._look()
        return bool(self._given) or self._stamp is not None or self._failing

    def find(self, shown: str) -> Key | None:
        """Return the key whose words `shown` are; None if there is none, or not any more.

        Raises:
            AuthStoreUnavailable: Nobody can say: the file cannot be read, and the key may be new.
        """
        self._look()
        digest = digest_of(shown)
        if digest in self._given:
            return self._given[digest]
        key = self._filed.get(digest)
        if self._failing and (key is None or self._clock() - self._read_at > STALE_S):
            raise AuthStoreUnavailable
        return None if key is None or key.is_over(datetime.now(UTC)) else key

    def _look(self) -> None:
        """Read the file if it may have changed."""
        if self._clock() - self._looked_at >= LOOK_EVERY_S and (self._stamp is not None or self._failing or self._file.exists()):
            self._looked_at = self._clock()
            self._read()

    def _read(self) -> None:
        failed = self._failing
        try:
            stamp = self._file.stamp()
            if stamp != self._stamp or failed:
                self._filed = {key.sha256: key for key in self._file.read()}
            self._stamp, self._read_at, self._failing = stamp, self._clock(), False
        except (OSError, ValueError) as error:
            self._failing = True
            if not failed:
                log.error("auth-store-unavailable", error=type(error).__name__)
        else:
            if failed:
                log.info("auth-store-available")


def _of_settings(key: SecretStr) -> Key:
    """Return a key that the settings hold."""
    digest = digest_of(key.get_secret_value())
    return Key(id=f"set-{digest[:8]}", name="settings", sha256=digest, scopes=frozenset({Scope.EXTRACT, Scope.JOBS}), created=_EPOCH)
