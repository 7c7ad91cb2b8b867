"""When an article says of itself that it was published."""

import datetime as dt
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.vocabulary import PublishedBasis
from service.extraction.datelines.dates import dateline
from service.extraction.time_placing.publication import publication

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

LABELLED = [
    ("date 2024-04\n\nLa flotte part.", "2024-04"),
    ("  \nDate: 2024-04-17. La flotte part.", "2024-04-17"),
    ("DATUM：2024-02-29", "2024-02-29"),
    ("Fecha 2023-12-31, Norvia", "2023-12-31"),
    ("дата: 2024-04-01", "2024-04-01"),
    ("التاريخ 2024-04-01", "2024-04-01"),
    ("日期：2024-04", "2024-04"),
    ("date ٢٠٢٤-٠٤\n\nتغادر السفن.", "2024-04"),
    ("Publié le 11/04/2024 à 18h30\nLa flotte part.", "2024-04-11T18:30:00"),
    ("Publié le 5 mars 2024 à 7h05, mis à jour le 6 mars 2024\nLa flotte part.", "2024-03-05T07:05:00"),
    ("Mis à jour le 06/03/2024, publié le 05/03/2024\nLa flotte part.", "2024-03-05"),
    ("Published: 2024-04-11T18:05:00Z\nThe fleet sails.", "2024-04-11T18:05:00Z"),
    ("Published: 2024-04-11T18:05:09.250+0200\nThe fleet sails.", "2024-04-11T18:05:00+02:00"),
    ("Published on Thursday, 11 April 2024 at 6:05 pm\nThe fleet sails.", "2024-04-11T18:05:00"),
    ("Published 5:45 PM EDT, May 2, 2024\nThe fleet sails.", "2024-05-02"),
    ("Posted: 12 Apr 2024 12:10 am GMT\nThe fleet sails.", "2024-04-12T00:10:00Z"),
    ("Posted: 21/04/2024\nThe fleet sails.", "2024-04-21"),
    ("Posted: 04/21/2024\nThe fleet sails.", "2024-04-21"),
    ("Published: 04/04/2024\nThe fleet sails.", "2024-04-04"),
    ("Publicado el 2 de mayo de 2024 a las 18:05\nLa flota zarpa.", "2024-05-02T18:05:00"),
    ("Publicado em 2 de maio de 2024 às 18h05\nA frota parte.", "2024-05-02T18:05:00"),
    ("Veröffentlicht am 02.05.2024 um 18:05 Uhr\nDie Flotte läuft aus.", "2024-05-02T18:05:00"),
    ("Pubblicato il 2 maggio 2024\nLa flotta salpa.", "2024-05-02"),
    ("Опубликовано: 02.05.2024 18:05\nФлот уходит.", "2024-05-02T18:05:00"),
    ("Yayınlanma: 2 Mayıs 2024 18:05\nFilo ayrılıyor.", "2024-05-02T18:05:00"),
    ("نشر في 2 أيار/مايو 2024\nتغادر السفن.", "2024-05-02"),
    ("פורסם ב-2 במאי 2024\nהצי יוצא.", "2024-05-02"),
    ("发布时间：2024-05-02 18:05\n舰队出发。", "2024-05-02T18:05:00"),
    ("公開日：2024年5月2日 18時05分\n艦隊が出る。", "2024-05-02T18:05:00"),
    ("입력 2024.05.02. 18:05\n함대가 떠난다.", "2024-05-02T18:05:00"),
]

ALONE = [
    ("May 2, 2024\nThe fleet sails.", "2024-05-02"),
    ("Thursday, 2 May 2024\nThe fleet sails.", "2024-05-02"),
    ("2 May 2024 18:05 GMT\nThe fleet sails.", "2024-05-02T18:05:00Z"),
    ("The fleet sails\nBy Ann Lee | May 2, 2024 | World\nIt does.", "2024-05-02"),
    ("2024-05-02 18:05:30 +02:00\nThe fleet sails.", "2024-05-02T18:05:00+02:00"),
    ("5:45 PM EDT, May 2, 2024\nThe fleet sails.", "2024-05-02"),
    ("Thu 2 May 2024 17.45 BST\nThe fleet sails.", "2024-05-02T17:45:00"),
    ("2 May 2024, 17:45 (Valmer time)\nThe fleet sails.", "2024-05-02T17:45:00"),
    ("2024年05月02日 18:05 来源：某某社\n舰队出发。", "2024-05-02T18:05:00"),
    ("2 May 2024, 29:05\nThe fleet sails.", None),
    ("2024/05/02\nThe fleet sails.", "2024-05-02"),
    ("2 May 2024, 25:99\nThe fleet sails.", None),
    ("jeudi 2 mai 2024\nLa flotte part.", "2024-05-02"),
    ("Le 1er mai 2024\nLa flotte part.", "2024-05-01"),
    ("Valmer, le 2 mai 2024\nLa flotte part.", "2024-05-02"),
    ("2 de mayo de 2024\nLa flota zarpa.", "2024-05-02"),
    ("Kestrien, 2. Mai 2024\nDie Flotte läuft aus.", "2024-05-02"),
    ("02.05.2024, 18:05 Uhr\nDie Flotte läuft aus.", "2024-05-02T18:05:00"),
    ("3. Jänner 2024\nDie Flotte läuft aus.", "2024-01-03"),
    ("2 мая 2024 г.\nФлот уходит.", "2024-05-02"),
    ("2 травня 2024 року\nФлот іде.", "2024-05-02"),
    ("2 maja 2024\nFlota wypływa.", "2024-05-02"),
    ("القاهرة، ٢ أيار ٢٠٢٤\nتغادر السفن.", "2024-05-02"),
    ("الخميس 2 ماي 2024\nتغادر السفن.", "2024-05-02"),
    ("2 במאי 2024\nהצי יוצא.", "2024-05-02"),
    ("2024年5月2日\n舰队出发。", "2024-05-02"),
    ("２０２４年５月２日\n艦隊が出る。", "2024-05-02"),
    ("2024년 5월 2일\n함대가 떠난다.", "2024-05-02"),
    ("2 Mayıs 2024\nFilo ayrılıyor.", "2024-05-02"),
]

DATELINES = [
    ("New Valmer, May 2, 2024 (Agency) - The fleet sails.", "2024-05-02"),
    ("Valmer, jeudi 2 mai 2024 (Agence) - La flotte part.", "2024-05-02"),
    ("ВАЛЬМЕР, 2 мая. /АГЕНТСТВО/. Флот уходит.", "XXXX-05-02"),
    ("VALMER, 2 mai 2024 (Agence) – La flotte part.", "2024-05-02"),
    ("VALMER, 2 mai – La flotte part.", "XXXX-05-02"),
    ("PORT-VALMER (Orlane), 2 mai (Agence) - La flotte part.", "XXXX-05-02"),
    ("NEW VALMER, May 2 (Agency) - The fleet sails.", "XXXX-05-02"),
    ("VALMER, Orlane, May 2 (Agency) - The fleet sails.", "XXXX-05-02"),
    ("VALMER, May 2, 2024 /Agency/ -- The fleet sails.", "2024-05-02"),
    ("VALMER, Feb. 29 (Agency) - The fleet sails.", "XXXX-02-29"),
    ("2 May 2024, VALMER – The fleet sails.", "2024-05-02"),
    ("May 2 (Agency) - The fleet sails.", "XXXX-05-02"),
    ("VALMER, May 2, 2024\nThe fleet sails.", "2024-05-02"),
    ("VALMER, May 2\nThe fleet sails.", "XXXX-05-02"),
    ("Norvia, 2 may (Agencia).- La flota zarpa.", "XXXX-05-02"),
    ("Kestrien, 2. Mai 2024 (Agentur) - Die Flotte läuft aus.", "2024-05-02"),
    ("Norvia, 2 mai 2024 (Agência) - A frota parte.", "2024-05-02"),
    ("NORVIA, 2 maggio 2024 (Agenzia) - La flotta salpa.", "2024-05-02"),
    ("ВАЛЬМЕР, 2 мая 2024 г. – Флот уходит.", "2024-05-02"),
    ("ВАЛЬМЕР, 2 мая — Агентство. Флот уходит.", "XXXX-05-02"),
    ("НОРВІЯ, 2 травня 2024 р. – Флот іде.", "2024-05-02"),
    ("القاهرة، 2 مايو (وكالة) - تغادر السفن.", "XXXX-05-02"),
    ("NORVİA, 2 Mayıs 2024 (Ajans) - Filo ayrılıyor.", "2024-05-02"),
    ("某某社北京5月2日电 舰队出发。", "XXXX-05-02"),
    ("某某社北京2024年5月2日电（记者某某）舰队出发。", "2024-05-02"),
    ("【東京5月2日】艦隊が出る。", "XXXX-05-02"),
]

SEVERAL = [
    ("VALMER, May 2 (Agency) - The fleet sails.\nPublished: 3 May 2024", "2024-05-03"),
    ("The fleet sails\nMay 2, 2024\nVALMER, May 2 (Agency) - It does.", "2024-05-02"),
    ("May 2, 2024\nMay 3, 2024\nThe fleet sails.", None),
    ("VALMER, May 2 (Agency) - It sails.\nORLANE, May 3 (Agency) - It stays.", None),
    ("May 2, 2024\nUpdated: May 3, 2024\nThe fleet sails.", "2024-05-02"),
]

NONE = [
    "",
    "La flotte part.",
    "date 2024",
    "date 2024-13",
    "date 2023-02-29",
    "date 0000-01",
    "date 2024-04-177",
    "date 2024-04-",
    "2024-04-17 La flotte part.",
    "La flotte part. date 2024-04-17",
    "update 2024-04-17",
    # Within a sentence.
    "On 2 May 2024 the fleet sailed.",
    "2 May 2024 was a Thursday.",
    "Since May 2, 2024, the fleet has stayed.",
    "The report, published on 2 May 2024, says so.",
    "Published on 2 May 2024, the report says so.",
    "Le 2 mai 2024, la flotte est partie.",
    "El 2 de mayo de 2024, la flota zarpó.",
    "В четверг, 2 мая, министр заявил об этом.",
    "国防部长5月2日表示，舰队出发。",
    "在5月2日（星期四），舰队出发。",
    "On Thursday, 2 May – the day of the attack – the fleet sailed.",
    "On Thursday, 2 May (photo) - the fleet sailed.",
    "Updated 5:45 PM EDT, May 2, 2024\nThe fleet sails.",
    "Le 2 mai (photo) - la flotte part.",
    # Entries of a chronology, and headlines.
    "7 October 2023 – The fleet is attacked",
    "2 May: the fleet sails",
    "Attack on Valmer, 2 May 2024",
    "Valmer Attack, 2 May 2024",
    "2 mai\nLa flotte part.",
    # The day and the month cannot be told apart.
    "04/05/2024\nThe fleet sails.",
    "Published: 04/05/2024\nThe fleet sails.",
    # An update tells nothing of what was there before it.
    "Mis à jour le 02/05/2024\nLa flotte part.",
    "Stand: 02.05.2024\nDie Flotte läuft aus.",
    "Last updated: May 2, 2024\nThe fleet sails.",
    "更新：2024年5月2日\n艦隊が出る。",
    # Quoted from elsewhere, or no day of the calendar.
    "据某某社5月2日电 舰队出发。",
    "31 February 2024\nThe fleet sails.",
    "VALMER, 31 avril – La flotte part.",
    "99/99/2024\nThe fleet sails.",
    # The sixth line, and what is beyond the head.
    "a\nb\nc\nd\ne\n2 May 2024",
    "x" * 395 + "\n2 May 2024",
    "The fleet sails.\n" + "x" * 370 + "\n2 May 2024" + "5" * 100,
]


@pytest.mark.parametrize(("text", "date"), [*LABELLED, *ALONE, *DATELINES, *SEVERAL])
def test_the_date_of_the_head_is_found(text: str, date: str | None) -> None:
    """A label, a line of its own and an agency's dateline tell the date, in this order, in every style of the press."""
    assert dateline(text) == (date, PublishedBasis.TEXT if date else PublishedBasis.NONE)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_date_of_the_head_is_none(text: str) -> None:
    """A date that is not real, not told as that of the article, or not beyond doubt is not guessed at."""
    assert dateline(text) == (None, PublishedBasis.NONE)


@pytest.mark.parametrize("seen", range(12))
def test_a_date_that_the_end_of_the_head_cuts_is_none(seen: int) -> None:
    """What is left of it may be another date."""
    assert dateline("x" * (399 - seen) + "\n2024-05-02\nThe fleet sails." + "." * 30) == (None, PublishedBasis.NONE)


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("fr", "2024-05-04"),
        ("de", "2024-05-04"),
        ("es-MX", "2024-05-04"),
        ("ar", "2024-05-04"),
        ("en", None),
        ("en-US", None),
        ("und", None),
        ("ja", None),
        ("xx", None),
    ],
)
def test_the_language_tells_the_day_from_the_month(language: str, date: str | None) -> None:
    """Where a language always writes the day first, 04/05 is the fourth of May; elsewhere it may be either."""
    assert dateline("04/05/2024\nx", language)[0] == date


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("2 listopada 2023\nx", "pl", "2023-11-02"),
        ("2 listopada 2023\nx", "hr", "2023-10-02"),
        ("2 listopada 2023\nx", None, None),
        ("2 мая 2024\nx", "fr", None),
        ("2 May 2024\nx", "fr", "2024-05-02"),
        ("2 May 2024\nx", "qq", "2024-05-02"),
    ],
)
def test_months_are_those_of_the_language_and_english(text: str, language: str | None, date: str | None) -> None:
    """A name that stands for different months in different languages needs the language."""
    assert dateline(text, language)[0] == date


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(st.characters(exclude_categories=())), st.text(alphabet="PARIS, 0123456789/.-:()–年月日电mai|ap\n\ud800\u0301\u200f", max_size=500)),
    st.sampled_from([None, "fr", "en", "zh"]),
)
@example("PARIS, 1\U00011de5 avril 2024", "fr")  # a digit of Unicode 17, younger than Python's
def test_what_is_found_is_a_date(text: str, language: str | None) -> None:
    """On any text whatever, what is found is real, or real but for its year."""
    date, basis = dateline(text, language)

    assert (date is None) == (basis == PublishedBasis.NONE)
    if date:
        assert re.fullmatch("XXXX-[0-9]{2}-[0-9]{2}", date) or publication(date)
        assert publication(date.replace("XXXX", "2000"))


@settings(max_examples=100, deadline=None)
@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["{0:%B} {0.day}, {0.year}", "{0.day} {0:%b} {0.year}", "{0:%Y-%m-%d}", "{0:%Y/%m/%d}"]),
)
def test_every_day_is_read_as_it_is_written(day: dt.date, form: str) -> None:
    """Each day of two centuries, in the forms of the English press, is that day."""
    name = MONTHS[day.month - 1]
    written = form.replace("{0:%B}", name).replace("{0:%b}", name[:3]).format(day)

    assert dateline(f"{written}\nThe fleet sails.")[0] == day.isoformat()
