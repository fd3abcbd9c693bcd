"""Connections: to which addresses, in which protocols, for how long, and for how many requests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpcore
import pytest

from services.ingest.connections import is_public
from services.ingest.fetch import Fetcher, Limits
from services.ingest.values import Failed, Fetched, Validators
from tests.support.feed_server import FeedServer

PATIENT = Limits(connect_s=2, read_s=2, total_s=20, max_bytes=100_000, max_redirects=3)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


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


def test_a_resolver_that_does_not_answer_is_given_up(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def silence(*_arguments: object, **_named: object) -> list[object]:
        server.stopping.wait(5)
        return []

    monkeypatch.setattr("services.ingest.connections.socket.getaddrinfo", silence)
    with closing(Fetcher("test", limits=PATIENT._replace(total_s=0.5))) as hasty:
        answer = hasty("http://slow.example/rss")
    assert isinstance(answer, Failed)
    assert (answer.kind, answer.words) == ("dns", "slow.example was not found in the time allowed")


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
