"""What the database knows about how things stand: counts, what waits longest at each stage, and the feeds."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from services.status.lines import line
from services.status.values import (
    Accepted,
    Blind,
    Brake,
    Canary,
    Channel,
    Counts,
    Feed,
    Ground,
    Lost,
    Muted,
    Paused,
    Standing,
    Totals,
    Waiting,
)
from shared import pulse
from shared.brake import Step, load_steps, slowed, words_of
from shared.db import cannot_open
from shared.errors import UsageError
from shared.holds import active_mutes, active_pause
from shared.rhythm import entries_per_day, silent_feeds
from shared.tables import (
    STOPPED,
    AnnouncementRow,
    ArticleRow,
    CallRow,
    CanaryRow,
    ChannelRow,
    FeedRow,
    HeartbeatRow,
    PauseRow,
    ReportRow,
    SightRow,
)


def standing(session: Session, now: dt.datetime, totals: Totals | None = None) -> Standing:
    """Everything at once, in one read. `totals`: what was counted before, where it need not be counted anew."""
    counted = totals.counts if totals else counts(session)
    per_day = totals.per_day if totals else entries_per_day(session, now)
    signs = {row.name: _age(row.at, now) for row in session.scalars(select(HeartbeatRow))}
    rows = session.scalars(select(FeedRow).order_by(FeedRow.outlet, FeedRow.url))
    silent = {row.id for row in silent_feeds(session, now)}
    level, step, backlog = pulse.read(session, load_steps())
    return Standing(
        counts=counted,
        waiting={stage: _waiting(session, query, now) for stage, query in STAGES.items()},
        feeds=[_feed(row, per_day.get(row.id, 0.0), now, step, silent=row.id in silent) for row in rows],
        heartbeats={name: age for name, age in signs.items() if name != STOPPED},
        stopped=signs.get(STOPPED),
        kept=_kept(session),
        failed={stage: lost for stage, query in FAILED.items() if (lost := _lost(session, query))},
        paused=_paused(active_pause(session, now)),
        mutes=[Muted(row.pair, row.by, row.reason, row.until) for row in active_mutes(session, now)],
        brake=Brake(level, words_of(step, backlog), step.pages),
        clock=pulse.jump_told(session, now),
        channels=_channels(session),
    )


def count(session: Session, now: dt.datetime) -> Totals:
    """What it takes to read whole tables."""
    calls = select(CallRow.status, func.count().label("n")).where(CallRow.merged_into.is_(None))
    of_alerts = AnnouncementRow.state, AnnouncementRow.kind
    alerts = select(*of_alerts, func.count().label("n"))
    return Totals(
        counts(session),
        entries_per_day(session, now),
        _grouped(session, calls.group_by(CallRow.status)),
        _grouped(session, select(ReportRow.verdict, func.count().label("n")).group_by(ReportRow.verdict)),
        {(state, kind): n for state, kind, n in session.execute(alerts.group_by(*of_alerts))},
    )


def _grouped(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {str(name): n for name, n in session.execute(query)}


def canaries(session: Session, now: dt.datetime) -> list[Canary]:
    """The test articles of the last day, the oldest first, from the last one on that passed before it: without that
    nobody knew since when nothing passes that has not for longer than a day."""
    day = now - dt.timedelta(days=1)
    passed = CanaryRow.started_at <= day, CanaryRow.told_at.is_not(None)
    since = session.scalar(select(func.max(CanaryRow.started_at)).where(*passed)) or day
    known = CanaryRow.started_at >= since, CanaryRow.started_at <= now  # a clock that went back leaves some ahead
    rows = session.scalars(select(CanaryRow).where(*known).order_by(CanaryRow.started_at))
    return [Canary(row.started_at, row.stored_at, row.read_at, row.told_at, row.channel, row.failed) for row in rows]


def unseeing(session: Session, now: dt.datetime) -> list[Blind]:
    """The stretches of the last day in which the notifier saw that Redphone could not see, the oldest first."""
    rows = session.scalars(select(SightRow).where(SightRow.seen_at > now - dt.timedelta(days=1)).order_by(SightRow.id))
    known = list(rows)
    # the desk is told of all at once, when everything is caught up
    told = max((row.id for row in known if row.told_at is not None), default=0)
    return [
        Blind(
            since=row.since,
            until=None if row is known[-1] and now - row.seen_at < LOOKED else row.seen_at,
            cause="; ".join(line(f"blind_{cause}") for cause in row.causes.split()),
            caught_up=row.id <= told,
        )
        for row in known
        if row.causes
    ]


def last_sent(session: Session) -> Accepted | None:
    """The message that was accepted last: of the newest rows of the ledger, as those go out in their order."""
    row = session.scalar(
        select(AnnouncementRow).where(AnnouncementRow.state == "sent").order_by(AnnouncementRow.id.desc()).limit(1)
    )
    if row is None or row.sent_at is None:
        return None
    return Accepted(row.sent_at, row.channel, row.ts, row.call_id, _thread_of(session, row))


def _thread_of(session: Session, row: AnnouncementRow) -> str | None:
    """The root that a reply answers: the last one of its call in its channel that Slack took before it."""
    if row.kind != "update":
        return None
    same = AnnouncementRow.call_id == row.call_id, AnnouncementRow.channel == row.channel
    roots = select(AnnouncementRow.ts).where(AnnouncementRow.kind == "root", *same, AnnouncementRow.ts.is_not(None))
    return session.scalar(roots.where(AnnouncementRow.id < row.id).order_by(AnnouncementRow.id.desc()).limit(1))


def _channels(session: Session) -> tuple[Channel, ...]:
    rows = session.scalars(select(ChannelRow).order_by(ChannelRow.own.desc(), ChannelRow.name))
    return tuple(
        Channel(row.name, row.own, row.channel_id, row.workspace, row.checked_at, row.good_at, row.trouble)
        for row in rows
    )


def schema(session: Session) -> str:
    """The revision of the database's tables."""
    return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def ground(session: Session) -> Ground:
    """The database's clock and size, and its disk where it is a file of this machine.

    Raises UsageError for a file that is there no more: who has it open reads on what nobody else will ever see.
    """
    bind = session.get_bind()
    if bind.dialect.name == "sqlite":
        file = Path(str(bind.engine.url.database)).absolute()
        try:
            size, disk = file.stat().st_size, shutil.disk_usage(file.parent)
        except OSError as error:
            raise UsageError(cannot_open(bind.engine.url, error.strerror or str(error))) from error
        return Ground(database_bytes=size, disk_free_bytes=disk.free, disk_bytes=disk.total)
    asked = dt.datetime.now(dt.UTC)
    there, size = session.execute(text("SELECT clock_timestamp(), pg_database_size(current_database())")).one()
    answered = dt.datetime.now(dt.UTC)
    return Ground(clock_offset_s=(there - asked - (answered - asked) / 2).total_seconds(), database_bytes=size)


def _kept(session: Session) -> dict[str, int]:
    query = select(AnnouncementRow.state, func.count().label("n")).where(AnnouncementRow.state.in_(KEPT))
    found = {row.state: row.n for row in session.execute(query.group_by(AnnouncementRow.state))}
    return {state: found[state] for state in KEPT if state in found}


def _paused(row: PauseRow | None) -> Paused | None:
    return Paused(row.by, row.reason, row.since, row.until) if row else None


def counts(session: Session) -> Counts:
    """Articles stored, calls known, alerts sent."""
    alerts = (
        select(func.count())
        .select_from(AnnouncementRow)
        .where(AnnouncementRow.kind == "root", AnnouncementRow.state == "sent")
    )
    return Counts(
        session.scalar(select(func.count()).select_from(ArticleRow)) or 0,
        session.scalar(select(func.count()).select_from(CallRow).where(CallRow.merged_into.is_(None))) or 0,
        session.scalar(alerts) or 0,
    )


#: The notifier looks at each tick: a stretch that was looked at so lately goes on.
LOOKED = dt.timedelta(minutes=2)
KEPT = ("held", "muted", "undated", "unknown", "refused", "dead")

# stage → (id, since when) of the rows that wait there
STAGES: dict[str, Select[int, dt.datetime]] = {
    "body": select(ArticleRow.id, ArticleRow.fetched_at).where(ArticleRow.body_state == "waiting"),
    "classify": select(ArticleRow.id, ArticleRow.fetched_at).where(ArticleRow.classify_state == "waiting"),
    "notify": select(ReportRow.id, ReportRow.created_at).where(ReportRow.notify_state == "waiting"),
    "post": select(AnnouncementRow.id, AnnouncementRow.created_at).where(
        AnnouncementRow.state.in_(("waiting", "claimed", "unknown"))
    ),
}


# stage → (id, why) of the rows that nobody tries again
FAILED: dict[str, Select[int, str | None]] = {
    "body": select(ArticleRow.id, ArticleRow.body_error).where(ArticleRow.body_state == "failed"),
    "classify": select(ArticleRow.id, ArticleRow.classify_error).where(ArticleRow.classify_state == "failed"),
    "notify": select(ReportRow.id, ReportRow.decision).where(ReportRow.notify_state == "failed"),
    "post": select(AnnouncementRow.id, AnnouncementRow.error).where(AnnouncementRow.state.in_(("refused", "dead"))),
}


def _lost(session: Session, query: Select[int, str | None]) -> Lost | None:
    first = session.execute(query.order_by(text("1")).limit(1)).first()
    if first is None:
        return None
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Lost(count, first[0], first[1] or line("feed_unknown"))


def _waiting(session: Session, query: Select[int, dt.datetime], now: dt.datetime) -> Waiting:
    oldest = session.execute(query.order_by(text("2"), text("1")).limit(1)).first()
    if oldest is None:
        return Waiting(0, None, None)
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Waiting(count, oldest[0], _age(oldest[1], now))


def _feed(row: FeedRow, per_day: float, now: dt.datetime, step: Step, *, silent: bool) -> Feed:
    watched = row.listed and not row.paused
    return Feed(
        url=row.url,
        outlet=row.outlet,
        last_success_age_s=_age(row.last_success_at, now) if row.last_success_at else None,
        next_poll_in_s=-_age(row.next_poll_at + step.later(world=row.world), now),
        slowed=slowed(step, world=row.world),
        listed=row.listed,
        failures=row.failures,
        error=row.last_error,
        watched=watched,
        interval_s=row.interval_s,
        entries_a_day=round(per_day, 1),
        last_new_age_s=_age(row.last_new_at, now) if row.last_new_at else None,
        missed=row.gaps,
        paused=(row.hand or line("feed_paused")) if row.paused else "",
        polls=row.polls or {},
        silent=silent,
    )


def _age(at: dt.datetime, now: dt.datetime) -> float:
    return round((now - at).total_seconds(), 1)
