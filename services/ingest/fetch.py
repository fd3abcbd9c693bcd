"""The adapter to the web: one GET, made carefully, its outcome as a value.

Only http and https. Each connection goes to an address that was looked at after DNS and found public, on every
redirect hop alike (a name that answers with another address the second time gains nothing, because we connect to the
very address that we looked at). Time, redirects, size on the wire and size after decompression are capped, and the
total time holds against a server that drips a byte a second.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import chain
from typing import Any, NamedTuple

import httpcore
import httpx
import msgspec

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

_STATUS_KINDS: dict[int, FetchKind] = {
    401: "forbidden", 402: "forbidden", 403: "forbidden", 404: "missing", 410: "gone", 429: "busy", 451: "forbidden",
    503: "busy",
}  # fmt: skip
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
_KEPT_S = 75.0  # how long a connection is kept: longer than the minute between two looks at a world-news feed
_GZIP_MAGIC = b"\x1f\x8b"


class Limits(NamedTuple):
    """What one answer may cost. Seconds and bytes."""

    connect_s: float = 10.0
    read_s: float = 15.0
    total_s: float = 18.0
    max_bytes: int = 10 * 2**20
    max_redirects: int = 5


class Fetcher:
    """GETs, pooled, safe to call from several threads. `allow_hosts` are the names (with or without port) whose
    address may be private: a test server, an intranet feed. `user_agent` is what we call ourselves."""

    def __init__(self, user_agent: str, allow_hosts: Iterable[str] = (), limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._client = httpx.Client(
            transport=_GuardedTransport(frozenset(host.lower() for host in allow_hosts)),
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
            with _deadline(started + self.limits.total_s):
                answer = self._follow(url, validators, follows)
        except _Refused as refused:
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

    def _follow(self, url: str, validators: Validators, follows: Follows) -> Answer:
        asked = url
        for hop in range(self.limits.max_redirects + 1):
            if canonical_url(asked) is None:
                raise _Refused("address", f"{asked[:200]!r} is no http(s) address")
            if hop and not follows(asked):
                return Elsewhere(url=asked)
            request = self._client.build_request("GET", asked, headers=_conditions(validators))
            response = self._client.send(request, stream=True)
            try:
                if response.next_request is None:
                    return self._read(response)
                asked = str(response.next_request.url)
            finally:
                response.close()
        raise _Refused("redirects", f"more than {self.limits.max_redirects} redirects, the last to {asked[:200]}")

    def _read(self, response: httpx.Response) -> Answer:
        if response.status_code == 304:
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


class _Refused(Exception):  # noqa: N818  it is the end of a fetch, told as a Failed
    """The end of a fetch by our own decision: the kind and the words of the `Failed` that it becomes."""

    def __init__(self, kind: FetchKind, words: str) -> None:
        super().__init__(words)
        self.kind, self.words = kind, words


_deadline_at: ContextVar[float] = ContextVar("deadline")


@contextmanager
def _deadline(at: float) -> Iterator[None]:
    """All reads and writes of this thread end at this moment of the monotonic clock."""
    token = _deadline_at.set(at)
    try:
        yield
    finally:
        _deadline_at.reset(token)


def _left(timeout: float | None) -> float:
    left = _deadline_at.get() - time.monotonic()
    if left <= 0:
        raise _Refused("timeout", "not finished in the total time allowed")
    return left if timeout is None else min(left, timeout)


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline of the request: httpx has time-outs for single reads only."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most `max_bytes` bytes, within `timeout` seconds and never past the deadline."""
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it, within `timeout` seconds and never past the deadline."""
        self._inner.write(buffer, _left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS, held to the same deadline."""
        return _DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself, such as its socket; None for what it does not know."""
        return self._inner.get_extra_info(info)


class _GuardedBackend(httpcore.SyncBackend):
    """Looks a host up, refuses addresses that are not public, and connects to the very address that it looked at."""

    def __init__(self, allow_hosts: frozenset[str]) -> None:
        self._allow_hosts = allow_hosts

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers; raises _Refused where one is not public."""
        error: Exception | None = None
        for address in self._addresses(host, port, timeout):
            try:
                stream = super().connect_tcp(address, port, _left(timeout), local_address, socket_options)
                return _DeadlineStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error or httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        addresses = [host] if _is_ip(host) else _look_up(host, port, timeout)
        if not self._allow_hosts & {host.lower(), f"{host.lower()}:{port}"}:
            for address in addresses:
                if not is_public(address):
                    raise _Refused("address", f"{host} is {address}: not a public address")
        return addresses


class _GuardedTransport(httpx.HTTPTransport):
    """HTTP/1.1 and 2 over guarded connections that end at the deadline; the environment's proxies are not used."""

    def __init__(self, allow_hosts: frozenset[str]) -> None:
        super().__init__(trust_env=False)
        # httpx has no parameter for httpcore's network backend, which is the one place where the address that was
        # looked at is the address that is connected to; a test that asks for loopback holds this in place
        self._pool = _Pools(_GuardedBackend(allow_hosts))


class _Pools(httpcore.ConnectionPool):
    """A pool for each host: one pool for all would look at every open connection before each request."""

    def __init__(self, backend: _GuardedBackend) -> None:
        super().__init__()
        self._backend, self._tls = backend, httpx.create_ssl_context()
        self._guard = threading.Lock()
        self._open: OrderedDict[str, tuple[float, httpcore.ConnectionPool]] = OrderedDict()

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Ask the host that the request is for."""
        return self._of(str(request.url.origin)).handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        with self._guard:
            for _, pool in self._open.values():
                pool.close()
            self._open.clear()

    def _of(self, origin: str) -> httpcore.ConnectionPool:
        """The host's pool. Those of hosts that nobody has asked for a while are closed: no request is so old."""
        now = time.monotonic()
        with self._guard:
            _, pool = self._open.pop(origin, (now, None))
            pool = pool or self._made()
            self._open[origin] = now, pool
            while (oldest := next(iter(self._open.values())))[0] < now - _KEPT_S:
                self._open.popitem(last=False)
                oldest[1].close()
        return pool

    def _made(self) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=self._tls,
            max_connections=8,
            keepalive_expiry=_KEPT_S,
            http1=True,
            http2=True,
            network_backend=self._backend,
        )


def _look_up(host: str, port: int, timeout: float | None) -> list[str]:
    """The host's addresses. The resolver has no time-out of its own, so a thread waits for it, which nobody joins."""
    found: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # whatever it is, it is for whoever waits
            found.set_exception(error)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    try:
        entries = found.result(_left(timeout))
    except TimeoutError as error:
        raise _Refused("dns", f"{host} was not found in the time allowed") from error
    except (OSError, UnicodeError) as error:
        raise _Refused("dns", f"{host} cannot be looked up: {error}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local, multicast or reserved,
    in itself or inside an IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64, Teredo)."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None and not inside.is_global:
            return False
    return ip.is_global and not ip.is_multicast


def _capped(chunks: Iterable[bytes], most: int, where: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise _Refused("too_large", f"more than {most:,} bytes {where}")
        yield chunk


def _decoded(chunks: Iterator[bytes], coding: str, most: int) -> Iterator[bytes]:
    """Undo gzip or deflate, a bounded piece at a time, so that a bomb is refused before it is unpacked."""
    if coding in {"", "identity"}:
        return chunks
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise _Refused("encoding", f"content-encoding {coding[:40]!r}, which was not asked for")
    return _capped(_inflated(chunks, coding, most), most, "unpacked")


def _inflated(chunks: Iterator[bytes], coding: str, most: int) -> Iterator[bytes]:
    first = next(chunks, b"")
    if coding != "deflate" and not first.startswith(_GZIP_MAGIC):
        yield first  # says gzip and is not: some servers do so, and the plain body is what they mean
        yield from chunks
        return
    inflate = zlib.decompressobj(_window(coding, first))
    try:
        for chunk in chain((first,), chunks):
            pending = chunk
            while pending and not inflate.eof:
                yield inflate.decompress(pending, most + 1)
                pending = inflate.unconsumed_tail
    except zlib.error as error:
        raise _Refused("encoding", f"content-encoding {coding} is broken: {error}") from error
    if not inflate.eof:
        raise _Refused("encoding", f"content-encoding {coding} ends early")


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
