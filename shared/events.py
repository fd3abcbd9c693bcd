"""Who hears what: the whole wiring of Redphone, on one screen.

An event is a fact in the past tense that carries the ids of a batch. The row that waits is already committed when the
event is published, so an event is only a doorbell: one that is lost costs seconds, because a sweep finds the row.
How the bell rings is chosen once per process with :func:`ring_with`: the embedded loop is woken up, a Celery worker
sends a task to the subscribers' queues.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec


class ArticlesStored(msgspec.Struct, frozen=True):
    """Articles are new or have changed text: ids of `articles` rows whose `classify_state` is waiting."""

    ids: tuple[int, ...]


class CallsReported(msgspec.Struct, frozen=True):
    """Reports have a verdict: ids of `reports` rows whose `notify_state` is waiting."""

    ids: tuple[int, ...]


class AnnouncementsWritten(msgspec.Struct, frozen=True):
    """Messages are decided on: ids of `announcements` rows whose `state` is waiting."""

    ids: tuple[int, ...]


Event: TypeAlias = ArticlesStored | CallsReported | AnnouncementsWritten

# event → the tasks that hear it; a task runs on the queue that its first word names
SUBSCRIBERS: dict[type[Event], tuple[str, ...]] = {
    ArticlesStored: ("classify.articles",),
    CallsReported: ("notify.reports",),
    AnnouncementsWritten: ("notify.post",),
}

Bell: TypeAlias = Callable[[Event], None]


def _silent(_event: Event) -> None:
    """The bell of a process that has none: the rows wait, and whoever sweeps finds them."""


_bell: Bell = _silent


def ring_with(bell: Bell) -> None:
    """Choose how this process rings. Called once at its start."""
    global _bell  # noqa: PLW0603  one bell per process, like a log handler
    _bell = bell


def publish(event: Event) -> None:
    """Say an event, after the commit of what it tells. An event without ids is not said. Never raises."""
    if event.ids:
        _bell(event)
