"""Connections that are made carefully: to public addresses alone, and no wait of theirs outlasts the request.

Each connection goes to an address that was looked at after DNS and found public, on every redirect hop alike (a name
that answers with another address the second time gains nothing, because we connect to the very address that we looked
at). :func:`deadline` holds for all of a request, also against a server that drips a byte a second.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from services.ingest.values import FetchKind

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
#: IPv4-compatible addresses (RFC 4291, 2.5.5.1), the NAT64 of a local network (RFC 8215), examples (RFC 9637).
_NOBODYS = tuple(ipaddress.ip_network(network) for network in ("::/96", "64:ff9b:1::/48", "3fff::/20"))
_KEPT_S = 75.0  # how long a connection is kept: longer than the minute between two looks at a world-news feed


class Refused(Exception):  # noqa: N818  it is the end of a fetch, told as a Failed
    """The end of a fetch by our own decision: the kind and the words of the `Failed` that it becomes."""

    def __init__(self, kind: FetchKind, words: str) -> None:
        super().__init__(words)
        self.kind, self.words = kind, words


class Span:
    """The time of one fetch, which ends at `ends_at` of the monotonic clock. `connected`: how often it connected."""

    def __init__(self, ends_at: float) -> None:
        self.ends_at, self.connected = ends_at, 0


_span: ContextVar[Span] = ContextVar("span")


@contextmanager
def deadline(at: float) -> Iterator[Span]:
    """All reads and writes of this thread end at this moment of the monotonic clock."""
    span = Span(at)
    token = _span.set(span)
    try:
        yield span
    finally:
        _span.reset(token)


def _left(timeout: float | None) -> float:
    left = _span.get().ends_at - time.monotonic()
    if left <= 0:
        raise Refused("timeout", "not finished in the total time allowed")
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
        """A connection to the first address of the host that answers; raises Refused where one is not public."""
        error: Exception | None = None
        for address in self._addresses(host, port, timeout):
            try:
                stream = super().connect_tcp(address, port, _left(timeout), local_address, socket_options)
                _span.get().connected += 1
                return _DeadlineStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error or httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        addresses = [host] if _is_ip(host) else _look_up(host, port, timeout)
        if not self._allow_hosts & {host.lower(), f"{host.lower()}:{port}"}:
            for address in addresses:
                if not is_public(address):
                    named = address if address == host else f"{host} is {address}"
                    raise Refused("address", f"{named}: not a public address, nor named in REDPHONE_ALLOW_HOSTS")
        return addresses


class GuardedTransport(httpx.HTTPTransport):
    """HTTP/1.1 and 2 over guarded connections that end at the deadline; the environment's proxies are not used."""

    def __init__(self, allow_hosts: frozenset[str]) -> None:
        super().__init__(trust_env=False)
        # httpx has no parameter for httpcore's network backend, which is the one place where the address that was
        # looked at is the address that is connected to; tests with a resolver of two minds hold this in place
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
        raise Refused("dns", f"{host} was not found in the time allowed") from error
    except (OSError, UnicodeError) as error:
        raise Refused("dns", f"{host} cannot be looked up: {error}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local, site-local, multicast or
    reserved, in itself or inside an IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64, Teredo)."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local or any(ip in network for network in _NOBODYS):
            return False
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None and not inside.is_global:
            return False
    return ip.is_global and not ip.is_multicast
