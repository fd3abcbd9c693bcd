"""What the database knows of a call, as the notifier tells it: read only, for a preview and for the digest."""

from __future__ import annotations

import datetime as dt

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.notify.layout import CallView, Edit
from shared.records import CallFacts, Comparison, Judgement, Report
from shared.tables import AnnouncementRow, CallRow, ReportRow


class Told(msgspec.Struct, frozen=True):
    """A call with the reports that made replies in its thread, in their order."""

    view: CallView
    updates: tuple[tuple[Judgement, Report], ...]


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
        (msgspec.convert(report.judgement, Judgement), msgspec.convert(report.report, Report))
        for report in reports
        if (report.decision or "").startswith("update:")
    )
    return Told(_view(session, row), replies)


def first_news(session: Session, call_id: str) -> dt.datetime | None:
    """When the first article that tells of a call as news came out."""
    news = select(func.min(ReportRow.published_at)).where(
        ReportRow.call_id == call_id, ReportRow.verdict != "background"
    )
    return session.scalar(news)


def _view(session: Session, row: CallRow) -> CallView:
    calls = select(CallRow.id).where(or_(CallRow.id == row.id, CallRow.merged_into == row.id))
    root = session.scalars(
        select(AnnouncementRow)
        .where(AnnouncementRow.kind == "root", AnnouncementRow.call_id.in_(calls))
        .order_by(AnnouncementRow.id)
        .limit(1)
    ).first()
    payload = root.payload if root else {}
    return CallView(
        call_id=row.id,
        facts=msgspec.convert(row.facts, CallFacts),
        comparison=msgspec.convert(row.comparison, Comparison) if row.comparison else None,
        article_at=first_news(session, row.id),
        edits=tuple(msgspec.convert(edit, Edit) for edit in payload.get("edits", ())),
        late=payload.get("late", False),
    )
