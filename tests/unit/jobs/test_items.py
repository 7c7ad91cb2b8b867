"""What goes to and fro between the store of jobs and those who use it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.jobs.items import Ticket

JOB = UUID("6f9619ff-8b86-4011-b42d-00cf4fc964ff")
NUMBERS = st.integers(0, 999_999_999)


@given(st.uuids(), NUMBERS, NUMBERS)
def test_a_ticket_is_read_as_it_was_written(job_id: UUID, index: int, attempt: int) -> None:
    """What the queue carries names the same article and the same turn when it comes out of it."""
    ticket = Ticket(job_id, index, attempt)

    assert Ticket.parse(str(ticket)) == ticket


@pytest.mark.parametrize(
    "text",
    ["", "rubbish", f"{JOB}", f"{JOB}/1", f"{JOB}/1/2/3", f"{JOB}/-1/0", f"{JOB}/01/0", f"{JOB}/1/0\n", f"{JOB}/1/٣", f"{{{JOB}}}/1/0", f"{JOB}/1/1000000000"],
)
def test_h13_what_is_no_ticket_is_refused(text: str) -> None:
    """A payload of the queue that names no article in the one way that there is is told from a ticket."""
    with pytest.raises(ValueError, match="no ticket"):
        Ticket.parse(text)


@given(st.text())
def test_any_text_is_a_ticket_or_refused(text: str) -> None:
    """Whatever the queue holds, it is read back to the letter or refused in one way."""
    try:
        assert str(Ticket.parse(text)) == text
    except ValueError as refused:
        assert str(refused) == "no ticket"
