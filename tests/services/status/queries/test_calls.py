"""A page of calls: whatever filters are put together, the same as looking at every call, and by an index alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from services.classify.history import pairs_of
from services.status.paging import Moment
from services.status.queries import calls
from services.status.queries.calls import FEW, Filters, changed_between, page
from shared.tables import CallPairRow, CallRow
from tests.support.history import NOW, ago
from tests.support.plans import plans_of

DAY = dt.timedelta(days=1)
WHO = ("RU-US", "RU-US", "RU", "GB-RU-US", "CN-RU", "RU-TR-US", "GB-US", "CN-GB-RU-US", "RU-USA")
STATUSES = ("held", "held", "planned", "denied", "withdrawn")
COUNTRIES: dict[str, dict[str, str]] = {
    "country": {"country": "US"},
    "longer code": {"country": "USA"},
    "alone": {"country": "RU"},
    "nowhere": {"country": "ZZ"},
    "pair": {"pair": "RU-US"},
}
OTHERS: dict[str, dict[str, Any]] = {
    "held": {"status": "held"},
    "planned": {"status": "planned"},
    "withdrawn": {"status": "withdrawn"},
    "person": {"persons": ("one",)},
    "since": {"since": NOW - 20 * DAY},
    "until": {"until": NOW - 5 * DAY},
    "words": {"text": "Odd, TWO"},
    "no such words": {"text": "odd twofold"},
    "no word": {"text": " – "},
}
#: Names under which they are told of, one word the beginning of another.
WORDS = ("even two", "odd two", "odd twice", "")


def _calls() -> list[CallRow]:
    """Calls of every kind; some on one day, some of which only the day of the first article is known."""
    rows = []
    for number, (who, status) in enumerate(product(WHO, STATUSES)):
        latest = NOW - (number % 26) * DAY if number % 7 else None
        rows.append(
            CallRow(id=f"c{number:02}", countries=who, persons="one|two" if number % 3 else "three", status=status,
                    news=True, latest=latest, facts={}, words=WORDS[number % 4],
                    created_at=NOW - (number % 13) * DAY, updated_at=NOW)
        )  # fmt: skip
    rows[1].merged_into = rows[0].id
    return rows


def _fits(row: CallRow, filters: Filters) -> bool:
    told_at, countries = row.latest or row.created_at, row.countries.split("-")
    return (
        row.merged_into is None
        and (row.status == filters.status if filters.status else row.status != "withdrawn")
        and (filters.country is None or filters.country in countries)
        and (filters.pair is None or set(filters.pair.split("-")) <= set(countries))
        and set(filters.persons) <= set(row.persons.split("|"))
        and (filters.since is None or told_at >= filters.since)
        and (filters.until is None or told_at < filters.until)
        and (filters.text is None or (filters.text == "Odd, TWO" and row.words == "odd two"))
    )


def _wanted(rows: Sequence[CallRow], filters: Filters) -> list[str]:
    fitting = [row for row in rows if _fits(row, filters)]
    return [row.id for row in sorted(fitting, key=lambda row: (NOW - (row.latest or row.created_at), row.id))]


def _combined() -> Iterator[dict[str, Any]]:
    """No filter, each one, and each two and three of them that do not ask for the same thing."""
    every = COUNTRIES | OTHERS
    for number in range(4):
        for names in combinations(every, number):
            found = [every[name] for name in names]
            if len({key for one in found for key in one}) == len(found):
                yield {key: value for one in found for key, value in one.items()}


def _store(session: Session, rows: Sequence[CallRow]) -> None:
    """Calls, one merged into the first of them, with their pairs of countries."""
    session.add(rows[0])
    session.flush()
    session.add_all(rows[1:])
    session.flush()
    session.add_all(CallPairRow(call_id=row.id, pair=pair) for row in rows for pair in pairs_of(row.countries))


@pytest.mark.parametrize("few", [0, FEW])
def test_any_filters_let_through_what_looking_at_every_call_would(
    sessions: sessionmaker[Session], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "FEW", few)
    monkeypatch.setattr(calls, "FEW_WITH_WORDS", few)
    rows = _calls()
    with sessions.begin() as session:
        _store(session, rows)
    found = 0
    with sessions() as session:
        for asked in _combined():
            filters = Filters(**asked)
            wanted = _wanted(rows, filters)
            assert _read(session, filters, 3) == _read(session, filters, 50) == wanted, asked
            found += len(wanted)
    assert found > 300


def _read(session: Session, filters: Filters, limit: int) -> list[str]:
    """All pages, one after the other."""
    ids, after = list[str](), None
    while True:
        listed = page(session, filters, after, limit)
        ids += [call.id for call in listed.calls]
        after = listed.next
        if after is None:
            return ids


@pytest.mark.parametrize("days", [-300, 300])
def test_a_page_goes_on_where_it_was_though_its_last_call_has_moved(
    sessions: sessionmaker[Session], days: float
) -> None:
    with sessions.begin() as session:
        session.add_all(
            CallRow(id=f"c{number}", countries="", persons="", status="held", news=True, facts={},
                    latest=NOW - number * DAY, updated_at=NOW)
            for number in range(6)
        )  # fmt: skip
    with sessions() as session:
        first = page(session, Filters(), None, 3)
    with sessions.begin() as session:
        session.get_one(CallRow, "c2").latest = NOW + days * DAY
    with sessions() as session:
        second = page(session, Filters(), first.next, 3)
    assert [call.id for call in second.calls] == ["c3", "c4", "c5"]


def test_one_country_beside_itself_is_no_pair(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all(row for row in _calls() if row.merged_into is None)
    with sessions() as session:
        assert _read(session, Filters(pair="RU-RU"), 5) == _read(session, Filters(pair="RU-RU", text="odd"), 5) == []


@pytest.mark.parametrize(
    ("filters", "indexes"),
    [
        (Filters(), {"ix_calls_told"}),
        (Filters(country="US", since=ago(60)), {"ix_calls_told"}),
        (Filters(persons=("one",)), {"ix_calls_told"}),
        (Filters(pair="RU-US", status="held"), {"ix_calls_told_of_two", "ix_calls_told_of_more"}),
        (Filters(status="planned", country="US"), {"ix_calls_told_not_held"}),
    ],
)
def test_places_are_found_in_an_index_in_the_order_of_the_list(
    sessions: sessionmaker[Session], filters: Filters, indexes: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "FEW", -1)  # every country has more
    with sessions() as session, plans_of(session) as plans:
        page(session, filters, None, 25)
    plan = plans[-1]
    for index in indexes:
        assert re.search(f"USING (COVERING )?INDEX {index} ", plan) or f"Index Only Scan using {index} " in plan, plan
    assert "SCAN calls \n" not in plan
    assert "Seq Scan" not in plan


def test_a_country_with_few_calls_is_found_by_its_pairs(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, plans_of(session) as plans:
        page(session, Filters(country="US"), None, 25)
    few, places = plans
    assert all(index in few for index in ("ix_call_pairs_first", "ix_call_pairs_last", "ix_calls_told_of_two")), few
    assert not re.search(r"SCAN call|Seq Scan", few), few
    assert re.search(r"\(id=\?\)|id = ANY|SEARCH calls USING INDEX sqlite_autoindex_calls", places), places


def test_what_changed_is_found_in_an_index_from_the_place_on(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all(
            CallRow(
                id=f"c{number}", countries="", persons="", status="held", news=True, facts={}, updated_at=ago(number)
            )
            for number in range(300)
        )
        session.flush()
        session.execute(text("ANALYZE"))
    with sessions() as session, plans_of(session) as plans:
        changed_between(session, Moment(NOW, "c1"), NOW + dt.timedelta(days=1), 50)
    (plan,) = plans
    assert re.search(r"ix_calls_updated_at \(updated_at>\?|Index Cond: \(+updated_at >=", plan), plan
