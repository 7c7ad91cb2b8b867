"""The address of a database."""

import pytest

from service.database.database import Database
from service.errors import SetupError
from service.settings import Settings


@pytest.mark.parametrize("address", ["postgresql://vigie@db.example/vigie", "postgres://db.example", "postgresql://a,b/vigie?target_session_attrs=read-write"])
def test_a_server_may_be_named(address: str) -> None:
    """Whatever libpq takes as an address is taken, and nothing is asked of it before it is needed."""
    database = Database(Settings.model_validate({"database_url": address}))

    assert database.exists
    assert not database.is_open
    assert database.conninfo == address


@pytest.mark.parametrize("address", ["mysql://db.example/vigie", "host=db.example password=canary", "postgresql://vigie:canary@db.example:port/vigie?x=canary"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """A slip in the setting is told at once, by the name of the setting and without its value, which may be a password."""
    with pytest.raises(SetupError, match="VIGIE_DATABASE_URL") as raised:
        Database(Settings.model_validate({"database_url": address}))

    assert "canary" not in f"{raised.value.detail} {raised.value.__context__}"
