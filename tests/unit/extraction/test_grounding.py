"""What is looked for in the text, and what is refused."""

from itertools import pairwise

import pytest

from schemas.vocabulary import Match, RejectionReason
from service.extraction.chunking import Chunk
from service.extraction.grounding import MAX_MENTIONS, Grounded, ground, mentions, quote_faults, rejection
from service.extraction.quotes.alignment import FoldedText
from service.testing.entries import Entry, actor, commitment, drafted, target, threat, timeline
from tests.unit.extraction.extraction_parts import prepared_from

TEXT = "L’Iran a dit mercredi qu’il frapperait la base d’Orlane si Valmer avance. « Nous irons très probablement », dit Ilan Dorst, le chef. La base dort."


def grounded(*entries: Entry, text: str = TEXT, start: int = 0) -> Grounded:
    """Return what stands of drafted entries about a text from `start` on."""
    return ground([(Chunk(start, len(text), text[start:]), drafted(*entries))], prepared_from(text, language="fr"))


def test_each_entry_is_proven_by_its_words() -> None:
    """The name, the quote or the expression of each entry is its evidence, with the sentence around it."""
    found = grounded(actor("l'Iran"), target("LA BASE"), threat("il frapperait la base"), timeline("mercredi"), commitment("Nous irons très probablement"))
    entries = [found.actors[0], found.targets[0], found.threats[0], found.timelines[0], found.commitments[0]]

    assert [entry.evidence.quote for entry in entries] == ["L’Iran", "la base", "il frapperait la base", "mercredi", "Nous irons très probablement"]
    assert [entry.evidence.match for entry in entries] == [Match.FOLDED, Match.FOLDED, Match.EXACT, Match.EXACT, Match.EXACT]
    assert [TEXT[slice(*entry.evidence.sentence)][:6] for entry in entries] == ["L’Iran"] * 4 + ["« Nous"]
    assert found.rejected == []


def test_e10_the_words_of_the_article_are_the_evidence() -> None:
    """Of a quote that leaves words out or differs in little, the evidence is what the article says, with how it was found."""
    found = grounded(
        threat("L'Iran a dit [...] qu'il frapperait la base"), threat("L’Iran a dit mercredi qu’il frapperait la base d’Orlane si le Valmer avance")
    )

    assert [entry.evidence.match for entry in found.threats] == [Match.ELIDED, Match.FUZZY]
    assert [entry.evidence.quote for entry in found.threats] == [TEXT[: TEXT.index(" d’Orlane")], TEXT[: TEXT.index(". «")]]
    assert all(TEXT[entry.evidence.start : entry.evidence.end] == entry.evidence.quote for entry in found.threats)


REFUSED = {
    "name not there": (actor("Kestria"), RejectionReason.NOT_IN_TEXT),
    "quote not there": (threat("il ne frapperait pas la base"), RejectionReason.NOT_IN_TEXT),
    "blank": (actor("  "), RejectionReason.NOT_IN_TEXT),
    "name without a letter": (actor("2024"), RejectionReason.UNVERIFIABLE),
    "name that is a sentence": (target(TEXT[: TEXT.index(" La base dort")]), RejectionReason.UNVERIFIABLE),
    "time that is none": (timeline("la base"), RejectionReason.UNVERIFIABLE),
    "fragment": (commitment("Nous irons"), RejectionReason.UNVERIFIABLE),
    "fragment of a threat": (threat("frapperait"), RejectionReason.UNVERIFIABLE),
}


@pytest.mark.parametrize(("entry", "reason"), REFUSED.values(), ids=REFUSED)
def test_e10_what_is_not_proven_is_refused(entry: Entry, reason: RejectionReason) -> None:
    """What is not in the text, or proves nothing, is listed with its reason and as the model wrote it."""
    found = grounded(entry, text=f"{TEXT} 2024")

    assert [refused.reason for refused in found.rejected] == [reason]
    assert {**found.rejected[0].item}.items() <= entry.model_dump(mode="json").items()
    assert not any([found.actors, found.targets, found.threats, found.timelines, found.commitments])


def test_a_fragment_of_unspaced_words_is_long_enough() -> None:
    """In scripts without spaces each character counts as a word."""
    assert grounded(threat("将袭击"), text="部长说将袭击基地。").rejected == []


def test_e10_own_words_are_as_written_or_null() -> None:
    """Places, conditions and the like come as the article has them; what it does not have is null and listed."""
    found = grounded(
        threat("il frapperait la base d'Orlane", condition="SI VALMER avance", likelihood="peut-être"),
        target("la base", place="orlane"),
        commitment("Nous irons très probablement", direct_quote="nous irons", condition="s'il pleut"),
    )

    assert (found.threats[0].draft.condition, found.threats[0].draft.likelihood) == ("si Valmer avance", None)
    assert found.targets[0].draft.place == "Orlane"
    assert (found.commitments[0].draft.direct_quote, found.commitments[0].draft.condition) == ("Nous irons", None)
    assert [refused.item for refused in found.rejected] == [{"likelihood": "peut-être"}, {"condition": "s'il pleut"}]


def test_e10_aliases_are_as_written_or_refused() -> None:
    """An alias that is in the article comes as the article has it; another is listed."""
    found = grounded(actor("Ilan Dorst", "person", aliases=["LE CHEF", "le général"]))

    assert found.actors[0].draft.aliases == ["le chef"]
    assert [refused.item for refused in found.rejected] == [{"name": "Ilan Dorst", "aliases": ["le général"]}]


def test_e11_a_chunk_is_searched_first() -> None:
    """Of several places the one in the chunk that was read is taken; the rest of the text follows."""
    start = TEXT.index("« Nous")

    assert TEXT[grounded(target("La base"), start=start).targets[0].span[0] :] == "La base dort."
    assert grounded(actor("Valmer"), start=start).actors[0].evidence.quote == "Valmer"


def test_faults_hold_nothing_of_the_words() -> None:
    """For a re-ask each quote that is not in the text is pointed at, without its words; other doubts are not worth asking again."""
    draft = drafted(actor("Iran"), actor("Kestria"), timeline("la base"), threat("nobody said so"), target("  "))
    faults = quote_faults(draft, Chunk(0, len(TEXT), TEXT), prepared_from(TEXT))

    assert faults == ["/actors/1/name: not_in_text", "/targets/0/name: not_in_text", "/threats/0/quote: not_in_text"]


def test_mentions_do_not_overlap() -> None:
    """Of names within names the longest counts, and there are never too many."""
    folded = FoldedText("Ilan Dorst said. Dorst left. " + "Dorst! " * 40)
    found = mentions(["Dorst", "Ilan Dorst"], folded)

    assert [mention.quote for mention in found[:2]] == ["Ilan Dorst", "Dorst"]
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert len(found) == MAX_MENTIONS


def test_a_rejection_leaves_out_what_is_empty() -> None:
    """What the model left empty is not listed."""
    assert rejection("actors", "duplicate", "x", actor("Iran")).item == {"name": "Iran", "kind": "state"}  # type: ignore[arg-type]
