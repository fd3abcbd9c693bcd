"""The tick hands feeds out to tasks, and takes them back where the broker is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from kombu.exceptions import OperationalError
from sqlalchemy import select

from services.ingest import tasks, worker
from services.ingest.claims import LEASE, MESSAGE, TURN
from services.ingest.values import CatalogueFeed
from shared import db
from shared.celery_app import app
from shared.clock import utc_now
from shared.tables import CanaryRow, PulseRow


class Broker:
    """Takes so many tasks and then goes away."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken: list[tuple[str, list[object]]] = []
        self.expiries: dict[str, float | None] = {}

    def send_task(self, name: str, args: list[object], connection: object = None, expires: float | None = None) -> None:
        if len(self.taken) == self.room:
            raise OperationalError("Connection refused")
        self.taken.append((name, args))
        self.expiries[name] = expires


def test_a_changed_catalogue_is_taken_over_at_the_next_tick(
    sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = tmp_path / "feeds.csv"
    own.write_text("outlet,url\nA,https://a.vn/rss\n", encoding="utf-8")
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("REDPHONE_FEEDS_FILE", str(own))
    monkeypatch.setenv("REDPHONE_BUILT_IN_FEEDS", "no")
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    broker = Broker(100)
    monkeypatch.setattr(app, "send_task", broker.send_task)
    worker._catalogue.cache_clear()
    worker.prepare()
    worker.sweep()
    for line in ("B,https://b.vn/rss", "a line too many columns short", "C,https://c.vn/rss"):
        own.write_text(f"{own.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
        worker.sweep()
        worker.sweep()
        own.write_text(own.read_text(encoding="utf-8").replace("a line too many columns short\n", ""), encoding="utf-8")
    assert [args for name, args in broker.taken if name == "ingest.poll"] == [[1], [2], [3]]
    assert caplog.text.count("the feeds stay as they were") == 1
    worker._catalogue.cache_clear()


def test_the_tick_fetches_and_stores_the_test_article(
    sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    monkeypatch.setattr(app, "send_task", Broker(100).send_task)
    worker.sweep()
    with db.reading(db.sessions_for(sqlite_url)) as session:
        (sent,) = session.scalars(select(CanaryRow))
    assert (sent.failed, sent.title.partition(" điện đàm")[0]) == (None, "Tổng thống Aurelio Canario")


def test_feeds_that_cannot_be_handed_out_are_due_again_at_once(
    sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    sessions = db.sessions_for(sqlite_url)
    listed = [CatalogueFeed(outlet="A", url=f"https://{name}.vn/rss") for name in "abc"]
    tasks.sync_catalogue(sessions, listed, utc_now())
    sent = []
    for room in (1, 10):
        broker = Broker(room)
        monkeypatch.setattr(app, "send_task", broker.send_task)
        worker.sweep()
        sent.append(broker.taken)
    first, second = sent
    (told,) = first
    assert told[0] == "ingest.poll"
    polls = [args for name, args in second if name == "ingest.poll"]
    assert sorted([*polls, told[1]], key=str) == [[1], [2], [3]]
    assert second[-1] == ("ingest.pages", [])
    assert broker.expiries == {"ingest.poll": MESSAGE.total_seconds(), "ingest.pages": LEASE.total_seconds()}
    assert MESSAGE < TURN < LEASE


def test_the_quick_tick_hands_out_feeds_and_nothing_else(
    sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    tasks.sync_catalogue(db.sessions_for(sqlite_url), [CatalogueFeed(outlet="A", url="https://a.vn/rss")], utc_now())
    broker = Broker(10)
    monkeypatch.setattr(app, "send_task", broker.send_task)
    worker.due()
    worker.due()
    assert broker.taken == [("ingest.poll", [1])]
    with db.reading(db.sessions_for(sqlite_url)) as session:
        assert session.scalar(select(PulseRow.seen_at)) is not None  # it looks at the clock each time
