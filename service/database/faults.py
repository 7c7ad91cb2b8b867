"""What faults of the database mean to callers. The only place that turns exceptions of psycopg into ours, which keep nothing of them: they may quote values."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from service.errors import InternalError, QueueUnavailable, StorageUnavailable, VigieError

logger = logging.getLogger(__name__)

#: Its disk is full, or it may only be read: a standby, or a server that was set so.
_STORAGE = (errors.DiskFull, errors.ReadOnlySqlTransaction, errors.IoError)
#: It is not there, ends, is asked for too much at once, does not let us in, or takes longer than we wait.
_QUEUE = (psycopg.OperationalError, psycopg.InterfaceError, errors.IdleInTransactionSessionTimeout, errors.InvalidCatalogName, errors.InsufficientPrivilege)
#: The disk has no room, or takes nothing.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@contextmanager
def translated() -> Iterator[None]:
    """Turn what psycopg raises within into errors of ours.

    Raises:
        QueueUnavailable: The database is not to be had.
        StorageUnavailable: It takes nothing more.
        InternalError: A fault of ours, which is logged.
    """
    try:
        yield
    except psycopg.Error as error:
        ours = fault_of(error)
        try:
            raise ours from None
        finally:
            # Not only hidden but forgotten: whoever reports exceptions may walk up to it.
            ours.__context__ = None


def fault_of(error: psycopg.Error | OSError) -> VigieError:
    """Return what `error` is to a caller."""
    if isinstance(error, OSError):
        return StorageUnavailable() if error.errno in _DISK else QueueUnavailable("The folder of the database cannot be used.")
    if isinstance(error, _STORAGE):
        return StorageUnavailable()
    if isinstance(error, _QUEUE):
        return QueueUnavailable()
    logger.error("database-fault", extra={"error": type(error).__name__, "code": error.sqlstate})
    return InternalError()
