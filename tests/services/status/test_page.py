"""The page for a browser: what it shows, and that foreign text stays text."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session, sessionmaker

from services.status.app import create_app
from services.status.page import render

FEED = {"outlet": "<b>A</b>", "url": "http://a/?x=1&y", "last_success_age_s": None, "failures": 2, "error": "<script>"}
SAID: dict[str, Any] = {
    "at": dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC),
    "mode": "embedded",
    "problems": [],
    "counts": {"articles": 3},
    "waiting": {"classify": {"count": 2, "oldest_id": 1, "oldest_age_s": 300.0}},
    "heartbeats": {"loop": 30.0},
    "feeds": [FEED],
}


@pytest.mark.parametrize(
    ("problems", "shown"),
    [
        ([], "No problems."),
        (["the database <x> is down"], '<li class="problem">the database &lt;x&gt; is down</li>'),
    ],
)
def test_problems_are_told_first(problems: list[str], shown: str) -> None:
    assert shown in render({**SAID, "problems": problems})


def test_the_page_shows_all_and_escapes_what_is_foreign() -> None:
    html = render(SAID)
    for part in ("<td>articles</td><td>3</td>", "<td>classify</td><td>2</td><td>300.0</td>", "<td>loop</td>"):
        assert part in html
    assert "&lt;b&gt;A&lt;/b&gt;</td><td>http://a/?x=1&amp;y</td><td>–</td>" in html
    assert "<script" not in html


def test_what_cannot_be_asked_is_left_out() -> None:
    assert "<table" not in render({"at": SAID["at"], "mode": "embedded", "problems": ["down"]})


def test_the_page_stands_at_the_root() -> None:
    routes = [route.path for route in create_app(sessionmaker[Session]()).routes if isinstance(route, APIRoute)]
    assert "/" in routes
