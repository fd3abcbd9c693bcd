"""The fetcher against a server that behaves, and against one that does not: each gives a value with a name."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.ingest.fetch import Fetcher, Limits, retry_after_seconds
from services.ingest.values import Elsewhere, Failed, Fetched, NotModified, Validators
from shared.limits import OUT_OF_LIMITS
from tests.support import feed_server
from tests.support.feed_server import FeedServer, Reply, Request, always, redirect

LIMITS = Limits(connect_s=2, read_s=2, total_s=0.5, max_bytes=100_000, max_redirects=3)
PATIENT = LIMITS._replace(total_s=20)


@pytest.fixture
def fetch(server: FeedServer) -> Iterator[Fetcher]:
    fetcher = Fetcher("Redphone-Test/1.0", [server.host], PATIENT)
    yield fetcher
    fetcher.close()


@pytest.fixture
def hasty(server: FeedServer) -> Iterator[Fetcher]:
    fetcher = Fetcher("Redphone-Test/1.0", [server.host], LIMITS)
    yield fetcher
    fetcher.close()


def failed(answer: object) -> str:
    assert isinstance(answer, Failed), answer
    assert answer.words
    return answer.kind


def test_fetches_and_says_who_asks(server: FeedServer, fetch: Fetcher) -> None:
    url = server.serve("/rss", b"<rss/>", etag='"1"', modified="Mon, 04 May 2026 05:00:00 GMT")
    answer = fetch(url)
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.body) == (url, b"<rss/>")
    assert answer.validators == Validators('"1"', "Mon, 04 May 2026 05:00:00 GMT")
    assert answer.took_s > 0
    asked = server.requests[0].headers
    assert asked["user-agent"] == "Redphone-Test/1.0"
    assert asked["accept-encoding"] == "gzip, deflate"
    assert "if-none-match" not in asked


def test_a_kept_connection_that_its_server_closes_as_we_use_it_is_no_failure(
    server: FeedServer, fetch: Fetcher
) -> None:
    answers = iter([Reply(200, b"<rss/>"), Reply(raw=[]), Reply(200, b"<rss/>"), Reply(raw=[]), Reply(raw=[])])
    url = server.answer("/rss", lambda _request: next(answers))
    assert [type(fetch(url)) for _ in range(2)] == [Fetched, Fetched]
    assert failed(fetch(url)) == "protocol"  # once more, and not for ever
    assert len(server.requests) == 5


def test_a_new_connection_that_its_server_closes_is_one(server: FeedServer, fetch: Fetcher) -> None:
    assert failed(fetch(server.answer("/rss", always(Reply(raw=[]))))) == "protocol"
    assert len(server.requests) == 1


@pytest.mark.parametrize("validators", [Validators('"1"'), Validators(None, "Mon, 04 May 2026 05:00:00 GMT")])
def test_an_unchanged_feed_is_not_sent_again(server: FeedServer, fetch: Fetcher, validators: Validators) -> None:
    url = server.serve("/rss", b"<rss/>", etag='"1"', modified="Mon, 04 May 2026 05:00:00 GMT")
    assert isinstance(fetch(url, validators), NotModified)
    assert isinstance(fetch(url, Validators('"0"')), Fetched)


def test_a_304_that_was_not_asked_for_is_no_answer(server: FeedServer, fetch: Fetcher) -> None:
    url = server.answer("/rss", always(Reply(304)))
    assert isinstance(fetch(url, Validators('"1"')), NotModified)
    assert failed(fetch(url)) == "status"
    assert failed(fetch(url, Validators(etag=""))) == "status"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"<rss/>", mtime=0)),
        ("gzip", gzip.compress(b"<rss/>", mtime=0) + b"rubbish after the end"),
        ("gzip", gzip.compress(b"<rs", mtime=0) + gzip.compress(b"", mtime=0) + gzip.compress(b"s/>", mtime=0)),
        ("gzip", gzip.compress(b"<rss/>", mtime=0) + b"\x1f"),
        ("gzip", b"<rss/>"),  # says gzip and is not
        ("deflate", zlib.compress(b"<rss/>")),
        ("deflate", zlib.compress(b"<rss/>")[2:-4]),  # without its zlib frame
        ("identity", b"<rss/>"),
        ("identity", gzip.compress(b"<rss/>", mtime=0)),  # says nothing and is gzip
        ("", gzip.compress(b"<rss/>", mtime=0)),
    ],
)
def test_codings(server: FeedServer, fetch: Fetcher, coding: str, body: bytes) -> None:
    server.answer("/rss", always(Reply(200, body, {"Content-Encoding": coding})))
    answer = fetch(server.url("/rss"))
    assert isinstance(answer, Fetched)
    assert answer.body == b"<rss/>"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"<rss/>" * 99, mtime=0)[:-9]),
        ("gzip", b"\x1f\x8b\x08rubbish"),
        ("gzip", gzip.compress(b"<rss/>", mtime=0) + gzip.compress(b"<rss/>" * 99, mtime=0)[:-9]),
        ("gzip", gzip.compress(b"", mtime=0) * 1001),  # a page of members, each of which costs more than it says
        ("identity", gzip.compress(b"<rss/>" * 99, mtime=0)[:-9]),
        ("br", b"x"),
        ("gzip, gzip", b"x"),
    ],
)
def test_broken_codings(server: FeedServer, fetch: Fetcher, coding: str, body: bytes) -> None:
    server.answer("/rss", always(Reply(200, body, {"Content-Encoding": coding})))
    assert failed(fetch(server.url("/rss"))) == "encoding"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "forbidden"), (403, "forbidden"), (404, "missing"), (410, "gone"), (418, "status"), (429, "busy"),
     (500, "server"), (502, "server"), (503, "busy"), (204, "status")],
)  # fmt: skip
def test_statuses(server: FeedServer, fetch: Fetcher, status: int, kind: str) -> None:
    server.answer("/rss", always(Reply(status, b"" if status == 204 else b"no")))
    assert failed(fetch(server.url("/rss"))) == kind


def test_the_servers_wish_to_wait_is_heard(server: FeedServer, fetch: Fetcher) -> None:
    server.answer("/rss", always(Reply(429, b"", {"Retry-After": "120"})))
    answer = fetch(server.url("/rss"))
    assert isinstance(answer, Failed)
    assert answer.retry_after == 120


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 04 May 2026 05:02:00 GMT", 120.0),
        ("Mon, 04 May 2026 04:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, "Mon, 04 May 2026 05:00:00 GMT") == seconds


def test_redirects_are_followed_with_the_conditions(server: FeedServer, fetch: Fetcher) -> None:
    server.serve("/new", b"<rss/>", etag='"1"')
    server.answer("/moved", redirect("/new", 308))
    server.answer("/old", redirect(server.url("/moved")))
    answer = fetch(server.url("/old"))
    assert isinstance(answer, Fetched)
    assert answer.url == server.url("/new")
    assert isinstance(fetch(server.url("/old"), Validators('"1"')), NotModified)


def test_a_redirect_is_followed_where_the_caller_lets_it(server: FeedServer, fetch: Fetcher) -> None:
    asked: list[str] = []

    def follows(url: str) -> bool:
        asked.append(url)
        return "closed" not in url

    server.serve("/open", b"<rss/>")
    server.answer("/a", redirect("/open"))
    server.answer("/b", redirect("/closed"))
    assert isinstance(fetch(server.url("/a"), Validators(), follows), Fetched)
    elsewhere = fetch(server.url("/b"), Validators(), follows)
    assert isinstance(elsewhere, Elsewhere)
    assert elsewhere.url == server.url("/closed")
    assert asked == [server.url("/open"), server.url("/closed")]
    assert server.paths() == ["/a", "/open", "/b"]


def test_redirects_end(server: FeedServer, fetch: Fetcher) -> None:
    server.answer("/round", redirect("/round"))
    assert failed(fetch(server.url("/round"))) == "redirects"
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)", "http://169.254.169.254/", "http:///x"],
)
def test_redirects_do_not_leave_the_web(server: FeedServer, fetch: Fetcher, location: str) -> None:
    server.answer("/rss", redirect(location))
    assert failed(fetch(server.url("/rss"))) == "address"


@pytest.mark.parametrize("limit", OUT_OF_LIMITS)
def test_the_limits_of_a_worker_are_not_the_servers_failure(
    server: FeedServer, fetch: Fetcher, limit: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_arguments: object) -> None:
        raise limit

    monkeypatch.setattr(fetch, "_follow", ends)
    with pytest.raises(limit):
        fetch(server.url("/rss"))


def test_a_redirect_to_no_address_is_broken_http(server: FeedServer, fetch: Fetcher) -> None:
    server.answer("/rss", redirect("http://[::1/"))
    assert failed(fetch(server.url("/rss"))) == "protocol"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_private_addresses_are_refused_unless_named(server: FeedServer, host: str) -> None:
    fetch = Fetcher("test")
    port = server.host.partition(":")[2]
    assert failed(fetch(f"http://{host}:{port}/rss")) == "address"
    assert server.requests == []
    fetch.close()


def test_a_redirect_to_a_private_address_is_refused(server: FeedServer, fetch: Fetcher) -> None:
    server.serve("/secret", b"<rss/>")
    server.answer("/rss", redirect(f"http://localhost:{server.host.partition(':')[2]}/secret"))
    assert failed(fetch(server.url("/rss"))) == "address"
    assert server.paths() == ["/rss"]


@pytest.mark.parametrize(
    "url", ["ftp://a.vn/x", "file:///etc/passwd", "gopher://a.vn", "", "https://", "http://a.vn:99999/"]
)
def test_only_web_addresses(fetch: Fetcher, url: str) -> None:
    assert failed(fetch(url)) == "address"


@pytest.mark.parametrize("size", [1, 2, 7, 26])
def test_gzip_in_members_is_read_whole_however_it_is_cut(server: FeedServer, fetch: Fetcher, size: int) -> None:
    sent = gzip.compress(b"<rss>", mtime=0) + gzip.compress(b"</rss>", mtime=0)
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    answer = fetch(server.answer("/rss", always(Reply(200, pieces, {"Content-Encoding": "gzip"}))))
    assert isinstance(answer, Fetched)
    assert answer.body == b"<rss></rss>"


def test_a_bomb_in_a_later_member_is_refused(server: FeedServer, fetch: Fetcher) -> None:
    bomb = gzip.compress(b"<rss/>", mtime=0) + gzip.compress(bytes(2**24), mtime=0)
    assert failed(fetch(server.answer("/bomb", always(Reply(200, bomb, {"Content-Encoding": "gzip"}))))) == "too_large"


def test_a_gzip_bomb_is_refused(server: FeedServer, fetch: Fetcher) -> None:
    assert failed(fetch(server.answer("/bomb", feed_server.gzip_bomb()))) == "too_large"
    unsaid = always(Reply(200, gzip.compress(bytes(2**26), mtime=0)))
    assert failed(fetch(server.answer("/unsaid", unsaid))) == "too_large"


def test_a_flood_is_refused(server: FeedServer, fetch: Fetcher) -> None:
    assert failed(fetch(server.answer("/flood", feed_server.flood()))) == "too_large"


def test_a_body_that_drips_is_given_up(server: FeedServer, hasty: Fetcher) -> None:
    assert failed(hasty(server.answer("/drip", feed_server.drip_body(server)))) == "timeout"


def test_a_head_that_drips_is_given_up(server: FeedServer, hasty: Fetcher) -> None:
    assert failed(hasty(server.answer("/drip", feed_server.drip_head(server)))) == "timeout"


def test_a_server_that_says_nothing_is_given_up(server: FeedServer, hasty: Fetcher) -> None:
    def silence(_request: Request) -> Reply:
        server.stopping.wait(5)
        return Reply(raw=[])

    assert failed(hasty(server.answer("/silent", silence))) == "timeout"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
    ],
)
def test_broken_http(server: FeedServer, fetch: Fetcher, raw: bytes) -> None:
    server.answer("/rss", always(Reply(raw=[raw])))
    assert failed(fetch(server.url("/rss"))) in {"protocol", "connect"}


def test_what_a_library_raises_is_that_answers_failure(
    server: FeedServer, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_response: object) -> dict[str, str]:
        raise KeyError("a stream that nobody knows")

    url = server.serve("/rss", b"<rss/>")
    monkeypatch.setattr("services.ingest.fetch._headers", broken)
    answer = fetch(url)
    assert isinstance(answer, Failed)
    assert (answer.kind, answer.words) == ("protocol", "KeyError: 'a stream that nobody knows'")


def test_nobody_there(fetch: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    lonely = Fetcher("test", [f"127.0.0.1:{port}"])
    assert failed(lonely(f"http://127.0.0.1:{port}/")) == "connect"
    lonely.close()


def test_tls_errors_have_their_name(server: FeedServer, fetch: Fetcher) -> None:
    assert failed(fetch(server.url("/rss").replace("http://", "https://"))) == "tls"


def test_a_tls_error_after_the_handshake_is_one_too(fetch: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object) -> None:
        raise httpx.ReadError("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED]")

    monkeypatch.setattr(fetch, "_follow", refused)
    assert failed(fetch("https://a.vn/rss")) == "tls"


def test_no_cookie_is_kept(server: FeedServer, fetch: Fetcher) -> None:
    server.serve("/rss", b"<rss/>", headers={"Set-Cookie": "reader=42; Path=/"})
    fetch(server.url("/rss"))
    fetch(server.url("/rss"))
    assert "cookie" not in server.requests[1].headers


def test_a_caller_after_a_failure_is_served(server: FeedServer, hasty: Fetcher, tmp_path: Path) -> None:
    """A connection that ended badly is not handed to the next request."""
    server.answer("/drip", feed_server.drip_body(server))
    server.serve("/rss", b"<rss/>")
    assert failed(hasty(server.url("/drip"))) == "timeout"
    assert isinstance(hasty(server.url("/rss")), Fetched)
