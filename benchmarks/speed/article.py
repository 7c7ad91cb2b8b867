"""The article that all are asked about, of our own writing, and the answer that the endpoint gives: 40 entries in the shape of a draft."""

from importlib.resources import files

_MATERIAL = files("benchmarks.speed").joinpath("material")

#: What the model says, whoever asks.
ANSWER = _MATERIAL.joinpath("answer.json").read_text(encoding="utf-8")
_TEXT = _MATERIAL.joinpath("article.txt").read_text(encoding="utf-8").strip()


def article(number: int) -> str:
    """Return the article of 2,000 characters, which ends with a `number`, so that no two requests are about the same."""
    return f"{_TEXT} Dispatch {number:09}."
