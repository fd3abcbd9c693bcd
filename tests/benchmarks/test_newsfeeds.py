"""The benchmark's feeds: each is read back whole, and is made of what the file pair of its outlet is made of."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pytest

from benchmarks.newsfeeds import ITEMS, Style, address, all_styles, feed, number_of, style_of
from benchmarks.newsprint import sentence, text
from services.ingest.catalogue import built_in
from services.ingest.parse import parse_feed
from services.ingest.values import ParsedFeed

PAIRS = Path(__file__).parents[1] / "services" / "ingest" / "feeds"
AT = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
BASE = "http://a.vn:8080"
LAST = 63
NUMBERS = range(LAST, LAST - ITEMS, -1)
OUTLETS = sorted({listed.outlet for listed in built_in()})
DATES = ("pubDate", "{http://purl.org/dc/elements/1.1/}date", "{http://www.w3.org/2005/Atom}published")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def printed(style: Style) -> bytes:
    return feed(style, LAST, BASE, AT).encode()


@pytest.mark.parametrize("outlet", sorted(all_styles()))
def test_a_printed_feed_is_read_whole(outlet: str) -> None:
    style = all_styles()[outlet]
    parsed = parse_feed(printed(style), f"{BASE}/rss", None, style.timezone)
    assert isinstance(parsed, ParsedFeed)
    assert (parsed.skipped, parsed.cut, parsed.remarks) == ((), False, ())
    assert [entry.url for entry in parsed.entries] == [address(style, number, BASE) for number in NUMBERS]
    assert [entry.title.removesuffix(" ảnh").removesuffix(" –") for entry in parsed.entries] == [
        sentence(number) for number in NUMBERS
    ]
    for entry, number in zip(parsed.entries, NUMBERS, strict=True):
        assert text(number, 3) in (entry.text or entry.summary)
    dates = [AT - dt.timedelta(minutes=LAST - number) if style.dated else None for number in NUMBERS]
    assert [entry.published_at for entry in parsed.entries] == dates
    assert {entry.published_raw is None for entry in parsed.entries} == {not style.dated}


@pytest.mark.parametrize("outlet", OUTLETS)
def test_a_printed_feed_is_made_of_what_its_outlets_test_file_is_made_of(outlet: str) -> None:
    pairs = [path.read_bytes() for path in pairs_of(outlet)]
    assert pairs
    assert kinds(printed(style_of(outlet))) == set().union(*map(kinds, pairs))


def pairs_of(outlet: str) -> Iterator[Path]:
    urls = {listed.url for listed in built_in() if listed.outlet == outlet}
    for path in sorted(PAIRS.glob("*.xml")):
        asked = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))["asked"]
        if asked["url"] in urls:
            yield path


def kinds(body: bytes) -> set[str]:
    """What a feed is made of: root, items' elements with their attributes, which of them are CDATA and the HTML in
    them, and the forms of dates, guids and links."""
    root = ET.fromstring(body)  # noqa: S314  our own files
    items = [node for node in root.iter() if node.tag.rpartition("}")[2] in ("item", "entry")]
    assert items
    found = {root.tag}
    for node in (node for item in items for node in item.iter()):
        words = (node.text or "").strip()
        found.add(f"{node.tag} {sorted(node.attrib)}")
        if node.tag in DATES:
            found.add(f"date {date_form(words)}")
        if node.tag.endswith(("guid", "}id")):
            found.add(f"guid {guid_form(words)} {node.get('isPermaLink')}")
        if node.tag.endswith("link"):
            found.add(f"link {link_form(node.get('href') or words)}")
    for item in re.findall(rb"<(item|entry)[ >](.*?)</\1>", body, re.DOTALL):
        tags = re.findall(r"(?:<|&lt;)([a-z][\w:]*)[^>]*?(?:>|&gt;)(\s*<!\[CDATA\[)?", item[1].decode(), re.IGNORECASE)
        found |= {f"<{name}> {'CDATA' if cdata else ''}" for name, cdata in tags}
    return found


def date_form(words: str) -> str:
    """The date with each number, and each word but for GMT, as what it is."""
    numbers = re.sub(r"\d+", lambda found: "9" if len(found[0]) < 3 else "9999", words)
    return re.sub(r"(?!GMT|KST)\b[^\W\d_]{2,}", "a", numbers)


def guid_form(words: str) -> str:
    if words.startswith("http"):
        return "URL" + ("#" if "#" in words else "")
    return "UUID" if UUID.fullmatch(words) else re.sub(r"\d+", "9", words)


def link_form(link: str) -> str:
    parts = urlsplit(link)
    return f"{'absolute' if parts.scheme else 'relative'} {sorted(name for name, _ in parse_qsl(parts.query))}"


@pytest.mark.parametrize("outlet", OUTLETS)
def test_an_article_is_found_again_by_its_address(outlet: str) -> None:
    style = style_of(outlet)
    for number in (1, 60, 999, 12_345):
        assert number_of(address(style, number, BASE).removeprefix(BASE)) == number
    assert number_of("/robots.txt") is None


def test_a_feed_is_the_same_each_time_and_tells_what_it_is_told() -> None:
    style = style_of("Tuổi Trẻ")
    assert printed(style) == printed(style)
    assert "hai bên &amp; ba bên" in feed(style, LAST, BASE, AT, told={LAST: "hai bên & ba bên"})
