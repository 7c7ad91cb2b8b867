"""Whether a record belongs to an article."""

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.record import Actor, Notice, Record, Rejection
from schemas.vocabulary import RejectionReason, Section
from service import examples
from service.errors import ValidationFailed
from service.reports import document, tables
from service.reports.matching import MOST_ID, MOST_NAMED, MOST_OF_ARTICLE, MOST_QUOTED, MOST_TOLD, check_belongs
from service.reports.report import Report
from service.strict_json import MAX_ERRORS
from service.testing import SHIPPED
from service.testing.serving import client_of, replaying
from tests.unit.reports.report_parts import TEXT, actor, evidence, large, mention, record, small, threat

SECTIONS = ("actors", "threats", "targets", "timelines", "commitments")


def found(text: str, made: Record) -> list[tuple[str, str]]:
    """Return what is wrong, as pointers and codes."""
    try:
        check_belongs(text, made)
    except ValidationFailed as refused:
        return [(error.pointer.removeprefix("/record"), error.code) for error in refused.errors]
    return []


def changed(section: str, place: int = 0, /, **fields: Any) -> Record:  # noqa: ANN401 - whatever the field holds
    """Return the small record in which fields of one entry are others; nothing is checked."""
    made = small()
    entries = [*getattr(made, section)]
    entries[place] = entries[place].model_copy(update=fields)
    return made.model_copy(update={section: entries})


def test_records_of_ours_belong() -> None:
    """What the service made is never refused, how large it may be."""
    text, made = large()
    shipped = Record.model_validate(examples.record())

    assert found(TEXT, small()) == found(text, made) == found(examples.request("french")["text"], shipped) == []


def test_replayed_records_belong(tmp_path: Path) -> None:
    """What the pipeline makes of a model's own answers is never refused either."""
    strait = (Path(__file__).parents[3] / "examples" / "strait.txt").read_text(encoding="utf-8")
    asked = [{"text": strait}, *(examples.request(language) for language in examples.LANGUAGES)]
    with client_of(replaying(SHIPPED, tmp_path)) as client:
        answers = [client.post("/extract", json=one) for one in asked]

    assert {answer.status_code for answer in answers} == {200}
    assert [found(one["text"], Record.model_validate_json(answer.content)) for one, answer in zip(asked, answers, strict=True)] == [[]] * 3


@pytest.mark.parametrize(("text", "field"), [(f"{TEXT} ", "characters"), (TEXT.replace("Kestria", "Kestrel"), "sha256"), ("", "characters")])
def test_another_article_is_all_that_is_said(text: str, field: str) -> None:
    """Every quote would be wrong too, and says nothing more."""
    assert found(text, small()) == [(f"/article/{field}", "other_article")]


@given(st.data())
def test_a_shifted_quote_is_always_found(data: st.DataObject) -> None:
    """A span that is anywhere else is refused, unless the same words stand there."""
    section = data.draw(st.sampled_from(SECTIONS))
    made = small()
    place = data.draw(st.integers(0, len(getattr(made, section)) - 1))
    field = "mentions" if section == "actors" else "evidence"
    one = getattr(getattr(made, section)[place], field)[0]
    start, end = data.draw(st.integers(0, 400)), data.draw(st.integers(0, 400))
    assume(TEXT[start:end] != one.quote)
    shifted = changed(section, place, **{field: [one.model_copy(update={"start": start, "end": end})]})

    assert found(TEXT, shifted) == [(f"/{section}/{place}/{field}/0", "not_in_text")]


@given(st.sampled_from(SECTIONS), st.text(max_size=40))
def test_other_words_are_always_found(section: str, quote: str) -> None:
    """Words that the article does not have there are refused."""
    field = "mentions" if section == "actors" else "evidence"
    one = getattr(getattr(small(), section)[0], field)[0]
    assume(quote != one.quote)

    assert found(TEXT, changed(section, **{field: [one.model_copy(update={"quote": quote})]})) == [(f"/{section}/0/{field}/0", "not_in_text")]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (len(TEXT), len(TEXT)), (10**15, 10**15), (9, 2)])
def test_no_words_prove_nothing(start: int, end: int) -> None:
    """An empty quote stands everywhere, also beyond the text, and is refused everywhere."""
    empty = mention(TEXT, "Kestria").model_copy(update={"quote": "", "start": start, "end": end})

    assert found(TEXT, changed("actors", mentions=[empty])) == [("/actors/0/mentions/0", "not_in_text")]


def test_spans_are_counted_in_code_points() -> None:
    """A text beyond the first plane belongs to its record."""
    text = "\U0001f5fe\u0301 Kestria \u202eירק"

    assert found(text, record(text, actor(text, 1, "Kestria"))) == []


@pytest.mark.parametrize("section", SECTIONS[1:])
def test_an_entry_has_evidence(section: str) -> None:
    """Only an actor may be named nowhere."""
    assert found(TEXT, changed(section, evidence=[])) == [(f"/{section}/0/evidence", "too_short")]
    assert found(TEXT, changed("actors", mentions=[])) == []


@pytest.mark.parametrize("sentence", [(0, len(TEXT) + 1), (2, 1), (len(TEXT) + 1, len(TEXT) + 1), (1, len(TEXT)), (0, 6)])
def test_sentences_lie_within_the_text(sentence: tuple[int, int]) -> None:
    """What is shown around a quote is there, and the quote within it."""
    one = evidence(TEXT, "Kestria").model_copy(update={"sentence": sentence})

    assert found(TEXT, changed("threats", evidence=[one])) == [("/threats/0/evidence/0/sentence", "outside_text")]


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [(None, None, True), (0, 0, True), (0, len(TEXT), True), (3, None, True), (None, 3, True), (0, len(TEXT) + 1, False), (2, 1, False), (10**15, None, False)],
)
def test_warnings_lie_within_the_text(start: int | None, end: int | None, fits: bool) -> None:  # noqa: FBT001 - a case
    """One that has a place has one of the text."""
    made = small().model_copy(update={"warnings": [Notice(code="a", detail="b", start=start, end=end)]})

    assert found(TEXT, made) == ([] if fits else [("/warnings/0", "outside_text")])


@pytest.mark.parametrize("section", SECTIONS)
def test_ids_are_there_once(section: str) -> None:
    """What refers to an entry, and an anchor, means one."""
    made = small()
    entries = getattr(made, section)

    assert found(TEXT, made.model_copy(update={section: [*entries, entries[0]]})) == [(f"/{section}/{len(entries)}/id", "duplicate")]


REFERENCES = [
    *(("threats", field, "A9") for field in ("by", "against", "asserted_by", "reported_by")),
    *(("commitments", field, "A9") for field in ("speakers", "on_behalf_of", "beneficiaries")),
    *(("targets", field, "A9") for field in ("owners", "by")),
    ("threats", "targets", "G9"),
    *((section, "timelines", "W9") for section in ("threats", "targets", "commitments")),
]


@pytest.mark.parametrize(("section", "field", "id_"), REFERENCES)
def test_references_lead_somewhere(section: str, field: str, id_: str) -> None:
    """Each to an entry that is there, and to each once."""
    known = {"A": "A1", "G": "G1", "W": "W1"}[id_[0]]

    assert found(TEXT, changed(section, **{field: [known, id_]})) == [(f"/{section}/0/{field}/1", "dangling")]
    assert found(TEXT, changed(section, **{field: [known, known]})) == [(f"/{section}/0/{field}/1", "duplicate")]


@pytest.mark.parametrize(("section", "field", "known", "unknown"), [("actors", "part_of", "A2", "A9"), ("commitments", "threat", "T1", "T2")])
def test_a_single_reference_leads_somewhere(section: str, field: str, known: str, unknown: str) -> None:
    """Where there is one at all."""
    told = [found(TEXT, changed(section, **{field: value})) for value in (None, known, unknown)]

    assert told == [[], [], [(f"/{section}/0/{field}", "dangling")]]


def test_every_reference_is_looked_at() -> None:
    """A field that may hold ids of entries is among those that are tried here."""
    tried = {(section, field) for section, field, _ in REFERENCES} | {("actors", "part_of"), ("commitments", "threat")}
    shapes = Record.model_json_schema()["$defs"]
    named = {"actors": "Actor", "threats": "Threat", "targets": "Target", "timelines": "Timeline", "commitments": "Commitment"}

    assert tried == {(section, field) for section, name in named.items() for field, said in shapes[name]["properties"].items() if "[1-9]" in str(said)} - {
        (section, "id") for section in SECTIONS
    }


def test_a_few_faults_are_told() -> None:
    """However many there are."""
    made = small().model_copy(update={"threats": [threat(TEXT, 1, "strike", by=["A9"])] * 1_000})

    assert len(found(TEXT, made)) == MAX_ERRORS


def test_quotes_have_a_bound_together() -> None:
    """What is drawn of words that overlap grows with them, so that they may not all be the whole article."""
    text = "a" * 200_000
    whole = mention(text, text)
    made = record(text, actor(text, 1, "a", mentions=[whole] * 5))

    assert found(text, made) == []
    assert found(text, made.model_copy(update={"actors": [made.actors[0].model_copy(update={"mentions": [whole] * 6})]})) == [("", "too_long")]
    assert 5 * len(text) == MOST_QUOTED


@pytest.mark.parametrize(
    ("field", "most"), [("record/id", 64), *((f"article/{name}", most) for name, most in MOST_OF_ARTICLE.items()), ("actors/0/name", MOST_NAMED)]
)
def test_what_stands_in_many_places_is_short(field: str, most: int) -> None:
    """A character more is refused where it is, and nothing else is looked at then."""
    made = small()
    where, name = field.removeprefix("actors/0/").split("/") if "article" in field else ("", field.rsplit("/", 1)[1])
    for length, code in ((most, None), (most + 1, "too_long")):
        value = ("en" + "-abcdefgh" * 5)[:length].ljust(length, "a") if name == "language" else "rec_".ljust(length, "0")
        if where:
            long = made.model_copy(update={where: made.article.model_copy(update={name: value})})
        else:
            long = changed("actors", name=value) if name == "name" else made.model_copy(update={"id": value})
        told = [error for error in found(TEXT, long) if error[1] == "too_long"]

        assert told == ([] if code is None else [(f"/{field.removeprefix('record/')}", code)])


@pytest.mark.parametrize("section", SECTIONS)
def test_ids_are_short(section: str) -> None:
    """An id stands at every place that it names; a long one would be most of the page."""
    letter = getattr(small(), section)[0].id[0]
    place = len(getattr(small(), section))
    for digits, fault in ((MOST_ID - 1, []), (MOST_ID, [(f"/{section}/{place}/id", "too_long")])):
        more = getattr(small(), section)[0].model_copy(update={"id": letter + "9" * digits})

        assert found(TEXT, small().model_copy(update={section: [*getattr(small(), section), more]})) == fault


@pytest.mark.parametrize("language", ["", "e", "en US", '"><b>', "a" * 9])
def test_a_language_is_a_tag(language: str) -> None:
    """Whatever is no tag of a language is none of ours."""
    assert found(TEXT, small().model_copy(update={"article": small().article.model_copy(update={"language": language})})) == [
        ("/article/language", "no_language")
    ]


def test_the_bounds_are_those_of_articles() -> None:
    """What a caller may send with an article is never refused in its record."""
    shape = Article.model_json_schema()["properties"]
    allowed = {name: next(one["maxLength"] for one in shape[name]["anyOf"] if "maxLength" in one) for name in MOST_OF_ARTICLE}

    assert all(allowed[name] <= most for name, most in MOST_OF_ARTICLE.items())
    assert (allowed["title"], allowed["source"]) == (MOST_OF_ARTICLE["title"], MOST_OF_ARTICLE["source"])


@pytest.mark.parametrize(
    "most",
    [
        small().model_copy(update={"warnings": [Notice(code="a", detail="b" * MOST_TOLD, start=None, end=None)]}),
        small().model_copy(
            update={
                "rejected": [
                    Rejection(
                        section=Section.ACTORS, reason=RejectionReason.CIVILIAN, detail="", item={"a": [{"b" * (MOST_TOLD // 2): "c" * (MOST_TOLD // 2)}]}
                    )
                ]
            }
        ),
        changed("actors", aliases=["a" * 1_000] * (MOST_TOLD // 1_000)),
        changed("threats", action="a" * MOST_TOLD),
    ],
)
def test_strings_have_a_bound_together(most: Record) -> None:
    """Wherever they stand: in an entry, in what was refused, in a warning."""
    assert found(TEXT, most) == [("", "too_long")]


def crowded(name: str, count: int, entries: int) -> Record:
    """Return a record of `count` actors with a name, each of which is referred to four times by so many threats."""
    ids = [f"A{number}" for number in range(1, count + 1)]
    parties = dict.fromkeys(("by", "against", "asserted_by", "reported_by"), ids)
    return record(
        "a",
        *(actor("a", n, "a").model_copy(update={"name": name}) for n in range(1, count + 1)),
        *(threat("a", n, "a", **parties) for n in range(1, entries + 1)),
    )


def mentioned(count: int) -> tuple[str, Record]:
    """Return a record of one actor with the longest id that is named by so many words, which overlap everywhere."""
    text = "ab" * (count // 2 + 20)
    places = [mention(text, "ab").model_copy(update={"quote": text[at : at + 40], "start": at, "end": at + 40}) for at in range(count)]
    return text, record(text, Actor.model_validate(actor(text, 1, "a", mentions=places).model_dump() | {"id": "A" + "1" * (MOST_ID - 1)}))


WORST = {
    "ids times mentions": mentioned(1_500),
    "names times references": ("a", crowded("\x7fa" * 250, 60, 15)),
    "names with widths times references": ("a", crowded("\U0001f5fe" * 500, 60, 15)),
    "source times rows": ("a", record("a", *(actor("a", n, "a") for n in range(1, 400)), source="b" * 2_000)),
}


@pytest.mark.parametrize(("text", "made"), WORST.values(), ids=WORST)
def test_what_is_drawn_grows_with_what_was_sent(text: str, made: Record) -> None:
    """No record that is drawn makes a page, or a table, out of all proportion to its size; names that are told often are bounded together."""
    most = 60 * (len(text.encode()) + len(made.model_dump_json())) + 8 * MOST_TOLD

    assert found(text, made) == []
    assert len(document.document(Report(text, made)).encode()) < most
    assert all(len(tables.table(made, section)) < most for section in Section)


def test_names_that_are_referred_to_often_are_refused() -> None:
    """The longest name at thousands of places is no honest record's."""
    assert found("a", crowded("a" * MOST_NAMED, 100, 11)) == [("", "too_long")]


def test_nobody_is_part_of_itself() -> None:
    """An actor belongs to another one, or to none."""
    assert found(TEXT, changed("actors", part_of="A1")) == [("/actors/0/part_of", "dangling")]


def test_looking_takes_as_long_as_the_record_is() -> None:
    """Twenty times the entries and references take some twenty times as long, and not four hundred times."""
    text = "Kestria"

    def cost(count: int) -> float:
        named = [actor(text, number + 1, "Kestria", part_of=f"A{(number + 1) % count + 1}") for number in range(count)]
        made = record(text, *named, threat(text, 1, "Kestria", by=[one.id for one in named], against=[one.id for one in named]))
        began = time.process_time()
        check_belongs(text, made)
        return time.process_time() - began

    few, many = min(cost(100) for _ in range(5)), min(cost(2_000) for _ in range(3))
    assert many < 100 * few


@given(st.text(min_size=1))
def test_any_text_that_can_be_sent_is_checked(text: str) -> None:
    """Whatever characters it has, its record belongs to it and to no other."""
    assert found(text, record(text)) == []
    assert hashlib.sha256(text.encode()).hexdigest() == record(text).article.sha256
    assert found(f"{text}a", record(text)) == [("/article/characters", "other_article")]
