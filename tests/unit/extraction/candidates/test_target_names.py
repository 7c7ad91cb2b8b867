"""Where code sees that a target may stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.candidates.targets import target_names
from service.extraction.lexicons import lexicon
from tests.unit.extraction.candidates.target_cases import CASES
from tests.unit.extraction.extraction_parts import anything, prepared_from, texts, troublesome

LANGUAGES = sorted(lexicon("victims"))


def names(text: str, language: str) -> list[str]:
    """Return the names of what may be a target."""
    return [text[start:end] for start, end in target_names(prepared_from(text, language=language))]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_what_is_struck_is_listed_and_not_who_strikes_or_speaks(language: str, text: str, expected: list[str]) -> None:
    """The victim of a deed is a candidate; its author, its means, a speaker, what is civilian, spared or only imagined is none."""
    assert names(text, language) == expected


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ("«", "»"), ("„", "”")])
def test_a_name_has_both_its_quotation_marks(opening: str, closing: str) -> None:
    """A ship's name in quotation marks keeps both."""
    assert names(f"They sank the frigate {opening}Halden{closing} at dawn.", "en") == [f"frigate {opening}Halden{closing}"]


def test_each_thing_is_listed_about_once() -> None:
    """The same thing named again, longer or shorter, is no new one; another of its kind is."""
    text = "They struck the base at Orsk. They struck the base again. They struck the base at Teln."

    assert names(text, "en") == ["base at Orsk", "base at Teln"]


def test_a_time_is_no_part_of_a_name() -> None:
    """The day on which a thing was struck tells nothing of which thing it is."""
    assert names("They struck the barracks on Monday.", "en") == ["barracks"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_all_keys(language: str) -> None:
    """The lexicon has the same classes of words in every language."""
    assert {*lexicon("victims")["en"]} <= {*lexicon("victims")[language]} <= {*lexicon("victims")["en"], "adjectives", "onto"}


#: Of each language, sentences in which nothing is or may be struck although they tell of harm: what they say is called false, or asked.
UNASSERTED = [
    ("en", "Reports of a strike on the garrison headquarters at Nara are pure invention, he said."),
    ("en", "Claims that drones had hit the radar station were false, the ministry said."),
    ("en", "Were Norvian troops ever to be cut off, with guns shelling the fortress of Teln, would the League come to their aid?"),
    ("fr", "Les informations sur une frappe contre le quartier général de la garnison sont une pure invention, a-t-il dit."),
    ("es", "La noticia del bombardeo de la base es falsa, dijo el ministro."),
    ("de", "Berichte über einen Angriff auf das Hauptquartier der Garnison seien frei erfunden, sagte er."),
    ("it", "Le notizie di un attacco al quartier generale sono pura invenzione, ha detto."),
    ("pt", "As notícias de um ataque ao quartel-general são pura invenção, disse."),
    ("pl", "Doniesienia o ataku na kwaterę główną garnizonu to czysty wymysł, powiedział."),
    ("ru", "Сообщения об ударе по штабу гарнизона — чистый вымысел, заявил он."),
    ("uk", "Повідомлення про удар по штабу гарнізону — чиста вигадка, заявив він."),
    ("ar", "وقال إن ما نشرته الصحف عن هجوم على مقر قيادة الحامية «محض افتراء»."),
    ("ar", "وأكد أن أنباء قصف القاعدة البحرية لا أساس لها من الصحة."),
    ("zh", "他说，有关袭击驻军司令部的报道纯属捏造。"),
    ("zh", "關於轟炸海軍基地的消息是假的，部長說。"),
]

#: Sentences in which somebody warns of what others suffer.
WARNED = [
    ("he", "השגרירות התריעה כי הכנופיה עלולה לארוב לסיורי הצבא.", "הצבא"),
    ("en", "The French embassy warned for its part that rebels could ambush army patrols in the coming days.", "army patrols"),
    ("pt", "A embaixada da França advertiu que os rebeldes podem atacar patrulhas do exército.", "patrulhas do exército"),
    ("es", "La embajada de Francia advirtió por su parte de que los rebeldes podrían atacar patrullas del ejército.", "patrullas del ejército"),
    ("zh", "法国大使馆警告说，叛军可能在未来几天袭击军方巡逻队。", "军方巡逻队"),
]


@pytest.mark.parametrize(("language", "sentence"), UNASSERTED)
def test_what_is_called_false_or_asked_is_no_target(language: str, sentence: str) -> None:
    """A strike that somebody calls invented, or only asks about, is told of nothing."""
    assert target_names(prepared_from(sentence, language=language)) == []


@pytest.mark.parametrize(("language", "sentence", "target"), WARNED)
def test_whoever_warns_is_no_target(language: str, sentence: str, target: str) -> None:
    """An embassy that warns of an attack on others is not what may be struck."""
    assert [sentence[start:end] for start, end in target_names(prepared_from(sentence, language=language))] == [target]


@given(st.one_of(texts(), troublesome, anything), st.sampled_from(LANGUAGES))
def test_any_text_has_candidates_in_order(text: str, language: str) -> None:
    """Whatever the text, its candidates stand in it, in order and without overlaps."""
    if not any(letter.isalnum() for letter in text):
        text += "a"
    found = target_names(prepared_from(text, language=language))

    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@given(st.data())
def test_any_words_of_the_lexicons_have_candidates_in_order(data: st.DataObject) -> None:
    """Words of deeds and of things in any order are read, and nothing civilian alone is ever a candidate."""
    language = data.draw(st.sampled_from([language for language in LANGUAGES if language in lexicon("claims")]))
    deeds, things = lexicon("claims")[language], lexicon("things")[language]
    known = [word for table in (deeds["harm"], deeds["struck"], things["base"], things["personnel"], things["place"], things["free"]) for word in table.split()]
    words = data.draw(st.lists(st.sampled_from([*known, ",", "Orsk", "«", "»", "7", "."]), max_size=30))
    text = " ".join(words).replace("*", "").replace("_", " ") + " a"
    found = target_names(prepared_from(text, language=language))

    assert all(one[1] <= other[0] for one, other in pairwise(found))


@given(st.data())
def test_nothing_civilian_is_a_candidate(data: st.DataObject) -> None:
    """A civilian thing stays out of the list, even where it is struck."""
    civilian = [word for word in lexicon("things")["en"]["civilian"].split() if "*" not in word and "_" not in word]
    noun = data.draw(st.sampled_from(civilian))

    assert names(f"They struck the {noun}.", "en") == []
