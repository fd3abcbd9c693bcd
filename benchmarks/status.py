"""The status service under load: a fixed rate of requests over a large history on PostgreSQL, in a process of its own.

Requests are sent at their times whatever the answers take, and each latency counts from the moment at which its request
was due: a server that falls behind cannot hide it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import quantiles

import msgspec

from benchmarks.history import TOLD_BY, fill, leaders_of, told
from benchmarks.measure import ROOT, processor_ms
from benchmarks.table import Row, Section, figure
from services.classify.lexicon import Lexicon
from shared import db
from shared.records import Participant, StoredReport
from shared.tables import Base, CanaryRow, FeedRow
from tests.support.servers import free_port, postgres, wait_for

_CALLS = 100_000
_DAYS = 3650
_FEEDS = 31
_RATE, _SECONDS = 200, 15
_FEWER = 20
_CONNECTIONS = 32


class _Asked(msgspec.Struct, frozen=True):
    """What is asked for, what p99 should be in milliseconds, and requests a second."""

    name: str
    paths: tuple[str, ...]
    goal: int | None
    rate: int = _RATE


_ASKED = (
    _Asked("/healthz", ("/healthz",), 5),
    _Asked("/v1/status", ("/v1/status",), 50),
    _Asked("/v1/calls", ("/v1/calls", "/v1/calls?limit=10"), 50),
    _Asked("/v1/calls by country, pair, status, time", (
        "/v1/calls?country={a}", "/v1/calls?pair={a}-{b}", "/v1/calls?status=held&since=2026-01-01&until=2027-01-01",
        "/v1/calls?pair={a}-{b}&status=held",
    ), 50),
    _Asked("/v1/calls by person", ("/v1/calls?person={person}",), 50),
    _Asked("/v1/calls by words", ("/v1/calls?text={b}+{person}", "/v1/calls?text={person}"), 50),
    _Asked(f"/v1/pairs/{{a}}/{{b}}, {_FEWER}/s", ("/v1/pairs/{a}/{b}",), None, _FEWER),
)  # fmt: skip


class _Times(msgspec.Struct, frozen=True):
    p50: float
    p99: float
    failed: int


def measure(lexicon: Lexicon) -> Section:
    """Each address alone at its full rate."""
    leaders = leaders_of(lexicon)
    chance = random.Random(0)
    with postgres() as server:
        _build(server, [told(n, chance.randrange(1, _DAYS), leaders, chance) for n in range(1, _CALLS + 1)])
        rows: list[Row] = []
        with serving(server) as (port, process):
            for asked in _ASKED:
                rows += _rows(asked, port, process, leaders, chance)
    return Section(
        f"The status service at {_RATE} requests/s (PostgreSQL)",
        tuple(rows),
        (
            f"{_CALLS:,} calls, {_CALLS * TOLD_BY:,} reports, {_FEEDS} feeds; each address alone for {_SECONDS} s, its "
            "parameters drawn anew for each request. The load, the service and the database share the machine's cores; "
            f"the machine's load was {os.getloadavg()[1]:.1f}.",
            "A latency counts from the moment when its request was due. Processor time is that of the service alone, "
            "for one request.",
        ),
    )


def _rows(
    asked: _Asked, port: int, process: int, leaders: Sequence[Participant], chance: random.Random
) -> Iterator[Row]:
    paths = [_path(chance.choice(asked.paths), leaders, chance) for _ in range(asked.rate * _SECONDS)]
    asyncio.run(_load(port, paths[: asked.rate], asked.rate))
    before = processor_ms(process)
    times = asyncio.run(_load(port, paths, asked.rate))
    worked = (processor_ms(process) - before) / len(paths)
    trouble = f"; {times.failed} failed" if times.failed else ""
    yield Row(f"{asked.name}: p50, ms", figure(times.p50))
    yield Row(f"{asked.name}: p99, ms", figure(times.p99) + trouble, goal=f"≤ {asked.goal}" if asked.goal else "")
    yield Row(f"{asked.name}: processor time, ms", figure(worked))


def _path(template: str, leaders: Sequence[Participant], chance: random.Random) -> str:
    one, other = chance.sample(leaders, 2)
    a, b = sorted((one.country or "", other.country or ""))
    return template.format(a=a, b=b, person=one.person)


def _build(server: str, history: Sequence[StoredReport]) -> None:
    db.migrate(server)
    sessions = db.sessions_for(server)
    fill(sessions, history)
    with sessions.begin() as session:
        session.add_all(watched(dt.datetime.now(dt.UTC)))
    db.close(server)


def watched(now: dt.datetime) -> Iterator[Base]:
    """Feeds that are polled, and test articles that came through, of a day and of the hour to come: on a busy machine a
    measurement lasts for minutes, and a service that nobody feeds meanwhile would say, rightly, that it is down."""
    minute, hour = dt.timedelta(minutes=1), dt.timedelta(hours=1)
    for number in range(_FEEDS):
        host = f"feed{number}.example"
        yield FeedRow(url=f"https://{host}/rss", outlet=f"Báo {number}", host=host, next_poll_at=now + hour,
                      last_success_at=now - minute, last_new_at=now - 30 * minute)  # fmt: skip
    for number in range(-12, 24 * 12):
        at = now - 5 * number * minute
        yield CanaryRow(started_at=at, title="", summary="", stored_at=at, read_at=at, facts={}, told_at=at)


@contextmanager
def serving(database: str) -> Iterator[tuple[int, int]]:
    """`redphone status --serve` on a port of its own; yields the port and the number of the process."""
    port = free_port()
    settings = {"REDPHONE_DATABASE_URL": database, "REDPHONE_STATUS_PORT": str(port), "REDPHONE_LOG_LEVEL": "ERROR"}
    known = {name: value for name, value in os.environ.items() if not name.startswith("REDPHONE_")}
    command = [sys.executable, "-m", "redphone", "status", "--serve"]
    with subprocess.Popen(command, cwd=ROOT, env={**known, **settings}, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for("the status service", lambda: _answers(port), timeout=60)
            yield port, server.pid
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    try:
        return asyncio.run(_load(port, ["/healthz"], 1)).failed == 0
    except OSError:
        return False


async def _load(port: int, paths: Sequence[str], rate: int) -> _Times:
    """Send each request at its time, `rate` a second, over connections that are kept; latencies in milliseconds."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(min(_CONNECTIONS, len(paths))):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    start = time.perf_counter() + 0.05
    taken: list[float] = []
    failed = 0

    async def one(number: int, path: str) -> None:
        nonlocal failed
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        reader, writer = await free.get()
        failed += not await _asked(reader, writer, path)
        taken.append((time.perf_counter() - due) * 1000)
        free.put_nowait((reader, writer))

    await asyncio.gather(*(one(number, path) for number, path in enumerate(paths)))
    while not free.empty():
        free.get_nowait()[1].close()
    cuts = quantiles(taken, n=100) if len(taken) > 1 else [taken[0]] * 99
    return _Times(cuts[49], cuts[98], failed)


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bool:
    """One request over a connection; whether it was answered well."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    if length:
        await reader.readexactly(int(length))
    else:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return head.startswith((b"http/1.1 200", b"http/1.1 503"))
