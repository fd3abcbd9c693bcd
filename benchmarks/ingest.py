"""Ingest beside its peers: what a poll and a page cost, how soon an entry is stored.

Each function measures one thing and returns its rows; the two that begin with `measure` are parts of `make bench`.
Time goes by an injected clock where the wait itself is not what is measured, and each row says so.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import mean, median, quantiles
from typing import NamedTuple

import feedparser
import trafilatura
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.newsfeeds import address, feed, styles
from benchmarks.newsprint import Page, page, token_f1
from benchmarks.newsstand import Newsstand, Shown
from benchmarks.table import Row, Section, figure, times
from services.ingest import tasks
from services.ingest.body import extract_page
from services.ingest.fetch import Fetcher, Limits
from services.ingest.values import CatalogueFeed, PollResult
from shared import db
from shared.tables import ArticleRow

START = dt.datetime(2026, 5, 4, 0, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SELECTOR = "article.fck_detail"
AGENT = "Redphone-Benchmark"
SOUND = {"new", "quiet", "gap"}
NOTES = (
    "Newspapers on loopback, 50 items a feed, in the form of each outlet of the catalogue; all texts and pages are "
    "synthetic. A poll is all of it: claim, request, parse, store, next look; feedparser only parses the same feeds.",
)


WATCH_NOTES = (
    *NOTES,
    "Arrivals count from the first second after the start. Article pages are fetched meanwhile, a host at a time. The "
    "brake, which asks feeds later while reading is behind, is off: nothing is read here.",
)


class Measured(NamedTuple):
    """One row: `ratio` is ours to the peer's of the same run."""

    measure: str
    figure: float
    unit: str
    peer: str = ""
    ratio: float | None = None
    goal: str = ""


def measure() -> Section:
    """What a poll and a page cost. What faults cost is in :mod:`benchmarks.ingest_faults`, what damage to feeds does
    in :mod:`benchmarks.fuzz`, the day's load on Redis and PostgreSQL in :mod:`benchmarks.ingest_day`."""
    missing = () if _has_newspaper() else ("newspaper4k is not installed here and was not measured beside.",)
    return section("Ingest: polls and pages", (*poll_costs(), *bodies()), (*NOTES, *missing))


def measure_watch() -> Section:
    """How soon an entry is stored."""
    return section("Ingest: arrivals", arrivals(), WATCH_NOTES)


def section(title: str, found: Iterable[Measured], notes: tuple[str, ...]) -> Section:
    """The rows as a table, with the machine's load of the last five minutes."""
    rows = tuple(_row(row) for row in found)
    return Section(title, rows, (*notes, load()))


def load() -> str:
    """The machine's load of the last five minutes, as a note."""
    return f"The machine's load was {os.getloadavg()[1]:.1f}."


def _row(row: Measured) -> Row:
    ratio = times(row.ratio) if row.ratio is not None else ""
    return Row(row.measure, f"{figure(row.figure)} {row.unit}".strip(), row.peer, ratio, row.goal)


class Newsroom:
    """Polling with a clock of its own: a fresh SQLite database, real requests to the newspapers of a stand."""

    def __init__(self, stand: Newsstand, sessions: sessionmaker[Session], limits: Limits, fetch_body: bool) -> None:
        self.stand, self.sessions, self.now = stand, sessions, START
        self.fetcher = Fetcher(AGENT, [host.lower() for host in (*stand.hosts, *stand.unsigned)], limits)
        self.options = tasks.Options(pause=dt.timedelta(seconds=1), user_agent=AGENT)
        self._body = fetch_body

    def watch(self) -> None:
        """Put all newspapers of the stand into the catalogue."""
        urls = self.urls()
        listed = [
            CatalogueFeed(outlet=f"Báo {n}", url=url, fetch_body=self._body, timezone=style.timezone)
            for n, (url, style) in enumerate(zip(urls, styles(len(urls)), strict=True))
        ]
        tasks.sync_catalogue(self.sessions, listed, self.now)

    def urls(self) -> tuple[str, ...]:
        """The addresses of the feeds, in the stand's order."""
        return self.stand.urls()

    def poll(self, threads: int = 1) -> list[PollResult]:
        """Poll what is due now."""
        return tasks.poll_due(self.sessions, self.now, self.fetcher, lambda _: None, self.options, 1000, threads)


@contextmanager
def newsroom(
    count: int, limits: Limits | None = None, fetch_body: bool = False, unsigned: bool = False
) -> Iterator[Newsroom]:
    """A newsroom over `count` newspapers in the styles of the catalogue's outlets; `unsigned` as the stand's."""
    with tempfile.TemporaryDirectory(prefix="redphone-") as folder, Newsstand(count, unsigned=unsigned) as stand:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        db.migrate(url)
        desk = Newsroom(stand, db.sessions_for(url), limits or Limits(), fetch_body)
        try:
            yield desk
        finally:
            desk.fetcher.close()
            db.close(url)


# ---- what a poll costs ----


def poll_costs(count: int = 40, rounds: int = 5) -> list[Measured]:
    """Processor time of our process for a poll: claim, request, parse, store, next look. feedparser only parses."""
    bodies = [feed(style, 60, "http://a.vn", START).encode() for style in styles(count)]
    peer = _cpu_ms(lambda: [feedparser.parse(body) for body in bodies]) / count
    with newsroom(count) as desk:
        kinds = {"etag": 0, "plain": 0, "changed": 0}
        costs = {kind: _poll_ms(desk, kind, rounds) for kind in kinds}
    mix = 0.6 * costs["etag"] + 0.25 * costs["plain"] + 0.15 * costs["changed"]
    beside = f"feedparser: {peer:.1f} ms"
    return [
        Measured("CPU per poll, unchanged feed (304)", costs["etag"], "ms", beside, costs["etag"] / peer, "≤ 2"),
        Measured("CPU per poll, unchanged feed (200)", costs["plain"], "ms", beside, costs["plain"] / peer, "≤ 2"),
        Measured("CPU per poll, one new entry (200)", costs["changed"], "ms", beside, costs["changed"] / peer),
        Measured("CPU per poll, 60 % 304, 25 % unchanged, 15 % new", mix, "ms", beside, mix / peer, "≤ 6"),
    ]


def _poll_ms(desk: Newsroom, kind: str, rounds: int) -> float:
    """The median over rounds in which all feeds are polled once."""
    desk.now += dt.timedelta(hours=1)
    count, behaviour = len(desk.urls()), "etag" if kind == "etag" else "plain"
    made, costs = styles(count), []
    for turn in range(rounds + 2):
        if turn == 0 or kind == "changed":
            last = 100 + turn
            desk.stand.show({n: Shown(style, last, START + turn * MINUTE, behaviour) for n, style in enumerate(made)})
        if turn == 0:
            desk.watch()
        desk.now += 2 * MINUTE
        started = time.process_time()
        results = desk.poll()
        costs.append((time.process_time() - started) * 1000 / count)
        if len(results) != count or {result.kind for result in results} - SOUND:
            raise RuntimeError(f"{kind}: polled {Counter(result.kind for result in results)} instead of {count} feeds")
    return median(costs[2:])


def _cpu_ms(work: Callable[[], object], rounds: int = 3) -> float:
    spent = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        spent.append((time.process_time() - started) * 1000)
    return median(spent)


# ---- article pages ----


def bodies(count: int = 20) -> list[Measured]:
    """Time and quality of the article's text, on synthetic pages of 138 kB with the furniture of real ones."""
    pages = [page(number, "fck_detail") for number in range(count)]
    raw = [made.html.encode() for made in pages]
    found = [extract_page(body, "text/html", SELECTOR).text for body in raw]
    general = [extract_page(body, "text/html").text for body in raw]
    ours = _cpu_ms(lambda: [extract_page(body, "text/html", SELECTOR) for body in raw]) / count
    peers = [_beside(name, read, pages) for name, read in _readers()]
    return [
        *(
            Measured("article body by selector, 138 kB page", ours, "ms", peer.cost, ours / peer.ms, "≤ 3")
            for peer in peers
        ),
        *_quality("by selector", found, pages, peers),
        *_quality("without a selector", general, pages, peers),
    ]


class _Peer(NamedTuple):
    """What another library made of the pages: milliseconds a page, and words for the table."""

    ms: float
    cost: str
    f1: str
    teasers: str


def _readers() -> list[tuple[str, Callable[[str], str]]]:
    """The peers that are here, with what gives each the text of a page."""
    readers: list[tuple[str, Callable[[str], str]]] = [("trafilatura", lambda html: trafilatura.extract(html) or "")]
    if _has_newspaper():
        readers.append(("newspaper4k", _newspaper()))
    return readers


def _has_newspaper() -> bool:
    return importlib.util.find_spec("newspaper") is not None  # `make bench` has it, the tests have not


def _newspaper() -> Callable[[str], str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses libraries of languages that we do not read
        library = importlib.import_module("newspaper")

    def read(html: str) -> str:
        article = library.Article("http://a.vn/tin-1.html", language="vi", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return read


def _beside(name: str, read: Callable[[str], str], pages: Sequence[Page]) -> _Peer:
    texts = [read(made.html) for made in pages]
    ms = _cpu_ms(lambda: [read(made.html) for made in pages]) / len(pages)
    return _Peer(ms, f"{name}: {ms:.1f} ms", f"{name}: {_f1(texts, pages):.3f}", f"{name}: {_teasers(texts, pages)}")


def _quality(how: str, found: Sequence[str], pages: Sequence[Page], peers: Sequence[_Peer]) -> list[Measured]:
    f1, let = ", ".join(peer.f1 for peer in peers), ", ".join(peer.teasers for peer in peers)
    return [
        Measured(f"body quality {how}, token F1 (synthetic)", _f1(found, pages), "", f1, None, "≥ trafilatura"),
        Measured(f"teasers let through {how}", _teasers(found, pages), "", let, None, "0"),
    ]


def _f1(found: Sequence[str], pages: Sequence[Page]) -> float:
    return mean(token_f1(text, made.article) for text, made in zip(found, pages, strict=True))


def _teasers(found: Sequence[str], pages: Sequence[Page]) -> int:
    return sum(teaser in text for text, made in zip(found, pages, strict=True) for teaser in made.teasers)


# ---- how soon an entry is stored ----


def arrivals(count: int = 30, minutes: int = 60) -> list[Measured]:
    """From an entry's appearance in its feed to its row, polling every 60 s, on a clock moved second by second."""
    chance, due = Random(1), Counter[int]()
    appeared: dict[tuple[int, int], float] = {}
    with newsroom(count, fetch_body=True) as desk:
        made = styles(count)
        desk.stand.show({n: Shown(style, 60, START) for n, style in enumerate(made)})
        desk.watch()
        for second in range(minutes * 60):
            desk.now = START + dt.timedelta(seconds=second)
            fresh = [n for n in range(count) if second and chance.random() < 1 / 300]
            for n in fresh:
                due[n] += 1
                appeared[n, 60 + due[n]] = second
            if fresh:
                desk.stand.show({n: Shown(made[n], 60 + due[n], desk.now) for n in fresh})
            desk.poll()
            if second % 2:
                tasks.fetch_pages(desk.sessions, desk.now, desk.fetcher, lambda _: None, desk.options)
        waits = _waits(desk, appeared)
    p95 = quantiles(waits, n=20)[-1]
    words = "as published: Miniflux 60 min by default, EMM 10 min, GDELT 15 min"
    name = f"entry to stored article, 60 s polling, p95 of {len(waits)} (simulated clock)"
    missing = len(appeared) - len(waits)
    return [
        Measured(name, p95, "s", words, None, "≤ 65"),
        Measured("… the longest", max(waits), "s"),
        Measured("… entries of the last 65 s, not due yet", missing, ""),
    ]


def _waits(desk: Newsroom, appeared: dict[tuple[int, int], float]) -> list[float]:
    with desk.sessions() as session:
        stored = {
            row.url: (row.fetched_at - START).total_seconds()
            for row in session.execute(select(ArticleRow.url, ArticleRow.fetched_at))
        }
    end = (desk.now - START).total_seconds()
    made, found = styles(len(desk.stand.hosts)), []
    for (number, article), since in appeared.items():
        at = stored.get(address(made[number], article, f"http://{desk.stand.hosts[number]}"))
        if at is None and end - since > 65:
            raise RuntimeError(f"an entry that appeared {end - since:.0f} s before the end was not stored")
        if at is not None:
            found.append(at - since)
    return found
