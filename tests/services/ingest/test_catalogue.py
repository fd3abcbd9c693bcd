"""The catalogue: the built-in rows are sound, and a newsroom's mistakes are named with their line."""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from services.ingest.catalogue import (
    COLUMNS,
    CatalogueError,
    built_in,
    merge,
    read_feeds,
    read_opml,
    write_feeds,
    write_opml,
)
from services.ingest.dates import parse_date
from services.ingest.urls import canonical_url
from services.ingest.values import CatalogueFeed

HEADER = "outlet,url,section,interval_s,world,timezone\n"


def test_built_in() -> None:
    feeds = built_in()
    assert len({feed.outlet for feed in feeds}) >= 29
    assert all(canonical_url(feed.url) for feed in feeds)
    assert all(feed.interval_s == 60 for feed in feeds if feed.world)
    assert all(feed.remarks for feed in feeds)


def test_every_remark_has_a_month_and_says_what_is_not_known() -> None:
    for feed in built_in():
        assert re.search(r"20\d\d-(?:0[1-9]|1[0-2])", feed.remarks), feed.url
        assert bool(feed.date_forms) != ("no date form known from a source as of 20" in feed.remarks), feed.url
        assert bool(feed.body_selector) != ("no selector known from a source as of 20" in feed.remarks), feed.url


def test_every_selector_can_be_used_and_names_its_source() -> None:
    rows = csv.DictReader((files("services.ingest") / "data" / "feeds.csv").read_text(encoding="utf-8").splitlines())
    for row in rows:
        assert bool(row["body_selector"]) == bool(row["selector_source"])
        if row["body_selector"]:
            assert re.match(r"[\w.-]+/[\w.-]+, \S+\.\w+(?:$|,)", row["selector_source"])  # owner/repo, path
            LexborHTMLParser("<p>x</p>").css_first(row["body_selector"])


def test_every_column_is_explained_to_a_newsroom_that_adds_its_own() -> None:
    told = (Path(__file__).parents[3] / "docs" / "feeds.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"| `{column}` |" not in told] == []


def test_every_date_form_that_was_seen_can_be_read() -> None:
    forms = [form for feed in built_in() for form in feed.date_forms if form != "none"]
    assert len(forms) >= 5
    assert [form for form in forms if parse_date(form) is None] == []


def test_feeds_that_are_not_world_news_may_be_asked_every_minute_too_where_they_move_fast() -> None:
    assert {feed.interval_s for feed in built_in() if not feed.world} == {60}


def test_defaults() -> None:
    (feed,) = read_feeds("outlet,url\nBáo A,https://a.vn/rss\n", "own.csv")
    assert feed == CatalogueFeed(outlet="Báo A", url="https://a.vn/rss", world=True, fetch_body=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "own.csv, line 1: column 'outlet' is wrong or missing"),
        ("outlet,adress\n", "own.csv, line 1: column 'adress'"),
        (HEADER + f"{'A' * 201},http://a.vn/rss,,,,\n", "own.csv, line 2: outlet has more than 200 characters"),
        (HEADER + "A,ftp://a.vn/rss,,,,\n", "own.csv, line 2: 'ftp://a.vn/rss' is no http(s) address"),
        (HEADER + f"A,https://a.vn/?utm_id={'a' * 2000},,,,\n", "own.csv, line 2: url has more than 2000 characters"),
        (HEADER + ",https://a.vn/rss,,,,\n", "own.csv, line 2: no outlet"),
        (
            HEADER + "A,https://a.vn/rss,,5,,\n",
            "own.csv, line 2: interval_s '5' is no number of seconds from 30 to 86400",
        ),
        (
            "outlet,url,pause_s\nA,https://a.vn/rss,often\n",
            "own.csv, line 2: pause_s 'often' is no number of sec",
        ),
        (
            "outlet,url,pause_s\nA,https://a.vn/rss,601\n",
            "own.csv, line 2: pause_s '601' is no number of sec",
        ),
        (HEADER + "A,https://a.vn/rss,,,maybe,\n", "own.csv, line 2: world 'maybe' is neither yes nor no"),
        (HEADER + "A,https://a.vn/rss,,,,Hanoi\n", "own.csv, line 2: 'Hanoi' is no IANA time zone"),
        (
            HEADER + "A,https://a.vn/rss,,,,\nB,https://a.vn/rss,,,,\n",
            "own.csv, line 3: https://a.vn/rss stands there twice",
        ),
        (
            "outlet,url,body_selector,selector_source\nA,https://a.vn/rss,.x,\n",
            "own.csv, line 2: a body_selector needs its",
        ),
        (
            "outlet,url,body_selector,selector_source\nA,https://a.vn/rss,div[[,x\n",
            "own.csv, line 2: body_selector 'div[[' is no CSS selector",
        ),
        ("outlet,url,url\nA,https://a.vn/rss,https://b.vn/rss\n", "own.csv, line 1: a column stands there twice"),
        ("outlet,url\nA\n", "own.csv, line 2: '' is no http(s) address"),
        ("outlet,url\n\nA,https://a.vn/rss,Thế giới, mới\n", "own.csv, line 3: more cells than columns"),
        ("outlet,url\nA\x00,https://a.vn/rss\n", "own.csv, line 2: a NUL character"),
        (  # read on to the end, it would hold the feeds that follow
            'outlet,url,remarks\nA,https://a.vn/rss,\nB,https://b.vn/rss,"seen\nC,https://c.vn/rss,\n',
            "own.csv, line 3: no CSV from here on (unexpected end of data): a quotation mark may be missing",
        ),
        ('outlet,url,remarks\nA,https://a.vn/rss,"seen" x\n', "own.csv, line 2: no CSV from here on"),
        (f"outlet,url,remarks\nA,https://a.vn/rss,{'x' * 200_000}\n", "own.csv, line 2: no CSV from here on"),
    ],
)
def test_mistakes_are_named(text: str, words: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_feeds(text, "own.csv")
    assert str(caught.value).startswith(words)


def test_lines_and_cells_without_words_say_nothing() -> None:
    text = 'outlet,url,remarks\n\nA,https://a.vn/rss,"one\n\ntwo",,\n,,\nB,https://b.vn/rss\n'
    assert [(feed.outlet, feed.remarks) for feed in read_feeds(text, "own.csv")] == [("A", "one two"), ("B", "")]


def test_a_newsrooms_row_replaces_the_built_in_one() -> None:
    own = read_feeds(HEADER + "VnExpress,https://vnexpress.net/rss/the-gioi.rss,,120,,\n", "own.csv")
    merged = merge(built_in(), own)
    assert len(merged) == len(built_in())
    assert next(feed for feed in merged if feed.url == own[0].url).interval_s == 120


OWN = CatalogueFeed(
    outlet="Báo “A” & B", url="https://a.vn/rss?x=1&y", pause_s=2.5, world=False, fetch_body=True,
    date_forms=("a", "b, c"), body_selector="p > a", selector_source="own", remarks="đã xem 2026-05",
)  # fmt: skip


def test_csv_there_and_back() -> None:
    feeds = (*built_in(), OWN)
    assert read_feeds(write_feeds(feeds), "own.csv") == feeds


def test_opml_there_and_back() -> None:
    feeds = (*built_in(), OWN)
    assert read_opml(write_opml(feeds).encode(), "out.opml") == feeds


@pytest.mark.parametrize("gap", ["\n", "\r", "\x85", "\u2028", "\u2029"])
def test_a_name_in_two_lines_spoils_no_file(gap: str) -> None:
    body = f'<opml version="2.0"><body><outline text="Báo&#{ord(gap)};A" xmlUrl="https://a.vn/rss"/></body></opml>'
    feeds = read_opml(body.encode(), "in.opml")
    assert [feed.outlet for feed in feeds] == ["Báo A"]
    assert read_feeds(write_feeds(feeds), "own.csv") == feeds
    (feed,) = read_feeds(f'outlet,url,remarks\nBáo A,https://a.vn/rss,"Một{gap}hai"\n', "own.csv")
    assert feed.remarks == "Một hai"


def test_another_readers_feeds_are_world_news_only_if_somebody_says_so() -> None:
    body = b'<opml version="2.0"><body><outline text="x"><outline text="A" xmlUrl="https://a.vn/rss"/></outline></body></opml>'
    (modest,), (world,) = read_opml(body, "a.opml"), read_opml(body, "a.opml", world=True)
    assert (modest.outlet, modest.world, modest.fetch_body) == ("A", False, False)
    assert (world.world, world.fetch_body) == (True, True)


def test_a_feed_without_a_name_is_called_by_its_host() -> None:
    body = (
        '<opml version="2.0"><body><outline text=" " xmlUrl="https://www.a.vn/rss"/>'
        '<outline xmlUrl="https://b.vn:8443/x.rss"/><outline title="C" xmlUrl="https://c.vn/rss"/></body></opml>'
    )
    assert [feed.outlet for feed in read_opml(body.encode(), "a.opml")] == ["www.a.vn", "b.vn:8443", "C"]


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "XMLURL", "xmlURL"])
def test_an_address_counts_however_its_attribute_is_written(name: str) -> None:
    body = f'<opml version="1.0"><body><outline TEXT="A" {name}="https://a.vn/rss"/></body></opml>'
    assert [(feed.outlet, feed.url) for feed in read_opml(body.encode(), "a.opml")] == [("A", "https://a.vn/rss")]


def test_opml_in_capitals_is_opml() -> None:
    body = '<OPML VERSION="1.1"><BODY><OUTLINE TEXT="A" XMLURL="https://a.vn/rss"/></BODY></OPML>'
    assert [(feed.outlet, feed.url) for feed in read_opml(body.encode(), "a.opml")] == [("A", "https://a.vn/rss")]


def test_one_bad_feed_keeps_the_others_of_an_opml_out_of_nothing() -> None:
    body = (
        '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.vn/rss"/>'
        '<outline text="B" xmlUrl="feed:b"/><outline text="C" xmlUrl="https://c.vn/rss"/></body></opml>'
    )
    refused: list[str] = []
    assert [feed.outlet for feed in read_opml(body.encode(), "a.opml", refused=refused.append)] == ["A", "C"]
    assert refused == ["a.opml, feed 2 (B): 'feed:b' is no http(s) address"]


def test_an_address_that_nobody_escaped_keeps_no_opml_out() -> None:
    body = (
        '<opml version="2.0"><body><outline text="A &amp; B" xmlUrl="https://a.vn/rss?x=1&y=2&#38;z=3"/></body></opml>'
    )
    assert [(feed.outlet, feed.url) for feed in read_opml(body.encode(), "a.opml")] == [
        ("A & B", "https://a.vn/rss?x=1&y=2&z=3")
    ]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_opml_may_be_of_any_charset(charset: str) -> None:
    declared = f'<?xml version="1.0" encoding="{charset.removesuffix("-sig")}"?>'
    body = f'{declared}<opml version="2.0"><body><outline text="Âu" xmlUrl="https://a.vn/rss"/></body></opml>'
    assert [feed.outlet for feed in read_opml(body.encode(charset), "a.opml")] == ["Âu"]


def test_what_is_refused_in_opml_is_refused_in_any_charset() -> None:
    laughs = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE opml [<!ENTITY a "b">]><opml/>'
    with pytest.raises(CatalogueError, match="a DOCTYPE in OPML is refused"):
        read_opml(laughs.encode("utf-16"), "in.opml")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss/>",
        b"not xml",
        b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>',
        b'<opml><body><outline xmlUrl="x" text="A"/></body></opml>',
    ],
)
def test_no_opml(body: bytes) -> None:
    with pytest.raises(CatalogueError, match=r"in\.opml"):
        read_opml(body, "in.opml")
