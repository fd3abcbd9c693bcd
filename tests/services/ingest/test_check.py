"""`feeds check`: one look, in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.ingest.check import describe
from services.ingest.values import Answer, CatalogueFeed, Failed, Fetched, NotModified

EXAMPLES = (
    "  - 2026-05-04 05:05 UTC: Vua Jordan gọi điện cho tổng thống Ai Cập "
    "https://tuoitre.vn/vua-jordan-goi-dien-cho-tong-thong-ai-cap-20260504110508123.htm",
    "  - 2026-05-04 02:25 UTC: Động đất tại Chile https://tuoitre.vn/dong-dat-tai-chile-2026050409250077.htm",
    "  - 2026-05-03 14:30 UTC: Bão số 1 đổi hướng https://tuoitre.vn/bao-so-1-doi-huong-20260503213000456.htm",
)
NOW = dt.datetime(2026, 5, 4, 4, 50, tzinfo=dt.UTC)
FEED = CatalogueFeed(outlet="Tuổi Trẻ", url="https://tuoitre.vn/rss/the-gioi.rss", body_selector=".detail-content")
FEEDS = Path(__file__).parent / "feeds"


def fetched(name: str, **headers: str) -> Fetched:
    return Fetched(url=FEED.url, body=(FEEDS / name).read_bytes(), headers=headers, took_s=0.25)


def said(feed: CatalogueFeed, answer: Answer) -> tuple[str, ...]:
    return describe(feed, answer, NOW, dt.timedelta(hours=12)).lines


def test_a_feed_in_words() -> None:
    assert said(FEED, fetched("tuoitre.xml", etag='"7"')) == (
        "https://tuoitre.vn/rss/the-gioi.rss: HTTP 200, 3 entries in 0.2 s",
        "  title: Tuổi Trẻ Online - Thế giới - RSS Feed; format rss20, utf-8",
        "  dates: 3 of 3, 2026-05-03 14:30 to 2026-05-04 05:05 UTC, 1 in the future (set to now); "
        "written 'Mon, 04 May 2026 12:05:08 GMT+7'",
        '  validators: etag "7", modified none',
        "  stays fresh for 120 s, says the server",
        "  would be stored: 3 articles, 1 silently (too old to alert); each page is fetched, text by .detail-content",
        "  3 of 3 carry the outlet's own article number",
        *EXAMPLES,
    )


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
    assert words in said(FEED, fetched(name))


def test_a_story_that_the_feed_has_twice_would_be_stored_once() -> None:
    item = "<item><title>Tin</title><link>https://tuoitre.vn/{0}-20240808100358225.htm</link></item>"
    body = f"<rss version='2.0'><channel>{item.format('a')}{item.format('b')}</channel></rss>".encode()
    lines = said(
        CatalogueFeed(outlet="A", url=FEED.url, fetch_body=False), Fetched(url=FEED.url, body=body, headers={})
    )
    assert "  would be stored: 1 article, 0 silently (too old to alert); pages are not fetched" in lines


def test_posts_at_one_address_would_each_be_stored() -> None:
    item = "<item><title>Mốc {0}</title><link>https://tuoitre.vn/live</link><guid>{0}</guid></item>"
    body = f"<rss version='2.0'><channel>{item.format(1)}{item.format(2)}</channel></rss>".encode()
    lines = said(CatalogueFeed(outlet="A", url=FEED.url), Fetched(url=FEED.url, body=body, headers={}))
    assert any(line.startswith("  would be stored: 2 articles") for line in lines)


def test_a_redirect_is_said() -> None:
    body = (FEEDS / "tuoitre.xml").read_bytes()
    assert "  moved to: https://b.vn/rss" in said(FEED, Fetched(url="https://b.vn/rss", body=body, headers={}))


@pytest.mark.parametrize(
    ("answer", "words", "usable"),
    [
        (Failed(kind="missing", words="HTTP 404"), "missing: HTTP 404", False),
        (NotModified(headers={}), "HTTP 304, not modified", True),
        (
            Fetched(url=FEED.url, body=b"<html></html>", headers={}),
            "HTTP 200, but html: an HTML page, no feed",
            False,
        ),
    ],
)
def test_what_is_no_feed_is_one_line(answer: Answer, words: str, usable: bool) -> None:
    checked = describe(FEED, answer, NOW, dt.timedelta(hours=36))
    assert (checked.lines, checked.usable) == ((f"{FEED.url}: {words}",), usable)
