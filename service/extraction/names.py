"""Names: what two spellings of one name have in common."""

import regex

from service.extraction.alignment import folded

#: Words that stand before a name and are no part of it, in the languages that have them. Without a space: elided or written onto the name.
_DETERMINER = regex.compile(
    r"^(?:(?:the|a|an|le|la|les|un|une|des|du|ses|leurs?|el|los|las|una|unos|unas|der|die|das|den|dem|des|ein|eine|einen|il|lo|gli|uno|o|os|as|um|uma)\s+|[ld]['’]\s*|ال)",
    regex.IGNORECASE,
)


def bare(name: str) -> str:
    """Return `name` without the determiner before it."""
    return _DETERMINER.sub("", name.strip()) or name


def actor_key(name: str) -> str:
    """Return what two spellings of one actor's name have in common."""
    return folded(bare(name))


def is_short_for(name: str, longer: str) -> bool:
    """Whether `name` is the end of the `longer` name of a person, as a surname is."""
    return name != longer and bool(regex.search(rf"[\s-]{regex.escape(name)}$", longer))
