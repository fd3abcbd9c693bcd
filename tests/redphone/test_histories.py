"""The figures of a history: small ones, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from redphone.histories import ExpectedCall, HistoryScore, Told, TracedCall, by_key, score_history
from redphone.scoring import Count

FR, KE, JP = ("FR", "DE"), ("KE", "FR"), ("JP", "US")


def expected(call_id: str, *verdicts: str, of: tuple[str, ...] = FR, **more: Any) -> ExpectedCall:
    return ExpectedCall(countries=of, status="held", news=True, call_id=call_id, verdicts=verdicts, **more)


def traced(call_id: str, verdict: str, of: tuple[str, ...] = FR, **more: Any) -> TracedCall:
    return TracedCall(countries=of, status="held", news=True, call_id=call_id, verdict=verdict, **more)


def scored(*articles: tuple[list[ExpectedCall], list[TracedCall]], **previous: str | None) -> HistoryScore:
    return score_history([Told(labelled, found) for labelled, found in articles], previous)


def test_a_history_as_labelled() -> None:
    score = scored(
        ([expected("a", "new")], [traced("1", "new")]),
        ([expected("a", "update", "repeat")], [traced("1", "repeat")]),
        ([expected("b", "new")], [traced("2", "new", compared_with="1")]),
        b="a",
    )
    assert (score.mentions.f1, score.b_cubed, score.pairwise.f1) == (1.0, 1.0, 1.0)
    assert (score.calls, score.per_call, score.missed, score.again) == (2, 1.0, (), ())
    assert (score.second, score.verdicts, score.compared) == (Count(0, 1), Count(3, 3), Count(1, 1))


def test_a_second_call_that_another_swallows() -> None:
    score = scored(
        ([expected("a", "new")], [traced("1", "new")]),
        ([expected("b", "new")], [traced("1", "repeat")]),
    )
    assert (score.missed, score.second, score.again) == (("b",), Count(1, 1), ())
    assert score.b_cubed == pytest.approx(2 / 3)  # precision 1/2, recall 1
    assert (score.pairwise.precision, score.pairwise.recall) == (0.0, 0.0)


def test_a_call_that_is_announced_twice() -> None:
    score = scored(
        ([expected("a", "new")], [traced("1", "new")]),
        ([expected("a", "repeat")], [traced("2", "new")]),
    )
    assert (score.again, score.per_call, score.missed) == (("a",), 2.0, ())
    assert score.b_cubed == pytest.approx(2 / 3)  # precision 1, recall 1/2


def test_what_nobody_labelled() -> None:
    score = scored(
        ([expected("a", "new")], [traced("1", "new"), traced("9", "new", of=JP), traced("8", "update", of=KE)]),
        ([], [traced("9", "update", of=JP)]),
    )
    assert (score.announced, score.per_call, score.unfounded_updates) == (2, 2.0, 2)
    assert (score.mentions.precision, score.mentions.recall) == (0.25, 1.0)


@pytest.mark.parametrize(("mine", "right"), [("1", 1), ("2", 0), (None, 0)])
def test_what_a_call_is_compared_with(mine: str | None, right: int) -> None:
    score = scored(
        ([expected("a", "new")], [traced("1", "new")]),
        ([expected("x", "new", of=KE)], [traced("2", "new", of=KE, compared_with="1")]),
        ([expected("b", "new")], [traced("3", "new", compared_with=mine)]),
        b="a",
        x="a",
    )
    assert score.compared == Count(1 + right, 2)


def test_nothing_gives_no_figure() -> None:
    score = scored()
    assert (score.b_cubed, score.per_call, score.verdicts.share) == (0.0, None, None)


def test_a_filter_knows_countries_and_a_key_alone() -> None:
    told = [
        Told([expected("a", "new")], [traced("1", "new")]),
        Told([expected("a", "repeat")], [traced("1", "repeat")]),
        Told([expected("b", "new", of=JP)], [traced("2", "new", of=JP)]),
    ]
    one_for_all = by_key(told, lambda number, call: "")
    each_alone = by_key(told, lambda number, call: str(number))
    assert [[call.verdict for call in article.found] for article in one_for_all] == [["new"], ["repeat"], ["new"]]
    assert [[call.verdict for call in article.found] for article in each_alone] == [["new"], ["new"], ["new"]]
    assert score_history(each_alone, {}).again == ("a",)
