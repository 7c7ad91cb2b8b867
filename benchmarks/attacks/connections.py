"""Who tries to open a connection, as the interpreter itself sees it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_EVENTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen", "os.system"})


@dataclass
class Watch:
    """The attempts so far."""

    attempts: list[str] = field(default_factory=list)
    watches: bool = True

    def see(self, event: str, _arguments: tuple[object, ...]) -> None:
        """Note an event of the interpreter, as `sys.addaudithook` tells it."""
        if self.watches and event in _EVENTS:
            self.attempts.append(event)


@contextmanager
def watched() -> Iterator[Watch]:
    """Yield what notes each attempt to connect, to look up a name or to start a program."""
    watch = Watch()
    # A hook cannot be taken out again, but it can be told to look away.
    sys.addaudithook(watch.see)
    try:
        yield watch
    finally:
        watch.watches = False
