"""Names: what two spellings of one name have in common."""

from functools import lru_cache

import regex

from service.extraction.people.words import actor_words, plain

#: Words that stand before a name and are no part of it, in the languages that have them. Without a space: elided or written onto the name.
_DETERMINER = regex.compile(
    r"^(?:(?:the|a|an|le|la|les|un|une|des|du|ses|leurs?|el|los|las|una|unos|unas|der|die|das|den|dem|des|ein|eine|einen|il|lo|gli|uno|o|os|as|um|uma)\s+|[ld]['’]\s*|ال)",
    regex.IGNORECASE,
)
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def bare(name: str) -> str:
    """Return `name` without the determiner before it."""
    return _DETERMINER.sub("", name.strip()) or name


@lru_cache(maxsize=4096)
def actor_key(name: str) -> str:
    """Return what two spellings of one actor's name have in common."""
    return plain(bare(name))


def is_short_for(name: str, longer: str) -> bool:
    """Whether `name` is the end of the `longer` name of a person, as a surname is."""
    before = longer[: -len(name)] if name and longer.endswith(name) else ""
    return before[-1:].isspace() or before[-1:] == "-"


def person_core(name: str) -> str:
    """Return a person's own name, without the titles before it and what stands before those ("the US president Ana Weil": "Ana Weil").

    Where nothing of it is left, as of a title alone, the whole is returned; after a comma only what stands before it counts.
    """
    named, _, _ = name.partition(",")
    titles = actor_words().titles.singles
    tokens = list(_TOKEN.finditer(named))
    last = max((number for number, token in enumerate(tokens[:-1]) if plain(token[0]) in titles), default=None)
    if last is None:
        return bare(named)
    return named[tokens[last + 1].start() :].strip()
