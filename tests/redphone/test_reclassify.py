"""`redphone reclassify`: what it rebuilds, what it prints, whom it alerts (nobody), and where it goes on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from redphone import reclassify as command
from shared import db
from shared.records import Article, Extraction
from shared.tables import AnnouncementRow, ArticleRow, CallPairRow, CallRow, ReportRow, RereadingRow
from tests.redphone.test_cli import redphone
from tests.support.processes import ROOT

NOW = dt.datetime(2025, 3, 18, tzinfo=dt.UTC)


@pytest.fixture
def history(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> sessionmaker[Session]:
    """The seeds, told to a desk, and all decided on."""
    monkeypatch.setenv("REDPHONE_DATABASE_URL", database_url)
    assert redphone("replay", str(ROOT / "seeds"), "--into", database_url, "--alert") == 0
    capsys.readouterr()
    return db.sessions_for(database_url)


def everything(sessions: sessionmaker[Session]) -> list[object]:
    """The calls, the reports and the ledger, as they stand."""
    with sessions() as session:
        calls = session.execute(
            select(CallRow.id, CallRow.facts, CallRow.comparison, CallRow.status).order_by(CallRow.id)
        )
        reports = session.execute(
            select(ReportRow.id, ReportRow.call_id, ReportRow.verdict, ReportRow.notify_state).order_by(ReportRow.id)
        )
        ledger = session.scalars(select(AnnouncementRow.key).order_by(AnnouncementRow.id))
        return [*map(tuple, calls), *map(tuple, reports), *ledger]


def test_by_the_same_rules_nothing_changes(history: sessionmaker[Session], capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(history)
    assert redphone("reclassify", "--dry-run") == 0
    assert "no call would change; there are" in capsys.readouterr().out
    assert redphone("reclassify") == 0
    assert "no call changed; there are" in capsys.readouterr().out
    assert everything(history) == before


def damage(sessions: sessionmaker[Session]) -> None:
    """What older rules might have left: a call without its length, and one that they did not see."""
    with sessions.begin() as session:
        victim = session.scalars(select(ReportRow).order_by(ReportRow.id)).first()
        assert victim is not None
        row = session.get_one(CallRow, victim.call_id)
        session.execute(update(CallRow).where(CallRow.id == row.id).values(facts={**row.facts, "durations": []}))
        other = session.scalars(select(CallRow.id).where(CallRow.id != row.id).order_by(CallRow.id)).first()
        reports = select(ReportRow.id).where(ReportRow.call_id == other)
        session.execute(update(AnnouncementRow).where(AnnouncementRow.report_id.in_(reports)).values(report_id=None))
        session.execute(delete(ReportRow).where(ReportRow.call_id == other))
        session.execute(delete(AnnouncementRow).where(AnnouncementRow.call_id == other))
        session.execute(delete(CallPairRow).where(CallPairRow.call_id == other))
        session.execute(delete(CallRow).where(CallRow.id == other))


def test_the_dry_run_says_what_the_run_does_and_writes_nothing(
    history: sessionmaker[Session], capsys: pytest.CaptureFixture[str]
) -> None:
    damage(history)
    damaged = everything(history)
    assert redphone("reclassify", "--dry-run", "--json") == 0
    planned = capsys.readouterr().out
    assert everything(history) == damaged
    with history() as session:
        assert session.scalar(select(func.count()).select_from(RereadingRow)) == 0
    changes = [json.loads(line) for line in planned.splitlines()]
    assert [change["change"] for change in changes] == ["changed", "new"]
    assert {"field": "duration", "before": "", "after": "about 60"} in changes[0]["fields"]
    assert redphone("reclassify", "--json") == 0
    assert capsys.readouterr().out == planned
    assert redphone("reclassify") == 0
    assert "no call changed" in capsys.readouterr().out


def test_nobody_is_alerted_of_what_is_found_again(history: sessionmaker[Session]) -> None:
    damage(history)
    with history() as session:
        last = session.scalar(select(func.max(ReportRow.id))) or 0
        told = session.scalar(select(func.count()).select_from(AnnouncementRow))
    assert redphone("reclassify") == 0
    with history() as session:
        found = session.scalars(select(ReportRow).where(ReportRow.id > last)).all()
        assert found
        assert {(row.notify_state, row.decision) for row in found} == {
            ("done", "silent: found when its article was read again: history only")
        }
        assert session.scalar(select(func.count()).select_from(AnnouncementRow)) == told
        assert {state for (state,) in session.execute(select(CallRow.notify_state))} <= {"done", "quiet"}


def test_the_words_of_a_change(history: sessionmaker[Session], capsys: pytest.CaptureFixture[str]) -> None:
    damage(history)
    assert redphone("reclassify", "--dry-run") == 0
    said = capsys.readouterr().out
    assert ": duration: – → about 60\n" in said
    assert ": would be new: Donald Trump, Vladimir Putin, 2025-03-18, held\n" in said
    assert said.endswith("2 of 7 calls would change\n")


def test_a_run_that_was_stopped_goes_on_where_it_was(
    history: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read: list[str] = []
    monkeypatch.setattr(command, "extract", _stops_at(3, read))
    assert redphone("reclassify") == 130
    with history() as session:
        (row,) = session.scalars(select(RereadingRow))
        assert (row.article_id, row.articles, row.finished_at) == (2, 2, None)
    monkeypatch.setattr(command, "extract", _stops_at(99, read))
    assert redphone("reclassify") == 0
    assert "going on behind article 2" in capsys.readouterr().err
    assert len(read) == 3 + 3
    with history() as session:
        (row,) = session.scalars(select(RereadingRow))
        assert (row.articles, row.finished_at is not None) == (5, True)


def _stops_at(number: int, read: list[str]) -> Callable[..., Extraction]:
    """The rules, with Ctrl-C at the n-th article."""
    from services.classify.extract import extract

    seen: list[str] = []

    def by_rules(article: Article, lexicon: object) -> Extraction:
        seen.append(article.id)
        read.append(article.id)
        if len(seen) == number:
            raise KeyboardInterrupt
        return extract(article, lexicon)  # type: ignore[arg-type]

    return by_rules


def test_an_article_that_cannot_be_read_keeps_its_reports(
    history: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(history)

    def breaks(article: Article, lexicon: object) -> Extraction:
        raise ValueError("a rule is broken")

    monkeypatch.setattr(command, "extract", breaks)
    assert redphone("reclassify") == 1
    assert "5 articles could not be read again, the first: article 1: ValueError: a rule is broken" in (
        capsys.readouterr().err
    )
    assert everything(history) == before


def test_what_waits_is_left_to_the_workers(history: sessionmaker[Session]) -> None:
    with history.begin() as session:
        session.execute(update(ArticleRow).where(ArticleRow.id == 1).values(classify_state="waiting"))
    assert redphone("reclassify") == 0
    with history() as session:
        assert session.get_one(ArticleRow, 1).classify_state == "waiting"


def test_there_must_be_a_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert redphone("reclassify") == 2
    assert "no history at" in capsys.readouterr().err
