"""Who hears what: the whole wiring of Redphone, on one screen.

An event is a fact in the past tense that carries the ids of a batch. The row that waits is already committed when the
event is published, so an event is only a doorbell: one that is lost costs seconds, because a sweep finds the row.
How the bell rings is handed to each task function as `publish`: the embedded loop calls the subscribers itself, a
Celery worker sends a task to their queues (:func:`shared.celery_app.ring`).
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

Publish: TypeAlias = Callable[[Event], None]
"""How a process rings: handed to every task function, called after the commit; never raises."""
