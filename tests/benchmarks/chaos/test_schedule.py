"""The schedule of strikes: the same for the same seed, so many faults, over all steps."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.chaos.schedule import (
    FAULTS,
    LASTING,
    LINKS,
    SLACK,
    SOCKETS,
    STEPS,
    Fault,
    Strike,
    can_meet,
    schedule,
    strikes,
)


def test_the_same_seed_gives_the_same_strikes_and_another_gives_others() -> None:
    assert schedule(7, 100) == schedule(7, 100)
    assert schedule(7, 100) != schedule(8, 100)
    assert schedule(7, 100)[:40] == schedule(7, 120)[:40]


@pytest.mark.parametrize("faults", [1, 8, 500])
def test_there_are_so_many_faults(faults: int) -> None:
    strikes = schedule(3, faults)
    assert sum(len(strike.faults) for strike in strikes) == faults
    assert [strike.number for strike in strikes] == list(range(1, len(strikes) + 1))


def test_every_fault_meets_every_step_that_it_can_meet() -> None:
    met = Counter((fault.name, strike.step) for strike in schedule(1, 500) for fault in strike.faults)
    assert set(met) == {(fault, step) for fault in FAULTS for step in STEPS if can_meet(fault, step)}
    steps = Counter(strike.step for strike in schedule(1, 500))
    assert max(steps.values()) - min(steps.values()) <= 1


def test_sockets_are_those_of_somebody_and_slack_answers_where_it_is_asked() -> None:
    for strike in schedule(2, 500):
        for fault in strike.faults:
            assert (fault.link in LINKS) == (fault.name in SOCKETS)
            assert fault.link != "slack" or strike.step in ("post", "settle")
            assert fault.name not in SLACK or strike.step in ("post", "settle")
            assert (fault.seconds > 0) == (fault.name in LASTING)


@pytest.mark.parametrize(
    ("fault", "aimed_at", "step", "needed"),
    [
        (Fault("worker killed"), "body", "store", True),
        (Fault("worker killed"), "body", "compare", False),
        (Fault("status killed"), "post", "post", False),
        (Fault("beat killed"), "poll", "post", True),
        (Fault("sockets reset", "redis"), "poll", "classify", True),
        (Fault("sockets slow", "slack", 2), "post", "classify", False),
        (Fault("sockets slow", "slack", 2), "post", "settle", True),
        (Fault("Slack: 429"), "post", "announce", False),
        (Fault("Slack: 429"), "settle", "post", True),
    ],
)
def test_which_faults_strike_what_work_at_another_step_needs(
    fault: Fault, aimed_at: str, step: str, needed: bool
) -> None:
    assert strikes(fault, aimed_at, step) == needed


def test_a_strike_in_words() -> None:
    faults = (Fault("worker killed"), Fault("sockets slow", "redis", 2.5))
    assert str(Strike(4, "post", 0.1, faults)) == "4: post, worker killed + sockets slow redis 2.5 s"
