"""Which sentences may hold a threat or a commitment."""

import pytest

from schemas.vocabulary import Section
from service.extraction.cues import sentences_with_cues

CASES = [
    ("en", Section.THREATS, "Valmer threatened to shell the port.", True),
    ("en", Section.THREATS, "The mayor opened a bridge.", False),
    ("en", Section.COMMITMENTS, "Valmer will send two ships.", True),
    ("en", Section.COMMITMENTS, "The mayor opened a bridge.", False),
    ("fr", Section.THREATS, "Valmer a menacé de frapper le port.", True),
    ("fr", Section.COMMITMENTS, "Valmer enverra deux navires.", True),
    ("fr", Section.COMMITMENTS, "Les alliés ont été informés.", False),
    ("es", Section.COMMITMENTS, "Valmer prometió dos barcos.", True),
    ("de", Section.THREATS, "Valmer drohte mit einem Angriff.", True),
    ("ru", Section.THREATS, "Вальмер пригрозил нанести удар.", True),
    ("uk", Section.COMMITMENTS, "Вальмер обіцяє кораблі.", True),
    ("ar", Section.THREATS, "وهددت فالمير بقصف الميناء.", True),
    ("zh", Section.THREATS, "瓦尔默威胁要袭击港口。", True),
    ("zh", Section.COMMITMENTS, "天气晴朗。", False),
]


@pytest.mark.parametrize(("language", "section", "sentence", "may"), CASES)
def test_a_sentence_is_read_for_its_cues(language: str, section: Section, sentence: str, *, may: bool) -> None:
    """A sentence without any word of harm, or of a promise, holds no threat, or no commitment."""
    assert (sentences_with_cues(section, [sentence], language) == [sentence]) is may


def test_nothing_is_ruled_out_where_nobody_can_say() -> None:
    """Other sections and languages without a list are read whole."""
    assert sentences_with_cues(Section.ACTORS, ["Valmer."], "en") is None
    assert sentences_with_cues(Section.THREATS, ["Valmer."], "sw") is None
    assert sentences_with_cues(Section.THREATS, ["Valmer."], "EN-gb") == []
