"""Calls of the history: a page of them by filters, one with its reports and announcements, the history of a pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.status.paging import Moment
from services.status.search import words_of
from shared.tables import AnnouncementRow, ArticleRow, CallPairRow, CallRow, ReportRow

#: How many calls one page of a search in words looks through; the cursor goes on from there.
SCAN = 500
#: When a call was, else when it was first heard of: the order of every list, and of the index `ix_calls_told`.
TOLD_AT = func.coalesce(CallRow.latest, CallRow.created_at)
_STANDING = CallRow.merged_into.is_(None)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of calls is to hold; what is None or empty filters nothing. `pair` is two codes or two persons."""

    person: str | None = None
    country: str | None = None
    pair: str | None = None
    status: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    text: str | None = None
    persons: tuple[str, ...] = ()


class Listed(msgspec.Struct, frozen=True):
    """Some calls, and the place after which the list goes on; None at its end."""

    rows: list[CallRow]
    next: Moment | None


def page(session: Session, filters: Filters, after: Moment | None, limit: int) -> Listed:
    """A page of calls, the latest first. One that searches in words may hold fewer than asked for, and go on."""
    looked_at = SCAN if filters.text else limit
    places = [Moment(at, call_id) for call_id, at in session.execute(_places(filters, after).limit(looked_at + 1))]
    rows = load(session, [place.id for place in places[:looked_at]])
    if filters.text:
        rows = [row for row in rows if filters.text.casefold() in words_of(row.facts)]
    if len(rows) > limit:
        last = rows[limit - 1].id
        return Listed(rows[:limit], next(place for place in places if place.id == last))
    return Listed(rows, places[looked_at - 1] if len(places) > looked_at else None)


def load(session: Session, ids: Sequence[str]) -> list[CallRow]:
    """Calls by their ids, in this order."""
    rows = {row.id: row for row in session.scalars(select(CallRow).where(CallRow.id.in_(ids)))}
    return [rows[call_id] for call_id in ids if call_id in rows]


def _places(filters: Filters, after: Moment | None) -> Select[str, dt.datetime]:
    """Ids and moments alone: the index holds all that is asked for, so that no row is read for nothing."""
    query = select(CallRow.id, TOLD_AT.label("told_at")).where(*_conditions(filters))
    if after is not None:
        # the call's own moment as the database has it: SQLite keeps moments as text, in more than one precision
        own = select(TOLD_AT).where(CallRow.id == after.id).scalar_subquery()
        at = func.coalesce(own, literal(after.at, CallRow.created_at.type))
        query = query.where(or_(at > TOLD_AT, and_(at == TOLD_AT, CallRow.id > after.id)))
    return query.order_by(TOLD_AT.desc(), CallRow.id)


def _conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    yield _STANDING
    if filters.status:
        yield CallRow.status == filters.status
    else:
        yield CallRow.status != "withdrawn"
    if filters.pair:
        yield CallRow.id.in_(select(CallPairRow.call_id).where(CallPairRow.pair == filters.pair))
    for person in filter(None, (filters.person, *filters.persons)):
        yield _among(CallRow.persons, person, "|")
    if filters.country:
        yield _among(CallRow.countries, filters.country, "-")
    if filters.since:
        yield filters.since <= TOLD_AT
    if filters.until:
        yield filters.until > TOLD_AT


def _among(column: InstrumentedAttribute[str], wanted: str, between: str) -> ColumnElement[bool]:
    """Whether a joined column has a member."""
    return (literal(between) + column + between).contains(f"{between}{wanted}{between}", autoescape=True)


# ---- one call ----


class Whole(msgspec.Struct, frozen=True):
    """A call with all that is stored of it: each report beside its article, and what was said to the desk."""

    row: CallRow
    reports: list[tuple[ReportRow, ArticleRow]]
    announcements: list[AnnouncementRow]


def whole(session: Session, call_id: str) -> Whole | None:
    """A call by its id, or by that of one that was merged into it; None where no call has it."""
    row = session.get(CallRow, call_id)
    row = session.get(CallRow, row.merged_into) if row is not None and row.merged_into else row
    if row is None:
        return None
    reports = session.execute(
        select(ReportRow, ArticleRow)
        .join(ArticleRow, ArticleRow.id == ReportRow.article_id)
        .where(ReportRow.call_id == row.id)
        .order_by(ReportRow.created_at, ReportRow.id)
        .limit(MOST)
    )
    said = session.scalars(
        select(AnnouncementRow).where(AnnouncementRow.call_id == row.id).order_by(AnnouncementRow.id).limit(MOST)
    )
    return Whole(row, [(report, article) for report, article in reports], list(said))


#: The most reports and messages of one call, and calls of one pair, that are answered at once.
MOST = 500


def of_pair(session: Session, filters: Filters) -> list[CallRow]:
    """The calls of a pair, the latest first, at most `MOST`."""
    query = select(CallRow).where(*_conditions(filters)).order_by(TOLD_AT.desc(), CallRow.id)
    return list(session.scalars(query.limit(MOST)))


def changed_since(session: Session, at: dt.datetime, call_id: str, limit: int) -> list[CallRow]:
    """Calls that came or changed after that moment, and within it those behind that id, the oldest change first."""
    later = or_(CallRow.updated_at > at, and_(CallRow.updated_at == at, CallRow.id > call_id))
    query = select(CallRow).where(later, _STANDING).order_by(CallRow.updated_at, CallRow.id)
    return list(session.scalars(query.limit(limit)))
