"""What an article used and cost."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.models.counting import Counts
from service.models.spending import Spending

answers = st.lists(st.builds(Counts, st.integers(0, 10**6), st.just(0), st.just(0), st.integers(0, 10**6)), max_size=5)


def by_the_token(counts: Counts) -> Decimal:
    """Take a millionth of a dollar a token that is read."""
    return Decimal(counts.prompt) / 1_000_000


def dear_when_long(counts: Counts) -> Decimal:
    """Take a dollar for an answer of more than 100 tokens."""
    return Decimal(counts.prompt > 100)


@given(answers)
def test_the_usage_is_the_sum_of_the_answers(counts: list[Counts]) -> None:
    """Each answer counts once, in whatever order they come, and the same ones cost the same to the last bit."""
    forth, back = Spending(by_the_token), Spending(by_the_token)
    for one in counts:
        forth.add(one.usage())
    for one in reversed(counts):
        back.add(one.usage())

    assert forth.usage().model_dump_json() == back.usage().model_dump_json()
    assert forth.usage().prompt_tokens == sum(one.prompt for one in counts)
    assert forth.usage().cost_usd == sum(one.prompt for one in counts) / 1_000_000


def test_each_answer_has_a_price_of_its_own() -> None:
    """Two short conversations are not billed as a long one."""
    spending = Spending(dear_when_long)
    for _ in range(2):
        spending.add(Counts(100, 0, 0, 1).usage())

    assert spending.usage().cost_usd == 0


def test_an_answer_that_reports_nothing_makes_the_cost_unknown() -> None:
    """The tokens of the others are told; a sum of money that lacks something is not."""
    heard: list[Decimal | None] = []
    spending = Spending(by_the_token, lambda _counts, usd: heard.append(usd))
    for usage in (Counts(5, 0, 0, 1).usage(), None, Counts(7, 0, 0, 1).usage()):
        spending.add(usage)

    assert (spending.usage().prompt_tokens, spending.usage().cost_usd) == (12, None)
    assert heard == [Decimal("0.000005"), Decimal("0.000007")]


def test_without_a_price_there_is_no_cost() -> None:
    """Nothing is not the price of what has none."""
    spending = Spending()
    spending.add(Counts(5, 0, 0, 1).usage())

    assert Spending().usage().cost_usd is None
    assert spending.usage().cost_usd is None
    assert Spending(by_the_token).usage().cost_usd == 0
