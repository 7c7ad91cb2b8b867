"""A text under marks."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import Section
from service.evaluation.segments import Mark, Verdict, segments

MARKS = st.lists(
    st.builds(
        Mark,
        st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda pair: (min(pair), max(pair))),
        st.sampled_from(Section),
        st.sampled_from(Verdict),
    ),
    max_size=6,
)


@given(text=st.text(min_size=20, max_size=20), marks=MARKS)
def test_pieces_are_the_text(text: str, marks: list[Mark]) -> None:
    """Whatever overlaps, the pieces make the text, and each character lies under just the marks that cover it."""
    pieces = segments(text, marks)

    assert "".join(piece.text for piece in pieces) == text
    under = [piece.marks for piece in pieces for _ in piece.text]
    assert under == [tuple(mark for mark in marks if mark.span[0] <= at < mark.span[1]) for at in range(len(text))]


@given(text=st.text(min_size=20, max_size=20), marks=MARKS)
def test_each_mark_opens_once(text: str, marks: list[Mark]) -> None:
    """The letter of an entry is shown once, where it begins."""
    opened = [mark for piece in segments(text, marks) for mark in piece.opening]

    assert sorted(opened, key=repr) == sorted((mark for mark in marks if mark.span[0] < mark.span[1]), key=repr)


def test_the_worst_is_seen() -> None:
    """Where an entry that is right lies over one that must not be, the latter is what is seen."""
    marks = [Mark((0, 4), Section.ACTORS, Verdict.RIGHT), Mark((2, 6), Section.TARGETS, Verdict.LEAK)]

    assert [piece.worst for piece in segments("abcdefgh", marks)] == [Verdict.RIGHT, Verdict.LEAK, Verdict.LEAK, None]
