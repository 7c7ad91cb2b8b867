"""Who is one and the same, what each is, and what it is part of."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.draft import ActorDraft
from schemas.record import Actor, Record
from schemas.vocabulary import ActorKind
from service.extraction.grounding import FoldedText
from service.extraction.people.actors import number_actors
from service.extraction.people.kinds import kind_of
from service.extraction.people.names import person_core
from service.testing.entries import actor
from tests.unit.extraction.extraction_parts import anything, record_from, troublesome

_SHARED = Path(__file__).parents[5] / "shared" / "articles"

KINDS = [
    ("Kenya", "organisation", "en", "state"),
    ("le Maroc", "other", "fr", "state"),
    ("République islamique d’Iran", "organisation", "fr", "state"),
    ("Jordan", "person", "en", "person"),
    ("Nairobi", "government", "en", "government"),
    ("Nairobi", "other", "en", "other"),
    ("les Kényans", "state", "fr", "other"),
    ("UNIFIL", "state", "en", "organisation"),
    ("OTAN", "other", "fr", "organisation"),
    ("Gaza", "state", "fr", "state"),
    ("deux sources proches du dossier", "other", "fr", "unnamed_source"),
    ("un responsable sous couvert d’anonymat", "person", "fr", "unnamed_source"),
    ("officials who asked not to be named", "government", "en", "unnamed_source"),
    ("Western intelligence sources", "organisation", "en", "unnamed_source"),
    ("Informanten", "person", "de", "unnamed_source"),
    ("источники в правительстве", "other", "ru", "unnamed_source"),
    ("مصادر مطلعة", "other", "ar", "unnamed_source"),
    ("知情人士", "person", "zh", "unnamed_source"),
    ("Source Capital", "company", "en", "company"),
    ("l’armée kényane", "organisation", "fr", "armed_forces"),
    ("Kenyan armed forces", "state", "en", "armed_forces"),
    ("die Streitkräfte Kenias", "organisation", "de", "armed_forces"),
    ("Free Kenyan Army", "armed_group", "en", "armed_group"),
    ("Tsahal", "organisation", "fr", "armed_forces"),
    ("le Kremlin", "state", "fr", "government"),
    ("the Dorst administration", "organisation", "en", "government"),
    ("ministère kényan de la Défense", "organisation", "fr", "government"),
    ("правительство Кении", "organisation", "ru", "government"),
    ("肯尼亚政府", "state", "zh", "government"),
    ("responsables kényans", "person", "fr", "government"),
    ("senior US officials", "other", "en", "government"),
    ("Kenyan officials", "unnamed_source", "en", "unnamed_source"),
    ("the government spokesman Ilan Dorst", "person", "en", "person"),
    ("", "other", "en", "other"),
    ("Front de la côte", "armed_group", "fr", "armed_group"),
]


@pytest.mark.parametrize(("name", "offered", "language", "kind"), KINDS)
def test_words_force_a_kind(name: str, offered: str, language: str, kind: str) -> None:
    """What a name says of its bearer goes before what the model made of it; where it says nothing, the model is believed."""
    assert kind_of(name, ActorKind(offered), language) == kind


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Ilan Dorst", "Ilan Dorst"),
        ("Le président Ilan Dorst", "Ilan Dorst"),
        ("the Kenyan defence minister Ana Weil", "Ana Weil"),
        ("M. Dorst", "Dorst"),
        ("General Ilan Dorst, chief of staff", "Ilan Dorst"),
        ("le président", "président"),
        ("الرئيس سالم", "سالم"),
    ],
)
def test_a_person_has_a_name_of_its_own(name: str, core: str) -> None:
    """Titles and what stands before them are no part of a person's name."""
    assert person_core(name) == core


#: An article, its language, the names and kinds of the drafts, and the names of each actor that is expected.
SAME: dict[str, tuple[str, str, list[tuple[str, str]], list[list[str]]]] = {
    "a state, its capital and its official name": (
        "Nairobi a protesté. Le Kenya attend, et la République du Kenya avec lui.",
        "fr",
        [("Nairobi", "state"), ("Le Kenya", "state"), ("la République du Kenya", "state")],
        [["Le Kenya", "la République du Kenya", "Nairobi"]],
    ),
    "a capital as a government": ("Kenya spoke, and Nairobi acted.", "en", [("Kenya", "state"), ("Nairobi", "government")], [["Kenya"], ["Nairobi"]]),
    "a territory": ("Palestine and Gaza.", "en", [("Palestine", "state"), ("Gaza", "state")], [["Palestine"], ["Gaza"]]),
    "a state and its people": ("Kenya, les Kényans.", "fr", [("Kenya", "state"), ("les Kényans", "state")], [["Kenya"], ["les Kényans"]]),
    "a state, its army, its government": (
        "Kenya, the Kenyan army, the Kenyan government.",
        "en",
        [("Kenya", "state"), ("the Kenyan army", "state"), ("the Kenyan government", "state")],
        [["Kenya"], ["the Kenyan army"], ["the Kenyan government"]],
    ),
    "an acronym": (
        "The Kasran Liberation Front (KLF) struck. The KLF said so.",
        "en",
        [("The Kasran Liberation Front", "armed_group"), ("KLF", "organisation")],
        [["The Kasran Liberation Front", "KLF"]],
    ),
    "an acronym first": (
        "Le FLK (Front de libération du Kasran) a frappé.",
        "fr",
        [("FLK", "armed_group"), ("Front de libération du Kasran", "armed_group")],
        [["Front de libération du Kasran", "FLK"]],
    ),
    "a bracket that is no acronym": ("Ilan Dorst (PS) spoke.", "en", [("Ilan Dorst", "person"), ("PS", "party")], [["Ilan Dorst"], ["PS"]]),
    "a bracket of something else": ("The Coastal Front (ZX) spoke.", "en", [("The Coastal Front", "party"), ("ZX", "party")], [["The Coastal Front"], ["ZX"]]),
    "titles": (
        "Le président kényan Ilan Dorst a parlé. M. Dorst attend. Le président kényan part.",
        "fr",
        [("Ilan Dorst", "person"), ("M. Dorst", "person"), ("Le président kényan", "person")],
        [["Ilan Dorst", "Le président kényan", "M. Dorst"]],
    ),
    "a title that the text joins to nobody": (
        "The Kenyan president left. Ilan Dorst stayed.",
        "en",
        [("The Kenyan president", "person"), ("Ilan Dorst", "person")],
        [["The Kenyan president"], ["Ilan Dorst"]],
    ),
    "a title behind a comma": (
        "Ilan Dorst, the Kenyan president, left. The Kenyan president is back.",
        "en",
        [("Ilan Dorst", "person"), ("the Kenyan president", "person")],
        [["Ilan Dorst", "the Kenyan president"]],
    ),
    "two of one surname": (
        "Ilan Dorst and Anna Dorst met. Dorst left.",
        "en",
        [("Ilan Dorst", "person"), ("Anna Dorst", "person"), ("Dorst", "person")],
        [["Ilan Dorst"], ["Anna Dorst"], ["Dorst"]],
    ),
}


@pytest.mark.parametrize(("text", "language", "drafts", "expected"), SAME.values(), ids=SAME)
def test_one_actor_stands_once(text: str, language: str, drafts: list[tuple[str, str]], expected: list[list[str]]) -> None:
    """Names that the words make one are one actor, named in full; all others stay apart."""
    record = record_from(text, *(actor(name, kind) for name, kind in drafts), language=language)

    assert sorted([one.name, *sorted(one.aliases)] for one in record.actors) == sorted([names[0], *sorted(names[1:])] for names in expected)


@pytest.mark.parametrize(("offered", "names"), [("IRN", [["Iran", "The Islamic Republic"]]), ("PAK", [["Iran"], ["The Islamic Republic"]])])
def test_a_form_of_state_is_whose_the_model_says(offered: str, names: list[list[str]]) -> None:
    """The mere form of a state names none; the model's country makes it another name of a state of the record, or none."""
    record = record_from("Iran warned. The Islamic Republic will answer.", actor("Iran"), actor("The Islamic Republic", country=offered), language="en")

    assert [[one.name, *one.aliases] for one in record.actors] == names


def test_a_states_mentions_need_no_determiner() -> None:
    """A state that is drafted with its determiner is found where the article writes another."""
    record = record_from("Les Philippines partent. Le départ des Philippines est sûr.", actor("Les Philippines"), language="fr")

    assert [mention.quote for mention in record.actors[0].mentions] == ["Les Philippines", "Philippines"]


ALIASES = {
    "another actor": ("Kenya left; the Front stayed.", actor("Kenya", aliases=["the Front"]), "the Front"),
    "another country": ("Kenya left; Uganda stayed.", actor("Kenya", aliases=["Uganda"]), "Uganda"),
    "a country of a group": ("The Front left Kenya.", actor("The Front", "armed_group", aliases=["Kenya"]), "Kenya"),
    "a people": ("Kenya left; the Kenyans stayed.", actor("Kenya", aliases=["Kenyans"]), "Kenyans"),
    "a pronoun": ("Kenya said it would stay.", actor("Kenya", aliases=["it"]), "it"),
    "an organisation": ("Kenya asked the UN.", actor("Kenya", aliases=["UN"]), "UN"),
    "a body": ("Russia left, the Kremlin said.", actor("Russia", aliases=["Kremlin"]), "Kremlin"),
}


@pytest.mark.parametrize(("text", "draft", "alias"), ALIASES.values(), ids=ALIASES)
def test_no_alias_is_someone_elses(text: str, draft: ActorDraft, alias: str) -> None:
    """An alias that names another actor, another country, a people or anyone is refused, and said to be."""
    others = [actor("the Front", "armed_group")] if alias == "the Front" else []
    record = record_from(text, draft, *others, language="en")

    assert record.actors[0].aliases == []
    assert [(one.reason, one.item["aliases"]) for one in record.rejected] == [("contradicted", [alias])]


def test_a_capital_may_be_an_alias() -> None:
    """A state's capital and its other names are names of it, and what else the article calls it."""
    record = record_from("Kenya spoke; Nairobi acted; the host was silent.", actor("Kenya", aliases=["Nairobi", "the host"]), language="en")

    assert record.actors[0].aliases == ["Nairobi", "the host"]


#: An article, its language, the drafts, and the name of the actor that the last of them is part of.
PARTS: dict[str, tuple[str, str, list[ActorDraft], str | None]] = {
    "an army": ("Kenya and the Kenyan army.", "en", [actor("Kenya"), actor("Kenyan army", "organisation")], "Kenya"),
    "a ministry": ("Le Kenya et le ministère kényan.", "fr", [actor("Kenya"), actor("ministère kényan", "other")], "Kenya"),
    "a minister": ("Kenya’s guest: Kenyan minister Ana Weil.", "en", [actor("Kenya"), actor("Kenyan minister Ana Weil", "person")], "Kenya"),
    "a body by its name": ("Russia and the Kremlin.", "en", [actor("Russia"), actor("the Kremlin", "state")], "Russia"),
    "a government of the model's country": (
        "Kenya and the Dorst administration.",
        "en",
        [actor("Kenya"), actor("Dorst administration", country="KEN")],
        "Kenya",
    ),
    "proxies by a possessive": ("An attack of Kenya or its proxies.", "en", [actor("Kenya"), actor("its proxies", "armed_group")], "Kenya"),
    "proxies by an adjective": ("Kenya et les proxys kényans.", "fr", [actor("Kenya"), actor("proxys kényans", "armed_group")], "Kenya"),
    "proxies of two": (
        "Kenya and its proxies. Uganda and its proxies.",
        "en",
        [actor("Kenya"), actor("Uganda"), actor("its proxies", "armed_group")],
        None,
    ),
    "a backed militia": ("Kenya and a Kenya-backed militia.", "en", [actor("Kenya"), actor("Kenya-backed militia", "armed_group")], "Kenya"),
    "an ally": ("Kenya. The Front, an ally of Nairobi, left.", "en", [actor("Kenya"), actor("The Front", "armed_group", part_of="Kenya")], None),
    "allies": ("Kenya and the allies of Kenya.", "en", [actor("Kenya"), actor("allies of Kenya", "other", part_of="Kenya")], None),
    "a group as the model has it": ("Kenya and the Front.", "en", [actor("Kenya"), actor("Front", "armed_group", part_of="Kenya")], "Kenya"),
    "a person as such": ("Kenya and Ilan Dorst.", "en", [actor("Kenya"), actor("Ilan Dorst", "person", country="KEN")], None),
    "a state of a state": ("Kenya and Uganda.", "en", [actor("Kenya"), actor("Uganda", part_of="Kenya")], None),
    "words against the model": (
        "Kenya, Uganda and the Ugandan army.",
        "en",
        [actor("Kenya"), actor("Uganda"), actor("Ugandan army", part_of="Kenya")],
        "Uganda",
    ),
    "another state's": ("Kenya and the Ugandan army.", "en", [actor("Kenya"), actor("Ugandan army")], None),
}


@pytest.mark.parametrize(("text", "language", "drafts", "whole"), PARTS.values(), ids=PARTS)
def test_what_an_actor_is_part_of(text: str, language: str, drafts: list[ActorDraft], whole: str | None) -> None:
    """A body, an official, a proxy is part of the state that the words say; allies and states are part of none."""
    record = record_from(text, *drafts, language=language)
    names = {one.id: one.name for one in record.actors}

    assert [names.get(one.part_of or "") for one in record.actors if one.name == drafts[-1].name] == [whole]


def test_no_circle_closes() -> None:
    """Of actors that the model makes part of each other, the last link is left out."""
    record = record_from(
        "The Front, the Wing and the Cell.",
        actor("Front", "armed_group", part_of="Wing"),
        actor("Wing", "armed_group", part_of="Cell"),
        actor("Cell", "armed_group", part_of="Front"),
        language="en",
    )

    assert [one.part_of for one in record.actors] == ["A2", "A3", None]


@pytest.mark.parametrize(
    ("name", "kind", "offered", "language", "expected"),
    [
        ("US President Ilan Dorst", "person", None, "en", ("USA", "verified")),
        ("Ilan Jordan", "person", None, "en", (None, "none")),
        ("Jordan", "person", None, "en", (None, "none")),
        ("the English minister Anna German", "person", None, "en", (None, "none")),
        ("الوزير سامي المصري", "person", None, "ar", (None, "none")),
        ("Kenyan officials", "other", "UGA", "en", ("KEN", "verified")),
        ("Kenya and its allies", "other", "KEN", "en", ("KEN", "model")),
        ("the Front", "armed_group", "KEN", "en", ("KEN", "model")),
        ("United Nations", "organisation", "USA", "en", (None, "none")),
    ],
)
def test_the_country_of_an_actor(name: str, kind: str, offered: str | None, language: str, expected: tuple[str | None, str]) -> None:
    """Words go before the model; a person's name alone tells no country, for it may sound like any."""
    record = record_from(f"{name}.", actor(name, kind, country=offered), language=language)

    assert (record.actors[0].country, record.actors[0].country_basis) == expected


@given(st.lists(st.tuples(st.one_of(anything, troublesome), st.sampled_from(ActorKind)), max_size=6), st.sampled_from(["en", "ar", "zh", "ru", "qq", ""]))
def test_any_names_have_kinds(names: list[tuple[str, ActorKind]], language: str) -> None:
    """Whatever a name is made of, its kind is one of ours, and nothing breaks."""
    assert all(kind_of(name, kind, language) in ActorKind for name, kind in names)
    assert number_actors([], FoldedText("".join(name for name, _ in names)), language).actors == ()


@pytest.mark.skipif(not _SHARED.is_dir(), reason="the shared articles are not here")
def test_the_shared_article_agrees_with_its_gold() -> None:
    """A correct draft of the shared article gives the actors that its gold record has, in every field that that gives."""
    text = (_SHARED / "seed-fr.txt").read_text(encoding="utf-8")
    gold = json.loads((_SHARED / "seed-fr.gold.json").read_text(encoding="utf-8"))["actors"]
    record = record_from(
        text,
        actor("Les États-Unis"),
        actor("Iran"),
        actor("Téhéran"),
        actor("Israël"),
        actor("ses proxys", "armed_group"),
        actor("le Hezbollah", "armed_group", country="LBN", part_of="Iran"),
        actor("le Hamas", "armed_group"),
        actor("Le président Joe Biden", "person", country="USA"),
        actor("l'administration Biden", "organisation", country="USA"),
        actor("Les alliés occidentaux d'Israël", "other"),
        actor("Les responsables israéliens", "person"),
        actor("sources proches du dossier", "other"),
    )

    assert [name for wanted in gold for name in wanted["name"][:1] if not _agrees(record, wanted)] == []


def _agrees(record: Record, wanted: dict[str, Any]) -> bool:
    """Whether an actor of the record has everything that the gold gives."""
    names = {one.id: one.name for one in record.actors}

    def agrees(one: Actor) -> bool:
        kinds = wanted["kind"] if isinstance(wanted["kind"], list) else [wanted["kind"]]
        return (
            one.name in wanted["name"]
            and one.kind in kinds
            and one.country == wanted.get("country", one.country)
            and {*wanted.get("aliases", [])} <= {*one.aliases}
            and ("part_of" not in wanted or names.get(one.part_of or "") == wanted["part_of"])
        )

    return any(agrees(one) for one in record.actors)
