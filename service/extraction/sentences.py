"""Sentences: where each sentence of a text begins and ends."""

from bisect import bisect_left, bisect_right

import sentencex


class Sentences:
    """The sentences of one text, as half-open spans of its code points, without the space around them."""

    def __init__(self, text: str, language: str) -> None:
        """Segment `text`; an unknown `language` is segmented by the rules of a related one."""
        self.spans: list[tuple[int, int]] = []
        for boundary in sentencex.get_sentence_boundaries(language.split("-", maxsplit=1)[0], text):
            start, end = boundary["start_index"], boundary["end_index"]
            words = text[start:end]
            if words.strip():
                self.spans.append((start + len(words) - len(words.lstrip()), start + len(words.rstrip())))
        self._starts = [start for start, _ in self.spans]
        self._ends = [end for _, end in self.spans]

    def enclosing(self, start: int, end: int) -> tuple[int, int]:
        """Return the span from the beginning of the sentence that holds `start` to the end of the one that holds the last code point before `end`."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = min(bisect_left(self._ends, end), len(self.spans) - 1)
        if last < 0:
            return start, end
        return min(self.spans[first][0], start), max(self.spans[last][1], end)
