"""The tables, brought up to date."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from service.database import migrating
from service.database.migrating import upgrade
from tests.rig.postgres import Postgres

pytestmark = pytest.mark.integration

STEPS = sorted(path.stem for path in (Path(migrating.__file__).parent / "migrations" / "versions").glob("0*.py"))


def revision_in(address: str) -> str | None:
    """Return at which step the tables are."""
    with psycopg.connect(address) as connection:
        row = connection.execute("select version_num from alembic_version").fetchone()
    return row[0] if row else None


async def test_tables_are_as_new_as_the_code(database_url: str) -> None:
    """Every step is taken, in the order of their numbers, and taking them again changes nothing."""
    upgrade(database_url)

    assert revision_in(database_url) == STEPS[-1].partition("_")[0]


async def test_h21_many_bring_an_empty_database_up_to_date(postgres: Postgres) -> None:
    """Several processes that start at once get the tables made, once, and none of them an error."""
    address = await postgres.fresh(empty=True)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(upgrade, [address] * 6))

    assert revision_in(address) == STEPS[-1].partition("_")[0]


async def test_h21_newer_tables_are_left_alone(database_url: str) -> None:
    """While a successor of this version is rolled out it has changed the tables already, and this version works with them."""
    with psycopg.connect(database_url) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    upgrade(database_url)

    assert revision_in(database_url) == "9999"


async def test_nothing_is_left_of_a_step_that_fails(postgres: Postgres) -> None:
    """A step that cannot be taken leaves the tables as they were, and the fault is psycopg's own, to be translated."""
    address = await postgres.fresh(empty=True)
    with psycopg.connect(address) as connection:
        connection.execute("create table results (value int)")

    with pytest.raises(psycopg.errors.DuplicateTable):
        upgrade(address)
    with psycopg.connect(address) as connection:
        assert connection.execute("select to_regclass('jobs'), to_regclass('alembic_version')").fetchone() == (None, None)
