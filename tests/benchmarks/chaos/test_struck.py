"""What strikes prove: work that nobody saw done, and faults that were aimed at nothing, are said."""

from __future__ import annotations

from msgspec.structs import replace

from benchmarks.chaos.schedule import Fault
from benchmarks.chaos.struck import ENOUGH, Struck, unproven

MET = Struck(1, "poll", (Fault("worker killed"),), under_way=True, article="a", announcement=None, at=0, delay_s=2.0)


def test_work_that_nobody_saw_done_is_in_no_figure_and_is_said() -> None:
    assert unproven([MET, replace(MET, number=2, delay_s=None)]) == [
        "nobody saw it done: 2: poll, worker killed: not done"
    ]


def test_a_step_at_which_nothing_was_ever_under_way_is_said_once_there_were_enough_strikes() -> None:
    idle = [replace(MET, step="compare", under_way=False)] * ENOUGH
    assert unproven([MET, *idle[1:]]) == []
    assert unproven([MET, *idle]) == [f"nothing was under way at compare at any of {ENOUGH} strikes"]
    assert unproven([*idle, replace(MET, step="compare")]) == []
