"""Room: how much of what callers send is held at the same time. Many who each send what they may could otherwise take all memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.errors import NoRoom


class Room:
    """So many bytes of bodies, each from its first byte to its answer."""

    def __init__(self, most_bytes: int) -> None:
        """Begin empty."""
        self.most_bytes = most_bytes
        self.held_bytes = 0

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """Yield a place for one body; what it holds is given back at the end."""
        place = Place(self)
        try:
            yield place
        finally:
            self.held_bytes -= place.held_bytes


class Place:
    """The place of one body."""

    def __init__(self, room: Room) -> None:
        """Begin empty."""
        self.held_bytes = 0
        self._room = room

    def take(self, size: int) -> None:
        """Make room for `size` bytes more.

        Raises:
            NoRoom: There is none.
        """
        if self._room.held_bytes + size > self._room.most_bytes:
            raise NoRoom("The others' articles take all room.", retry_after_s=1)
        self._room.held_bytes += size
        self.held_bytes += size
