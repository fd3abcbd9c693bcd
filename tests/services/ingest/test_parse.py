"""Feeds: a pair of files for each outlet's format (bytes → entries), what is no feed, and what no bytes may do."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.ingest.catalogue import built_in
from services.ingest.parse import MAX_ENTRIES, MAX_MARKUP, MAX_PIECES, not_in_future, parse_feed
from services.ingest.values import Entry, FeedKind, FeedProblem, ParsedFeed

FEEDS = Path(__file__).parent / "feeds"
URL = "https://a.vn/rss/the-gioi.rss"


def pairs() -> list[Any]:
    return [pytest.param(path, id=path.name) for path in sorted(FEEDS.glob("*.xml"))]


@pytest.mark.parametrize("path", pairs())
def test_pair(path: Path) -> None:
    """`NAME.expected.json` holds the URL and headers that NAME.xml came with, and what is to be read from it; `basis`
    says what of the form is known, and from where, and what is assumed. All words and numbers are invented."""
    expected = _expected(path)
    asked = expected.pop("asked")
    assert expected.pop("basis")
    parsed = parse_feed(
        path.read_bytes(), asked["url"], asked.get("headers"), asked.get("timezone", "Asia/Ho_Chi_Minh")
    )
    assert json.loads(msgspec.json.encode(parsed)) == expected


def _expected(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    return read


def test_every_outlet_of_the_catalogue_has_a_pair_read_in_its_time_zone() -> None:
    asked = {each["url"]: each for each in (_expected(path)["asked"] for path in FEEDS.glob("*.xml"))}
    paired = {feed.outlet: feed for feed in built_in() if feed.url in asked}
    assert sorted({feed.outlet for feed in built_in()} - paired.keys()) == []
    for feed in paired.values():
        assert asked[feed.url].get("timezone", "Asia/Ho_Chi_Minh") == feed.timezone


def problem(body: bytes, **headers: str) -> str:
    parsed = parse_feed(body, URL, headers)
    assert isinstance(parsed, FeedProblem), parsed
    assert parsed.words
    return parsed.kind


def feed(items: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def read(body: bytes) -> ParsedFeed:
    parsed = parse_feed(body, URL)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


ITEM = "<item><title>Tin {0}</title><link>https://a.vn/{0}</link></item>"
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'
    b"<rss><channel><title>&lol2;</title></channel></rss>"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\xef\xbb\xbf", "not_a_feed"),
        (b"\x00" * 100, "not_a_feed"),
        (b"hello", "not_a_feed"),
        (b'{"items": []}', "not_a_feed"),
        (b"<svg/>", "not_a_feed"),
        (b"%PDF-1.7 \x80\x81", "not_a_feed"),
        (b"<!doctype html><html><title>B\xc3\xa1o</title></html>", "html"),
        (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "html"),
        (b"<!-- cached --><HTML><body>Please log in</body></HTML>", "html"),
        (BILLION_LAUGHS, "entities"),
        (BILLION_LAUGHS.decode().encode("utf-16-le"), "entities"),
        (b'<!DOCTYPE rss SYSTEM "x" [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss/>', "entities"),
        (b'<!DOCTYPE rss><!DOCTYPE rss [<!ENTITY x "y">]><rss/>', "entities"),
        (b"<!DOCTYPE rss", "entities"),
        (feed(ITEM.format(1), 'x <!DOCTYPE r [<!ENTITY x "y">]>'), "entities"),
        (b"<html><body></body></html>" + feed(ITEM.format(1)), "html"),
        (b"<rss><channel>" + b"<a>" * MAX_MARKUP, "too_large"),
        (b'<rss a="<![CDATA["><channel>' + b"<a>" * (MAX_PIECES + 1) + b"]]>", "too_large"),
        (feed("<x " + " ".join(f"a{n}='>'" for n in range(300_000)) + "/>"), "too_large"),
        (feed("<x " + '"" ' * 300_000 + "/>"), "too_large"),
        (feed("&" * (MAX_PIECES + 1)), "too_large"),
        (feed("\n" * (MAX_PIECES + 1)), "too_large"),
        (feed(ITEM.format("Тин " * 20)).decode().encode("cp1251"), "encoding"),
        (b"<html>" + b"<title>" * 300_000, "html"),
        (feed("<item></item>" * 3), "no_entries"),
    ],
)
def test_no_feed(body: bytes, kind: str) -> None:
    assert problem(body) == kind


def test_the_words_name_the_page_that_came_instead() -> None:
    parsed = parse_feed(b"<!DOCTYPE html><title>\xc4\x90\xc4\x83ng nh\xe1\xba\xadp</title>", URL)
    assert isinstance(parsed, FeedProblem)
    assert "“Đăng nhập”" in parsed.words


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (
            "Warning: no disk\n in /var/www\n<?xml",
            "not_a_feed",
            "no markup: it begins “Warning: no disk in /var/www <?xml”",
        ),
        ("<!DOCTYPE html><title>\n Sign in\n | Daily\n</title>", "html", "an HTML page, no feed: “Sign in | Daily”"),
    ],
)
def test_what_came_instead_is_told_in_one_line(body: str, kind: FeedKind, words: str) -> None:
    assert parse_feed(body.encode(), URL) == FeedProblem(kind, words)
    assert read(feed("").replace(b"<title>t", b"<title>Daily\n | World")).title == "Daily | World"


@pytest.mark.parametrize(
    ("before", "odd"),
    [
        (
            "<br />\n<b>Warning</b>:  no disk in <b>/a.php</b> on line <b>3</b><br />\n",
            "“Warning : no disk in /a.php on",
        ),
        ("Notice: a & b < c\n\n<?xml version='1.0'?>\n", "“Notice: a & b < c”"),
        ("\ufeffOK", "“OK”"),
        ("<script>if (a < b) go('<b>')</script>", "before the feed stands"),
    ],
)
def test_a_feed_is_read_from_its_root_on(before: str, odd: str) -> None:
    parsed = read(feed(ITEM.format(1), before))
    assert [entry.url for entry in parsed.entries] == ["https://a.vn/1"]
    assert odd in parsed.remarks[0]


@pytest.mark.parametrize("before", ["", "\n\n \t", "\ufeff\n<?xml version='1.0'?>", "<!-- <rss> -->", "<!DOCTYPE rss>"])
def test_blank_lines_and_declarations_before_a_feed_are_nothing_odd(before: str) -> None:
    assert read(feed(ITEM.format(1), before)).remarks == ()


def test_a_root_within_an_item_is_none() -> None:
    item = ITEM.format(1).replace("</item>", "<description>cũ <rss >một</rss></description></item>")
    assert [entry.title for entry in read(f"<channel>{item}</channel>".encode()).entries] == ["Tin 1"]


def test_a_feed_without_items_is_a_feed() -> None:
    assert (read(feed("")).entries, read(feed("")).remarks) == ((), ("no items",))


def test_the_content_type_decides_nothing() -> None:
    for kind in ("text/html", "text/xml", "application/octet-stream", "", "text/xml; charset=nonsense"):
        assert isinstance(parse_feed(feed(ITEM.format(1)), URL, {"content-type": kind}), ParsedFeed)


def test_an_entity_is_not_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    body = f'<rss version="2.0"><channel><title>&x;</title></channel></rss><!DOCTYPE r [<!ENTITY x SYSTEM "{secret}">]>'
    assert "s3cret" not in repr(parse_feed(body.encode(), URL))


def test_a_cut_feed_gives_the_entries_that_came() -> None:
    whole = feed("".join(ITEM.format(number) for number in range(10)))
    assert len(read(whole[: len(whole) // 2]).entries) in {4, 5}


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (feed(ITEM.format(1)), False),
        (feed(ITEM.format(1)) + b"\n<!-- 0.2 s -->", False),
        (feed(ITEM.format(1)).replace(b"</rss>", b"</rss >"), False),
        (feed(ITEM.format(1)).removesuffix(b"</rss>"), True),
        (feed(ITEM.format(1))[:-3], True),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', False),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>', True),
    ],
)
def test_a_feed_that_does_not_end_is_cut(body: bytes, cut: bool) -> None:
    assert read(body).cut is cut


def test_nul_bytes_are_no_words() -> None:
    assert read(feed(ITEM.format("1\x00"))).entries[0].title == "Tin 1"


@pytest.mark.parametrize(
    "reference",
    [
        "&#0;", "&#xD800;", "&#55296;", "&#x110000;", "&#99999999999;", "&amp;#xD800;", f"&amp;#{'9' * 5000};",
        "&#&#0;xD800;", "&#&#0;&#0;xD800;", "&#&#&#0;0;xD800;", "&#x&#xD800;D800;",
        "&#00000055296;", "&#00000001114112;", "&#x00000000D800;", "&#00000000000;", f"&#{'0' * 5000}55296;",
    ],
)  # fmt: skip
@pytest.mark.parametrize("well_formed", [True, False])
def test_references_to_no_character_cost_no_entry(reference: str, well_formed: bool) -> None:
    item = f"<item><title>Tin {reference}1</title><link>https://a.vn/1</link><guid>g{reference}</guid></item>"
    parsed = read(feed(item + ("" if well_formed else "&")))
    assert [entry.url for entry in parsed.entries] == ["https://a.vn/1"]
    assert msgspec.json.encode(parsed)
    assert "\x00" not in parsed.entries[0].title


@pytest.mark.parametrize("reference", ["&#233;", "&#0000000000233;", "&#x000000000e9;", "&#xE9;"])
def test_zeros_in_front_of_a_reference_change_no_character(reference: str) -> None:
    item = f"<item><title>Café caf{reference}</title><link>https://a.vn/1</link></item>"
    assert read(feed(item)).entries[0].title == "Café café"


@pytest.mark.parametrize("space", ["\u3000", "\u00a0 \u2003", "\x85", "&#x3000;&#160;", " ", "\n"])
@pytest.mark.parametrize("declared", ["xmlns:m='urn:{0}x{0}y'", 'xmlns:m = "{0}urn:x{0}"', 'xmlns="urn:{0}x{0}y"'])
def test_white_space_in_the_name_of_a_namespace_costs_no_entry(declared: str, space: str) -> None:
    inside = "<m:x>1</m:x>" if ":m" in declared else ""
    body = feed(ITEM.format(1) + inside).replace(b"<rss ", f"<rss {declared.format(space)} ".encode())
    assert [entry.url for entry in read(body).entries] == ["https://a.vn/1"]


@pytest.mark.parametrize(
    "around",
    [
        "<image><link>https://a.vn/</image></link>",
        "<image><url>u</url><link>https://a.vn/<link></image></link></link>",
        "<atom:link rel='x'><image><link>https://a.vn/</image></link>",
    ],
)
def test_a_link_of_the_feed_that_ends_outside_its_image_costs_no_entry(around: str) -> None:
    entries = read(feed(around + ITEM.format(1) + ITEM.format(2))).entries
    assert [entry.url for entry in entries] == ["https://a.vn/1", "https://a.vn/2"]


def test_a_feed_of_a_thousand_items_is_read_and_one_without_end_is_cut() -> None:
    parsed = read(feed("".join(ITEM.format(number) for number in range(MAX_ENTRIES + 3))))
    assert len(parsed.entries) == MAX_ENTRIES
    assert [skipped.reason for skipped in parsed.skipped] == ["too many items"] * 3


@pytest.mark.parametrize("written", ["<![CDATA[{}]]>".format, escape], ids=["CDATA", "escaped"])
def test_a_thousand_items_with_their_whole_texts_are_read(written: Callable[[str], str]) -> None:
    told = written("<p>Đoạn <b>văn</b>.</p>" * (MAX_MARKUP // 2000))
    carried = f"<content:encoded {CONTENT}>{told}</content:encoded><category>Nga</category></item>"
    parsed = read(feed("".join(ITEM.format(number) for number in range(1000)).replace("</item>", carried)))
    assert [entry.title for entry in parsed.entries] == [f"Tin {number}" for number in range(1000)]
    assert {entry.text.split("\n")[-1] for entry in parsed.entries} == {"Đoạn văn."}
    assert parsed.remarks == ()


@pytest.mark.parametrize(
    ("inside", "url", "guid"),
    [
        ("<link/>https://a.vn/tin-1.html", "https://a.vn/tin-1.html", None),
        ("<LINK />\n https://a.vn/tin-1.html\n<guid>1</guid>", "https://a.vn/tin-1.html", "1"),
        ("<link>tin-1.html</link>", "https://a.vn/rss/tin-1.html", None),
        ("<link>//b.vn/tin-1.html</link><guid>tin-1</guid>", "https://b.vn/tin-1.html", "tin-1"),
        ('<guid isPermaLink="false">123</guid>', None, "123"),
        ("<guid>https://a.vn/tin-1.html</guid>", "https://a.vn/tin-1.html", "https://a.vn/tin-1.html"),
    ],
)
def test_links_are_joined_to_the_feeds_address_and_guids_are_left_alone(
    inside: str, url: str | None, guid: str | None
) -> None:
    (entry,) = read(feed(f"<item><title>Tin</title>{inside}</item>")).entries
    assert (entry.url, entry.guid) == (url, guid)


@pytest.mark.parametrize(
    "inside",
    [
        "<gml:pos>21.0 105.8</gml:pos>",
        "<gml:posList>21.0 105.8</gml:posList>",
        "<description><height>9</height></description>",
        '<description><media:player url="https://a.vn/v">a</media:player></description>',
    ],
)
def test_an_element_in_no_place_of_its_own_spoils_no_feed(inside: str) -> None:
    body = feed(f"<item><title>Tin</title>{inside}<link>https://a.vn/1</link></item>")
    assert [entry.title for entry in read(body).entries] == ["Tin"]


@pytest.mark.parametrize("picture", ["{0}", "<media:content url='1.jpg'>{0}</media:content>"])
@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
def test_what_a_feed_says_of_a_picture_is_none_of_the_articles_words(picture: str, first: bool) -> None:
    said = "<media:title>Ông A, năm ngoái</media:title><media:description>Ông A ở Helsinki.</media:description>"
    told = "<title>Tin</title><description>Ông A điện đàm ông B.</description>"
    media = picture.format(said)
    item = f"<item>{media if first else ''}{told}<link>https://a.vn/1</link>{'' if first else media}</item>"
    body = feed(item).replace(b"<rss ", b'<rss xmlns:media="http://search.yahoo.com/mrss/" ')
    (entry,) = read(body).entries
    assert (entry.title, entry.summary, entry.text) == ("Tin", "Ông A điện đàm ông B.", "")


CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def test_a_text_that_a_feed_carries_is_free_of_furniture() -> None:
    told = "<p>Ông A điện đàm ông B.</p><p>Hai bên trao đổi về thuế.</p>"
    foot = "<p>Bài viết <a href='/1'>Tin</a> đã xuất hiện đầu tiên vào ngày <a href='/'>Báo A</a>.</p>"
    around = (
        "<figure><img><figcaption>Ông A ở Helsinki.</figcaption></figure><p>Xem thêm: <a href='/2'>Tin khác</a></p>"
    )
    content = f"<content:encoded {CONTENT}><![CDATA[{around}{told}<p><b>Minh Anh</b></p>{foot}]]></content:encoded>"
    summary = "<description><![CDATA[Ông A điện đàm ông B. Xem thêm: Tin khác]]></description>"
    (entry,) = read(feed(ITEM.format(1).replace("</item>", f"{summary}{content}</item>"))).entries
    assert entry.text == "Ông A điện đàm ông B.\nHai bên trao đổi về thuế."
    assert entry.summary == "Ông A điện đàm ông B."


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("&lt;p&gt;Một.&lt;/p&gt;&lt;p&gt;Hai.&lt;/p&gt;", "Tin", "Một.\nHai."),
        ("&amp;lt;p&amp;gt;Một.&amp;lt;/p&amp;gt;Hai.", "Tin", "Một.\nHai."),
        ("Một\nhai", "Tin", "Một\nhai"),
        ("&lt;p&gt;Xem thêm: Tin khác&lt;/p&gt;", "Tin", ""),
        ("&lt;p&gt;Xem thêm: Tin khác&lt;/p&gt;", "", "Xem thêm: Tin khác"),  # an article of some words all the same
        (f"Một &amp;amp;#{'9' * 5000}; hai", "Tin", "Một hai"),
        ("&lt;b&gt;" * 5000 + "Một.", "Tin", "Một."),
        ("&lt;p " + "a " * 5000 + "&gt;Một.", "Tin", "Một."),
    ],
)
def test_texts_that_feeds_carry(content: str, title: str, text: str) -> None:
    carried = f"<content:encoded {CONTENT}>{content}</content:encoded>"
    item = f"<item><title>{title}</title><link>https://a.vn/1</link>{carried}</item>"
    (entry,) = read(feed(item)).entries
    assert (entry.title, entry.summary, entry.text) == (title, "", text)


SECOND = "<item><title>Tin 2</title><link>https://a.vn/2</link></item>"


@pytest.mark.parametrize(
    ("inside", "summary", "text"),
    [
        ("<description>Một <item>hai</item> ba</description>", "Một hai ba", ""),
        ("<description>Một <entry/> ba</description>", "Một ba", ""),
        (f"<content:encoded {CONTENT}><item><p>Một</p></item><p>ba</p></content:encoded>", "", "Một\nba"),
        ("<description><rss><item><title>q</title><link>https://q.vn</link></item></rss></description>",
         "q https://q.vn", ""),
        ("<textInput><title>q</title><link>https://q.vn</link></textInput>", "", ""),
        ("<description><textInput><description>Một</description></textInput></description>", "Một", ""),
        ("<description><![CDATA[<p>Một</p></description>", "Một", ""),
        ("<related><item><title>q</title></item></related>", "", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("linked", ["before", "after"])
def test_what_an_item_holds_costs_neither_it_nor_the_next(inside: str, summary: str, text: str, linked: str) -> None:
    link = "<link>https://a.vn/1</link>"
    item = f"<item><title>Tin 1</title>{f'{link}{inside}' if linked == 'before' else f'{inside}{link}'}</item>"
    first, second = read(feed(item + SECOND)).entries
    assert (first.title, first.url, first.summary, first.text) == ("Tin 1", "https://a.vn/1", summary, text)
    assert (second.title, second.url) == ("Tin 2", "https://a.vn/2")


@pytest.mark.parametrize("unended", ["<description>Một", "<description><![CDATA[Một", "<description><b>Một"])
@pytest.mark.parametrize("end", ["</item>", ""])
def test_a_text_that_does_not_end_costs_no_other_item(unended: str, end: str) -> None:
    item = f"<item><title>Tin 1</title><link>https://a.vn/1</link>{unended}{end}"
    parsed = read(feed(SECOND.replace("2", "0") + item + SECOND))
    assert {"Tin 0", "Tin 1"} <= {entry.title for entry in parsed.entries}
    if end:
        assert [(entry.title, entry.url) for entry in parsed.entries][-1] == ("Tin 2", "https://a.vn/2")
        assert "do not end" in (parsed.trouble or "")


def test_an_item_that_has_no_address_is_the_only_one_skipped_and_nothing_is_called_odd() -> None:
    parsed = read(feed("<item><title>Tin 1</title></item>" + SECOND))
    assert ([entry.title for entry in parsed.entries], len(parsed.skipped), parsed.remarks) == (["Tin 2"], 1, ())
    assert parsed.trouble is None


CHAPTERS = 'xmlns:psc="http://podlove.org/simple-chapters"'
TROUBLE = {  # what stands around two items, and in front of the link of the first
    "chapters around the items": (f"<psc:chapters {CHAPTERS}>{{0}}{{1}}</psc:chapters>", ""),
    "a field for words that does not end": ("{0}{1}", "<textInput>"),
    "a comment that does not end": ("{0}<!-- cũ {1}", ""),
    "a comment in a comment's place": ("{0}<!-- <b> {1}<!-- mới -->", ""),
    "a comment that does not end in an item": ("{0}{1}", "<!-- cũ "),
    "an instruction that does not end": ("<?xml-stylesheet {0}{1}", ""),
    "a source that does not end": ("{0}{1}", '<source url="https://b.vn">'),
    "a section that does not end": ("{0}{1}", "<![CDATA["),
}
INSIDE = f'<psc:chapter {CHAPTERS} start="0" title="t"/><description>Một &amp; <b>hai</b></description>'


@pytest.mark.parametrize(("around", "before_link"), TROUBLE.values(), ids=list(TROUBLE))
def test_items_are_saved_from_what_spoils_a_feed(
    around: str, before_link: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (ITEM.format(number).replace("</item>", f"{INSIDE}</item>") for number in (1, 2))
    parsed = read(feed(around.format(first.replace("<link>", f"{before_link}<link>"), second)))
    told = [(entry.title, entry.url, entry.summary) for entry in parsed.entries]
    assert told == [(f"Tin {number}", f"https://a.vn/{number}", "Một & hai") for number in (1, 2)]
    assert parsed.trouble
    assert "Traceback" not in caplog.text
    assert len(caplog.messages) <= 1


@pytest.mark.parametrize("breaking", ["<textInput></image>", '<a xml:base="http://["/>'])
def test_of_a_feed_that_breaks_the_reader_its_title_may_be_lost_and_no_item(breaking: str) -> None:
    second = (
        '<entry><title type="html">&lt;b&gt;Tin&lt;/b&gt; 2</title><link rel="alternate" href="/2"/><id>2</id></entry>'
    )
    first = ITEM.format(1).replace("</item>", f"{INSIDE}</item>")
    parsed = read(feed(f"{breaking}<psc:chapters {CHAPTERS}>{first}<item/>{second}</psc:chapters>"))
    assert [(entry.title, entry.url) for entry in parsed.entries][-1] == ("Tin 2", "https://a.vn/2")


@pytest.mark.parametrize("tag", ["<![CDATA[", "<!--", "<item>", "<description>", "</item>", "<a", "<item><b>"])
def test_items_made_to_be_slow_are_read_all_the_same(tag: str) -> None:
    """It is the test's end that counts."""
    parsed = parse_feed(feed("<item><title>Tin 1</title>" + tag * (MAX_MARKUP // 12)), URL)
    assert isinstance(parsed, ParsedFeed | FeedProblem)
    assert isinstance(parse_feed(feed("<item><" + "a" * 3_000_000), URL), ParsedFeed | FeedProblem)


@pytest.mark.parametrize("charset", ["windows-1258", "utf-8"])
def test_a_tower_of_marks_is_cut_before_anybody_composes_it(charset: str) -> None:
    """Composing this one would take hours: it is the test's end that counts."""
    tower = "a" + "\u0301\u0323" * 500_000
    item = f"<item><title>{tower}</title><link>https://a.vn/1</link></item>"
    body = f'<?xml version="1.0" encoding="{charset}"?>'.encode() + feed(item).decode().encode(charset)
    title = unicodedata.normalize("NFC", read(body).entries[0].title)
    assert 25 < len(title) <= 31
    assert set(title[1:]) <= {"\u0301", "\u0323"}


@pytest.mark.parametrize(
    "category", ['<category term="c{0}"/>', "<category>c{0}</category>", "<x:subject>c{0}</x:subject>"]
)
def test_categories_cost_nothing(category: str) -> None:
    """Comparing so many with each other would take minutes: it is the test's end that counts."""
    categories = "".join(category.format(number) for number in range(45_000))
    body = feed(f"<item><title>Tin</title>{categories}<link>https://a.vn/1</link></item>")
    (entry,) = read(body.replace(b"<rss", b'<rss xmlns:x="http://purl.org/dc/elements/1.1/"')).entries
    assert (entry.title, entry.url, entry.summary, entry.text) == ("Tin", "https://a.vn/1", "", "")


@pytest.mark.parametrize(
    "name", ["author", "dc:creator", "dc:contributor", "dc:publisher", "managingEditor", "webMaster", "itunes:owner"]
)
def test_a_name_without_end_costs_nothing(name: str) -> None:
    """Looking for an address in this one would take hours: it is the test's end that counts."""
    head = b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    body = feed(f"<item><title>Tin</title><{name}>{'a' * 3_000_000}</{name}><link>https://a.vn/1</link></item>")
    (entry,) = read(body.replace(b"<rss", head)).entries
    assert (entry.title, entry.url, entry.summary, entry.text) == ("Tin", "https://a.vn/1", "", "")


def test_atoms_author_is_no_word_of_an_entry() -> None:
    author = "<author><name>An</name><email>an@a.vn</email><uri>https://a.vn/an</uri></author>"
    link = '<link href="https://a.vn/1"/>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{author}<title>Tin</title><id>1</id>{link}{author}</entry></feed>'
    (entry,) = read(body.encode()).entries
    assert (entry.title, entry.url, entry.guid, entry.summary, entry.text) == ("Tin", "https://a.vn/1", "1", "", "")


def test_a_date_that_cannot_be_read_leaves_the_word_to_another() -> None:
    dates = "<pubDate>hôm qua</pubDate><dc:date>2026-05-04T10:00:00+07:00</dc:date>"
    body = feed(f"<item><title>Tin</title><link>https://a.vn/1</link>{dates}</item>")
    (entry,) = read(body.replace(b"<rss", b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"')).entries
    assert entry.published_at == dt.datetime(2026, 5, 4, 3, tzinfo=dt.UTC)
    assert entry.published_raw == "2026-05-04T10:00:00+07:00"


def test_the_order_is_the_feeds() -> None:
    assert [entry.title for entry in read(feed(ITEM.format(2) + ITEM.format(1))).entries] == ["Tin 2", "Tin 1"]


def test_future_dates_are_now_and_keep_their_words() -> None:
    now = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    ahead = Entry(title="a", published_at=now + dt.timedelta(hours=7), published_raw="raw")
    undated = Entry(title="b")
    assert not_in_future((ahead, undated), now) == (Entry(title="a", published_at=now, published_raw="raw"), undated)


SAMPLES = [path.read_bytes() for path in sorted(FEEDS.glob("*.xml"))]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real feed with pieces cut out, doubled, or overwritten."""
    body = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(body) - 1)))
        end = min(len(body), start + draw(st.integers(0, 80)))
        body[start:end] = draw(
            st.binary(max_size=30)
            | st.sampled_from(
                [
                    b"",
                    bytes(body[start:end]) * 2,
                    b"]]>",
                    b"<![CDATA[",
                    b"&#0;",
                    b"&#xD800;",
                    b"&",
                    b"<item>",
                    b"</rss>",
                ]
            )
        )
    return bytes(body)


def element(name: str, inner: str, ends: bool) -> str:
    """What holds others; an item without an end ends with the one around it, and nobody could say which that is."""
    return f"<{name}>{inner}" + (f"</{name}>" if ends or name in ("item", "entry") else "")


NAMES = ("description", "title", "item", "entry", "textInput", "image", "guid", "p", "author")
NESTED = st.recursive(
    st.sampled_from(["chữ", "<br>", "<![CDATA[<p>a</p>]]>", "<![CDATA[", "]]>", "&amp;"]),
    lambda inner: st.builds(element, st.sampled_from(NAMES), inner, st.booleans()),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(NESTED, max_size=3).map("".join))
def test_whatever_a_text_holds_the_items_around_it_come_out(inside: str) -> None:
    outside = re.sub(r"<!\[CDATA\[(?:(?!<!\[CDATA\[).)*?\]\]>", "", inside)  # the end of an item is not in a section
    assume(all(outside.count(f"<{name}>") == outside.count(f"</{name}>") for name in ("item", "entry")))
    bad = f"<item><title>Tin 1</title><link>https://a.vn/1</link><description>{inside}</description></item>"
    urls = {entry.url for entry in read(feed(SECOND.replace("2", "0") + bad + SECOND)).entries}
    assert {"https://a.vn/0", "https://a.vn/2"} <= urls


@settings(max_examples=300, deadline=None)
@given(
    damaged()
    | st.binary(max_size=300)
    | st.text(alphabet="<>/!?[]&;item rslnkgu=\"'-CDAT\x00", max_size=200).map(str.encode)
)
def test_any_bytes_become_entries_or_a_problem(body: bytes) -> None:
    parsed = parse_feed(body, URL)
    if isinstance(parsed, ParsedFeed):
        for entry in parsed.entries:
            assert entry.url or entry.guid
            assert entry.title or entry.summary or entry.text
            assert "\x00" not in repr(entry)
            assert msgspec.json.encode(entry)  # which refuses half a character
    else:
        assert parsed.kind != "unreadable"  # what breaks a reader is a bug here, though a poll survives it
