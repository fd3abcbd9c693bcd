"""A document at an address of this machine's own, for as long as somebody asks for it: how the canary's feed is
published.

The address is one of loopback with a port that the system chooses; nobody else's feed has it, and no other machine
reaches it. What is served is compressed and has validators, so that whoever asks as newspapers are asked uses all that
an answer of theirs needs.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

log = logging.getLogger(__name__)

HOST, PATH = "127.0.0.1", "/feed.xml"
_RSS = "application/rss+xml; charset=utf-8"
_LOOKS_EVERY_S = 0.02  # whether it is to end: the most that the end waits
_HEARS_S = 15.0  # of a client that says nothing; longer than the fetcher asks


@contextmanager
def published(document: bytes) -> Iterator[str]:
    """The address at which the document, a feed, is served inside the `with`; behind it nobody listens there. Raises
    OSError where no port can be had."""
    with _Server(document) as server:
        thread = threading.Thread(
            target=server.serve_forever, args=(_LOOKS_EVERY_S,), name="loopback feed", daemon=True
        )
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_address[1]}{PATH}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingTCPServer):
    """The socket. Not http.server's own class, which asks the resolver for this machine's name. Each connection has a
    thread, so that a stranger who connects and says nothing keeps nobody waiting, the end least of all."""

    daemon_threads = True

    def __init__(self, document: bytes) -> None:
        super().__init__((HOST, 0), _Handler)
        self.body = gzip.compress(document)
        self.validators = {
            "ETag": f'"{hashlib.sha256(document).hexdigest()[:16]}"',
            "Last-Modified": formatdate(usegmt=True),
        }

    def handle_error(self, *_client: object) -> None:
        """A client that hangs up has its own trouble; of ours the fetcher tells."""
        log.debug("loopback: an answer was not finished", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """Answers as newspapers do: connections stay open, and to who gives both validators back it says 304."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = _HEARS_S

    def do_GET(self) -> None:
        """The document, or that it has not changed; 404 for any other path."""
        given, body = self.server.validators, self.server.body
        if self.path != PATH:
            self._answer(HTTPStatus.NOT_FOUND, {"Content-Length": "0"})
        elif [self.headers["If-None-Match"], self.headers["If-Modified-Since"]] == list(given.values()):
            self._answer(HTTPStatus.NOT_MODIFIED, given)
        else:
            said = {"Content-Type": _RSS, "Content-Encoding": "gzip", "Content-Length": str(len(body))}
            self._answer(HTTPStatus.OK, {**said, **given})
            self.wfile.write(body)

    def _answer(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: who asks is this process itself."""
