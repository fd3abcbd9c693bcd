"""Two histories held against each other: what counts as lost, as doubled, as different."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from benchmarks.chaos.histories import History, Message, Shown, Verdict, judge

A, B = ("a#0", "b#0"), ("c#0",)
GOOD = History(
    articles={"a": "1", "b": "2", "c": "3"},
    stored=3,
    calls={A: {"status": "held", "minutes": 40}, B: {"status": "held", "minutes": 15}},
    rows=2,
    first_alerts={A: ("root:x",), B: ("root:y",)},
    ledger=("root:x", "update:x", "root:y"),
)
CHANNEL = tuple(Message(key) for key in GOOD.ledger)
SHOWN = Shown(articles=("a", "b", "c"), calls=frozenset({A, B}), news=frozenset({A, B}))


def held(disturbed: History = GOOD, channel: tuple[Message, ...] = CHANNEL) -> Verdict:
    return judge(SHOWN, GOOD, disturbed, channel)


def test_a_run_like_the_undisturbed_one_holds_whatever_its_ids() -> None:
    other = {A: ("root:p",), B: ("root:q",)}
    renamed = replace(GOOD, first_alerts=other, ledger=("root:p", "root:q"))
    assert held() == Verdict()
    assert held(renamed, (Message("root:p"), Message("root:q"))).holds


def test_a_second_message_is_doubled_also_where_it_says_so() -> None:
    for second in (Message("root:x"), Message("root:x", marked=True)):
        assert held(channel=(*CHANNEL, second)).doubled == ("root:x was told 2 times",)
    alone = held(channel=(Message("root:x", marked=True), *CHANNEL[1:]))
    assert (alone.holds, alone.marked) == (True, 1)


@pytest.mark.parametrize(
    ("disturbed", "lost"),
    [
        (replace(GOOD, articles={"a": "1", "b": "2"}, stored=2), "article c was not stored"),
        (replace(GOOD, open=("report 5 waits: None",)), "report 5 waits: None"),
        (replace(GOOD, ledger=(*GOOD.ledger, "root:z")), "root:z was not told"),
        (replace(GOOD, first_alerts={A: ("root:x",)}), "no first alert for the call of c#0"),
    ],
)
def test_what_is_lost(disturbed: History, lost: str) -> None:
    verdict = held(disturbed)
    assert (verdict.lost, verdict.holds) == ((lost,), False)


@pytest.mark.parametrize(
    ("disturbed", "doubled"),
    [
        (replace(GOOD, stored=4), "4 rows for 3 articles"),
        (replace(GOOD, rows=3), "3 rows for 2 calls"),
        (replace(GOOD, ledger=("root:x", "root:y")), "'update:x' was told, and the ledger knows nothing of it"),
        (
            replace(GOOD, first_alerts={A: ("root:x", "root:w"), B: ("root:y",)}),
            "2 first alerts for the call of a#0, b#0",
        ),
    ],
)
def test_what_is_doubled(disturbed: History, doubled: str) -> None:
    verdict = held(disturbed)
    assert (verdict.doubled, verdict.holds) == ((doubled,), False)


@pytest.mark.parametrize(
    ("disturbed", "different"),
    [
        (replace(GOOD, articles={**GOOD.articles, "b": "old"}), ("article b has other words",)),
        (
            replace(GOOD, calls={A: GOOD.calls[A], B: {"status": "held", "minutes": 16}}),
            ("the call of c#0: minutes is 16, undisturbed 15",),
        ),
        (
            replace(GOOD, calls={A: GOOD.calls[A], ("d#0",): {}}),
            ("no call of c#0", "a call of d#0 that is none undisturbed"),
        ),
        (
            replace(GOOD, first_alerts={**GOOD.first_alerts, ("d#0",): ("root:d",)}),
            ("a first alert for the call of d#0, undisturbed none",),
        ),
    ],
)
def test_what_is_different(disturbed: History, different: tuple[str, ...]) -> None:
    verdict = held(disturbed)
    assert (verdict.different, verdict.holds) == (different, False)


def test_two_runs_that_find_nothing_are_alike_and_prove_nothing() -> None:
    nothing = replace(GOOD, calls={}, rows=0, first_alerts={}, ledger=())
    assert judge(SHOWN, nothing, nothing, ()).different == (
        "undisturbed, no call of a#0, b#0, which the newspapers told",
        "undisturbed, no call of c#0, which the newspapers told",
        "undisturbed, no first alert for the call of a#0, b#0, which the newspapers told",
        "undisturbed, no first alert for the call of c#0, which the newspapers told",
    )
    split = replace(GOOD, calls={("a#0",): {}, ("b#0",): {}, B: {}}, rows=3)
    assert "undisturbed, a call of b#0, which no newspaper told" in judge(SHOWN, split, split, CHANNEL).different
