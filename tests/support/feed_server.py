"""A newspaper's web server on loopback: serves feeds and article pages, remembers who asked, misbehaves on demand.

    with FeedServer() as server:
        server.serve("/rss/the-gioi.rss", body, etag='"1"')
        server.answer("/slow.rss", drip)

Every request is kept in `server.requests`, so that a test reads like the story.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.support.loopback import Http, LoopbackServer, Quiet

RSS = "application/rss+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """What somebody asked for; header names in lower case."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """An answer. `body` is sent as it is; an iterable is sent piece by piece, without a length. `raw` replaces
    everything, status line and all."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Iterable[bytes] | None = None


Answerer = Callable[[Request], Reply]


class FeedServer(LoopbackServer):
    """The server; a context manager. A path that nobody serves is 404, robots.txt too."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.requests: list[Request] = []
        self._answers: dict[str, Answerer] = {}

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def answer(self, path: str, answerer: Answerer) -> str:
        """Let a function answer for this path; the URL."""
        self._answers[path] = answerer
        return self.url(path)

    def serve(
        self,
        path: str,
        body: bytes,
        content_type: str = RSS,
        etag: str | None = None,
        modified: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Serve a body, with 304 for those who have it already (RFC 9110, section 13); the URL."""
        said = {"Content-Type": content_type, **(headers or {})}
        said |= {"ETag": etag} if etag else {}
        said |= {"Last-Modified": modified} if modified else {}

        def reply(request: Request) -> Reply:
            asked_tag, asked_date = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
            known = asked_tag == etag if asked_tag else asked_date is not None and asked_date == modified
            return Reply(304, headers=said) if known else Reply(200, body, said)

        return self.answer(path, reply)

    def reply_to(self, request: Request) -> Reply:
        self.requests.append(request)
        answerer = self._answers.get(request.path)
        return answerer(request) if answerer else Reply(404, b"not here", {"Content-Type": "text/plain"})


def always(reply: Reply) -> Answerer:
    """The same answer each time."""
    return lambda _request: reply


def redirect(location: str, status: int = 301) -> Answerer:
    return always(Reply(status, headers={"Location": location}))


def gzip_bomb(megabytes: int = 64) -> Answerer:
    """A body that is small on the wire and huge when unpacked."""
    body = gzip.compress(bytes(megabytes * 2**20))
    return always(Reply(200, body, {"Content-Type": RSS, "Content-Encoding": "gzip"}))


def flood(megabytes: int = 200) -> Answerer:
    """A body without end and without a length."""
    return always(Reply(200, (b" " * 65536 for _ in range(megabytes * 16)), {"Content-Type": RSS}))


def drip_body(server: FeedServer) -> Answerer:
    """A good head, then a byte at a time for as long as anybody listens."""

    def pieces() -> Iterable[bytes]:
        while not server.stopping.wait(0.02):
            yield b" "

    return lambda _request: Reply(200, pieces(), {"Content-Type": RSS})


def drip_head(server: FeedServer) -> Answerer:
    """A status line, then a header that never ends."""

    def pieces() -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\nX-Slow: "
        while not server.stopping.wait(0.02):
            yield b"a"

    return lambda _request: Reply(raw=pieces())


class _Handler(Quiet, BaseHTTPRequestHandler):
    server: Http[FeedServer]

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.owner.reply_to(Request(self.path, headers))
        if reply.raw is not None:
            self.close_connection = True
            for piece in reply.raw:
                self.wfile.write(piece)
            return
        whole = reply.body if isinstance(reply.body, bytes) else None
        pieces = [reply.body] if isinstance(reply.body, bytes) else reply.body
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header(*(("Content-Length", str(len(whole))) if whole is not None else ("Connection", "close")))
        self.end_headers()
        if reply.status == 304:
            return
        for piece in pieces:
            self.wfile.write(piece)
