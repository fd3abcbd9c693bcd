"""The wiring: who hears what, and that a bell is rung after there is something to tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from shared import events


@pytest.fixture
def rung() -> Iterator[list[events.Event]]:
    said: list[events.Event] = []
    events.ring_with(said.append)
    yield said
    events.ring_with(events._silent)


def test_publish_rings(rung: list[events.Event]) -> None:
    events.publish(events.ArticlesStored((1, 2)))
    assert rung == [events.ArticlesStored((1, 2))]


def test_nothing_to_tell_is_not_told(rung: list[events.Event]) -> None:
    events.publish(events.CallsReported(()))
    assert rung == []


def test_without_a_bell_nothing_happens() -> None:
    events.publish(events.ArticlesStored((1,)))


def test_every_event_has_subscribers() -> None:
    assert set(events.SUBSCRIBERS) == set(get_args(events.Event))
    assert all(events.SUBSCRIBERS.values())
