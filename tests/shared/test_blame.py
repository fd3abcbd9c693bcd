"""Which errors of a database are the server's own."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.blame import is_gone, is_servers_own


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
    lost = OperationalError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)
    assert (is_servers_own(lost), is_gone(lost)) == (True, True)


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (errors.AdminShutdown(), True),
        (errors.CrashShutdown(), True),
        (errors.CannotConnectNow(), True),
        (errors.ConnectionFailure(), True),
        (psycopg.OperationalError("connection refused"), True),
        (errors.QueryCanceled(), False),
        (errors.DiskFull(), False),
        (errors.DeadlockDetected(), False),
        (of_sqlite(sqlite3.SQLITE_BUSY), False),
    ],
)
def test_whether_there_is_a_server_to_speak_with(error: Exception, *, gone: bool) -> None:
    assert is_gone(DBAPIError("SELECT 1", {}, error)) is gone
