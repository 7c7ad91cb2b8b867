"""Templates: when they are made ready."""

import asyncio
from pathlib import Path

import service.reports
from service.reports import templating
from service.web import answering
from tests.unit.service_parts import client


async def test_templates_are_ready_before_anybody_asks() -> None:
    """Soon after its start a service has compiled them all, so that no first caller holds up the others."""
    ours = {file.name for file in (Path(service.reports.__file__).parent / "templates").glob("*.html")}
    for environment in (templating.environment, answering.environment):
        environment.cache_clear()
    async with client():
        for _ in range(1_000):
            await asyncio.sleep(0.01)
            if compiled() == {*ours, "reading.html"}:
                break

    assert compiled() == {*ours, "reading.html"}


def compiled() -> set[str]:
    """Return the names of the templates that are ready."""
    return {name for environment in (templating.environment(), answering.environment()) for _, name in (environment.cache or {})}
