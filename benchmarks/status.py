"""The status service under load: a fixed rate of requests over a large history on PostgreSQL, in a process of its own.

Requests are sent at their times whatever the answers take, and each latency counts from the moment at which its request
was due: a server that falls behind cannot hide it.
"""

from __future__ import annotations

import asyncio
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
from benchmarks.measure import ROOT
from benchmarks.table import Row, Section, figure
from services.classify.lexicon import Lexicon
from shared import db
from shared.records import Participant, StoredReport
from tests.support.servers import free_port, postgres, wait_for

_CALLS = 100_000
_DAYS = 3650
_RATE, _SECONDS = 200, 15
_CONNECTIONS = 32
#: What is asked for, and what p99 should be in milliseconds.
_ASKED: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("/healthz", ("/healthz",), 5),
    ("/v1/status", ("/v1/status",), 50),
    ("/v1/calls", ("/v1/calls", "/v1/calls?limit=10"), 50),
    ("/v1/calls by country, pair, status, time", (
        "/v1/calls?country={a}", "/v1/calls?pair={a}-{b}", "/v1/calls?status=held&since=2026-01-01&until=2027-01-01",
        "/v1/calls?pair={a}-{b}&status=held",
    ), 50),
    ("/v1/calls by person", ("/v1/calls?person={person}",), 50),
    ("/v1/pairs/{a}/{b}", ("/v1/pairs/{a}/{b}",), 50),
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
        rows = []
        with _serving(server) as port:
            for name, paths, goal in _ASKED:
                asked = [_path(chance.choice(paths), leaders, chance) for _ in range(_RATE * _SECONDS)]
                asyncio.run(_load(port, asked[:_RATE]))
                times = asyncio.run(_load(port, asked))
                trouble = f"; {times.failed} failed" if times.failed else ""
                rows.append(Row(f"{name}: p50, ms", figure(times.p50)))
                rows.append(Row(f"{name}: p99, ms", figure(times.p99) + trouble, goal=f"≤ {goal}"))
    return Section(
        f"The status service at {_RATE} requests/s (PostgreSQL)",
        tuple(rows),
        (
            f"{_CALLS:,} calls, {_CALLS * TOLD_BY:,} reports; each address alone for {_SECONDS} s, its parameters "
            "drawn anew for each request. The load, the service and the database share the machine's cores.",
            "A latency counts from the moment when its request was due.",
        ),
    )


def _path(template: str, leaders: Sequence[Participant], chance: random.Random) -> str:
    one, other = chance.sample(leaders, 2)
    a, b = sorted((one.country or "", other.country or ""))
    return template.format(a=a, b=b, person=one.person)


def _build(server: str, history: Sequence[StoredReport]) -> None:
    db.migrate(server)
    sessions = db.sessions_for(server)
    fill(sessions, history)
    db.close(server)


@contextmanager
def _serving(database: str) -> Iterator[int]:
    """`redphone status --serve` on a port of its own."""
    port = free_port()
    settings = {"REDPHONE_DATABASE_URL": database, "REDPHONE_STATUS_PORT": str(port), "REDPHONE_LOG_LEVEL": "ERROR"}
    known = {name: value for name, value in os.environ.items() if not name.startswith("REDPHONE_")}
    command = [sys.executable, "-m", "redphone", "status", "--serve"]
    with subprocess.Popen(command, cwd=ROOT, env={**known, **settings}, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for("the status service", lambda: _answers(port), timeout=60)
            yield port
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    try:
        return asyncio.run(_load(port, ["/healthz"])).failed == 0
    except OSError:
        return False


async def _load(port: int, paths: Sequence[str]) -> _Times:
    """Send each request at its time, over connections that are kept; the latencies in milliseconds."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(min(_CONNECTIONS, len(paths))):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    start = time.perf_counter() + 0.05
    taken: list[float] = []
    failed = 0

    async def one(number: int, path: str) -> None:
        nonlocal failed
        due = start + number / _RATE
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
