"""Which threats and commitments may stand, and what the words around them say of them."""

from typing import Any

import pytest

from schemas.vocabulary import RejectionReason
from service.extraction.chunking import Chunk
from service.extraction.grounding import ground
from service.extraction.judging import Judged, judge
from service.testing.entries import actor, commitment, drafted, threat
from tests.unit.extraction.extraction_parts import prepared_from
from tests.unit.extraction.judgement.promise_cases import CASES

_NAMES = ("Valdoria", "Marovia", "Вальдория", "Маровия")


def judged(text: str, *entries: object, language: str = "en") -> Judged:
    """Return the judgement of drafted entries about `text`, in which two states are actors."""
    prepared = prepared_from(text, language=language)
    actors = [actor(name) for name in _NAMES if name in text]
    return judge(ground([(Chunk(0, len(text), text), drafted(*actors, *entries))], prepared), prepared)  # type: ignore[arg-type]


#: Language, a sentence, the words that a model quotes, why they are no threat.
NO_THREATS = [
    ("en", "Valdoria did not threaten to strike the port.", "threaten to strike the port", "negated"),
    ("en", "Valdoria has no plans to attack Marovia.", "no plans to attack Marovia", "negated"),
    ("en", "Valdoria will not attack Marovia.", "will not attack Marovia", "negated"),
    ("fr", "Valdoria n'a pas l'intention d'attaquer Marovia.", "n'a pas l'intention d'attaquer Marovia", "negated"),
    ("de", "Valdoria droht nicht mit einem Angriff.", "droht nicht mit einem Angriff", "negated"),
    ("es", "Valdoria no amenazó con atacar el puerto.", "no amenazó con atacar el puerto", "negated"),
    ("ru", "Вальдория не угрожала атаковать порт.", "не угрожала атаковать порт", "negated"),
    ("zh", "瓦尔多利亚没有威胁要攻击港口。", "没有威胁要攻击港口", "negated"),
    ("en", "In a war game, Valdoria would strike the port.", "Valdoria would strike the port", "hypothetical"),
    ("en", "If Valdoria had attacked, Marovia would have answered with missiles.", "Marovia would have answered with missiles", "hypothetical"),
    ("fr", "Dans le roman, Valdoria menace de frapper le port.", "Valdoria menace de frapper le port", "hypothetical"),
    ("de", "Hätte es Streit gegeben: im Planspiel droht Valdoria mit Raketen.", "droht Valdoria mit Raketen", "hypothetical"),
    ("en", "Valdoria struck the port and killed two sailors.", "Valdoria struck the port and killed two sailors", "unverifiable"),
    ("fr", "Valdoria a bombardé le port mardi.", "Valdoria a bombardé le port mardi", "unverifiable"),
]


@pytest.mark.parametrize(("language", "text", "quote", "reason"), NO_THREATS)
def test_what_is_no_threat_is_refused(language: str, text: str, quote: str, reason: str) -> None:
    """What is denied, imagined or over is no harm to come."""
    judgement = judged(text, threat(quote, by=["Valdoria"]), language=language)

    assert judgement.threats == []
    assert [one.reason for one in judgement.refused] == [RejectionReason(reason)]


#: Language, a sentence that is a threat as a whole, and its fields.
THREATS: list[tuple[str, str, dict[str, Any]]] = [
    ("en", "Valdoria will not hesitate to attack Marovia", {}),
    ("en", "Valdoria did not rule out attacking Marovia", {}),
    ("en", "Valdoria threatened not only to strike the port but to burn the town", {}),
    ("en", "Valdoria vowed to strike back if Marovia does not withdraw", {"condition": "if Marovia does not withdraw", "basis": "declared"}),
    ("en", "Valdoria vowed to strike back, unless Marovia withdraws", {"condition": "unless Marovia withdraws"}),
    ("fr", "Valdoria menace de frapper Marovia si le port est fermé", {"condition": "si le port est fermé", "basis": "declared"}),
    ("es", "Valdoria amenazó con atacar si Marovia no se retira", {"condition": "si Marovia no se retira", "basis": "declared"}),
    ("de", "Valdoria droht mit einem Angriff, falls Marovia den Hafen schließt", {"condition": "falls Marovia den Hafen schließt"}),
    ("ru", "Вальдория пригрозила ударом, если Маровия закроет порт", {"condition": "если Маровия закроет порт"}),
    ("zh", "瓦尔多利亚威胁说,如果港口关闭,将发动袭击", {"condition": "如果港口关闭"}),
    ("en", "Marovia believes that Valdoria will attack", {"basis": "assessed", "condition": None}),
    ("en", "An attack by Valdoria is very likely this week", {"likelihood": "very likely"}),
    ("en", "It is not if but when Valdoria will attack", {"condition": None}),
    ("en", "Valdoria threatened Marovia with missiles", {"means": ["missile"], "asserted_by": ["Valdoria"]}),
]


@pytest.mark.parametrize(("language", "text", "fields"), THREATS)
def test_a_threat_is_as_its_words_have_it(language: str, text: str, fields: dict[str, Any]) -> None:
    """Basis, condition, means and likelihood follow the sentence, whatever the model left out or added."""
    by = next((name for name in ("Valdoria", "Вальдория") if name in text), "")
    offered = threat(text, by=[by], basis="assessed" if fields.get("basis") == "declared" else "declared", means=["missile", "naval"])
    judgement = judged(text + ".", offered, language=language)

    assert {name: getattr(judgement.threats[0].draft, name) for name in fields} == fields
    assert "naval" not in judgement.threats[0].draft.means


@pytest.mark.parametrize("text", ["Valdoria threatened Marovia.", "Valdoria has threatened to strike Marovia.", "Valdoria warned Marovia."])
def test_who_threatens_whom_is_not_exchanged(text: str) -> None:
    """Where one name stands before the verb and the other behind it, the draft cannot have it the other way round."""
    assert [one.reason for one in judged(text, threat(text, by=["Marovia"], against=["Valdoria"])).refused] == [RejectionReason.CONTRADICTED]


@pytest.mark.parametrize("text", ["Valdoria was threatened by Marovia.", "Valdoria, threatened again, called Marovia."])
def test_a_passive_exchanges_nobody(text: str) -> None:
    """Of the one who is threatened the name may stand first."""
    assert len(judged(text, threat(text, by=["Marovia"], against=["Valdoria"])).threats) == 1


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        ("Valdoria threatened to strike the port.", ["Valdoria"], []),
        ("The minister threatened on Thursday to strike if Valdoria attacks.", [], []),
        ("The two said that they would attack each other: Valdoria and Marovia.", ["Valdoria", "Marovia"], ["Valdoria", "Marovia"]),
    ],
)
def test_nobody_threatens_itself(text: str, by: list[str], against: list[str]) -> None:
    """An actor on both sides stays on the one where the words have it, or on none, and what is left out is listed; two may threaten each other."""
    sides = ["Valdoria", "Marovia"] if "Marovia" in text else ["Valdoria"]
    judgement = judged(text, threat(text, by=sides, against=sides))
    (stands,) = judgement.threats

    assert (stands.draft.by, stands.draft.against) == (by, against)
    assert [one.item for one in judgement.refused] == [{side: "Valdoria"} for side, left in (("by", by), ("against", against)) if not left]


def test_words_from_another_sentence_are_refused() -> None:
    """A condition and a likelihood that the sentence of a threat does not hold are left out and listed."""
    text = "Valdoria vowed to strike the port. If it rains, a storm is very likely."
    offered = threat("Valdoria vowed to strike the port", by=["Valdoria"], condition="If it rains", likelihood="very likely", means=["drone"])
    judgement = judged(text, offered)

    assert (judgement.threats[0].draft.condition, judgement.threats[0].draft.likelihood) == (None, None)
    assert [one.item for one in judgement.refused] == [{"condition": "If it rains"}, {"likelihood": "very likely"}, {"means": "drone"}]


@pytest.mark.parametrize(("language", "binds", "who", "text"), CASES)
def test_a_promise_is_told_from_a_statement(language: str, binds: bool, who: str, text: str) -> None:  # noqa: FBT001 - a column of the table
    """A promise, a refusal or an assurance is a commitment; a fact, a forecast or a demand is none."""
    judgement = judged(text, actor(who), commitment(text, speakers=[who], polarity="will"), language=language)

    assert bool(judgement.commitments) == binds
    assert [one.detail for one in judgement.refused if one.section == "commitments"] == ([] if binds else ["The words hold no promise."])


@pytest.mark.parametrize(
    ("language", "text", "polarity"),
    [
        ("en", "Valdoria will not send troops, it said, and it promised so.", "will_not"),
        ("en", "Valdoria refuses to send troops.", "will_not"),
        ("en", "Valdoria promised to send troops if Marovia does not withdraw.", "will"),
        ("fr", "Valdoria ne participera pas, elle s'y engage.", "will_not"),
        ("de", "Valdoria weigert sich, Truppen zu schicken.", "will_not"),
        ("fr", "Valdoria s'engage à livrer des radars.", "will"),
    ],
)
def test_the_polarity_follows_the_words(language: str, text: str, polarity: str) -> None:
    """What is refused is not promised, whatever the model said."""
    judgement = judged(text, commitment(text, speakers=["Valdoria"]), language=language)

    assert [one.draft.polarity for one in judgement.commitments] == [polarity]


@pytest.mark.parametrize("fields", [{"polarity": "will_not"}, {"commitment": "send 6 frigates"}])
def test_what_its_own_words_contradict_is_refused(fields: dict[str, str]) -> None:
    """A refusal that nothing refuses, or another number, is no reading of the words."""
    text = "Valdoria promised to send 4 frigates."

    assert [one.reason for one in judged(text, commitment(text, speakers=["Valdoria"], **fields)).refused] == [RejectionReason.CONTRADICTED]


def test_a_direct_quote_stands_between_quotation_marks() -> None:
    """The one quoted stretch is taken where the model gave none; words outside of quotation marks are no quote."""
    text = 'Valdoria promised an "unbending" defence.'
    quote = 'promised an "unbending" defence'
    taken, refused = judged(text, commitment(quote, speakers=["Valdoria"])), judged(text, commitment(text, speakers=[], direct_quote="defence"))

    assert [one.draft.direct_quote for one in taken.commitments] == ["unbending"]
    assert [one.draft.direct_quote for one in refused.commitments] == [None]
    assert [one.item for one in refused.refused] == [{"direct_quote": "defence"}]


@pytest.mark.parametrize(
    ("text", "offered", "speakers"),
    [
        ("Marovia promised to send 4 frigates.", ["Valdoria"], ["Marovia"]),
        ("“We will not leave a friend alone,” Marovia said.", ["Valdoria"], ["Marovia"]),
        ("Marovia promised to send 4 frigates to Valdoria.", ["Valdoria"], ["Valdoria"]),
        ("It promised to send 4 frigates.", ["Valdoria"], ["Valdoria"]),
    ],
)
def test_who_promises_stands_in_the_sentence(text: str, offered: list[str], speakers: list[str]) -> None:
    """A speaker who is not named in the sentence gives way to the subject of its verb; where it names nobody, the model may have read a pronoun."""
    text = f"Valdoria and Marovia met. {text}"
    judgement = judged(text, commitment(text.partition(". ")[2], speakers=offered))

    assert [one.draft.speakers for one in judgement.commitments] == [speakers]
