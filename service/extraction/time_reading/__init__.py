"""The reader of time expressions: words in, closed draft out, by code alone; None wherever the words cannot be read."""

from service.extraction.time_reading.agreement import agrees
from service.extraction.time_reading.context import read_time

__all__ = ["agrees", "read_time"]
