"""Who may ask, and what a browser may do with an answer: middleware around every request.

From this machine itself (a loopback address, asked for by a loopback name) everything may be read without a token;
from elsewhere it takes the token of the settings, as a bearer or as the password of basic authentication, which a
browser asks its user for. Proxies on this machine must hand on who asks (`X-Forwarded-For`), which uvicorn believes
of loopback alone. The name is looked at because a foreign page can make its own name point at loopback.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.status.context import Access
from services.status.errors import problem

#: What a HEAD cannot ask for: the head of a stream says nothing about it.
STREAM = "/v1/events"
OPEN_PATHS = frozenset({"/healthz"})
#: Nothing but what this service itself serves, no inline script or style, never in a frame.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}
NOBODY = (
    "this address is not of this machine, and no REDPHONE_STATUS_TOKEN is set: set one and send it as a bearer token"
)
BROKEN = "this should not happen: it is a mistake of ours, and the log of the status service has it"
WANTED = "send the token of REDPHONE_STATUS_TOKEN: Authorization: Bearer …, or as the password of a browser's prompt"


class Heads:
    """Answers HEAD as GET without the body (RFC 9110, section 9.3.2): monitors and proxies ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] == STREAM:
            await self._app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, bare)


class Guard:
    """Answers 401 to whom nothing is to be shown; sets the security headers of every answer, and gives one for a
    mistake of ours too."""

    def __init__(self, app: ASGIApp, access: Access, token: str | None) -> None:
        self._app, self._access, self._token = app, access, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = False

        async def sealed(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        if self._may(scope):
            try:
                await self._app(scope, receive, sealed)
            except Exception:
                if not started:
                    await problem(500, BROKEN)(scope, receive, sealed)
                raise
        else:
            challenge = {"www-authenticate": 'Bearer realm="redphone", Basic realm="redphone", charset="UTF-8"'}
            refusal = problem(401, WANTED if self._token else NOBODY, headers=challenge)
            await refusal(scope, receive, sealed)

    def _may(self, scope: Scope) -> bool:
        if self._access == "anyone" or scope["path"] in OPEN_PATHS:
            return True
        headers = Headers(scope=scope)
        client = scope.get("client")
        if client is not None and is_loopback(client[0]) and is_loopback(host_of(headers.get("host", ""))):
            return True
        return self._token is not None and same(presented(headers), self._token)


def presented(headers: Mapping[str, str]) -> str:
    """The token that came with a request; empty where none did."""
    kind, _, rest = headers.get("authorization", "").strip().partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def same(one: str, other: str) -> bool:
    """Whether two tokens are one, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


def host_of(header: str) -> str:
    """The host of a Host header, without its port and brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.rpartition(":")[0] if ":" in header else header


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its own word: localhost, 127.0.0.0/8, ::1."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
