"""Folding: the words of a time as they are compared, whatever case, accents, digits and typography they are written in."""

import unicodedata

#: Combining classes of marks that are part of a letter (Indic vowels 0, kana voicing 8, virama 9); all others are accents or vowel points.
_LETTER_MARKS = frozenset({0, 8, 9})
#: Letters that are one to a reader and two to Unicode; the tatweel stretches an Arabic word, joiners and direction marks are not seen.
_SAME = str.maketrans(
    {"œ": "oe", "æ": "ae", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None, "\u200c": None, "\u200d": None, "\u200e": None}
    | {"\u200f": None, "\u00ad": None, "’": "'", "‘": "'", "ʼ": "'", "‐": "-", "−": "-", "–": "—", "~": "—", "〜": "—"}
)


def fold(words: str) -> str:
    """Return `words` without case, accents and vowel points, with digits 0 to 9 and one form of each letter, apostrophe and dash."""
    if words.isascii():
        return words.lower().translate(_SAME)
    kept = []
    for char in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold()):
        category = unicodedata.category(char)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(char)))
        elif category[0] != "M" or unicodedata.combining(char) in _LETTER_MARKS:
            kept.append(char)
    # Composed again, for Hangul falls apart into its sounds.
    return unicodedata.normalize("NFC", "".join(kept).translate(_SAME))
