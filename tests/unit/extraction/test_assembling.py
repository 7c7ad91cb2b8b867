"""The record: that everything in it is proven, linked and accounted for."""

import re
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from schemas.draft import Draft
from schemas.record import Actor, Commitment, Evidence, Record, Target, Threat, Timeline
from schemas.vocabulary import Section, TargetCategory
from service.extraction.assembling import MAX_ENTRIES, MAX_REJECTED
from service.extraction.chunking import chunk
from service.extraction.own_words import MAX_FREE_CHARS
from service.extraction.quotes.alignment import folded
from service.testing.entries import Entry as Offered
from service.testing.entries import actor, commitment, drafted, target, threat, timeline
from tests.unit.extraction.extraction_parts import drafts, prepared_from, proven, record_from, texts

TEXT = (
    "Valdoria warned on Tuesday that it would shell the naval base at Cape Orsk and two schools if Marovia sails on Friday. "
    "General Ilan Dorst, its chief of staff, told reporters so on Tuesday. Dorst will answer at once. The naval base was hit in 2019, France said."
)
SHELL = "it would shell the naval base at Cape Orsk and two schools if Marovia sails on Friday"

Entry = Actor | Threat | Target | Timeline | Commitment

#: The proof of an entry; a rejection of a whole entry holds it beside a field that no part of an entry has alone.
_WHOLE = {
    Section.ACTORS: ("name", "kind"),
    Section.TARGETS: ("name", "category"),
    Section.THREATS: ("quote",),
    Section.TIMELINES: ("expression",),
    Section.COMMITMENTS: ("quote",),
}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_e10_e12_whatever_a_model_writes_the_record_is_true(data: st.DataObject) -> None:
    """For any text and any drafts: every quote is exact, every reference resolves, nothing is civilian, nothing is lost, and the schema holds."""
    text = data.draw(texts())
    prepared = prepared_from(text)
    chunks = chunk(prepared, data.draw(st.sampled_from([60, 24_000])))[:2]
    written = [(piece, data.draw(drafts(text))) for piece in chunks]
    record = proven(written, prepared)

    assert_true(record, text)
    assert_accounted(record, [draft for _, draft in written])
    assert Record.model_validate_json(record.model_dump_json()) == record
    assert proven(written, prepared_from(text)).model_dump_json() == record.model_dump_json()


def assert_true(record: Record, text: str) -> None:
    """Check what the promise says of any record of `text`."""
    entries: list[Entry] = [*record.actors, *record.threats, *record.targets, *record.timelines, *record.commitments]
    ids = [entry.id for entry in entries]
    spans = [*chain(*(actor.mentions for actor in record.actors)), *(evidence for entry in entries[len(record.actors) :] for evidence in evidence_of(entry))]

    assert all(0 <= span.start < span.end <= len(text) and text[span.start : span.end] == span.quote for span in spans)
    assert all(actor.mentions for actor in record.actors)
    assert all(span.sentence[0] <= span.start < span.end <= span.sentence[1] <= len(text) for span in spans if isinstance(span, Evidence))
    assert len(set(ids)) == len(ids)
    assert references(record) <= set(ids)
    assert {target.category for target in record.targets} <= {*TargetCategory}
    names = [*(name for actor in record.actors for name in (actor.name, *actor.aliases)), *(target.name for target in record.targets)]
    own = [*(target.place for target in record.targets), *(threat.condition for threat in record.threats), *(one.direct_quote for one in record.commitments)]
    assert all(words in text for words in (*names, *own) if words)
    assert all(actor.part_of != actor.id for actor in record.actors)
    assert in_order(record)


def in_order(record: Record) -> bool:
    """Whether each list stands in the order of the text and is numbered so."""
    lists: list[tuple[str, list[int]]] = [
        ("T", [entry.evidence[0].start for entry in record.threats]),
        ("G", [entry.evidence[0].start for entry in record.targets]),
        ("W", [entry.evidence[0].start for entry in record.timelines]),
        ("C", [entry.evidence[0].start for entry in record.commitments]),
    ]
    numbered = [(letter, [*range(1, len(starts) + 1)]) for letter, starts in lists]
    entries: list[Entry] = [*record.threats, *record.targets, *record.timelines, *record.commitments]
    ids = [entry.id for entry in entries]
    return ids == [f"{letter}{number}" for letter, numbers in numbered for number in numbers] and all(starts == sorted(starts) for _, starts in lists)


def evidence_of(entry: BaseModel) -> list[Evidence]:
    """Return the evidence of an entry that is no actor."""
    return list(getattr(entry, "evidence"))  # noqa: B009 - four classes have it, without a base of their own


def references(record: Record) -> set[str]:
    """Return every id that an entry of the record names."""
    fields = ("part_of", "by", "against", "asserted_by", "reported_by", "targets", "timelines", "owners", "speakers", "on_behalf_of", "beneficiaries", "threat")
    entries = [*record.actors, *record.threats, *record.targets, *record.timelines, *record.commitments]
    named = [getattr(entry, name, None) for entry in entries for name in fields]
    return {one for value in named for one in ([value] if isinstance(value, str) else value or [])}


def assert_accounted(record: Record, written: list[Draft]) -> None:
    """Check that each drafted entry is in the record or refused: an actor of the same name once, a coordinated target twice."""
    offered = {section: sum(len(getattr(draft, section)) for draft in written) for section in Section}
    refused = {section: [one for one in record.rejected if one.section == section and {*_WHOLE[section]} <= {*one.item}] for section in Section}
    counted = {section: len(getattr(record, section)) + len(refused[section]) for section in Section}

    assert all(counted[section] == offered[section] for section in (Section.THREATS, Section.TIMELINES, Section.COMMITMENTS))
    assert offered[Section.TARGETS] <= counted[Section.TARGETS] <= 2 * offered[Section.TARGETS]
    names = {folded(name) for one in record.actors for name in (one.name, *one.aliases)} | {folded(str(one.item["name"])) for one in refused[Section.ACTORS]}
    assert all(folded(one.name) in names for draft in written for one in draft.actors)


def test_an_article_becomes_a_record() -> None:
    """Actors, threats, targets and times are linked by what the model said and what lies within what."""
    record = record_from(
        TEXT,
        actor("Valdoria"),
        actor("Marovia"),
        actor("General Ilan Dorst", "person", part_of="Valdoria", aliases=["its chief of staff"]),
        actor("Dorst", "person"),
        actor("France", country="DEU"),
        target("naval base at Cape Orsk", place="Cape Orsk", owner="Marovia", by="Valdoria", when="on Friday"),
        target("two schools", "civilian"),
        timeline("on Tuesday", direction="past"),
        timeline("on Friday"),
        threat(SHELL, by=["Valdoria"], against=["Marovia"], asserted_by=["Valdoria"], means=["artillery"], condition="if Marovia sails", when="on friday"),
        commitment(SHELL, speakers=["Valdoria"], when="on Tuesday"),
    )
    dorst, threatened, base, promise = record.actors[2], record.threats[0], record.targets[0], record.commitments[0]

    assert [one.name for one in record.actors] == ["Valdoria", "Marovia", "General Ilan Dorst", "France"]
    assert (dorst.part_of, dorst.aliases, [mention.quote for mention in dorst.mentions]) == (
        "A1",
        ["its chief of staff", "Dorst"],
        ["General Ilan Dorst", "its chief of staff", "Dorst"],
    )
    assert (record.actors[3].country, record.actors[3].country_basis, record.actors[0].sector) == ("FRA", "verified", "GOV")
    assert (threatened.by, threatened.against, threatened.targets, threatened.timelines, threatened.means) == (
        ["A1"],
        ["A2"],
        ["G1"],
        ["W2"],
        ["artillery"],
    )
    assert (base.owners, base.by, base.timelines, base.status) == (["A2"], ["A1"], ["W2"], "threatened")
    assert (promise.threat, promise.timelines, promise.speakers) == ("T1", ["W1"], ["A1"])
    assert [(one.section, one.reason, one.item["name"]) for one in record.rejected] == [("targets", "civilian", "two schools")]


def test_a_coordinated_target_is_two() -> None:
    """What is both military and of a government is one target of each category, with the same words."""
    record = record_from("They may hit military and government sites.", target("military and government sites", "military_and_government"))

    assert [(one.id, one.name, one.category) for one in record.targets] == [
        ("G1", "military and government sites", "military"),
        ("G2", "military and government sites", "government"),
    ]
    assert record.targets[0].evidence == record.targets[1].evidence


DUPLICATES = {
    "threats": [threat(SHELL), threat(SHELL.upper())],
    "commitments": [commitment(SHELL), commitment(SHELL)],
    "targets": [target("naval base"), target("the naval base")],
    "timelines": [timeline("on Tuesday"), timeline("warned on Tuesday")],
}


@pytest.mark.parametrize(("section", "entries"), DUPLICATES.items())
def test_e12_each_thing_stands_once(section: str, entries: list[Offered]) -> None:
    """A second reading of the same words is a duplicate; of two times that overlap the shorter stands."""
    record = record_from(TEXT, *entries)

    assert len(getattr(record, section)) == 1
    assert [(one.section, one.reason) for one in record.rejected] == [(section, "duplicate")]


def test_e12_one_target_threatened_and_attacked_is_two() -> None:
    """What was attacked and is threatened again stands once for each."""
    record = record_from(TEXT, target("naval base"), target("The naval base", status="attacked"))

    assert [one.status for one in record.targets] == ["threatened", "attacked"]


def test_links_to_nobody_are_listed() -> None:
    """A name or a time that names no entry is dangling, never guessed."""
    record = record_from(
        TEXT, actor("Valdoria", part_of="Norvia"), threat(SHELL, by=["Kestria", "Valdoria"], when="on Friday"), target("naval base", owner="Marovia")
    )

    assert record.threats[0].by == ["A1"]
    assert [(one.section, one.reason, one.item) for one in record.rejected] == [
        ("actors", "dangling", {"part_of": "Norvia"}),
        ("threats", "dangling", {"by": "Kestria"}),
        ("threats", "dangling", {"when": "on Friday"}),
        ("targets", "dangling", {"owner": "Marovia"}),
    ]


def test_nobody_is_part_of_itself() -> None:
    """An actor that is said to be part of itself is part of nothing."""
    record = record_from(TEXT, actor("Valdoria", part_of="valdoria"))

    assert record.actors[0].part_of is None
    assert record.rejected == []


def test_e14_rejections_are_limited_and_counted() -> None:
    """At most fifty are listed; the rest is counted."""
    prepared = prepared_from(TEXT)
    record = proven([(chunk(prepared, 9_999)[0], drafted(*(actor(f"Nobody {number}") for number in range(30))))] * 2, prepared)

    assert (len(record.rejected), record.rejected_omitted) == (MAX_REJECTED, 10)


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("actors", lambda name: actor(f"Name{name}")),
        ("targets", lambda name: target(f"Base Name{name}")),
        ("timelines", lambda name: timeline(f"Name{name} 2024")),
        ("threats", lambda name: threat(f"Name{name} 2024 ends here")),
        ("commitments", lambda name: commitment(f"Name{name} 2024 ends here")),
    ],
)
def test_e14_entries_are_limited(section: str, entry: object) -> None:
    """A record holds at most so many entries of a section; the others are refused as over the limit."""
    assert callable(entry)
    text = "".join(f"Base Name{number} 2024 ends here, it promised to strike. " for number in range(MAX_ENTRIES + 5))
    prepared = prepared_from(text)
    pieces = [drafted(*map(entry, range(start, min(start + 20, MAX_ENTRIES + 5)))) for start in range(0, MAX_ENTRIES + 5, 20)]
    record = proven([(chunk(prepared, 99_999)[0], piece) for piece in pieces], prepared)

    assert len(getattr(record, section)) == MAX_ENTRIES
    assert [(one.section, one.reason) for one in record.rejected] == [(section, "over_limit")] * 5


def test_words_of_the_models_own_are_cut() -> None:
    """Free text is as long as a sentence, and no longer."""
    long = "x" * (MAX_FREE_CHARS + 1)
    record = record_from(TEXT, threat(SHELL, action=long), commitment(SHELL, commitment=long), timeline("on Friday", event=long))

    assert {len(record.threats[0].action), len(record.commitments[0].commitment), len(record.timelines[0].event)} == {MAX_FREE_CHARS}


def test_likelihood_is_a_phrase_with_its_band() -> None:
    """How likely something is said to be stays in the article's words; its band is that of the committed table."""
    record = record_from("A strike is very likely this week.", threat("strike is very likely this week", likelihood="Very likely"))

    assert record.threats[0].likelihood
    assert (record.threats[0].likelihood.phrase, record.threats[0].likelihood.band) == ("very likely", "very_likely")


def test_the_record_is_named_after_its_content() -> None:
    """The same record has the same id; another text, title or entry another."""
    ids = [
        record_from(TEXT, actor("Valdoria")).id,
        record_from(TEXT, actor("Valdoria")).id,
        record_from(TEXT, actor("Marovia")).id,
        record_from(TEXT + " ", actor("Valdoria")).id,
        record_from(TEXT, actor("Valdoria"), title="A title").id,
    ]

    assert ids[0] == ids[1]
    assert len({*ids}) == 4
    assert all(re.fullmatch(r"rec_[0-9a-f]{24}", one) for one in ids)


def test_the_article_is_described() -> None:
    """The facts of the article and its warnings are in the record."""
    record = record_from("<|im_end|> La flotte part.", language="fr", published="2024-04", title="T", source="S")

    assert (record.article.characters, record.article.language, record.article.published, record.article.title, record.article.source) == (
        26,
        "fr",
        "2024-04",
        "T",
        "S",
    )
    assert [warning.code for warning in record.warnings] == ["control_tokens"]


def test_a_deadline_within_a_threat_is_linked_to_it() -> None:
    """Where the model names no time, the times to come in the words of a threat or a commitment are its own; past ones are not."""
    text = "Kestria threatened on Monday to strike the base by Friday. Belmark promised to send guns next week."
    record = record_from(
        text,
        threat("Kestria threatened on Monday to strike the base by Friday"),
        commitment("Belmark promised to send guns next week"),
        timeline("on Monday", direction="past"),
        timeline("by Friday"),
        timeline("next week"),
        published="2026-03-12",
    )

    assert [one.expression for one in record.timelines] == ["on Monday", "by Friday", "next week"]
    assert ([one.timelines for one in record.threats], [one.timelines for one in record.commitments]) == ([["W2"]], [["W3"]])
