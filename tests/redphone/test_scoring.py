"""Scoring, on calls whose figures can be counted by hand."""

from __future__ import annotations

import pytest

from redphone.scoring import Count, Score, Tally, ToldCall, days_apart, is_right, pair_up, score_article

PERU = ToldCall(
    countries=("CL", "PE"),
    participants=("Gabriel Boric", None),
    status="held",
    news=True,
    channel="phone",
    date="????-05-17",
    duration_min=60,
)


def call(*countries: str | None, **fields: object) -> ToldCall:
    return ToldCall(countries=countries, **{"status": "held", "news": True, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("2024-05-17", "2024-05-17", 0),
        ("2024-05-17", "2024-06-01", 15),
        ("2024-12-31", "2025-01-01", 1),
        ("????-12-31", "2025-01-01", 1),
        ("????-02-29", "2023-03-01", 1),
        ("????-05-17", "2031-05-16", 1),
        ("2024-05-??", "2024-05-17", None),
        (None, "2024-05-17", None),
        ("2024-05-17", "soon", None),
        ("2023-02-30", "2023-03-01", None),
    ],
)
def test_days_apart(a: str | None, b: str | None, apart: int | None) -> None:
    assert days_apart(a, b) == days_apart(b, a) == apart


@pytest.mark.parametrize(
    ("label", "found", "same"),
    [
        (call("CL", "PE"), call("PE", "CL"), True),
        (call("CL", "PE"), call("CL", "BO"), False),
        (call("CL", "PE"), call("CL", "PE", "BO"), False),
        (call("CL", None), call("BO", "CL"), True),
        (call("CL", None), call("CL", None), True),
        (call("CL", "PE"), call("CL", None), False),
        (call("CL", None), call("BO", "PE"), False),
        (call("CL", "PE", date="2024-05-17"), call("CL", "PE", date="2024-05-18"), True),
        (call("CL", "PE", date="2024-05-17"), call("CL", "PE", date="2024-05-19"), False),
        (call("CL", "PE", date="2024-05-17"), call("CL", "PE"), True),
        (call("CL", "PE"), call("CL", "PE", status="denied", news=False), True),
    ],
)
def test_which_calls_are_the_same(label: ToldCall, found: ToldCall, same: bool) -> None:
    assert bool(pair_up([label], [found])) is same


def test_the_closest_are_paired_first_and_each_once() -> None:
    today, history = call("CL", "PE", date="2024-05-17"), call("CL", "PE", news=False)
    late, undated = call("CL", "PE", date="2024-05-18"), call("CL", "PE", news=False, status="planned")
    assert pair_up([history, today], [late, undated]) == [(today, late), (history, undated)]
    assert pair_up([today], [late, today]) == [(today, today)]
    assert len(pair_up([today, today], [today])) == 1


@pytest.mark.parametrize(
    ("field", "want", "got", "right"),
    [
        ("participants", ("Gabriel Boric", None), ("gabriel boric", "Dina Boluarte"), True),
        ("participants", ("Gabriel Boric", None), ("Dina Boluarte", None), False),
        ("participants", ("Gabriel Boric",), ("Gabriel Boric", "Dina Boluarte"), False),
        ("date", "????-05-17", "2024-05-17", True),
        ("date", "2024-05-17", "2024-05-18", False),
        ("date", "2024-05-17", None, False),
        ("date", "2024-05-??", "2024-05-03", True),
        ("date", "2024-05-??", None, False),
        ("duration_min", 30, 35, True),
        ("duration_min", 30, 36, False),
        ("duration_min", 90, 99, True),
        ("duration_min", 90, None, False),
        ("initiator", "CL", "PE", False),
        ("channel", "video", "video", True),
        ("status", None, "held", None),
    ],
)
def test_when_a_field_is_right(field: str, want: object, got: object, right: bool | None) -> None:
    assert is_right(field, call("CL", "PE", **{field: want}), call("CL", "PE", **{field: got})) is right


def test_the_figures_of_an_article() -> None:
    labelled = [PERU, call("CL", "BO", news=False)]
    right = ToldCall(
        countries=("PE", "CL"),
        participants=("Dina Boluarte", "Gabriel Boric"),
        status="planned",
        news=True,
        channel="phone",
        date="2024-05-17",
        duration_min=45,
        initiator="PE",
    )
    score = score_article(labelled, [right, call("CL", "BR")], alert=True)
    assert (score.alert, score.news_calls, score.all_calls) == (Tally(1, 1, 1), Tally(1, 2, 1), Tally(1, 2, 2))
    assert score.fields == {
        "participants": Count(1, 1),
        "status": Count(0, 1),
        "channel": Count(1, 1),
        "date": Count(1, 1),
        "duration_min": Count(0, 1),
        "initiator": Count(0, 0),
    }
    assert score.unsupported == {"date": Count(0, 0), "duration_min": Count(0, 0), "initiator": Count(1, 1)}


def test_figures_add_up() -> None:
    score = score_article([PERU], [PERU], alert=True) + score_article([PERU], [], alert=True)
    score += score_article([], [call("CL", "BR")], alert=False)
    assert score.articles == 3
    assert score.alert == score.news_calls == Tally(1, 2, 2)
    assert (score.alert.precision, score.alert.recall, score.alert.f1) == (0.5, 0.5, 0.5)
    assert score.fields["channel"].share == 1.0


def test_nothing_to_find_and_nothing_found_is_no_division() -> None:
    score = score_article([], [], alert=False) + Score()
    assert (score.alert.precision, score.alert.recall, score.alert.f1) == (0.0, 0.0, 0.0)
    assert score.fields["date"].share is None
