"""Which country a name stands for, and where a phrase puts a thing."""

import json
from pathlib import Path

import iso3166
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import CountryBasis
from service.extraction.countries.words import LISTED, country_words, listed
from service.extraction.lexicons import lexicon
from service.extraction.places import MAX_PHRASE_CHARS, country, country_of_person, country_of_phrase, country_where, names_country
from tests.unit.extraction.extraction_parts import anything, troublesome

_SHARED = Path(__file__).parents[4] / "shared" / "cases" / "geo_cases.json"

COUNTRIES = [
    ("France", None, "en", "FRA", CountryBasis.VERIFIED),
    ("la France", None, "fr", "FRA", CountryBasis.VERIFIED),
    ("l’Allemagne", "FRA", "fr", "DEU", CountryBasis.VERIFIED),
    ("ALLEMAGNE", None, "fr-CA", "DEU", CountryBasis.VERIFIED),
    ("Iran", None, "und", "IRN", CountryBasis.VERIFIED),
    ("Iran", None, "qq", "IRN", CountryBasis.VERIFIED),
    ("Германия", None, "ru", "DEU", CountryBasis.VERIFIED),
    ("Allemagne", None, "en", "DEU", CountryBasis.VERIFIED),
    ("Ilan Dorst", "fra", "en", "FRA", CountryBasis.MODEL),
    ("Congo", "COG", "en", "COG", CountryBasis.MODEL),
    ("Congo", "FRA", "en", None, CountryBasis.NONE),
    ("Coréens", "PRK", "fr", "PRK", CountryBasis.MODEL),
    ("Jerusalem", "ISR", "en", None, CountryBasis.NONE),
    ("the UN", "USA", "en", None, CountryBasis.NONE),
    ("Valdoria", "XYZ", "en", None, CountryBasis.NONE),
    ("Valdoria", "FR", "en", None, CountryBasis.NONE),
    ("Valdoria", "", "en", None, CountryBasis.NONE),
    (None, None, "en", None, CountryBasis.NONE),
    ("", None, "en", None, CountryBasis.NONE),
    ("Kenya " * MAX_PHRASE_CHARS, None, "en", None, CountryBasis.NONE),
]


@pytest.mark.parametrize(("words", "proposed", "language", "code", "basis"), COUNTRIES)
def test_countries_are_verified_by_their_names(words: str | None, proposed: str | None, language: str, code: str | None, basis: CountryBasis) -> None:
    """A country's own name is proof; what the model alone says is said to be so, if the words leave it open; nothing else is a country."""
    assert country(words, proposed, language) == (code, basis)


#: Words for countries by language: names, official names, aliases, cases, peoples, capitals, parts and bodies; "-" is none.
WORDS = {
    "en": "The Gambia=GMB; Republic of Korea=KOR; Kingdom of Morocco=MAR; Swiss Confederation=CHE; UAE=ARE; uae=-; us=-; US=USA; Kenya's=KEN; Kenyan=KEN; "
    "kenyan=-; Nigeriens=NER; Nigerians=NGA; "
    "Canberra=AUS; Addis Ababa=ETH; Whitehall=GBR; Abkhazia=GEO; Somaliland=SOM; Kashmir=-; New England=-; "
    "Latin American=-; State of Georgia=-; Hezbollah=-; African Union=-; Maurice=-; Anh=-; island=-; Republic of China=TWN; "
    "Democratic Republic of the Congo=COD",
    "fr": "aux Pays-Bas=NLD; République du Niger=NER; Royaume hachémite de Jordanie=JOR; nigériennes=NER; nigérianes=NGA; turques=TUR; sud-soudanais=SSD; "
    "Addis-Abeba=ETH; Matignon=FRA; Cisjordanie=PSE; Haut-Karabagh=AZE; Ligue arabe=-; océan Indien=-; la République=-; le Sahel=-",
    "es": "Reino de España=ESP; EE. UU.=USA; suizas=CHE; alemanas=DEU; marroquíes=MAR; La Habana=CUB; La Moncloa=ESP; Sáhara Occidental=ESH; Liga Árabe=-",
    "de": "im Irak=IRQ; Königreich Dänemark=DNK; Kenias=KEN; dänischen=DNK; Polinnen=-; Schweden=SWE; Norweger=NOR; Warschau=POL; Bundestag=DEU; "
    "Golanhöhen=SYR; Vereinten Nationen=-",
    "it": "nella Repubblica Ceca=CZE; svizzeri=CHE; turche=TUR; Varsavia=POL; Quirinale=ITA; Crimea=UKR; Unione Africana=-",
    "pt": "na Coreia do Norte=PRK; alemães=DEU; norueguesas=NOR; Varsóvia=POL; Planalto=BRA; Crimeia=UKR; União Africana=-",
    "ru": "в Кении=KEN; Кенией=KEN; Исламская Республика Иран=IRN; Южной Кореи=KOR; турецкого=TUR; бельгийцев=BEL; Осло=NOR; Варшаве=POL; Донбассе=UKR; "
    "Кремля=RUS; ОПЕК=-; Абхазии=GEO",
    "uk": "в Кенії=KEN; Польщею=POL; турецького=TUR; канадців=CAN; Варшаві=POL; Криму=UKR; ООН=-",
    "ar": "كينيا=KEN; وفي العراق=-; في العراق=IRQ; بالعراق=IRQ; للعراق=IRQ; والعراقيين=IRQ; الكندية=CAN; بيروت=LBN; الناتو=-; القدس=-; البنتاغون=USA",
    "he": "קניה=KEN; בעיראק=IRQ; העיראקים=IRQ; ביירות=LBN; נאט״ו=-; הגולן=-; רמת הגולן=SYR",
    "tr": "Kenya'da=KEN; Irak’ın=IRQ; Kanadalılar=CAN; Varşova=POL; Avrupa Birliği=-; Kırım=UKR",
    "zh": "肯尼亚=KEN; 肯尼亚的=KEN; 加拿大人=CAN; 华沙=POL; 克里米亚=UKR; 北约=-; 耶路撒冷=-; 印度洋=-; 南韩=KOR",
    "ja": "ケニア=KEN; 米国=USA",
    "sw": "Kenya=KEN; Nairobi=KEN",
}


@pytest.mark.parametrize(("language", "rows"), WORDS.items(), ids=WORDS)
def test_words_for_countries(language: str, rows: str) -> None:
    """Names in every form that news writes give their country; what only sounds like one gives none."""
    expected = {row.partition("=")[0]: row.partition("=")[2].replace("-", "") or None for row in rows.split("; ")}

    assert {words: country(words, None, language)[0] for words in expected} == expected


PHRASES = [
    ("base navale au Kenya", "fr", "KEN"),
    ("soldats kényans", "fr", "KEN"),
    ("le Kenya et ses voisins", "fr", None),
    ("alliés du Kenya", "fr", None),
    ("milices pro-kényanes", "fr", None),
    ("l’ambassade du Kenya à Paris", "fr", None),
    ("Kenyan and Ugandan officers", "en", None),
    ("Kenya's army", "en", "KEN"),
    ("US Ambassador Ana Weil", "en", "USA"),
    ("us ambassadors", "en", None),
    ("Kenya-based monitors", "en", "KEN"),
    ("Kenya-led talks", "en", None),
    ("Ilan Jordan", "en", None),
    ("the port of Jordan", "en", "JOR"),
    ("the governor of Georgia", "en", None),
    ("New Mexico troopers", "en", None),
    ("Kenya Airways", "en", None),
    ("the Gulf of Oman", "en", None),
    ("South Sudanese rebels", "en", "SSD"),
    ("Häfen Kenias", "de", "KEN"),
    ("кенийские порты", "ru", "KEN"),
    ("кроме того", "ru", None),
    ("ميناء في كينيا", "ar", "KEN"),
    ("肯尼亚港口", "zh", "KEN"),
    ("肯尼亚和乌干达", "zh", None),
    ("马里兰港口", "zh", None),
    ("Mombasa", "en", None),
    ("x" * (MAX_PHRASE_CHARS + 1), "en", None),
]


@pytest.mark.parametrize(("words", "language", "code"), PHRASES)
def test_the_country_of_a_phrase(words: str, language: str, code: str | None) -> None:
    """A phrase has a country where its words name exactly one, and not only whom it is with, against or called after."""
    assert country_of_phrase(words, language) == code


@pytest.mark.parametrize(
    ("place", "name", "language", "code"),
    [
        ("Nairobi", "base", "en", "KEN"),
        ("nord du Kenya", "base", "fr", "KEN"),
        (None, "the Ugandan consulate in Nairobi", "en", "KEN"),
        (None, "embassy of Uganda", "en", None),
        (None, "Kenyan officers", "en", None),
        (None, "base navale aux Philippines", "fr", "PHL"),
        (None, "posts in Kenya and in Uganda", "en", None),
        (None, "قاعدة بكينيا", "ar", "KEN"),
        ("Cape Orsk", "base at Cape Orsk", "en", None),
        ("the Kremlin", "base", "en", "RUS"),
    ],
)
def test_where_a_thing_stands(place: str | None, name: str, language: str, code: str | None) -> None:
    """A thing stands in the country of its place, or in the one that its name says it is in, whosever it is."""
    assert country_where(place, name, language) == code


@pytest.mark.parametrize(
    ("words", "expected"), [("Kenya", True), ("Nairobi", True), ("Kenyans", True), ("Gaza", True), ("the Kremlin", False), ("UN", False), ("a base", False)]
)
def test_what_stands_in_a_country_is_none(words: str, *, expected: bool) -> None:
    """A body with a name of its own has a country and is none."""
    assert names_country(words, "en") is expected


@pytest.mark.parametrize(
    ("name", "language", "code"),
    [
        ("Kenyan minister Ana Weil", "en", "KEN"),
        ("Ana Weil", "en", None),
        ("Minister Anna German", "en", None),
        ("la ministre kényane", "fr", "KEN"),
        ("الوزير سامي المصري", "ar", None),
        ("الوزير المصري", "ar", "EGY"),
    ],
)
def test_a_title_tells_a_persons_country(name: str, language: str, code: str | None) -> None:
    """A title with a people's adjective tells a person's country; a surname that sounds like one does not."""
    assert country_of_person(name, language) == code


@pytest.mark.parametrize(("tag", "language"), [("fr-CA", "fr"), ("ZH-Hant-TW", "zh"), ("", "en"), ("../x", "en"), ("français", "en"), ("e", "en")])
def test_a_tag_is_read_by_its_language(tag: str, language: str) -> None:
    """Whatever a caller calls a language, no more is looked up than a language."""
    assert listed(tag) == language


@pytest.mark.parametrize("language", LISTED)
def test_every_word_names_a_country_that_there_is(language: str) -> None:
    """No row of a list holds a code that ISO 3166-1 does not know, or a word that is none."""
    words = country_words(language).words

    assert {place.code for place in words.values()} <= {None, *iso3166.countries_by_alpha3}
    assert "" not in words
    assert {code for table in ("aliases", "capitals", "demonyms") for code in lexicon(f"countries/{language}")[table]} <= {*iso3166.countries_by_alpha3}


def test_every_choice_has_a_reason() -> None:
    """Each territory whose country is a choice says why, and the decision that shows them names each reason's code."""
    rows = lexicon("territories")["rows"]["territory"]

    assert all(row["reason"].endswith(".") and row["names"] for row in rows)
    assert {row["code"] for row in rows} <= {"", *iso3166.countries_by_alpha3}


@given(st.one_of(anything, troublesome, st.text(st.characters(), max_size=80)), st.sampled_from(["en", "fr", "ar", "he", "zh", "tr", "de", "qq", ""]))
def test_any_words_may_be_asked_for(words: str, language: str) -> None:
    """Whatever words are asked for, the answer is a country that there is, or none, the same each time."""
    codes = {None, *iso3166.countries_by_alpha3}

    assert country(words, words[:3], language)[0] in codes
    assert {country_of_phrase(words, language), country_where(words, words, language), country_of_person(words, language)} <= codes
    assert country(words, None, language) == country(words, None, language)


@pytest.mark.skipif(not _SHARED.is_file(), reason="the shared cases are not here")
def test_the_shared_cases() -> None:
    """Of the shared words for countries none is wrong, and hardly one is missed."""
    rows = json.loads(_SHARED.read_text(encoding="utf-8"))
    answers = [(row["iso3"], country(row["text"], None, row["lang"])[0]) for row in rows]

    assert [answer for wanted, answer in answers if answer not in {None, wanted}] == []
    assert sum(wanted == answer for wanted, answer in answers) >= 105
