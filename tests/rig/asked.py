"""What an upstream was asked: the article, the forms and the manner of answering, read back from the body of a chat completion."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schemas.vocabulary import Section

_ARTICLE = re.compile(r'<article id="(\w+)">\n(?:(?:title|source|published): [^\n]*\n)*(.*?)\n</article id="\1">', re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """The body of a call. One that is no chat completion asks for nothing."""

    body: bytes

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the body holds."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @cached_property
    def messages(self) -> list[str]:
        """The words of each message."""
        return [str(message.get("content") or "") for message in self.content.get("messages", ())]

    @cached_property
    def article(self) -> str:
        """The last passage that is fenced in, which stands after those of the worked examples; the last message where none is."""
        passages = [match for words in self.messages for match in _ARTICLE.finditer(words)]
        return passages[-1][2] if passages else (self.messages or [""])[-1]

    @cached_property
    def sections(self) -> list[Section]:
        """The forms that are asked for with the article; all of them where none is named."""
        words = next((words for words in reversed(self.messages) if _ARTICLE.search(words)), "")
        after = _ARTICLE.sub("", words)
        return [section for section in Section if re.search(rf"\b{section}\b`?:", after)] or list(Section)

    @property
    def again(self) -> bool:
        """Whether this is a second question about an article: it comes last, without the article."""
        return len(self.messages) > 1 and not _ARTICLE.search(self.messages[-1]) and any(map(_ARTICLE.search, self.messages))

    @property
    def streams(self) -> bool:
        """Whether the answer is wanted piece by piece."""
        return bool(self.content.get("stream"))

    @property
    def counts(self) -> bool:
        """Whether a streamed answer is to end with what it used."""
        return bool((self.content.get("stream_options") or {}).get("include_usage"))

    @property
    def tool(self) -> str | None:
        """The tool by which the answer is to be given."""
        tools = self.content.get("tools")
        return str(tools[0]["function"]["name"]) if tools else None

    @property
    def most_tokens(self) -> int:
        """The most tokens that the answer may have."""
        return int(self.content.get("max_completion_tokens") or self.content.get("max_tokens") or 1_000)
