"""Which replies show in the channel too: each rule lets its own change through and no other."""

from __future__ import annotations

import pytest

from services.notify.resurface import DEFAULT, resurfaces
from shared.records import CallFacts, Change
from tests.services.notify.variations import MACRON, XI, facts

CALL = facts(MACRON, XI)


def step(before: str, after: str) -> Change:
    return Change(field="status", kind="changed", before=before, after=after)


@pytest.mark.parametrize(
    ("known", "change", "rules", "aloud"),
    [
        (CALL, step("planned", "held"), DEFAULT, True),
        (CALL, step("held", "denied"), DEFAULT, True),
        (CALL, step("planned", "postponed"), DEFAULT, True),
        (CALL, step("planned", "ongoing"), DEFAULT, False),
        (CALL, step("planned", "unconfirmed"), DEFAULT, False),
        (CALL, step("planned", "unconfirmed"), ("planned-unconfirmed",), True),
        (CALL, step("proposed", "refused"), ("any-denied",), True),
        (CALL, step("planned", "held"), ("correction",), False),
        (CALL, Change(field="duration", kind="conflict", before="60", after="90"), DEFAULT, True),
        (CALL, Change(field="duration", kind="conflict", before="60", after="90"), ("in-doubt",), False),
        (CALL, Change(field="withdrawn", kind="changed", after="Lan"), ("correction",), True),
        (CALL, Change(field="duration", kind="new", after="90"), DEFAULT, False),
        (CALL, Change(field="heard", kind="new", after="CN"), DEFAULT, True),
        (CALL, Change(field="heard", kind="new", after="CN"), ("correction",), False),
        (facts(MACRON, XI, date=None), Change(field="topics", kind="new", after="x"), DEFAULT, True),
        (facts(MACRON, XI, date=None), Change(field="topics", kind="new", after="x"), ("none",), False),
    ],
)
def test_what_shows_in_the_channel(known: CallFacts, change: Change, rules: tuple[str, ...], aloud: bool) -> None:
    assert resurfaces(known, [change], rules) is aloud
