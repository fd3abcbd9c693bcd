"""Why an article gave an alert or none, in words."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from services.status.why import Alert, Facts, Miss, Told, not_seen, why

AT = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
READ = Facts(id=7, read_state="done", read_error=None, body_state="done", body_error=None, reports=(), misses=())


def told(verdict: str, decision: str, *alerts: Alert, state: str = "done") -> Facts:
    report = Told("c1", "Putin – Trump", verdict, state, decision, alerts)
    return msgspec.structs.replace(READ, reports=(report,))


def alert(state: str, error: str | None = None, number: int = 3, channel: str = "#desk") -> Alert:
    return Alert(number, "root", state, AT if state == "sent" else None, error, channel)


ROOT = "root: first fresh news of this call (new)"


@pytest.mark.parametrize(
    ("facts", "answer", "words"),
    [
        (msgspec.structs.replace(READ, read_state="waiting"), "not_read", "it is stored and waits to be read"),
        (
            msgspec.structs.replace(READ, read_state="failed", read_error="ValueError: x"),
            "failed",
            "it could not be read: ValueError: x",
        ),
        (READ, "no_call", "no call was found in it"),
        (
            msgspec.structs.replace(READ, misses=(Miss("r", "a hotline is no call", "đường dây nóng"),)),
            "no_call",
            "no call was found in it; 1 near miss: a hotline is no call",
        ),
        (
            msgspec.structs.replace(READ, body_state="failed", body_error="forbidden: robots.txt"),
            "no_call",
            "no call was found in it; its page could not be fetched (forbidden: robots.txt), only the summary was read",
        ),
        (told("new", "", state="waiting"), "waiting", "Putin – Trump (c1): read, and waits for the decision"),
        (
            told("new", "KeyError: x", state="failed"),
            "failed",
            "Putin – Trump (c1): it could not be decided on: KeyError: x",
        ),
        (told("background", "silent: background never alerts"), "background", "silent: background never alerts"),
        (told("new", "silent: came with a backfill: history only"), "silent", "came with a backfill"),
        (told("new", "digest: the call was more than 36 hours ago"), "too_old", "36 hours ago"),
        (told("repeat", "silent: nothing that the root does not show", alert("sent")), "repeat", "nothing that"),
        (told("new", "digest: planned without a day"), "quiet", "planned without a day"),
        (told("new", ROOT, alert("sent")), "sent", "alert 3 was sent at 2025-03-18 17:00 UTC"),
        (told("new", ROOT, alert("held")), "held", "alert 3 is held"),
        (told("new", ROOT, alert("muted")), "muted", "alert 3 is muted"),
        (told("new", ROOT, alert("undated")), "held", "alert 3 is undated"),
        (told("new", ROOT, alert("waiting")), "waiting", "alert 3 is waiting"),
        (told("new", ROOT, alert("refused", "not_in_channel")), "not_sent", "alert 3 is refused: not_in_channel"),
        (
            told("new", ROOT, alert("refused", "not_in_channel"), alert("sent", number=4, channel="#asia")),
            "not_sent",
            "alert 3 is refused: not_in_channel; alert 4 to #asia is sent",
        ),
        (told("new", ROOT, alert("dead"), alert("sent", number=4)), "sent", "alert 4 was sent"),
        (
            msgspec.structs.replace(told("new", ROOT, alert("waiting")), paused="posting is paused by lan: storm"),
            "paused",
            "alert 3 waits: posting is paused by lan: storm",
        ),
    ],
)
def test_the_reason(facts: Facts, answer: str, words: str) -> None:
    (reason,) = why(facts)
    assert reason.answer == answer
    assert words in reason.words


def test_a_call_that_was_taken_back_is_told_so() -> None:
    report = Told("c1", "Putin – Trump", "new", "done", ROOT, [alert("sent")], withdrawn="lan: a letter, not a call")
    (reason,) = why(msgspec.structs.replace(READ, reports=[report]))
    assert reason.answer == "sent"
    assert reason.words.endswith("; the call was taken back since: lan: a letter, not a call")
    assert reason.do.startswith("redphone calls hands c1")


@pytest.mark.parametrize(
    ("feeds", "trouble", "words"),
    [
        ([], [], "no feed of this host is polled"),
        (["http://a/rss"], ["http://a/rss: dns: no"], "not seen: http://a/rss: dns: no"),
        (["http://a/rss"], [], "it stood in none of the 1 feeds"),
    ],
)
def test_an_article_that_was_never_stored(feeds: list[str], trouble: list[str], words: str) -> None:
    reason = not_seen(feeds, trouble)
    assert reason.answer == "not_seen"
    assert words in reason.words
    assert reason.do.startswith("redphone feeds check")
