"""Reading a document of somebody else's: whatever it does to our code or to a library is that document's failure.

A mistake that went up would leave the document claimed and its failures uncounted: it would be asked for again as soon
as its lease ends, for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from services.ingest.values import FeedProblem
from shared.limits import OUT_OF_LIMITS

log = logging.getLogger(__name__)

_Read = TypeVar("_Read")


class Broken(NamedTuple):
    """A document that could not be read: its problem, named after the exception, and that, where it is worth a
    trace."""

    problem: FeedProblem
    error: Exception | None = None


def read_or_problem(read: Callable[[], _Read]) -> _Read | FeedProblem:
    """What `read` gives, or a problem named after the exception that it raised, whose trace is logged. Only the end of
    a worker's time goes up; a document that takes all memory is too large."""
    found = attempt(read)
    return problem_of(found) if isinstance(found, Broken) else found


def attempt(read: Callable[[], _Read]) -> _Read | Broken:
    """As above, for one of several ways to read a document: what it raised is nobody's trouble where another serves."""
    try:
        return read()
    except MemoryError:
        return Broken(FeedProblem("too_large", "MemoryError: reading it takes more memory than there is"))
    except OUT_OF_LIMITS:
        raise
    except Exception as error:
        words = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        return Broken(FeedProblem("unreadable", words), error)


def problem_of(broken: Broken) -> FeedProblem:
    """The problem of a document that no way reads; its trace is logged."""
    if broken.error is not None:
        log.error("ingest: a document could not be read", exc_info=broken.error)
    return broken.problem
