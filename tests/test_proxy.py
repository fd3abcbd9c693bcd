"""The proxy that the chaos goes through: what each fault does to a connection, and that new ones are made as ever."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.support.proxy import SLOW_PIECE, Proxy


class Echo(socketserver.StreamRequestHandler):
    """Says each line back."""

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is cut off is part of the tests."""


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Server(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with Proxy("127.0.0.1", server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()
        thread.join()


def connect(proxy: Proxy) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", proxy.port), timeout=20)
    assert said(client, b"hello\n") == b"hello\n"
    return client


def said(client: socket.socket, line: bytes) -> bytes:
    client.sendall(line)
    return b"".join(iter(lambda: client.recv(1), b"\n")) + b"\n"


def test_a_reset_cuts_and_the_next_connection_works(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    connect(proxy).close()


def test_what_is_held_back_comes_later(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.stall(0.3)
        client.settimeout(0.05)
        client.sendall(b"later\n")
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(20)
        assert client.recv(6, socket.MSG_WAITALL) == b"later\n"


def test_a_half_open_connection_loses_what_is_said_and_is_reset(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.half_open(0.2)
        client.sendall(b"lost\n")
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_slow_connection_loses_nothing(proxy: Proxy) -> None:
    line = b"x" * (SLOW_PIECE * 3) + b"\n"
    with connect(proxy) as client:
        proxy.slow(0.2)
        assert said(client, line) == line


def test_a_server_that_is_away_is_no_connection(proxy: Proxy) -> None:
    proxy.target = ("127.0.0.1", 1)
    with pytest.raises(ConnectionResetError), socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as client:
        client.recv(1)
