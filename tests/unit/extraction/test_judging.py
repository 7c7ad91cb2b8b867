"""Which targets may stand."""

import time

import pytest

from schemas.vocabulary import RejectionReason, TargetCategory
from service.extraction.chunking import Chunk, chunk
from service.extraction.grounding import ground
from service.extraction.judging import Judged, judge
from service.testing.entries import Entry, actor, commitment, drafted, target, threat, timeline
from tests.unit.extraction.extraction_parts import prepared_from, record_from

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


def judged(text: str, *entries: Entry, language: str = "en") -> Judged:
    """Return the judgement of drafted entries about `text`."""
    prepared = prepared_from(text, language=language)
    return judge(ground([(Chunk(0, len(text), text), drafted(*entries))], prepared), prepared)


@pytest.mark.parametrize("category", ["military", "government", "military_and_government", "civilian"])
@pytest.mark.parametrize(("language", "name"), CIVILIAN)
def test_e13_what_is_civilian_never_passes(language: str, name: str, category: str) -> None:
    """The words of a name outweigh what the model said of it."""
    judgement = judged(f"– {name} – 123", target(name, category), language=language)

    assert judgement.targets == []
    assert [refused.reason for refused in judgement.refused] == [RejectionReason.CIVILIAN]


@pytest.mark.parametrize("name", ["the naval base", "la base navale", "die Kaserne", "a baker", "une maison"])
def test_e13_what_the_model_calls_civilian_never_passes(name: str) -> None:
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
    "what nothing tells of": ("the compound", {}, RejectionReason.UNVERIFIABLE),
    "what civilians use": ("the airport", {}, RejectionReason.UNVERIFIABLE),
    "what it no longer is": ("the former minister", {"category": "government"}, RejectionReason.UNVERIFIABLE),
    "spared and civilian": ("a hospital", {"status": "spared"}, RejectionReason.CIVILIAN),
}


@pytest.mark.parametrize(("name", "fields", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_target_is_refused(name: str, fields: dict[str, str], reason: RejectionReason) -> None:
    """What is spared, a country, a group and a place by itself are no targets."""
    judgement = judged(f"{name}, Valdoria, the Front!", actor("Valdoria"), actor("Front", "armed_group"), target(name, **fields))

    assert judgement.targets == []
    assert [(refused.section, refused.reason) for refused in judgement.refused] == [("targets", reason)]


def test_armed_forces_may_be_a_target() -> None:
    """An actor that is a force or an official can be struck as well, by another name that says so."""
    text = "They may strike The Fleet, or kill Dorst. General Ilan Dorst is in Teln."
    entries = (actor("The Fleet", "armed_forces"), actor("General Ilan Dorst", "person"), target("The Fleet"), target("Dorst", "government"))
    judgement = judged(text, *entries)

    assert [(one.proven.draft.name, one.category) for one in judgement.targets] == [("The Fleet", "military"), ("Dorst", "military")]


@pytest.mark.parametrize(
    ("text", "name", "dual_use"),
    [
        ("They hit Nevatar, an air base in the south.", "Nevatar", False),
        ("They hit General Ilan Dorst.", "Ilan Dorst", False),
        ("They hit the airport, a base of the army.", "the airport", True),
        ("They hit the military airport.", "the military airport", True),
        ("They hit Front tunnels near Teln.", "Front tunnels", False),
    ],
)
def test_what_stands_beside_a_name_says_what_it_is(text: str, name: str, *, dual_use: bool) -> None:
    """A title, an apposition or an armed group's name makes a target of what could be anything; what civilians use as well is flagged."""
    judgement = judged(text, actor("Front", "armed_group"), target(name, kind="other"))

    assert [(one.category, one.dual_use) for one in judgement.targets] == [("military", dual_use)]


@pytest.mark.parametrize("text", ["They hit Nevatar, a hospital in the south.", "They hit Nevatar in the south.", "They hit Hospital Nevatar."])
def test_what_stands_beside_a_name_may_refuse_it(text: str) -> None:
    """A name of a hospital, or of nothing that the article tells, is no target."""
    assert judged(text, target("Nevatar")).targets == []


#: A target, and a sentence that says that it is not struck.
SPARED = [
    ("en", "the naval base", "The raid did not hit the naval base."),
    ("en", "the naval base", "The naval base was not hit."),
    ("en", "the naval base", "They would shell the port, but spare the naval base."),
    ("en", "the naval base", "Norvia denied that it had struck the naval base."),
    ("fr", "la base navale", "La frappe n'a pas touché la base navale."),
    ("fr", "la base navale", "Ils viseront la caserne, mais pas la base navale."),
    ("fr", "la base navale", "Les missiles ont épargné la base navale."),
    ("de", "das Hauptquartier", "Norvia dementiert, das Hauptquartier angegriffen zu haben."),
    ("de", "die Kaserne", "Sie wollen die Kaserne verschonen."),
    ("es", "la base naval", "El ataque no alcanzó la base naval."),
    ("ru", "военную базу", "Норвия не атаковала военную базу."),
    ("zh", "海军基地", "他们没有袭击海军基地。"),
]


@pytest.mark.parametrize(("language", "name", "text"), SPARED)
def test_what_is_not_struck_is_no_target(language: str, name: str, text: str) -> None:
    """The words of its clause outweigh what the model said of it."""
    assert [one.reason for one in judged(text, target(name), language=language).refused] == [RejectionReason.NEGATED]


#: A target, a sentence, and what becomes of the target in it.
STRUCK = [
    ("en", "the naval base", "Not only the naval base but the port was hit.", "attacked"),
    ("en", "the naval base", "The army did not say why it struck the naval base.", "attacked"),
    ("en", "the naval base", "They bombed the naval base.", "attacked"),
    ("en", "the naval base", "They could strike the naval base.", "threatened"),
    ("en", "the naval base", "The naval base could be hit.", "threatened"),
    ("fr", "la base navale", "Ils ont bombardé la base navale.", "attacked"),
    ("fr", "la base navale", "La base navale pourrait être visée.", "threatened"),
    ("de", "die Kaserne", "Die Kaserne wurde bombardiert.", "attacked"),
    ("de", "die Kaserne", "Die Kaserne könnte angegriffen werden.", "threatened"),
    ("es", "la base naval", "Bombardearon la base naval.", "attacked"),
    ("ru", "военную базу", "Норвия атаковала военную базу.", "attacked"),
]


@pytest.mark.parametrize("drafted_status", ["threatened", "attacked"])
@pytest.mark.parametrize(("language", "name", "text", "status"), STRUCK)
def test_the_verb_of_its_clause_says_what_becomes_of_a_target(language: str, name: str, text: str, status: str, drafted_status: str) -> None:
    """Whatever the model said, what was struck is attacked, and what may be struck is threatened."""
    assert [one.proven.draft.status for one in judged(text, target(name, status=drafted_status), language=language).targets] == [status]


@pytest.mark.parametrize(
    ("name", "category", "kind"),
    [("the embassy", "government", "diplomatic_mission"), ("the barracks", "military", "base"), ("police headquarters", "government", "police")],
)
def test_the_kind_follows_the_words(name: str, category: str, kind: str) -> None:
    """A base is a base and an embassy a mission, whatever the model called them."""
    judgement = judged(f"{name}!", target(name, kind="weapon_system"))

    assert [(one.category, one.proven.draft.kind) for one in judgement.targets] == [(category, kind)]


def test_what_nobody_says_the_kind_of_is_refused() -> None:
    """A target stands only if its words say that it is military or of a government."""
    prepared = prepared_from("They would strike Valmer and its friends, and the old fort of the army.")
    pieces = [drafted(target("Valmer and its friends", kind="other"), target("the old fort of the army", kind="other"))]
    judgement = judge(ground([(chunk(prepared, 99_999)[0], piece) for piece in pieces], prepared), prepared)

    assert [one.proven.draft.name for one in judgement.targets] == ["the old fort of the army"]
    assert [one.reason for one in judgement.refused] == ["unverifiable"]


def test_what_is_only_spoken_of_is_no_target() -> None:
    """A sentence that tells of no harm makes nothing in it a target, whatever the model says."""
    text = "Our missiles are ready, said Petra Lund, commander of the Kestrian navy."

    assert record_from(text, target("the Kestrian navy", kind="forces")).targets == []


def test_a_threat_tells_of_harm() -> None:
    """Words in which nothing is threatened, nor to come, prove no threat."""
    text = "The Saldovan government rejected the ultimatum."

    assert record_from(text, actor("The Saldovan government"), threat("The Saldovan government rejected the ultimatum")).threats == []


def test_a_pledge_to_strike_back_is_linked_to_its_threat() -> None:
    """One utterance is one threat and one commitment, and a second reading of the same words is a duplicate."""
    text = "Valdoria vowed to shell the port if Marovia sails. Marovia laughed."
    quote = "vowed to shell the port if Marovia sails"
    entries = (threat(quote, by=["Valdoria"]), threat(f"Valdoria {quote}", by=["Valdoria"]), commitment(f"Valdoria {quote}", speakers=["Valdoria"]))
    judgement = judged(text, actor("Valdoria"), actor("Marovia"), *entries)

    assert [one.evidence.quote for one in judgement.threats] == [f"Valdoria {quote}"]
    assert [(one.section, one.reason) for one in judgement.refused] == [("threats", "duplicate")]
    assert [*judgement.pledges.values()] == [judgement.threats[0].span]


@pytest.mark.cost
def test_judging_is_quick() -> None:
    """Forty entries cost a few milliseconds, so that a caller waits for the model alone."""
    text = " ".join(f"Valdoria vowed on day {number} to shell naval base {number} if Marovia sails." for number in range(14))
    entries = [entry for number in range(13) for entry in _entries(number)]
    prepared = prepared_from(text, language="en")
    grounded = ground([(Chunk(0, len(text), text), drafted(actor("Valdoria"), *entries))], prepared)
    judge(grounded, prepared)
    start = time.perf_counter()
    judge(grounded, prepared)

    assert time.perf_counter() - start < 0.1  # tens of times what it takes


def _entries(number: int) -> list[Entry]:
    quote = f"vowed on day {number} to shell naval base {number} if Marovia sails"
    return [target(f"naval base {number}"), threat(quote, by=["Valdoria"]), commitment(quote, speakers=["Valdoria"])]


@pytest.mark.parametrize(
    ("text", "words", "start", "end"),
    [
        pytest.param("Le ministre a menacé jeudi la ville.", "jeudi", "2026-03-12", "2026-03-12", id="a threat was made, the day of publication"),
        pytest.param("Le ministre a parlé mardi à Teln.", "mardi", "2026-03-10", "2026-03-17", id="either side"),
        pytest.param("Le conseil se réunira mardi à Teln.", "mardi", "2026-03-17", "2026-03-17", id="to come"),
    ],
)
def test_a_day_is_to_come_only_where_a_word_says_so(text: str, words: str, start: str, end: str) -> None:
    """That a bare weekday is to come is not believed of the model alone: it lies on either side, unless its sentence tells of what is to come."""
    [time] = record_from(text, timeline(words), language="fr", published="2026-03-12").timelines

    assert (time.start, time.end) == (start, end)
