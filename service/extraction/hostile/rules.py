"""Rules: which words must go together, for a passage to talk to a model. The words themselves, by these names, are in lexicons/instructions.toml."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Kinds of words that go together."""

    #: Opens the rule, as a command unless it may stand anywhere.
    opens: str
    #: Stands near it.
    near: str | None = None
    #: Stands close to what stands near.
    of: str | None = None
    #: Stands somewhere in the same sentence.
    beside: str | None = None
    #: Whether what is near must be close.
    narrow: bool = False
    #: Whether what opens it need be no command.
    anywhere: bool = False
    #: Whether news has such words as well, and then tells who says them.
    told: bool = False

    @property
    def needed(self) -> frozenset[str]:
        """All that a sentence must have."""
        return frozenset(filter(None, (self.opens, self.near, self.of, self.beside)))


RULES = (
    Rule("drop", "told", "yours"),
    Rule("drop", "above"),
    Rule("drop", "article"),
    Rule("quit"),
    Rule("be", "role"),
    Rule("reveal", "secret"),
    Rule("write", "secret"),
    Rule("beg", "secret", anywhere=True),
    Rule("write", "form"),
    Rule("write", "instead"),
    Rule("write", "none", "slot"),
    Rule("write", "none", "field", told=True),
    Rule("write", "slot", "answer"),
    Rule("write", "field", "answer"),
    Rule("write", "task"),
    Rule("write", "each", told=True),
    Rule("write", "slot", "many", beside="counted", told=True),
    Rule("write", "base", told=True),
    Rule("more", "answer", anywhere=True, told=True),
    Rule("speak", "endless"),
    Rule("mark", "slot", narrow=True),
    Rule("mark", "base", told=True),
    Rule("duty", "base", anywhere=True, told=True),
    Rule("act", "slot"),
    Rule("send", "link"),
    Rule("answer", "picture", anywhere=True),
    Rule("forge", "quote", beside="proof"),
    Rule("forge", "quote", beside="unsaid"),
    Rule("proof", "unsaid", anywhere=True),
    Rule("limits", "work", anywhere=True),
    Rule("redo", "field", anywhere=True),
    Rule("write", "slot", beside="next"),
    Rule("call", "slot", beside="next", anywhere=True),
    Rule("freed", "told", narrow=True, anywhere=True),
    Rule("extraction", "article", narrow=True, anywhere=True),
    Rule("model", "reading", narrow=True, anywhere=True),
)
