"""The adapter to the web: one GET, made carefully, its outcome as a value.

Only http and https, over the connections of :mod:`services.ingest.connections`: to public addresses, on every redirect
hop alike. Total time, redirects, size on the wire and size after decompression are capped.
"""

from __future__ import annotations

import datetime as dt
import re
import time
import zlib
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import chain
from typing import NamedTuple

import httpx
import msgspec

from services.ingest.connections import GuardedTransport, Refused, Span, deadline
from services.ingest.urls import canonical_url
from services.ingest.values import (
    Answer,
    Elsewhere,
    Failed,
    Fetched,
    FetchKind,
    Follows,
    NotModified,
    Validators,
    anywhere,
)
from shared.limits import OUT_OF_LIMITS

_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})  # without one, a 304 says nothing of what we have
_STATUS_KINDS: dict[int, FetchKind] = {
    401: "forbidden", 402: "forbidden", 403: "forbidden", 404: "missing", 410: "gone", 429: "busy", 451: "forbidden",
    503: "busy",
}  # fmt: skip
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 1000  # an empty one is twenty bytes, and unpacking it costs a thousand times more than reading it


class Limits(NamedTuple):
    """What one answer may cost. Seconds and bytes."""

    connect_s: float = 8.0
    read_s: float = 12.0
    total_s: float = 13.0
    max_bytes: int = 10 * 2**20
    max_redirects: int = 5


class Fetcher:
    """GETs, pooled, safe to call from several threads. `allow_hosts` are the names (with or without port) whose
    address may be private: a test server, an intranet feed. `user_agent` is what we call ourselves."""

    def __init__(self, user_agent: str, allow_hosts: Iterable[str] = (), limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._client = httpx.Client(
            transport=GuardedTransport(frozenset(host.lower() for host in allow_hosts)),
            headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(self.limits.read_s, connect=self.limits.connect_s, pool=self.limits.total_s),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    def __call__(
        self,
        url: str,
        validators: Validators = Validators(),  # noqa: B008  immutable
        follows: Follows = anywhere,
    ) -> Answer:
        """Ask for `url`, with the conditions that `validators` allow. Never raises for what a server may do.

        `follows` is asked at each redirect; where it says no, the answer is Elsewhere.
        """
        started = time.monotonic()
        try:
            with deadline(started + self.limits.total_s) as span:
                answer = self._follow(url, validators, follows, span)
        except Refused as refused:
            answer = Failed(kind=refused.kind, words=refused.words)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            answer = _explain(error)
        except OUT_OF_LIMITS:
            raise
        except Exception as error:  # whatever a hostile answer does to a library, it is that answer's failure
            answer = Failed(kind="protocol", words=f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
        return msgspec.structs.replace(answer, took_s=time.monotonic() - started)

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()

    def _follow(self, url: str, validators: Validators, follows: Follows, span: Span) -> Answer:
        asked = url
        for hop in range(self.limits.max_redirects + 1):
            if canonical_url(asked) is None:
                raise Refused("address", f"{asked[:200]!r} is no http(s) address")
            if hop and not follows(asked):
                return Elsewhere(url=asked)
            request = self._client.build_request("GET", asked, headers=_conditions(validators))
            response = self._sent(request, span)
            try:
                if response.next_request is None:
                    return self._read(response)
                asked = str(response.next_request.url)
            finally:
                response.close()
        raise Refused("redirects", f"more than {self.limits.max_redirects} redirects, the last to {asked[:200]}")

    def _sent(self, request: httpx.Request, span: Span) -> httpx.Response:
        """The head of the answer. A connection that was kept since the last look may be closed by its server at the
        very moment when we use it: then nobody has read the request, and it is sent once more (RFC 9112, 9.3.1)."""
        before = span.connected
        try:
            return self._client.send(request, stream=True)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            if span.connected > before:
                raise
        return self._client.send(request, stream=True)

    def _read(self, response: httpx.Response) -> Answer:
        if response.status_code == 304 and not _CONDITIONS.isdisjoint(response.request.headers):
            # read to its end, though it has no body: a connection is kept for the next look only then
            for _ in _capped(response.iter_raw(), 0, "behind a 304"):
                pass
            return NotModified(headers=_headers(response))
        if response.status_code != 200:
            return _bad_status(response)
        chunks = _capped(response.iter_raw(), self.limits.max_bytes, "on the wire")
        coding = response.headers.get("content-encoding", "").strip().lower()
        body = b"".join(_decoded(chunks, coding, self.limits.max_bytes))
        return Fetched(url=str(response.url), body=body, headers=_headers(response))


def _capped(chunks: Iterable[bytes], most: int, where: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise Refused("too_large", f"more than {most:,} bytes {where}")
        yield chunk


def _decoded(chunks: Iterator[bytes], coding: str, most: int) -> Iterator[bytes]:
    """Undo gzip or deflate, a bounded piece at a time, so that a bomb is refused before it is unpacked."""
    if coding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise Refused("encoding", f"content-encoding {coding[:40]!r}, which was not asked for")
    return _capped(_inflated(chunks, coding, most), most, "unpacked")


def _inflated(chunks: Iterator[bytes], coding: str, most: int) -> Iterator[bytes]:
    first = b""
    while len(first) < len(_GZIP_MAGIC) and (more := next(chunks, b"")):
        first += more
    if coding != "deflate" and not first.startswith(_GZIP_MAGIC):
        yield first  # whatever is said: servers say gzip of a plain body, and nothing of one that is gzip
        yield from chunks
        return
    named = "deflate" if coding == "deflate" else "gzip"
    stream = _Members(coding, _window(coding, first), most)
    try:
        for chunk in chain((first,), chunks):
            yield from stream.unpacked(chunk)
    except zlib.error as error:
        raise Refused("encoding", f"{named} is broken: {error}") from error
    if not stream.whole:
        raise Refused("encoding", f"{named} ends early")


class _Members:
    """The members of a gzip stream, one after the other (RFC 1952, section 2.2); deflate has one. What follows the last
    and is no member is passed over, as browsers do."""

    def __init__(self, coding: str, window: int, most: int) -> None:
        self._several, self._window, self._most = coding != "deflate", window, most
        self._inflate = zlib.decompressobj(window)
        self._begun, self._between, self._over = 1, b"", False

    @property
    def whole(self) -> bool:
        """Whether no member is cut short."""
        return self._inflate.eof

    def unpacked(self, chunk: bytes) -> Iterator[bytes]:
        """What comes out of the next piece of the stream, a bounded piece at a time."""
        pending = chunk
        while pending and not self._over:
            if self._inflate.eof:
                pending = self._next_member(self._between + pending)
            if not self._inflate.eof:
                yield self._inflate.decompress(pending, self._most + 1)
                pending = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail

    def _next_member(self, pending: bytes) -> bytes:
        """Begin the member that these bytes begin with, and return them; nothing where it is too early to tell."""
        self._between = b""
        if len(pending) < len(_GZIP_MAGIC):
            self._between = pending
            return b""
        if not self._several or not pending.startswith(_GZIP_MAGIC):
            self._over = True
            return b""
        self._begun += 1
        if self._begun > _MOST_MEMBERS:
            raise Refused("encoding", f"content-encoding gzip has more than {_MOST_MEMBERS} members")
        self._inflate = zlib.decompressobj(self._window)
        return pending


def _window(coding: str, first: bytes) -> int:
    """zlib's window bits: gzip, or deflate with its zlib header (RFC 9110, 8.4.1.2) or, as some send it, without."""
    if coding != "deflate":
        return zlib.MAX_WBITS | 16
    return zlib.MAX_WBITS if first[:1] == b"\x78" else -zlib.MAX_WBITS


def _conditions(validators: Validators) -> dict[str, str]:
    pairs = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _bad_status(response: httpx.Response) -> Failed:
    status = response.status_code
    kind = _STATUS_KINDS.get(status, "server" if status >= 500 else "status")
    return Failed(
        kind=kind,
        words=f"HTTP {status} {response.reason_phrase}".strip(),
        retry_after=retry_after_seconds(response.headers.get("retry-after"), response.headers.get("date")),
    )


def retry_after_seconds(value: str | None, date: str | None) -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds: as given, or from the answer's own `Date` to the date named."""
    words = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", words):
        return float(words)
    try:
        until = parsedate_to_datetime(words)
        since = parsedate_to_datetime(date) if date else dt.datetime.now(dt.UTC)
        return max(0.0, (until - since).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _explain(error: Exception) -> Failed:
    words = " ".join(str(error).split())[:300] or type(error).__name__
    kind: FetchKind = "protocol"
    if isinstance(error, httpx.TimeoutException):
        kind, words = "timeout", f"no answer in time ({type(error).__name__})"
    elif isinstance(error, httpx.NetworkError):  # TLS 1.3 tells of a refused certificate as late as at the first read
        kind = "tls" if "SSL" in words or "certificate" in words.lower() else "connect"
    elif isinstance(error, httpx.InvalidURL):
        kind = "address"
    return Failed(kind=kind, words=words)
