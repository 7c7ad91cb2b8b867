"""Stops: whether a full stop, an ellipsis or a line ends a sentence."""

from collections.abc import Iterator, Mapping
from functools import cache

import regex

from service.extraction.lexicons import lexicon

#: As far as this on either side of a boundary is read: longer than any abbreviation.
_NEAR_CHARS = 24
#: In these languages a number with a full stop is an ordinal.
_ORDINAL_LANGUAGES = frozenset({"de", "cs", "da", "nb", "no", "nn", "fi", "hu", "sk", "sl", "hr", "et", "lv"})
#: The signs of an abbreviation's inside: "_" of the lexicon is a space, of whatever width.
_SPACE = r"[ \u00a0\u202f]?"

_LOWER = regex.compile(r"[,;]|-|\p{Ll}")
_CAPITAL = regex.compile(r"[\"'“‘„«‹「『(\[¿¡\s]*\p{Lu}")
_NUMBER = regex.compile(r"[\p{N}№§]|[IVXLC]+\b")
_INITIALS = regex.compile(rf"(?:^|[^\p{{L}}\p{{M}}.])(?:\p{{Lu}}\p{{M}}*\.(?:{_SPACE}-|[ \u00a0\u202f]))?\p{{Lu}}\p{{M}}*\.$")
_SMALL_LETTER = regex.compile(r"(?:^|[^\p{L}\p{M}\p{N}./])\p{Ll}\p{M}*\.$")
_UNIT = regex.compile(rf"\p{{N}}{_SPACE}[\p{{L}}\p{{M}}]{{1,4}}\.$")
_ORDINAL = regex.compile(r"(?:^|[^\p{N}.,:])\p{N}{1,2}\.$")
#: What goes on at once, without a space, in scripts that write spaces; and the particle that quotes in Japanese.
_GOES_ON = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{N}]|と|って")
_ACRONYM = regex.compile(r"(?<!\p{L})(?:\p{Lu}\.){2,6}\s++(?=(\p{Lu}\p{Ll}*+)(?![\p{L}.]))")
_MOST_LABEL_CHARS = 4
_LABEL = regex.compile(r"(?:\p{N}{1,3}|\p{Latin})[.)]|[•▪◦●‣*–—-]{1,3}")
_NO_WORD = regex.compile(r"[^\p{L}\p{N}]*+")
_PARTED = regex.compile(
    r"(?:…|\.\.\.)[\"'”’»›)\]]?\s++(?=[\"'“‘„«‹(\[¿¡]?\s?\p{Lu})|\n(?=[ \t]{0,8}[•▪◦●‣*–—-]\s)",
)


def joins(text: str, one: tuple[int, int], other: tuple[int, int], language: str) -> bool:
    """Whether two pieces of `text` that follow one another are one sentence, because the stop between them ends none."""
    between, head = text[one[1] : other[0]], text[other[0] : min(other[1], other[0] + _NEAR_CHARS)]
    if "\n" in between:
        return False
    if not between and _GOES_ON.match(head):
        return True
    if (one[1] - one[0] <= _MOST_LABEL_CHARS and _LABEL.fullmatch(text, *one)) or (not head[0].isalnum() and _NO_WORD.fullmatch(head)):
        return True
    if text[one[1] - 1] != ".":
        return text[one[1] - 1] == "…" and head[0].islower()
    return _LOWER.match(head) is not None or _is_short(text[max(one[0], one[1] - _NEAR_CHARS) : one[1]], head, language)


def cuts(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield where sentences begin in `text[start:end]` that have no other sign: before a bullet, behind an ellipsis, an "etc.", an acronym.

    An acronym ends a sentence if a frequent word follows: U.S. The, not U.S. Navy.
    """
    yield from (match.end() for match in _PARTED.finditer(text, start, end))
    yield from (match.end() for match in _abbreviations(language)["list"].finditer(text, start, end) if _CAPITAL.match(text, match.end(), end))
    yield from (match.end() for match in _ACRONYM.finditer(text, start, end) if match[1].casefold() in _common_words(language))


def _is_short(tail: str, head: str, language: str) -> bool:
    """Whether the full stop that ends `tail` belongs to a short form before `head`."""
    known = _abbreviations(language)
    if known["ends"].search(tail) or known["final"].search(tail) or _UNIT.search(tail):
        return False
    if _NUMBER.match(head) and known["references"].search(tail):
        return True
    if known["titles"].search(tail) or known["inner"].search(tail) or _INITIALS.search(tail) or _SMALL_LETTER.search(tail):
        return True
    return language in _ORDINAL_LANGUAGES and _ORDINAL.search(tail) is not None


@cache
def _common_words(language: str) -> frozenset[str]:
    words = lexicon("clauses").get(language, {})
    return frozenset(" ".join(words.get(kind, "") for kind in ("articles", "links", "places", "common", "openings")).split())


@cache
def _abbreviations(language: str) -> Mapping[str, regex.Pattern[str]]:
    """Return the patterns of the short words of `language`, and of those of English that begin with a capital."""
    begins = r"(?<![\p{L}\p{M}\p{N}])"
    patterns = {kind: regex.compile(rf"{begins}(?:{_either(kind, language)})\.$") for kind in ("titles", "references", "inner", "final", "ends")}
    return patterns | {"list": regex.compile(rf"{begins}(?:{_either('ends', language)})\.\s++")}


def _either(kind: str, language: str) -> str:
    own = f"(?i:{_alternatives(kind, language)})"
    return own if language == "en" else rf"{own}|(?=\p{{Lu}})(?i:{_alternatives(kind, 'en')})"


def _alternatives(kind: str, language: str) -> str:
    words = lexicon("abbreviations").get(language, {}).get(kind, "").split()
    return "|".join(regex.escape(word).replace("_", _SPACE) for word in sorted(words, key=len, reverse=True)) or "(?!)"
