"""Which errors of a database are the server's own."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.blame import is_servers_own


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("trouble")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "servers_own"),
    [
        (errors.DiskFull(), True),
        (errors.TooManyConnections(), True),
        (errors.AdminShutdown(), True),
        (psycopg.OperationalError("connection refused"), True),
        (of_sqlite(sqlite3.SQLITE_FULL), True),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), True),
        (errors.DeadlockDetected(), False),
        (errors.UniqueViolation(), False),
        (errors.NumericValueOutOfRange(), False),
        (of_sqlite(sqlite3.SQLITE_ERROR), False),
    ],
)
def test_whose_fault_it_is(error: Exception, *, servers_own: bool) -> None:
    assert is_servers_own(DBAPIError("SELECT 1", {}, error)) is servers_own


def test_a_connection_that_was_lost_is_the_servers() -> None:
    assert is_servers_own(OperationalError("SELECT 1", {}, Exception("gone"), connection_invalidated=True))
