"""What is kept out, one line for each: what a hostile or broken answer leaves in its feed's record, and that it costs
no entry, no claim and no later look."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.ingest.fetch import Fetcher
from tests.support import bombs, feed_server
from tests.support.feed_server import HTML, RSS, Answerer, FeedServer, Reply, always, redirect
from tests.support.watching import HOUR, LIMITS, MINUTE, NOW, Newsroom, item, page, rss
from tests.support.windows1258 import in_1258

Fault: TypeAlias = Callable[[FeedServer], Answerer]
SAID = {"Content-Type": RSS}
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))


def body(content: bytes, **headers: str) -> Fault:
    return lambda _server: always(
        Reply(200, content, SAID | {name.replace("_", "-"): headers[name] for name in headers})
    )


def raw(*pieces: bytes) -> Fault:
    return lambda _server: always(Reply(raw=pieces))


def to(location: str) -> Fault:
    """A redirect; {port} is the server's own, where localhost may not be asked although 127.0.0.1 may."""
    return lambda server: redirect(location.format(port=server.host.partition(":")[2], server=server.host))


KEPT_OUT: dict[str, tuple[str, Fault]] = {
    "a file": ("address", to("file:///etc/passwd")),
    "no web": ("address", to("ftp://127.0.0.1/rss")),
    "a private address": ("address", to("http://10.1.2.3/rss")),
    "a loopback address": ("address", to("http://[::1]:{port}/rss")),
    "a link-local address": ("address", to("http://169.254.169.254/latest/meta-data")),
    "a name that DNS says is loopback": ("address", to("http://localhost:{port}/rss")),
    "a private address inside an IPv6 one": ("address", to("http://[::ffff:10.0.0.1]/rss")),
    "endless redirects": ("redirects", to("/rss")),
    "a TLS error": ("tls", to("https://{server}/rss")),
    "a header too long": ("protocol", raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n")),
    "headers too many": ("protocol", raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n")),
    "200 MB": ("too_large", lambda _server: feed_server.flood(200)),
    "a gzip bomb": ("too_large", body(gzip.compress(bytes(2**26)), Content_Encoding="gzip")),
    "a deflate bomb": ("too_large", body(zlib.compress(bytes(2**26)), Content_Encoding="deflate")),
    "a brotli bomb": ("encoding", body(bombs.BROTLI, Content_Encoding="br")),  # not asked for, so not unpacked
    "a zstd bomb": ("encoding", body(bombs.zstd(), Content_Encoding="zstd")),
    "gzip in gzip": ("encoding", body(b"", Content_Encoding="gzip, gzip")),
    "broken gzip": ("encoding", body(gzip.compress(rss(item(1)))[:-9], Content_Encoding="gzip")),
    "a byte at a time": ("timeout", feed_server.drip_body),
    "a header byte at a time": ("timeout", feed_server.drip_head),
    "entities": ("entities", body(b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>')),
    "a billion laughs": ("entities", body(b"<!DOCTYPE rss [" + LAUGHS + b"]><rss><channel>&l9;</channel></rss>")),
    "nested XML": ("too_large", body(b"<rss><channel>" + b"<a>" * 150_000)),
    "100,000 attributes": ("too_large", body(b"<rss " + b"".join(b'a%d="" ' % n for n in range(10**5)) + b"/>")),
    "UTF-16 that is none": ("encoding", body(b"<\x00r\x00" + bytes(range(1, 255)) * 9)),
    "an empty 200": ("empty", body(b"")),
    "only white space": ("empty", body(b"  \n")),
    "only NUL bytes": ("not_a_feed", body(bytes(99))),
    "an HTML error page": ("html", body(b"<html><body><h1>502 Bad Gateway</h1></body></html>")),
    "HTML declared as XML": ("html", body(b'<?xml version="1.0" encoding="utf-8"?>\n' + page("Tin 1"))),
    "a login wall": ("html", to("/login")),
    "another document": ("not_a_feed", body(b"<svg/>")),
    "items that say nothing": ("no_entries", body(rss("<item></item>", "<item><title>Không liên kết</title></item>"))),
    "an error page as a feed": (
        "no_entries",
        body(b'<rss version="2.0"><channel><title>502 Bad Gateway</title></channel></rss>'),
    ),
    "no page": ("missing", lambda _server: always(Reply(404))),
    "gone": ("gone", lambda _server: always(Reply(410))),
    "closed": ("forbidden", lambda _server: always(Reply(403))),
    "too many requests": ("busy", lambda _server: always(Reply(429, headers={"Retry-After": "300"}))),
    "an error": ("server", lambda _server: always(Reply(500))),
    "an odd status": ("status", lambda _server: always(Reply(418))),
    "a body cut short": ("protocol", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort")),
    "a hang-up": ("protocol", raw(b"")),
    "no HTTP": ("protocol", raw(b"SSH-2.0-OpenSSH_9.6\r\n")),
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        running.serve("/login", page("Đăng nhập"), HTML)
        yield running


@pytest.fixture
def newsroom(sessions: sessionmaker[Session], server: FeedServer) -> Iterator[Newsroom]:
    # large enough for what is refused for its markup to be read whole
    fetcher = Fetcher("Redphone-Test/1.0", [server.host], LIMITS._replace(total_s=3, max_bytes=4 * 2**20))
    yield Newsroom(sessions, server, fetcher)
    fetcher.close()


@pytest.mark.parametrize("what", list(KEPT_OUT))
def test_it_has_a_name_in_the_feeds_record_and_costs_no_entry(
    newsroom: Newsroom, server: FeedServer, what: str
) -> None:
    kind, fault = KEPT_OUT[what]
    server.serve("/rss", rss(item(1)), etag='"1"')
    newsroom.watch("/rss")
    newsroom.poll()
    server.answer("/rss", fault(server))
    result = newsroom.poll(NOW + 2 * MINUTE)
    feed = newsroom.feed()
    assert (result.kind, feed.failures) == (kind, 1)
    assert (feed.last_error or "").startswith(f"{kind}: ")
    assert (feed.etag, feed.claimed_until) == ('"1"', None)
    assert feed.next_poll_at <= NOW + HOUR
    server.serve("/rss", rss(item(2), item(1)), etag='"2"')
    assert newsroom.poll(NOW + HOUR).kind == "new"
    assert [row.title for row in newsroom.articles()] == ["Tin 1", "Tin 2"]
    assert (newsroom.feed().failures, newsroom.feed().last_error) == (0, None)


FEED = rss(*(item(number, title=f"Hội đàm số {number}") for number in range(1, 4))).decode()

READ_ALL_THE_SAME: dict[str, tuple[bytes, str]] = {
    "NUL bytes": (FEED.replace("Hội", "\x00Hội").encode(), RSS),
    "UTF-16 without a mark": (FEED.encode("utf-16-le"), RSS),
    "UTF-16 that is called UTF-8": (FEED.encode("utf-16"), RSS),
    "UTF-8 that is called Latin-1": (FEED.encode(), "text/xml; charset=iso-8859-1"),
    "windows-1258": (in_1258(FEED), "text/xml; charset=windows-1258"),
    "windows-1258 that is called UTF-8": (in_1258(FEED), "text/xml; charset=utf-8"),
    "windows-1258 that is called Latin-1": (in_1258(FEED), "text/xml; charset=iso-8859-1"),
    "UTF-32 without a mark": (FEED.encode("utf-32-le"), RSS),
    "blank lines before the declaration": (b"\n\n" + b'<?xml version="1.0"?>' + FEED.encode(), RSS),
    "a warning before the declaration": (b"<b>Warning</b>: x in /a.php<br />" + FEED.encode(), RSS),
    "a comment that does not end": (FEED.replace("<item>", "<!-- <item>", 1).encode(), RSS),
    "chapters around its items": (
        FEED.replace("</item>", "<p:chapter start='0'/></item>")
        .replace("<item>", "<p:chapters xmlns:p='http://podlove.org/simple-chapters'><item>", 1)
        .replace("</channel>", "</p:chapters></channel>")
        .encode(),
        RSS,
    ),
    "an unheard-of charset": (FEED.encode(), "text/xml; charset=x-bao-chi"),
    "a feed that is called HTML": (FEED.encode(), HTML),
    "a DOCTYPE without entities": (b"<!DOCTYPE rss>" + FEED.encode(), RSS),
    "a byte order mark behind white space": (b'\r\n\xef\xbb\xbf<?xml version="1.0"?>' + FEED.encode(), RSS),
    "two byte order marks": (b"\xef\xbb\xbf" * 2 + FEED.encode(), RSS),
    "a broken end": (FEED.encode().replace(b"</channel></rss>", b""), RSS),
    "an item without words": (FEED.replace("<item>", "<item></item><item>", 1).encode(), RSS),
}


@pytest.mark.parametrize("what", list(READ_ALL_THE_SAME))
def test_what_only_looks_broken_is_read(newsroom: Newsroom, server: FeedServer, what: str) -> None:
    content, content_type = READ_ALL_THE_SAME[what]
    server.serve("/rss", content, content_type)
    newsroom.watch("/rss")
    result = newsroom.poll()
    assert (result.kind, newsroom.feed().failures) == ("new", 0)
    assert sorted(row.title for row in newsroom.articles()) == [f"Hội đàm số {number}" for number in (1, 2, 3)]


def test_a_feed_that_has_never_had_items_may_have_none(newsroom: Newsroom, server: FeedServer) -> None:
    server.serve("/rss", rss())
    newsroom.watch("/rss")
    assert (newsroom.poll().kind, newsroom.feed().failures) == ("quiet", 0)
    server.serve("/rss", rss(item(1)))
    assert newsroom.poll(NOW + HOUR).kind == "new"
    server.serve("/rss", rss())
    result = newsroom.poll(NOW + 2 * HOUR)
    assert (result.kind, result.words) == ("no_entries", "no items, and it had some before; its title is “Thế giới”")


def test_the_record_says_that_a_feed_is_not_read_as_it_stands(newsroom: Newsroom, server: FeedServer) -> None:
    """Until its next good answer; while it brings the same one, or none, it stays so."""
    server.serve("/rss", READ_ALL_THE_SAME["a comment that does not end"][0], etag='"1"')
    newsroom.watch("/rss")
    for minutes in range(0, 9, 3):
        newsroom.poll(NOW + minutes * MINUTE)
        feed = newsroom.feed()
        assert feed.failures == 0
        assert (feed.last_error or "").startswith("odd: ")
        assert "do not end" in (feed.last_error or "")
    server.serve("/rss", FEED.encode(), etag='"2"')
    newsroom.poll(NOW + HOUR)
    assert newsroom.feed().last_error is None


@pytest.mark.parametrize("carried", ["", f"<description><![CDATA[{'<p>Một.</p>' * 60}]]></description>"])
def test_a_feed_of_a_thousand_items_is_stored_whole(newsroom: Newsroom, server: FeedServer, carried: str) -> None:
    """Also where they carry more markup as text than the feed may have itself."""
    server.serve("/rss", rss(*(item(number).replace("</item>", f"{carried}</item>") for number in range(1000))))
    newsroom.watch("/rss")
    newsroom.fetcher.limits = newsroom.fetcher.limits._replace(total_s=20)
    assert len(newsroom.poll().new_ids) == 1000
