"""What the database knows of a call, as the notifier tells it: read only, for a preview and for the digest."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from services.notify.digest import Blindness, Call, Digest, Rest, Silent
from services.notify.graphemes import shorten
from services.notify.layout import CallView, Edit, Withdrawal
from services.notify.message import news_of
from services.notify.voice import Voice
from shared.holds import active_mutes, active_pause
from shared.records import CallFacts, Comparison, Judgement, Report
from shared.rhythm import silent_feeds
from shared.tables import AnnouncementRow, ArticleRow, CallRow, FeedRow, ReportRow, SightRow

ON_ITS_WAY = ("waiting", "held", "claimed", "unknown", "sent")
NOT_SENT = ("held", "muted", "undated", "unknown", "refused", "dead")


class Update(msgspec.Struct, frozen=True):
    """A report that made a reply in its call's thread; `name` is what a hand on the history calls it."""

    judgement: Judgement
    report: Report
    name: str


class Told(msgspec.Struct, frozen=True):
    """A call with what made replies in its thread, in their order. `brief`: its root is."""

    view: CallView
    updates: tuple[Update, ...]
    brief: bool = False


def told(session: Session, call_id: str) -> Told | None:
    """All that the messages about a call are made of, as it is known now; None for an id that no call has.

    The id of a call that was merged into another means that other.
    """
    row = session.get(CallRow, call_id)
    row = session.get(CallRow, row.merged_into) if row is not None and row.merged_into else row
    if row is None:
        return None
    reports = session.scalars(
        select(ReportRow).where(ReportRow.call_id == row.id).order_by(ReportRow.created_at, ReportRow.id)
    ).all()
    replies = tuple(
        Update(msgspec.convert(row.judgement, Judgement), msgspec.convert(row.report, Report), named(row))
        for row in reports
        if (row.decision or "").startswith("update:")
    )
    root = _root_of(session, row)
    payload = root.payload if root else {}
    view = view_of(row, edits_of(payload), late_since(payload))
    return Told(view, replies, payload.get("brief", False))


def named(report: ReportRow) -> str:
    """A report as a hand on the history names it: its article's number, and its own in it."""
    return f"{report.article_id}#{report.ordinal}"


def first_told(facts: CallFacts) -> dt.datetime | None:
    """When the first article came out that tells a call's present status; where none does, the first of all."""
    times = [(not source.stands, source.published_at) for source in facts.sources if source.published_at]
    return min(times)[1] if times else None


def late_since(payload: dict[str, Any]) -> dt.datetime | None:
    """When the article came out that a root told late, by the root's row in the ledger; None for one told in time."""
    return dt.datetime.fromisoformat(payload["if_late"]["since"]) if payload.get("late") else None


def to_choose(row: CallRow, voice: Voice, room: int) -> str:
    """A call in one line of at most `room` characters, with when it was first told: two calls of one pair may have the
    same headline."""
    facts = facts_of(row)
    at = first_told(facts)
    told = voice.say("told_at", at=voice.moment(at)) if at else ""
    return shorten(news_of(facts, voice), room - len(told)) + told


def facts_of(row: CallRow) -> CallFacts:
    """The facts of a call, as they are stored with it."""
    return msgspec.convert(row.facts, CallFacts)


def withdrawal_of(call: CallRow) -> Withdrawal | None:
    """Who took a call back, when and why; None for one that stands."""
    return msgspec.convert(call.withdrawn, Withdrawal) if call.withdrawn else None


def _root_of(session: Session, row: CallRow) -> AnnouncementRow | None:
    calls = select(CallRow.id).where(or_(CallRow.id == row.id, CallRow.merged_into == row.id))
    return session.scalars(
        select(AnnouncementRow)
        .where(AnnouncementRow.kind == "root", AnnouncementRow.call_id.in_(calls))
        .order_by(AnnouncementRow.call_id != row.id, AnnouncementRow.id)
        .limit(1)
    ).first()


def view_of(
    call: CallRow, edits: tuple[Edit, ...] = (), late: dt.datetime | None = None, page_url: str | None = None
) -> CallView:
    """All that the messages about a call are made of. `edits` and `late` (when the article came out that was told late)
    are of its root; `page_url` is the call's own page."""
    facts = facts_of(call)
    return CallView(
        call_id=call.id,
        facts=facts,
        comparison=msgspec.convert(call.comparison, Comparison) if call.comparison else None,
        article_at=first_told(facts),
        edits=edits,
        late_since=late,
        page_url=page_url,
        withdrawn=withdrawal_of(call),
    )


def edits_of(payload: dict[str, Any]) -> tuple[Edit, ...]:
    """The edits that a root's row in the ledger tells of, oldest first."""
    return tuple(msgspec.convert(edit, Edit) for edit in payload.get("edits", ()))


def digest_of(session: Session, since: dt.datetime, at: dt.datetime, zone: ZoneInfo) -> Digest:
    """What there is to tell of the time from `since` to `at`; `zone` is the desk's."""
    pause = active_pause(session, at)
    watched = select(func.count(FeedRow.id)).where(FeedRow.listed, ~FeedRow.paused)
    sight = session.scalars(select(SightRow).order_by(SightRow.id.desc()).limit(1)).first()
    sent = select(func.max(AnnouncementRow.sent_at)).where(AnnouncementRow.kind == "root")
    return Digest(
        at=at,
        since=since,
        calls=calls_told(session, since, at),
        plans=_plans(session, at, zone),
        silent=tuple(
            Silent(feed.outlet or feed.url, feed.last_new_at) for feed in silent_feeds(session, at) if feed.last_new_at
        ),
        mutes=tuple(
            Rest(row.by, row.reason, row.until, tuple(row.pair.split("-"))) for row in active_mutes(session, at)
        ),
        paused=Rest(pause.by, pause.reason, pause.since) if pause else None,
        kept=_not_sent(session, at),
        feeds=session.scalar(watched) or 0,
        failing=session.scalar(watched.where(FeedRow.failures > 0)) or 0,
        blind=Blindness(tuple(sight.causes.split()), sight.since) if sight and sight.causes else None,
        last_alert=session.scalar(sent),
    )


def calls_told(session: Session, since: dt.datetime, at: dt.datetime) -> tuple[Call, ...]:
    """The calls of which an article told as news, none of a backfill, in the order in which they were heard of."""
    heard = (
        select(ReportRow.call_id, func.min(ReportRow.id).label("place"))
        .join(ArticleRow, ArticleRow.id == ReportRow.article_id)
        .where(ReportRow.created_at > since, ReportRow.created_at <= at)
        .where(ReportRow.verdict.in_(("new", "update")), ~ArticleRow.silent)
        .group_by(ReportRow.call_id)
        .subquery()
    )
    announced = exists().where(
        AnnouncementRow.call_id == CallRow.id, AnnouncementRow.kind == "root", AnnouncementRow.state.in_(ON_ITS_WAY)
    )
    query = (
        select(CallRow, announced)
        .join(heard, heard.c.call_id == CallRow.id)
        .where(CallRow.merged_into.is_(None), CallRow.status != "withdrawn")
        .order_by(heard.c.place)
    )
    return tuple(
        Call(
            facts_of(row),
            msgspec.convert(row.comparison, Comparison) if row.comparison else None,
            told,
        )
        for row, told in session.execute(query)
    )


def _plans(session: Session, at: dt.datetime, zone: ZoneInfo) -> tuple[CallFacts, ...]:
    """The calls that are planned for the desk's day, or for a day of that date where they are to be held."""
    today = at.astimezone(zone).date()
    query = select(CallRow).where(CallRow.status == "planned", CallRow.merged_into.is_(None)).order_by(CallRow.earliest)
    planned = [facts_of(row) for row in session.scalars(query)]
    return tuple(facts for facts in planned if today.isoformat() == facts.date or today in _days(facts, zone))


def _days(facts: CallFacts, zone: ZoneInfo) -> set[dt.date]:
    """The desk's days of the hours for which a call is planned."""
    return {when.start.astimezone(zone).date() for when in facts.whens[:1] if when.start is not None}


def _not_sent(session: Session, at: dt.datetime) -> dict[str, int]:
    """What was not sent, by its state; what was held until `at` goes out beside the digest, and is not counted."""
    goes_now = (AnnouncementRow.state == "held") & (AnnouncementRow.next_attempt_at <= at)
    query = select(AnnouncementRow.state, func.count().label("n")).where(AnnouncementRow.state.in_(NOT_SENT), ~goes_now)
    found = {row.state: row.n for row in session.execute(query.group_by(AnnouncementRow.state))}
    return {state: found[state] for state in NOT_SENT if state in found}
