"""A record as a reading: what any reader found, in the same form."""

from schemas.vocabulary import Section
from service.evaluation.reading import Reading, of_record
from tests.unit.evaluation.evaluation_parts import example


def test_every_entry_of_a_record_is_read() -> None:
    """No entry is left out, and each has its names and its places."""
    record, text = example()

    reading = of_record(record, text)

    assert [len(reading.of(section)) for section in Section] == [len(getattr(record, section)) for section in Section]
    assert [(one.names, one.spans) for one in reading.targets] == [((one.name,), tuple((it.start, it.end) for it in one.evidence)) for one in record.targets]
    assert [one.names for one in reading.actors] == [(one.name, *one.aliases) for one in record.actors]


def test_who_is_meant_is_told_by_names() -> None:
    """Ids say nothing outside of their record: actors are told by all their names."""
    record, text = example()
    named = {one.id: (one.name, *one.aliases) for one in record.actors}

    reading = of_record(record, text)

    assert [one.fields["by"] for one in reading.threats] == [tuple(named[by] for by in one.by) for one in record.threats]
    assert [one.fields["speakers"] for one in reading.commitments] == [tuple(named[by] for by in one.speakers) for one in record.commitments]


def test_quotes_are_held_against_the_text() -> None:
    """Each quote is counted, and those that stand in the text where the record says."""
    record, text = example()
    quotes = sum(len(one.mentions) for one in record.actors)
    quotes += sum(len(one.evidence) for entries in (record.targets, record.threats, record.timelines, record.commitments) for one in entries)

    assert (of_record(record, text).quotes, of_record(record, text).verbatim) == (quotes, quotes)
    assert of_record(record, "").verbatim == 0
    assert Reading().verbatim == 0
