"""What the reading of one article used, and what that cost."""

from collections.abc import Callable
from decimal import Decimal

from schemas.record import Usage
from service.models.counting import Counts, counted

#: What one answer cost in US dollars.
Price = Callable[[Counts], Decimal]
#: Who wants to know what each answer used, and what it cost where that is known.
Used = Callable[[Counts, Decimal | None], None]


def unheard(counts: Counts, usd: Decimal | None) -> None:
    """Tell nobody."""


class Spending:
    """Tokens and money of all answers about one article, of those that were thrown away too. Whoever takes an answer counts it, once.

    Each answer has a price of its own: where long conversations cost more, a sum would be taken for one.
    """

    def __init__(self, price: Price | None = None, used: Used = unheard) -> None:
        """Begin with nothing.

        Args:
            price: What an answer costs; None where that is not known.
            used: Is told of each answer.
        """
        self._price, self._used = price, used
        self._prompt = self._cached = self._completion = 0
        self._usd: Decimal | None = None if price is None else Decimal(0)

    def add(self, usage: object) -> None:
        """Count an answer that reports `usage`. One that reports none, or what cannot be true, counts as nothing, and makes the cost unknown."""
        counts = counted(usage)
        if counts is None:
            self._usd = None
            return
        usd = self._price(counts) if self._price else None
        self._prompt += counts.prompt
        self._cached += counts.cached
        self._completion += counts.completion
        self._usd = None if usd is None or self._usd is None else self._usd + usd
        self._used(counts, usd)

    def usage(self) -> Usage:
        """Return the sums; the cost to a millionth of a dollar."""
        usd = None if self._usd is None else float(round(self._usd, 6))
        return Usage(prompt_tokens=self._prompt, cached_tokens=self._cached, completion_tokens=self._completion, cost_usd=usd)
