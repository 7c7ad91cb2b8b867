"""Whether a target was struck or may be, by the words of its sentence."""

import pytest

from service.extraction.chunking import Chunk
from service.extraction.grounding import ground
from service.extraction.judging import judge
from service.testing.entries import drafted, target
from tests.unit.extraction.extraction_parts import prepared_from


@pytest.mark.parametrize(
    ("language", "text", "name", "said", "status"),
    [
        ("en", "The attack on the barracks lasted an hour.", "barracks", "threatened", "attacked"),
        ("en", "They opened fire on a cutter, killing two sailors.", "two sailors", "threatened", "attacked"),
        ("en", "They threatened an attack on the barracks.", "barracks", "threatened", "threatened"),
        ("en", "They will strike the barracks.", "barracks", "attacked", "threatened"),
        ("pt", "Ardia ainda o quartel de Mirna, incendiado no domingo por rebeldes.", "quartel de Mirna", "threatened", "attacked"),
        ("fr", "Une explosion a détruit la caserne.", "caserne", "threatened", "attacked"),
        ("ru", "Республика уничтожит казармы.", "казармы", "threatened", "threatened"),
    ],
)
def test_a_target_is_attacked_where_the_sentence_tells_of_nothing_to_come(language: str, text: str, name: str, said: str, status: str) -> None:
    """What the words of a sentence tell of the time counts, whatever the model said; where they do not tell, the model's word stands."""
    prepared = prepared_from(text, language=language)
    judged = judge(ground([(Chunk(0, len(text), text), drafted(target(name, status=said)))], prepared), prepared)

    assert [one.proven.draft.status for one in judged.targets] == [status]
