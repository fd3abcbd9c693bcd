"""What a person's hand on the command line needs: the database to write into, who does it, and why."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from redphone.show import prepare, require_history
from shared import db
from shared.errors import UsageError
from shared.settings import Settings

Answer = TypeVar("Answer")


def written(settings: Settings, work: Callable[[Session], Answer]) -> Answer:
    """Do something that writes, all of it or nothing. Raises UsageError where there is no history yet."""
    url = settings.database_url
    require_history(url)
    prepare(url)
    with db.explained(url), db.sessions_for(url).begin() as session:
        return work(session)


def reason_of(words: str) -> str:
    """A reason that was given. Raises UsageError for one that says nothing."""
    if not words.strip():
        raise UsageError("--reason: say why, for whoever comes next")
    return words.strip()


def who(by: str | None) -> str:
    """Who does it: as said, else the user of this machine. Raises UsageError for one without a name."""
    if by:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # a container's user without a name
        raise UsageError("this machine has no name for you: say --by WHO") from error
