"""Following an answer while it is written: the entries in it that are whole."""

import time
from collections.abc import Callable, Sequence

from pydantic import BaseModel, ValidationError

from schemas.draft import draft_of
from schemas.vocabulary import Section
from service.extraction import forms
from service.extraction.chunking import Chunk
from service.extraction.provisional import Provisional

#: Seconds between two looks at an answer: it grows with every token.
_PAUSE_S = 0.25


class Unfinished:
    """Hands on what is written of some sections of a chunk."""

    def __init__(self, provisional: Provisional, chunk: Chunk, sections: tuple[Section, ...], read: Callable[[str], BaseModel | None]) -> None:
        """Begin before the first token; `read` returns the draft that an unfinished answer holds, if it holds any."""
        self._provisional, self._chunk, self._sections, self._read = provisional, chunk, sections, read
        self._text, self._looked_at = "", time.monotonic()

    def __call__(self, text: str) -> None:
        """Take all that was written so far. If it begins otherwise than before, the call is made anew."""
        if not text.startswith(self._text):
            self._provisional.forget(self._chunk, self._sections)
        self._text = text
        now = time.monotonic()
        if now - self._looked_at < _PAUSE_S:
            return
        self._looked_at = now
        draft = self._read(text)
        if draft is not None:
            self._provisional.write(self._chunk, self._sections, draft)


def partial_draft(text: str, sections: Sequence[Section], rows: forms.Rows | None, pointed: Sequence[str] = ()) -> BaseModel | None:
    """Return the draft of the entries that are whole in an unfinished answer; None if there is none, or it does not fit.

    Args:
        text: What was written so far.
        sections: What it is about.
        rows: The fields of a row of each section; None: whole objects.
        pointed: The whole words to which rows point, in their order.
    """
    mended = forms.mend(text, rows, sections)
    if mended is None:
        return None
    try:
        return draft_of(tuple(sections)).model_validate_json(forms.read(mended, rows, pointed), strict=False)
    except ValidationError:
        return None
