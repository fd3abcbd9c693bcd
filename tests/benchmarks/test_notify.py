"""The benchmark of telling the desk, in small: nothing is lost or doubled, and its peer shows that the faults bite."""

from __future__ import annotations

from benchmarks import notify
from benchmarks.notify import Arrived
from benchmarks.slackstand import UnreliableSlack


def test_trouble_and_kills_lose_and_double_nothing() -> None:
    found, faults, _ = notify.trouble(calls=40, replies=20, kills=2, seed=5)
    assert found == Arrived(lost=0, doubled=0, unmarked=0, marked=0, disordered=0)
    assert sum(faults.values()) > 5


def test_where_the_channel_cannot_be_read_a_second_post_says_so() -> None:
    found, _, _ = notify.trouble(calls=40, replies=20, kills=2, seed=5, readable=False)
    assert (found.lost, found.unmarked) == (0, 0)
    assert found.doubled > 0


def test_the_peer_loses_or_doubles_some() -> None:
    found = notify.with_the_sdk(60, seed=5)
    assert found.lost + found.doubled > 0


def test_hostile_texts_mention_nobody() -> None:
    assert notify.hostile() == (0, 0)


def test_a_quiet_hour_and_three_at_once() -> None:
    assert notify.quiet_hour(3) > 0
    _, least, refused = notify.at_once(3)
    assert least >= 0.99
    assert refused == 0


def test_what_the_channel_says() -> None:
    with UnreliableSlack(1, faults=False) as slack:
        slack.posted = [
            {"ts": "1", "metadata": {"event_payload": {"key": "root:a"}}},
            {"ts": "2", "metadata": {"event_payload": {"key": "root:a"}}},
            {"ts": "3", "thread_ts": "9", "metadata": {"event_payload": {"key": "update:a#0"}}},
            {"ts": "6", "blocks": "may be here twice", "metadata": {"event_payload": {"key": "root:c"}}},
            {"ts": "4", "thread_ts": "2", "metadata": {"event_payload": {"key": "update:a#2"}}},
            {"ts": "5", "thread_ts": "2", "metadata": {"event_payload": {"key": "update:a#1"}}},
        ]
        assert notify.arrived(["root:a", "root:b", "update:a#0"], slack) == Arrived(
            lost=1, doubled=1, unmarked=1, marked=1, disordered=2
        )
