"""A journal: a file to which each answer of a run is added as soon as it is there, so that a run that was interrupted goes on where it was."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

Kept = TypeVar("Kept")


class Journal(Generic[Kept]):
    """Lines of JSON, each of them something that is kept."""

    def __init__(self, line: TypeAdapter[Kept]) -> None:
        """Know what a line holds."""
        self._line = line

    def load(self, path: Path) -> Iterable[Kept]:
        """Yield what is kept in the file at `path`, the oldest first; a line that cannot be read counts as none."""
        if not path.is_file():
            return
        for line in path.read_bytes().splitlines():
            try:
                yield self._line.validate_json(line)
            except ValidationError:
                continue

    def append(self, kept: Kept, path: Path) -> None:
        """Add a line to the file at `path`."""
        # The newline comes first, so that it ends what a run that was killed may have left.
        with path.open("ab") as file:
            file.write(b"\n" + self._line.dump_json(kept))


def setting_of(patterns: Iterable[str], weights_sha256: str, root: Path) -> str:
    """Return the digest of the weights and of the files under `root` that match `patterns`: of all that answers hang on beside the article."""
    content = hashlib.sha256(weights_sha256.encode())
    for pattern in patterns:
        for path in sorted(path for path in root.glob(pattern) if path.is_file() and path.suffix != ".pyc"):
            content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()
