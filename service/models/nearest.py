"""Why nothing answers a call: which recording comes nearest to it, and what keeps that from being its answer."""

import hashlib
import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from service.errors import ReplayMiss
from service.models.base import ModelCall
from service.models.exchanges import Folder, Stamp

#: So many recordings are looked at. A miss is looked into by whoever mends it, and must not take long.
MOST = 500
_WORD = re.compile(r"\w+")
_AGAIN = "record with VIGIE_MODE=record"
_STALE = f"older than the prompt, the schema or the profile of the model in use, or for other sections: {_AGAIN} once more."


class Nearest:
    """What is known of the recordings of a folder to tell why none answers."""

    def __init__(self, folder: Folder) -> None:
        """Look at nothing yet."""
        self._folder = folder
        self._outlines: dict[str, tuple[Stamp, _Outline]] = {}
        self._turn = threading.Lock()

    def miss_of(self, call: ModelCall) -> ReplayMiss:
        """Return what is to be said of a call that nothing answers; it holds nothing of the conversation. Takes a while; may be called from any thread."""
        digest, asked = call.digest(), _Outline.of(call)
        with self._turn:
            kept = self._kept()
        if not kept:
            return ReplayMiss(digest, None, f"The folder holds no conversations that it could be compared with: {_AGAIN}.")
        nearest, outline = max(kept.items(), key=lambda one: one[1].nearness(asked))
        if outline.article == asked.article:
            why = f"{nearest} is of the same article, and {_STALE}"
        elif outline.instructions != asked.instructions:
            why = f"All recordings are {_STALE}"
        else:
            share = f"{outline.likeness(asked):.0%} of whose own words are the same"
            letter = "send its article to the letter, with the same title, source, date and sections"
            why = f"The nearest is {nearest}, {share}: {letter}, or {_AGAIN} (in a test, `finds`)."
        return ReplayMiss(digest, nearest, why)

    def _kept(self) -> dict[str, "_Outline"]:
        """Return the outlines of the recordings; each file is read once, and again when it has changed. What cannot be read is near nothing."""
        known, self._outlines = self._outlines, {}
        for digest in islice(self._folder.digests(), MOST):
            stamp = self._folder.stamp(digest)
            if digest in known and known[digest][0] == stamp:
                self._outlines[digest] = known[digest]
            elif stamp and (exchange := self._folder.look(digest)):
                self._outlines[digest] = stamp, _Outline.of(exchange.call())
        return {digest: outline for digest, (_, outline) in self._outlines.items()}


@dataclass(frozen=True, slots=True)
class _Outline:
    """What a call has in common with others, and what is its own."""

    instructions: str
    article: str
    #: Its own words, without those of the questions and of the language, which stand in the instructions too.
    words: frozenset[str]

    @classmethod
    def of(cls, call: ModelCall) -> Self:
        """Take `call` apart."""
        instructions, article = call.messages[: call.shared], call.messages[call.shared :]
        # A grammar is made of the words of its article.
        shape = None if "grammar" in call.shape else dict(call.shape)
        return cls(_digest([*map(dict, instructions), shape]), _digest([*map(dict, article)]), _words_of(article) - _words_of(instructions))

    def nearness(self, other: "_Outline") -> tuple[bool, bool, float]:
        """Return what is the greater, the nearer the other call is."""
        return self.article == other.article, self.instructions == other.instructions, self.likeness(other)

    def likeness(self, other: "_Outline") -> float:
        """Return how many of the words of either are in both, from 0 to 1."""
        return len(self.words & other.words) / max(len(self.words | other.words), 1)


def _digest(content: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _words_of(messages: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(word for message in messages for word in _WORD.findall(str(message.get("content"))))
