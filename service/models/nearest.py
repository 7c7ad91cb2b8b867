"""Why nothing answers a call: which recording comes nearest to it, and what keeps that from being its answer."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from service.errors import ReplayMiss
from service.models.base import ModelCall
from service.models.exchanges import Folder

#: So many recordings are looked at. A miss is looked into by whoever mends it, and must not take long.
MOST = 500
_WORD = re.compile(r"\w+")
_AGAIN = "record with VIGIE_MODE=record"
_STALE = f"older than the prompt, the schema or the profile of the model in use, or for other sections: {_AGAIN} once more."


def miss_of(call: ModelCall, folder: Folder) -> ReplayMiss:
    """Return what is to be said of a call that nothing answers; it holds nothing of the conversation."""
    digest, asked = call.digest(), _Outline(call)
    kept = [(exchange.digest, _Outline(exchange.call())) for exchange in islice(folder.exchanges(), MOST)]
    if not kept:
        return ReplayMiss(digest, None, f"The folder holds no conversations that it could be compared with: {_AGAIN}.")
    nearest, outline = max(kept, key=lambda one: (one[1].article == asked.article, one[1].likeness(asked)))
    if outline.article == asked.article:
        why = f"{nearest} is of the same article, and {_STALE}"
    elif all(one.instructions != asked.instructions for _, one in kept):
        why = f"All recordings are {_STALE}"
    else:
        why = (
            f"The nearest is {nearest}, {outline.likeness(asked):.0%} of whose own words are the same: send its article to the letter, with the same title, "
            f"source, date and sections, or {_AGAIN} (in a test, `finds`)."
        )
    return ReplayMiss(digest, nearest, why)


class _Outline:
    """What a call has in common with others, and what is its own."""

    def __init__(self, call: ModelCall) -> None:
        """Take `call` apart."""
        self.instructions = (call.messages[: call.shared], None if "grammar" in call.shape else call.shape)
        self.article = call.messages[call.shared :]
        # Without those of the questions and of the language, which stand in the instructions too.
        self.words = _words_of(self.article) - _words_of(call.messages[: call.shared])

    def likeness(self, other: "_Outline") -> float:
        """Return how many of the words of either are in both, from 0 to 1."""
        return len(self.words & other.words) / max(len(self.words | other.words), 1)


def _words_of(messages: Sequence[Mapping[str, Any]]) -> set[str]:
    return {word for message in messages for word in _WORD.findall(str(message.get("content")))}
