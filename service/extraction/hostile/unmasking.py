"""Unmasking: a view of a text in which words that are dressed up for a model alone are plain ones, each character with its place.

Undone are tag characters, unseen characters, other widths and faces, letters of another script, digits for letters, and letters set apart.
"""

from collections.abc import Sequence

import regex

from service.extraction.hostile.plain_view import plain_view, replaced, without

#: Tag characters spell ASCII.
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
_LATIN, _OTHERS = "aeopcyxijsdhlqwABEKMHOPCTXIJSaoivptuxkeABEZHIKMNOPTYX", "аеорсухіјѕԁһӏԛԝАВЕКМНОРСТХІЈЅαοινρτυχκεΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
#: Letters of Cyrillic and Greek that are drawn as Latin ones.
LOOK_ALIKES = str.maketrans(_OTHERS, _LATIN)
_CYRILLIC = str.maketrans(_LATIN[:25], _OTHERS[:25])
_MIXED = regex.compile(
    r"(?<![\p{L}\p{Latin}\p{Cyrillic}\p{Greek}])(?:\p{Latin}++[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]++\p{Latin})[\p{Latin}\p{Cyrillic}\p{Greek}]*+",
)
_LATIN_LETTER = regex.compile(r"\p{Latin}")
_OTHER_LETTER = regex.compile(r"[\p{Cyrillic}\p{Greek}]")
_DIGITS = str.maketrans("013457@$", "oieastas")
_DIGIT_FOR_LETTER = regex.compile(r"(?<![\w@$])(?:[A-Za-z]++[013457@$]|[013457@$]++[A-Za-z])[A-Za-z013457@$]*+(?!\w)")
#: What each of them holds, and few texts do.
_DIGIT_BY_LETTER = regex.compile(r"[013457@$](?:(?<=[A-Za-z].)|(?=[A-Za-z]))")
_LETTER = r"[\p{Latin}\p{Cyrillic}\p{Greek}](?![\p{L}\p{N}])"
#: Letters that are set apart, each from the next by the same sign: i g n o r e, i-g-n-o-r-e.
_APART = regex.compile(rf"(?<![\p{{L}}\p{{N}}]){_LETTER}(?P<sign>[ ._*\-]){_LETTER}(?:(?P=sign){_LETTER})++")
_LETTER_BETWEEN = regex.compile(rf"[ ._*\-]{_LETTER}[ ._*\-]{_LETTER}")


def spelt_out(text: str) -> tuple[str, Sequence[int]]:
    """Return the plain view of `text`, with what tags spell, and for each of its characters the code point of `text` that it comes from."""
    return plain_view(replaced(text, _TAGS))


def unmasked(plain: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Return the view of what is spelt out in which masked words are plain ones, and for each of its characters the code point that it comes from."""
    view = _MIXED.sub(lambda word: _in_one_script(word[0]), plain) if _OTHER_LETTER.search("".join(set(plain))) else plain
    if _DIGIT_BY_LETTER.search(view):
        view = _DIGIT_FOR_LETTER.sub(lambda word: word[0].translate(_DIGITS), view)
    if not _LETTER_BETWEEN.search(view):
        return view, places
    return without([(at, at + 1) for run in _APART.finditer(view) for at in range(run.start() + 1, run.end(), 2)], view, places)


def _in_one_script(word: str) -> str:
    latin = len(_LATIN_LETTER.findall(word))
    return word.translate(LOOK_ALIKES if 2 * latin >= len(word) else _CYRILLIC)
