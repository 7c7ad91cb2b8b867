"""The tally of an article: what has come of the calls about it so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from schemas.record import Notice
from schemas.vocabulary import Section
from service.extraction.answers import Ending

#: Why a list may lack something: the end of an answer, or that it has no more rows.
Lack = Ending | Literal["rows"]

#: The warning for each reason why a list may lack something.
_LACKS: Mapping[Lack, tuple[str, str]] = {
    "limit": ("answer_cut_off", "An answer was cut off; of {}, what was whole up to there was read."),
    "repetition": ("repetition_cut", "The model began to repeat itself; of {}, what was whole up to there was read."),
    "rows": ("entries_left_out", "More was found in one piece than one answer holds; of {}, what came first was read."),
}


@dataclass
class Tally:
    """What has come of the calls for one article so far."""

    calls: int = 0
    #: The names of the actors that were found, in their order.
    actors: dict[str, None] = field(default_factory=dict)
    #: The sections whose lists may lack something, by why.
    lacking: dict[Lack, set[Section]] = field(default_factory=lambda: {"limit": set(), "repetition": set(), "rows": set()})

    def notices(self, sections: Sequence[Section]) -> list[Notice]:
        """Return a warning for each list that may lack something."""
        return [
            Notice(code=code, detail=detail.format(section), start=None, end=None)
            for lack, (code, detail) in _LACKS.items()
            for section in sections
            if section in self.lacking[lack]
        ]
