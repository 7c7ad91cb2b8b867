"""Labels: words of an article as they fit into a drawing, where no HTML can say what nobody sees."""

import unicodedata

import regex

#: What turns the direction of writing, is not seen or breaks a line. What joins letters of a word stays: Persian and Hindi are not written without it.
_UNSEEN = regex.compile(r"(?![\u200c\u200d])[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]")
#: As that, but for what says how the letter before looks, and the letter-like signs that Unicode counts among the formats.
_UNTITLED = regex.compile(
    r"(?![\u200c\u200d\ufe00-\ufe0f\u180b-\u180d\u180f\p{Prepended_Concatenation_Mark}])[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]"
)
#: A character that is seen by itself. Braille has a pattern without dots.
_SEEN = regex.compile(r"[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]|\p{Prepended_Concatenation_Mark}")
#: More marks on one letter than any language has would leave the line.
_HEAPED = regex.compile(r"(\p{M}{3})\p{M}+")
_BLANKS = regex.compile(r"\s+")
#: So much of a text is looked at: all that could fit, and more.
_LOOKED_AT = 400
_WIDE, _BROAD, _PLAIN = 1.9, 1.4, 1.0
_ZERO_WIDTH = ("Mn", "Me", "Cf")


def label(text: str, room: float) -> str:
    """Return as much of `text` as fits into the width of `room` small letters, with an ellipsis where something is missing."""
    clean = _BLANKS.sub(" ", _HEAPED.sub(r"\1", _UNSEEN.sub(" ", text[:_LOOKED_AT]))).strip() or "?"
    whole = len(text) <= _LOOKED_AT
    if whole and _width(clean) <= room:
        return clean
    shortened = clean
    while shortened and _width(shortened) > room - 1:
        shortened = shortened[:-1]
    return f"{shortened.rstrip()}…"


def title(text: str) -> str:
    """Return `text` as the title of a window, which has one line and no direction of its own; empty where nobody would see any of it."""
    return " ".join(_UNTITLED.sub(" ", text).split()) if _SEEN.search(text) else ""


def direction(text: str) -> str:
    """Return the direction in which `text` is written: that of its first letter that has one."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return "ltr" if strong == "L" else "rtl"


def _width(text: str) -> float:
    return sum(_width_of(letter) for letter in text)


def _width_of(letter: str) -> float:
    """Return about how wide a letter is, in small letters."""
    if unicodedata.category(letter) in _ZERO_WIDTH:
        return 0.0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return _WIDE
    return _BROAD if letter.isupper() or letter in "mw@%&" else _PLAIN
