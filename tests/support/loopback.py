"""What the web servers of the tests have in common: a free loopback port, threads, and an end."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Generic, Self, TypeVar

Owner = TypeVar("Owner")


class Http(ThreadingHTTPServer, Generic[Owner]):
    """The socket and its threads; `owner` is the server that a handler answers for."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler], owner: Owner, address: str) -> None:
        super().__init__((address, 0), handler)
        self.owner = owner

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


class Quiet:
    """For a handler: connections stay open, and nothing is printed, because the server remembers what was asked."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


class LoopbackServer:
    """A web server; serves inside its `with`. `stopping` is set at the end, for answers that wait."""

    address = "127.0.0.1"

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self.stopping = threading.Event()
        self._http: Http[LoopbackServer] = Http(handler, self, self.address)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """Host and port, as `REDPHONE_ALLOW_HOSTS` wants them."""
        return f"{self.address}:{self._http.server_address[1]}"
