"""The API over the history of the seeds, on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker
from starlette.requests import Request

from redphone.web import known
from services.status.answers import AT_ONCE, Written, kept
from services.status.app import application
from services.status.context import Context
from shared import db
from shared.tables import AnnouncementRow, ArticleRow, CallRow, CanaryRow, FeedRow, SightRow
from tests.support.history import NOW, ago, answering, passed
from tests.support.servers import free_port


@pytest.fixture(scope="module", params=["seeded", "seeded_file"])
def context(request: pytest.FixtureRequest) -> Context:
    """A status service over the seeds."""
    sessions: sessionmaker[Session] = request.getfixturevalue(request.param)
    return Context(sessions=sessions, clock=lambda: NOW, known=known())


def ask(app: FastAPI, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, headers=sent)

    return asyncio.run(asked())


def get(context: Context, path: str, **headers: str) -> httpx.Response:
    return ask(application(context), path, **headers)


def said(context: Context, path: str) -> Any:
    answer = get(context, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def days(context: Context, query: str) -> list[str]:
    return [call["date"] for call in said(context, f"/v1/calls?{query}")["items"]]


# ---- calls ----


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("limit=2", ["2025-03-18", "2025-03-17"]),
        ("pair=US-RU&until=2018-01-01", ["2017-01-28"]),
        ("country=GB", ["2025-03-17"]),
        ("person=volodymyr-zelensky", ["2025-02-12"]),
        ("person=volodymyr-zelensky&country=CN", []),
        ("country=FR", []),
        ("status=planned", []),
        ("since=2025-03-01&status=held", ["2025-03-18", "2025-03-17"]),
        ("since=2025-03-18T21:00:00%2B07:00&until=2025-03-30T00:00:00Z", ["2025-03-18"]),
        ("text=STARMER", ["2025-03-17"]),
        ("text=no+such+word", []),
        ("text=starmer+TRUMP", ["2025-03-17"]),
        ("text=starmer+zelensky", []),
        ("text=starm+trum", ["2025-03-17"]),  # the beginnings of words will do
        ("text=tarmer", []),
        ("text=%E2%80%93", []),  # a dash is no word
        ("text=%27+%26+%7C+%21%3A*+%5C", []),
        ("text=starmer%27s", ["2025-03-17"]),
        ("text=m%E1%BB%B9+nga&until=2018-01-01", ["2017-01-28"]),
        ("text=my%CC%83+nga&until=2018-01-01", ["2017-01-28"]),  # the accent apart, as some systems write it
    ],
)
def test_calls_by_filters(context: Context, query: str, found: list[str]) -> None:
    assert days(context, query) == found


@pytest.mark.parametrize(
    ("path", "most"),
    [("/v1/calls?pair=RU-US&limit=2", 1), ("/v1/pairs/RU/US", 1), ("/v1/calls?text=trump", 2)],
)
def test_a_list_costs_the_database_one_question_and_another_for_words(context: Context, path: str, most: int) -> None:
    asked: list[str] = []

    def hear(*told: Any) -> None:
        asked.append(told[2])

    engine = context.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", hear)
    try:
        assert said(context, path)
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    assert sum(words.startswith("SELECT") for words in asked) == most


@pytest.mark.parametrize(
    ("day", "days", "length", "topics"),
    [("2025-03-18", 34, "longer", ["ukraine"]), ("2025-02-12", 2937, None, [])],
)
def test_what_lies_more_than_a_year_back_is_counted_and_not_compared(
    context: Context, day: str, days: int, length: str | None, topics: list[str]
) -> None:
    (call,) = [one for one in said(context, "/v1/calls?pair=RU-US")["items"] if one["date"] == day]
    assert (call["days_since"], call["length_since"], call["topics_again"]) == (days, length, topics)


@pytest.mark.parametrize(("limit", "filters"), [(2, ""), (1, "&text=trump"), (3, "&country=US")])
def test_pages_show_every_call_once(context: Context, limit: int, filters: str) -> None:
    whole = [call["call_id"] for call in said(context, f"/v1/calls?limit=100{filters}")["items"]]
    page = said(context, f"/v1/calls?limit={limit}{filters}")
    seen = [call["call_id"] for call in page["items"]]
    while page["next"]:
        page = said(context, f"/v1/calls?limit={limit}{filters}&cursor={page['next']}")
        seen += [call["call_id"] for call in page["items"]]
    assert seen == whole
    assert len(set(seen)) == len(seen) > 1


def test_a_call_has_its_facts_timeline_comparison_and_announcements(context: Context) -> None:
    newest = said(context, "/v1/calls?limit=1")["items"][0]
    call = said(context, f"/v1/calls/{newest['call_id']}")
    assert {name: call[name] for name in newest} == newest
    assert [person["name"] for person in call["participants"]] == ["Vladimir Putin", "Donald Trump"]
    assert (call["duration"], call["initiator"]) == ("over 90", "both")
    assert call["compared_with"] == call["comparison"]["previous"]["call_id"]
    report = call["reports"][0]
    article = said(context, f"/v1/articles/{report['article_id']}")
    for piece in report["report"]["evidence"]:
        assert article[piece["part"]][piece["start"] : piece["end"]] == piece["text"]
    root = call["announcements"][0]
    assert (root["kind"], root["state"]) == ("root", "sent")


def test_a_merged_call_leads_to_the_other(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for call_id, merged in (("c2", None), ("c1", "c2")):
            facts = {"participants": [], "status": "held", "news": True}
            session.add(CallRow(id=call_id, persons="", countries="", status="held", news=True, facts=facts,
                                merged_into=merged, updated_at=NOW))  # fmt: skip
            session.flush()
    context = Context(sessions=sessions, clock=lambda: NOW)
    call = said(context, "/v1/calls/c1")
    assert (call["call_id"], call["merged_from"]) == ("c2", "c1")
    assert [one["call_id"] for one in said(context, "/v1/calls")["items"]] == ["c2"]


def test_the_history_of_a_pair_in_either_order(context: Context) -> None:
    pair = said(context, "/v1/pairs/US/RU")
    assert pair == said(context, "/v1/pairs/RU/US")
    assert (pair["a"], pair["b"], pair["kind"], pair["held"]) == ("RU", "US", "countries", 5)
    assert (pair["first"], pair["last"], pair["longest_min"]) == ("2017-01-28", "2025-03-18", 90)
    assert pair["topics"][0]["topic"] == "ukraine"
    persons = said(context, "/v1/pairs/donald-trump/vladimir-putin")
    assert (persons["kind"], persons["held"]) == ("persons", 3)
    assert said(context, "/v1/pairs/VN/US")["calls"] == []


# ---- the rest ----


def test_alerts_are_paged_and_filtered(context: Context) -> None:
    everything = said(context, "/v1/alerts?limit=100")["items"]
    assert {one["state"] for one in everything} == {"sent"}
    (root, *_) = [one for one in everything if one["kind"] == "root"]
    article = said(context, f"/v1/articles/{said(context, '/v1/calls/' + root['call_id'])['reports'][0]['article_id']}")
    assert (root["outlet"], root["feeds"], root["rules_version"]) == (article["outlet"], [], article["rules_version"])
    assert article["rules_version"]
    page = said(context, "/v1/alerts?limit=2")
    rest = said(context, f"/v1/alerts?limit=100&cursor={page['next']}")
    assert page["items"] + rest["items"] == everything
    assert rest["next"] is None
    updates = said(context, "/v1/alerts?kind=update")["items"]
    assert 0 < len(updates) < len(everything)
    assert said(context, "/v1/alerts?state=held")["items"] == []


def test_leaders_by_country_day_and_name(context: Context) -> None:
    (leader,) = said(context, "/v1/leaders?country=US&on=2025-03-18")["items"]
    assert (leader["person"], leader["wikidata"]) == ("donald-trump", "Q22686")
    found = said(context, "/v1/leaders?text=zelensk")["items"]
    assert [one["person"] for one in found] == ["volodymyr-zelensky"]
    first = said(context, "/v1/leaders?limit=1")
    (second,) = said(context, f"/v1/leaders?limit=1&cursor={first['next']}")["items"]
    assert first["items"][0]["person"] < second["person"]


def test_feeds_say_in_words_what_is_wrong(context: Context) -> None:
    one, other = said(context, "/v1/feeds")["items"]
    assert (one["state"], one["words"]) == ("fresh", "")
    assert (other["state"], other["words"]) == ("failing", "dns: no such host (3 times in a row)")
    assert other["last_success_at"] == "2025-03-19T01:30:00Z"


def test_feeds_are_paged_by_outlet_and_address(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add_all(
            FeedRow(url=f"https://{n}.example/rss", outlet=outlet, next_poll_at=NOW, last_success_at=NOW, failures=9)
            for n, outlet in enumerate(("Đời", "Báo\tB", "Báo A", "Đời", "Zing"))
        )
    context = Context(sessions=sessions, clock=lambda: NOW)
    whole = said(context, "/v1/feeds")
    assert [one["outlet"] for one in whole["items"]] == ["Báo\tB", "Báo A", "Zing", "Đời", "Đời"]
    assert whole["next"] is None
    first = said(context, "/v1/feeds?limit=2")
    second = said(context, f"/v1/feeds?limit=2&cursor={first['next']}")
    third = said(context, f"/v1/feeds?limit=2&cursor={second['next']}")
    pages = (first, second, third)
    assert [one for answer in pages for one in answer["items"]] == whole["items"]
    assert [answer["remark"] for answer in pages] == 3 * [whole["remark"]]
    assert third["next"] is None
    assert get(context, "/v1/feeds?cursor=0").status_code == 404


def test_why_an_article_was_told(context: Context) -> None:
    with context.reading() as session:
        key = session.scalars(select(ArticleRow.key).order_by(ArticleRow.published_at.desc())).first()
    answer = said(context, f"/v1/why?url={key}")
    assert "sent" in {reason["answer"] for reason in answer["reasons"]}
    unseen = said(context, "/v1/why?url=https://b.example/an-article")
    assert unseen["reasons"][0]["words"] == "not seen: https://b.example/rss: dns: no such host"


def test_why_finds_an_address_as_a_reader_copies_it(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(
            ArticleRow(key=known().key_of("https://a.example/x.html"), url="https://a.example/x.html", title="X",
                       fetched_at=NOW, content_hash="")
        )  # fmt: skip
    context = Context(sessions=sessions, clock=lambda: NOW, known=known())
    answer = said(context, "/v1/why?url=https://www.a.example/x.html%3Futm_source=feed%23top")
    assert (answer["title"], answer["reasons"][0]["answer"]) == ("X", "not_read")


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://www.a.example/x", "https://a.example/rss"),
        ("https://video.a.example/x", "https://a.example/rss"),
        ("https://b.example/x", "https://www.b.example/rss"),
        ("https://me@B.example:443/x", "https://www.b.example/rss"),
        ("https://na.example/x", None),
    ],
)
def test_an_unseen_article_is_looked_for_in_its_newspapers_feeds(
    sessions: sessionmaker[Session], url: str, feed: str | None
) -> None:
    with sessions.begin() as session:
        session.add_all(
            FeedRow(url=f"https://{host}/rss", outlet="A", host=host, next_poll_at=NOW)
            for host in ("a.example", "www.b.example")
        )
    (reason,) = said(Context(sessions=sessions, clock=lambda: NOW, known=known()), f"/v1/why?url={url}")["reasons"]
    assert reason["answer"] == "not_seen"
    assert reason["do"].startswith(f"redphone feeds check {feed};" if feed else "redphone feeds check URL")


@pytest.mark.parametrize("url", ["a.example/x.html", "www.a.example/x.html", "https://a.example/x.html"])
def test_why_needs_no_scheme(sessions: sessionmaker[Session], url: str) -> None:
    with sessions.begin() as session:
        session.add(ArticleRow(key=known().key_of("https://a.example/x.html"), fetched_at=NOW, content_hash=""))
    context = Context(sessions=sessions, clock=lambda: NOW, known=known())
    assert said(context, f"/v1/why?url={url}")["reasons"][0]["answer"] == "not_read"


@pytest.mark.parametrize("url", ["nothing", "https:///x", "https://[x"])
def test_what_is_no_address_is_told_so(context: Context, url: str) -> None:
    (reason,) = said(context, f"/v1/why?url={url}")["reasons"]
    assert reason["words"] == "not seen: this is no address of an article"


# ---- how things stand ----


def test_status_opens_with_the_sentence(context: Context) -> None:
    answer = said(context, "/v1/status")
    assert answer["state"] == "ok"
    assert answer["trust"]["sentence"].startswith("Yes, the desk can trust the silence: a test article went feed →")
    assert answer["blind_windows"] == []
    assert answer["feeds_fresh"] == "1 of 2 fresh"
    assert [stage["name"] for stage in answer["stages"]] == ["body", "classify", "notify", "post"]
    assert answer["totals"]["articles"] == 5
    assert {"schema", "rules", "redphone"} <= answer["versions"].keys()


@pytest.mark.parametrize(
    ("channel", "ts", "url", "good_at"),
    [
        ("C0123456789", "1.2", "https://slack.com/app_redirect?channel=C0123456789", "2025-03-19T02:58:00Z"),
        ("#desk", "1.2", None, "2025-03-19T02:58:00Z"),
        ("terminal", None, None, "2025-03-19T02:50:41Z"),
    ],
)
def test_the_desk_names_its_last_message_and_when_slack_took_the_token(
    sessions: sessionmaker[Session], channel: str, ts: str | None, url: str | None, good_at: str
) -> None:
    with sessions.begin() as session:
        session.add(passed(10))
        when = {"next_attempt_at": ago(2), "created_at": ago(3), "sent_at": ago(2)}
        what: dict[str, Any] = {"key": "k", "kind": "digest", "channel": channel, "ts": ts, "language": "en"}
        session.add(AnnouncementRow(**what, **when, payload={}, state="sent"))
    context = Context(sessions=sessions, clock=lambda: NOW)
    desk = get(context, "/v1/status").json()["desk"]
    assert (desk["last_sent_at"], desk["last_sent_channel"]) == ("2025-03-19T02:58:00Z", channel)
    assert (desk["channel_url"], desk["slack_good_at"]) == (url, good_at)
    page = get(context, "/").text
    assert f"Last message accepted: 19 Mar 2025, 09:58, in {channel}" in page
    assert (url is not None) == ("open in Slack" in page)


def test_stretches_without_sight_are_blind_windows(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(SightRow(causes="feeds slack", since=ago(120), seen_at=ago(90), told_at=ago(80)))
        session.add(SightRow(causes="", since=ago(90), seen_at=ago(30)))
        session.add(SightRow(causes="feeds", since=ago(30), seen_at=ago(0.1)))
    state = get(Context(sessions=sessions, clock=lambda: NOW), "/v1/status").json()
    first, last = state["blind_windows"]
    assert (first["cause"], first["caught_up"]) == ("no feed answered; Slack took no message", True)
    assert (first["since"], first["until"]) == ("2025-03-19T01:00:00Z", "2025-03-19T01:30:00Z")
    assert (last["until"], last["caught_up"]) == (None, False)
    assert state["trust"]["sentence"] == "No, since 2025-03-19 02:30 UTC: no feed answered."


@pytest.mark.parametrize(
    ("articles", "words"),
    [(1, "classify: 1 waits (1), for 7 min"), (2, "classify: 2 wait, the oldest (1) for 7 min")],
)
def test_what_waits_for_long_is_a_reason(sqlite_url: str, articles: int, words: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add_all([passed(3), answering()])
        session.add_all(
            ArticleRow(key=str(number), fetched_at=ago(7 - number), content_hash="") for number in range(articles)
        )
    answer = get(Context(sessions=sessions, clock=lambda: NOW), "/v1/status").json()
    assert (answer["state"], answer["reasons"]) == ("degraded", [words])


@pytest.mark.parametrize(
    ("canary", "sight", "state"),
    [
        (passed(9), None, "degraded"),  # one that is lost, as an answer of Slack may be, wakes nobody
        (passed(16), None, "down"),
        (passed(60 * 30), None, "down"),
        (passed(3), SightRow(causes="feeds", since=ago(11), seen_at=ago(0.1)), "down"),
        (None, None, "degraded"),  # a system that has just been started
        (CanaryRow(started_at=ago(8), title="", summary="", stored_at=ago(8), failed="read: x"), None, "degraded"),
        (CanaryRow(started_at=ago(12), title="", summary="", stored_at=ago(12), failed="read: x"), None, "down"),
    ],
)
def test_what_nothing_has_proved_for_ten_minutes_is_down(
    sqlite_url: str, canary: CanaryRow | None, sight: SightRow | None, state: str
) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add_all([answering(), *(row for row in (canary, sight) if row is not None)])
    answer = get(Context(sessions=sessions, clock=lambda: NOW), "/v1/status")
    assert (answer.json()["state"], answer.status_code) == (state, 503 if state == "down" else 200)
    assert answer.json()["reasons"] == [answer.json()["trust"]["sentence"]]


@pytest.mark.parametrize(
    ("feed", "since", "cause", "state"),
    [
        (None, None, "no feed is watched", "degraded"),  # a start of which nothing else is known yet
        ({"listed": False}, ago(180), "no feed is watched", "down"),
        ({"paused": True}, ago(180), "every feed is paused by hand", "down"),
        ({"paused": True}, ago(9), "every feed is paused by hand", "degraded"),
    ],
)
def test_where_no_feed_is_watched_nothing_can_be_trusted(
    sqlite_url: str, feed: dict[str, bool] | None, since: dt.datetime | None, cause: str, state: str
) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add(passed(3))
        if feed is not None:
            session.add(FeedRow(url="http://a/", outlet="A", next_poll_at=NOW, last_success_at=since, **feed))
    context = Context(sessions=sessions, clock=lambda: NOW)
    answer = get(context, "/v1/status")
    assert (answer.json()["state"], answer.status_code) == (state, 503 if state == "down" else 200)
    when = f"since {since:%Y-%m-%d %H:%M} UTC: " if since else ""
    assert answer.json()["trust"]["sentence"] == f"No, {when}{cause}."
    assert answer.json()["reasons"] == [f"No, {when}{cause}."]
    for language, words in (("en", cause), ("vi", VIETNAMESE[cause])):
        page = get(context, f"/?lang={language}").text
        assert f"{words}." in page[page.index("</h1>") :].lower()
        assert "/runbooks/missed-a-call" in page
        assert 'class="empty"' in page  # what to do next


VIETNAMESE = {
    "no feed is watched": "không theo dõi nguồn tin nào",
    "every feed is paused by hand": "mọi nguồn tin bị tạm dừng bằng tay",
}


def test_test_articles_that_are_switched_off_are_no_outage(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add_all([passed(60), answering()])
    context = Context(sessions=sessions, clock=lambda: NOW, canary_every=dt.timedelta(0))
    answer = get(context, "/v1/status")
    assert (answer.json()["state"], answer.status_code) == ("degraded", 200)


def test_what_lasts_longer_than_a_day_is_told_since_when(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all([passed(60 * 40), passed(60 * 30), answering()])
    answer = get(Context(sessions=sessions, clock=lambda: NOW), "/v1/status").json()
    assert answer["trust"]["sentence"].startswith("No, since 2025-03-17 21:05 UTC: the next test article is overdue")
    (window,) = answer["blind_windows"]
    assert (window["since"], window["until"]) == ("2025-03-17T21:00:00Z", None)


def test_a_stretch_without_sight_is_caught_up_when_the_desk_is_told_of_a_later_one(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        session.add(SightRow(causes="feeds", since=ago(60), seen_at=ago(45)))
        session.add(SightRow(causes="", since=ago(45), seen_at=ago(44)))
        session.add(SightRow(causes="feeds", since=ago(44), seen_at=ago(30), told_at=ago(25)))
        session.add(SightRow(causes="", since=ago(30), seen_at=ago(0.1)))
    state = get(Context(sessions=sessions, clock=lambda: NOW), "/v1/status").json()
    assert [one["caught_up"] for one in state["blind_windows"]] == [True, True]


def test_what_is_down_is_503_and_the_last_state_stays(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add(passed(3))
    context = Context(sessions=sessions, clock=lambda: NOW, broker_url=f"redis://127.0.0.1:{free_port()}/0")
    answer = get(context, "/v1/status")
    assert answer.status_code == 503
    state = answer.json()
    assert state["state"] == "down"
    assert state["reasons"][0].startswith("Redis at 127.0.0.1")
    assert state["trust"]["sentence"].startswith("No, Redis at")
    assert state["totals"] == {"articles": 0, "calls": 0, "alerts": 0}


@pytest.mark.parametrize("path", ["/v1/status", "/", "/feeds", "/readyz", "/metrics"])
def test_a_file_that_is_taken_away_is_a_database_that_is_away(sqlite_url: str, path: str) -> None:
    context = Context(sessions=db.sessions_for(sqlite_url), clock=lambda: NOW)
    with context.reading() as session:
        session.execute(select(CallRow.id))
    Path(sqlite_url.removeprefix("sqlite:///")).unlink()  # its connection is kept, and reads on
    answer = get(context, path)
    assert answer.status_code == (200 if path in ("/feeds", "/metrics") else 503)
    assert "Nothing waits" not in answer.text
    assert "Nobody changed anything" not in answer.text
    assert path in ("/feeds", "/metrics") or "No such file or directory" in answer.text


def test_without_a_database_the_answer_says_so(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    context = Context(sessions=db.sessions_for(url), clock=lambda: NOW)
    state = get(context, "/v1/status")
    assert (state.status_code, state.json()["known_at"], state.json()["stages"]) == (503, None, [])
    for path in ("/v1/calls", "/v1/feeds", "/v1/alerts", "/v1/why?url=x", "/v1/articles/1"):
        answer = get(context, path)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert "redphone db migrate" in answer.json()["detail"]
    db.close(url)


def test_readiness_asks_for_a_sign_of_life(context: Context) -> None:
    answer = said(context, "/readyz")
    assert answer["ready"]
    assert [check["name"] for check in answer["checks"]] == ["database", "loop"]


def test_readiness_through_each_queue(sqlite_url: str, redis_url: str) -> None:
    from shared import heartbeat

    with heartbeat.connect(redis_url) as client:
        for name, minutes in (("ingest", 0.9), ("classify", 1.1), ("beat", 0.1)):
            heartbeat.record(client, name, ago(minutes))
    context = Context(sessions=db.sessions_for(sqlite_url), clock=lambda: NOW, broker_url=redis_url)
    answer = get(context, "/readyz")
    assert answer.status_code == 503
    assert [check["name"] for check in answer.json()["checks"] if not check["ok"]] == ["classify", "notify"]


def test_metrics_are_prometheus_text(context: Context) -> None:
    answer = get(context, "/metrics")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'redphone_state{state="ok"} 1.0' in lines
    assert "redphone_trusted 1.0" in lines
    told = Counter(one["kind"] for one in said(context, "/v1/alerts?limit=100&state=sent")["items"])
    for kind in ("root", "update", "edit"):
        assert f'redphone_alerts{{kind="{kind}",state="sent"}} {told[kind]}.0' in lines
    assert 'redphone_feeds{outcome="dns"} 1.0' in lines
    assert any(line.startswith('redphone_stage_lag_seconds_bucket{le="+Inf",stage="post"}') for line in lines)


# ---- how it is answered ----


def test_what_is_stable_has_an_etag(context: Context) -> None:
    first = get(context, "/v1/calls?limit=1")
    again = get(context, "/v1/calls?limit=1", if_none_match=f'"x", {first.headers["etag"]}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert get(context, "/v1/calls?limit=2", if_none_match=first.headers["etag"]).status_code == 200


def test_long_answers_are_packed(context: Context) -> None:
    answer = get(context, "/v1/calls", accept_encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content)) < len(answer.content)
    assert get(context, "/healthz", accept_encoding="gzip").headers.get("content-encoding") is None


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/calls/none", 404, "there is no call none; /v1/calls lists those there are"),
        ("/v1/calls?cursor=abc", 404, "there is no such page"),
        ("/v1/calls?since=yesterday", 422, "since: Value error, write a day or a moment of ISO 8601"),
        ("/v1/calls?country=us", 422, "country: "),
        ("/v1/calls?text=%00", 422, "text: "),
        ("/v1/pairs/US/donald-trump", 404, "there is no such pair"),
        ("/v1/pairs/US/US", 404, "there is no such pair"),
        ("/v1/pairs/ru/us", 404, "no leader of the data has the id ru; "),
        ("/v1/pairs/RU/UK", 404, "no country or organisation of the data has the code UK; "),
        (
            "/v1/pairs/vladimir-putin/zelensky",
            404,
            "no leader of the data has the id zelensky; /v1/leaders?text= finds",
        ),
        ("/v1/calls?person=zelensky", 404, "no leader of the data has the id zelensky; "),
        ("/v1/calls?country=UK", 404, "no country or organisation of the data has the code UK; "),
        ("/v1/calls?pair=UK-US", 404, "no country or organisation of the data has the code UK; "),
        ("/v1/articles/0", 422, "article_id: "),
        ("/v1/articles/2147483647", 404, "there is no article"),
        ("/v1/why", 422, "url: "),
        ("/v2/calls", 404, "/v1/openapi.json lists what is"),
        ("/v1/calls?contry=RU&limit=1", 422, "contry: no such parameter: there are person, country, pair, status, "),
        ("/v1/calls?country=RU&country=US", 422, "country: given more than once"),
        ("/v1/calls/none?limit=1", 422, "limit: no such parameter: none is known here"),
        ("/v1/status?feed=1", 422, "feed: no such parameter"),
        ("/v1/events?Last-Event-ID=x", 422, "Last-Event-ID: no such parameter: there are since"),
    ],
)
def test_errors_are_problem_documents(context: Context, path: str, status: int, words: str) -> None:
    answer = get(context, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert words in problem["detail"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/", "/calls"])
def test_what_monitors_and_readers_append_is_passed_over(context: Context, path: str) -> None:
    assert get(context, f"{path}?utm_source=mail&_=1&_=2").status_code == 200


def test_every_wrong_parameter_is_named(context: Context) -> None:
    problem = get(context, "/v1/alerts?stat=sent&limit=1&limit=2&q=%00").json()
    assert [line.partition(":")[0] for line in problem["errors"]] == ["stat", "limit", "q"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/v1/status", "/v1/calls", "/", "/v1/calls/none"])
def test_a_head_is_answered_as_a_get_without_its_body(context: Context, path: str) -> None:
    app = application(context)
    got, headed = ask(app, path), ask(app, path, "HEAD")
    assert (headed.status_code, headed.content) == (got.status_code, b"")
    assert headed.headers == got.headers


@pytest.mark.parametrize(("method", "path"), [("HEAD", "/v1/events"), ("POST", "/v1/calls"), ("DELETE", "/")])
def test_other_methods_are_not_answered(context: Context, method: str, path: str) -> None:
    answer = ask(application(context), path, method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_mistake_of_ours_is_a_problem_document_too(context: Context) -> None:
    app = application(context)

    @app.get("/broken")
    def broken() -> None:
        raise KeyError("secret")

    answer = ask(app, "/broken")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert (answer.headers["x-content-type-options"], answer.json()["status"]) == ("nosniff", 500)
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v1/calls?limit=1", 2),
        ("/v1/calls?limit=7", 2),
        ("/v1/pairs/RU/US", 2),
        ("/v1/alerts?limit=9", 4),  # the ledger, what its rows were made from, and both ways to their feeds
    ],
)
def test_a_list_costs_no_more_questions_than_a_row(seeded_file: sessionmaker[Session], path: str, most: int) -> None:
    asked: list[str] = []

    def listen(*arguments: Any) -> None:
        asked.append(arguments[2])

    engine = seeded_file.kw["bind"]
    event.listen(engine, "before_cursor_execute", listen)
    said(Context(sessions=seeded_file, clock=lambda: NOW), path)
    event.remove(engine, "before_cursor_execute", listen)
    assert 1 <= len([words for words in asked if words.startswith("SELECT")]) <= most


def test_times_are_utc(context: Context) -> None:
    article = said(context, "/v1/articles/1")
    assert article["fetched_at"].endswith("Z")
    assert dt.datetime.fromisoformat(article["fetched_at"]).tzinfo == dt.UTC


def test_few_answers_are_made_at_once(context: Context) -> None:
    app = application(context)
    now = most = made = 0
    lock = threading.Lock()

    def make() -> Written:
        nonlocal now, most, made
        with lock:
            now, made = now + 1, made + 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return Written(b"", "")

    async def crowd() -> None:
        request = Request({"type": "http", "app": app})
        await asyncio.gather(*(kept(request, str(number), make) for number in range(5 * AT_ONCE)))

    asyncio.run(crowd())
    assert (most, made) == (AT_ONCE, 5 * AT_ONCE)
