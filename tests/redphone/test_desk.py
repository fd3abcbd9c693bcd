"""What editors press and ask in Slack, from the envelope to the message: done, kept with who and when, taken back."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from redphone.desk import Desk, listen
from redphone.embedded import Pipeline
from services.classify import by_hand
from services.ingest import store as ingest
from services.notify import config, holds
from services.notify.slack import SlackPoster
from shared import db, heartbeat
from shared.errors import UsageError
from shared.events import ArticlesStored
from shared.records import Article
from shared.settings import load_settings
from shared.tables import CallRow, DeskWordRow, HandRow, MuteRow
from tests.support import processes, slack_server
from tests.support.history import answering, passed_before
from tests.support.servers import free_port, wait_for
from tests.support.slack_server import APP_TOKEN, CHANNEL, TOKEN, SlackServer
from tests.support.socket_mode import SocketModeServer

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
PUTIN, TRUMP = "Tổng thống Nga Vladimir Putin", "Tổng thống Mỹ Donald Trump"
HELD = f"{PUTIN} và {TRUMP} đã điện đàm hôm 18-3."
NO_DAY = f"{PUTIN} và {TRUMP} đã điện đàm."
URL = "https://bao.example/the-gioi/dien-dam-20250318170000.htm"


class Newsdesk:
    """The whole way in one process: articles come in, messages stand in Slack, and editors press their buttons."""

    def __init__(self, sessions: sessionmaker[Session], slack: SlackServer, hub: SocketModeServer) -> None:
        settings = load_settings()
        self.sessions, self.slack, self.hub, self.now = sessions, slack, hub, NOW
        poster = SlackPoster(TOKEN, slack.base_url)
        poster.interval_s = 0.0
        self.pipeline = Pipeline(sessions, poster, config.options(settings))
        self.done: list[None] = []
        self.desk = Desk(sessions, settings, lambda: self.done.append(None), lambda: self.now)
        self._moments = itertools.count(1)

    def prints(self, key: str, text: str, url: str | None = None) -> None:
        article = Article(id=key, title=text, text=text, published_at=self.now, url=url, outlet="Báo")
        with self.sessions.begin() as session:
            stored = ingest.save_replayed(session, [article], self.now, False)
        self.pipeline.publish(ArticlesStored(stored.new))
        self.tick()

    def tick(self) -> None:
        self.now += dt.timedelta(minutes=1)
        self.pipeline.sweep(self.now)

    def buttons(self, message: int = 0) -> dict[str, dict[str, Any]]:
        """The buttons that stand under a message now, by their words."""
        blocks = self.slack.posted[message]["blocks"]
        rows = [block["elements"] for block in blocks if block["type"] == "actions"]
        return {element["text"]["text"]: element for elements in rows for element in elements}

    def text(self, message: int = 0) -> str:
        return str(self.slack.posted[message]["blocks"])

    def click(self, words: str, message: int = 0, by: str = "lan") -> dict[str, Any]:
        button = {**self.buttons(message)[words], "action_ts": f"{next(self._moments)}.0"}
        return {
            "type": "block_actions",
            "user": {"id": f"U{by.upper()}", "username": by},
            "trigger_id": "1.2.abc",
            "response_url": self.slack.answer_url,
            "actions": [button],
        }

    def press(self, words: str, message: int = 0, by: str = "lan") -> None:
        """Somebody clicks, and the notifier looks at what changed."""
        self.says("interactive", self.click(words, message, by))

    def says(self, kind: str, payload: dict[str, Any]) -> None:
        done = len(self.done)
        self.hub.deliver(kind, payload)
        wait_for("the word to be taken in", lambda: len(self.done) > done)
        self.tick()

    def asks(self, text: str) -> str:
        return self.answered(
            "slash_commands", {"text": text, "user_name": "lan", "response_url": self.slack.answer_url}
        )

    def answered(self, kind: str, payload: dict[str, Any]) -> str:
        answers = len(self.slack.answers)
        self.hub.deliver(kind, payload)
        wait_for("an answer", lambda: len(self.slack.answers) > answers)
        answer = self.slack.answers[-1]
        assert answer["response_type"] == "ephemeral", "only who asked sees it"
        return str(answer["text"])

    def rows(self, table: Any) -> list[Any]:
        with self.sessions() as session:
            return list(session.scalars(select(table).order_by(table.id)))


@pytest.fixture(scope="module")
def leaving() -> Iterator[list[threading.Thread]]:
    """The SDK's client takes three seconds to leave; those of all tests leave at once."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join()


@pytest.fixture
def desk(
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    leaving: list[threading.Thread],
    request: pytest.FixtureRequest,
) -> Iterator[Newsdesk]:
    """A desk that is spoken to in English, or in the language that a test asks for."""
    with SlackServer() as slack, SocketModeServer() as hub:
        slack.socket_url = hub.url
        for name, value in {
            "DATABASE_URL": sqlite_url,
            "SLACK_TOKEN": TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_BASE_URL": slack.base_url,
            "SLACK_CHANNEL": CHANNEL,
            "LANGUAGE": getattr(request, "param", "en"),
        }.items():
            monkeypatch.setenv(f"REDPHONE_{name}", value)
        load_settings.cache_clear()
        newsdesk = Newsdesk(db.sessions_for(sqlite_url), slack, hub)
        newsdesk.desk.listener.start()
        yield newsdesk
        leaving.append(threading.Thread(target=newsdesk.desk.listener.stop))
        leaving[-1].start()


def test_not_a_call_strikes_the_root_through_and_the_next_button_takes_it_back(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    assert list(desk.buttons()) == ["Confirm", "I have it", "Same as …", "Mute Russia–US for 7 days", "Not a call"]
    desk.press("Not a call")
    assert "*WITHDRAWN* · withdrawn by lan" in desk.text()
    assert list(desk.buttons()) == ["Undo: not a call"]
    (hand,) = desk.rows(HandRow)
    assert (hand.kind, hand.by, hand.reason, hand.retired_at) == ("drop", "lan", "said in Slack", None)
    desk.press("Undo: not a call", by="minh")
    assert "WITHDRAWN" not in desk.text()
    assert "Not a call" in desk.buttons()
    assert desk.rows(HandRow)[0].retired_by == "minh"
    told = [(message["text"], message["reply_broadcast"]) for message in desk.slack.posted[1:]]
    assert told == [
        ("Update: Putin–Trump: withdrawn by lan, 19 Mar 00:01: said in Slack", True),
        ("Update: the call of Putin–Trump stands again", True),
    ]
    said = [(word.kind, word.by, word.user, word.undone_by) for word in desk.rows(DeskWordRow)]
    assert said == [("drop", "lan", "ULAN", "minh"), ("undo", "minh", "UMINH", None)]


@pytest.mark.parametrize(
    ("button", "line", "back"),
    [
        ("Confirm", "Confirmed by the desk: lan, 19 Mar 00:01", "Undo: confirmed"),
        ("I have it", "lan has it, 19 Mar 00:01", "Undo: I have it"),
        ("Mute Russia–US for 7 days", "Muted until 26 Mar 00:01 by lan, 19 Mar 00:01", "Unmute"),
    ],
)
def test_a_word_stands_in_the_root_until_it_is_taken_back(desk: Newsdesk, button: str, line: str, back: str) -> None:
    desk.prints("a", HELD)
    desk.press(button)
    assert line in desk.text()
    assert button not in desk.buttons()
    desk.press(back)
    assert line not in desk.text()
    assert button in desk.buttons()
    assert desk.slack.methods().count("chat.postMessage") == 1, "no word makes a message"


def test_a_mute_holds_calls_back_and_ends_with_its_button(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    desk.press("Mute Russia–US for 7 days")
    (mute,) = desk.rows(MuteRow)
    assert (mute.pair, mute.by, mute.until - mute.since) == ("RU-US", "lan", dt.timedelta(days=7))
    desk.press("Unmute")
    assert desk.rows(MuteRow)[0].ended_why == "ended by lan"


def test_same_as_asks_for_the_other_call_merges_and_is_taken_back(desk: Newsdesk) -> None:
    desk.now = NOW - dt.timedelta(days=6)
    desk.prints("b", f"{PUTIN} và {TRUMP} đã điện đàm hôm 12-3.")
    desk.now = NOW
    desk.prints("a", HELD)
    desk.prints("c", "Tổng thống Pháp Emmanuel Macron và Thủ tướng Nhật Bản Shigeru Ishiba đã điện đàm hôm 18-3.")
    calls = [row.id for row in desk.rows(CallRow)]
    desk.hub.deliver("interactive", desk.click("Same as …", 1))
    wait_for("the window", lambda: bool(desk.slack.windows))
    (window,) = desk.slack.windows
    options = window["blocks"][0]["element"]["options"]
    words = "Putin and Trump held a call on 12 March · told 13 Mar 00:00"
    assert [option["text"]["text"] for option in options] == [words]
    other = options[0]["value"]
    assert other in calls
    view = {**window, "id": "V1", "state": {"values": {"other": {"other": {"selected_option": {"value": other}}}}}}
    submitted = {"type": "view_submission", "user": {"id": "ULAN", "username": "lan"}, "view": view}
    desk.says("interactive", submitted)
    (hand,) = desk.rows(HandRow)
    assert (hand.kind, {hand.call_id, hand.other_id} < set(calls)) == ("merge", True)
    struck = [number for number in range(2) if "WITHDRAWN" in desk.text(number)]
    assert len(struck) == 1
    assert "Undo: same call" in desk.buttons(struck[0])
    for number in range(2):
        assert "_Put together with another message by lan, 19 Mar 00:02_" in desk.text(number)
    desk.says("interactive", submitted)  # Slack delivers it again
    assert len(desk.rows(HandRow)) == 1
    desk.press("Undo: same call", struck[0])
    assert "WITHDRAWN" not in desk.text(0) + desk.text(1)


def test_a_window_that_cannot_be_opened_is_told(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    desk.prints("b", f"{PUTIN} và {TRUMP} đã điện đàm hôm 12-3.")
    desk.slack.fail("views.open", slack_server.error("expired_trigger_id"))
    told = desk.answered("interactive", desk.click("Same as …"))
    assert told == "The window could not be opened in time: press the button again"


def test_whoever_takes_a_story_gets_its_line(desk: Newsdesk) -> None:
    desk.prints("a", HELD, URL)
    told = desk.answered("interactive", desk.click("I have it"))
    line = "Russian President Vladimir Putin and US President Donald Trump held a call on 18 March."
    assert told == f"To copy:\n```{line} Báo, {URL}```"


def test_the_line_is_to_be_copied_letter_for_letter(desk: Newsdesk) -> None:
    link = "https://bao.example/the_gioi/dien~dam/*1*:vn:.htm?a=1&b=2"
    desk.prints("a", HELD, link)
    told = desk.answered("interactive", desk.click("I have it"))
    assert told.endswith(f" Báo, {link.replace('&', '&amp;')}```")


def test_another_call_splits_what_was_taken_for_one_on_little(desk: Newsdesk) -> None:
    desk.prints("a", NO_DAY)
    desk.prints("b", f"{NO_DAY} Cuộc điện đàm kéo dài 90 phút.")
    reply = next(n for n, message in enumerate(desk.slack.posted) if "thread_ts" in message)
    desk.press("Another call", reply)
    assert [hand.kind for hand in desk.rows(HandRow)] == ["split"]
    assert len(desk.slack.roots) == 2, "the second call has its own root"
    desk.press("Undo: another call")
    assert desk.rows(HandRow)[0].retired_by == "lan"


def test_who_was_told_by_office_alone_is_named_among_the_edits(desk: Newsdesk) -> None:
    desk.prints("a", f"{TRUMP} đã điện đàm với Thủ tướng Libya hôm 18-3.")
    assert "Libyan Prime Minister (not named)" in desk.text()
    desk.prints("b", f"{TRUMP} đã điện đàm với Thủ tướng Libya Abdul Hamid Dbeibah hôm 18-3.")
    assert "Libyan Prime Minister Abdul Hamid Dbeibah" in desk.text()
    assert "Edited 19 Mar 00:02: who" in desk.text()


def test_a_click_is_acknowledged_and_done_once_however_often_it_is_delivered(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    click = desk.click("Not a call")
    desk.says("interactive", click)
    desk.says("interactive", click)
    assert len(desk.hub.acknowledged) == 2
    assert len(desk.rows(HandRow)) == 1


def test_what_cannot_be_done_is_told_to_who_said_it_and_changes_nothing(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    drop, same = desk.click("Not a call"), desk.click("Same as …")
    assert desk.answered("interactive", same) == "There is no other call that this could be"
    desk.says("interactive", drop)
    undo = desk.click("Undo: not a call")
    desk.says("interactive", undo)
    again = {**undo, "actions": [{**undo["actions"][0], "action_ts": "99.0"}]}
    assert desk.answered("interactive", again) == "that was taken back already, by lan"
    assert [word.kind for word in desk.rows(DeskWordRow)] == ["drop", "undo"]


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("Confirm", "lan has said so already, at 19 Mar 2025, 00:01"),
        ("I have it", "lan has it already, since 19 Mar 2025, 00:01"),
        ("Mute Russia–US for 7 days", "lan has said so already, at 19 Mar 2025, 00:01"),
        ("Not a call", "lan has said so already, at 19 Mar 2025, 00:01"),
    ],
)
def test_a_second_editor_hears_that_it_was_said_and_one_button_takes_it_back(
    desk: Newsdesk, button: str, told: str
) -> None:
    desk.prints("a", HELD)
    first, again, second = desk.click(button), desk.click(button), desk.click(button, by="minh")
    desk.says("interactive", first)
    desk.says("interactive", again)
    lines = 2 if button == "I have it" else 0
    wait_for("what lan is to copy, each time", lambda: len(desk.slack.answers) == lines)
    assert desk.answered("interactive", second) == told
    assert [word.by for word in desk.rows(DeskWordRow)] == ["lan"]
    desk.tick()
    (back,) = [words for words in desk.buttons() if words.startswith(("Undo", "Unmute"))]
    desk.press(back, by="minh")
    assert button in desk.buttons()
    assert "lan" not in desk.text()


def test_another_call_is_said_once_and_the_root_says_who(desk: Newsdesk) -> None:
    desk.prints("a", NO_DAY)
    desk.prints("b", f"{NO_DAY} Cuộc điện đàm kéo dài 90 phút.")
    reply = next(n for n, message in enumerate(desk.slack.posted) if "thread_ts" in message)
    second = desk.click("Another call", reply, by="minh")
    desk.press("Another call", reply)
    assert "_Another call set apart by lan, 19 Mar 00:02_" in desk.text()
    assert desk.answered("interactive", second) == "lan has said so already, at 19 Mar 2025, 00:02"
    with desk.sessions.begin() as session:
        word = session.get_one(DeskWordRow, 1)
        word.undone_at, word.undone_by = desk.now, "minh"  # the hand stands, as one of the command line does
    again = {**second, "actions": [{**second["actions"][0], "action_ts": "99.0"}]}
    split, _, _ = str(second["actions"][0]["value"]).partition("|")
    (other,) = [call.id for call in desk.rows(CallRow) if call.id != split]
    assert desk.answered("interactive", again) == f"that report is of another call by now: {other}"


@pytest.mark.parametrize("desk", ["vi"], indirect=True)
def test_a_vietnamese_desk_is_told_in_its_language_what_cannot_be_done(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    drop = desk.click("Không phải điện đàm")
    desk.says("interactive", drop)
    assert "*ĐÃ RÚT LẠI* · lan rút lại, 19/3" in desk.text()
    assert ": nói trong Slack" in desk.text()
    again = {**drop, "actions": [{**drop["actions"][0], "value": "c0", "action_ts": "99.0"}]}
    assert desk.answered("interactive", again) == (
        "c0 không phải cuộc gọi nào trong hồ sơ; redphone calls liệt kê chúng"
    )
    undo = desk.click("Vẫn là điện đàm")
    desk.says("interactive", undo)
    again = {**undo, "actions": [{**undo["actions"][0], "action_ts": "100.0"}]}
    assert desk.answered("interactive", again) == "lan đã rút lại việc đó rồi"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", {"event": {"type": "app_mention"}}),
        ("interactive", {"type": "block_actions", "actions": []}),
        ("interactive", {"type": "shortcut"}),
        ("slash_commands", {"text": "status"}),
    ],
)
def test_what_is_nothing_to_us_is_acknowledged_all_the_same(desk: Newsdesk, kind: str, payload: dict[str, Any]) -> None:
    assert desk.hub.deliver(kind, payload) in desk.hub.acknowledged
    assert desk.asks("help").startswith("I know: last trump putin")


def test_the_connection_is_renewed_when_slack_asks_for_it(desk: Newsdesk) -> None:
    desk.hub.ask_for_a_new_connection()
    assert desk.hub.greeted == 2
    assert desk.asks("calls today") == "No call today"


def test_a_click_whose_connection_broke_comes_over_the_next_one_and_is_done_once(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    click = desk.click("I have it")
    desk.hub.cut()
    desk.says("interactive", click)
    assert desk.hub.greeted == 2
    assert [word.kind for word in desk.rows(DeskWordRow)] == ["own"]


def test_what_can_be_asked(desk: Newsdesk) -> None:
    assert desk.asks("last trump putin") == "No call of trump and putin in our record"
    desk.prints("a", HELD, URL)
    desk.prints("b", "Giá <vàng> hôm nay tăng.", "https://bao.example/gia-vang-20250318170100.htm")
    call = desk.rows(CallRow)[0].id
    assert desk.asks("last TRUMP Putin") == f"Putin and Trump held a call on 18 March · {call}"
    assert desk.asks("last putin u") == "No call of putin and u in our record"
    typed = (
        "trump, putin",
        "Putin–Trump",
        "putin-trump",
        "RU-US",
        "trump & putin?",
        "“Trump” – Putin.",
        "D. Trump Putin",
    )
    for names in ("ru us", "nga mỹ", "Russia Trump", *typed):
        assert desk.asks(f"last {names}") == f"Putin and Trump held a call on 18 March · {call}"
    assert desk.asks("calls today") == "• Putin and Trump held a call on 18 March"
    why = desk.asks(f"why <{URL}>").splitlines()
    assert why[0] == f"article 1: {HELD}"
    assert "alert 1 was sent" in why[1]
    told = desk.asks("why https://bao.example/gia-vang-20250318170100.htm").splitlines()
    assert told[0] == "article 2: Giá &lt;vàng&gt; hôm nay tăng."
    assert told[1].replace("\u200b", "").startswith("no call was found in it")
    assert "not seen: no feed of this host is polled" in desk.asks("why https://bao.example/other.htm")
    with desk.sessions.begin() as session:
        session.add(answering(desk.now))
    assert desk.asks("status") == (
        "No, the desk cannot trust the silence. No test article has been sent in the last day."
    )
    with desk.sessions.begin() as session:
        session.add(passed_before(desk.now, 3))
    assert desk.asks("status") == (
        "All is well\nYes, the desk can trust the silence. "
        "A test article went feed → stored → read → Slack in 41 s, 2 min ago."
    )
    with desk.sessions.begin() as session:
        holds.pause(session, "lan", "bad <release>", desk.now, None)
    assert "by lan: bad &lt;release&gt;" in desk.asks("status")


def test_the_last_call_is_found_by_the_names_of_either_language(desk: Newsdesk) -> None:
    desk.prints("a", "Chủ tịch Trung Quốc Tập Cận Bình và Tổng thống Mỹ Donald Trump đã điện đàm hôm 18-3.")
    call = desk.rows(CallRow)[0].id
    for names in ("xi trump", "Tập Trump", "Tập Cận Bình", "tap mỹ"):
        assert desk.asks(f"last {names}") == f"Trump and Xi held a call on 18 March · {call}"
    assert desk.asks("last Tập Putin") == "No call of Tập and Putin in our record"


def test_the_last_call_is_found_by_names_of_several_words(desk: Newsdesk) -> None:
    desk.prints("a", "Chủ tịch Triều Tiên Kim Jong-un và Tổng thống Mỹ Donald Trump đã điện đàm hôm 18-3.")
    desk.prints("b", "Thái tử Saudi Arabia Mohammed bin Salman và Tổng thống Hàn Quốc Lee Jae Myung điện đàm hôm 18-3.")
    asked = {
        "hoa kỳ bắc triều tiên": "Kim and Trump held a call on 18 March",
        "Donald Trump và Kim Jong-un": "Kim and Trump held a call on 18 March",
        "Kim Jong-un–D. Trump": "Kim and Trump held a call on 18 March",
        "saudi arabia south korea": "Lee and Mohammed bin Salman held a call on 18 March",
        "Hàn Quốc with Ả Rập Xê Út": "Lee and Mohammed bin Salman held a call on 18 March",
    }
    found = {names: desk.asks(f"last {names}").rpartition(" · ")[0] for names in asked}
    assert found == asked
    assert desk.asks("last saudi arabia hoa kỳ") == "No call of saudi arabia and hoa kỳ in our record"
    assert desk.asks("last and") == "No call of and in our record"


def test_the_last_call_is_one_with_a_day_before_an_older_one_without(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    call = desk.rows(CallRow)[0]
    with desk.sessions.begin() as session:
        session.add(
            CallRow(
                id="c0", persons=call.persons, countries=call.countries, status="held", news=True, facts=call.facts,
                created_at=desk.now - dt.timedelta(days=400), updated_at=desk.now,
            )
        )  # fmt: skip
    assert desk.asks("last trump putin").endswith(f" · {call.id}")


def test_a_token_that_slack_refuses_is_one_line(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPHONE_SLACK_APP_TOKEN", "xapp-of-somebody-else")
    load_settings.cache_clear()
    stranger = Desk(desk.sessions, load_settings(), lambda: None)
    with pytest.raises(UsageError) as caught:
        stranger.listener.start()
    stranger.listener.stop()
    assert str(caught.value).startswith("REDPHONE_SLACK_APP_TOKEN: Slack refuses it (invalid_auth); make one with")
    assert "xapp-" not in str(caught.value)


def test_without_an_app_token_there_are_no_buttons(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDPHONE_SLACK_APP_TOKEN")
    load_settings.cache_clear()
    assert not config.options(load_settings()).listens
    with pytest.raises(UsageError, match="REDPHONE_SLACK_APP_TOKEN is not set"):
        Desk(desk.sessions, load_settings(), lambda: None)


def test_what_was_undone_on_the_command_line_offers_its_button_again(desk: Newsdesk) -> None:
    desk.prints("a", HELD)
    desk.press("Not a call")
    with desk.sessions.begin() as session:
        by_hand.undo(session, desk.rows(HandRow)[0].id, "minh", desk.now)
    desk.tick()
    assert "Not a call" in desk.buttons()
    assert "Undo: not a call" not in desk.buttons()


def test_run_listens_too(tmp_path: Path) -> None:
    with SlackServer() as slack, SocketModeServer() as hub:
        slack.socket_url = hub.url
        slack.fail("apps.connections.open", slack_server.reset(), slack_server.reset())  # asked again at the next sweep
        settings = {
            "REDPHONE_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite'}",
            "REDPHONE_BUILT_IN_FEEDS": "no",
            "REDPHONE_STATUS_PORT": str(free_port()),
            "REDPHONE_SLACK_TOKEN": TOKEN,
            "REDPHONE_SLACK_APP_TOKEN": APP_TOKEN,
            "REDPHONE_SLACK_BASE_URL": slack.base_url,
        }
        with processes.redphone(["run"], settings, tmp_path):
            wait_for("the connection", lambda: hub.greeted, timeout=90)
            hub.deliver("slash_commands", {"text": "calls today", "user_id": "U1", "response_url": slack.answer_url})
            wait_for("an answer", lambda: slack.answers)
            assert slack.answers[0]["text"] == "No call today"
        log = processes.logs(tmp_path)
    assert "Slack cannot be reached by Socket Mode" in log
    assert "listening to the desk in Slack" in log
    assert "Traceback" not in log


def test_a_process_of_its_own_listens_beside_the_workers(postgres_url: str, redis_url: str, tmp_path: Path) -> None:
    with SlackServer() as slack, SocketModeServer() as hub:
        slack.socket_url = hub.url
        settings = processes.settings(postgres_url, redis_url, slack=slack.base_url, slack_app_token=APP_TOKEN)
        with processes.redphone(["worker", "desk"], settings, tmp_path) as process:
            wait_for("the connection", lambda: hub.greeted, timeout=90)
            hub.deliver("slash_commands", {"text": "calls today", "user_id": "U1", "response_url": slack.answer_url})
            wait_for("an answer", lambda: slack.answers)
            assert slack.answers[0]["text"] == "No call today"
            with heartbeat.connect(redis_url) as redis:
                wait_for("a sign of life", lambda: "desk" in heartbeat.read(redis))
            process.terminate()
            assert process.wait(20) == 0
        assert "xapp-" not in processes.logs(tmp_path)


def test_the_listener_needs_a_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="REDPHONE_BROKER_URL is not set"):
        listen()
