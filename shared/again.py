"""What was done is known to its doer alone: where the database goes meanwhile, it is written down when that is back.

Otherwise the row waits until its lease ends, and the work is done once more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from shared.blame import is_gone

log = logging.getLogger(__name__)

#: A server that is started anew is back within seconds. Shorter, all together, than any lease.
PAUSES_S = (0.5, 1.0, 2.0, 2.0, 2.0)

_Written = TypeVar("_Written")


def when_back(
    write: Callable[[], _Written],
    wait: Callable[[float], None] = time.sleep,
    worth: Callable[[DBAPIError], bool] = is_gone,
) -> _Written:
    """What `write`, a whole transaction that may run twice, returns; tried again some times where the database does not
    let it and `worth` says that it may soon. Raises the last try's error. `wait` sleeps so many seconds."""
    for pause in PAUSES_S:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            if not worth(error):
                raise
            log.warning("what was done could not be written down, trying again: %s", error.orig)
        wait(pause)
    return write()
