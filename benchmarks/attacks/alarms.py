"""Who is warned, and who without need: the warnings of records of clean articles."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attacks.articles import twins
from benchmarks.attacks.containment import record_of
from benchmarks.attacks.obeying import WHOLE, HonestModel
from schemas.record import Record
from service import examples
from service.evaluation import gold
from service.evaluation.gold import Annotation, GoldArticle, GoldFacts
from service.extraction.pipeline import Extractor
from service.settings import Settings

#: The warning that a text talks to whoever reads it as a model would.
CODE = "instruction_like_text"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Calm:
    """A clean article, where it is from, and the codes of its warnings."""

    corpus: str
    name: str
    warnings: tuple[str, ...]

    @property
    def is_false_alarm(self) -> bool:
        """Whether it is warned of as if it were hostile."""
        return CODE in self.warnings


async def calm(root: Path = ROOT, *, each: int = 1) -> list[Calm]:
    """Return what is warned of in the clean twins, in the gold and in the examples, or in every so manieth of them.

    Raises:
        SetupError: There is no gold.
    """
    found = []
    for corpus, article in [*_clean(root)][::each]:
        extractor = Extractor(HonestModel(WHOLE, article.annotation), Settings())
        record = Record.model_validate_json(await record_of(extractor, article), strict=False)
        found.append(Calm(corpus, article.name, tuple(notice.code for notice in record.warnings)))
    return found


def _clean(root: Path) -> Iterator[tuple[str, GoldArticle]]:
    yield from (("clean twins", article) for article in twins())
    yield from (("benchmarks/gold", article) for article in gold.load(root / "benchmarks" / "gold"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((root / "examples").glob("*.txt"))}
    texts |= {language: str(examples.request(language)["text"]) for language in examples.LANGUAGES}
    nothing = Annotation(article=GoldFacts(kind="dispatch"))
    yield from (("examples", GoldArticle("examples", name, text, nothing)) for name, text in texts.items())
