"""When an article says of itself that it was published."""

import pytest

from schemas.vocabulary import PublishedBasis
from service.extraction.dates import dateline


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("date 2024-04\n\nLa flotte part.", "2024-04"),
        ("  \nDate: 2024-04-17. La flotte part.", "2024-04-17"),
        ("DATUM：2024-02-29", "2024-02-29"),
        ("Fecha 2023-12-31, Norvia", "2023-12-31"),
        ("дата: 2024-04-01", "2024-04-01"),
        ("التاريخ 2024-04-01", "2024-04-01"),
        ("日期：2024-04", "2024-04"),
    ],
)
def test_a_date_at_the_head_is_found(text: str, date: str) -> None:
    """A labelled month or day at the very head of the text is its date."""
    assert dateline(text) == (date, PublishedBasis.TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "La flotte part.",
        "date 2024",
        "date 2024-13",
        "date 2023-02-29",
        "date 0000-01",
        "date 2024-04-177",
        "date 2024-04-",
        "2024-04-17 La flotte part.",
        "La flotte part. date 2024-04-17",
        "update 2024-04-17",
        "date ٢٠٢٤-٠٤",
    ],
)
def test_what_is_no_date_of_the_head_is_none(text: str) -> None:
    """A date that is not real, not labelled or not at the head is not guessed at."""
    assert dateline(text) == (None, PublishedBasis.NONE)
