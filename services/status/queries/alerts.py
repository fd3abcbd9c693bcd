"""The ledger: what was said to the desk and what was not, the newest first."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.status.queries.articles import feeds_of
from shared.tables import AnnouncementRow, ArticleRow, ReportRow


def page(
    session: Session, *, state: str | None, kind: str | None, call_id: str | None, before: int | None, limit: int
) -> list[AnnouncementRow]:
    """A page of announcements below a number, and one more where the list goes on."""
    query = select(AnnouncementRow)
    if state:
        query = query.where(AnnouncementRow.state == state)
    if kind:
        query = query.where(AnnouncementRow.kind == kind)
    if call_id:
        query = query.where(AnnouncementRow.call_id == call_id)
    if before is not None:
        query = query.where(AnnouncementRow.id < before)
    return list(session.scalars(query.order_by(AnnouncementRow.id.desc()).limit(limit + 1)))


def unsent(session: Session, limit: int) -> list[AnnouncementRow]:
    """What has not gone out, the oldest first: waiting its turn, held, muted, undated, unknown, refused or given up."""
    query = select(AnnouncementRow).where(AnnouncementRow.state.in_(NOT_OUT)).order_by(AnnouncementRow.id)
    return list(session.scalars(query.limit(limit)))


class Reading(msgspec.Struct, frozen=True):
    """What an alert was made from: the newspaper, the feeds that brought its article, and the version of the rules and
    data that read it last."""

    outlet: str | None = None
    feeds: tuple[str, ...] = ()
    rules_version: str | None = None


def readings(session: Session, alerts: Collection[int] | Select[int]) -> dict[int, Reading]:
    """What some announcements were made from; those that no one report made are left out."""
    of_report = (
        select(AnnouncementRow.id, ArticleRow.id, ArticleRow.outlet, ArticleRow.rules_version)
        .join(ReportRow, ReportRow.id == AnnouncementRow.report_id)
        .join(ArticleRow, ArticleRow.id == ReportRow.article_id)
        .where(AnnouncementRow.id.in_(alerts))
    )
    found = session.execute(of_report).all()
    feeds = feeds_of(session, of_report.with_only_columns(ArticleRow.id)) if found else {}
    return {alert: Reading(outlet, tuple(feeds.get(article, ())), version) for alert, article, outlet, version in found}


def calls_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The calls that some announcements are about; those about none are left out."""
    query = select(AnnouncementRow.id, AnnouncementRow.call_id).where(AnnouncementRow.id.in_(ids))
    return {row.id: row.call_id for row in session.execute(query) if row.call_id is not None}


NOT_OUT = ("waiting", "claimed", "held", "muted", "undated", "unknown", "refused", "dead")
