"""The fuzzer in small: nothing breaks the reader, what breaks it is counted, and the inputs are what they should be."""

from __future__ import annotations

import pytest

from benchmarks import fuzz
from benchmarks.fuzz import CHARSETS, Charset, Mutation, Tried, damaged, printed, tried
from benchmarks.newsfeeds import all_styles
from services.ingest.parse import parse_feed
from services.ingest.values import FeedProblem, ParsedFeed

PLAIN, WIDE = Charset("utf-8", "utf-8"), Charset("utf-16-le", "utf-16", width=2)


def test_damaged_feeds_become_entries_or_a_named_failure() -> None:
    found = tried(1000)
    assert found.raised == {}
    assert found.inputs == found.told.total() >= 1000
    assert {"read", "not_a_feed", "encoding"} <= found.told.keys()
    assert found.told["read"] > 300
    exceptions, slowest = fuzz.rows(found)
    assert (exceptions.figure, slowest.figure) == (0, found.slowest_s * 1000)
    assert exceptions.measure == f"fuzz: {found.inputs:,} damaged feeds, exceptions, caught or not"
    assert f"read {found.told['read']:,}" in exceptions.peer


def test_the_inputs_are_the_same_each_time() -> None:
    assert tried(100).told == tried(100).told


def test_an_input_is_tried_once() -> None:
    found = Tried()
    for body in (b"", b"<rss/>", b""):
        found.take(body)
    assert (found.inputs, found.told) == (2, {"empty": 1, "read": 1})


def test_a_reader_that_breaks_is_counted_though_a_poll_survives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> ParsedFeed:
        raise KeyError("a bug")

    monkeypatch.setattr(fuzz, "parse_feed", lambda *_: FeedProblem("unreadable", "KeyError: 'a bug'"))
    found = tried(20)
    assert (found.raised, found.told) == ({"unreadable": found.inputs}, {})
    monkeypatch.setattr(fuzz, "parse_feed", breaks)
    found = tried(20)
    assert found.raised == {"KeyError": found.inputs}
    assert fuzz.rows(found)[0].figure == found.inputs


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("outlet", sorted(all_styles()))
def test_what_is_damaged_is_a_feed_that_is_read(outlet: str, charset: Charset) -> None:
    parsed = parse_feed(printed(outlet, charset), "http://a.vn/rss")
    assert isinstance(parsed, ParsedFeed)
    assert len(parsed.entries) == 4


THIRD = 3 * 2**13  # before the fourth of seven bytes


@pytest.mark.parametrize(
    ("mutation", "charset", "made"),
    [
        (Mutation("cut", THIRD, 2, 0, False), PLAIN, b"abcfg"),
        (Mutation("end", THIRD, 2, 0, False), PLAIN, b"abc"),
        (Mutation("end", THIRD, 2, 0, True), WIDE, b"ab"),
        (Mutation("insert", THIRD, 0, 0x31323334, False), PLAIN, b"abc1234defg"),
        (Mutation("repeat", THIRD, 2, 31, False), PLAIN, b"abcdededefg"),
        (Mutation("swap", THIRD, 2, 0, False), PLAIN, b"abcfgde"),
        (Mutation("flip", THIRD, 2, 1, False), PLAIN, b"abcfefg"),
        (Mutation("splice", THIRD, 2, 0, False), PLAIN, b"abc]]>defg"),
        (Mutation("splice", THIRD, 2, 0, True), WIDE, b"ab]\0]\0>\0cdefg"),
    ],
)
def test_mutations(mutation: Mutation, charset: Charset, made: bytes) -> None:
    body = b"abcdefg"
    assert damaged(body, [mutation], charset) == made
