"""The pages in real Chromium: what they show, without scripts, in the dark, on a phone; accessible; hostile text inert.

`make test-browser` runs these; screenshots are written to `build/screenshots/`, to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, ViewportSize, sync_playwright
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from redphone.web import known
from services.status.app import application
from services.status.context import Context
from shared import db
from shared.clock import utc_now
from shared.tables import ArticleRow, CallRow
from tests.support.chromium import ARGUMENTS, program
from tests.support.history import NOW, fill
from tests.support.processes import ROOT
from tests.support.webserver import serving

PICTURES = ROOT / "build" / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1100, "height": 900}
#: Nothing is cut off or has to be moved sideways: neither the page nor a table or picture in it.
FITS = """() => [document.documentElement, ...document.querySelectorAll('.wide, figure')].every(
    part => part.scrollWidth <= part.clientWidth)"""
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u202egnp.exe\u2066"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        yield chromium
        chromium.close()


def _database(folder: Path) -> sessionmaker[Session]:
    url = f"sqlite:///{folder / 'pages.sqlite'}"
    db.migrate(url)
    return db.sessions_for(url)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of pages over the seeds."""
    sessions = _database(tmp_path_factory.mktemp("filled"))
    fill(sessions)
    with serving(application(Context(sessions=sessions, clock=lambda: NOW, known=known(), stream_s=0.0))) as address:
        yield address


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of pages over nothing."""
    sessions = _database(tmp_path_factory.mktemp("empty"))
    with serving(application(Context(sessions=sessions, clock=lambda: NOW, stream_s=0.0))) as address:
        yield address


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of pages over the seeds, whose articles have hostile titles, outlets and addresses."""
    sessions = _database(tmp_path_factory.mktemp("hostile"))
    fill(sessions)
    with sessions.begin() as session:
        values = {"title": HOSTILE + "x" * 1_000_000, "outlet": HOSTILE[:200], "url": "javascript:alert(1)"}
        session.execute(update(ArticleRow).values(values))
    with serving(application(Context(sessions=sessions, clock=lambda: NOW, known=known(), stream_s=0.0))) as address:
        yield address


def first_call(address: str, browser: Browser) -> str:
    """The path of the latest call."""
    page = browser.new_page()
    page.goto(f"{address}/calls")
    path = page.locator(".timeline a").first.get_attribute("href")
    page.close()
    assert path is not None
    return path


def opened(browser: Browser, url: str, name: str, *, phone: bool = False, dark: bool = False) -> Page:
    """A page without scripts, with its picture kept."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK, color_scheme="dark" if dark else "light", java_script_enabled=False
    )
    page = context.new_page()
    page.goto(url)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    return page


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)])
def test_the_first_page_opens_with_the_sentence(filled: str, browser: Browser, phone: bool, dark: bool) -> None:
    page = opened(browser, filled, f"home-{'phone-dark' if phone else 'desk'}", phone=phone, dark=dark)
    assert page.locator("h1").inner_text() == "Yes, the desk can trust the silence."
    assert "feed → stored → read → Slack in 41 s" in page.locator(".trust").inner_text()
    assert page.locator(".timeline li").count() == 7
    assert page.locator(".sign.failing").count() == 1
    assert page.evaluate(FITS)


def test_the_calls_are_a_timeline(filled: str, browser: Browser) -> None:
    page = opened(browser, f"{filled}/calls", "calls")
    assert page.locator(".timeline .day").first.inner_text().startswith("18 Mar 2025")
    assert page.locator(".timeline li").count() == 7


def test_a_call_shows_the_words_that_prove_it(filled: str, browser: Browser) -> None:
    page = opened(browser, filled + first_call(filled, browser), "call")
    assert page.locator("h1").inner_text() == "Vladimir Putin – Donald Trump"
    marked = page.locator("mark").all_inner_texts()
    assert any("hơn một tiếng rưỡi" in words or "hơn 1,5 giờ" in words or "điện đàm" in words for words in marked)
    page = opened(browser, filled + first_call(filled, browser) + "?lang=vi", "call-vi", phone=True)
    assert page.locator("html").get_attribute("lang") == "vi"
    assert "ngày sau cuộc gọi trước" in page.locator(".change").inner_text()


def test_a_pair_has_its_history_as_a_picture(filled: str, browser: Browser) -> None:
    page = opened(browser, f"{filled}/pairs/RU/US", "pair")
    assert page.locator("svg .bar, svg .dot").count() == 5
    assert page.locator("svg .tick").count() > 5
    assert page.locator("h1").inner_text() == "Russia and US"
    page = opened(browser, f"{filled}/pairs/RU/US?lang=vi", "pair-dark", phone=True, dark=True)
    assert page.evaluate(FITS)


def test_feeds_and_articles(filled: str, browser: Browser) -> None:
    page = opened(browser, f"{filled}/feeds?lang=vi", "feeds-vi")
    assert "không tìm ra máy chủ (no such host)" in page.locator("table").inner_text()
    assert opened(browser, f"{filled}/feeds", "feeds-phone", phone=True).evaluate(FITS)
    page = opened(browser, f"{filled}/articles/1", "article")
    assert page.locator("mark").count() > 3


def test_an_empty_system_says_what_to_do_next(empty: str, browser: Browser) -> None:
    page = opened(browser, empty, "empty")
    assert page.locator(".empty li").count() == 3
    assert "redphone run" in page.locator(".empty").inner_text()
    assert page.locator(".timeline").count() == 0
    opened(browser, f"{empty}/?lang=vi", "empty-vi", phone=True)


def test_what_is_not_there_is_said(filled: str, browser: Browser) -> None:
    page = opened(browser, f"{filled}/calls/none", "missing")
    assert "there is no call none" in page.locator(".warning").inner_text()


@pytest.mark.parametrize("path", ["/", "/calls", "CALL", "/articles/1", "/pairs/RU/US"])
def test_hostile_text_is_only_text(hostile: str, browser: Browser, path: str) -> None:
    path = first_call(hostile, browser) if path == "CALL" else path
    page = browser.new_page(viewport=PHONE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    answer = page.goto(hostile + path)
    assert answer is not None
    assert len(answer.body()) < 400_000
    assert page.title() != "taken"
    assert page.locator("img, main script").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert said == []
    page.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", ["/", "/calls", "CALL", "/pairs/RU/US", "/feeds", "/articles/1", "/?lang=vi"])
def test_axe_has_nothing_serious_to_say(filled: str, browser: Browser, path: str, dark: bool) -> None:
    path = first_call(filled, browser) if path == "CALL" else path
    context = browser.new_context(color_scheme="dark" if dark else "light", bypass_csp=True)
    page = context.new_page()
    page.goto(filled + path)
    found = Axe().run(page)
    serious = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == [], found.generate_report()
    context.close()


def test_a_page_is_small_and_soon_there(filled: str, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[Request] = []

    def finished(request: Request) -> None:  # Playwright marks its handlers, which a built-in method cannot be
        asked.append(request)

    page.on("requestfinished", finished)
    page.goto(filled)
    page.wait_for_load_state("load")
    # a size is known once the answer is there: asked for at its head it was now and then missing on a busy machine
    assert 0 < sum(request.sizes()["responseBodySize"] for request in asked) <= 100_000
    page.close()


def test_a_call_that_comes_in_is_announced_on_the_open_page(tmp_path: Path, browser: Browser) -> None:
    sessions = _database(tmp_path)
    context = Context(sessions=sessions, stream_s=60.0)
    with serving(application(context)) as address:
        page = browser.new_page()
        page.goto(address)
        assert not page.locator("#news").is_visible()
        page.wait_for_timeout(1000)  # its stream has begun
        with sessions.begin() as session:
            facts = {"participants": [], "status": "held", "news": True}
            session.add(CallRow(id="c1", persons="", countries="", status="held", news=True, facts=facts,
                                updated_at=utc_now()))  # fmt: skip
        page.locator("#news").wait_for(state="visible", timeout=15_000)
        page.close()
