"""What endpoints say that they used, and what is believed of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types import CompletionUsage

from service.models.counting import Counts, counted

#: What JSON can hold in place of a count.
odd = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@pytest.mark.parametrize("details", [{}, {"prompt_tokens_details": None}, {"prompt_tokens_details": {"cached_tokens": None}}])
def test_details_may_be_missing(details: dict[str, object]) -> None:
    """An endpoint that tells nothing of what it keeps has kept nothing."""
    assert counted({"prompt_tokens": 7, "completion_tokens": 2, **details}) == Counts(7, 0, 0, 2)


def test_parts_are_no_more_than_the_whole() -> None:
    """More cached tokens than tokens are as many as there are."""
    details = {"cached_tokens": 9, "cache_write_tokens": 9}

    assert counted({"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": details}) == Counts(7, 7, 0, 2)


def test_counts_are_read_as_they_are_written() -> None:
    """A usage of ours is read back, from an object as from JSON."""
    counts = Counts(7, 4, 1, 2)

    assert counted(counts.usage()) == counted(counts.usage().model_dump()) == counts


@given(prompt=odd, completion=odd, cached=odd, written=odd)
def test_no_count_does_harm(prompt: object, completion: object, cached: object, written: object) -> None:
    """Whatever stands there, what is believed is a whole number, no less than nothing and no more than can be."""
    details = {"cached_tokens": cached, "cache_write_tokens": written}
    usage: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion, "prompt_tokens_details": details}

    for counts in (counted(usage), counted(CompletionUsage.construct(**usage))):
        assert counts is None or all(type(count) is int and 0 <= count <= 10**8 for count in (counts.prompt, counts.completion))
        assert counts is None or 0 <= counts.cached + counts.written <= counts.prompt


@given(odd)
def test_no_usage_does_harm(usage: object) -> None:
    """What is no usage counts as none."""
    assert counted(usage) is None
