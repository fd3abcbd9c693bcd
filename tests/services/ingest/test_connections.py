"""Connections: to which addresses, in which protocols, for how long, and for how many requests."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpcore
import pytest

from services.ingest.connections import is_public
from services.ingest.fetch import Fetcher, Limits
from services.ingest.values import Failed, Fetched, NotModified, Validators
from tests.support.feed_server import FeedServer
from tests.support.http2_server import CERTIFICATE, Http2Server
from tests.support.http2_server import Answer as Http2Answer

PATIENT = Limits(connect_s=2, read_s=2, total_s=20, max_bytes=100_000, max_redirects=3)

REFUSED = "not a public address, nor named in REDPHONE_ALLOW_HOSTS"


@pytest.fixture
def fetch(server: FeedServer) -> Iterator[Fetcher]:
    with closing(Fetcher("Redphone-Test/1.0", [server.host], PATIENT)) as fetcher:
        yield fetcher


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ports that were connected to."""
    ports: list[int] = []
    connect = httpcore.SyncBackend.connect_tcp

    def counted(self: httpcore.SyncBackend, host: str, port: int, *rest: Any) -> httpcore.NetworkStream:
        ports.append(port)
        return connect(self, host, port, *rest)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", counted)
    return ports


def test_a_connection_serves_one_look_after_the_other(server: FeedServer, fetch: Fetcher, connected: list[int]) -> None:
    url = server.serve("/rss", b"<rss/>", etag='"1"')
    for validators in (Validators(), Validators('"1"'), Validators('"1"'), Validators()):
        assert not isinstance(fetch(url, validators), Failed)
    assert len(connected) == 1


def test_a_connection_that_nobody_used_for_long_is_closed(
    server: FeedServer, connected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.connections._KEPT_S", 0.0)
    with FeedServer() as other, closing(Fetcher("test", [server.host, other.host], PATIENT)) as fetch:
        urls = server.serve("/rss", b"<rss/>"), other.serve("/rss", b"<rss/>")
        for url in (urls[0], urls[1], urls[0]):
            assert isinstance(fetch(url), Fetched)
        ports = [int(one.host.partition(":")[2]) for one in (server, other)]
    assert connected == [ports[0], ports[1], ports[0]]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("0.0.0.0", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False),
        ("::127.0.0.1", False), ("::10.0.0.1", False), ("::93.184.216.34", False),  # IPv4-compatible, long deprecated
        ("fec0::1", False), ("feff::1", False),  # site-local, deprecated
        ("64:ff9b::10.0.0.1", False), ("64:ff9b::93.184.216.34", True),  # NAT64, to where it leads
        ("64:ff9b:1::10.0.0.1", False), ("64:ff9b:1::93.184.216.34", False),  # NAT64 of a local network
        ("2002:a00:1::1", False), ("2002:c0a8:101::", False), ("2002:5db8:d822::1", True),  # 6to4, to where it leads
        ("2001:0:5db8:d822:8000:63bf:f5ff:fffe", False), ("2001:0:a00:1::5db8:d822", False),  # Teredo
        ("2001:db8::1", False), ("100::1", False), ("2001:2::1", False), ("3fff::1", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


PUBLIC = "93.184.216.34"


class Resolver:
    """A name's addresses, another answer at each look-up, as whoever owns the name may give; numbers are themselves."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int, *_rest: object, **_named: object) -> list[tuple[object, ...]]:
        if host[0].isdigit():
            return self._entries([host], port)
        self.asked += 1
        return self._entries(self._answers[min(self.asked, len(self._answers)) - 1], port)

    def _entries(self, addresses: list[str], port: int) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that sockets were told to connect to; none of them answers."""
    addresses: list[str] = []

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        addresses.append(address[0])
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return addresses


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch, tried: list[str]
) -> None:
    """A name that is public when it is looked at and private when it is connected to (DNS rebinding)."""
    resolver = Resolver([PUBLIC], ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with closing(Fetcher("test", limits=PATIENT)) as fetch:
        first = fetch("http://rebinding.example/rss")
        assert (tried, resolver.asked) == ([PUBLIC], 1)
        second = fetch("http://rebinding.example/rss")
    assert isinstance(first, Failed)
    assert isinstance(second, Failed)
    assert (first.kind, second.kind, tried) == ("connect", "address", [PUBLIC])


def test_a_name_with_a_private_address_among_public_ones_is_asked_nowhere(
    monkeypatch: pytest.MonkeyPatch, tried: list[str]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Resolver([PUBLIC, "10.0.0.1"]))
    with closing(Fetcher("test", limits=PATIENT)) as fetch:
        answer = fetch("https://mixed.example/rss")
    assert isinstance(answer, Failed)
    assert (answer.kind, answer.words) == ("address", f"mixed.example is 10.0.0.1: {REFUSED}")
    assert tried == []


def test_a_resolver_that_does_not_answer_is_given_up(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def silence(*_arguments: object, **_named: object) -> list[object]:
        server.stopping.wait(5)
        return []

    monkeypatch.setattr("services.ingest.connections.socket.getaddrinfo", silence)
    with closing(Fetcher("test", limits=PATIENT._replace(total_s=0.5))) as hasty:
        answer = hasty("http://slow.example/rss")
    assert isinstance(answer, Failed)
    assert (answer.kind, answer.words) == ("dns", "slow.example was not found in the time allowed")


@pytest.fixture
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_certificate_that_nobody_signed_is_a_tls_error(name: str) -> None:
    with Http2Server(lambda _: Http2Answer()) as server:
        host = server.host.replace("127.0.0.1", name)
        with closing(Fetcher("test", [host], PATIENT)) as fetch:
            answer = fetch(f"https://{host}/rss")
    assert isinstance(answer, Failed)
    assert answer.kind == "tls"
    assert "self-signed certificate" in answer.words
    assert server.requests == []


@pytest.mark.usefixtures("_trusted")
def test_looks_over_http_2_share_a_connection_and_its_deadline() -> None:
    def say(asked: dict[str, str]) -> Http2Answer:
        if "if-none-match" in asked:
            return Http2Answer(304)
        body = gzip.compress(b"<rss/>", mtime=0)
        return Http2Answer(200, {"etag": '"1"', "content-encoding": "gzip", "content-type": "text/xml"}, body)

    with Http2Server(say) as server, closing(Fetcher("Redphone-Test/1.0", [server.host], PATIENT)) as fetch:
        first, second = fetch(server.url("/rss")), fetch(server.url("/rss"), Validators('"1"'))
    assert isinstance(first, Fetched)
    assert (first.body, first.validators.etag, first.headers["content-type"]) == (b"<rss/>", '"1"', "text/xml")
    assert isinstance(second, NotModified)
    assert [asked["user-agent"] for asked in server.requests] == ["Redphone-Test/1.0"] * 2
    assert server.connections == 1


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize(("then", "kinds"), [("reset", ["protocol", "protocol"]), ("goaway", ["", ""])])
def test_what_http_2_ends_in_the_middle_is_a_failure_and_the_next_look_is_none_of_it(
    then: str, kinds: list[str]
) -> None:
    server = Http2Server(lambda _: Http2Answer(body=b"<rss/>", then=then))
    with server, closing(Fetcher("test", [server.host], PATIENT)) as fetch:
        answers = [fetch(server.url("/rss")) for _ in range(2)]
    assert [answer.kind if isinstance(answer, Failed) else "" for answer in answers] == kinds
    assert len(server.requests) == 2


@pytest.mark.usefixtures("_trusted")
def test_a_body_over_http_2_is_capped_too() -> None:
    limits = PATIENT._replace(max_bytes=1000)
    server = Http2Server(lambda _: Http2Answer(body=b"<rss/>" * 1000))
    with server, closing(Fetcher("test", [server.host], limits)) as fetch:
        answer = fetch(server.url("/rss"))
    assert isinstance(answer, Failed)
    assert answer.kind == "too_large"


def test_http_2_is_offered() -> None:
    """In the list of protocols (RFC 7301) that stands in the first message of a TLS handshake as it is."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        host = "127.0.0.1:{1}".format(*server.getsockname())
        hello = pool.submit(_first_message, server)
        with closing(Fetcher("test", [host], PATIENT)) as fetch:
            assert isinstance(fetch(f"https://{host}/rss"), Failed)
        assert b"\x08http/1.1" in hello.result()
        assert b"\x02h2" in hello.result()


def _first_message(server: socket.socket) -> bytes:
    with server.accept()[0] as connection:
        return connection.recv(4096)
