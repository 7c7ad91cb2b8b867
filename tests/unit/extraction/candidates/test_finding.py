"""Which candidates an article has, and which of them a piece holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.vocabulary import Section
from service.extraction.candidates.finding import find, words_within
from service.extraction.chunking import chunk
from tests.unit.extraction.extraction_parts import SENTENCES, prepared_from, texts


def words_of(text: str, section: Section, **facts: str) -> list[str] | None:
    """Return the candidates of one section."""
    prepared = prepared_from(text, **facts)
    spans = find(prepared)[section]
    return None if spans is None else [prepared.text[start:end] for start, end in spans]


def test_each_section_has_its_candidates() -> None:
    """Who acts, what may be struck, when, and the clauses that threaten and promise are found without a model."""
    text = "Kestria will strike the naval base at Port Hale on Sunday, its defence ministry said. Its neighbour Belmark promised to send two batteries."

    assert words_of(text, Section.TARGETS, language="en") == ["naval base at Port Hale"]
    assert words_of(text, Section.TIMELINES, language="en") == ["on Sunday"]
    assert words_of(text, Section.COMMITMENTS, language="en") == ["Its neighbour Belmark promised to send two batteries"]
    assert words_of(text, Section.ACTORS, language="en") == ["defence ministry", "Belmark"]
    assert len(words_of(text, Section.THREATS, language="en") or []) == 1


def test_in_other_languages_nobody_lists_anything() -> None:
    """Where code knows too few words to say where an entry may stand, the model looks for it: a sentence is no threat because it is there."""
    text = "De melkmarkt was rustig. Het regende de hele dag in het dorp."

    assert all(words_of(text, section, language="sv") is None for section in Section)
    assert words_of(text, Section.THREATS, language="nl") is None


def test_the_date_of_publication_is_no_time_of_the_article() -> None:
    """What a dateline says dates the article and no event in it."""
    text = "ORMEN, 12 March 2026 – Kestria closed the strait on Thursday."

    assert words_of(text, Section.TIMELINES, language="en") == ["on Thursday"]
    assert words_of(text, Section.TIMELINES, language="en", published="2026-03-14") == ["12 March 2026", "on Thursday"]


@settings(max_examples=40, deadline=None)
@given(texts(), st.sampled_from([*SENTENCES, "nl", "sv"]), st.integers(500, 2_000))
def test_candidates_are_words_of_their_piece(text: str, language: str, max_chars: int) -> None:
    """Whatever the text, a candidate is in the order of the text, and the words of one that a piece holds are words of that piece, each once."""
    prepared = prepared_from(text, language=language)
    for spans in find(prepared).values():
        assert spans is None or [start for start, _ in spans] == sorted(start for start, _ in spans)
        for piece in chunk(prepared, max_chars):
            words = words_within(piece, spans or ())
            assert len(words) == len(set(words))
            assert all(one in piece.text for one in words)
