"""Celery's pool of processes, with one mistake of Celery 5.7 mended."""

from __future__ import annotations

from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool


class Processes(AsynPool):
    """A worker that connects anew watches no process of which it has heard already that it ended.

    Such a process is in the pool until its exit status can be had. Celery asks for it without a descriptor
    ("file descriptor is None", https://github.com/celery/celery/issues/9250), and that error ended the worker: its
    connection had broken in the moment after a process was killed. The pool looks for ended processes by itself too.
    """

    def _track_child_process(self, proc: Any, hub: Any) -> None:
        if getattr(proc, "_sentinel_poll", hub) is not None:
            super()._track_child_process(proc, hub)  # type: ignore[misc]  # its types leave it out


class Pool(TaskPool):
    """Celery's own, of such processes."""

    Pool = Processes
