"""A loop's guard: trouble is told once, tried again, and told when it has passed."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from redphone.guard import MET_AGAIN_S, Guard
from shared.errors import ServiceDownError

LOCKED = OperationalError("INSERT …", {}, Exception("database is locked"))


class Steps:
    """A step that gives one answer after the other: an error is raised."""

    def __init__(self, *answers: Exception | None) -> None:
        self._answers = iter(answers)

    def __call__(self) -> None:
        answer = next(self._answers)
        if answer is not None:
            raise answer


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        ([None, None], []),
        ([LOCKED, LOCKED], ["polling: database is locked; trying again at each tick"]),
        ([LOCKED, None, None], ["polling: database is locked; trying again at each tick", "polling: works again"]),
        (
            [LOCKED, ServiceDownError("PostgreSQL is down")],
            [
                "polling: database is locked; trying again at each tick",
                "polling: PostgreSQL is down; trying again at each tick",
            ],
        ),
    ],
)
def test_trouble_is_told_once(answers: list[Exception | None], lines: list[str]) -> None:
    said: list[str] = []
    guard, work = Guard(said.append), Steps(*answers)
    for _ in answers:
        guard.step("polling", work)
    assert said == lines


def test_only_what_keeps_steps_from_their_work_now_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("redphone.guard.time.monotonic", lambda: clock[0])
    guard = Guard(lambda _: None)
    guard.step("sweeping", Steps(LOCKED))
    guard.last("polling feed 1", Steps(KeyError("x")))
    assert guard.troubles() == ["sweeping: database is locked"]
    clock[0] += MET_AGAIN_S
    assert guard.troubles() == []
    guard.step("sweeping", Steps(LOCKED))
    assert guard.troubles() == ["sweeping: database is locked"]
    guard.step("sweeping", Steps(None))
    assert guard.troubles() == []


def tried(do: Callable[[Guard], None]) -> list[str]:
    said: list[str] = []
    do(Guard(said.append))
    return said


def test_a_mistake_of_the_program_is_raised_in_the_open() -> None:
    with pytest.raises(KeyError):
        tried(lambda guard: guard.step("reading", Steps(KeyError("x"))))


def test_a_mistake_of_the_program_does_not_end_a_thread(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        said = tried(lambda guard: guard.last("polling", Steps(KeyError("x"))))
    assert said == ["polling: 'x'; trying again at each tick"]
    assert [(record.message, record.exc_info is not None) for record in caplog.records] == [("polling failed", True)]
