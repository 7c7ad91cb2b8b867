"""An answer: a record, and the very bytes that callers get."""

from dataclasses import dataclass

from pydantic import ValidationError

from schemas.record import Record


@dataclass(frozen=True, slots=True)
class Answer:
    """A record as it is sent: whoever asks again gets the same bytes."""

    record: Record
    body: bytes

    @classmethod
    def of(cls, record: Record) -> "Answer":
        """Return the answer that is `record`."""
        # Not left to the framework: the same record must be the same bytes.
        return cls(record, record.model_dump_json().encode())

    @classmethod
    def again(cls, body: bytes) -> "Answer | None":
        """Return the answer whose `body` was kept; None if it is no record, or not any more."""
        try:
            return cls(Record.model_validate_json(body), body)
        except ValidationError:
            return None
