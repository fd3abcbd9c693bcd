"""Calls of the history: a page of them by filters, one with its reports and announcements, the history of a pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Interval,
    Select,
    String,
    and_,
    any_,
    bindparam,
    column,
    func,
    literal,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.status.paging import Moment
from services.status.search import has_words
from shared.tables import (
    FIRST_OF_PAIR,
    LAST_OF_PAIR,
    NOT_HELD,
    OF_MORE,
    AnnouncementRow,
    ArticleRow,
    CallPairRow,
    CallRow,
    ReportRow,
)

#: How many calls one page of a search in words looks through; the cursor goes on from there.
SCAN = 500
#: So many calls of a country are found by their numbers, and put into their order.
FEW = 100
#: When a call was, else when it was first heard of: the order of every list, and of the index `ix_calls_told`.
TOLD_AT = func.coalesce(CallRow.latest, CallRow.created_at)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of calls is to hold; what is None or empty filters nothing. `pair` is two codes, `persons` are one or
    two ids, all of them in the call."""

    persons: tuple[str, ...] = ()
    country: str | None = None
    pair: str | None = None
    status: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    text: str | None = None


class Brief(msgspec.Struct, frozen=True):
    """What a list tells of a call: these columns of its row and no others."""

    id: str
    status: str
    news: bool
    earliest: dt.datetime | None
    latest: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime
    facts: dict[str, Any]
    comparison: dict[str, Any] | None


_COLUMNS = tuple(getattr(CallRow, name) for name in Brief.__struct_fields__)


def brief(row: CallRow) -> Brief:
    """The same of a row that was read whole."""
    return Brief(*(getattr(row, name) for name in Brief.__struct_fields__))


class Listed(msgspec.Struct, frozen=True):
    """Some calls, and the place after which the list goes on; None at its end."""

    calls: list[Brief]
    next: Moment | None


def page(session: Session, filters: Filters, after: Moment | None, limit: int) -> Listed:
    """A page of calls, the latest first. One that searches in words may hold fewer than asked for, and go on."""
    looked_at = SCAN if filters.text else limit
    found = _listed(session, filters, after, looked_at + 1)
    fitting = [one for one in found[:looked_at] if _has_words(one.call, filters.text)]
    if len(fitting) > limit:
        return Listed([one.call for one in fitting[:limit]], fitting[limit - 1].place)
    return Listed([one.call for one in fitting], found[looked_at - 1].place if len(found) > looked_at else None)


def of_pair(session: Session, filters: Filters) -> tuple[list[Brief], bool]:
    """The calls of a pair, the latest first, at most `MOST`, and whether there are more."""
    found = [one.call for one in _listed(session, filters, None, MOST + 1)]
    return found[:MOST], len(found) > MOST


class _Placed(msgspec.Struct, frozen=True):
    place: Moment
    call: Brief


def _has_words(call: Brief, text: str | None) -> bool:
    return not text or has_words(call.facts, text)


def _listed(session: Session, filters: Filters, after: Moment | None, most: int) -> list[_Placed]:
    """The calls that the filters let through, behind a place, in the order of every list."""
    values = _values(filters, after)
    if after is not None and _has_moved(session, after):
        values["gone"] = values.pop("after")
    if filters.country is not None and filters.pair is None:
        values |= _few_of(session, filters.country)
    rows = session.execute(_statement(frozenset(values)), {**values, "most": most})
    return [_Placed(Moment(told_at, columns[0]), Brief(*columns)) for told_at, *columns in rows]


def _few_of(session: Session, country: str) -> dict[str, Any]:
    """The calls of a country that has few, by how a statement of this database takes a list; nothing where it has many.

    Lists are read in their order, and of calls with many there are soon enough; a country with few, or with none, would
    have the whole history read.
    """
    asked = {"country": f"-{country}-", "first": country[:2], "last": country[-2:], "alone": country, "most": FEW + 1}
    found = set(session.scalars(_OF_COUNTRY, asked))
    if len(found) > FEW:
        return {}
    if session.get_bind().dialect.name == "postgresql":
        return {"ids": sorted(found)}
    return {"ids_json": msgspec.json.encode(sorted(found)).decode()}


def _has_moved(session: Session, place: Moment) -> bool:
    """Whether the call of a place stands elsewhere by now, as its day was corrected, or is there no more."""
    return session.scalar(select(TOLD_AT).where(CallRow.id == place.id)) != place.at


def _values(filters: Filters, after: Moment | None) -> dict[str, Any]:
    """What a statement is filled with; a value names its condition."""
    sides = [f"-{side}-" for side in filters.pair.split("-")] if filters.pair else []
    asked = {
        "status" if filters.status == "held" else "rare": filters.status,
        "pair": filters.pair,
        **dict(zip(("one", "two"), sides, strict=False)),
        "country": filters.country and f"-{filters.country}-",
        "since": filters.since,
        "until": filters.until,
    }
    asked |= {name: f"|{person}|" for name, person in zip(("person", "other"), filters.persons, strict=False)}
    asked |= {"after": after.id, "at": after.at} if after else {}
    return {name: value for name, value in asked.items() if value is not None}


@lru_cache(maxsize=256)
def _statement(wanted: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The question for these conditions, put together once: that takes as long as to ask it.

    Places are found first, by an index alone, and only the rows that are shown are read.
    """
    conditions = [condition for name, condition in _CONDITIONS.items() if name in wanted]
    if not wanted & {"status", "rare"}:
        conditions.append(CallRow.status != "withdrawn")
    found = (_of_two_and_of_more(conditions) if "pair" in wanted else _places(conditions)).subquery()
    return (
        select(found.c.told_at, *_COLUMNS)
        .join(found, found.c.id == CallRow.id)
        .order_by(found.c.told_at.desc(), found.c.id)
    )


def _places(conditions: Iterable[ColumnElement[bool]]) -> Select[str, dt.datetime]:
    """The first places of the list that these conditions let through."""
    places = select(CallRow.id, TOLD_AT.label("told_at")).where(CallRow.merged_into.is_(None), *conditions)
    return places.order_by(TOLD_AT.desc(), CallRow.id).limit(_MOST)


def _of_two_and_of_more(conditions: Sequence[ColumnElement[bool]]) -> CompoundSelect[str, dt.datetime]:
    """The same of a pair: each of its calls is of these two alone, or of more than two. Both kinds have their index, so
    that no more of a long history is read than is shown."""
    of_two = _places([*conditions, CallRow.countries == bindparam("pair", type_=String)]).subquery()
    sides = [_among(CallRow.countries, "-", side) for side in ("one", "two")]
    two_sides = bindparam("one", type_=String) != bindparam("two", type_=String)
    of_more = _places([*conditions, and_(text(OF_MORE), two_sides), *sides]).subquery()
    both = union_all(select(of_two), select(of_more))
    return both.order_by(both.selected_columns.told_at.desc(), both.selected_columns.id).limit(_MOST)


def _among(column: InstrumentedAttribute[str], between: str, name: str) -> ColumnElement[bool]:
    """Whether a joined column has a member, which comes with the marks around it."""
    joined = literal(between) + column + between
    # and no LIKE: PostgreSQL takes a member for so rare that it starts two more processes to look for ten rows
    return func.replace(joined, bindparam(name, type_=String), "") != joined


_MOMENT = CallRow.created_at.type
_MOST = bindparam("most", type_=Integer)
#: The call's own moment as the database has it: SQLite keeps moments as text, in more than one precision.
_OWN = select(TOLD_AT).where(CallRow.id == bindparam("after", type_=String)).correlate(None).scalar_subquery()
_AT = bindparam("at", type_=_MOMENT)
_PAIR = CallPairRow.pair
_OF_COUNTRY = union_all(
    *(
        select(
            select(CallPairRow.call_id)
            .where(text(f"{part} = :{name}").bindparams(bindparam(name, type_=String)), _among(_PAIR, "-", "country"))
            .limit(_MOST)
            .subquery()
        )
        for name, part in (("first", FIRST_OF_PAIR), ("last", LAST_OF_PAIR))
    ),
    select(
        select(CallRow.id)
        .where(CallRow.countries == bindparam("alone", type_=String), CallRow.merged_into.is_(None))
        .limit(_MOST)
        .subquery()
    ),
)
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "status": CallRow.status == bindparam("status", type_=String),
    # what an index is bound to stands there word for word: of a parameter no database knows that the index will do
    "rare": and_(text(NOT_HELD), CallRow.status == bindparam("rare", type_=String)),
    "country": _among(CallRow.countries, "-", "country"),
    "ids": CallRow.id == any_(bindparam("ids", type_=ARRAY(String))),
    "ids_json": CallRow.id.in_(
        select(func.json_each(bindparam("ids_json", type_=String)).table_valued("value").c.value)
    ),
    "person": _among(CallRow.persons, "|", "person"),
    "other": _among(CallRow.persons, "|", "other"),
    "since": bindparam("since", type_=_MOMENT) <= TOLD_AT,
    "until": bindparam("until", type_=_MOMENT) > TOLD_AT,
    # the first part follows from the second; by it the index is entered at the place, and not at the latest call
    "after": and_(_OWN >= TOLD_AT, or_(_OWN > TOLD_AT, CallRow.id > bindparam("after", type_=String))),
    "gone": and_(_AT >= TOLD_AT, or_(_AT > TOLD_AT, CallRow.id > bindparam("gone", type_=String))),
}


# ---- one call ----


class Whole(msgspec.Struct, frozen=True):
    """A call with all that is stored of it: each report beside its article, and what was said to the desk; the first
    `MOST` of either. `more`: there are others."""

    row: CallRow
    reports: list[tuple[ReportRow, ArticleRow]]
    announcements: list[AnnouncementRow]
    more: bool


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
        .limit(MOST + 1)
    ).all()
    of_call = select(AnnouncementRow).where(AnnouncementRow.call_id == row.id).order_by(AnnouncementRow.id)
    said = session.scalars(of_call.limit(MOST + 1)).all()
    return Whole(
        row,
        [(report, article) for report, article in reports[:MOST]],
        list(said[:MOST]),
        more=max(len(reports), len(said)) > MOST,
    )


#: The most reports and messages of one call, and calls of one pair, that are answered at once.
MOST = 500


#: How far apart two machines' clocks may be, and how long before its first change a transaction may have looked at one.
SETTLED = dt.timedelta(seconds=2)
_ACTIVITY = table("pg_stat_activity", column("datname"), column("backend_xid"), column("xact_start"))
_OPEN_FOR = select(func.max(func.clock_timestamp() - _ACTIVITY.c.xact_start, type_=Interval)).where(
    _ACTIVITY.c.datname == func.current_database(), _ACTIVITY.c.backend_xid.is_not(None)
)


def open_for(session: Session) -> dt.timedelta:
    """For how long the oldest transaction lasts that has changed something and shows it to nobody yet; ask this before
    what it is to hold for. On SQLite whoever writes looks at the clock with the lock in hand: none lasts."""
    if session.get_bind().dialect.name != "postgresql":
        return dt.timedelta()
    return session.scalar(_OPEN_FOR) or dt.timedelta()


def changed_between(session: Session, after: Moment, until: dt.datetime, limit: int) -> list[Brief]:
    """Calls that came or changed after that place and before that moment, the oldest change first."""
    later = or_(CallRow.updated_at > after.at, and_(CallRow.updated_at == after.at, CallRow.id > after.id))
    # the first part follows from the second; by it the index is entered at the place, and not at the oldest change
    between = CallRow.updated_at >= after.at, CallRow.updated_at < until, later
    query = select(*_COLUMNS).where(*between, CallRow.merged_into.is_(None))
    query = query.order_by(CallRow.updated_at, CallRow.id)
    return [Brief(*columns) for columns in session.execute(query.limit(limit))]
