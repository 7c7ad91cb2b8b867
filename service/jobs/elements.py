"""Where one article ends and the next begins, in a body that arrives in parts: elements of a JSON array, or lines.

However the body is cut, each byte is gone through once, and no more is held than the element that is under way. Whether an element is JSON is for others to
say: where each is, and there are commas between them, the array is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from service.errors import MalformedBody
from service.intake import MAX_PARTS
from service.strict_json import MAX_DEPTH

_SPACE = b" \t\r\n"
_MARGIN = re.compile(rb"[ \t\r\n]*+")
#: What stands between the signs that matter at the top of an array.
_BETWEEN = re.compile(rb'[^"\[\]{},]*+')
#: The same within an element, where commas do not matter, nor strings that end in this part. Possessive, so that no part is gone through twice.
_WITHIN = re.compile(rb'[^"\[\]{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\[\]{}]*+)*+', re.DOTALL)
#: The rest of a string, up to its end, the end of the part, or a backslash there.
_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Element:
    """An element as it came, without the spaces around it."""

    #: None where it is longer than it may be, so that it was not kept.
    raw: bytes | None
    #: Its bytes.
    size: int


class Splitter(Protocol):
    """Splits one body."""

    def feed(self, part: bytes) -> Iterator[Element]:
        """Yield the elements that end in the next part of the body; to be taken before the part behind it.

        Raises:
            MalformedBody: The body is not what it should be.
        """

    def end(self) -> Iterator[Element]:
        """Yield the element that the end of the body ends.

        Raises:
            MalformedBody: It ends too early.
        """


class _Held:
    """The element that is under way, or as much of it as may be kept."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept = bytearray()
        self._size = 0

    def __bool__(self) -> bool:
        return self._size > 0

    def add(self, part: bytes) -> None:
        """Add what comes next of it; spaces before it are none of it."""
        part = part if self._size else part.lstrip(_SPACE)
        self._size += len(part)
        if self._size <= self._most_bytes:
            self._kept += part
        else:
            self._kept.clear()

    def take(self) -> Element:
        """Return it, and begin with the next."""
        whole = Element(bytes(self._kept).rstrip(_SPACE) if self._size <= self._most_bytes else None, self._size)
        self._kept.clear()
        self._size = 0
        return whole


class Lines:
    """Splits lines; empty ones are passed over."""

    def __init__(self, most_bytes: int) -> None:
        """Keep lines of up to so many bytes."""
        self._held = _Held(most_bytes)

    def feed(self, part: bytes) -> Iterator[Element]:
        """Yield the lines that end in the next part of the body."""
        at = 0
        while at < len(part):
            if not self._held:
                at = _end_of(_MARGIN, part, at)
            end = part.find(b"\n", at)
            self._held.add(part[at : end if end >= 0 else len(part)])
            if end < 0:
                return
            yield self._held.take()
            at = end + 1

    def end(self) -> Iterator[Element]:
        """Yield the last line, if no line break ended it."""
        if self._held:
            yield self._held.take()


class Elements:
    """Splits a JSON array."""

    def __init__(self, most_bytes: int) -> None:
        """Keep elements of up to so many bytes."""
        self._held = _Held(most_bytes)
        #: Brackets that are open: none before the array and behind it.
        self._depth = 0
        #: Brackets and strings of the element that were gone through one by one.
        self._signs = 0
        self._passed = 0
        self._is_empty, self._is_over = True, False
        self._in_string, self._behind_backslash = False, False

    def feed(self, part: bytes) -> Iterator[Element]:
        """Yield the elements that end in the next part of the array."""
        at = kept = self._enter(part)
        while at < len(part) and self._depth:
            if self._in_string:
                at = self._through_string(part, at)
                continue
            at = _end_of(_BETWEEN if self._depth == 1 else _WITHIN, part, at)
            sign, at = part[at : at + 1], at + 1
            if self._depth == 1 and sign and sign in b",]":
                self._held.add(part[kept : at - 1])
                kept = at
                yield from self._ended(sign, at)
            elif sign:
                self._note(sign, at)
        if self._depth:
            self._held.add(part[kept:])
        elif _end_of(_MARGIN, part, at) < len(part):
            raise self._broken(at)
        self._passed += len(part)

    def end(self) -> Iterator[Element]:
        """Yield nothing: the array ends by itself."""
        if not self._is_over:
            raise MalformedBody("The body is no JSON array: it ends too early.")
        return iter(())

    def _enter(self, part: bytes) -> int:
        """Return where in the part to go on, which is behind the first bracket."""
        if self._depth or self._is_over:
            return 0
        at = _end_of(_MARGIN, part, 0)
        if at == len(part):
            return at
        if part[at : at + 1] != b"[":
            raise self._broken(at)
        self._depth = 1
        return at + 1

    def _through_string(self, part: bytes, at: int) -> int:
        """Return where the string that is open at `at` ends, or the part."""
        at = _end_of(_STRING, part, at + self._behind_backslash)
        self._behind_backslash = part[at : at + 1] == b"\\"
        self._in_string = part[at : at + 1] != b'"'
        return min(at + 1, len(part))

    def _ended(self, sign: bytes, at: int) -> Iterator[Element]:
        """Yield the element that a comma or the last bracket ends."""
        if sign == b"]":
            self._depth, self._is_over = 0, True
        if self._held:
            yield self._held.take()
        elif sign == b"," or not self._is_empty:
            raise self._broken(at)
        self._is_empty, self._signs = False, 0

    def _note(self, sign: bytes, at: int) -> None:
        """Note a sign within an element, and go no deeper than any article needs."""
        if sign == b'"':
            self._in_string = True
            self._signs += self._depth == 1  # further within only those come here that a cut goes through
        elif sign in b"[{":
            self._depth += 1
            self._signs += 1
        else:
            self._depth -= 1
        if not self._depth or self._depth > MAX_DEPTH + 1 or self._signs > MAX_PARTS:
            raise self._broken(at)

    def _broken(self, at: int) -> MalformedBody:
        return MalformedBody(f"The body is no JSON array that can be read: see byte {self._passed + at:,}.")


def _end_of(pattern: re.Pattern[bytes], part: bytes, at: int) -> int:
    """Return where what `pattern` takes of `part` ends; it takes as little as nothing."""
    found = pattern.match(part, at)
    return found.end() if found else at
