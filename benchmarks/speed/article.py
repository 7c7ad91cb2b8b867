"""The articles, all of our own writing: one that all are asked about, with the 40 entries that the endpoint answers; and two for the embedded model."""

from importlib.resources import files

_MATERIAL = files("benchmarks.speed").joinpath("material")

#: What the model says, whoever asks.
ANSWER = _MATERIAL.joinpath("answer.json").read_text(encoding="utf-8")
_TEXT = _MATERIAL.joinpath("article.txt").read_text(encoding="utf-8").strip()

#: Read one after the other, so that each finds the other's words in the slot of the engine, and the instructions before them.
SHORT = tuple(_MATERIAL.joinpath(f"short-{number}.txt").read_text(encoding="utf-8") for number in (1, 2))


def article(number: int) -> str:
    """Return the article of 2,000 characters, which ends with a `number`, so that no two requests are about the same."""
    return f"{_TEXT} Dispatch {number:09}."
