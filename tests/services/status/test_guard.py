"""Who may ask, and the headers that every answer has."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt

import httpx
import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.status.app import application
from services.status.context import Access, Context
from services.status.guard import POLICY, host_of, is_loopback

SECRET = "a-token-of-the-desk"
NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)


def ask(
    path: str, *, client: str, host: str, token: str | None = None, access: Access = "token", sent: str = ""
) -> httpx.Response:
    app = application(Context(sessions=sessionmaker[Session](), clock=lambda: NOW, token=token, access=access))

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as browser:
            return await browser.get(path, headers={"authorization": sent} if sent else {})

    return asyncio.run(asked())


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"any:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("client", "host", "token", "sent", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8080", None, "", 200),
        ("::1", "[::1]:8080", None, "", 200),
        ("127.0.0.1", "localhost", SECRET, "", 200),
        ("127.0.0.1", "evil.example", None, "", 401),
        ("127.0.0.1", "evil.example", SECRET, f"Bearer {SECRET}", 200),
        ("10.0.0.9", "127.0.0.1", None, "", 401),
        ("10.0.0.9", "127.0.0.1", SECRET, "", 401),
        ("10.0.0.9", "desk.example", SECRET, f"Bearer {SECRET}", 200),
        ("10.0.0.9", "desk.example", SECRET, f"bearer  {SECRET}", 200),
        ("10.0.0.9", "desk.example", SECRET, "Bearer a-token-of-the-desl", 401),
        ("10.0.0.9", "desk.example", SECRET, basic(SECRET), 200),
        ("10.0.0.9", "desk.example", SECRET, "Basic ???", 401),
        ("10.0.0.9", "desk.example", None, "Bearer ", 401),
    ],
)
def test_who_may_read(client: str, host: str, token: str | None, sent: str, status: int) -> None:
    answer = ask("/v1/leaders", client=client, host=host, token=token, sent=sent)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "Bearer" in answer.headers["www-authenticate"]
        assert "REDPHONE_STATUS_TOKEN" in answer.json()["detail"]


def test_anyone_may_read_where_the_settings_say_so() -> None:
    assert ask("/v1/leaders", client="10.0.0.9", host="desk.example", access="anyone").status_code == 200


def test_whether_the_process_lives_is_no_secret() -> None:
    assert ask("/healthz", client="10.0.0.9", host="desk.example").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/v1/leaders", "/nowhere", "/v1/leaders?limit=x"])
def test_every_answer_is_sealed(path: str) -> None:
    headers = ask(path, client="127.0.0.1", host="localhost").headers
    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    ("header", "host"), [("a:80", "a"), ("a", "a"), ("[::1]:80", "::1"), ("127.0.0.1:1", "127.0.0.1"), ("", "")]
)
def test_the_host_of_a_header(header: str, host: str) -> None:
    assert host_of(header) == host


@pytest.mark.parametrize(
    ("host", "ours"),
    [("localhost", True), ("LOCALHOST.", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True),
     ("10.0.0.1", False), ("localhost.evil.example", False), ("", False), ("::ffff:10.0.0.1", False)],
)  # fmt: skip
def test_loopback(host: str, ours: bool) -> None:
    assert is_loopback(host) == ours
