"""The articles, all of our own writing: one that all are asked about, with the 40 entries that the endpoint answers; and two for the embedded model.

The first comes in many variants with other names, so that nobody who remembers words has seen all of them before: as with news, most words come again and names
change.
"""

import random
import re
from functools import cache
from importlib.resources import files

_MATERIAL = files("benchmarks.speed").joinpath("material")

#: How many variants there are, each with an answer of its own.
VARIANTS = 500
#: What stands before the number at the end of each article.
MARK = "Dispatch "
_ANSWER = _MATERIAL.joinpath("answer.json").read_text(encoding="utf-8")
_TEXT = _MATERIAL.joinpath("article.txt").read_text(encoding="utf-8").strip()
#: Read one after the other, so that each finds the other's words in the slot of the engine, and the instructions before them.
SHORT = tuple(_MATERIAL.joinpath(f"short-{number}.txt").read_text(encoding="utf-8") for number in (1, 2))

#: Of people and places that there are not.
_NAMES = re.compile(r"\b(?:Belmark|Brook|Corvin|Dorst|Dorvik|Halvorsen|Hark|Ilan|Jonas|Kestria|Lund|Marn|Oren|Orsk|Selm|Teln|Tomas|Valmer|Vell|Zorn)\b")
_CONSONANTS, _VOWELS = "bdgklmnrstvz", "aeiou"


def article(number: int) -> str:
    """Return the article of 2,000 characters, which ends with a `number`, so that no two requests are about the same."""
    return f"{_variant(_TEXT, number % VARIANTS)} {MARK}{number:09}."


def answer(number: int) -> str:
    """Return what the model says of the article with this `number`, whoever asks."""
    return _variant(_ANSWER, number % VARIANTS)


@cache
def _variant(text: str, variant: int) -> str:
    return _NAMES.sub(lambda name: _renamed(name[0], variant), text)


def _renamed(name: str, variant: int) -> str:
    """Return another name that is as long, the same each time."""
    chance = random.Random(f"{name} {variant}")  # noqa: S311 - no secret hangs on it
    return "".join(chance.choice(_VOWELS if place % 2 else _CONSONANTS) for place in range(len(name))).capitalize()
