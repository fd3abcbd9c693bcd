"""`feeds check`: one look, in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.ingest.check import describe
from services.ingest.values import Answer, CatalogueFeed, Failed, Fetched, NotModified

NOW = dt.datetime(2026, 5, 4, 4, 50, tzinfo=dt.UTC)
FEED = CatalogueFeed(outlet="Tuổi Trẻ", url="https://tuoitre.vn/rss/the-gioi.rss")
FEEDS = Path(__file__).parent / "feeds"


def fetched(name: str, **headers: str) -> Fetched:
    return Fetched(url=FEED.url, body=(FEEDS / name).read_bytes(), headers=headers, took_s=0.25)


def test_a_feed_in_words() -> None:
    assert describe(FEED, fetched("tuoitre.xml", etag='"7"'), NOW) == [
        "https://tuoitre.vn/rss/the-gioi.rss: 3 entries in 0.2 s",
        "  title: Tuổi Trẻ Online - Thế giới - RSS Feed; format rss20, utf-8",
        "  dates: 3 of 3, 2026-05-03 14:30 to 2026-05-04 05:05 UTC, 1 in the future (set to now)",
        "  3 of 3 carry the outlet's article number",
        "  for example: Vua Jordan gọi điện cho tổng thống Ai Cập",
        '  validators: etag "7", modified none',
        "  fresh for 120 s",
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("baochinhphu.xml", "  dates: none"),
        ("broken.xml", "  dates: none can be read, such as 'hôm qua'"),
        ("broken.xml", "  skipped: 2 (neither a link nor a guid)"),
        ("utf16.xml", "  odd: utf-16-le without byte order mark"),
    ],
)
def test_what_is_odd_is_said(name: str, words: str) -> None:
    assert words in describe(FEED, fetched(name), NOW)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Failed(kind="missing", words="HTTP 404"), "missing: HTTP 404"),
        (NotModified(headers={}), "not modified"),
        (Fetched(url=FEED.url, body=b"<html></html>", headers={}), "html: an HTML page, no feed"),
    ],
)
def test_what_is_no_feed_is_one_line(answer: Answer, words: str) -> None:
    assert describe(FEED, answer, NOW) == [f"{FEED.url}: {words}"]
