"""What callers with a limit have asked, of late and at this moment, over all processes."""

from alembic import op

revision = "0002"
down_revision = "0001"

#: Not logged: after a crash of the server they are empty, and what is still under way is told anew. One row for each caller, whose lock puts requests in a row.
_STATEMENTS = (
    """
    create unlogged table rates (
        caller text primary key,
        -- When the latest requests passed, as many at most as may pass in a minute.
        asked timestamptz[] not null
    ) with (fillfactor = 50)
    """,
    "alter table rates alter column asked set storage external",
    """
    create unlogged table places (
        caller text primary key,
        -- Each request under way, and until when that holds unless its process says so again, in seconds since 1970.
        held jsonb not null
    ) with (fillfactor = 50)
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)
