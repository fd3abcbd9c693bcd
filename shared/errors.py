"""The two ways in which a command fails because of something outside the program.

Both carry one line for a person: what is wrong, where, and what to do. The command line prints that line and ends
with `exit_code`; nothing here ever becomes a traceback on a user's screen.
"""

from __future__ import annotations


class UsageError(Exception):
    """Something handed in is wrong: a path, a line, a setting, a database URL."""

    exit_code = 2


class ServiceDownError(Exception):
    """A server that is needed (PostgreSQL, Redis) cannot be reached."""

    exit_code = 1
