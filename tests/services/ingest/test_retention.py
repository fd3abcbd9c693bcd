"""Texts that go, and everything that stays."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import store
from services.ingest.retention import Retention, empty_all
from shared.records import Article
from shared.settings import load_settings
from shared.tables import ArticleRow, CallRow, ReportRow
from tests.redphone.test_cli import CALL, redphone

NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


def article(key: str, days_ago: float, **other: object) -> ArticleRow:
    values = {"classify_state": "done", "summary": "Tóm tắt", **other}
    fetched_at = NOW - dt.timedelta(days=days_ago)
    return ArticleRow(key=key, title="Tin", text="Bài dài.", fetched_at=fetched_at, content_hash="x", **values)


def texts(sessions: sessionmaker[Session]) -> dict[str, str]:
    with sessions() as session:
        return {row.key: row.text for row in session.execute(select(ArticleRow.key, ArticleRow.text))}


def test_only_what_is_old_read_and_proves_no_call_goes(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        proof = article("proof", 40)
        session.add_all([
            article("old", 40, rejections=[{"rule": "bare"}]), article("young", 20), proof,
            article("waits", 40, classify_state="waiting"), article("page waits", 40, body_state="waiting"),
        ])  # fmt: skip
        session.add(CallRow(id="c", persons="", countries="RU-US", status="held", news=True, facts={}, updated_at=NOW))
        session.flush()
        session.add(ReportRow(article_id=proof.id, ordinal=0, call_id="c", report={}, verdict="new", judgement={},
                              created_at=NOW))  # fmt: skip
    assert empty_all(sessions, NOW - dt.timedelta(days=30), NOW) == 1
    assert [key for key, text in texts(sessions).items() if not text] == ["old"]
    with sessions() as session:
        row = session.scalars(select(ArticleRow).where(ArticleRow.key == "old")).one()
        assert (row.title, row.summary, row.rejections, row.emptied_at) == ("Tin", "Tóm tắt", [{"rule": "bare"}], NOW)
    assert empty_all(sessions, NOW - dt.timedelta(days=30), NOW) == 0


def test_a_tick_takes_a_batch_then_rests(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    with sessions.begin() as session:
        session.add_all([article(str(number), 40) for number in range(1100)])
    assert Retention(None).tick(sessions, NOW) == 0
    kept = Retention(30)
    assert [kept.tick(sessions, NOW) for _ in range(4)] == [500, 500, 100, 0]
    with sessions.begin() as session:
        session.add(article("later", 40))
    assert kept.tick(sessions, NOW) == 0  # it rests
    assert Retention(30).tick(sessions, NOW) == 1


def test_an_article_that_a_feed_still_shows_stays_empty_until_its_words_change(sessions: sessionmaker[Session]) -> None:
    shown = Article(id="a", title="Tin", summary="Tóm tắt", text="Bài dài.", published_at=NOW)
    with sessions.begin() as session:
        store.save_replayed(session, [shown], NOW - dt.timedelta(days=40))
        session.scalars(select(ArticleRow)).one().classify_state = "done"
    assert empty_all(sessions, NOW - dt.timedelta(days=30), NOW) == 1
    with sessions.begin() as session:
        assert store.save_replayed(session, [shown], NOW).revised == ()
    assert texts(sessions) == {"a": ""}
    changed = Article(id="a", title="Tin mới", summary="Tóm tắt", text="Bài khác.", published_at=NOW)
    with sessions.begin() as session:
        assert len(store.save_replayed(session, [changed], NOW).revised) == 1
    with sessions() as session:
        row = session.scalars(select(ArticleRow)).one()
        assert (row.text, row.emptied_at, row.classify_state) == ("Bài khác.", None, "waiting")


def test_the_command_empties_and_reclassify_says_whom_it_skips(
    sqlite_url: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from shared import db

    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    load_settings.cache_clear()
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:  # by the rules of today it would tell of a call
        row = article("old", 40, classified_at=NOW)
        row.text = CALL
        session.add(row)
    assert redphone("db", "prune") == 2
    assert "say how long texts are kept" in capsys.readouterr().err
    assert redphone("db", "prune", "--days", "30") == 0
    assert capsys.readouterr().out.startswith("emptied the text of 1 article;")
    assert redphone("reclassify") == 0
    said = capsys.readouterr()
    assert said.err.startswith("1 article is not read again: the text went")
    assert said.out == "no call changed; there are 0\n"
    with sessions() as session:
        assert session.scalars(select(ArticleRow.classify_state)).all() == ["done"]
