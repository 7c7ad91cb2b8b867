"""What faults of the database mean to callers."""

import errno

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from service.database.faults import fault_of, translated
from service.errors import InternalError, QueueUnavailable, StorageUnavailable, VigieError

ARTICLE = "words of an article"


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (errors.DiskFull(ARTICLE), StorageUnavailable),
        (errors.ReadOnlySqlTransaction(ARTICLE), StorageUnavailable),
        (errors.IoError(ARTICLE), StorageUnavailable),
        (OSError(errno.ENOSPC, ARTICLE), StorageUnavailable),
        (OSError(errno.EROFS, ARTICLE), StorageUnavailable),
        (PermissionError(errno.EACCES, ARTICLE), QueueUnavailable),
        (psycopg.OperationalError(ARTICLE), QueueUnavailable),
        (psycopg.InterfaceError(ARTICLE), QueueUnavailable),
        (errors.AdminShutdown(ARTICLE), QueueUnavailable),
        (errors.CannotConnectNow(ARTICLE), QueueUnavailable),
        (errors.TooManyConnections(ARTICLE), QueueUnavailable),
        (errors.QueryCanceled(ARTICLE), QueueUnavailable),
        (errors.LockNotAvailable(ARTICLE), QueueUnavailable),
        (errors.IdleInTransactionSessionTimeout(ARTICLE), QueueUnavailable),
        (errors.DeadlockDetected(ARTICLE), QueueUnavailable),
        (errors.InvalidPassword(ARTICLE), QueueUnavailable),
        (errors.InsufficientPrivilege(ARTICLE), QueueUnavailable),
        (errors.InvalidCatalogName(ARTICLE), QueueUnavailable),
        (PoolTimeout(ARTICLE), QueueUnavailable),
        (PoolClosed(ARTICLE), QueueUnavailable),
        (TooManyRequests(ARTICLE), QueueUnavailable),
        (errors.UndefinedTable(ARTICLE), InternalError),
        (errors.UniqueViolation(ARTICLE), InternalError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_h17_every_fault_is_a_problem_that_quotes_nothing(error: psycopg.Error | OSError, ours: type[VigieError], caplog: pytest.LogCaptureFixture) -> None:
    """Whether the database is gone, full, read-only, does not let us in or breaks, callers get a problem of ours, which holds nothing of its words."""
    fault = fault_of(error)

    assert type(fault) is ours
    assert ARTICLE not in f"{fault.detail} {caplog.text}"


def test_nothing_of_the_exception_is_kept() -> None:
    """Whoever reports exceptions with all that led to them finds no value there."""
    with pytest.raises(QueueUnavailable) as raised, translated():
        raise psycopg.OperationalError(ARTICLE)

    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None


def test_what_is_not_the_database_s_passes() -> None:
    """A caller who hands in and breaks off is no fault of the database."""
    with pytest.raises(TimeoutError), translated():
        raise TimeoutError
