"""Which entry is which."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import Section
from service.evaluation.gold import GoldArticle
from service.evaluation.matching import Matched, match
from service.evaluation.reading import Found
from tests.unit.evaluation.evaluation_parts import articles, gold, readings, span

TEXT = "Kestria said it would shell the naval base at Orsk before Sunday, and the base at Tarn. On Sunday the naval base at Orsk was quiet."


def told(matched: Matched) -> list[tuple[int, int, bool]]:
    """Return the pairs: gold, found, whether exact."""
    return [(pair.gold, pair.found, pair.exact) for pair in matched.pairs]


def test_an_actor_is_known_by_any_of_its_names() -> None:
    """One alias that is alike suffices; the kind must be right for it to be exact."""
    article = gold(TEXT, actors=[{"name": ["Kestria"], "kind": "state"}])
    found = [Found(("Orsk",)), Found(("Ormen", "the Kestria"), fields={"kind": "state"})]

    assert told(match(Section.ACTORS, article, found)) == [(0, 1, True)]
    assert told(match(Section.ACTORS, article, [Found(("Kestria",), fields={"kind": "person"})])) == [(0, 0, False)]


def test_an_actor_is_not_known_by_its_place() -> None:
    """Words elsewhere in the same place make no actor."""
    article = gold(TEXT, actors=[{"name": ["Kestria"]}])

    assert told(match(Section.ACTORS, article, [Found(("Tarn",), (span("Kestria", TEXT),))])) == []


def test_a_target_is_known_by_its_name_or_its_place() -> None:
    """Another name in the same place is the same target, wherever the gold's words stand; not exactly, though."""
    article = gold(TEXT, targets=[{"name": ["naval base at Orsk"], "category": "military", "status": "threatened"}])
    fields = {"category": "military", "status": "threatened"}
    second = TEXT.rindex("naval base at Orsk")

    assert told(match(Section.TARGETS, article, [Found(("the naval base at Orsk",), fields=fields)])) == [(0, 0, True)]
    assert told(match(Section.TARGETS, article, [Found(("port",), ((second, second + 12),), fields)])) == [(0, 0, False)]
    assert told(match(Section.TARGETS, article, [Found(("base at Tarn",), (span("base at Tarn", TEXT),), fields)])) == []


def test_targets_of_one_name_are_told_apart_by_category() -> None:
    """A coordinated mention gives a target of either category."""
    both = [{"name": ["naval base at Orsk"], "category": category, "status": "threatened"} for category in ("military", "government")]
    found = [Found(("naval base at Orsk",), fields={"category": category, "status": "threatened"}) for category in ("government", "military")]

    assert told(match(Section.TARGETS, gold(TEXT, targets=both), found)) == [(0, 1, True), (1, 0, True)]


def test_a_target_is_not_known_by_what_must_not_be_one() -> None:
    """The town of a base lies within its name, and is no base."""
    article = gold(TEXT, targets=[{"name": ["base at Tarn"], "category": "military", "status": "threatened"}], never=[{"name": ["at Tarn"], "why": "place"}])

    assert told(match(Section.TARGETS, article, [Found(("at Tarn",))])) == []
    assert told(match(Section.TARGETS, article, [Found(("base at Tarn",))])) == [(0, 0, False)]


def test_a_quote_is_known_by_half_and_exact_by_most_of_its_words() -> None:
    """A threat is the same if its words overlap by half with one of the accepted quotes; it is exact from 0.8 on."""
    quote = "Kestria said it would shell the naval base at Orsk before Sunday"
    article = gold(TEXT, threats=[{"quote": [quote, "would shell the naval base"]}])

    def found(words: str) -> list[tuple[int, int, bool]]:
        return told(match(Section.THREATS, article, [Found(spans=(span(words, TEXT),))]))

    assert found(quote.removeprefix("Kestria ")) == [(0, 0, True)]
    assert found("would shell the naval") == [(0, 0, True)]
    assert found("naval base at Orsk before Sunday") == [(0, 0, False)]
    assert found("and the base at Tarn") == []


def test_words_without_a_place_are_nothing() -> None:
    """A quote that is nowhere in the text cannot be the gold's."""
    article = gold(TEXT, commitments=[{"quote": ["before Sunday"]}])

    assert told(match(Section.COMMITMENTS, article, [Found()])) == []


def test_a_time_is_exact_with_its_interval() -> None:
    """The words and both edges that the gold gives must be right."""
    article = gold(TEXT, timelines=[{"expression": ["before Sunday"], "start": [], "end": ["2027-03-13", "2027-03-14"]}])

    assert told(match(Section.TIMELINES, article, [Found(("Before Sunday",), fields={"start": None, "end": "2027-03-14"})])) == [(0, 0, True)]
    assert told(match(Section.TIMELINES, article, [Found(("before Sunday",), fields={"start": "2027-03-11", "end": "2027-03-14"})])) == [(0, 0, False)]
    assert told(match(Section.TIMELINES, article, [Found(("Sunday",), (span("Sunday", TEXT),), {"end": "2027-03-14"})])) == [(0, 0, False)]


def test_what_must_be_found_is_paired_before_what_may() -> None:
    """A reader is not held to have missed an entry because its words fit an optional one better."""
    actors = [{"name": ["naval base"], "optional": True}, {"name": ["naval base at Orsk"]}]

    matched = match(Section.ACTORS, gold(TEXT, actors=actors), [Found(("naval base",))])

    assert (told(matched), matched.missed, matched.spurious) == ([(1, 0, False)], [], [])


def test_one_entry_is_one_entry() -> None:
    """What is said twice is right once."""
    matched = match(Section.ACTORS, gold(TEXT, actors=[{"name": ["Kestria"]}]), [Found(("Kestria",)), Found(("Kestria",))])

    assert (len(matched.pairs), len(matched.spurious)) == (1, 1)


@given(data=st.data(), article=articles())
def test_each_entry_is_counted_once(data: st.DataObject, article: GoldArticle) -> None:
    """Every entry of the gold is paired, missed or optional, every one that was found is paired or made up; none is two of these."""
    reading = data.draw(readings(article))
    for section in Section:
        matched = match(section, article, reading.of(section))
        optional = sum(entry.optional for at, entry in enumerate(matched.gold) if at not in {pair.gold for pair in matched.pairs})

        assert len(matched.pairs) + len(matched.missed) + optional == len(matched.gold)
        assert len(matched.pairs) + len(matched.spurious) == len(matched.found)
