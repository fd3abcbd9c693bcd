"""One stored article, what was read in it, and what came of that."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from shared.tables import AnnouncementRow, ArticleRow, CallRow, EntryRow, FeedRow, ReportRow


class Told(msgspec.Struct, frozen=True):
    """An article with its reports, and for each the call that it belongs to and what was said to the desk."""

    article: ArticleRow
    feed: FeedRow | None
    reports: list[tuple[ReportRow, CallRow]]
    announcements: dict[int, list[AnnouncementRow]]


def by_id(session: Session, article_id: int) -> Told | None:
    """An article by its number; None where there is none."""
    row = session.get(ArticleRow, article_id)
    return told(session, row) if row is not None else None


def by_address(session: Session, keys: Collection[str], url: str) -> Told | None:
    """An article by what it is known by, or by its address as it came; None where it was never stored."""
    query = select(ArticleRow).where(ArticleRow.key.in_([*keys, url])).order_by(ArticleRow.id).limit(1)
    row = session.scalars(query).first()
    if row is None:
        entry = select(EntryRow.article_id).where(EntryRow.entry_key.in_([*keys, url])).limit(1)
        row = session.scalars(select(ArticleRow).where(ArticleRow.id.in_(entry)).limit(1)).first()
    return told(session, row) if row is not None else None


def told(session: Session, row: ArticleRow) -> Told:
    """All that is stored beside an article, in three questions."""
    reports = session.execute(
        select(ReportRow, CallRow)
        .join(CallRow, CallRow.id == ReportRow.call_id)
        .where(ReportRow.article_id == row.id)
        .order_by(ReportRow.ordinal)
    ).all()
    said = _announcements(session, [report.id for report, _ in reports], [call.id for _, call in reports])
    feed = session.get(FeedRow, row.feed_id) if row.feed_id is not None else None
    by_report = {report.id: [one for one in said if _concerns(one, report)] for report, _ in reports}
    return Told(row, feed, [(report, call) for report, call in reports], by_report)


def _announcements(session: Session, reports: Sequence[int], calls: Sequence[str]) -> list[AnnouncementRow]:
    query = select(AnnouncementRow).where(
        or_(AnnouncementRow.report_id.in_(reports), AnnouncementRow.call_id.in_(calls))
    )
    return list(session.scalars(query.order_by(AnnouncementRow.id))) if reports else []


def _concerns(said: AnnouncementRow, report: ReportRow) -> bool:
    """Whether a message is about a report: made from it, or the root of its call."""
    return said.report_id == report.id or (said.call_id == report.call_id and said.kind == "root")


def texts(session: Session, ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The words of some articles, part by part."""
    query = select(ArticleRow.id, ArticleRow.title, ArticleRow.summary, ArticleRow.text).where(ArticleRow.id.in_(ids))
    return {row.id: {"title": row.title, "summary": row.summary, "text": row.text} for row in session.execute(query)}


def feeds_of(session: Session, articles: Collection[int] | Select[int]) -> dict[int, list[str]]:
    """The addresses of the feeds that brought some articles, of each first the one that did so first; those that no
    feed brought are left out."""
    first = select(ArticleRow.id, FeedRow.url).join(FeedRow, FeedRow.id == ArticleRow.feed_id)
    shown = select(EntryRow.article_id, FeedRow.url).join(FeedRow, FeedRow.id == EntryRow.feed_id)
    found: dict[int, list[str]] = {}
    for article, url in [
        *session.execute(first.where(ArticleRow.id.in_(articles))),
        *session.execute(shown.where(EntryRow.article_id.in_(articles)).order_by(EntryRow.id)),
    ]:
        known = found.setdefault(article, [])
        if url not in known:
            known.append(url)
    return found


def feeds_of_host(session: Session, host: str) -> list[FeedRow]:
    """The feeds that are polled at a host, at one below it or at the one above: www.a.example, a.example, rss.a.example
    are one newspaper's."""
    wanted = host.removeprefix("www.")
    listed = session.scalars(select(FeedRow).where(FeedRow.listed).order_by(FeedRow.id))
    return [feed for feed in listed if _are_kin(feed.host.removeprefix("www."), wanted)]


def _are_kin(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def of_reports(session: Session, ids: Collection[int]) -> dict[int, int]:
    """The articles of some reports."""
    query = select(ReportRow.id, ReportRow.article_id).where(ReportRow.id.in_(ids))
    return {row.id: row.article_id for row in session.execute(query)}
