"""Which targets may stand."""

import pytest

from schemas.vocabulary import RejectionReason, TargetCategory
from service.extraction.chunking import Chunk, chunk
from service.extraction.grounding import ground
from service.extraction.judging import Judged, judge
from tests.unit.extraction.extraction_parts import actor, drafted, prepared_from, target

#: Civilian things and people, by language. The model has called each of them military.
CIVILIAN = [
    ("en", "the hospital of Teln"),
    ("en", "two primary schools"),
    ("en", "civilian homes"),
    ("en", "Civilians"),
    ("en", "an apartment block"),
    ("en", "the refugee camp"),
    ("en", "three journalists"),
    ("en", "residential buildings near the base"),
    ("fr", "les hôpitaux"),
    ("fr", "une école"),
    ("fr", "des habitants de Teln"),
    ("fr", "infrastructures civiles"),
    ("fr", "le marché central"),
    ("es", "el hospital militar"),
    ("es", "dos iglesias"),
    ("es", "mujeres y niños"),
    ("de", "ein Krankenhaus"),
    ("de", "Zivilisten"),
    ("de", "Wohnhäuser"),
    ("ru", "мирные жители"),
    ("ru", "гражданские объекты"),
    ("ru", "школа"),
    ("uk", "цивільні"),
    ("uk", "лікарня"),
    ("ar", "المستشفى"),
    ("ar", "المدنيين"),
    ("ar", "مدارس"),
    ("zh", "平民"),
    ("zh", "医院"),
    ("ja", "民間人"),
    ("tr", "siviller"),
    ("he", "אזרחים"),
]


def judged(text: str, *entries: object, language: str = "en") -> Judged:
    """Return the judgement of drafted entries about `text`."""
    prepared = prepared_from(text, language=language)
    return judge(ground([(Chunk(0, len(text), text), drafted(*entries))], prepared), language)  # type: ignore[arg-type]


@pytest.mark.parametrize("category", ["military", "government", "military_and_government", "civilian"])
@pytest.mark.parametrize(("language", "name"), CIVILIAN)
def test_what_is_civilian_never_passes(language: str, name: str, category: str) -> None:
    """The words of a name outweigh what the model said of it."""
    judgement = judged(f"– {name} – 123", target(name, category), language=language)

    assert judgement.targets == []
    assert [refused.reason for refused in judgement.refused] == [RejectionReason.CIVILIAN]


@pytest.mark.parametrize("name", ["the naval base", "la base navale", "die Kaserne", "a baker", "une maison"])
def test_what_the_model_calls_civilian_never_passes(name: str) -> None:
    """The model's word is enough to refuse a target."""
    assert judged(f"{name}!", target(name, "civilian")).refused[0].reason == RejectionReason.CIVILIAN


#: What may stand, with what it is whatever the model said.
KINDS = [
    ("the naval base", "government", ["military"]),
    ("un bataillon", "government", ["military"]),
    ("военный аэродром", "government", ["military"]),
    ("军营", "government", ["military"]),
    ("القاعدة العسكرية", "government", ["military"]),
    ("the ministry of finance", "military", ["government"]),
    ("un commissariat", "military", ["government"]),
    ("el Parlamento", "military", ["government"]),
    ("правительственные здания", "military", ["government"]),
    ("外交部委", "military", ["government"]),
    ("the embassy", "military", ["government"]),
    ("the military attaché’s embassy", "military_and_government", ["government"]),
    ("un complexe diplomatique", "military", ["government"]),
    ("консульство", "military", ["government"]),
    ("السفارة", "military", ["government"]),
    ("大使馆", "military", ["government"]),
    ("military and government sites", "military", ["military", "government"]),
    ("des sites militaires et gouvernementaux", "government", ["military", "government"]),
    ("the Guardia Civil", "government", ["government"]),
    ("the civil guard", "government", ["government"]),
    ("senior civil servants", "government", ["government"]),
    ("the compound", "military", ["military"]),
    ("the compound", "government", ["government"]),
    ("the compound", "military_and_government", ["military", "government"]),
]


@pytest.mark.parametrize(("name", "category", "expected"), KINDS)
def test_the_words_of_a_name_say_what_it_is(name: str, category: str, expected: list[str]) -> None:
    """A mission is of a government, a base military, and a coordinated mention one target for each."""
    judgement = judged(f"{name}!", target(name, category))

    assert [one.category for one in judgement.targets] == [TargetCategory(each) for each in expected]
    assert {one.proven.draft.name for one in judgement.targets} == {name}
    assert judgement.refused == []


REFUSED = {
    "spared": ("the naval base", {"status": "spared"}, RejectionReason.NEGATED),
    "other": ("a bridge", {"category": "other"}, RejectionReason.UNVERIFIABLE),
    "country": ("Germany", {}, RejectionReason.UNVERIFIABLE),
    "country in another case": ("GERMANY", {}, RejectionReason.UNVERIFIABLE),
    "actor that is a state": ("Valdoria", {}, RejectionReason.UNVERIFIABLE),
    "actor that is a group": ("the Front", {}, RejectionReason.UNVERIFIABLE),
    "place": ("Cape Orsk", {"place": "Cape Orsk"}, RejectionReason.UNVERIFIABLE),
    "spared and civilian": ("a hospital", {"status": "spared"}, RejectionReason.CIVILIAN),
}


@pytest.mark.parametrize(("name", "fields", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_target_is_refused(name: str, fields: dict[str, str], reason: RejectionReason) -> None:
    """What is spared, a country, a group and a place by itself are no targets."""
    judgement = judged(f"{name}, Valdoria, the Front!", actor("Valdoria"), actor("Front", "armed_group"), target(name, **fields))

    assert judgement.targets == []
    assert [(refused.section, refused.reason) for refused in judgement.refused] == [("targets", reason)]


def test_armed_forces_may_be_a_target() -> None:
    """An actor that is a force or an official can be struck as well."""
    judgement = judged("The Fleet fears Ilan Dorst.", actor("The Fleet", "armed_forces"), target("The Fleet"), target("Ilan Dorst", "government"))

    assert [one.proven.draft.name for one in judgement.targets] == ["The Fleet", "Ilan Dorst"]


def test_what_nobody_says_the_kind_of_is_refused() -> None:
    """A target of kind `other` stands only if its own name says that it is military or of a government."""
    prepared = prepared_from("They spoke of Valmer and its friends, and of the old fort of the army.")
    pieces = [drafted(target("Valmer and its friends", kind="other"), target("the old fort of the army", kind="other"))]
    judgement = judge(ground([(chunk(prepared, 99_999)[0], piece) for piece in pieces], prepared), "en")

    assert [one.proven.draft.name for one in judgement.targets] == ["the old fort of the army"]
    assert [one.reason for one in judgement.refused] == ["unverifiable"]
