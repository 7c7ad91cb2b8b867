"""What a page of Markdown holds: its blocks, the commands in them, its links and its anchors."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PROMPT = "$ "
#: Where HTML names another file.
_PLACES = frozenset({"href", "src", "srcset"})
#: What GitHub leaves out of the anchor of a heading.
_SIGNS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what else stands beside it, its text, and where the text begins."""

    language: str
    subject: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command as the page shows it, and the lines that it is said to print; no lines say nothing."""

    text: str
    expected: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Page:
    """A page, by its path."""

    path: Path

    @cached_property
    def blocks(self) -> list[Block]:
        """The fenced blocks, in order."""
        return [
            Block(*_info(token.info), token.content, (token.map or [0])[0] + 2)
            for token in self._tokens
            if token.type in {"fence", "code_block"}  # the second is what stands indented, without a language
        ]

    @cached_property
    def links(self) -> list[str]:
        """What links and pictures lead to, those in HTML included."""
        found = [str(token.attrs[place]) for token in _deep(self._tokens) for place in _PLACES if place in token.attrs]
        reader = _Places()
        for token in _deep(self._tokens):
            if token.type in {"html_block", "html_inline"}:
                reader.feed(token.content)
        return found + reader.found

    @cached_property
    def anchors(self) -> set[str]:
        """What can be linked to on this page: its headings, as GitHub calls them."""
        seen: Counter[str] = Counter()
        anchors = set()
        for opening, inline in zip(self._tokens, self._tokens[1:], strict=False):
            if opening.type == "heading_open":
                words = "".join(part.content for part in inline.children or [])
                name = _SIGNS.sub("", words.lower()).replace(" ", "-")
                anchors.add(f"{name}-{seen[name]}" if seen[name] else name)
                seen[name] += 1
        return anchors

    @cached_property
    def _tokens(self) -> list[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.path.read_text(encoding="utf-8"))


def commands(block: Block) -> list[Command]:
    """Return the commands of a `console` block; a line after one that ends with a backslash belongs to it."""
    found: list[Command] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if found and not found[-1].expected and found[-1].text.endswith("\\"):
            found[-1] = Command(f"{found[-1].text}\n{line}", (), found[-1].line)
        elif line.startswith(_PROMPT):
            found.append(Command(line.removeprefix(_PROMPT), (), number))
        elif found:
            found[-1] = Command(found[-1].text, (*found[-1].expected, line), found[-1].line)
        else:
            raise ValueError(f"line {number}: output without a command")
    return found


def _info(info: str) -> tuple[str, str]:
    language, _, subject = info.strip().partition(" ")
    return language, subject.strip()


def _deep(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _deep(token.children or [])


class _Places(HTMLParser):
    """Collects the places that HTML names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the places of one tag; of a `srcset`, the address before the width."""
        self.found += [value.split()[0] for name, value in attrs if name in _PLACES and value]
