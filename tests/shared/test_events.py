"""The wiring: every event is heard."""

from __future__ import annotations

from typing import get_args

from shared import events


def test_every_event_has_subscribers() -> None:
    assert set(events.SUBSCRIBERS) == set(get_args(events.Event))
    assert all(events.SUBSCRIBERS.values())
