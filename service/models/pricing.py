"""What tokens cost: what the settings say, else what the provider lists. Of no price we guess.

`genai-prices` brings its list along. It would fetch a newer one only if it were asked to, which nobody here does.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from genai_prices import Usage, calc_price

from service.models.counting import Counts
from service.models.spending import Price
from service.settings import Settings

#: Where OpenAI itself is asked.
_OPENAI = "https://api.openai.com"


def price_for(settings: Settings) -> Price | None:
    """Return what an answer of the model in `settings` costs, or None where that is not known for sure.

    The embedded model has no price: nobody bills for it, and what the machine and its electricity cost is not ours to know. A replay has none either: nobody
    is paid for it, and a folder of recordings does not say who was.
    """
    if settings.mode == "replay" or settings.is_embedded:
        return None
    fresh, written = settings.usd_per_mtok_input, settings.usd_per_mtok_output
    if fresh is not None and written is not None:
        cached = settings.usd_per_mtok_cached_input
        return _OwnPrice(fresh, fresh if cached is None else cached, written)
    return _listed(settings.model, _OPENAI if settings.openai_base_url is None else settings.openai_base_url)


@dataclass(frozen=True, slots=True)
class _OwnPrice:
    """A price that the settings name, in US dollars for a million tokens."""

    fresh: Decimal
    cached: Decimal
    completion: Decimal

    def __call__(self, counts: Counts) -> Decimal:
        return ((counts.prompt - counts.cached) * self.fresh + counts.cached * self.cached + counts.completion * self.completion) / 1_000_000


@dataclass(frozen=True, slots=True)
class _ListPrice:
    """The price that a provider lists on the day of the call, without discounts and surcharges."""

    model: str
    origin: str

    def __call__(self, counts: Counts) -> Decimal:
        usage = Usage(input_tokens=counts.prompt, cache_read_tokens=counts.cached, cache_write_tokens=counts.written, output_tokens=counts.completion)
        return calc_price(usage, self.model, provider_api_url=self.origin).total_price


def _listed(model: str, address: str) -> Price | None:
    """Return the price of `model` at a provider's one public `address`; elsewhere anyone may call a model whatever they like, and take what they like."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc.lower().removesuffix(':443')}"
    try:
        known = calc_price(Usage(), model, provider_api_url=origin)
    except LookupError:
        return None
    # The list knows some providers by a pattern of many hosts, behind which are models of their customers.
    public = known.provider.api_pattern == re.escape(origin)
    by_token = known.model_price.input_mtok is not None and known.model_price.output_mtok is not None
    return _ListPrice(model, origin) if public and by_token else None
