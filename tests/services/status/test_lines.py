"""What is wrong and what to do, in both languages: whatever English line is made, a page says it in its own."""

from __future__ import annotations

import csv
import datetime as dt
import re
from importlib.resources import files
from typing import get_args

import pytest
from msgspec.structs import replace

from services.classify import extract, leader, resolve, talk
from services.classify.leader import FORMER
from services.ingest.values import FeedKind, FetchKind, PageKind
from services.notify.blind import CAUSES
from services.notify.decide import UNDATED, Send, Skip
from services.notify.quiet import Hold, Mute, hours_of, mute_hold, quiet_hold
from services.notify.routes import built_in
from services.notify.tasks import explained, in_words
from services.status import problems
from services.status.lines import SLOTS, counted, line, rows, span, told
from services.status.overall import UNSENT
from services.status.routes.alerts import WITH_A_STEP, Kind, State
from services.status.store import FAILED
from services.status.values import Channel, Feed, Lost, Muted, Paused, Signs
from services.status.why import Alert, Facts, Miss, Told, no_address, not_seen, why
from services.status.wording import Voice
from shared.brake import Backlog, load_steps, slowed, words_of
from shared.names import SLOT


def _refusals() -> set[str]:
    """Every reason for which the reader refuses words, as its source has them."""
    found = {value for name, value in vars(leader).items() if name.isupper() and isinstance(value, str)}
    for module in (resolve, talk, extract):
        source = (files("services.classify") / f"{module.__name__.rpartition('.')[2]}.py").read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:NotLeader\(reason=|_refuse\(base, |mention\.reason or )"([^"]+)"', source))
    return found


NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
EN, VI = (Voice(language, "Asia/Ho_Chi_Minh", NOW) for language in ("en", "vi"))
#: What stands in a slot, in both languages.
SAMPLES = {
    **dict.fromkeys(SLOTS, ("1,234", "1,234")),
    "n": ("1,234", "1.234"),
    "span": ("41 s", "41 giây"),
    "limit": ("3 min", "3 phút"),
    "at": ("2025-03-18 16:45 UTC", "18/3/2025, 23:45"),
    "until": ("2025-03-18 17:00 UTC", "19/3/2025, 00:00"),
    "clock": ("16:45 UTC", "23:45"),
    "day": ("2025-04-01", "1/4/2025"),
    "stage": ("classify", "đọc"),
    "service": ("notify.post", "notify.post"),
    "line": ("Redis is full: no", "Redis đã đầy (no)"),
    "verdict": ("repeat", "lặp lại"),
    "field": ("topics", "chủ đề"),
    "changes": ("adds topics, disputes date", "thêm chủ đề, nói khác về khi nào"),
    "channel": ("#desk", "#desk"),
    "alert_state": ("held", "đang giữ lại"),
    "parts": ("article pages wait and other feeds 5 min later", "trang bài phải chờ, các nguồn khác muộn hơn 5 phút"),
}


#: What an English page says of a moment.
LOCAL = {"at": "18 Mar 2025, 23:45", "until": "19 Mar 2025, 00:00", "clock": "23:45", "day": "1 Apr 2025"}


def test_every_row_is_whole_and_once() -> None:
    text = (files("services.status") / "data" / "lines.csv").read_text(encoding="utf-8")
    found = list(csv.reader(text.splitlines()))
    assert found[0] == ["key", "en", "vi"]
    assert {len(row) for row in found} == {3}
    for place in (0, 1):
        column = [row[place] for row in found]
        assert len(set(column)) == len(column)


@pytest.mark.parametrize(
    ("seconds", "least_s", "words"),
    [
        (41, 0, "41 s"),
        (119, 0, "119 s"),
        (120, 0, "2 min"),
        (7200, 0, "2 h"),
        (599, 600, "599 s"),
        (600, 600, "10 min"),
        (7200, 600, "2 h"),
    ],
)
def test_spans(seconds: float, least_s: float, words: str) -> None:
    assert span(seconds, least_s) == words


@pytest.mark.parametrize("key", sorted(rows()))
def test_no_line_lacks_a_language(key: str) -> None:
    row = rows()[key]
    assert row.english.strip()
    assert row.vietnamese.strip()
    assert row.vietnamese != row.english or key in ("step", "why_call")  # a name and a line, which is said for itself
    assert set(SLOT.findall(row.vietnamese)) == set(SLOT.findall(row.english))


@pytest.mark.parametrize("key", sorted(rows()))
def test_a_line_is_found_again_by_what_it_says(key: str) -> None:
    row = rows()[key]
    samples = {name: SAMPLES.get(name, (f"<{name}>", f"<{name}>")) for name in SLOT.findall(row.english)}
    english, vietnamese = (
        template.format(**{name: pair[place] for name, pair in samples.items()})
        for place, template in enumerate((row.english, row.vietnamese))
    )
    assert told(english, VI) == vietnamese
    assert told(english, EN) == row.english.format(**{name: LOCAL.get(name, pair[0]) for name, pair in samples.items()})


@pytest.mark.parametrize(
    ("words", "vietnamese"),
    [
        ("", ""),
        ("KeyError: 'x'", "KeyError: 'x'"),
        ("lan said so; for now", "lan said so; for now"),
        ("no feed answered; nothing ran", "không nguồn tin nào trả lời; không có gì chạy"),
        ("classify: Redis is full: no", "classify: Redis đã đầy (no)"),
        ("dns: no such host (3 times in a row)", "không tìm ra máy chủ (no such host) (3 lần liên tiếp)"),
        (
            "the test article of 16:50 UTC failed: feed: its one entry was not found",
            "tin thử lúc 23:50 bị hỏng: ở chặng nguồn tin: không tìm thấy mục duy nhất của nó",
        ),
        (
            "feed\npaused by lan: storm {n}",
            "feed\npaused by lan: storm {n}",
        ),
    ],
)
def test_lines_stand_in_lines_and_what_no_row_made_stays(words: str, vietnamese: str) -> None:
    assert told(words, VI) == vietnamese


@pytest.mark.parametrize(
    ("words", "english"),
    [
        (
            "nothing ran; the test article of 17:10 UTC was read and is not told",
            "nothing ran; the test article of 00:10 was read and is not told",
        ),
        ("notify.post: dropped by lan at 2025-03-18 16:45 UTC", "notify.post: dropped by lan at 18 Mar 2025, 23:45"),
        ("lan said at 2025-03-18 16:45 UTC that he would", "lan said at 2025-03-18 16:45 UTC that he would"),
        ("1,234 wait, the oldest (7) for 3 min", "1,234 wait, the oldest (7) for 3 min"),
    ],
)
def test_an_english_page_tells_moments_in_the_desks_zone(words: str, english: str) -> None:
    assert told(words, EN) == english


FEED = Feed("http://a/rss", "Báo A", 60.0, -900.0, 3, "dns: no", last_new_age_s=9000.0, entries_a_day=40.0)
PAUSED = Paused("lan", "bão", NOW, None)
TROUBLES = (*problems.REFUSED_TOKENS, *problems.CLOSED, *problems.UNASKED, "ekm_access_denied")


def channel(trouble: str, name: str = "#desk", *, own: bool = True) -> Channel:
    return Channel(name, own, "C1", "https://desk.slack.com/", NOW, None, trouble)


SIGNS = Signs(workers={"ingest": 500.0}, troubles={"notify.post": "Redis is full: no"}, memory=(9, 9))


@pytest.mark.parametrize(
    "lines",
    [
        [problem.words for problem in problems.feeds([FEED], 5.0)],
        problems.remarks([Feed("http://b/rss", "B", 1.0, 1.0, 0, None, last_new_age_s=90.0, silent=True)]),
        problems.paused_feeds([Feed("http://b/rss", "B", 1.0, 1.0, 0, None, paused="paused")]),
        [problem.words for problem in problems.of_signs(SIGNS, 5.0)],
        [problems.stopped(500.0).words],
        problems.resting(PAUSED, [Muted("RU-US", "minh", "mỗi ngày", NOW)]),
        problems.failed({stage: Lost(1, 3, "KeyError: 'x'") for stage in FAILED}),
        problems.failed({stage: Lost(7, 3, "KeyError: 'x'") for stage in FAILED}),
        [counted(f"unsent_{state}", count) for state in UNSENT for count in (1, 7)],
        [line(f"step_{state}") for state in WITH_A_STEP],
        [line(f"blind_{cause}") for cause in CAUSES],
        [f"{kind}: no" for kind in (*get_args(FetchKind), *get_args(FeedKind), *get_args(PageKind))],
        [problems.channel_trouble(channel(word)) for word in TROUBLES],
        [words_of(step, Backlog(5210, 480.0)) for step in load_steps()],
        [slowed(step, world=False) for step in load_steps() if step.others_s],
    ],
    ids=lambda lines: str(lines[0])[:40],
)
def test_what_the_services_say_is_known(lines: list[str]) -> None:
    assert lines
    for words in lines:
        assert told(words, VI) != words, words


HELD = Told("c1", "Putin – Trump", "new", "done", "root: first fresh news of this call (new)", ())
ALERT = Alert(7, "root", "sent", NOW, None, "#desk")
FACTS = Facts(id=7, read_state="done", read_error=None, body_state="none", body_error=None, reports=(), misses=())
MISS = Miss("ring", FORMER, "gọi điện")
QUIET = (Skip(reason="its alert was dropped by lan at 2025-03-18 17:00 UTC: storm"), Skip(reason="no route leads here"),
         Skip(reason="background never alerts"), Skip(reason="came with a backfill: history only"),
         Skip(reason="the article is more than 36 hours old", route="digest"),
         Skip(reason="nothing that the root does not show"))  # fmt: skip
DECIDED = (
    *(explained(skip) for skip in QUIET),
    *(explained(Skip(reason=route.why, route="digest")) for route in built_in()),
    explained(Send(kind="root", reason="first fresh news of this call (new)"),
              mute_hold((Mute(1, frozenset(), "lan", NOW),))),
    explained(Send(kind="root", reason="first fresh news of this call (new)"),
              quiet_hold((hours_of("23:00-06:00"),), NOW, "Asia/Ho_Chi_Minh")),
    explained(Send(kind="root", reason=UNDATED, undated=True), Hold("undated", "waits for a person")),
    "held: neither a publication date nor a day of the call",  # as it was said before
    explained(Send(kind="update", reason="adds topics, disputes date, adds heard, adds account")),
    explained(Send(kind="update", reason="a fact changed")),
    explained(Send(kind="edit", reason="the root shows the present state of knowledge")),
    in_words({"#desk": "root: first fresh news of this call (new)", "#asia": "silent: no route leads here"}),
)  # fmt: skip
WHY = (
    no_address(), not_seen([], []), not_seen(["http://a/rss"], []),
    not_seen(["http://a/rss"], ["http://a/rss: dns: x"]),
    not_seen(["http://a/rss"], ["http://a/rss is paused"]),
    not_seen(["http://a/rss"], ["http://a/rss came and went between two looks 3 times"]),
    *(reason for facts in (
        replace(FACTS, read_state="failed"), replace(FACTS, read_state="waiting"), FACTS,
        replace(FACTS, misses=(MISS,)), replace(FACTS, misses=(MISS, MISS), body_state="failed", body_error="dns: x"),
        replace(FACTS, misses=(MISS,), body_state="waiting"),
        replace(FACTS, reports=(HELD,)), replace(FACTS, reports=(replace(HELD, alerts=(ALERT,)),)),
        replace(FACTS, reports=(replace(HELD, alerts=(replace(ALERT, sent_at=None),)),)),
        *(replace(FACTS, reports=(replace(HELD, alerts=(replace(ALERT, state=state),)),))
          for state in get_args(State)),
        replace(FACTS, reports=(replace(HELD, alerts=(ALERT, replace(ALERT, state="refused", channel="#asia"),)),)),
        replace(FACTS, reports=(replace(HELD, decision=DECIDED[-1], alerts=(ALERT,), withdrawn="lan: Putin – Trump"),)),
        replace(FACTS, reports=(replace(HELD, alerts=(replace(ALERT, state="held"),)),),
                paused="posting is paused by lan: storm"),
        replace(FACTS, reports=(replace(HELD, notify_state="waiting"),)),
        replace(FACTS, reports=(replace(HELD, notify_state="failed", decision="KeyError"),)),
        replace(FACTS, reports=(replace(HELD, decision=""),)),
        replace(FACTS, reports=(replace(HELD, verdict="repeat", decision=DECIDED[6]),)),
        replace(FACTS, reports=(replace(HELD, decision=DECIDED[5]),)),
    ) for reason in why(facts)),
)  # fmt: skip
#: What is left of a line when names, addresses, commands and what else is no language are taken away.
NO_LANGUAGE = re.compile(r"Putin – Trump|KeyError|redphone(?: [a-z]+)+|--[a-z]+|REDPHONE_\w+|Slack|FILE|URL|#\w+|UTC")
ENGLISH = re.compile(
    r"\b(?:the|of|is|it|was|and|or|a|to|by|in|no|not|this|that|with|call|alert|article|root|silent|digest|adds|feed)\b"
)


@pytest.mark.parametrize("words", [*DECIDED, *(reason.words for reason in WHY), *(r.do for r in WHY if r.do)])
def test_why_an_article_was_told_or_not_has_no_english_left(words: str) -> None:
    said = told(words, VI)
    left = ENGLISH.search(NO_LANGUAGE.sub("", re.sub(r"https?://\S+|\blan\b", "", said)))
    assert left is None, (words, said)


@pytest.mark.parametrize("reason", sorted(_refusals()))
def test_why_words_are_no_call_is_known(reason: str) -> None:
    assert told(reason, VI) != reason


def test_every_state_and_kind_of_an_alert_has_its_words() -> None:
    for name in (*(f"alert_{state}" for state in get_args(State)), *(f"kind_{kind}" for kind in get_args(Kind))):
        assert EN.say(name) != VI.say(name)
