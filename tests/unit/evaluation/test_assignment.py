"""Pairs that are worth the most."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.assignment import assign

TABLES = st.tuples(st.integers(0, 4), st.integers(0, 4)).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, 9), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def best(worth: list[list[int]]) -> int:
    """Return what the best pairs are worth, by trying all."""
    columns: list[int | None] = [*range(len(worth[0]) if worth else 0), *([None] * len(worth))]
    return max(sum(row[column] for row, column in zip(worth, order, strict=False) if column is not None) for order in permutations(columns, len(worth)))


@given(worth=TABLES)
def test_no_other_pairs_are_worth_more(worth: list[list[int]]) -> None:
    """The pairs are one-to-one, each is worth something, and together they are worth as much as any."""
    pairs = assign(worth)

    assert sum(worth[row][column] for row, column in pairs) == best(worth)
    assert all(worth[row][column] > 0 for row, column in pairs)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


def test_the_greedy_choice_is_given_up_where_it_costs() -> None:
    """The best single pair is not taken if two others are worth more."""
    assert assign([[5, 4], [4, 0]]) == [(0, 1), (1, 0)]
