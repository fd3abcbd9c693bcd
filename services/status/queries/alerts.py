"""The ledger: what was said to the desk and what was not, the newest first."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.tables import AnnouncementRow


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


def calls_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The calls that some announcements are about; those about none are left out."""
    query = select(AnnouncementRow.id, AnnouncementRow.call_id).where(AnnouncementRow.id.in_(ids))
    return {row.id: row.call_id for row in session.execute(query) if row.call_id is not None}


NOT_OUT = ("waiting", "claimed", "held", "muted", "undated", "unknown", "refused", "dead")
