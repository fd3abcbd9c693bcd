"""The brake: from a backlog to how much slower newspapers are asked, and back again without a flutter."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.brake import FREE, Backlog, level_of, load_steps, read_steps, step_at, words_of
from shared.errors import UsageError

HEAD = "waiting,oldest_s,others_s,world_s,pages,why\n"
STEPS = read_steps(f"{HEAD}100,60,300,0,no,a\n1000,120,900,60,no,b\n")


@pytest.mark.parametrize(
    ("backlogs", "levels"),
    [
        ([(0, 0), (99, 9000)], [0, 0]),  # few that wait long are another trouble
        ([(5000, 5), (5000, 59)], [0, 0]),  # many that came a moment ago are being read
        ([(100, 60), (1000, 119), (1000, 120)], [1, 1, 2]),
        ([(1000, 120), (999, 120), (500, 60), (499, 60), (50, 60), (49, 60)], [2, 2, 2, 1, 1, 0]),
        ([(1000, 120), (500, 59), (500, 29)], [2, 1, 0]),  # the oldest are read: what waits is fresh
        ([(1000, 120), (0, 0)], [2, 0]),
        ([(99, 60), (51, 60)], [0, 0]),  # half of it holds a step and brings nobody to it
    ],
)
def test_the_step_that_holds(backlogs: list[tuple[int, float]], levels: list[int]) -> None:
    found, level = [], 0
    for waiting, oldest_s in backlogs:
        level = level_of(Backlog(waiting, oldest_s), level, STEPS)
        found.append(level)
    assert found == levels


@pytest.mark.parametrize("level", [0, 1, 2, 7])
def test_a_step_that_the_file_no_longer_has_is_the_last_that_it_has(level: int) -> None:
    assert step_at(level, STEPS) == (FREE, *STEPS, *[STEPS[-1]] * 5)[level]
    assert step_at(level, ()) == FREE


def test_the_built_in_steps_slow_world_news_last() -> None:
    steps = load_steps()
    assert [step.world_s for step in steps[:2]] == [0, 0]
    assert all(step.others_s > step.world_s and not step.pages for step in steps)
    assert [step.later(world=False) for step in steps] == sorted(step.later(world=False) for step in steps)
    assert FREE.later(world=True) == FREE.later(world=False) == dt.timedelta()


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (0, ""),
        (
            1,
            "reading is behind: 5,210 articles wait, the oldest for 8 min; until they are read article pages wait and "
            "other feeds 5 min later",
        ),
        (
            2,
            "reading is behind: 5,210 articles wait, the oldest for 8 min; until they are read article pages wait, "
            "world news is asked 60 s later and other feeds 15 min later",
        ),
    ],
)
def test_in_words(level: int, words: str) -> None:
    assert words_of(step_at(level, STEPS), Backlog(5210, 480)) == words


@pytest.mark.parametrize(
    "lines",
    [
        "0,60,300,0,no,a",
        "100,60,300,600,no,a",  # world news would be slowed first
        "100,-1,300,0,no,a",
        "many,60,300,0,no,a",
        "100,60,300,0,perhaps,a",
        "100,60,300,0,no,a\n100,90,600,0,no,b",
        "100,60",
    ],
)
def test_steps_that_cannot_be_are_refused(lines: str) -> None:
    with pytest.raises(UsageError, match=r"shared/brake\.csv"):
        read_steps(f"{HEAD}{lines}\n")


def test_a_file_without_steps_never_brakes() -> None:
    assert level_of(Backlog(10**6, 10**6), 0, read_steps(HEAD)) == 0
