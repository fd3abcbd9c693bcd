"""The tables of a run: faults by step, and how long struck work took."""

from __future__ import annotations

import pytest

from benchmarks.chaos.__main__ import failure, main
from benchmarks.chaos.histories import Verdict
from benchmarks.chaos.report import sections, since_last
from benchmarks.chaos.run import MOST_FAULTS, Result
from benchmarks.chaos.schedule import FAULTS, STEPS, Fault
from benchmarks.chaos.struck import Struck
from benchmarks.table import Row

KILLED, FLUSHED, BUSY = Fault("worker killed"), Fault("Redis flushed"), Fault("Slack: 429")
STRUCK = (
    Struck(1, "store", (KILLED,), under_way=True, article="paper/1.html", announcement=None, at=0, delay_s=10.0),
    Struck(
        2, "post", (KILLED, BUSY), under_way=True, article="paper/2.html", announcement="root:b", at=5, delay_s=26.0
    ),
    Struck(3, "post", (FLUSHED,), under_way=False, article="paper/3.html", announcement=None, at=9, delay_s=2.0),
)


def test_the_figures() -> None:
    figures, _ = sections(STRUCK, Verdict(lost=("article x was not stored",), marked=1), "Ten articles.", 42)
    told = {row.measure: row.figure for row in figures.rows if isinstance(row, Row)}
    assert list(told.values()) == ["4", "3", "0", "1", "0", "0", "1", "18", "25.2", "26", "0 of 2", "–", "22", "–"]
    assert figures.notes[0] == "Ten articles. Replay it with `make chaos SEED=42 FAULTS=4`."
    assert figures.notes[-1].startswith(
        "The longest of all faults: 2: post, worker killed + Slack: 429: done after 26.0 s (1 further faults meanwhile)"
    )


def test_what_took_long_is_told_with_the_faults_that_it_met_meanwhile() -> None:
    late = Struck(0, "post", (KILLED,), under_way=True, article="paper/0.html", announcement=None, at=-25, delay_s=31.0)
    figures, _ = sections((late, *STRUCK), Verdict(), "", 1)
    told = {row.measure: row.figure for row in figures.rows if isinstance(row, Row)}
    # the one that struck at 9 came when it was done; that at 5 struck the same worker, that at 0 another one
    assert list(told.values())[-5:] == ["31", "1 of 3", "3", "22", "–"]
    assert since_last((late, *STRUCK), late) == 1.0


def test_what_was_killed_with_nothing_in_hand_is_told_apart() -> None:
    idle = Struck(4, "post", (KILLED,), under_way=False, article="paper/4.html", announcement=None, at=40, delay_s=44.0)
    figures, _ = sections((*STRUCK, idle), Verdict(), "", 1)
    told = {row.measure: row.figure for row in figures.rows if isinstance(row, Row)}
    assert list(told.values())[-5:] == ["26", "0 of 2", "–", "22", "44"]


def test_the_table_of_faults_and_steps() -> None:
    _, table = sections(
        STRUCK, Verdict(lost=("article paper/3.html was not stored",), doubled=("root:b was told 2 times",)), "", 1
    )
    rows = {str(row[0]): list(row) for row in table.rows if not isinstance(row, Row)}
    assert table.header == ("fault", *STEPS, "lost", "doubled", "delay p50, s", "longest, s")
    assert list(rows) == [*FAULTS, "all"]
    assert rows["worker killed"][1:] == ["0", "1", "0", "0", "0", "0", "1", "0", "0", "1", "18", "26"]
    assert rows["Slack: 429"][1:] == ["–", "–", "–", "–", "–", "–", "1", "0", "0", "1", "26", "26"]
    assert rows["Redis flushed"][1:] == ["0", "0", "0", "0", "0", "0", "1", "0", "1", "0", "2", "2"]
    assert rows["beat killed"][1:] == ["0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "–", "–"]
    assert rows["all"][1:] == ["0", "1", "0", "0", "0", "0", "3", "0", "1", "1", "10", "26"]


def test_a_strike_in_words() -> None:
    assert str(STRUCK[1]) == "2: post, worker killed + Slack: 429: done after 26.0 s"
    lost = Struck(4, "poll", (FLUSHED,), under_way=False, article="paper/4.html", announcement=None, at=0)
    assert str(lost) == "4: poll (idle), Redis flushed: not done"


def test_a_run_that_does_not_hold_says_how_it_is_replayed_and_what_is_wrong() -> None:
    verdict = Verdict(lost=("article x was not stored",), doubled=("root:b was told 2 times",))
    result = Result(42, STRUCK, verdict, articles=10, calls=2, messages=3, seconds=60.0, said="--- notify.log")
    lines = failure(result)
    assert lines[0] == "chaos: seed 42 does not hold; replay it with make chaos SEED=42 FAULTS=4"
    assert lines[2].startswith("struck 2: post, worker killed + Slack: 429")
    assert lines[4:] == ["lost: article x was not stored", "doubled: root:b was told 2 times", "--- notify.log"]


def test_a_run_whose_work_nobody_saw_done_does_not_hold_and_says_so() -> None:
    unseen = Struck(4, "poll", (FLUSHED,), under_way=True, article="paper/4.html", announcement=None, at=0)
    result = Result(42, (*STRUCK, unseen), Verdict(), articles=10, calls=2, messages=3, seconds=60.0)
    assert (Result(42, STRUCK, Verdict(), 10, 2, 3, 60.0).holds, result.holds) == (True, False)
    assert "unproven: nobody saw it done: 4: poll, Redis flushed: not done" in failure(result)


def test_more_faults_than_the_newspapers_have_articles_for_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(MOST_FAULTS + 1)]) == 2
    assert capsys.readouterr().err == f"chaos: the newspapers have articles for {MOST_FAULTS} faults at most\n"
