"""What two articles share in the memory of an engine or an endpoint that keeps the beginnings of conversations."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from service.extraction.pipeline import PROMPT
from service.extraction.prompting import fenced, load

#: Code points up to the end of the digest.
BEGINNING = len('<article id="0123456789abcdef"')

words = st.text(max_size=40)


@given(words, words, words, words)
def test_j15_articles_that_begin_alike_share_nothing_that_was_read(beginning: str, end: str, other_end: str, title: str) -> None:
    """Behind the instructions, which are the same for all, stands the digest of the whole text: nobody learns by time how another's article begins."""
    prompt, texts = load(PROMPT), (f"{beginning}{end}", f"{beginning}{other_end}")
    opened = [fenced(prompt, text, Article(text=text, title=title)) for text in texts]

    assert (texts[0] == texts[1]) == (opened[0][:BEGINNING] == opened[1][:BEGINNING])
