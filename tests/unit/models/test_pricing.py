"""What tokens cost, and where that is known."""

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.models.counting import Counts
from service.models.pricing import price_for
from service.models.spending import Price
from service.settings import Settings

tokens = st.integers(0, 100_000)
counts = st.builds(lambda fresh, cached, completion: Counts(fresh + cached, cached, 0, completion), tokens, tokens, tokens)
#: To the cent, as prices are.
dollars = st.decimals(0, 1_000, places=2)


def settings(model: str = "gpt-4o-mini", address: str | None = None, **more: object) -> Settings:
    """Return the settings of a model at an endpoint."""
    return Settings.model_validate({"model": model, "openai_base_url": address, "openai_api_key": "k", **more})


def price(model: str = "gpt-4o-mini", address: str | None = None, **more: object) -> Price:
    """Return a price that must be known."""
    found = price_for(settings(model, address, **more))
    assert found is not None
    return found


@pytest.mark.parametrize("address", [None, "https://api.openai.com/v1", "https://API.openai.com:443/v1/"])
def test_openai_has_a_list(address: str | None) -> None:
    """A million tokens of a model whose price has stood since 2024: fresh, kept and written ones."""
    known = price(address=address)

    assert [known(one) for one in (Counts(10**6, 0, 0, 0), Counts(10**6, 10**6, 0, 0), Counts(0, 0, 0, 10**6))] == [
        Decimal("0.15"),
        Decimal("0.075"),
        Decimal("0.6"),
    ]


UNKNOWN: dict[str, dict[str, Any]] = {
    "unheard-of": {"model": "unheard-of"},
    "own endpoint": {"address": "http://127.0.0.1:8080/v1"},
    "same name elsewhere": {"address": "https://llm.example/v1"},
    "in the clear": {"address": "http://api.openai.com/v1"},
    "other port": {"address": "https://api.openai.com:8443/v1"},
    "longer name": {"address": "https://api.openai.com.llm.example/v1"},
    "in the path": {"address": "https://llm.example/https://api.openai.com"},
    "deployments": {"address": "https://mine.openai.azure.com/openai/v1"},
    "tenants": {"model": "gpt-oss-20b", "address": "https://mine.modal.run/v1"},
    "by the hour": {"model": "whisper-1"},
    "for nothing": {"model": "omni-moderation-latest"},
    "embedded": {"model": "embedded", "usd_per_mtok_input": 1, "usd_per_mtok_output": 1},
    "replay": {"mode": "replay", "usd_per_mtok_input": 1, "usd_per_mtok_output": 1},
}


@pytest.mark.parametrize("case", UNKNOWN.values(), ids=UNKNOWN)
def test_where_it_is_not_sure_there_is_no_price(case: dict[str, Any]) -> None:
    """A name proves nothing elsewhere than at the provider's one address, and nobody is paid for a replay or for the embedded model."""
    assert price_for(settings(**case)) is None


def test_a_price_of_ones_own_comes_first() -> None:
    """What the settings name is the price, at any endpoint; kept tokens cost as others unless they say so."""
    own = {"usd_per_mtok_input": "2", "usd_per_mtok_output": "4"}
    one = Counts(1_000, 400, 0, 10)

    assert price("mine", "http://127.0.0.1:8080/v1", **own)(one) == price(**own)(one) == Decimal("0.00204")
    assert price(**own, usd_per_mtok_cached_input="0.5")(one) == Decimal("0.00144")
    assert price(**own, usd_per_mtok_cached_input="0")(one) == Decimal("0.00124")


def test_what_a_provider_takes_for_keeping_counts() -> None:
    """Where tokens that are written to a cache cost more than others, so does the answer."""
    known = price("gpt-6-luna")

    assert known(Counts(1_000, 0, 1_000, 0)) > known(Counts(1_000, 0, 0, 0)) > known(Counts(1_000, 1_000, 0, 0)) > 0


@given(counts, counts, st.sampled_from(["gpt-4o-mini", "gpt-4.1", "o4-mini", "gpt-4-turbo"]))
def test_a_list_price_is_linear(one: Counts, other: Counts, model: str) -> None:
    """Two answers cost what they cost together, never less than nothing, and kept tokens never more than fresh ones."""
    known, both = price(model), Counts(one.prompt + other.prompt, one.cached + other.cached, 0, one.completion + other.completion)

    assert known(one) + known(other) == known(both)
    assert 0 <= known(one) <= known(Counts(one.prompt, 0, 0, one.completion))


@given(counts, counts, dollars, dollars, dollars)
def test_ones_own_price_is_linear(one: Counts, other: Counts, fresh: Decimal, cached: Decimal, completion: Decimal) -> None:
    """Two answers cost what they cost together, and never less than nothing."""
    known = price(usd_per_mtok_input=fresh, usd_per_mtok_cached_input=cached, usd_per_mtok_output=completion)
    both = Counts(one.prompt + other.prompt, one.cached + other.cached, 0, one.completion + other.completion)

    assert known(one) + known(other) == known(both)
    assert known(one) >= 0


@given(st.text(max_size=20), counts)
def test_any_name_has_a_price_or_none(model: str, one: Counts) -> None:
    """Whatever a model is called, and whatever it used, its price is an amount or is not known."""
    known = price_for(settings(model)) if model else None

    assert known is None or known(one) >= 0


#: Ends with 1 at the first look for a host or the first socket; tells the price, and how many threads there are.
ALONE = """
import os, sys, threading

def forbid(event, _arguments):
    if event.startswith("socket."):
        os.write(2, b"socket")
        os._exit(1)

sys.addaudithook(forbid)
from service.models.counting import Counts
from service.models.pricing import price_for
from service.settings import Settings
known = price_for(Settings(model="gpt-4o-mini", openai_api_key="k"))
print(known(Counts(10**6, 0, 0, 0)), threading.active_count(), flush=True)
if sys.argv[1:] == ["update"]:
    from genai_prices import UpdatePrices
    UpdatePrices(url="http://127.0.0.1:9/").start(wait=10)
"""


@pytest.mark.parametrize(("asked", "said"), [((), (0, "0.150 1", "")), (("update",), (1, "0.150 1", "socket"))], ids=["as it is", "asked to update"])
def test_the_list_is_never_fetched(asked: tuple[str, ...], said: tuple[int, str, str]) -> None:
    """From its first import to the price, the list of prices starts no thread and opens no socket; that this would be seen, the second case shows."""
    ended = subprocess.run([sys.executable, "-c", ALONE, *asked], capture_output=True, text=True, timeout=60, check=False)

    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == said
