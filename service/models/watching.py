"""Who wants to know of what happens on the way to a model."""

from typing import Protocol


class Watch(Protocol):
    """Who wants to know of calls, and of the engine."""

    def called(self, outcome: str, seconds: float) -> None:
        """Be told of a call: `ok`, `cancelled` or the code of its problem."""

    def retried(self) -> None:
        """Be told that one is to be made again."""

    def restarted(self) -> None:
        """Be told that the engine ended and is to be started again."""


class _Nobody:
    """Who does not want to know."""

    def called(self, outcome: str, seconds: float) -> None:
        """Be told of a call."""

    def retried(self) -> None:
        """Be told of a retry."""

    def restarted(self) -> None:
        """Be told of a restart."""


NOBODY = _Nobody()
