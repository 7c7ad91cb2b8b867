"""`GET /problems/{code}`."""

import pytest

from service.problems import kinds
from tests.unit.service_parts import client


@pytest.mark.parametrize("code", sorted(kinds()))
async def test_each_code_has_its_page(code: str) -> None:
    """The `type` of every problem leads to a page about it."""
    async with client() as caller:
        answer = await caller.get(f"/problems/{code}")

    assert answer.status_code == 200
    assert answer.text.startswith(code)
    assert kinds()[code].title in answer.text


async def test_other_codes_have_none() -> None:
    """What is no code of ours is not found."""
    async with client() as caller:
        assert (await caller.get("/problems/setup")).status_code == 404
