"""Keep each answer as soon as it is there, so that a run that was interrupted goes on where it was."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from benchmarks.quality.answers import Answer
from service.evaluation.gold import GoldArticle

ROOT = Path(__file__).parents[2]

#: What an answer hangs on beside the article, the weights and the engine: the files of each reader, from the root of the checkout.
FILES: Mapping[str, tuple[str, ...]] = {
    "instructor": ("benchmarks/quality/instructor_*", "benchmarks/quality/finding.py", "requirements/dev.txt"),
    "langextract": (
        "benchmarks/quality/langextract_alone.py",
        "benchmarks/quality/langextract_reader.py",
        "benchmarks/quality/finding.py",
        "benchmarks/quality/requirements.txt",
    ),
    "vigie": ("service/extraction/**/*", "service/models/**/*", "schemas/**/*", "prompts/**/*", "requirements/dev.txt"),
}
_ENGINE = ("service/models/engine.py", "benchmarks/quality/engine.py")


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, of whom, to what, and in which run."""

    reader: str
    half: str
    article: str
    #: Of all that the answer hangs on.
    digest: str
    #: When the run began, in seconds since 1970.
    run: int
    answer: Answer


_LINE = TypeAdapter(Kept)


def setting_of(reader: str, weights_sha256: str, root: Path = ROOT) -> str:
    """Return the digest of all that the answers of `reader` hang on, beside the article."""
    content = hashlib.sha256(weights_sha256.encode())
    for pattern in (*FILES[reader], *_ENGINE):
        for path in sorted(path for path in root.glob(pattern) if path.is_file() and path.suffix != ".pyc"):
            content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


def digest_of(setting: str, article: GoldArticle) -> str:
    """Return the digest of all that an answer to `article` hangs on. Its annotation is no part of it."""
    return hashlib.sha256("\0".join((setting, article.annotation.article.published or "", article.text)).encode()).hexdigest()


def load(path: Path) -> Iterable[Kept]:
    """Yield what is kept in the file at `path`, the oldest first; a line that cannot be read counts as none."""
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines():
        try:
            yield _LINE.validate_json(line)
        except ValidationError:
            continue


def append(kept: Kept, path: Path) -> None:
    """Add a line to the file at `path`."""
    # The newline comes first, so that it ends what a run that was killed may have left.
    with path.open("ab") as file:
        file.write(b"\n" + _LINE.dump_json(kept))
