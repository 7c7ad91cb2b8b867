"""The model's own words: what a record holds that is not the article's.

`action`, `event` and `commitment` are a few words of the model's, and a refused entry stands as it was offered. Nothing proves such words, so a model that an
article has talked round could print there whatever it has seen. Plain words pass; its instructions, addresses, pictures and what looks like a key do not.
"""

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

import regex

from service.extraction import prompting

#: Longest words of the model's that a record holds, in characters: of an entry, and of one that was refused.
MAX_FREE_CHARS, MAX_REFUSED_CHARS = 300, 1_000
#: What stands in place of words that are no plain ones.
WITHHELD = "[withheld]"

#: So many words of the instructions in a row are no chance.
_RUN = 6
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
#: An address, a picture or link of Markdown, markup; or a row of signs that has digits among its letters and is longer than any word.
_NO_WORDS = regex.compile(
    r"\w://|\bwww\.|\w\.[a-z0-9]{1,24}/|\]\(|</?[a-z!]|(?<![a-z0-9_-])(?=[a-z_-]*+[0-9])(?=[0-9_-]*+[a-z])[a-z0-9_-]{20,}", regex.IGNORECASE
)

Words = TypeVar("Words")


class OwnWords:
    """Lets the model's own words about one article pass, and counts those that do not."""

    def __init__(self, prompt: str, text: str) -> None:
        """Know the name of the `prompt` that the model was given and the `text` of the article, whose words are no secret."""
        self._instructions, self._text = _runs_of(prompt), text
        self.withheld = 0

    def of_entry(self, words: str) -> str:
        """Return the free words of an entry, or what stands in their place."""
        return self._passed(words, MAX_FREE_CHARS)

    def of_refused(self, item: Words) -> Words:
        """Return a refused entry, or a part of it, with something else in place of each string that may not pass."""
        if isinstance(item, str):
            return self._passed(item, MAX_REFUSED_CHARS)  # type: ignore[return-value] # a string for a string
        if isinstance(item, Mapping):
            return {name: self.of_refused(part) for name, part in item.items()}  # type: ignore[return-value]
        return [self.of_refused(part) for part in item] if isinstance(item, list) else item  # type: ignore[return-value]

    def _passed(self, words: str, most: int) -> str:
        cut = words[:most]
        if cut in self._text or not (_NO_WORDS.search(cut) or not self._instructions.isdisjoint(_runs(cut))):
            return cut
        self.withheld += 1
        return WITHHELD


@cache
def _runs_of(prompt: str) -> frozenset[tuple[str, ...]]:
    """Return the rows of words in the instructions of a prompt. Its worked examples are no instructions: they hold what any record might."""
    parts = prompting.load(prompt).parts
    return frozenset(run for name, part in parts.items() if not name.startswith(("example ", "answer ")) for run in _runs(part))


def _runs(words: str) -> list[tuple[str, ...]]:
    told = _WORD.findall(words.casefold())
    return [tuple(told[at : at + _RUN]) for at in range(len(told) - _RUN + 1)]
