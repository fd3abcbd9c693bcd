"""The benchmark of ingest in small: its newspapers are read, and no fault costs an entry."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from benchmarks import ingest, ingest_faults
from benchmarks.newsprint import feed, page, sentence, style_of, text, token_f1
from benchmarks.newsstand import BEHAVIOURS
from services.ingest import tasks
from services.ingest.catalogue import built_in
from services.ingest.parse import parse_feed
from services.ingest.values import Answer, Failed, FeedProblem, Fetched, ParsedFeed
from shared.tables import FeedRow

AT = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("outlet", sorted({listed.outlet for listed in built_in()}))
def test_a_printed_feed_is_read_whole(outlet: str) -> None:
    style = style_of(outlet)
    parsed = parse_feed(feed(style, 60, "http://a.vn", AT).encode(), "http://a.vn/rss")
    assert isinstance(parsed, ParsedFeed)
    assert [entry.title for entry in parsed.entries] == [sentence(number) for number in range(60, 10, -1)]
    assert {entry.summary.removeprefix("(Dân trí) - ") for entry in parsed.entries} == {
        text(number, 3) for number in range(60, 10, -1)
    }
    assert [entry.published_at for entry in parsed.entries[:2]] == (
        [AT, AT - dt.timedelta(minutes=1)] if style.date else [None, None]
    )


def test_a_printed_page_has_its_size_and_its_teasers() -> None:
    printed = page(1, "x")
    assert 130_000 < len(printed.html) < 140_000
    assert len([teaser for teaser in printed.teasers if teaser in printed.html]) == len(printed.teasers)


@pytest.mark.parametrize(("found", "f1"), [("a b c d", 1.0), ("a b", 2 / 3), ("a b c d x x x x", 2 / 3), ("", 0.0)])
def test_token_f1(found: str, f1: float) -> None:
    assert token_f1(found, "a b c d") == pytest.approx(f1)


def test_faults_cost_no_entry_and_have_names() -> None:
    found = ingest_faults.by_chance(polls=2 * len(BEHAVIOURS), seed=3)
    assert found.polls >= 2 * len(BEHAVIOURS)
    assert (found.misread, found.lost, found.twice, found.stuck) == (0, 0, 0, 0)
    assert len(found.told) >= 10


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("a cut body", {"protocol": 8}),
        ("a redirect to a name that is loopback", {"address": 8}),
        ("a certificate that nobody signed", {"tls": 8}),
        ("windows-1258", {"new": 6, "quiet": 2}),
    ],
)
def test_a_fault_is_met_as_often_as_is_wanted(act: str, told: dict[str, int]) -> None:
    found = ingest_faults.faced(act, polls=7, count=4)
    assert found == (act, 8, told, 0, 0, 0, 0, found.slowest_s)


def test_what_faults_cost_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who remembers the ETag of an answer that is at fault never sees what the next good one shows."""

    def remembers(answer: Answer, feed: FeedRow) -> ParsedFeed | Failed | None:
        if isinstance(answer, Fetched):
            feed.etag = answer.validators.etag
        return read(answer, feed)

    read = tasks._read
    monkeypatch.setattr(tasks, "_read", remembers)
    assert ingest_faults.faced("an HTML error page", polls=4, count=2).lost > 0


def test_a_reader_that_breaks_is_counted_though_a_poll_survives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    exceptions, _ = ingest.fuzz(50)
    assert exceptions.figure == 0
    monkeypatch.setattr(ingest, "parse_feed", lambda *_: FeedProblem("unreadable", "KeyError: 'a bug'"))
    exceptions, _ = ingest.fuzz(50)
    assert exceptions.figure == 50


def test_damage_is_the_same_each_time() -> None:
    assert ingest.damaged(b"<rss>" * 99, Random(7)) == ingest.damaged(b"<rss>" * 99, Random(7)) != b"<rss>" * 99
