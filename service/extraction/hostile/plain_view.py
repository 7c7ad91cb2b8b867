"""A plain view of a text: without the characters that nobody sees, and with characters of another width or face as the plain ones, each with its place."""

import unicodedata
from collections.abc import Mapping, Sequence

from service.extraction.hostile.hidden_characters import Span, unseen_runs

#: Blocks of characters that are others in another width or face: full width, mathematical, in circles, letter-like, small.
_BLOCKS = (range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800), range(0x2460, 0x24EA), range(0x2100, 0x2150), range(0xFE50, 0xFE70))
_PLAIN = {code: plain for block in _BLOCKS for code in block if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain.isascii()}


def plain_view(text: str) -> tuple[str, Sequence[int]]:
    """Return the plain view of `text` and, for each of its characters, the code point of `text` that it comes from."""
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    view, places = without([*unseen_runs(text)], text, range(len(text)))
    return replaced(view, _PLAIN), places


def replaced(text: str, signs: Mapping[int, str]) -> str:
    """Return `text` with `signs` replaced, which most texts have none of."""
    return text.translate(signs) if not signs.keys().isdisjoint(map(ord, set(text))) else text


def without(spans: Sequence[Span], view: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Return a view and its places without what stands in `spans`."""
    if not spans:
        return view, places
    pieces, kept, at = list[str](), list[int](), 0
    for start, end in (*spans, (len(view), len(view))):
        pieces.append(view[at:start])
        kept.extend(places[at:start])
        at = end
    return "".join(pieces), kept
