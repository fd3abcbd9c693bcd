"""Articles into history, on both databases: one transaction each, in any order, read twice, raced."""

from __future__ import annotations

import datetime as dt
import itertools
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from psycopg.errors import AdminShutdown, DiskFull
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from services.classify import store
from services.classify.history import pairs_of
from services.classify.tasks import TOGETHER, classify_batch, read_again, sweep, sweep_plans, sweep_words
from services.classify.version import rules_version
from shared import db
from shared.events import CallsReported
from shared.limits import OUT_OF_LIMITS
from shared.records import Anchor, Article, CallFacts, Evidence, Extraction, Judgement, Rejection, Report, When
from shared.search import words_of
from shared.tables import (
    AnnouncementRow,
    ArticleRow,
    CallPairRow,
    CallRow,
    FingerprintMarkRow,
    FingerprintRow,
    ReportRow,
)
from tests.support.newsroom import NOW, Newsroom, comparison_of, facts_of
from tests.support.race import race
from tests.support.reports import at, lasts, person, report, topic


@pytest.fixture
def newsroom(sessions: sessionmaker[Session]) -> Newsroom:
    return Newsroom(sessions)


def test_new_update_repeat_of_one_call(newsroom: Newsroom) -> None:
    (first,) = newsroom.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    (second,) = newsroom.tells("b", "2031-05-07 08:00", report(day="2031-05-06", durations=(lasts(50),)))
    (third,) = newsroom.tells("c", "2031-05-07 09:00", report(day="2031-05-06", durations=(lasts(50),)))
    assert [r.verdict for r in (first, second, third)] == ["new", "update", "repeat"]
    assert {r.notify_state for r in (first, second, third)} == {"waiting"}
    (call,) = newsroom.calls()
    assert (call.persons, call.countries, call.status, call.news) == ("ben-carter|olga-petrova", "RU-US", "held", True)
    assert [s.article for s in facts_of(call).sources] == ["a", "b", "c"]
    assert newsroom.article("a").classify_state == "done"
    assert newsroom.article("a").rules_version == rules_version()
    assert newsroom.published == [CallsReported(ids=(r.id,)) for r in (first, second, third)]
    with newsroom.sessions() as session:
        assert list(session.scalars(select(CallPairRow.pair))) == ["RU-US"]


def test_a_call_of_three_is_filed_under_each_pair(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-05-06 22:00", report(("Carter", "Petrova", "Haddad"), "2031-05-06"))
    with newsroom.sessions() as session:
        assert sorted(session.scalars(select(CallPairRow.pair))) == ["RU-TR", "RU-US", "TR-US"]


def test_background_of_an_article_is_what_its_news_is_compared_with(newsroom: Newsroom) -> None:
    news = report(day="2031-05-30")
    before = report(day="2031-05-??", news=False, channel="video")
    new, background = newsroom.tells("a", "2031-05-31 08:00", news, before)
    assert (new.verdict, background.verdict) == ("new", "background")
    judgement = msgspec.convert(new.judgement, Judgement)
    assert judgement.comparison is not None
    assert judgement.comparison.previous is not None
    assert judgement.comparison.previous.call_id == background.call_id
    assert judgement.comparison.nth == 2
    assert judgement.comparison.coverage.thin


STORY: list[tuple[str, str, tuple[Report, ...]]] = [
    ("a", "2031-04-02 09:00", (report(day="2031-04-01", topics=(topic("grain"),)),)),
    ("b", "2031-05-05 09:00", (report(day="2031-05-06", status="planned"),)),
    ("c", "2031-05-07 08:00", (report(durations=(lasts(60, "about"),), topics=(topic("gas"),)),)),
    ("d", "2031-05-07 10:00", (report(day="2031-05-06"), report(("Carter", "Haddad"), news=True))),
    ("e", "2031-06-09 09:00", (report(day="2031-06-08"), report(day="2031-05-06", news=False, durations=(lasts(55),)))),
]


@pytest.mark.parametrize("order", ["abcde", "edcba", "cbead", "dacbe"])
def test_the_order_of_arrival_does_not_matter(newsroom: Newsroom, tmp_path: Path, order: str) -> None:
    url = f"sqlite:///{tmp_path}/straight.sqlite"
    db.migrate(url)
    story = {row[0]: row for row in STORY}
    for key in order:
        newsroom.tells(*story[key][:2], *story[key][2])
    straight = Newsroom(db.sessions_for(url))
    for key, published, reading in STORY:
        straight.tells(key, published, *reading)
    # coverage is what the record held when the comparison was made; all else is the same
    assert [_lasting(*row) for row in newsroom.history()] == [_lasting(*row) for row in straight.history()]
    db.close(url)
    assert [r.verdict for r in newsroom.reports()].count("new") == len(newsroom.history())


def _lasting(keys: list[str], facts: CallFacts, comparison: dict[str, Any] | None) -> tuple[Any, ...]:
    return keys, facts, comparison and {**comparison, "coverage": None}


def test_a_late_day_dates_the_call_and_asks_for_an_edit(newsroom: Newsroom) -> None:
    (root,) = newsroom.tells("a", "2031-05-07 08:00", report())
    newsroom.decided()
    newsroom.tells("b", "2031-06-09 09:00", report(day="2031-05-06", news=False))
    (call,) = newsroom.calls()
    assert (call.id, facts_of(call).date) == (root.call_id, "2031-05-06")
    assert [r.notify_state for r in newsroom.reports("b")] == ["waiting"]


def test_a_day_that_hangs_on_another_call(newsroom: Newsroom) -> None:
    anchor = Anchor(relation="same_day", participants=(person("Carter"), person("Petrova")), text="cùng ngày")
    _, beside = newsroom.tells(
        "a", "2031-05-07 08:00", report(durations=(lasts(50),)), report(("Carter", "Haddad"), anchors=(anchor,))
    )
    newsroom.decided()
    newsroom.tells("b", "2031-06-09 09:00", report(day="2031-05-06", news=False))
    dated = next(facts_of(c) for c in newsroom.calls() if c.id == beside.call_id)
    assert (dated.date, dated.date_derived) == ("2031-05-06", "cùng ngày")
    (again,) = (r for r in newsroom.reports("a") if r.id == beside.id)
    assert again.notify_state == "waiting"


@pytest.mark.parametrize("first", [True, False], ids=["told first", "told last"])
def test_a_day_that_hangs_on_a_call_of_which_nothing_new_is_told(newsroom: Newsroom, first: bool) -> None:
    newsroom.tells("a", "2031-05-06 23:00", report(day="2031-05-06"))
    anchor = Anchor(relation="same_day", participants=(person("Petrova"),), text="cùng ngày")
    told = [report(("Carter", "Haddad"), anchors=(anchor,)), report()]
    newsroom.tells("b", "2031-05-07 08:00", *(told if first else reversed(told)))
    assert {facts_of(c).date for c in newsroom.calls()} == {"2031-05-06"}


def test_a_day_that_hangs_on_a_call_that_the_article_tells_no_more(newsroom: Newsroom) -> None:
    anchor = Anchor(relation="same_day", participants=(person("Petrova"),), text="cùng ngày")
    newsroom.tells("a", "2031-05-06 23:00", report(day="2031-05-06"))
    beside = report(("Carter", "Haddad"), anchors=(anchor,))
    told, _ = newsroom.tells("b", "2031-05-07 08:00", beside, report())
    newsroom.revises("b", beside)
    assert next(facts_of(c).date for c in newsroom.calls() if c.id == told.call_id) is None


def test_a_day_that_hangs_on_another_call_follows_it(newsroom: Newsroom) -> None:
    anchor = Anchor(relation="same_day", participants=(person("Carter"), person("Petrova")), text="cùng ngày")
    _, beside = newsroom.tells("a", "2031-05-07 08:00", report(), report(("Carter", "Haddad"), anchors=(anchor,)))
    newsroom.tells("b", "2031-06-09 09:00", report(day="2031-05-06", news=False))
    newsroom.decided()
    newsroom.revises("b", report(day="2031-05-05", news=False))
    (call,) = (c for c in newsroom.calls() if c.id == beside.call_id)
    assert (facts_of(call).date, call.date) == ("2031-05-05", "2031-05-05")
    (again,) = (r for r in newsroom.reports("a") if r.id == beside.id)
    assert again.notify_state == "waiting"
    newsroom.revises("b")
    assert all(facts_of(c).date is None for c in newsroom.calls())


def test_a_day_that_can_hang_on_either_of_two_calls_rings_for_neither(newsroom: Newsroom) -> None:
    anchor = Anchor(relation="same_day", participants=(person("Carter"), person("Petrova")), text="cùng ngày")
    beside = report(("Carter", "Haddad"), anchors=(anchor,))
    *_, told = newsroom.tells(
        "a", "2031-05-07 08:00", report(day="2031-05-06"), report(day="2031-05-01", news=False), beside
    )
    for key, day in (("b", "2031-05-01"), ("c", "2031-05-06")):
        newsroom.decided()
        newsroom.tells(key, "2031-05-08 08:00", report(day=day, news=False, channel="video"))
        assert [r.notify_state for r in newsroom.reports("a") if r.id == told.id] == ["done"]


def test_days_that_hang_on_each_other_go_together(newsroom: Newsroom) -> None:
    first = Anchor(relation="same_day", participants=(person("Carter"), person("Petrova")), text="cùng ngày")
    second = Anchor(relation="same_day", participants=(person("Carter"), person("Haddad")), text="cũng hôm đó")
    newsroom.tells("a", "2031-05-07 08:00", report(anchors=(second,)), report(("Carter", "Haddad"), anchors=(first,)))
    newsroom.tells("b", "2031-06-09 09:00", report(day="2031-05-06", news=False))
    assert {facts_of(c).date for c in newsroom.calls()} == {"2031-05-06"}
    newsroom.revises("b")
    assert {facts_of(c).date for c in newsroom.calls()} == {None}


def test_a_day_that_hangs_on_a_call_of_the_same_article(newsroom: Newsroom) -> None:
    anchor = Anchor(relation="same_day", participants=(person("Petrova"),), text="cùng ngày")
    told = newsroom.tells(
        "a", "2031-05-07 08:00", report(("Carter", "Haddad"), anchors=(anchor,)), report(day="2031-05-06")
    )
    dates = {c.id: facts_of(c).date for c in newsroom.calls()}
    assert [dates[r.call_id] for r in told] == ["2031-05-06", "2031-05-06"]


def test_a_late_report_of_an_earlier_call_recomputes_the_comparison_of_the_later(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-03-02 09:00", report(day="2031-03-01"))
    (later,) = newsroom.tells("b", "2031-05-07 09:00", report(day="2031-05-06"))
    newsroom.decided()
    (between,) = newsroom.tells("c", "2031-05-20 09:00", report(day="2031-04-01", news=False))
    compared = next(comparison_of(c.comparison) for c in newsroom.calls() if c.id == later.call_id)
    assert compared.previous is not None
    assert (compared.previous.call_id, compared.days, compared.nth) == (between.call_id, 35, 3)
    states = {r.id: r.notify_state for r in newsroom.reports()}
    assert states[later.id] == "waiting"
    told = msgspec.convert(later.judgement, Judgement).comparison
    assert told is not None
    assert told.days == 66, "what was known at the first comparison stays on record"


def test_two_calls_that_turn_out_to_be_one(newsroom: Newsroom) -> None:
    (plan,) = newsroom.tells("a", "2031-05-01 09:00", report(status="planned"))
    (wish,) = newsroom.tells("b", "2031-05-25 09:00", report(day="2031-05-25"))
    assert plan.call_id != wish.call_id
    newsroom.tells("c", "2031-05-06 09:00", report(day="2031-05-06"))
    (first,) = newsroom.reports("a")
    (found,) = newsroom.reports("c")
    assert first.call_id == found.call_id == plan.call_id


def test_a_call_that_all_its_reports_leave_names_the_one_that_it_was(newsroom: Newsroom) -> None:
    (first,) = newsroom.tells("a", "2031-05-07 09:00", report(day="2031-05-02"))
    (other,) = newsroom.tells("b", "2031-05-07 10:00", report(day="2031-05-06"))
    (moved,) = newsroom.revises("b", report(day="2031-05-02", durations=(lasts(50),)))
    assert (moved.id, moved.call_id, moved.verdict) == (other.id, first.call_id, "update")
    calls = {c.id: c.merged_into for c in newsroom.calls()}
    assert calls == {first.call_id: None, other.call_id: first.call_id}


def test_the_body_after_the_summary_keeps_row_and_verdict(newsroom: Newsroom) -> None:
    (summary,) = newsroom.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    newsroom.decided()
    talk = report(day="2031-05-06", durations=(lasts(50),))
    body, other = newsroom.revises("a", report(("Carter", "Haddad"), "2031-05-05", news=False), talk)[::1]
    assert (body.id, body.verdict, body.notify_state) == (summary.id, "new", "waiting")
    assert other.verdict == "background"
    call = next(c for c in newsroom.calls() if c.id == summary.call_id)
    assert [d.minutes for d in facts_of(call).durations] == [50]


def test_the_same_reading_again_asks_for_nothing(newsroom: Newsroom) -> None:
    reading = report(day="2031-05-06", durations=(lasts(50),))
    newsroom.tells("a", "2031-05-06 22:00", reading)
    newsroom.decided()
    (row,) = newsroom.revises("a", reading)
    assert row.notify_state == "done"
    assert len(newsroom.published) == 1


def test_a_call_that_the_new_text_does_not_have_is_withdrawn(newsroom: Newsroom) -> None:
    newsroom.tells("z", "2031-05-20 22:00", report(day="2031-05-20"))
    (row,) = newsroom.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    _announce(newsroom, row)
    newsroom.revises("a")
    statuses = {c.id: c.status for c in newsroom.calls()}
    assert statuses.pop(row.call_id) == "withdrawn"
    assert newsroom.reports("a") == []
    (other,) = statuses
    later = next(comparison_of(c.comparison) for c in newsroom.calls() if c.id == other)
    assert (later.previous, later.nth) == (None, 1)


def test_a_report_that_is_withdrawn_takes_its_facts_along(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    newsroom.tells("b", "2031-05-07 08:00", report(day="2031-05-06", durations=(lasts(50),)))
    newsroom.decided()
    newsroom.revises("b")
    (call,) = newsroom.calls()
    assert facts_of(call).durations == ()
    assert [r.notify_state for r in newsroom.reports("a")] == ["waiting"]


def _announce(newsroom: Newsroom, row: ReportRow) -> None:
    """The ledger has a message about a report."""
    with newsroom.sessions.begin() as session:
        session.add(
            AnnouncementRow(
                key=f"root:{row.call_id}",
                kind="root",
                call_id=row.call_id,
                report_id=row.id,
                channel="desk",
                language="en",
                payload={},
                next_attempt_at=NOW,
                created_at=NOW,
            )
        )


# --- waiting articles ----------------------------------------------------------------------------------------------


def test_one_bad_article_does_not_stop_the_others(newsroom: Newsroom) -> None:
    bad = newsroom.stores("a", "2031-05-06 22:00")
    newsroom.readings["a"] = ValueError("no such zone\nand more")
    good = newsroom.stores("b", "2031-05-06 23:00", report(day="2031-05-06"))
    newsroom.reads(bad, good)
    row = newsroom.article("a")
    assert (row.classify_state, row.classify_error) == ("failed", "ValueError: no such zone")
    assert row.classify_attempts == 1
    assert [r.verdict for r in newsroom.reports("b")] == ["new"]


@pytest.mark.parametrize("limit", OUT_OF_LIMITS)
def test_an_article_is_not_failed_by_the_limits_of_its_reader(newsroom: Newsroom, limit: type[Exception]) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00")
    newsroom.readings["a"] = limit()
    with pytest.raises(limit):
        newsroom.reads(article_id)
    assert newsroom.article("a").classify_state == "waiting"
    newsroom.readings["a"] = (report(day="2031-05-06"),)
    assert len(newsroom.reads(article_id, now=NOW + store.LEASE)) == 1


def test_trouble_that_may_pass_is_tried_again_and_not_for_ever(newsroom: Newsroom) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00")
    newsroom.readings["a"] = OperationalError("SELECT 1", {}, Exception("deadlock detected"))
    now = NOW
    for attempt in range(1, store.MOST_ATTEMPTS + 1):
        newsroom.reads(article_id, now=now)
        row = newsroom.article("a")
        assert row.classify_attempts == attempt
        assert newsroom.reads(article_id, now=now) == (), "not before its time"
        now += store.RETRY
    assert row.classify_state == "failed"
    assert "deadlock detected" in (row.classify_error or "")


@pytest.mark.parametrize(
    "trouble", [DiskFull("No space left on device"), AdminShutdown("terminating connection")], ids=["full", "goes"]
)
def test_a_server_that_is_full_for_an_hour_fails_no_article(newsroom: Newsroom, trouble: Exception) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00")
    newsroom.readings["a"] = OperationalError("INSERT …", {}, trouble)
    now = NOW
    for _ in range(3 * store.MOST_ATTEMPTS):
        newsroom.reads(article_id, now=now)
        now += store.RETRY
    assert newsroom.article("a").classify_state == "waiting"
    newsroom.readings["a"] = (report(day="2031-05-06"),)
    assert len(newsroom.reads(article_id, now=now)) == 1


@pytest.mark.parametrize("tells", [True, False], ids=["a call", "no call"])
def test_a_reading_is_written_down_when_the_database_is_back(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, *, tells: bool
) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00", *([report(day="2031-05-06")] if tells else []))
    name = "save" if tells else "save_empty"
    write, away = getattr(store, name), iter(range(2))

    def write_later(*arguments: Any, **options: Any) -> Any:
        if next(away, None) is not None:
            raise OperationalError("UPDATE …", {}, AdminShutdown("terminating connection"))
        return write(*arguments, **options)

    monkeypatch.setattr(store, name, write_later)
    monkeypatch.setattr("shared.again.PAUSES_S", (0.0,) * 3)
    assert len(newsroom.reads(article_id)) == int(tells)
    row = newsroom.article("a")
    assert (row.classify_state, row.classify_attempts, row.classify_error) == ("done", 1, None)


def test_an_article_is_read_once(newsroom: Newsroom) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00", report(day="2031-05-06"))
    assert len(newsroom.reads(article_id)) == 1
    assert newsroom.reads(article_id) == ()


def test_a_claim_holds_for_its_lease(newsroom: Newsroom) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00", report(day="2031-05-06"))
    with newsroom.sessions.begin() as session:
        assert store.claim(session, article_id, NOW) is not None
        assert store.claim(session, article_id, NOW) is None
    assert newsroom.reads(article_id) == ()
    assert len(newsroom.reads(article_id, now=NOW + store.LEASE)) == 1


def test_a_claim_of_before_a_clock_went_back_ends_at_once(newsroom: Newsroom) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00", report(day="2031-05-06"))
    with newsroom.sessions.begin() as session:
        store.claim(session, article_id, NOW + dt.timedelta(hours=3))
    assert sweep(newsroom.sessions, NOW) == (article_id,)
    assert len(newsroom.reads(article_id)) == 1


def test_many_articles_without_a_call_are_written_down_with_their_refusals_and_their_own_words_only(
    newsroom: Newsroom,
) -> None:
    ids = [newsroom.stores(str(number), "2031-05-06 22:00") for number in range(TOGETHER + 3)]
    revised, told = newsroom.stores("revised", "2031-05-06 23:00"), newsroom.stores("told", "2031-05-06 23:00")
    newsroom.readings["told"] = (report(day="2031-05-06"),)
    refused = Rejection(
        rule="cues.minister",
        reason="a minister's call",
        evidence=Evidence(field="cue", part="text", start=0, end=1, text="0"),
    )

    def extract(article: Article) -> Extraction:
        found = newsroom.extract(article)
        if article.id == "revised":  # while it is being read
            newsroom.revises("revised", report(day="2031-05-06"))
        return msgspec.structs.replace(found, rejections=(refused,)) if article.id == "0" else found

    reports = classify_batch(newsroom.sessions, [*ids, revised, told], NOW, extract, newsroom.published.append)
    rows = [newsroom.article(str(number)) for number in range(len(ids))]
    assert {(row.classify_state, row.rules_version, row.classified_at) for row in rows} == {
        ("done", rules_version(), NOW)
    }
    refusals = [msgspec.convert(row.rejections, list[Rejection]) for row in rows if row.rejections]
    assert refusals == [[refused]]
    assert [row.id for row in newsroom.reports("told")] == list(reports)
    assert [row.ordinal for row in newsroom.reports("revised")] == [0], "the newer reading stays"


def _dull(article: Article) -> Extraction | None:
    return Extraction(reports=()) if article.id.startswith("dull") else None


def test_what_a_glance_is_enough_for_is_not_read_and_the_rest_is_oldest_first(newsroom: Newsroom) -> None:
    ids = [newsroom.stores(f"dull {number}", "2031-05-06 22:00") for number in range(TOGETHER)]
    for key, hour in (("b", 23), ("a", 22)):
        ids.append(newsroom.stores(key, f"2031-05-06 {hour}:00", report(day="2031-05-06")))
    asked: list[str] = []

    def extract(article: Article) -> Extraction:
        asked.append(article.id)
        return newsroom.extract(article)

    reports = classify_batch(newsroom.sessions, ids, NOW, extract, newsroom.published.append, glance=_dull)
    assert sorted(asked) == ["a", "b"]
    assert reports == tuple(row.id for key in "ab" for row in newsroom.reports(key))
    rows = [newsroom.article(f"dull {number}") for number in range(TOGETHER)]
    kept = {(row.classify_state, row.rules_version, row.classified_at, row.classify_next_at) for row in rows}
    assert kept == {("done", rules_version(), NOW, None)}


def test_a_glance_costs_the_same_statements_for_one_article_as_for_many(newsroom: Newsroom) -> None:
    said: list[str] = []
    sa.event.listen(newsroom.sessions.kw["bind"], "before_cursor_execute", lambda *of: said.append(str(of[2])))
    costs = []
    for count in (1, 20):
        ids = [newsroom.stores(f"dull {count} {number}", "2031-05-06 22:00") for number in range(count)]
        said.clear()
        classify_batch(newsroom.sessions, ids, NOW, newsroom.extract, newsroom.published.append, glance=_dull)
        costs.append([words for words in said if not words.startswith("BEGIN")])
    assert [len(some) for some in costs] == [2, 2]


def test_a_glance_is_for_articles_that_nobody_took(newsroom: Newsroom) -> None:
    newsroom.tells("dull", "2031-05-06 22:00", report(day="2031-05-06"))
    with newsroom.sessions.begin() as session:
        row = session.scalars(select(ArticleRow)).one()
        row.classify_state, row.classify_attempts, row.revision = "waiting", 0, row.revision + 1
    newsroom.readings["dull"] = ()
    held = newsroom.stores("dull and held", "2031-05-06 22:00")
    with newsroom.sessions.begin() as session:
        assert store.claim(session, held, NOW) is not None
    ids = [row.id, held]
    classify_batch(newsroom.sessions, ids, NOW, newsroom.extract, newsroom.published.append, glance=_dull)
    assert newsroom.reports("dull") == [], "a call that a new text does not tell any more is taken back"
    assert (newsroom.article("dull").classify_state, newsroom.article("dull and held").classify_state) == (
        "done",
        "waiting",
    )


def test_an_article_that_cannot_be_looked_at_is_set_aside_alone(newsroom: Newsroom) -> None:
    ids = [newsroom.stores("dull", "2031-05-06 22:00"), newsroom.stores("bad", "2031-05-06 22:00")]
    newsroom.readings["bad"] = RuntimeError("no words")

    def glance(article: Article) -> Extraction | None:
        newsroom.extract(article)
        return _dull(article)

    classify_batch(newsroom.sessions, ids, NOW, newsroom.extract, newsroom.published.append, glance=glance)
    bad = newsroom.article("bad")
    assert (bad.classify_state, bad.classify_error) == ("failed", "RuntimeError: no words")
    assert newsroom.article("dull").rules_version == rules_version()


def test_each_lease_counts_from_when_its_articles_are_taken(newsroom: Newsroom) -> None:
    ids = [newsroom.stores(f"{number:03}", "2031-05-06 22:00") for number in range(TOGETHER + 1)]
    minutes = itertools.count()
    seen: dict[str, dt.datetime | None] = {}

    def extract(article: Article) -> Extraction:
        seen[article.id] = newsroom.article(article.id).classify_next_at
        return newsroom.extract(article)

    classify_batch(
        newsroom.sessions,
        ids,
        NOW,
        extract,
        newsroom.published.append,
        lambda: NOW + next(minutes) * dt.timedelta(minutes=1),
    )
    first, last = seen["000"], seen[f"{TOGETHER:03}"]
    assert first == NOW + store.LEASE
    assert last is not None
    assert last > NOW + TOGETHER * dt.timedelta(minutes=1)


def test_a_call_changes_at_a_moment_of_its_own_transaction(newsroom: Newsroom) -> None:
    seen: list[tuple[dt.datetime, int]] = []

    def clock() -> dt.datetime:
        seen.append((NOW + len(seen) * dt.timedelta(minutes=1), newsroom.sessions.kw["bind"].pool.checkedout()))
        return seen[-1][0]

    days = ("2031-05-06", "2031-06-06")
    ids = [newsroom.stores(day, f"{day} 22:00", report(day=day)) for day in days]
    classify_batch(newsroom.sessions, ids, NOW, newsroom.extract, newsroom.published.append, clock)
    assert [call.updated_at for call in newsroom.calls()] == [at for at, open_ones in seen if open_ones]


def test_an_article_that_kills_its_reader_is_given_up_and_keeps_no_other_from_being_read(newsroom: Newsroom) -> None:
    class Killed(BaseException):
        """The end of a process, as no `except Exception` sees it."""

    def extract(article: Article) -> Extraction:
        if article.id == "killer":
            raise Killed
        return newsroom.extract(article)

    def read(now: dt.datetime) -> None:
        with suppress(Killed):
            classify_batch(newsroom.sessions, sweep(newsroom.sessions, now), now, extract, newsroom.published.append)

    newsroom.stores("killer", "2031-05-06 22:00")
    newsroom.stores("later", "2031-05-06 23:00", report(day="2031-05-06"))
    now = NOW
    read(now)
    now += store.LEASE
    read(now)  # it took its neighbour with it once; now each is taken alone
    read(now + store.RETRY)
    assert (newsroom.article("later").classify_state, newsroom.article("later").classify_attempts) == ("done", 2)
    for _ in range(store.MOST_ATTEMPTS - 1):
        assert newsroom.article("killer").classify_state == "waiting"
        now += store.LEASE
        newsroom.stores(f"new at {now}", "2031-05-06 23:30", report(day="2031-05-06"))
        read(now)
        assert newsroom.article(f"new at {now}").classify_state == "done", "what was never taken goes first"
    killer = newsroom.article("killer")
    assert (killer.classify_state, killer.classify_attempts) == ("failed", store.MOST_ATTEMPTS)
    assert killer.classify_error == store.NO_ANSWER


def test_a_reading_of_a_text_that_changed_meanwhile_is_dropped(newsroom: Newsroom) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00")
    reading = Extraction(reports=(report(day="2031-05-06"),))
    with newsroom.sessions.begin() as session:
        assert store.save(session, article_id, 2, reading, NOW) == []
    assert newsroom.calls() == []
    assert newsroom.article("a").classify_state == "waiting"


@pytest.mark.parametrize(
    "trouble", [ValueError("no such zone"), OperationalError("SELECT 1", {}, Exception("deadlock detected"))]
)
@pytest.mark.parametrize("meanwhile", ["another text", "read by another"])
def test_an_error_with_what_is_no_more_to_be_read_sets_nothing_aside(
    newsroom: Newsroom, trouble: Exception, meanwhile: str
) -> None:
    article_id = newsroom.stores("a", "2031-05-06 22:00")
    with newsroom.sessions.begin() as session:
        session.get_one(ArticleRow, article_id).classify_attempts = store.MOST_ATTEMPTS - 1

    def extract(_article: Article) -> Extraction:
        with newsroom.sessions.begin() as session:
            row = session.get_one(ArticleRow, article_id)
            if meanwhile == "another text":
                row.revision, row.classify_attempts, row.classify_next_at = row.revision + 1, 0, None
            else:
                row.classify_state = "done"
        raise trouble

    classify_batch(newsroom.sessions, [article_id], NOW, extract, newsroom.published.append)
    row = newsroom.article("a")
    state = "waiting" if meanwhile == "another text" else "done"
    assert (row.classify_state, row.classify_next_at if state == "waiting" else None, row.classify_error) == (
        state,
        None,
        None,
    )


def test_the_sweep_finds_what_nobody_rang_for_the_oldest_first(newsroom: Newsroom) -> None:
    late = newsroom.stores("a", "2031-05-07 22:00", report(day="2031-05-06"))
    early = newsroom.stores("b", "2031-05-06 22:00", report(day="2031-05-06"))
    assert sweep(newsroom.sessions, NOW) == (early, late)
    assert sweep(newsroom.sessions, NOW, limit=1) == (early,)
    newsroom.reads(*sweep(newsroom.sessions, NOW))
    assert sweep(newsroom.sessions, NOW) == ()
    assert [r.verdict for r in newsroom.reports("b")] == ["new"]


# --- two at once ---------------------------------------------------------------------------------------------------


ROUNDS = 200


def test_two_workers_and_two_reports_of_one_call(database_url: str) -> None:
    newsroom = Newsroom(db.sessions_for(database_url))
    dates = itertools.product(range(2022, 2031), range(1, 13), (2, 16))
    rounds, days = [], [f"{year}-{month:02d}-{day:02d}" for year, month, day in itertools.islice(dates, ROUNDS)]
    for day in days:
        with newsroom.sessions.begin() as session:
            rows = [
                ArticleRow(
                    key=f"{day}{name}", text=day, published_at=at(f"{day} 22:00"), fetched_at=NOW, content_hash=day
                )
                for name in "ab"
            ]
            session.add_all(rows)
            session.flush()
            rounds.append((rows[0].id, rows[1].id))
    race(database_url, rounds)
    verdicts: dict[str, list[str]] = {}
    for row in newsroom.reports():
        verdicts.setdefault(row.call_id, []).append(row.verdict)
    assert len(verdicts) == len(newsroom.calls()) == len(days)
    assert all(sorted(told) == ["new", "repeat"] for told in verdicts.values())


def test_pairs_of_countries() -> None:
    assert pairs_of("GB-RU-US") == ["GB-RU", "GB-US", "RU-US"]
    assert pairs_of("RU-US") == ["RU-US"]
    assert not set(itertools.chain(pairs_of("RU")))


# --- plans that pass in silence ------------------------------------------------------------------------------------

GRACE = dt.timedelta(hours=2)
DUE = at("2031-05-07 21:00")


def planned(**more: Any) -> Report:
    return report(when=When(date="2031-05-07", text="21 giờ", start=DUE), status="planned", **more)


def test_a_plan_that_passes_in_silence_is_unconfirmed_once(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-05-06 09:00", planned())
    assert sweep_plans(newsroom.sessions, DUE + GRACE - dt.timedelta(minutes=1), GRACE) == 0
    assert newsroom.calls()[0].status == "planned"
    assert sweep_plans(newsroom.sessions, DUE + GRACE, GRACE) == 1
    (call,) = newsroom.calls()
    assert (call.status, call.notify_state, facts_of(call).no_word_by) == ("unconfirmed", "waiting", DUE + GRACE)
    assert sweep_plans(newsroom.sessions, DUE + 2 * GRACE, GRACE) == 0


def test_word_of_an_unconfirmed_plan_makes_it_what_it_was(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-05-06 09:00", planned())
    sweep_plans(newsroom.sessions, DUE + GRACE, GRACE)
    (held,) = newsroom.tells("b", "2031-05-08 09:00", report(day="2031-05-07"))
    (call,) = newsroom.calls()
    assert (call.status, facts_of(call).no_word_by, call.due_at, held.verdict) == ("held", None, None, "update")


def test_a_plan_that_moved_is_due_anew(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-05-06 09:00", report(day="2031-05-07", status="planned"))
    (call,) = newsroom.calls()
    assert call.due_at == call.latest
    sweep_plans(newsroom.sessions, NOW, GRACE)
    newsroom.revises("a", report(day="2031-05-09", status="planned"))
    (call,) = newsroom.calls()
    assert (call.status, call.unconfirmed_at, facts_of(call).date) == ("planned", None, "2031-05-09")


@pytest.mark.parametrize(
    "told", [report(day="2031-05-07"), report(status="planned"), report(day="2031-05-07", status="proposed")]
)
def test_what_is_no_plan_with_a_day_is_never_due(newsroom: Newsroom, told: Report) -> None:
    newsroom.tells("a", "2031-05-08 09:00", told)
    assert sweep_plans(newsroom.sessions, NOW, GRACE) == 0


def test_a_call_is_found_by_the_words_of_all_that_tell_of_it(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    newsroom.tells("b", "2031-05-07 08:00", report(day="2031-05-06", topics=(topic("trade"),)))
    (call,) = newsroom.calls()
    assert _words(newsroom) == {call.id: words_of(call.facts)}
    assert {"carter", "petrova", "trade"} <= set(words_of(call.facts).split())


def test_calls_that_an_older_release_wrote_are_given_their_words(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        newsroom.tells(f"a{number}", f"2031-05-0{number} 22:00", report(day=f"2031-05-0{number}"))
    before = {call.id: call.updated_at for call in newsroom.calls()}
    with newsroom.sessions.begin() as session:
        session.execute(sa.update(CallRow).values(words=None))
    monkeypatch.setattr("services.classify.tasks.WORDED", 2)
    assert [sweep_words(newsroom.sessions) for _ in range(3)] == [2, 1, 0]
    assert _words(newsroom) == {call.id: words_of(call.facts) for call in newsroom.calls()}
    assert {call.id: call.updated_at for call in newsroom.calls()} == before  # nobody is told that it changed


def test_words_that_somebody_else_has_put_there_meanwhile_stay(newsroom: Newsroom) -> None:
    newsroom.tells("a", "2031-05-06 22:00", report(day="2031-05-06"))
    (call,) = newsroom.calls()
    with newsroom.sessions.begin() as session:
        store.put_words(session, {call.id: "older"})
    assert _words(newsroom) == {call.id: words_of(call.facts)}


def _words(newsroom: Newsroom) -> dict[str, str | None]:
    with newsroom.sessions() as session:
        return {row.id: row.words for row in session.execute(select(CallRow.id, CallRow.words))}


TEXT = " ".join(f"{word}{number}" for number in range(30) for word in ("trời", "mưa", "gió", "nắng"))


def _carries(newsroom: Newsroom, key: str, published: str, text: str, *reading: Report) -> ReportRow:
    article_id = newsroom.stores(key, published, *reading)
    with newsroom.sessions.begin() as session:
        session.get_one(ArticleRow, article_id).text = text
    newsroom.reads(article_id)
    return newsroom.reports(key)[0]


def _origins(newsroom: Newsroom) -> dict[str, str | None]:
    (call,) = newsroom.calls()
    return {source.article: source.origin for source in facts_of(call).sources}


def test_articles_that_carry_one_text_are_one_origin_whatever_they_quote(newsroom: Newsroom) -> None:
    told = report(day="2031-05-06")
    _carries(newsroom, "a", "2031-05-06 22:00", TEXT, told)
    again = _carries(newsroom, "b", "2031-05-07 08:00", "(TTXVN) - Tin cho biết " + TEXT[:500], told)
    other = _carries(newsroom, "c", "2031-05-07 09:00", TEXT[::-1], told)
    assert _origins(newsroom) == {"a": "a", "b": "a", "c": "c"}
    reasons = [msgspec.convert(row.judgement, Judgement).reason for row in (again, other)]
    assert reasons == ["adds nothing: it carries the text of a", "adds nothing"]


def test_two_texts_that_a_third_joins_are_one_origin(newsroom: Newsroom) -> None:
    half = len(TEXT) // 2
    told = report(day="2031-05-06")
    _carries(newsroom, "a", "2031-05-06 22:00", TEXT[:half], told)
    _carries(newsroom, "b", "2031-05-07 08:00", TEXT[half:], told)
    assert _origins(newsroom) == {"a": "a", "b": "b"}
    _carries(newsroom, "c", "2031-05-07 09:00", TEXT, told)
    assert _origins(newsroom) == {"a": "a", "b": "a", "c": "a"}


def test_a_text_that_changes_is_no_copy_any_more(newsroom: Newsroom) -> None:
    told = report(day="2031-05-06")
    for key, hour in (("a", 8), ("b", 9), ("c", 10)):
        _carries(newsroom, key, f"2031-05-07 {hour:02d}:00", TEXT, told)
    with newsroom.sessions.begin() as session:
        session.scalars(select(ArticleRow).where(ArticleRow.key == "a")).one().text = TEXT[::-1]
    newsroom.revises("a", told)
    assert _origins(newsroom) == {"a": "a", "b": "b", "c": "b"}


@pytest.mark.parametrize("between", [(), (report(day="2031-05-06"),)], ids=["no call", "the same call"])
def test_an_article_that_is_not_the_first_is_read_three_times(newsroom: Newsroom, between: tuple[Report, ...]) -> None:
    told = report(day="2031-05-06")
    newsroom.tells("x", "2031-05-07 07:00")
    newsroom.tells("y", "2031-05-07 07:30")
    first = _carries(newsroom, "a", "2031-05-07 08:00", TEXT, told)
    newsroom.revises("a", *between)
    rows = newsroom.revises("a", report(day="2031-05-06", durations=(lasts(50),)))
    article = newsroom.article("a")
    assert (article.classify_state, article.classify_error) == ("done", None)
    assert [row.report["durations"] for row in rows] == [[msgspec.to_builtins(lasts(50))]]
    assert [(call.id, call.status) for call in newsroom.calls()] == [(first.call_id, "held")]
    with newsroom.sessions() as session:
        assert list(session.scalars(select(FingerprintRow.article_id))) == [article.id]


def test_a_text_without_a_call_is_in_no_index(newsroom: Newsroom) -> None:
    told = report(day="2031-05-06")
    for key, hour in (("a", 8), ("b", 9)):
        _carries(newsroom, key, f"2031-05-07 {hour:02d}:00", TEXT, told)
    newsroom.revises("a")
    with newsroom.sessions() as session:
        left = session.execute(select(FingerprintRow.article_id, FingerprintRow.origin_id)).all()
    assert [tuple(row) for row in left] == [(newsroom.article("b").id,) * 2]


def test_an_index_that_is_empty_is_filled_by_reading_again(newsroom: Newsroom) -> None:
    told = report(day="2031-05-06")
    for key, hour in (("a", 8), ("b", 9)):
        _carries(newsroom, key, f"2031-05-07 {hour:02d}:00", TEXT, told)
    with newsroom.sessions.begin() as session:
        session.execute(delete(FingerprintMarkRow))
        session.execute(delete(FingerprintRow))
    for article_id in (newsroom.article("a").id, newsroom.article("b").id):
        assert read_again(newsroom.sessions, article_id, NOW, newsroom.extract) is None
    assert _origins(newsroom) == {"a": "a", "b": "a"}
    with newsroom.sessions() as session:
        assert len(set(session.scalars(select(FingerprintRow.origin_id)))) == 1
