"""The pages in real Chromium over loopback: how soon the first paint, how many bytes, what axe-core finds; and the API
asked by schemathesis against its own document.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import msgspec
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, sync_playwright

from benchmarks.status import serving, watched
from benchmarks.table import Row, Section, figure
from shared import db
from shared.tables import LOOP, HeartbeatRow
from tests.support.chromium import ARGUMENTS, MISSING, program
from tests.support.history import fill

_RUNS = 9
_EXAMPLES = 15
_PATHS = ("/", "/?lang=vi", "/calls", "CALL", "/pairs/RU/US", "/feeds", "/articles/1", "/runbooks/late-or-not-arriving")
_PAINT = "() => performance.getEntriesByName('first-paint').map(entry => entry.startTime)[0]"
_GENERATED, _FAILED = re.compile(r"(\d+) generated"), re.compile(r"(\d+) unique failure")


class _Opened(msgspec.Struct, frozen=True):
    """What one opening of a page cost: milliseconds until something was painted, and bytes with their headers."""

    paint_ms: float
    bytes: int


def measure() -> Section:
    """Every page, opened anew each time; every operation."""
    with tempfile.TemporaryDirectory(prefix="redphone-pages-") as folder:
        url = f"sqlite:///{Path(folder) / 'pages.sqlite'}"
        db.migrate(url)
        sessions = db.sessions_for(url)
        fill(sessions)
        with sessions.begin() as session:
            now = dt.datetime.now(dt.UTC)
            session.add_all(watched(now))
            session.merge(HeartbeatRow(name=LOOP, at=now + dt.timedelta(hours=1)))  # it works until all is measured
        with serving(url) as (port, _):
            address = f"http://127.0.0.1:{port}"
            rows, notes = _in_chromium(address)
            rows += _asked(address, Path(folder))
        db.close(url)
    return Section("The pages, and the API against its own document", tuple(rows), tuple(notes))


def _in_chromium(address: str) -> tuple[list[Row], list[str]]:
    load = f"the machine's load was {os.getloadavg()[1]:.1f}"
    try:
        path = program()
    except FileNotFoundError:
        return [], [f"The pages were not opened: {MISSING}; {load}."]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        paths = [_first_call(browser, address) if path == "CALL" else path for path in _PATHS]
        _opened(browser, address + paths[0])  # the first start of a browser is not the page's
        rows = [*_costs(browser, address, paths), *_findings(browser, address, paths)]
        browser.close()
    return rows, [
        f"The seeds' calls, 33 feeds; {len(paths)} pages, each opened {_RUNS} times by a browser that keeps nothing, "
        "from a service in a process of its own. Bytes with headers, style, script and icon. Paints are medians; "
        f"{load}."
    ]


def _first_call(browser: Browser, address: str) -> str:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/calls")
        return page.locator(".timeline a").first.get_attribute("href") or "/calls"


def _opened(browser: Browser, url: str) -> _Opened:
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[Request] = []

        def finished(request: Request) -> None:  # Playwright marks its handlers, which a built-in method cannot be
            asked.append(request)

        page.on("requestfinished", finished)
        page.goto(url)
        page.wait_for_load_state("load")
        page.wait_for_function(_PAINT)
        sizes = [request.sizes() for request in asked]
        whole = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
        return _Opened(float(page.evaluate(_PAINT)), whole)


def _costs(browser: Browser, address: str, paths: Sequence[str]) -> Iterator[Row]:
    found = {path: [_opened(browser, address + path) for _ in range(_RUNS)] for path in paths}
    paints = {path: median(one.paint_ms for one in opened) for path, opened in found.items()}
    worst = max(paints, key=lambda path: paints[path])
    yield Row("the first page: first paint, ms", figure(paints[paths[0]]), goal="≤ 300")
    yield Row("the slowest page: first paint, ms", figure(paints[worst]), goal="≤ 300")
    yield Row("the first page: transfer, kB", figure(found[paths[0]][0].bytes / 1000), goal="≤ 100")
    largest = max(one.bytes for opened in found.values() for one in opened)
    yield Row("the largest page: transfer, kB", figure(largest / 1000), goal="≤ 100")


def _findings(browser: Browser, address: str, paths: Sequence[str]) -> Iterator[Row]:
    serious = 0
    for path in paths:
        for scheme in ("light", "dark"):
            with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:  # axe-core is a script
                page = context.new_page()
                page.goto(address + path)
                serious += _serious(page)
    yield Row(f"axe-core, {len(paths)} pages, light and dark: serious findings", str(serious), goal="0")


def _serious(page: Page) -> int:
    return sum(one["impact"] in ("serious", "critical") for one in Axe().run(page).response["violations"])


def _asked(address: str, folder: Path) -> Iterator[Row]:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/v1/openapi.json", "--checks", "all"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(_EXAMPLES), "--continue-on-failure"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    generated, failed = _GENERATED.search(done.stdout), _FAILED.search(done.stdout)
    if generated is None or (done.returncode != 0 and failed is None):
        raise RuntimeError(f"schemathesis did not come to its end: {done.stdout[-500:]}")
    if failed:  # it asks something else each time: what it found must not be lost behind a number
        sys.stderr.write(done.stdout)
    measure = f"schemathesis, all checks, all operations, {int(generated.group(1)):,} requests: failures"
    yield Row(measure, failed.group(1) if failed else "0", goal="0")
