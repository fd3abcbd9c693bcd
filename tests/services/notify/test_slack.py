"""The Slack poster against the stand-in: what arrives there, and what every kind of bad answer is taken for."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from sqlalchemy.orm import Session, sessionmaker

from services.notify.decide import Options
from services.notify.digest import Call, render_digest
from services.notify.layout import Line, Message, Span, bold
from services.notify.message import render_root
from services.notify.poster import Absent, CannotLook, Kind, Place, Post, Refused, Sent, Unknown
from services.notify.slack import REMEDIES, SlackPoster
from shared import db
from tests.services.notify.desk import NOW, Desk
from tests.services.notify.variations import AT, DIGESTS, MACRON, MERZ, ROOTS, facts, view
from tests.support import slack_server
from tests.support.slack_server import CHANNEL, TOKEN, SlackServer

MESSAGE = render_root(view(facts(MACRON, MERZ)), "en", "Asia/Ho_Chi_Minh")
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def poster(slack: SlackServer) -> SlackPoster:
    return SlackPoster(TOKEN, slack.base_url, timeout_s=1)


def post(key: str = "root:c1", kind: Kind = "root", channel: str = "#redphone", **values: object) -> Post:
    return Post(key=key, kind=kind, channel=channel, message=MESSAGE, **values)  # type: ignore[arg-type]


def test_a_root_its_reply_and_its_edit(slack: SlackServer, poster: SlackPoster) -> None:
    root = poster.send(post())
    assert isinstance(root, Sent)
    assert root.channel == CHANNEL
    reply = poster.send(post("update:1", "update", thread_ts=root.ts, broadcast=True))
    assert isinstance(reply, Sent)
    assert poster.send(post("edit:1", "edit", ts=root.ts, note="replaces")) == Sent(root.ts, CHANNEL)
    first, second = slack.posted
    assert first["text"] == "Macron and Merz held a call on 4 May"
    assert first["blocks"][0]["elements"][0]["text"].startswith("⚠ This message takes the place")
    assert first["blocks"][1]["text"]["text"].startswith("*☎ Macron and Merz held a call on 4 May*\nHELD")
    assert (second["thread_ts"], second["reply_broadcast"]) == (root.ts, True)
    assert second["metadata"]["event_payload"] == {"key": "update:1"}


@pytest.mark.parametrize("takes_long", ["its name", "what a link needs"])
def test_a_post_that_cannot_begin_promptly_is_not_begun(
    slack: SlackServer, poster: SlackPoster, monkeypatch: pytest.MonkeyPatch, takes_long: str
) -> None:
    """A name is looked up without a time-out: the message could land after somebody has looked for it in vain."""
    passed = [0.0]
    monkeypatch.setattr("services.notify.slack.time", SimpleNamespace(monotonic=lambda: passed[-1]))

    def slowly(*_: object, **__: object) -> object:
        passed.append(60.0)
        return []

    if takes_long == "its name":
        monkeypatch.setattr("services.notify.slack.socket", SimpleNamespace(getaddrinfo=slowly))
    else:
        monkeypatch.setattr(poster, "_link", slowly)
    assert poster.send(post()) == Refused("the network was too slow to begin", "retry")
    assert slack.posted == []


@pytest.mark.parametrize("plain", [False, True])
def test_nothing_unfurls_and_nothing_links_names(slack: SlackServer, poster: SlackPoster, *, plain: bool) -> None:
    root = poster.send(post(channel=CHANNEL, plain=plain))
    assert isinstance(root, Sent)
    poster.send(post("edit:1", "edit", channel=CHANNEL, plain=plain, ts=root.ts))
    (_, arguments), (_, edited) = slack.calls
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) in {(False, False), ("0", "0"), ("False", "False")}
    for sent in (arguments, edited):
        assert "link_names" not in sent
        assert sent["parse"] == "none", "an edit is read as if somebody had typed it, unless it says so"


@pytest.mark.parametrize("fault", [slack_server.lost_answer(), slack_server.timed_out()], ids=["reset", "time-out"])
def test_a_lost_answer_is_unknown_and_found_by_its_key(
    slack: SlackServer, poster: SlackPoster, fault: slack_server.Fault
) -> None:
    slack.fail("chat.postMessage", fault)
    assert isinstance(poster.send(post()), Unknown)
    assert slack.methods() == ["chat.postMessage"]  # the SDK did not try again by itself
    assert poster.find(post(), LONG_AGO) == Sent(slack.posted[0]["ts"], CHANNEL)
    assert poster.find(post("root:c2"), LONG_AGO) == Absent()


def test_a_reply_is_looked_for_in_its_thread(slack: SlackServer, poster: SlackPoster) -> None:
    root = poster.send(post())
    assert isinstance(root, Sent)
    slack.fail("chat.postMessage", slack_server.lost_answer())
    reply = post("update:1", "update", thread_ts=root.ts)
    assert isinstance(poster.send(reply), Unknown)
    assert poster.find(reply, LONG_AGO) == Sent(slack.posted[1]["ts"], CHANNEL)
    assert slack.methods()[-1] == "conversations.replies"


def test_a_message_is_found_behind_many_others(slack: SlackServer, poster: SlackPoster) -> None:
    for number in range(130):
        poster.send(post(f"root:{number}"))
    assert isinstance(poster.find(post("root:3"), LONG_AGO), Sent)


def test_a_message_that_may_stand_behind_more_than_can_be_read_is_not_called_absent(
    slack: SlackServer, poster: SlackPoster
) -> None:
    others = [{"type": "message", "ts": f"1700000000.{number:06d}", "text": "chat"} for number in range(501)]
    slack.posted += others[:500]
    assert poster.find(post(channel=CHANNEL), LONG_AGO) == Absent()
    slack.posted += others[500:]
    assert poster.find(post(channel=CHANNEL), LONG_AGO) == CannotLook("too many messages to read through")


def test_a_channel_that_cannot_be_read_is_no_empty_channel(slack: SlackServer, poster: SlackPoster) -> None:
    slack.fail("conversations.history", slack_server.error("missing_scope"), slack_server.reset())
    assert poster.find(post(channel=CHANNEL), LONG_AGO) == CannotLook("missing_scope")
    assert isinstance(poster.find(post(channel=CHANNEL), LONG_AGO), CannotLook)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (slack_server.rate_limited(17), Refused("ratelimited", "retry", 17.0)),
        (slack_server.error("ratelimited"), Refused("ratelimited", "retry", 30.0)),
        (slack_server.error("invalid_auth"), Refused("invalid_auth", "repair")),
        (slack_server.error("message_limit_exceeded"), Refused("message_limit_exceeded", "repair")),
        (slack_server.error("msg_blocks_too_long"), Refused("msg_blocks_too_long", "plain")),
        (slack_server.error("an_error_of_tomorrow"), Refused("an_error_of_tomorrow", "give_up")),
        (slack_server.error("fatal_error"), Unknown("HTTP 200 fatal_error")),
        (slack_server.reset(), Unknown),
        (slack_server.server_error(503), Unknown),
        (slack_server.server_error(502, done=True), Unknown),
    ],
)
def test_what_an_answer_is_taken_for(
    slack: SlackServer, poster: SlackPoster, fault: slack_server.Fault, outcome: object
) -> None:
    slack.fail("chat.postMessage", fault)
    answer = poster.send(post())
    assert isinstance(answer, outcome) if isinstance(outcome, type) else answer == outcome


def test_a_connection_that_was_never_made_sent_nothing(slack: SlackServer) -> None:
    with SlackServer() as gone:
        address = gone.base_url
    answer = SlackPoster(TOKEN, address).send(post())
    assert isinstance(answer, Refused)
    assert answer.remedy == "retry"


def test_a_root_that_is_gone_asks_for_a_new_one(slack: SlackServer, poster: SlackPoster) -> None:
    root = poster.send(post())
    assert isinstance(root, Sent)
    slack.delete(root.ts)
    assert poster.send(post("edit:1", "edit", ts=root.ts)) == Refused("message_not_found", "reroot")
    assert poster.send(post("update:1", "update", thread_ts=root.ts)) == Refused("thread_not_found", "reroot")


def test_a_new_root_links_to_the_one_whose_place_it_takes(slack: SlackServer, poster: SlackPoster) -> None:
    place = Place(CHANNEL, "1700000001.000100")
    poster.send(post(note="replaces", replaces=place))
    first = slack.posted[0]["blocks"][0]["elements"][0]["text"]
    assert first.endswith(f"(<https://desk.slack.com/archives/{CHANNEL}/p1700000001000100|the earlier message>)")
    slack.fail("auth.test", slack_server.error("fatal_error"))
    stranger = SlackPoster(TOKEN, slack.base_url)
    assert isinstance(stranger.send(post("root:2", note="replaces", replaces=place)), Sent)
    assert "archives" not in json.dumps(slack.posted[1])


def test_no_token_in_any_error(slack: SlackServer) -> None:
    outsider = SlackPoster("xoxb-somebody-else", slack.base_url)
    answer = outsider.send(post())
    assert answer == Refused("invalid_auth", "repair")
    assert "xoxb" not in str(outsider.find(post(channel=CHANNEL), LONG_AGO))


def test_plain_text_keeps_the_facts(slack: SlackServer, poster: SlackPoster) -> None:
    poster.send(post(plain=True, note="possible_repeat"))
    assert "blocks" not in slack.posted[0]
    assert slack.posted[0]["text"].splitlines()[1:3] == [
        "*☎ Macron and Merz held a call on 4 May*",
        "HELD · first of these two in our record",
    ]


def test_plain_text_keeps_whom_it_calls_and_every_link(slack: SlackServer, poster: SlackPoster) -> None:
    place = Place(CHANNEL, "1700000001.000100")
    message = render_root(ROOTS["phoned"], "en", "UTC")
    poster.send(Post(key="k", kind="root", channel=CHANNEL, message=message, plain=True, note="replaces",
                     replaces=place, mention=("here", "U024BE7LH")))  # fmt: skip
    text = slack.posted[0]["text"]
    assert text.startswith("<!here> <@U024BE7LH>\n⚠ ")
    assert f"(<https://desk.slack.com/archives/{CHANNEL}/p1700000001000100|the earlier message>)" in text
    urls = [span.url for line in message.lines for span in line.spans if span.url]
    assert urls
    assert all(f"<{url}|" in text for url in urls)
    quotes = [line.text for line in message.lines if line.kind == "quote"]
    assert all(f"> {quote}" in text for quote in quotes)


def test_plain_text_of_a_digest_tells_its_calls(slack: SlackServer, poster: SlackPoster) -> None:
    calls = tuple(Call(facts(MACRON, MERZ, date=f"{2026 + n}-05-04"), None, False) for n in range(90))
    messages = render_digest(replace(DIGESTS["digest"], calls=calls), "vi", "UTC")
    for message in messages:
        poster.send(Post(key="k", kind="digest", channel=CHANNEL, message=message, plain=True))
    text = "\n".join(message["text"] for message in slack.posted)
    assert text.count("• Macron và Merz điện đàm") == 90


def test_plain_text_that_is_too_long_loses_its_quotations_first(slack: SlackServer, poster: SlackPoster) -> None:
    lines = [Line("headline", (bold("☎ news"),)), *[Line("field", (Span("fact " * 60),))] * 10]
    quoted = (Line("quote", (Span("quoted " * 60),)),) * 9
    message = Message("news", "en", (*lines, *quoted, Line("sources", (Span("outlet", url="https://a.example/1"),))))
    poster.send(Post(key="k", kind="root", channel=CHANNEL, message=message, plain=True))
    text = slack.posted[0]["text"]
    assert len(text) <= 4000
    assert text.count("fact fact") >= 10
    assert 0 < text.count("> quoted") < 9
    assert text.endswith("<https://a.example/1|outlet>")


class Patient(SlackPoster):
    """A poster whose waiting is the passing of a clock."""

    def __init__(self, base_url: str, time: list[float]) -> None:
        super().__init__(TOKEN, base_url)
        self.interval_s = 0.0
        self._time = time

    def wait(self, seconds: float) -> None:
        self._time[0] += seconds


def test_a_burst_against_slacks_limits_arrives_whole_once_and_in_order(sqlite_url: str) -> None:
    """A sender that keeps no interval of its own: a channel takes one message a second, and says when to come again."""
    time = [NOW.timestamp()]
    with SlackServer(lambda: time[0]) as slack:
        desk, poster = Desk(db.sessions_for(sqlite_url), Options(channel=CHANNEL)), Patient(slack.base_url, time)
        for number in range(6):
            desk.call(f"c{number}")
            desk.decide(desk.report(call_id=f"c{number}"))
        for _ in range(12):
            desk.post(poster, dt.datetime.fromtimestamp(time[0], dt.UTC))
            time[0] += 1
        keys = [message["metadata"]["event_payload"]["key"] for message in slack.posted]
    assert keys == [f"root:c{number}@{CHANNEL}" for number in range(6)]
    assert slack.limited == ["chat.postMessage"] * 5


def test_more_edits_than_slack_allows_in_a_minute_are_put_off() -> None:
    with SlackServer(NOW.timestamp) as slack:
        poster = SlackPoster(TOKEN, slack.base_url)
        root = poster.send(post(channel=CHANNEL))
        assert isinstance(root, Sent)
        edits = [poster.send(post("edit:1", "edit", CHANNEL, ts=root.ts)) for _ in range(51)]
    assert edits == [*[root] * 50, Refused("ratelimited", "retry", 60.0)]


def test_every_remedy_is_one_that_the_ledger_knows() -> None:
    assert set(REMEDIES.values()) == {"retry", "repair", "plain", "reroot"}


@pytest.mark.parametrize("name", sorted(ROOTS))
def test_slack_takes_every_message(slack: SlackServer, poster: SlackPoster, name: str) -> None:
    message = render_root(ROOTS[name], "vi", "Asia/Ho_Chi_Minh")
    assert isinstance(poster.send(Post(key=name, kind="root", channel=CHANNEL, message=message)), Sent)


@pytest.mark.parametrize("seed", range(3))
def test_through_all_kinds_of_trouble_each_message_arrives_once(slack: SlackServer, sqlite_url: str, seed: int) -> None:
    """Forty calls, told through resets, lost answers, 5xx and rate limits: none lost, none doubled, in order."""
    sessions: sessionmaker[Session] = db.sessions_for(sqlite_url)
    desk = Desk(sessions, Options(channel=CHANNEL))
    poster = SlackPoster(TOKEN, slack.base_url, timeout_s=1)
    poster.interval_s = 0.0
    chance = random.Random(seed)
    faults = [
        slack_server.lost_answer(), slack_server.reset(), slack_server.server_error(502, done=True),
        slack_server.server_error(503), slack_server.rate_limited(3), slack_server.error("internal_error"),
    ]  # fmt: skip
    for number in range(40):
        desk.call(f"c{number}", facts(MACRON, MERZ))
        desk.decide(desk.report(call_id=f"c{number}", published=AT))
        if chance.random() < 0.5:
            slack.fail("chat.postMessage", *chance.choices(faults, k=chance.randint(1, 3)))
    for minute in range(300):
        desk.post(poster, NOW + dt.timedelta(minutes=minute))
        if set(desk.states()) == {"sent"}:
            break
    keys = [message["metadata"]["event_payload"]["key"] for message in slack.posted]
    assert sorted(keys) == sorted(f"root:c{number}@{CHANNEL}" for number in range(40))
    assert "possible_repeat" not in json.dumps(slack.posted)
