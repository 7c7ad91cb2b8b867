"""Signs: what tells as much as a word of the lexicon, whatever the language, of a passage that may talk to a model."""

from collections.abc import Iterator

import regex

_SIGNS = regex.compile(
    r"""
      (?P<form>\{\s?\}|\[\s?\]|\{\s?"|(?<![a-zA-Z])(?i:json|xml|yaml|null)(?![a-zA-Z]))  # what a program writes
    | (?P<link>(?<![a-zA-Z])(?i:https?|url|webhook|curl)(?![a-zA-Z]))
    # A thousand and more.
    | (?P<many>(?<![\d.,])[1-9۱-۹١-٩]\d{0,2}(?:[.,٬\x20\u00A0\u202F]?\d{3})++(?!\d))
    # A picture, as Markdown loads it.
    | (?P<picture>!\[[^\[\]\n]{0,100}\]\(https?:)
    """,
    regex.VERBOSE,
)
#: Of what kinds they are.
KINDS = frozenset(_SIGNS.groupindex)
#: How far behind the last word what is no word may stand.
_BEHIND = 6


def signs(view: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the signs of a part of `view` that ends with a word: of what kind, and from where to where."""
    for match in _SIGNS.finditer(view, start, end + _BEHIND):
        if match.lastgroup and (match.start() < end or not match[0][0].isalnum()):
            yield match.lastgroup, match.start(), match.end()
