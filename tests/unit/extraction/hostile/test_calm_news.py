"""News that sounds like words to a model, in the thirteen languages of the attack set: hardly a passage of it brings the warning."""

import tomllib
from pathlib import Path

from service.extraction.hostile.instructions import instruction_like

NEWS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("calm_news.toml").read_text(encoding="utf-8"))
MOST = 0.02


def test_c01_hard_news_is_news() -> None:
    """At most two passages in a hundred are taken for words to a model, though each holds what such words hold."""
    passages = [passage for told in NEWS.values() for passage in told]

    assert len(NEWS) == 13
    assert min(map(len, NEWS.values())) >= 25
    assert sum(bool(instruction_like(passage)) for passage in passages) <= MOST * len(passages)
