"""`/metrics`: the same snapshot for Prometheus (text format 0.0.4).

What is counted is rows, so the figures survive restarts and are the same from every process. Lags are gauge
histograms: of the rows that passed within the hour, not of all since a start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import get_args

import msgspec
from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeHistogramMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.responses import Response

from services.status.context import Ctx
from services.status.overall import overall
from services.status.routes.alerts import Kind, State
from services.status.routes.standing import Stand
from services.status.trust import trust
from services.status.values import Ground, Snapshot, Standing, Totals, Trust

router = APIRouter(tags=["metrics"])
BUCKETS_S = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(context: Ctx, snapshot: Stand) -> Response:
    """How things stand as metrics; kept for a second, totals for a minute."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(snapshot, trust(snapshot, context.canary_every)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Families(Collector):
    def __init__(self, snapshot: Snapshot, trusted: Trust) -> None:
        self._snapshot, self._trust = snapshot, trusted

    def collect(self) -> Iterable[Metric]:
        """Every family of one snapshot."""
        yield from _whole(self._snapshot, self._trust)
        if self._snapshot.standing is not None:
            yield from _stored(self._snapshot.standing)
        if self._snapshot.totals is not None:
            yield from _counted(self._snapshot.totals)
        yield from _lags(self._snapshot)
        yield from _under(self._snapshot.ground)


def _whole(snapshot: Snapshot, trusted: Trust) -> Iterator[Metric]:
    state = overall(snapshot, trusted).state
    yield _gauge("redphone_state", "1 for the state that holds", "state",
                 {name: float(name == state) for name in ("ok", "degraded", "down")})  # fmt: skip
    yield GaugeMetricFamily("redphone_trusted", "1 while the desk can trust the silence", float(trusted.yes))
    if trusted.last_passed_at is not None:
        age = (snapshot.at - trusted.last_passed_at).total_seconds()
        yield GaugeMetricFamily("redphone_canary_age_seconds", "since a test article last passed every stage", age)
    if snapshot.last_sent is not None:
        at = snapshot.last_sent.at.timestamp()
        yield GaugeMetricFamily("redphone_last_sent_timestamp_seconds", "when a message was last accepted", at)
    yield _gauge("redphone_worker_age_seconds", "since the last sign of life", "worker", dict(snapshot.signs.workers))
    yield _gauge("redphone_queue_messages", "messages in a queue of the broker", "queue",
                 {name: float(depth) for name, depth in snapshot.signs.queues.items()})  # fmt: skip


def _under(ground: Ground) -> Iterator[Metric]:
    for name, words, figure in (
        ("redphone_clock_offset_seconds", "how far the database's clock is ahead", ground.clock_offset_s),
        ("redphone_database_bytes", "size of the database", ground.database_bytes),
        ("redphone_disk_free_ratio", "part of the database's disk that is free, where it is this machine's",
         ground.disk_free_bytes / ground.disk_bytes if ground.disk_free_bytes and ground.disk_bytes else None),
    ):  # fmt: skip
        family = GaugeMetricFamily(name, words)
        if figure is not None:
            family.add_metric([], float(figure))
        yield family


def _counted(totals: Totals) -> Iterator[Metric]:
    counts = msgspec.structs.asdict(totals.counts)
    yield _gauge("redphone_rows", "how much there is", "kind", {name: float(n) for name, n in counts.items()})
    for name, words, label, found in (
        ("redphone_calls", "calls by status", "status", totals.statuses),
        ("redphone_reports", "reports by verdict", "verdict", totals.verdicts),
    ):
        yield _gauge(name, words, label, {value: float(count) for value, count in found.items()})
    yield _alerts(totals)


def _alerts(totals: Totals) -> Metric:
    """Of each state and kind, also where there are none: a rule on what becomes more misses a series' first sample."""
    words = "alerts by state and kind; Slack's outcomes are sent, unknown, refused, dead; edits make no sound"
    family = GaugeMetricFamily("redphone_alerts", words, labels=["state", "kind"])
    for state, kind in product(get_args(State), get_args(Kind)):
        family.add_metric([state, kind], float(totals.alerts.get((state, kind), 0)))
    return family


def _stored(standing: Standing) -> Iterator[Metric]:
    waiting = standing.waiting.items()
    yield _gauge("redphone_waiting_rows", "rows that wait", "stage", {name: float(row.count) for name, row in waiting})
    yield _gauge("redphone_oldest_waiting_seconds", "age of the row that waits longest", "stage",
                 {name: row.oldest_age_s or 0.0 for name, row in waiting})  # fmt: skip
    # those of every stage, see `_alerts`
    failed = {name: float(standing.failed[name].count if name in standing.failed else 0) for name, _ in waiting}
    yield _gauge("redphone_failed_rows", "rows that failed for good", "stage", failed)
    yield GaugeMetricFamily("redphone_brake", "step of the brake: 0 while newspapers are asked as usual",
                            float(standing.brake.level))  # fmt: skip
    yield from _polls(standing)
    yield _gauge("redphone_feeds", "watched feeds by the outcome of their last poll", "outcome", _outcomes(standing))


def _polls(standing: Standing) -> Iterator[Metric]:
    """All polls there ever were, by what they gave; kept with each feed, so they go on after a restart."""
    counted: Counter[str] = Counter()
    for feed in standing.feeds:
        counted.update(feed.polls)
    family = CounterMetricFamily("redphone_polls", "polls by what they gave", labels=["outcome"])
    for outcome, count in counted.items():
        family.add_metric([outcome], float(count))
    yield family


def _outcomes(standing: Standing) -> dict[str, float]:
    found: dict[str, float] = {}
    for feed in standing.feeds:
        if feed.watched:
            outcome = (feed.error or "failed").partition(":")[0] if feed.failures else "silent" if feed.silent else "ok"
            found[outcome] = found.get(outcome, 0.0) + 1
    return found


def _lags(snapshot: Snapshot) -> Iterator[Metric]:
    family = GaugeHistogramMetricFamily(
        "redphone_stage_lag_seconds", "how long rows took that passed within the hour", labels=["stage"]
    )
    for stage, flow in snapshot.flows.items():
        buckets = [(str(limit), float(sum(s <= limit for s in flow.took))) for limit in BUCKETS_S]
        family.add_metric([stage], [*buckets, ("+Inf", float(len(flow.took)))], gsum_value=sum(flow.took))
    yield family


def _gauge(name: str, words: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, figure in values.items():
        family.add_metric([value], figure)
    return family
