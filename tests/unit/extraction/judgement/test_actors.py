"""Which actors may stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.draft import ActorDraft
from schemas.record import Evidence
from schemas.vocabulary import ActorKind, Match, RejectionReason
from service.extraction.chunking import Chunk
from service.extraction.grounding import Proven, ground
from service.extraction.judgement.actors import judge_actors
from service.extraction.judging import judge
from service.testing.entries import actor, drafted, threat
from tests.unit.extraction.extraction_parts import prepared_from

#: What only locates, is a thing, a time or a crowd, or names nobody, by language: the text, and the name and kind that a model offered.
NOBODY = [
    ("en", "Two shells fell in Dorsk on Monday, Kestria said.", "Dorsk", "state"),
    ("en", "Fighters burnt the mining town of Dorsk, and left.", "the mining town of Dorsk", "other"),
    ("en", "Trucks were held up along the Dorsk road, and later near Dorsk.", "Dorsk", "other"),
    ("en", "HALVEN, 3 June (Agency) - The ministry said nothing.", "HALVEN", "state"),
    ("en", "Kestria hit two nurses at the district clinic before dawn.", "the district clinic", "other"),
    ("en", "Kestria will not touch the people who ride on it.", "people who ride on it", "other"),
    ("en", "Its mortars hit the governor's residence in Dorsk.", "governor", "person"),
    ("en", "Kestria fired missiles before dawn.", "missiles", "armed_forces"),
    ("en", "It will answer before Sunday, Kestria said.", "Sunday", "other"),
    ("en", "It will answer soon, Kestria said.", "It", "person"),
    ("en", "Kestria fired at the navy cutter Gobust, and missed.", "Gobust", "state"),
    ("fr", "Le ton est monté mardi, selon la Kestrie.", "Le ton", "state"),
    ("fr", "L'armée campe sur la rive gauche de la Sarte.", "la rive gauche de la Sarte", "state"),
    ("fr", "Ils s'en prennent au commissariat de Dorville.", "Dorville", "state"),
    ("es", "La Armada cerró la carretera en Lirio.", "Lirio", "state"),
    ("de", "Der Sender auf der Insel Tjor schweigt, die Fachleute treffen sich in Bryg.", "Bryg", "state"),
    ("de", "Man hat den Luftraum gesperrt.", "Luftraum", "state"),
    ("it", "Una granata è caduta nel villaggio di Monteforte.", "Monteforte", "other"),
    ("pt", "Querem atacar o quartel de Mecul.", "Mecul", "state"),
    ("pl", "Front ostrzelał wieś Zagórze i odszedł.", "Zagórze", "state"),
    ("ru", "Литорна ответит ударами по аэродрому Вехт.", "Вехт", "state"),
    ("ru", "По его словам, станция работает.", "По его словам", "person"),
    ("uk", "Удару завдано по казармах у Мопті.", "Мопті", "state"),
    ("ar", "سقطت قذائف على سوق في بلدة السنديان.", "السنديان", "state"),
    ("tr", "Ordu Delveren yakınlarında iki mevziyi vurdu.", "Delveren", "state"),
    ("he", "הצבא יתקוף את הבסיס ליד קרמון.", "קרמון", "state"),
    ("zh", "炮弹击中位于石门的一所医院。", "石门", "state"),
]

#: Who acts, speaks or is spoken of, though a word beside it or in it might speak against that.
SOMEBODY = [
    ("en", "Two shells fell in Dorsk, and Dorsk said that it would answer.", "Dorsk", "state"),
    ("en", "Kestria's army left, and troops came in Kestria.", "Kestria", "state"),
    ("en", "The hospital said that it was full.", "The hospital", "other"),
    ("en", "Residents fled, officials said.", "Residents", "other"),
    ("en", "He spoke to an official in the defence ministry in Sarn.", "the defence ministry in Sarn", "government"),
    ("en", "The US will answer, he said.", "US", "state"),
    ("en", "They gave it to Red Hospital Watch, a charity.", "Red Hospital Watch", "organisation"),
    ("en", "Two of them, who asked not to be named, agreed.", "Two of them", "unnamed_source"),
    ("en", "The talks were held in Iran.", "Iran", "state"),
    ("en", "James Church left.", "James Church", "person"),
    ("fr", "Conakry et Freetown recommencent à se parler.", "Freetown", "state"),
    ("fr", "Ils ont acheté, à en croire les riverains, beaucoup de poulets.", "les riverains", "other"),
    ("fr", "Le ministre a promis son aide.", "Le ministre", "state"),
    ("de", "Die Fahrgäste warten, seit Drewanien in den Krieg zog.", "Drewanien", "state"),
    ("es", "Murieron seis agentes del Frente Rojo.", "Frente Rojo", "armed_group"),
    ("pl", "Armia wkroczyła, a Tarwia odpowie w Tarwii.", "Tarwii", "state"),
    ("ru", "Острания напала; в Острании молчат.", "Острании", "state"),
    ("ru", "Войска вторглись в Литорну.", "Литорну", "state"),
    ("uk", "У генеральному штабі заперечили це.", "генеральному штабі", "armed_forces"),
    ("ar", "وقال المتحدث باسم الجبهة إن الجيش انسحب.", "الجبهة", "armed_group"),
    ("he", "ממשלת נורביה הציעה לתווך.", "נורביה", "state"),
    ("zh", "索伦将封锁海峡。", "索伦", "state"),
    ("sv", "Kestria slog till i Dorsk.", "Dorsk", "state"),
]


def proven(text: str, name: str, kind: str = "state", **more: object) -> Proven[ActorDraft]:
    """Return an actor whose `name` was found where `text` first has it."""
    start = text.index(name)
    evidence = Evidence(quote=name, start=start, end=start + len(name), match=Match.EXACT, sentence=(0, len(text)))
    return Proven(actor(name, kind, **more), evidence)


def names_of(text: str, *offered: tuple[str, str], language: str = "en") -> list[tuple[str, list[str]]]:
    """Return the names and aliases of those of the `offered` names and kinds that may stand."""
    kept, _ = judge_actors([proven(text, name, kind) for name, kind in offered], prepared_from(text, language=language))
    return [(one.draft.name, one.draft.aliases) for one in kept]


@pytest.mark.parametrize(("language", "text", "name", "kind"), NOBODY)
def test_nobody_is_no_actor(language: str, text: str, name: str, kind: str) -> None:
    """A place that only locates, a thing, a time, a crowd to which something happens and a pronoun are refused, with a reason."""
    kept, refused = judge_actors([proven(text, name, kind)], prepared_from(text, language=language))

    assert kept == []
    assert [(one.reason, one.item["name"]) for one in refused] == [(RejectionReason.UNVERIFIABLE, name)]


@pytest.mark.parametrize(("language", "text", "name", "kind"), SOMEBODY)
def test_whoever_may_act_stays(language: str, text: str, name: str, kind: str) -> None:
    """Where the words do not tell that it is nobody, an actor stands."""
    assert names_of(text, (name, kind), language=language) == [(name, [])]


def test_an_office_is_another_name_of_its_holder() -> None:
    """The office that stands in apposition to a name is an alias of the person, not an actor of its own."""
    text = "The Front's spokesman, Idris Valkan, said no. The defence minister met Ana Weil, Mira Tolle and others."

    assert names_of(text, ("Front's spokesman", "person"), ("Idris Valkan", "person")) == [("Idris Valkan", ["Front's spokesman"])]
    assert [name for name, _ in names_of(text, ("Ana Weil", "person"), ("Mira Tolle", "person"))] == ["Ana Weil", "Mira Tolle"]


def test_a_surname_that_is_a_title_is_no_office() -> None:
    """Names that follow each other in a list are two people, though one of them ends with a title."""
    text = "Orso King, Mira Tolle, and others left."

    assert names_of(text, ("Orso King", "person"), ("Mira Tolle", "person")) == [("Orso King", []), ("Mira Tolle", [])]


def test_the_noun_of_the_only_longer_name_is_an_alias() -> None:
    """The Front is the Tamar Highlands Front where no other front is named; of two, neither is meant for sure."""
    text = "The Tamar Highlands Front and the River Front met; the Front said no."
    longer, other, short = ("Tamar Highlands Front", "armed_group"), ("River Front", "armed_group"), ("the Front", "armed_group")

    assert names_of(text, longer, short) == [("Tamar Highlands Front", ["the Front"])]
    assert names_of(text, longer, other, short) == [("Tamar Highlands Front", []), ("River Front", []), ("the Front", [])]


def test_an_army_is_not_a_group_that_calls_itself_one() -> None:
    """A name of another kind is another actor."""
    text = "The River Army said that the army had fired."

    assert names_of(text, ("River Army", "armed_group"), ("the army", "armed_forces")) == [("River Army", []), ("the army", [])]


def test_half_of_a_longer_name_is_no_actor() -> None:
    """A common noun that only stands in the name of another actor is refused as a duplicate; a state within it is an actor."""
    text = "Die Regierung der Republik hat des Landes verwiesene Diplomaten gezählt; Halvern schweigt."
    offered = [proven(text, name, kind) for name, kind in (("Regierung der Republik", "government"), ("Republik", "state"), ("Halvern", "state"))]
    kept, refused = judge_actors(offered, prepared_from(text, language="de"))

    assert [one.draft.name for one in kept] == ["Regierung der Republik", "Halvern"]
    assert [(one.reason, one.item["name"]) for one in refused] == [(RejectionReason.DUPLICATE, "Republik")]


def test_what_names_a_refused_actor_names_nobody() -> None:
    """A threat keeps its place without the place that the model took for its victim, and the reader is told."""
    text = "Kestria threatened to strike the base, and shells fell in Dorsk."
    draft = drafted(actor("Kestria"), actor("Dorsk"), threat(text[:-1], by=["Kestria"], against=["Dorsk"]))
    prepared = prepared_from(text, language="en")
    judged = judge(ground([(Chunk(0, len(text), text), draft)], prepared), prepared)

    assert [one.draft.name for one in judged.actors] == ["Kestria"]
    assert [one.item["name"] for one in judged.refused if one.section == "actors"] == ["Dorsk"]


@given(
    text=st.text(min_size=1, max_size=80).filter(lambda text: any(sign.isalnum() for sign in text)),
    cuts=st.lists(st.tuples(st.integers(0, 79), st.integers(1, 20), st.sampled_from(ActorKind)), min_size=1, max_size=6),
    language=st.sampled_from(["en", "fr", "de", "ru", "ar", "he", "tr", "zh", "ja", "pl"]),
)
def test_of_any_text_each_actor_is_kept_refused_or_joined(text: str, cuts: list[tuple[int, int, ActorKind]], language: str) -> None:
    """Whatever the words, nothing is lost without a trace: an actor stands, is refused, or is a name of one that stands."""
    spans = [(at % len(text), at % len(text) + length, kind) for at, length, kind in cuts]
    offered = [
        Proven(actor(text[start:end], kind), Evidence(quote=text[start:end], start=start, end=min(end, len(text)), match=Match.EXACT, sentence=(0, len(text))))
        for start, end, kind in spans
    ]
    kept, refused = judge_actors(offered, prepared_from(text, language=language))
    named = {name for one in kept for name in (one.draft.name, *one.draft.aliases)} | {one.item["name"] for one in refused}

    assert {one.draft.name for one in offered} == named
    assert judge_actors(kept, prepared_from(text, language=language))[0] == kept
