"""The reader of time expressions: words in, closed draft out, by code alone; None wherever the words cannot be read."""

from service.extraction.time_reading.agreement import agrees
from service.extraction.time_reading.context import read_time
from service.extraction.time_reading.finding import find_times
from service.extraction.time_reading.lexicon import has_times

__all__ = ["agrees", "find_times", "has_times", "read_time"]
