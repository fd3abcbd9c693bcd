"""What a run left in the database: every row of a call is counted, also one that no report has."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, make_transient, sessionmaker

from benchmarks.chaos import ledger
from shared import db
from shared.tables import CallRow
from tests.support.history import fill


@pytest.mark.parametrize(
    ("merged", "status", "counted"), [(False, "held", 1), (False, "withdrawn", 0), (True, "held", 0)]
)
def test_a_second_row_of_a_call_is_counted_while_it_stands(
    sessions: sessionmaker[Session], *, merged: bool, status: str, counted: int
) -> None:
    fill(sessions)
    with db.reading(sessions) as session:
        before = ledger.history(session)
    assert before.rows == len(before.calls)
    with sessions.begin() as session:
        row = session.scalars(select(CallRow).limit(1)).one()
        first = row.id
        session.expunge(row)
        make_transient(row)
        row.id, row.status, row.merged_into = "another", status, first if merged else None
        session.add(row)
    with db.reading(sessions) as session:
        after = ledger.history(session)
    assert (after.rows - before.rows, after.calls) == (counted, before.calls)
