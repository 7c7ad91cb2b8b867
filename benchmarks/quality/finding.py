"""From what a library returns to a reading: words are looked for as a careful user would, and what is said twice is said once."""

import re
from collections.abc import Iterable, Sequence

from service.evaluation.reading import Found, Parties, Span


def places(words: str, text: str) -> tuple[Span, ...]:
    """Return where `words` stand in `text`: to the letter or, where they nowhere do, up to white space and the case of letters."""
    parts = words.split()
    if not parts:
        return ()
    exact = re.finditer(re.escape(words.strip()), text)
    return _spans(exact) or _spans(re.finditer(r"\s+".join(map(re.escape, parts)), text, re.IGNORECASE))


def distinct(entries: Iterable[tuple[str, Found]]) -> tuple[Found, ...]:
    """Return entries, each given after its words: of those with the same words and category the first, which gets the names and places of the others."""
    kept: dict[tuple[str, object], Found] = {}
    for words, entry in entries:
        key = (words.casefold(), entry.fields.get("category"))
        first = kept.get(key)
        kept[key] = _joined(first, entry) if first else entry
    return tuple(kept.values())


def parties(names: Iterable[str], actors: Sequence[tuple[str, ...]]) -> Parties:
    """Return who is meant by `names`: of each, all names that one of the `actors` goes by, if one is called so."""
    return tuple(next((known for known in actors if name in known), (name,)) for name in names)


def _joined(first: Found, again: Found) -> Found:
    return Found(tuple(dict.fromkeys(first.names + again.names)), tuple(dict.fromkeys(first.spans + again.spans)), first.fields)


def _spans(found: Iterable[re.Match[str]]) -> tuple[Span, ...]:
    return tuple(one.span() for one in found)
