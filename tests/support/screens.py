"""The pictures of docs/pages: each page over the seeds, played at their own times (tests/support/history.py), the empty
state, and a bad night of a history that never was (tests/support/fiction.py).

`make pictures` takes them anew with Debian's Chromium; they have to be looked at. Scripts are off, as they may be for
a reader.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, FloatRect, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from redphone.web import known
from services.status.app import application
from services.status.context import Context
from shared import db
from tests.support import fiction, history
from tests.support.chromium import ARGUMENTS, program
from tests.support.processes import ROOT
from tests.support.webserver import serving

FOLDER = ROOT / "docs" / "pages"
#: The last call of the two who spoke; its page is opened from the list.
CALL = "CALL"


class Screen(msgspec.Struct, frozen=True):
    """A picture: its page, and how it is looked at. `height`: so many points of the page at most, to keep it small."""

    path: str
    phone: bool = False
    dark: bool = False
    height: int = 1150


EMPTY = {"empty": Screen("/"), "empty-vi": Screen("/?lang=vi", phone=True, dark=True)}
FILLED = {
    "overview": Screen("/", height=1775),
    "overview-vi": Screen("/?lang=vi", phone=True, dark=True),
    "calls": Screen("/calls", dark=True),
    "call": Screen(CALL, height=1000),
    "call-vi": Screen(f"{CALL}?lang=vi", phone=True, dark=True),
    "pair": Screen("/pairs/RU/US", dark=True),
    "pair-vi": Screen("/pairs/RU/US?lang=vi", phone=True),
    "feeds": Screen("/feeds", phone=True),
    "article-vi": Screen("/articles/5?lang=vi", dark=True, height=620),
    "runbook": Screen("/runbooks/late-or-not-arriving", phone=True, dark=True),
    "runbook-vi": Screen("/runbooks/too-much-or-wrong?lang=vi", height=700),
}
TROUBLE = {"trouble-vi": Screen("/?lang=vi", height=1450), "trouble": Screen("/", phone=True)}


def take() -> None:
    """Take all pictures anew. Raises FileNotFoundError, one line, where there is no Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        for old in FOLDER.glob("*.png"):
            old.unlink()
        for screens, now, steps in (
            (EMPTY, history.NOW, ()),
            (FILLED, history.NOW, (history.fill,)),
            (TROUBLE, fiction.NOW, (fiction.fill, fiction.go_wrong)),
        ):
            with _shown(now, *steps) as address:
                for name, screen in screens.items():
                    _take(browser, address, name, screen)
        browser.close()


@contextmanager
def _shown(now: dt.datetime, *steps: Callable[[sessionmaker[Session]], None]) -> Iterator[str]:
    """The address of the pages at a moment, over a database of its own that is filled by these steps."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'pages.sqlite'}"
        db.migrate(url)
        sessions = db.sessions_for(url)
        for step in steps:
            step(sessions)
        context = Context(sessions=sessions, clock=lambda: now, known=known(), stream_s=0.0)
        with serving(application(context)) as address:
            yield address
        db.close(url)


def _take(browser: Browser, address: str, name: str, screen: Screen) -> None:
    width = 390 if screen.phone else 1000
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if screen.dark else "light",
        java_script_enabled=False,
    )
    page = context.new_page()
    path = screen.path
    if path.startswith(CALL):
        page.goto(f"{address}/calls?country=US")
        path = path.replace(CALL, page.locator(".timeline a").first.get_attribute("href") or "")
    page.goto(address + path)
    whole = page.locator("html").bounding_box()
    height = min(screen.height, round(whole["height"]) if whole else screen.height)
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True, clip=clip)
    context.close()


if __name__ == "__main__":
    take()
