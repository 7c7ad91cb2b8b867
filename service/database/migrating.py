"""The tables, brought up to date by Alembic: by whoever comes first, while the others wait."""

import logging
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

logger = logging.getLogger(__name__)

#: The first half of all advisory locks of ours: "VI".
LOCKS = 0x5649
#: Its second half while the tables change.
_MIGRATING = 0
#: Milliseconds to wait for another's migration, or for a table that is in use.
_PATIENCE_MS = 60_000


def upgrade(conninfo: str, revision: str = "head") -> None:
    """Bring the tables up to `revision`; blocks. Tables that are newer than this code are left alone: its successor is being rolled out.

    Raises:
        psycopg.Error: It cannot be done.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo, connect_timeout=2), poolclass=NullPool)
    try:
        # One transaction: all steps, or none; the lock goes with it.
        with engine.begin() as connection:
            connection.execute(text(f"set local lock_timeout = {_PATIENCE_MS}"))
            connection.execute(text(f"select pg_advisory_xact_lock({LOCKS}, {_MIGRATING})"))
            at = MigrationContext.configure(connection).get_current_revision()
            if at is not None and at not in {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}:
                logger.warning("database-newer", extra={"reason": "The tables are newer than this version of Vigie."})
                return
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from None
        raise
    finally:
        engine.dispose()
