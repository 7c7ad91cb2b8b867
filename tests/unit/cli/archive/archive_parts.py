"""What tests of archives are made of."""

import json
from pathlib import Path
from typing import Any

from service.cli.archive.articles import archive_at

MOST = 1_000


def folder_of(path: Path, **texts: str) -> Path:
    """Return a folder at `path` with these articles in files called `<name>.txt`."""
    path.mkdir(exist_ok=True)
    for name, text in texts.items():
        (path / f"{name}.txt").write_text(text, encoding="utf-8")
    return path


def lines_of(path: Path, *texts: str) -> Path:
    """Return a file at `path` with these articles, one a line."""
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def told_in(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file of records, by the place of their articles."""
    content = path.read_bytes()
    assert content.endswith(b"\n") or not content
    return sorted((json.loads(line) for line in content.splitlines()), key=lambda line: line["index"])


def digests_of(path: Path) -> list[str]:
    """Return the digests of all articles of an archive."""
    return [item.digest for item in archive_at(path, MOST, {}).items(lambda _index: True)]
