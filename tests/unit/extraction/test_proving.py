"""That the words of an entry are looked for once, with the same end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.vocabulary import Section
from service.extraction.proving import Proofs
from service.extraction.quotes.alignment import FoldedText, Match
from service.extraction.sentences import Sentences
from tests.unit.extraction.extraction_parts import prepared_from, quotes, texts


class Counting(FoldedText):
    """A text that counts how often anything is looked for in it."""

    looked = 0

    def align(self, quote: str, *, hint: int | None = None, within: tuple[int, int] | None = None) -> Match | None:
        """Return where `quote` stands, and count it."""
        self.looked += 1
        return super().align(quote, hint=hint, within=within)


def test_words_are_looked_for_once() -> None:
    """An entry that is asked about again is not looked for again, whether its words are there or not; one of another piece or section is."""
    text = Counting("Valmer will strike. Valmer waits.")
    proofs = Proofs(text, Sentences(text.text, "en"), "en")

    for _ in range(3):
        assert proofs.of(Section.ACTORS, "Valmer", (0, 19)) == proofs.of(Section.TARGETS, "Valmer", (0, 19)) != proofs.of(Section.ACTORS, "Valmer", (20, 33))
        assert proofs.of(Section.ACTORS, "Kestria", (0, 19)) == proofs.of(Section.ACTORS, "Kestria", (0, 19))
    assert text.looked == 4


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_b09_what_was_asked_before_changes_nothing(data: st.DataObject) -> None:
    """In whatever order entries are asked about, each is proven as if it were the only one."""
    text = data.draw(texts())
    ends = st.integers(0, len(text))
    asked = data.draw(st.lists(st.tuples(st.sampled_from(Section), quotes(text), st.tuples(ends, ends)), min_size=1, max_size=6))
    proofs = prepared_from(text).proofs

    for one in [*asked, *asked]:
        assert proofs.of(*one) == prepared_from(text).proofs.of(*one)
