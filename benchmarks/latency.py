"""From a feed to the desk in real time: an item stands in a newspaper's feed, and Slack accepts the message about it.

The plant of the chaos, left alone and with the settings that a newsroom has: feeds asked once a minute, ticks of five
seconds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.chaos.newspapers import Newspapers
from benchmarks.chaos.plant import Plant
from benchmarks.chaos.stream import Printed, editions
from benchmarks.chaos.traps import GatedSlack
from benchmarks.table import Row, Section, figure
from services.ingest.urls import article_key
from shared import db
from shared.tables import AnnouncementRow, ArticleRow, ReportRow
from tests.support.servers import wait_for

CALLS, SPREAD_S = 30, 240.0
INTERVAL_S, TICK_S = 60, 5.0
PATIENCE_S = 180.0
WARM_UP_S = 95.0
SEED = 5


class Times(msgspec.Struct, frozen=True):
    """Of one call, the moments: it stood in the feed, the feed that showed it was answered, Slack had the message."""

    shown: float
    asked: float
    told: float


class TimedSlack(GatedSlack):
    """The stand-in; `accepted` maps the key of a message to when it came."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: dict[str, float] = {}

    def handle(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        """The answer of a method; when a post came is remembered."""
        before = len(self.told)
        answer = super().handle(method, arguments, token)
        for message in self.told[before:]:
            self.accepted.setdefault(message.key, time.time())
        return answer


def measure() -> Section:
    """Everything, in some six minutes."""
    times = play(CALLS, SPREAD_S)
    whole = [one.told - one.shown for one in times]
    without = [one.told - one.asked for one in times]
    return Section(
        "From a feed to the desk (Redis, PostgreSQL, Celery workers, stand-in for Slack)",
        (
            Row(
                "item visible → accepted by Slack, 60 s polling: p50, s",
                figure(_p(whole, 50)),
                "EMM 10 min",
                goal="≤ 40",
            ),
            Row("… p95, s", figure(_p(whole, 95)), "GDELT 15 min", goal="≤ 65"),
            Row("without the wait for the poll: p50, s", figure(_p(without, 50))),
            Row("… p95, s", figure(_p(without, 95)), goal="≤ 2"),
        ),
        (
            f"{len(times)} calls, each in a newspaper's feed at a moment of its own within {SPREAD_S / 60:.0f} minutes "
            "of real time, 15 newspapers; each process as a newsroom runs it, with default ticks. Without the wait: "
            "from the moment that the newspaper answered with the item.",
            "A message a second goes into a channel: calls that come in the same moment wait for their turn, and that "
            "is part of the figures. The pages of the articles make edits, which go out between them.",
            "The peers' figures are what they publish of themselves, for the whole way or for their own interval.",
        ),
    )


def play(calls: int, spread_s: float) -> list[Times]:
    """Show so many calls at moments by chance, and wait until the desk has them all."""
    chance = Random(SEED)
    leads = [edition[0] for edition in editions(SEED, calls)]
    moments = sorted(chance.uniform(0, spread_s) for _ in leads)
    with tempfile.TemporaryDirectory(prefix="redphone-latency-") as folder, Newspapers() as newspapers:
        catalogue = newspapers.catalogue(INTERVAL_S)
        with TimedSlack() as slack, Plant(Path(folder), slack, catalogue, tick_s=TICK_S) as plant:
            plant.wait_until_up()
            time.sleep(WARM_UP_S)  # the first polls of all feeds come together; after the second they are spread
            shown = _show(leads, moments, newspapers)
            wait_for("the desk to be told", lambda: len(slack.accepted) >= calls, PATIENCE_S)
            with db.reading(db.sessions_for(plant.url)) as session:
                roots = _roots(session)
            asked = newspapers.first_shown
            return [
                Times(shown[one.number], asked[one.number], slack.accepted[roots[article_key(newspapers.address(one))]])
                for one in leads
            ]


def _show(leads: Sequence[Printed], moments: Sequence[float], newspapers: Newspapers) -> dict[int, float]:
    begun, shown = time.time(), {}
    for one, moment in zip(leads, moments, strict=True):
        time.sleep(max(0.0, begun + moment - time.time()))
        newspapers.show([one])
        shown[one.number] = time.time()
    return shown


def _roots(session: Session) -> dict[str, str]:
    """An article's key → the key of the first alert of its call."""
    query = (
        select(ArticleRow.key, AnnouncementRow.key)
        .join(ReportRow, ReportRow.article_id == ArticleRow.id)
        .join(AnnouncementRow, AnnouncementRow.call_id == ReportRow.call_id)
        .where(AnnouncementRow.kind == "root")
    )
    return dict(session.execute(query).tuples().all())


def _p(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]
