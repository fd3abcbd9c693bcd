"""Reading a document: what it gives, or a problem that is named after what it did."""

from __future__ import annotations

import pytest
from billiard.exceptions import SoftTimeLimitExceeded

from services.ingest.reading import Broken, attempt, problem_of, read_or_problem
from services.ingest.values import FeedProblem


def raising(error: Exception) -> str:
    raise error


def test_what_is_read() -> None:
    assert read_or_problem(lambda: "words") == "words"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (UnicodeError("undefined encoding"), FeedProblem("unreadable", "UnicodeError: undefined encoding")),
        (RecursionError("too\n deep"), FeedProblem("unreadable", "RecursionError: too deep")),
        (MemoryError(), FeedProblem("too_large", "MemoryError: reading it takes more memory than there is")),
    ],
)
def test_what_a_document_does_is_its_problem(error: Exception, problem: FeedProblem) -> None:
    assert read_or_problem(lambda: raising(error)) == problem


def test_a_mistake_keeps_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    read_or_problem(lambda: raising(KeyError("a bug")))
    assert "Traceback" in caplog.text


def test_one_of_several_ways_that_breaks_leaves_no_trace_unless_none_serves(caplog: pytest.LogCaptureFixture) -> None:
    broken = attempt(lambda: raising(KeyError("a bug")))
    assert isinstance(broken, Broken)
    assert caplog.text == ""
    assert problem_of(broken) == FeedProblem("unreadable", "KeyError: 'a bug'")
    assert "Traceback" in caplog.text


def test_the_end_of_a_workers_time_goes_up() -> None:
    with pytest.raises(SoftTimeLimitExceeded):
        read_or_problem(lambda: raising(SoftTimeLimitExceeded()))
