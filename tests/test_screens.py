"""The pictures of docs/pages: what stands behind them is read as it was meant, and README shows each."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from redphone.web import known
from services.status.context import Context
from shared import db
from shared.tables import CallRow, ReportRow
from tests.services.status.test_api import get
from tests.support import fiction, history
from tests.support.processes import ROOT
from tests.support.screens import CALL, EMPTY, FILLED, FOLDER, TROUBLE


def test_every_invented_article_tells_of_its_call(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    fiction.fill(sessions)
    with sessions() as session:
        calls = list(session.scalars(select(CallRow).order_by(CallRow.latest)))
        assert [(call.countries, call.status) for call in calls] == CALLS
        assert session.scalar(select(func.count()).select_from(ReportRow)) == len(fiction.ARTICLES)
    assert _said(sessions, fiction.NOW)["state"] == "ok"
    fiction.go_wrong(sessions)
    assert len(_said(sessions, fiction.NOW)["reasons"]) > 4


def test_the_seeds_fill_the_pages_that_are_shown(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    history.fill(sessions)
    assert _said(sessions, history.NOW)["state"] == "ok"
    context = Context(sessions=sessions, clock=lambda: history.NOW, known=known())
    for screen in FILLED.values():
        path = "/calls?country=US" if screen.path.startswith(CALL) else screen.path
        assert '<section class="empty"' not in (shown := get(context, path)).text
        assert shown.status_code == 200
    assert len(get(context, "/v1/pairs/RU/US").json()["calls"]) == 5


CALLS = [
    ("AU-IN", "held"),
    ("CA-FR", "held"),
    ("AU-IN", "held"),
    ("DE-FR", "held"),
    ("CA-FR", "held"),
    ("AU-CA-IN", "held"),
    ("AU-IN", "held"),
    ("DE-FR", "held"),
    ("CA-FR", "held"),
    ("DE-FR", "denied"),
    ("AU-IN", "held"),
    ("CA-FR", "planned"),
]


def _said(sessions: sessionmaker[Session], now: dt.datetime) -> dict[str, Any]:
    context = Context(sessions=sessions, clock=lambda: now, known=known())
    said: dict[str, Any] = get(context, "/v1/status").json()
    return said


def test_readme_shows_every_picture_and_they_are_small() -> None:
    shown = set(re.findall(r"\(docs/pages/([\w-]+)\.png\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    pictures = {path.stem: path.stat().st_size for path in FOLDER.iterdir()}
    assert shown == set(pictures) == {*EMPTY, *FILLED, *TROUBLE}
    assert sum(pictures.values()) < 110_000 * len(pictures)
