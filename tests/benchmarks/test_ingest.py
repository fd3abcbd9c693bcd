"""The benchmark of ingest in small: its newspapers are read, and no fault costs an entry."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from benchmarks import ingest
from benchmarks.newsprint import feed, page, sentence, style_of, text, token_f1
from benchmarks.newsstand import BEHAVIOURS
from services.ingest.catalogue import built_in
from services.ingest.parse import parse_feed
from services.ingest.values import ParsedFeed

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
    found = {row.measure.partition(" in ")[0]: row.figure for row in ingest.faults(polls=2 * len(BEHAVIOURS), seed=3)}
    assert found["faults: entries lost"] == 0
    assert found["faults: entries stored twice"] == 0
    assert found["faults: feeds stuck at the end"] == 0
    assert found["faults: answers that were not told for what they were"] == 0
    assert found["faults: kinds of failure told apart"] >= 8


def test_damage_is_the_same_each_time() -> None:
    assert ingest.damaged(b"<rss>" * 99, Random(7)) == ingest.damaged(b"<rss>" * 99, Random(7)) != b"<rss>" * 99
