"""Two workers that read the two articles of a round at the same moment, round after round, each a process."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier

from services.classify.tasks import classify_batch
from shared import db
from shared.events import Event
from shared.records import Article, Extraction
from tests.support.reports import report

NOW = dt.datetime(2031, 12, 31, tzinfo=dt.UTC)
PATIENCE = 60


def day_in_text(article: Article) -> Extraction:
    """An extraction that can be sent to another process: one report, of the day that the text consists of."""
    return Extraction(reports=(report(day=article.text),))


def _quiet(_event: Event) -> None:
    """Nobody is told."""


def _work(url: str, ids: Sequence[int], start: Barrier) -> None:
    sessions = db.sessions_for(url)
    for article_id in ids:
        start.wait(PATIENCE)
        classify_batch(sessions, [article_id], NOW, day_in_text, _quiet)


def race(url: str, rounds: Sequence[tuple[int, int]]) -> None:
    """Let two processes classify the articles of each round at once. Raises where one of them does not end well."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    workers = [context.Process(target=_work, args=(url, ids, start)) for ids in zip(*rounds, strict=True)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE * 2)
        if worker.exitcode != 0:
            raise RuntimeError(f"a worker ended with {worker.exitcode}")
