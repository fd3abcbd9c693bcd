"""The pages without a browser: what they hold, in both languages, and that foreign text stays text."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, sessionmaker

from redphone.web import known
from services.status.app import application
from services.status.context import Context
from services.status.lines import rows, told
from services.status.routes.pages import FEW, UNSENT, web_address
from services.status.standing import Snapshots
from services.status.values import Snapshot
from services.status.wording import Voice
from shared import db
from shared.names import SLOT
from shared.tables import (
    AnnouncementRow,
    ArticleRow,
    CallRow,
    CanaryRow,
    FeedRow,
    HeartbeatRow,
    MuteRow,
    PauseRow,
    PulseRow,
    ReportRow,
    RereadingRow,
    SightRow,
    StartRow,
)
from tests.services.status.test_api import ask, get
from tests.support.history import NOW, ago, answering, passed

VI = Voice("vi", "Asia/Ho_Chi_Minh", NOW)
HOSTILE = "<script>alert(1)</script>\u202egnp.exe"


@pytest.fixture(scope="module")
def context(seeded_file: sessionmaker[Session]) -> Context:
    """A status service over the seeds."""
    return Context(sessions=seeded_file, clock=lambda: NOW, known=known())


def page(context: Context, path: str, status: int = 200) -> str:
    answer = get(context, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), answer.text
    return answer.text


def test_a_pair_that_nobody_knows_is_not_said_never_to_have_spoken(context: Context) -> None:
    assert "has the code UK; codes are those of ISO 3166" in page(context, "/pairs/UK/US", 404)
    assert "dữ liệu không có nhà lãnh đạo nào mang mã nobody" in page(
        context, "/pairs/nobody/donald-trump?lang=vi", 404
    )


def test_a_search_finds_one_call_of_long_ago_among_many(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all(
            CallRow(id=f"c{number:03}", countries="", persons="", status="held", news=True, latest=ago(number),
                    facts={"participants": [], "status": "held", "news": True}, updated_at=NOW,
                    words="somebody" if number == 600 else "")
            for number in range(601)
        )  # fmt: skip
    context = Context(sessions=sessions, clock=lambda: NOW)
    assert "/calls/c600" in page(context, "/calls?text=Some")
    assert "No call fits" in page(context, "/calls?text=nobody")


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("", ""),
        ("?lang=vi&text=&country=&status=", ""),
        ("?text=Putin+Mỹ&country=ru&status=held&lang=vi", "?text=Putin+M%E1%BB%B9&country=RU&status=held"),
    ],
)
def test_a_list_as_json_is_the_list_that_is_shown(context: Context, asked: str, query: str) -> None:
    shown = page(context, f"/calls{asked}")
    (link,) = [unescape(found) for found in re.findall(r'href="(/v1/calls[^"]*)"', shown)]
    assert link == f"/v1/calls{query}"
    assert [item["call_id"] for item in get(context, link).json()["items"]] == list(
        dict.fromkeys(re.findall(r'href="/calls/(\w+)', shown))
    )


@pytest.mark.parametrize(
    ("every", "sent", "words"),
    [
        (5, [passed(5)], "None: a test article came through every time."),
        (5, [], "Not known yet: no test article has come through."),
        (0, [passed(5)], "Test articles are switched off, so here stands only what the notifier noticed itself."),
        (0, [], "Test articles are switched off, so here stands only what the notifier noticed itself."),
    ],
)
def test_no_blind_windows_are_none_only_where_test_articles_prove_it(
    sqlite_url: str, every: int, sent: list[CanaryRow], words: str
) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add_all([*sent, answering()])
    context = Context(sessions=sessions, clock=lambda: NOW, canary_every=dt.timedelta(minutes=every))
    shown = page(context, "/", get(context, "/v1/status").status_code)
    below = shown.partition("Blind windows")[2].partition("<h2>")[0]
    assert words in below
    assert below.count("<p>") == 1
    assert ("est articles are switched off (REDPHONE_CANARY_MINUTES is 0)" in shown) == (not every)
    assert get(context, "/v1/status").json()["trust"]["proved_every_s"] == (every * 60 or None)


def test_the_first_page_tells_moments_in_the_desks_zone_alone(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        stuck = passed(20)
        stuck.read_at = stuck.told_at = None
        session.add_all([passed(60), stuck])
        session.add(PauseRow(by="lan", reason="storm", since=ago(15), until=ago(-60)))
    for language in ("en", "vi"):
        shown = page(Context(sessions=sessions, clock=lambda: NOW), f"/?lang={language}")
        assert "UTC" not in shown
        assert ("19 Mar 2025, 09:45" if language == "en" else "19/3/2025, 09:45") in shown


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nope", 404, "There is no page at this address."),
        ("/nope?lang=vi", 404, "Không có trang nào ở địa chỉ này."),
        ("/pairs/RU", 404, "There is no page at this address."),
        ("/articles/abc", 422, "This address cannot be answered (article_id: Input should be a valid integer"),
        ("/calls?status=<b>", 422, "This address cannot be answered (status: Input should be"),
        ("/?lang=de", 422, "This address cannot be answered (lang: Input should be"),
    ],
)
def test_an_odd_address_shows_a_page_to_a_person_and_a_problem_to_a_program(
    context: Context, path: str, status: int, words: str
) -> None:
    shown = get(context, path, accept="text/html,*/*;q=0.8")
    assert (shown.status_code, shown.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in unescape(shown.text)
    assert "content-security-policy" in shown.headers
    assert get(context, path).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/calls/nope", "/v1/nope", "/static/nope", "/v1/calls?limit=0"])
def test_what_is_for_programs_answers_a_browser_with_a_problem_too(context: Context, path: str) -> None:
    assert get(context, path, accept="text/html").headers["content-type"] == "application/problem+json"


def test_a_vietnamese_page_says_in_vietnamese_what_was_decided(context: Context) -> None:
    """Each article and each call of the seeds; the lines themselves are in test_lines.py."""
    with context.reading() as session:
        calls, numbers = list(session.scalars(select(CallRow.id))), list(session.scalars(select(ArticleRow.id)))
        decisions = {words for words in session.scalars(select(ReportRow.decision)) if words}
    shown = "".join(
        unescape(page(context, f"{path}?lang=vi"))
        for path in (*(f"/articles/{number}" for number in numbers), *(f"/calls/{call}" for call in calls))
    )
    assert {told(words, VI) in shown for words in decisions} == {True}
    assert not {words for words in decisions if words in shown}
    assert not re.search(r"<li>\w+: (?:a|an|the|no|not|one|only|another|more) ", shown)  # a refused rule and its reason


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Yes, the desk can trust the silence."),
        ("/?lang=vi", "Có, ban tin có thể tin vào sự im lặng."),
        ("/", "34 days since they last spoke · longer than then · new: normalising relations · again: Ukraine"),
        ("/calls?text=starmer", "Keir Starmer – Donald Trump"),
        ("/calls?country=gb&status=held", "Keir Starmer – Donald Trump"),
        ("/calls?text=nobody", "No call fits."),
        ("/pairs/US/RU", "5 calls in the record, from 28 Jan 2017 to 18 Mar 2025"),
        ("/pairs/US/RU?lang=vi", "Nga và Mỹ"),
        ("/pairs/donald-trump/vladimir-putin", "Donald Trump and Vladimir Putin"),
        ("/pairs/FR/VN", "No call of these two is in the record."),
        ("/feeds", "1 of 2 feeds fresh"),
        ("/articles/1", "<mark>"),
    ],
)
def test_what_the_pages_say(context: Context, path: str, words: str) -> None:
    assert words in page(context, path)


def test_every_link_of_the_pages_leads_somewhere(context: Context) -> None:
    seen, left = {"/"}, ["/"]
    while left:
        html = page(context, left.pop())
        for path in re.findall(r'(?:href|src)="(/[^"]*)"', html.replace("&amp;", "&")):
            if path not in seen:
                seen.add(path)
                if path.startswith(("/v1/", "/static/")):
                    assert get(context, path).status_code == 200, path
                else:
                    left.append(path)
    assert {"/calls", "/feeds", "/pairs/RU/US", "/articles/1"} <= seen


def test_an_agenda_is_not_told_as_what_was_discussed(context: Context) -> None:
    newest = get(context, "/v1/calls?limit=1").json()["items"][0]["call_id"]
    html = page(context, f"/calls/{newest}")
    agenda = html[html.index("Agenda beforehand") : html.index("Ruled out beforehand")]
    assert "Ukraine" in agenda
    topics = html[html.index("<dt>Topics</dt>") : html.index("Agenda beforehand")]
    assert "not stated" in topics


def test_no_inline_script_or_style(context: Context) -> None:
    for path in ("/", "/calls", "/pairs/RU/US", "/feeds", "/articles/1"):
        html = page(context, path)
        assert not re.search(r"<script(?! src=\"/static/)|<style|\sstyle=|\son\w+=", html)


def test_the_language_stays_on_the_way(context: Context) -> None:
    assert 'href="/calls?lang=vi"' in page(context, "/?lang=vi")
    assert 'href="?text=putin&amp;lang=vi"' in page(context, "/calls?text=putin")


@pytest.mark.parametrize(("path", "status"), [("/calls/none", 404), ("/articles/99", 404), ("/static/none", 404)])
def test_what_is_not_there(context: Context, path: str, status: int) -> None:
    answer = get(context, path)
    assert answer.status_code == status
    assert "there is no" in answer.text


def hostile(sessions: sessionmaker[Session]) -> None:
    """A call, its article, an alert and a feed, all with hostile words."""
    facts = {"participants": [{"name": HOSTILE, "country": "RU"}, {"name": None, "country": "US"}], "status": "held",
             "news": True, "topics": [{"id": None, "text": HOSTILE, "mode": "reported"}]}  # fmt: skip
    report = {"participants": [], "status": "held", "news": True,
              "evidence": [{"field": HOSTILE, "part": "text", "start": 0, "end": 9, "text": ""}]}  # fmt: skip
    with sessions.begin() as session:
        session.add(FeedRow(url="http://a.example/rss", outlet="A", next_poll_at=NOW))
        session.add(
            FeedRow(url="javascript:alert(1)", outlet=HOSTILE, next_poll_at=NOW, failures=1, last_error=HOSTILE)
        )
        session.add(
            ArticleRow(
                id=1,
                key="a",
                title=HOSTILE + "x" * 1_000_000,
                text=HOSTILE,
                url="javascript:alert(1)",
                outlet=HOSTILE,
                fetched_at=NOW,
                content_hash="",
                classify_state="done",
                rejections=[{"rule": HOSTILE, "reason": HOSTILE, "evidence": {"text": HOSTILE}}],
            )
        )
        session.add(
            CallRow(id="c1", persons="", countries="RU-US", status="held", news=True, facts=facts, updated_at=NOW)
        )
        session.flush()
        session.add(
            ReportRow(
                article_id=1,
                ordinal=0,
                call_id="c1",
                report=report,
                verdict="new",
                judgement={},
                created_at=NOW,
                decision=HOSTILE,
                notify_state="done",
            )
        )
        session.add(AnnouncementRow(key="k", kind="root", call_id="c1", channel="#a", language="en",
                                    payload={"push": HOSTILE}, state="refused", error=HOSTILE, next_attempt_at=NOW,
                                    created_at=NOW))  # fmt: skip


def test_hostile_words_are_only_words(sessions: sessionmaker[Session]) -> None:
    hostile(sessions)
    context = Context(sessions=sessions, clock=lambda: NOW)
    for path in ("/", "/calls", "/calls/c1", "/feeds", "/articles/1", "/calls?text=" + "%3Cscript%3E"):
        html = page(context, path)
        assert "<script>" not in html
        assert "javascript:" not in re.sub(r"<bdi>.*?</bdi>", "", html)
        assert len(html) < 200_000
    assert "&lt;script&gt;alert(1)" in page(context, "/calls/c1")


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/x", None),
        ("https:///x", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_linked(url: str | None, href: str | None) -> None:
    assert web_address(url) == href


def test_a_night_with_trouble(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all([passed(40), passed(30), passed(4), answering()])
        session.add(PauseRow(by="lan", reason="storm", since=ago(20)))
        session.add(ArticleRow(id=9, key="a", title="a", fetched_at=ago(12), content_hash=""))
        session.add(
            AnnouncementRow(
                key="k",
                kind="root",
                channel="#a",
                language="en",
                payload={"push": "Held back"},
                state="held",
                next_attempt_at=NOW + dt.timedelta(hours=1),
                created_at=ago(20),
            )
        )
    html = page(Context(sessions=sessions, clock=lambda: NOW), "/")
    assert "No, the desk cannot trust the silence." in html
    assert "osting to the desk is paused by lan: storm" in html
    assert "no test article was sent: nothing ran" in html
    assert '<tr class="red">' in html
    assert 'href="/articles/9"' in html
    assert "Held back" in html
    assert "redphone alerts release sends it now" in html
    assert "pause notify by lan: storm" in html


def test_what_waits_and_what_failed_leads_to_its_page_at_every_stage(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(CallRow(id="c1", persons="", countries="", status="held", news=True, updated_at=NOW,
                            facts={"participants": [], "status": "held", "news": True}))  # fmt: skip
        session.add_all(ArticleRow(id=n, key=f"a{n}", fetched_at=ago(9), content_hash="") for n in (4, 5))
        session.flush()
        for number, state in ((71, "waiting"), (72, "failed")):
            session.add(ReportRow(id=number, article_id=number - 67, ordinal=0, call_id="c1", report={}, verdict="new",
                                  judgement={}, created_at=ago(8), notify_state=state))  # fmt: skip
        for number, state, call in ((81, "waiting", "c1"), (82, "refused", None)):
            session.add(AnnouncementRow(id=number, key=state, kind="root", call_id=call, channel="#a", language="en",
                                        payload={}, state=state, next_attempt_at=NOW, created_at=ago(7)))  # fmt: skip
    html = page(Context(sessions=sessions, clock=lambda: NOW), "/", 200)
    assert 'min (<a href="/articles/4">71</a>)' in html
    assert '1 (<a href="/articles/5">72</a>: ' in html
    assert 'min (<a href="/calls/c1">81</a>)' in html
    assert "1 (82: " in html


def test_pages_that_wait_by_design_are_not_the_stage_to_look_at(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(PulseRow(id=1, seen_at=NOW, brake=1, waiting=900, oldest_s=400.0))
        session.add_all(
            ArticleRow(key=f"a{n}", fetched_at=ago(9), content_hash="", body_state="waiting") for n in range(3)
        )
    html = page(Context(sessions=sessions, clock=lambda: NOW), "/")
    assert re.findall(r'<tr class="red">\s*<th scope="row">(\w+)', html) == ["read"]


def test_of_many_that_did_not_go_out_the_oldest_are_shown_and_it_says_so(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add_all(
            AnnouncementRow(key=f"k{n}", kind="root", channel="#a", language="en", payload={"push": f"Alert {n}."},
                            state="waiting", next_attempt_at=NOW, created_at=ago(9))
            for n in range(UNSENT + 1)
        )  # fmt: skip
    html = page(Context(sessions=sessions, clock=lambda: NOW), "/")
    assert f"Alert {UNSENT - 1}." in html
    assert f"Alert {UNSENT}." not in html
    assert f"Shown are the {UNSENT} oldest" in html
    assert "goes out by itself in its turn" in html


def test_every_report_of_a_call_is_reached_from_its_page(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(CallRow(id="c1", persons="", countries="", status="held", news=True, updated_at=NOW,
                            facts={"participants": [], "status": "held", "news": True}))  # fmt: skip
        session.add_all(
            ArticleRow(id=n, key=f"a{n}", title=f"Bài {n}", fetched_at=NOW, content_hash="") for n in range(1, FEW + 3)
        )
        session.flush()
        report = {"participants": [], "status": "held", "news": True}
        session.add_all(
            ReportRow(article_id=n, ordinal=0, call_id="c1", report=report, verdict="new", judgement={},
                      created_at=NOW)
            for n in range(1, FEW + 3)
        )  # fmt: skip
    html = page(Context(sessions=sessions, clock=lambda: NOW), "/calls/c1")
    assert {f"/articles/{n}" for n in range(1, FEW + 3)} <= set(re.findall(r'href="([^"]*)"', html))
    assert "Others that tell of it, 2" in html


def test_a_pair_with_more_calls_than_are_shown_says_so(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.status.queries.calls.MOST", 3)
    context = Context(sessions=sessions, clock=lambda: NOW)
    for number in range(1, 5):
        with sessions.begin() as session:
            session.add(CallRow(id=f"c{number}", persons="", countries="RU-US", status="held", news=True,
                                latest=ago(number), updated_at=NOW,
                                facts={"participants": [], "status": "held", "news": True}))  # fmt: skip
        answer = get(context, "/v1/pairs/RU/US").json()
        assert (len(answer["calls"]), answer["more"]) == (min(number, 3), number > 3)
    html = page(context, "/pairs/RU/US")
    assert "The 3 latest calls in the record; there are older ones." in html
    assert "calls in the record, from" not in html


def test_a_call_of_which_not_all_is_shown_says_so(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.status.queries.calls.MOST", 2)
    context = Context(sessions=sessions, clock=lambda: NOW)
    with sessions.begin() as session:
        session.add(CallRow(id="c1", persons="", countries="", status="held", news=True, updated_at=NOW,
                            facts={"participants": [], "status": "held", "news": True}))  # fmt: skip
    for number in range(1, 4):
        with sessions.begin() as session:
            session.add(AnnouncementRow(key=f"{number}", kind="update", call_id="c1", channel="#a", language="en",
                                        payload={}, next_attempt_at=NOW, created_at=NOW))  # fmt: skip
        answer = get(context, "/v1/calls/c1").json()
        assert (len(answer["announcements"]), answer["more"]) == (min(number, 2), number > 2)
    assert "This call has more reports or messages than are told here." in page(context, "/calls/c1")


def _everything_amiss(session: Session) -> None:
    """Something wrong at every place of the first page."""
    session.add_all([passed(40), passed(30), passed(4)])
    session.add(PauseRow(by="lan", reason="bão", since=ago(20)))
    session.add(PauseRow(by="lan", reason="bão", since=ago(90), ended_at=ago(80), ended_by="minh"))
    session.add(MuteRow(pair="RU-US", by="lan", reason="bão", since=ago(20), until=NOW + dt.timedelta(days=1)))
    session.add(SightRow(causes="feeds slack", since=ago(600), seen_at=ago(500)))
    session.add(PulseRow(id=1, seen_at=NOW, jumped_at=ago(9), jumped_s=-900.0, brake=3, waiting=5210, oldest_s=480.0))
    session.add(HeartbeatRow(name="loop", at=ago(90)))
    session.add(StartRow(service="notify", at=ago(30), known={}, words=""))
    session.add(RereadingRow(articles=7, started_at=ago(40)))
    errors = ("dns: no", "html: no", "timeout: no", "busy: no")
    session.add_all(
        FeedRow(url=f"http://{n}/", outlet="A", next_poll_at=ago(60), failures=2, last_error=error)
        for n, error in enumerate(errors)
    )
    session.add(FeedRow(url="http://p/", outlet="A", next_poll_at=NOW, paused=True))
    session.add_all(
        ArticleRow(key=f"{n}", fetched_at=ago(12), content_hash="", body_state="failed", body_error="gone: no",
                   classify_state="failed" if n > 1 else "waiting")
        for n in range(3)
    )  # fmt: skip
    for state in ("held", "muted", "undated", "unknown", "refused", "dead"):
        session.add(AnnouncementRow(key=state, kind="digest", channel="#a", language="vi", payload={}, state=state,
                                    next_attempt_at=NOW, created_at=ago(20)))  # fmt: skip


RED = re.compile(r'<(?:p|li) class="warning">.*?</(?:p|li)>|<tr>(?:(?!</tr>).)*class="sign failing".*?</tr>', re.DOTALL)


@pytest.mark.parametrize(("path", "status", "red"), [("/", 503, 6), ("/feeds", 200, 5), ("/articles/3", 200, 2)])
def test_each_red_line_links_to_its_runbook(sqlite_url: str, path: str, status: int, red: int) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        _everything_amiss(session)
        session.execute(update(ArticleRow).values(classify_error="KeyError"))
    lines = RED.findall(page(Context(sessions=sessions, clock=lambda: NOW), path, status))
    assert len(lines) == red
    assert [line for line in lines if '<a href="/runbooks/' not in line] == []


@pytest.mark.parametrize("path", ["/", "/feeds", "/calls"])
def test_red_lines_of_a_database_that_is_away_link_to_their_runbook(tmp_path: Path, path: str) -> None:
    url = f"sqlite:///{tmp_path}/none.sqlite"
    answer = get(Context(sessions=db.sessions_for(url), clock=lambda: NOW), path)
    db.close(url)
    lines = RED.findall(answer.text)
    assert lines
    assert [line for line in lines if '<a href="/runbooks/late-or-not-arriving' not in line] == []


@pytest.mark.parametrize(("pauses", "more"), [(5, False), (6, True)])
def test_changes_that_are_left_out_are_said_to_be(sqlite_url: str, pauses: int, more: bool) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add_all(
            PauseRow(by="lan", reason="storm", since=ago(90 - n), ended_at=ago(89.5 - n), ended_by="lan")
            for n in range(pauses)
        )
    html = page(Context(sessions=sessions, clock=lambda: NOW), "/", 200)
    assert html.count("resume notify by lan") == 5
    assert ("There were more; these 10 are the latest." in html) == more


def test_a_page_in_vietnamese_tells_no_trouble_in_english(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        _everything_amiss(session)
    context = Context(sessions=sessions, clock=lambda: NOW)
    english, vietnamese = (unescape(page(context, path, 503)) for path in ("/", "/?lang=vi"))
    told = set()
    for key, row in rows().items():
        for fixed in SLOT.split(row.english)[::2]:
            if len(fixed) > 12 and fixed not in row.vietnamese:
                assert fixed not in vietnamese, key
                told |= {key} if fixed in english else set()
    assert {"feeds_fail", "silent", "paused_open", "muted", "blind_feeds", "blind_slack", "brake", "clock_back",
            "lost_body", "unsent_dead_1", "unsent_unknown_1", "step_held", "step_dead", "changed_pause",
            "changed_reclassify", "slow", "feed_in_a_row", "feeds_at_once"} <= told  # fmt: skip
    assert "4 trên 4 nguồn tin đang lỗi, chẳng hạn http://0/: không tìm ra máy chủ (no)" in vietnamese
    assert "đến giờ sẽ tự gửi đi" in vietnamese


def test_with_the_database_away_the_last_known_state_is_shown(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/none.sqlite"
    html = page(Context(sessions=db.sessions_for(url), clock=lambda: NOW), "/", 503)
    db.close(url)
    assert "The database has not answered yet." in html
    assert "redphone db migrate" in html


def test_a_database_that_would_not_answer_is_not_asked_by_the_first_page(sqlite_url: str) -> None:
    """It may hang: the page is made from what is known."""
    asked: list[str] = []
    context = Context(sessions=db.sessions_for(sqlite_url), clock=lambda: NOW)
    known_before = Snapshots(context).get()
    event.listen(context.sessions.kw["bind"], "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert known_before.standing
    kept = replace(known_before.standing, kept={"held": 1, "refused": 2})
    later = NOW + dt.timedelta(minutes=1)
    away = replace(known_before, at=later, away=["it hangs"], problems=["it hangs"], standing=kept)
    app = application(context)
    app.state.snapshots = Stopped(away)
    answer = ask(app, "/")
    assert (answer.status_code, asked) == (503, [])
    assert "It hangs." in answer.text
    assert "The list of what was not sent cannot be asked for now. held back: 1, refused: 2." in answer.text
    assert "Nobody changed anything" not in answer.text
    for path in ("/", "/feeds"):
        assert "this is how things stood at 19 Mar 2025, 10:00, 60 s ago" in ask(app, path).text


class Stopped:
    """Snapshots that stay what they are."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def fresh(self) -> Snapshot:
        return self._snapshot


@pytest.mark.parametrize(
    ("feeds", "articles", "words"),
    [(0, 0, "start redphone run"), (1, 0, "redphone feeds check"), (1, 2, "2 articles were read and none tells")],
)
def test_an_empty_system_says_what_to_do_next(
    sessions: sessionmaker[Session], feeds: int, articles: int, words: str
) -> None:
    with sessions.begin() as session:
        session.add_all([FeedRow(url=f"http://{n}/", outlet="A", next_poll_at=NOW) for n in range(feeds)])
        session.add_all([ArticleRow(key=str(n), fetched_at=NOW, content_hash="") for n in range(articles)])
    html = page(Context(sessions=sessions, clock=lambda: NOW), "/")
    assert words in html
    assert "timeline" not in html


def test_the_page_names_what_it_stands_on_and_what_was_touched(sqlite_url: str) -> None:
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add(StartRow(service="classify", at=ago(30), known={}, words="rules a → b"))
        session.add(HeartbeatRow(name="loop", at=ago(0.1)))
        session.add(HeartbeatRow(name="other", at=ago(10)))
    shown = page(Context(sessions=sessions, clock=lambda: NOW, known=known()), "/", 503)
    assert "classify started: rules a → b" in shown
    assert "messages in the hour before: 0, after: 0" in shown
    assert re.search(r"database: answers, \d+ kB", shown)
    assert re.search(r"its disk: \d+ [TGM]B of \d+ [TGM]B free", shown)
    assert re.search(r"<li><bdi>loop: last sign of life 6 s ago", shown)
    assert re.search(
        r'<li class="warning"><bdi>other: last sign of life 10 min ago</bdi> <a href="/runbooks/late-or', shown
    )
    assert '<a href="/runbooks/late-or-not-arriving">What to do</a>' in shown


def test_each_dependency_that_is_away_is_named() -> None:
    away = Context(sessions=db.sessions_for("postgresql://me@127.0.0.1:9/x"), clock=lambda: NOW, known=known(),
                   broker_url="redis://127.0.0.1:9/0")  # fmt: skip
    shown = page(away, "/", 503)
    assert "database: away" in shown
    assert "Redis: away" in shown
