"""Which form of an answer a caller gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accepting import preferred

JSON, STREAM = "application/json", "text/event-stream"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", JSON),
        ("application/json", JSON),
        ("application/*", JSON),
        ("APPLICATION/JSON", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("text/event-stream", STREAM),
        ("text/*", STREAM),
        ("text/event-stream, */*", STREAM),
        ("text/event-stream, */*;q=0.1", STREAM),
        ("application/json, text/event-stream", JSON),
        ("application/json;q=0.5, text/event-stream", STREAM),
        ("text/event-stream;q=0.5, application/json", JSON),
        ("text/event-stream;q=0, */*", JSON),
        ("application/json;q=0, */*", None),
        ("application/json;q=0", None),
        ("text/html", None),
        ("", None),
        ("application/json;q=rubbish", JSON),
    ],
)
def test_the_form_that_is_wanted_most(accept: str, form: str | None) -> None:
    """Weights decide, then how closely a form is named; a stream is for those who name it."""
    assert preferred(accept, (JSON, STREAM)) == form


@given(st.text() | st.lists(st.sampled_from([JSON, STREAM, "*/*", "text/*", "q=0", "q=0.5", ";", ",", "q=nan", "q=1e999"])).map("".join))
def test_whatever_is_sent_has_an_answer(accept: str) -> None:
    """Rubbish gets a form or none, and no error."""
    assert preferred(accept, (JSON, STREAM)) in {JSON, STREAM, None}
