"""What a command writes, and that none of it drives the terminal: an article may hold whatever its author likes."""

import os
import re
import sys

from service.errors import InternalError

#: What a terminal obeys or hides: control characters, lone surrogates, line separators, what turns the direction around, annotations, tags. The marks and
#: joiners that Arabic, Hebrew, Indic scripts and emoji need are not among them.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]")
#: Those that JSON lets stand as they are.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")

#: Columns of a table that no terminal shows, so that it is the same wherever it is sent; and the fewest and the most that one is drawn in.
_COLUMNS, _FEWEST, _MOST = 80, 60, 160


def columns() -> int:
    """Return how wide a table on standard output may be."""
    try:
        return min(max(os.get_terminal_size(sys.stdout.fileno()).columns, _FEWEST), _MOST)
    except OSError:
        return _COLUMNS


def harmless(text: str) -> str:
    """Return `text` in one line: any space as one blank, and what is not safe spelt out, as Python would."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), " ".join(text.split()))


def harmless_json(document: str) -> str:
    """Return a JSON `document` that means the same and that a terminal shows as it is."""
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def put(text: str) -> None:
    """Write a result to standard output: in UTF-8, whatever the terminal is.

    Raises:
        BrokenPipeError: Nobody reads it.
        InternalError: It cannot be written.
    """
    if sys.stdout is None:
        raise InternalError("Standard output is closed.")
    try:
        sys.stdout.buffer.write(f"{text}\n".encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InternalError(f"Standard output cannot be written: {error.strerror}.") from None


def say(line: str) -> None:
    """Tell whoever runs the command one thing, on standard error."""
    sys.stderr.write(f"vigie: {harmless(line)}\n")
    sys.stderr.flush()
