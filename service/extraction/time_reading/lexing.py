"""Lexing: what each word of an expression may say, by the lexicon of its language."""

from functools import lru_cache

from service.extraction.time_reading import numerals
from service.extraction.time_reading.lexicon import Lexicon, Node, lexicon
from service.extraction.time_reading.scanning import Piece, scan
from service.extraction.time_reading.words import UNKNOWN, Readings, Word

#: A longer word is no compound of words of time.
_MAX_COMPOUND_CHARS = 40
_MIN_PART_CHARS = 2
#: Kinds of pieces that are read without a lexicon, and their classes.
_OF_ANY_LANGUAGE = {"number": "N", "date": "T", "clock": "C", "dotted": "V", "dash": ">"}


def lex(expression: str, language: str) -> list[Readings]:
    """Return the readings of each word of `expression`; a word that nobody knows has one, and it is unknown."""
    known = lexicon(language)
    pieces = scan(expression, month_first=known.month_first)
    read: list[Readings] = []
    at = 0
    while at < len(pieces):
        length, found = _at(pieces, at, language, known)
        read.extend(found)
        at += length
    return numerals.together(read)


def _at(pieces: list[Piece], at: int, language: str, known: Lexicon) -> tuple[int, list[Readings]]:
    """Return how many pieces the next phrase takes, and the readings of its words."""
    piece = pieces[at]
    if piece.kind in _OF_ANY_LANGUAGE:
        return 1, [_of_any_language(piece)]
    after_number = at > 0 and piece.glued and pieces[at - 1].kind == "number"
    if after_number and piece.text in known.suffixes:
        return 1, [(known.suffixes[piece.text],)]
    length, readings = _phrase(pieces, at, known.root)
    if length:
        return length, [readings]
    return _word(pieces, at, language, known)


def _of_any_language(piece: Piece) -> Readings:
    """Return the readings of a number, a date or time of day in digits, or a dash."""
    if piece.kind == "number":
        return numerals.digits(piece.text) or UNKNOWN
    if piece.kind == "dash":
        return (Word(">"),)
    return (Word(_OF_ANY_LANGUAGE[piece.kind], text=piece.text if piece.kind == "date" else piece.text.replace(".", ":")),)


def _word(pieces: list[Piece], at: int, language: str, known: Lexicon) -> tuple[int, list[Readings]]:
    """Return the readings of a word that is no phrase of the lexicon: a numeral, a compound, a word with another one written onto it."""
    piece = pieces[at]
    if piece.kind == "sign":
        return 1, [] if piece.text == "." else [UNKNOWN]
    if piece.glued and piece.text in known.endings:
        return 1, [(known.endings[piece.text],)]
    if numerals.is_han(piece.text):
        end = at + 1
        while end < len(pieces) and numerals.is_han(pieces[end].text):
            end += 1
        number = numerals.han("".join(piece.text for piece in pieces[at:end]))
        letter = "Y" if number and numerals.is_year(number) else "N"
        return end - at, [(Word(letter, number=number, digits=True),) if number is not None else UNKNOWN]
    for prefix, word in known.prefixes:
        rest = piece.text.removeprefix(prefix)
        if rest and rest != piece.text:
            length, readings = _phrase([Piece(rest, "word", glued=True), *pieces[at + 1 : at + 6]], 0, known.root)
            if length:
                return length, [(word,), readings]
    parts = _compound(piece.text, language) if known.compounds else ()
    number = numerals.roman(piece.text)
    return 1, list(parts) or [(Word("R", number=number),) if number else UNKNOWN]


def _phrase(pieces: list[Piece], at: int, root: Node) -> tuple[int, Readings]:
    """Return the length and the readings of the longest phrase that begins at `at`."""
    best: tuple[int, Readings] = (0, ())
    node = root
    for end in range(at, len(pieces)):
        following = node.following.get(pieces[end].text)
        if following is None:
            break
        node = following
        # "In the past" is vague by itself, and something else in "in the past month".
        if node.readings and (end == at or end + 1 - at == len(pieces) or any(word.letter != "v" for word in node.readings)):
            best = (end + 1 - at, node.readings)
    return best


@lru_cache(maxsize=1024)
def _compound(word: str, language: str) -> tuple[Readings, ...]:
    """Return the readings of the known words that `word` is put together from, none if it is not; the longest first part that leaves a known rest counts."""
    if len(word) > _MAX_COMPOUND_CHARS:
        return ()
    root = lexicon(language).root
    parts: dict[int, tuple[Readings, ...]] = {len(word): ()}
    for start in range(len(word) - 1, -1, -1):
        for end in range(len(word), start + _MIN_PART_CHARS - 1, -1):
            node = root.following.get(word[start:end])
            if node and node.readings and end in parts:
                parts[start] = (node.readings, *parts[end])
                break
    return parts.get(0, ())
