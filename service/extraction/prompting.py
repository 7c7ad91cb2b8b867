"""Prompting: from a prompt file and an article to the conversation that a model is sent.

What all articles share (instructions, worked examples) comes first and never changes, so that the server's prefix cache serves every one of them.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import regex

from prompts import read_prompt
from schemas.article import Article
from schemas.vocabulary import Section
from service.extraction import forms
from service.extraction.preparing import harmless
from service.models.base import Profile

Message = Mapping[str, str]

_PART = regex.compile(r"^# ([^\n]+)\n\n(.*?)(?=\n+^# |\s*\Z)", regex.MULTILINE | regex.DOTALL)
#: Letters and digits that fence an article in, of 5 bits each: nobody finds a text that holds 65 bits of its own digest.
_FENCE_CHARS = 13


@dataclass(frozen=True)
class Prompt:
    """A prompt file, taken apart: its parts by their headings."""

    name: str
    sha256: str
    parts: Mapping[str, str]

    def __hash__(self) -> int:
        """Return that of the text, so that what is made of a prompt can be kept."""
        return hash(self.sha256)

    @cached_property
    def examples(self) -> list[tuple[str, dict[str, Any]]]:
        """The worked examples: a passage and the whole answer to it."""
        names = [heading.removeprefix("example ") for heading in self.parts if heading.startswith("example ")]
        return [(self.parts[f"example {name}"], json.loads(self.parts[f"answer {name}"])) for name in names]


@cache
def load(name: str) -> Prompt:
    """Return the prompt `name`, such as `extract.v1`."""
    text = read_prompt(name)
    return Prompt(name, hashlib.sha256(text.encode()).hexdigest(), {match[1]: match[2].strip() for match in _PART.finditer(text)})


def groups(sections: Sequence[Section], profile: Profile) -> list[tuple[Section, ...]]:
    """Return which sections are asked for together."""
    return [(section,) for section in sections] if profile.section_by_section else [tuple(sections)]


def prefix(prompt: Prompt, sections: Sequence[Section], profile: Profile) -> tuple[Message, ...]:
    """Return what stands before every article: the instructions, and the worked examples as conversations that went well."""
    # One section at a time, the prefix holds them all, so that it stays the same whatever is asked for.
    return _prefix(prompt, tuple(Section) if profile.section_by_section else tuple(sections), profile)


@lru_cache(maxsize=64)
def _prefix(prompt: Prompt, shown: tuple[Section, ...], profile: Profile) -> tuple[Message, ...]:
    messages: list[Message] = [{"role": "system", "content": prompt.parts["system"]}]
    for passage, answer in prompt.examples[: profile.examples]:
        for turn, group in enumerate(groups(shown, profile)):
            article = fenced(prompt, passage) if turn == 0 else ""
            messages.append({"role": "user", "content": article + question(prompt, group, profile)})
            messages.append({"role": "assistant", "content": forms.write(answer, group, profile.rows)})
    return tuple(messages)


def fenced(prompt: Prompt, text: str, article: Article | None = None, published: str | None = None, earlier: Sequence[tuple[str, str]] = ()) -> str:
    """Return a passage between two marks that it cannot hold, after what is known of its `article` and of what stands `earlier` in it."""
    said = [("title", article.title), ("source", article.source)] if article else []
    known = (*said, ("published", published), *earlier) if article else ()
    # One line each, whatever the caller sends.
    context = "".join(f"{name}: {' '.join(harmless(value)[0].split())}\n" for name, value in known if value)
    # In base 32: to the model as long as half of the bits are in hex. Of all that is by the author of the text.
    own = "".join(value for _, value in (*said, *earlier) if value)
    fence = base64.b32encode(hashlib.sha256(f"{own}{text}".encode("utf-8", "surrogatepass")).digest()).decode()[:_FENCE_CHARS]
    template = prompt.parts["article"]
    # One pass, so that braces in the article are never taken for ours.
    filled = regex.sub(r"\{(fence|context|text)\}", lambda match: {"fence": fence, "context": context, "text": text}[match[1]], template)
    return f"{filled}\n\n"


def question(prompt: Prompt, group: Sequence[Section], profile: Profile) -> str:
    """Return what is asked for: the forms of a group of sections."""
    if profile.rows:
        return "\n".join(f"{section}: [{', '.join(profile.rows[section])}]" for section in group)
    return "\n".join(prompt.parts[f"ask {section}"] for section in group)


def again(prompt: Prompt, faults: Sequence[str]) -> Message:
    """Return the message that asks once more: codes and pointers, nothing of the article or of the answer."""
    return {"role": "user", "content": prompt.parts["ask again"].replace("{faults}", "\n".join(f"- {fault}" for fault in faults))}
