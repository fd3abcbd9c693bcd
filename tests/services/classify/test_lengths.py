"""Lengths and their bounds."""

from __future__ import annotations

from typing import Any

import pytest

from services.classify.lengths import length_since, length_text, same_length
from tests.support.reports import lasts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (lasts(60, "about"), lasts(55), True),
        (lasts(60, "under"), lasts(50), True),
        (lasts(90, "over"), lasts(120, "under"), True),
        (lasts(60, "over"), lasts(90), False),
        (lasts(90), lasts(60), False),
    ],
)
def test_lengths_of_one_call(one: Any, other: Any, same: bool) -> None:
    assert same_length(one, other) is same
    assert same_length(other, one) is same


@pytest.mark.parametrize(
    ("now", "then", "answer"),
    [
        (lasts(90, "over"), lasts(90), "longer"),
        (lasts(90), lasts(90, "over"), "shorter"),
        (lasts(50), lasts(60, "under"), None),
        (lasts(60), lasts(60, "under"), "longer"),
        (lasts(60, "about"), lasts(55), "same"),
        (lasts(60), lasts(60), "same"),
        (lasts(90, "over"), lasts(60, "over"), None),
        (lasts(30), lasts(60, "about"), "shorter"),
    ],
)
def test_length_since(now: Any, then: Any, answer: str | None) -> None:
    assert length_since(now, then) == answer


def test_length_text() -> None:
    assert [length_text(lasts(90)), length_text(lasts(90, "over"))] == ["90", "over 90"]
