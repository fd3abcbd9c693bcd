"""Which replies show in the channel too: each rule lets its own change through and no other."""

from __future__ import annotations

import pytest

from services.notify.resurface import DEFAULT, resurfaces
from shared.records import Change


def step(before: str, after: str) -> Change:
    return Change(field="status", kind="changed", before=before, after=after)


@pytest.mark.parametrize(
    ("change", "rules", "aloud"),
    [
        (step("planned", "held"), DEFAULT, True),
        (step("held", "denied"), DEFAULT, True),
        (step("planned", "postponed"), DEFAULT, True),
        (step("planned", "ongoing"), DEFAULT, False),
        (step("planned", "unconfirmed"), DEFAULT, False),
        (step("planned", "unconfirmed"), ("planned-unconfirmed",), True),
        (step("proposed", "refused"), ("any-denied",), True),
        (step("planned", "held"), ("correction",), False),
        (step("unconfirmed", "held"), DEFAULT, True),
        (step("unconfirmed", "cancelled"), ("planned-denied",), True),
        (step("unconfirmed", "planned"), DEFAULT, False),
        (step("denied", "held"), DEFAULT, True),
        (step("postponed", "planned"), ("correction",), True),
        (step("postponed", "cancelled"), ("correction",), True),
        (step("denied", "held"), ("held-denied",), False),
        (step("ongoing", "denied"), DEFAULT, True),
        (step("ongoing", "held"), DEFAULT, False),
        (step("held", "planned"), ("correction",), True),
        (step("proposed", "planned"), DEFAULT, False),
        (step("proposed", "refused"), ("correction",), False),
        (Change(field="duration", kind="conflict", before="60", after="90"), DEFAULT, True),
        (Change(field="duration", kind="conflict", before="60", after="90"), ("in-doubt",), False),
        (Change(field="withdrawn", kind="changed", after="Lan"), ("correction",), True),
        (Change(field="duration", kind="new", after="90"), DEFAULT, False),
        (Change(field="heard", kind="new", after="CN"), DEFAULT, True),
        (Change(field="heard", kind="new", after="CN"), ("correction",), False),
    ],
)
def test_what_shows_in_the_channel(change: Change, rules: tuple[str, ...], aloud: bool) -> None:
    assert resurfaces([change], rules, doubt=False) is aloud


@pytest.mark.parametrize(("rules", "aloud"), [(DEFAULT, True), (("correction",), False), (("none",), False)])
def test_what_may_be_another_call_shows_in_the_channel(rules: tuple[str, ...], aloud: bool) -> None:
    assert resurfaces([Change(field="topics", kind="new", after="x")], rules, doubt=True) is aloud
