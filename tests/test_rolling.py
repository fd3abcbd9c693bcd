"""A rolling restart: each worker is replaced with work in its hands, while articles flow and another runs beside it."""

from __future__ import annotations

from benchmarks.rolling.run import STEPS, play
from tests.support import processes


def test_workers_of_two_generations_side_by_side_lose_nothing_and_tell_nothing_twice() -> None:
    result = play(processes.ROOT)
    verdict = result.verdict
    assert verdict.holds, "\n".join([*verdict.lost, *verdict.doubled, *verdict.different])
    assert [one.service for one in result.handovers] == list(STEPS)
    for one in result.handovers:
        assert (one.in_hand, one.finished, one.code) == (True, True, 0), one
        assert one.shown > 0, one
    assert sum(result.read.values()) == result.articles
    assert result.messages >= result.calls > len(STEPS)
