"""Keep each answer as soon as it is there, so that a run that was interrupted goes on where it was."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from benchmarks.quality import journal
from benchmarks.quality.answers import Answer
from benchmarks.quality.journal import Journal
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


_JOURNAL = Journal(TypeAdapter(Kept))
load, append = _JOURNAL.load, _JOURNAL.append


def setting_of(reader: str, weights_sha256: str, root: Path = ROOT) -> str:
    """Return the digest of all that the answers of `reader` hang on, beside the article."""
    return journal.setting_of((*FILES[reader], *_ENGINE), weights_sha256, root)


def digest_of(setting: str, article: GoldArticle) -> str:
    """Return the digest of all that an answer to `article` hangs on. Its annotation is no part of it."""
    return hashlib.sha256("\0".join((setting, article.annotation.article.published or "", article.text)).encode()).hexdigest()
