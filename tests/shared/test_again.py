"""What was done is written down when the database is back, and no sooner than that is it tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import errors
from sqlalchemy.exc import IntegrityError, OperationalError

from shared.again import PAUSES_S, when_back

STARTING = OperationalError("UPDATE …", {}, errors.CannotConnectNow("the database system is starting up"))
FULL = OperationalError("UPDATE …", {}, errors.DiskFull("no space left on device"))
TWICE = IntegrityError("INSERT …", {}, errors.UniqueViolation("duplicate key"))


class Writer:
    """Meets these troubles in turn, and then writes."""

    def __init__(self, *troubles: Exception) -> None:
        self._troubles: Iterator[Exception] = iter(troubles)
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        trouble = next(self._troubles, None)
        if trouble is not None:
            raise trouble
        return "written"


@pytest.mark.parametrize("troubles", [(), (STARTING,), (STARTING,) * len(PAUSES_S)], ids=["none", "one", "many"])
def test_a_server_that_starts_is_waited_for(troubles: tuple[Exception, ...]) -> None:
    writer, waited = Writer(*troubles), list[float]()
    assert when_back(writer, waited.append) == "written"
    assert (writer.tries, tuple(waited)) == (len(troubles) + 1, PAUSES_S[: len(troubles)])


def test_one_that_stays_away_is_not_waited_for_without_end() -> None:
    writer = Writer(*(STARTING,) * 99)
    with pytest.raises(OperationalError):
        when_back(writer, lambda _: None)
    assert writer.tries == len(PAUSES_S) + 1


@pytest.mark.parametrize("trouble", [FULL, TWICE], ids=["a full disk", "a mistake"])
def test_what_a_moment_does_not_mend_is_not_tried_again(trouble: Exception) -> None:
    writer = Writer(trouble)
    with pytest.raises(type(trouble)):
        when_back(writer, lambda _: None)
    assert writer.tries == 1


def test_who_alone_knows_what_came_of_it_may_try_whatever_the_trouble() -> None:
    assert when_back(Writer(FULL, FULL), lambda _: None, lambda _: True) == "written"
    with pytest.raises(IntegrityError):
        when_back(Writer(TWICE), lambda _: None, lambda _: True)
