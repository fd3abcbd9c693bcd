"""Reading a document of somebody else's: whatever it does to our code or to a library is that document's failure.

A mistake that went up would leave the document claimed and its failures uncounted: it would be asked for again as soon
as its lease ends, for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from services.ingest.values import FeedProblem
from shared.limits import OUT_OF_LIMITS

log = logging.getLogger(__name__)

_Read = TypeVar("_Read")


def read_or_problem(read: Callable[[], _Read]) -> _Read | FeedProblem:
    """What `read` gives, or a problem named after the exception that it raised, whose trace is logged. Only the end of
    a worker's time goes up; a document that takes all memory is too large."""
    try:
        return read()
    except MemoryError:
        return FeedProblem("too_large", "MemoryError: reading it takes more memory than there is")
    except OUT_OF_LIMITS:
        raise
    except Exception as error:
        log.exception("ingest: a document could not be read")
        return FeedProblem("unreadable", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
