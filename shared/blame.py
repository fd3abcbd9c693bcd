"""Whose fault an error of the database is: that of what was asked, or the server's own, who says nothing of it."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

#: Connection, insufficient resources, operator intervention, system error
#: (https://www.postgresql.org/docs/current/errcodes-appendix.html).
SERVERS_OWN = ("08", "53", "57", "58")
#: Connection; the server is going, or starting.
GONE = ("08", "57P")
FILES_OWN = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
)


def is_servers_own(error: DBAPIError) -> bool:
    """Whether an error says nothing of what was asked: the disk is full, memory or connections are, the server goes or
    is gone, an SQLite file is locked or cannot be written. A deadlock is no such error."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return state[:2] in SERVERS_OWN
    return is_gone(error) or getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in FILES_OWN


def is_gone(error: DBAPIError) -> bool:
    """Whether there is no server to speak with at this moment: it goes, is gone or starts, or the connection to it is
    cut. One whose disk is full is there."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return bool(state.startswith(GONE))
    lost = type(error.orig).__name__ == "OperationalError" and type(error.orig).__module__.startswith("psycopg")
    return lost or error.connection_invalidated
