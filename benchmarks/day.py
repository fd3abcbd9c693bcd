"""24 hours of traffic in a quarter of an hour through the whole program, on Redis, PostgreSQL and Celery workers: does
it cost, hold or keep waiting more at the end than at the start?

The traffic is compressed, the clock is not: a lease, a newspaper's rest, a tick and Slack's message a second are
promises in real seconds. With a clock that runs a hundred times as fast a lease of a minute would end in the middle of
the work, and what was measured would be the taking over.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.chaos.stream import START, Story
from benchmarks.chaos.traps import GatedSlack
from benchmarks.dayfigures import Fate, Sample, section
from benchmarks.daywatch import Watch, unfinished
from benchmarks.newsfeeds import Style, address, styles
from benchmarks.newsstand import Newsstand, Shown
from benchmarks.table import Section
from benchmarks.traffic import HOURS, SHOWN, Moment, at_first, before, day, has_pages
from benchmarks.usage import children
from services.ingest.urls import article_key
from shared import db
from shared.tables import AnnouncementRow, ArticleRow, ReportRow
from tests.support import processes
from tests.support.servers import Postgres, free_port, valkey, wait_for

SEED = 24
ASKED_S = 60
REST_S = 300.0
COMMANDS = {
    "ingest": ("worker", "ingest", "--concurrency", "4"),  # it waits for newspapers, and these are many
    "classify": ("worker", "classify", "--concurrency", "2"),
    "notify": ("worker", "notify", "--concurrency", "2"),
    "beat": ("beat",),
    "status": ("status", "--serve"),
}


class House(msgspec.Struct, frozen=True):
    """All that runs: the newspapers, where the rest answers, and the process of each part."""

    stand: Newsstand
    slack: GatedSlack
    database: str
    broker: str
    status: str
    roots: Mapping[str, int]


def measure(papers: int = 500, articles: int = 50_000, calls: int = 200, minutes: float = 15.0) -> Section:
    """The day, as a table; what was lost or doubled is told on stderr, line by line."""
    samples, fate = play(papers, articles, calls, minutes)
    for line in (*fate.lost, *fate.doubled, *([] if fate.ready else ["/readyz does not say yes"])):
        sys.stderr.write(f"day: {line}\n")
    return section(samples, fate, papers, minutes)


def play(papers: int, articles: int, calls: int, minutes: float) -> tuple[list[Sample], Fate]:
    """Print the day, wait until all is told, and look at what is there."""
    moments = day(SEED, papers, articles, calls)
    with tempfile.TemporaryDirectory(prefix="redphone-day-") as folder, running(papers, Path(folder)) as house:
        sessions = db.sessions_for(house.database)
        with db.reading(sessions) as session:
            _rest(session, at_first(papers))
        with Watch(house.roots, house.database, house.broker, house.status, minutes * 60 / len(HOURS)) as watch:
            _print(moments, house.stand, minutes * 60 / len(moments))
        with db.reading(sessions) as session:
            _rest(session, articles + at_first(papers))
            return watch.samples, _fate(session, moments, house)


@contextmanager
def running(papers: int, folder: Path) -> Iterator[House]:
    """The newspapers, both servers, a stand-in for Slack and Redphone as compose starts it."""
    with ExitStack() as starting:
        broker = starting.enter_context(valkey())
        database = starting.enter_context(Postgres(durable=True)).url
        starting.callback(db.close, database)
        db.migrate(database)
        stand, slack = starting.enter_context(Newsstand(papers)), starting.enter_context(GatedSlack())
        stand.show({n: Shown(style, before(n, papers), START, items=SHOWN) for n, style in enumerate(_styles(papers))})
        port = free_port()
        (folder / "clock").write_text(START.isoformat(), encoding="utf-8")
        settings = processes.settings(
            database,
            broker,
            feeds=_catalogue(folder, stand),
            slack=slack.base_url,
            burst="never",
            status_port=port,
            clock_file=folder / "clock",
        )
        roots = {
            name: starting.enter_context(processes.redphone(command, settings, folder)).pid
            for name, command in COMMANDS.items()
        }
        [postgres], [redis] = children("postgres"), children("valkey-server")
        status = f"http://127.0.0.1:{port}"
        wait_for("the workers", lambda: _is_ready(status), timeout=120)
        yield House(stand, slack, database, broker, status, roots | {"PostgreSQL": postgres, "Redis": redis})


def _catalogue(folder: Path, stand: Newsstand) -> Path:
    """A file of the feeds, each asked once a minute."""
    urls = stand.urls()
    lines = [
        f"Báo {number},{url},{style.timezone},{ASKED_S},yes,"
        f"{'yes,article.body,here' if has_pages(number, len(urls)) else 'no,,'}"
        for number, (url, style) in enumerate(zip(urls, _styles(len(urls)), strict=True))
    ]
    header = "outlet,url,timezone,interval_s,world,fetch_body,body_selector,selector_source"
    path = folder / "feeds.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def _styles(papers: int) -> list[Style]:
    """The styles that date their articles: without any date "18/3" is a day of no year, and a call of its own."""
    return [style for style in styles(2 * papers) if style.dated][:papers]


def _is_ready(status: str) -> bool:
    try:
        return httpx.get(f"{status}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:  # it starts
        return False


def _print(moments: Sequence[Moment], stand: Newsstand, every_s: float) -> None:
    begun = time.monotonic()
    looks = _styles(len(stand.hosts))
    told: dict[int, dict[int, str]] = defaultdict(dict)
    for place, moment in enumerate(moments):
        time.sleep(max(0.0, begun + place * every_s - time.monotonic()))
        at = START + dt.timedelta(seconds=time.monotonic() - begun)
        last: dict[int, int] = {}
        for item in moment:
            last[item.paper] = item.number
            if item.words:
                told[item.paper][item.number] = item.words
        shown = {
            paper: Shown(looks[paper], number, at, items=SHOWN, told=told[paper]) for paper, number in last.items()
        }
        stand.show(shown)
    time.sleep(max(0.0, begun + len(moments) * every_s - time.monotonic()))


def _rest(session: Session, articles: int) -> None:
    """Wait until all is stored and nothing waits any more, or for so long."""
    deadline = time.monotonic() + REST_S
    while time.monotonic() < deadline:
        session.rollback()  # what is there now
        if _stored(session) >= articles and not any(unfinished(session).values()):
            return
        time.sleep(1.0)


def _stored(session: Session) -> int:
    return session.scalar(select(func.count(ArticleRow.id))) or 0


def _fate(session: Session, moments: Sequence[Moment], house: House) -> Fate:
    articles, calls = _printed(moments, house.stand)
    stored, found = set(session.scalars(select(ArticleRow.key))), _members(session)
    told = Counter(message.key for message in house.slack.told)
    lost, doubled = compared(calls, found, {call: sum(map(told.__getitem__, keys)) for call, keys in _roots(session)})
    rows = _stored(session)
    return Fate(
        articles=rows,
        calls=len(found),
        messages=len(house.slack.told),
        lost=(*(f"article {key} was not stored" for key in articles if key not in stored), *lost),
        doubled=(
            *([f"{rows} rows for {len(stored)} articles"] if rows != len(stored) else []),
            *(f"{key} was told {count} times" for key, count in told.items() if count > 1),
            *doubled,
        ),
        waiting=unfinished(session),
        ready=_is_ready(house.status),
    )


def _printed(moments: Sequence[Moment], stand: Newsstand) -> tuple[list[str], set[frozenset[str]]]:
    """The keys of all articles, and of those that tell of the same call."""
    articles: list[str] = []
    calls: dict[Story, set[str]] = defaultdict(set)
    looks = _styles(len(stand.hosts))
    for item in (item for moment in moments for item in moment):
        articles.append(article_key(address(looks[item.paper], item.number, f"http://{stand.hosts[item.paper]}")))
        if item.story:
            calls[item.story].add(articles[-1])
    return articles, {frozenset(keys) for keys in calls.values()}


def compared(
    printed: Collection[frozenset[str]], found: Mapping[str, frozenset[str]], told: Mapping[str, int]
) -> tuple[list[str], list[str]]:
    """What is lost and what is doubled of the calls, in words. `told`: how many first alerts of each are in the
    channel."""
    by_members = {members: call for call, members in found.items()}
    lost = [f"no call of {_words(members)}" for members in printed if members not in by_members]
    lost += [f"no first alert for the call of {_words(one)}" for call, one in found.items() if not told.get(call)]
    doubled = [f"a call of {_words(one)}, which is none" for one in found.values() if one not in printed]
    return lost, doubled + [f"{count} first alerts for call {call}" for call, count in told.items() if count > 1]


def _words(members: Iterable[str]) -> str:
    return ", ".join(sorted(members))


def _members(session: Session) -> dict[str, frozenset[str]]:
    """The articles of each call that has reports."""
    found: dict[str, set[str]] = defaultdict(set)
    for call_id, key in session.execute(select(ReportRow.call_id, ArticleRow.key).join(ArticleRow)):
        found[call_id].add(key)
    return {call_id: frozenset(keys) for call_id, keys in found.items()}


def _roots(session: Session) -> Iterable[tuple[str, list[str]]]:
    """The ledger's keys of each call's roots."""
    found: dict[str, list[str]] = defaultdict(list)
    query = select(AnnouncementRow.call_id, AnnouncementRow.key).where(AnnouncementRow.kind == "root")
    for call_id, key in session.execute(query):
        found[call_id or ""].append(key)
    return found.items()
