"""Fake turns: lines that pose as a turn of a conversation with a model."""

from collections.abc import Iterator

import regex

from service.extraction.hostile.hidden_characters import Span

_ROLE = r"system|user|assistant|developer|human|ai|model|instructions?|response|input|prompt"
#: A heading of a chat template, a role in capitals, or a role as JSON writes it.
_TURN = regex.compile(
    rf"""
      ^[ \t>*]{{0,4}}\#{{1,6}}[ \t]{{0,4}}(?i:(?:new[ ])?(?:{_ROLE}))[ \t]{{0,4}}:
    | ^[ \t]{{0,4}}\#{{1,6}}[ \t]{{0,4}}(?i:system|user|assistant|instructions?)[ \t]*+$
    | ^[ \t>*\[(]{{0,4}}(?:SYSTEM|USER|ASSISTANT|DEVELOPER)[ \t*\])]{{0,4}}:
    | ^[ \t]{{0,4}}\[(?i:system|user|assistant|developer)[ \t]{{0,2}}[:\]]
    | (?<!\w)(?:BEGIN|START|END)[ _]++(?:OF[ _])?(?:NEW[ _]|THE[ _])?(?:ADMIN|SYSTEM|DEVELOPER|ARTICLE|DOCUMENT|PROMPT|INPUT|INSTRUCTIONS?|OVERRIDE)\b
    | ["']role["'][ \t]{{0,4}}:[ \t]{{0,4}}["'](?i:system|user|assistant|developer|tool)["']
    """,
    regex.MULTILINE | regex.VERBOSE,
)
#: Roles in plain letters are those of a play or an interview, unless both sides of a chat speak.
_SPEAKER = regex.compile(r"(?<![\w ] |\w)(?:(?P<theirs>User|Human)|(?P<own>Assistant|AI|Bot))[ \t*]{0,4}:")


def turns(view: str) -> Iterator[Span]:
    """Yield where a fake turn opens."""
    yield from (match.span() for match in _TURN.finditer(view))
    speakers = list(_SPEAKER.finditer(view))
    if any(match["own"] for match in speakers) and any(match["theirs"] for match in speakers):
        yield from (match.span() for match in speakers)
