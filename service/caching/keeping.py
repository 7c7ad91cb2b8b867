"""What an installation keeps of answers."""

from dataclasses import dataclass

from service.caching.naming import Reader
from service.caching.records import Records
from service.caching.repeats import Repeats


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where records are kept, if they are, and for what they are named."""

    #: What they depend on beside their articles.
    reader: Reader = ()
    #: For whoever asks for the same again.
    records: Records | None = None
    #: For whoever asks again with the key of an earlier request.
    repeats: Repeats | None = None
