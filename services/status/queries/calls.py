"""Calls of the history: a page of them by filters, one with its reports and announcements, the history of a pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.status.paging import Moment
from shared.search import words_in
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

#: So many calls of a country, and so many with the words of a search, are found by their numbers and put into their
#: order. It takes a server 2 µs to look whether a call has a word: where there are more, a page is soon full.
FEW, FEW_WITH_WORDS = 100, 500
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
    """A page of calls, the latest first."""
    found = _listed(session, filters, after, limit + 1)
    return Listed([one.call for one in found[:limit]], found[limit - 1].place if len(found) > limit else None)


def of_pair(session: Session, filters: Filters) -> tuple[list[Brief], bool]:
    """The calls of a pair, the latest first, at most `MOST`, and whether there are more."""
    found = [one.call for one in _listed(session, filters, None, MOST + 1)]
    return found[:MOST], len(found) > MOST


class _Placed(msgspec.Struct, frozen=True):
    place: Moment
    call: Brief


def _listed(session: Session, filters: Filters, after: Moment | None, most: int) -> list[_Placed]:
    """The calls that the filters let through, behind a place, in the order of every list."""
    values = _values(filters, after)
    if after is not None and _has_moved(session, after):
        values["gone"] = values.pop("after")
    if filters.country is not None and filters.pair is None:
        values |= _few_of(session, filters.country)
    if filters.text is not None:
        sought = _sought(session, words_in(filters.text))
        if not sought:  # it has not one letter, and no call has it
            return []
        few = _few_with(session, values | sought)
        values |= few or sought
    rows = session.execute(_statement(frozenset(values)), {**values, "most": most})
    return [_Placed(Moment(told_at, columns[0]), Brief(*columns)) for told_at, *columns in rows]


def _few_of(session: Session, country: str) -> dict[str, Any]:
    """The calls of a country that has few, by how a statement of this database takes a list; nothing where it has many.

    Lists are read in their order, and of calls with many there are soon enough; a country with few, or with none, would
    have the whole history read.
    """
    asked = {"country": f"-{country}-", "first": country[:2], "last": country[-2:], "alone": country, "most": FEW + 1}
    found = set(session.scalars(_OF_COUNTRY, asked))
    return _numbers(session, found) if len(found) <= FEW else {}


def _few_with(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same of the calls that a search in words and all other filters let through."""
    found = session.scalars(_with_words(frozenset(values)), {**values, "most": FEW_WITH_WORDS + 1}).all()
    return _numbers(session, found) if len(found) <= FEW_WITH_WORDS else {}


def _numbers(session: Session, ids: Collection[str]) -> dict[str, Any]:
    """Calls by how a statement of this database takes a list."""
    if _is_postgresql(session):
        return {"ids": sorted(ids)}
    return {"ids_json": msgspec.json.encode(sorted(ids)).decode()}


def _sought(session: Session, words: Sequence[str]) -> dict[str, str]:
    """What a statement of this database is filled with to look for words: what a call is found by begins with each."""
    if _is_postgresql(session):
        return {"words": " & ".join(f"'{word}':*" for word in words)} if words else {}
    return {f"{WORD}{number}": f" {word}" for number, word in enumerate(dict.fromkeys(words))}


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


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
    conditions = _conditions(wanted)
    found = (_of_two_and_of_more(conditions) if "pair" in wanted else _places(conditions)).subquery()
    return (
        select(found.c.told_at, *_COLUMNS)
        .join(found, found.c.id == CallRow.id)
        .order_by(found.c.told_at.desc(), found.c.id)
    )


@lru_cache(maxsize=256)
def _with_words(wanted: frozenset[str]) -> Select[str]:
    """The question for the calls that these conditions let through, in no order, and by the index of their words."""
    conditions = _conditions(wanted - {"words"})
    conditions += [CallRow.words.bool_op("@@")(_SOUGHT)] if "words" in wanted else []
    conditions += [_among(CallRow.countries, "-", side) for side in ("one", "two") if side in wanted]
    return select(CallRow.id).where(CallRow.merged_into.is_(None), *conditions).limit(_MOST)


def _conditions(wanted: Collection[str]) -> list[ColumnElement[bool]]:
    found = [condition for name, condition in _CONDITIONS.items() if name in wanted]
    found += [_has_word(name) for name in sorted(wanted) if name.startswith(WORD)]
    return found if {"status", "rare"} & set(wanted) else [*found, CallRow.status != "withdrawn"]


def _has_word(name: str) -> ColumnElement[bool]:
    return func.instr(literal(" ") + CallRow.words, bindparam(name, type_=String)) > 0


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
_SOUGHT = cast(bindparam("words", type_=String), TSQUERY)
#: What a value is called that is one of the words of a search, on SQLite.
WORD = "with_"
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    # coalesce: read in the order of the list, and no index; PostgreSQL takes a beginning for so rare that it would
    # fetch all calls that have it, and sort them
    "words": func.coalesce(CallRow.words.bool_op("@@")(_SOUGHT), false()),
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
