"""A run: the old release is at work, the new one migrates the database, and each service is handed over in turn.

What is left is held against an undisturbed run of the same stream, as chaos does.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace
from sqlalchemy import func, select

from benchmarks.chaos import ledger, undisturbed
from benchmarks.chaos.histories import Verdict, judge
from benchmarks.chaos.newspapers import Newspapers
from benchmarks.chaos.plant import COMMANDS
from benchmarks.chaos.stream import START, Printed, editions
from benchmarks.chaos.traps import GatedSlack, install, trap
from benchmarks.chaos.watch import Watch
from shared import db
from shared.tables import ArticleRow
from tests.support import processes
from tests.support.servers import Postgres, valkey, wait_for

#: Each service with the step at which its old worker is caught.
STEPS = {"ingest": "poll", "classify": "compare", "notify": "post"}
SEED = 1
MOST_EDITIONS = 400
EVERY_S = 2.0  # between two editions: a channel takes a message a second
TICK_S = 1.0
PATIENCE_S = 60.0


class Handover(msgspec.Struct, frozen=True):
    """How an old worker went: whether something was in its hands when it was told to stop, whether it did that before
    it ended, how many articles were shown from then until it did, and its exit code."""

    service: str
    in_hand: bool
    finished: bool
    shown: int
    code: int | None = None


class Result(msgspec.Struct, frozen=True):
    """What a run came to. `read`: how many articles were read by the rules of each version."""

    handovers: tuple[Handover, ...]
    verdict: Verdict
    articles: int
    calls: int
    messages: int
    read: Mapping[str, int]


class Release(msgspec.Struct, frozen=True):
    """One release: its sources, where its processes live, what they are told, and what ends them."""

    tree: Path
    home: Path
    settings: Mapping[str, str]
    running: ExitStack

    def start(self, name: str) -> subprocess.Popen[str]:
        """Start a worker or beat."""
        return self.running.enter_context(processes.redphone(COMMANDS[name], self.settings, self.home, self.tree))

    def log(self, name: str) -> str:
        """What it said so far."""
        return processes.log_of(COMMANDS[name], self.home).read_text(encoding="utf-8")

    def migrate(self) -> None:
        """Bring the database to the schema of this release."""
        environment = processes.environment(self.settings, self.home, self.tree)
        subprocess.run(processes.command(["db", "migrate"]), env=environment, cwd=self.home, check=True)


class Scene:
    """What goes on: newspapers that print one edition after another, and workers that are handed over meanwhile."""

    def __init__(self, newspapers: Newspapers, slack: GatedSlack, url: str, watch: Watch) -> None:
        self._newspapers, self._slack, self._url, self._watch = newspapers, slack, url, watch
        self._editions = iter(editions(SEED, MOST_EDITIONS))
        self._last = 0.0
        self.printed: list[Printed] = []

    def print(self, articles: Sequence[Printed]) -> None:
        """Show articles in their feeds, and have their newspapers asked soon."""
        self._newspapers.show(articles)
        self.printed += articles
        self._watch.shown([(self._newspapers.key(one), self._newspapers.feed_of(one)) for one in articles])
        self._last = time.monotonic()

    def print_next(self) -> None:
        """Print the next edition."""
        self.print(next(self._editions))

    def until(self, what: str, ready: Callable[[], object]) -> None:
        """Let articles flow until something is so."""

        def look() -> object:
            if time.monotonic() - self._last >= EVERY_S:
                self.print_next()
            return ready()

        wait_for(what, look, PATIENCE_S)

    def hand_over(self, service: str, old: subprocess.Popen[str], leaving: Release, coming: Release) -> Handover:
        """Let the old worker take something in hand, start the new one beside it, and stop the old one."""
        # what is caught is the next article, and it is in the hands of the old worker, which is alone
        self.rest("" if service == "notify" else "article")
        (article, *others), step = next(self._editions), STEPS[service]
        with trap(step, article, self._newspapers, self._slack, self.connect) as caught:
            self.print([article])
            in_hand = caught()
            before = len(self.printed)
            self.print(others)
            coming.start(service)
            self.until(f"the new {service}", lambda: "ready." in coming.log(service))
            old.terminate()
            self.print_next()  # however fast it ends, something comes while it does
            self.until(f"the old {service} to hear it", lambda: hears(old, leaving.log(service)))
        self.until(f"what the old {service} had", lambda: self._is_done(step, article) or old.poll() is not None)
        return Handover(service, in_hand, self._is_done(step, article), len(self.printed) - before)

    def _is_done(self, step: str, article: Printed) -> bool:
        with db.reading(db.sessions_for(self._url)) as session:
            return ledger.is_done(session, (step, self._newspapers.key(article), None))

    def rest(self, kind: str = "") -> None:
        """Wait until nothing is left to do, or nothing of a kind: what the ledger says of it starts so."""
        wait_for("rest", lambda: not any(one.startswith(kind) for one in self._watch.unfinished()), PATIENCE_S)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of our own to the database."""
        return psycopg.connect(self._url, autocommit=True)


def hears(worker: subprocess.Popen[str], log: str) -> bool:
    """Whether a worker knows that it is to stop."""
    return "Soft Shutdown" in log or worker.poll() is not None


def play(old_tree: Path, new_tree: Path = processes.ROOT) -> Result:
    """Hand over from one tree of sources to another. Raises TimeoutError where something does not come about."""
    with ExitStack() as running:
        home = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="redphone-rolling-")))
        newspapers = running.enter_context(Newspapers())
        slack = running.enter_context(GatedSlack())
        url = running.enter_context(Postgres()).url
        running.callback(db.close, url)
        settings = _settings(home, url, running.enter_context(valkey()), newspapers, slack)
        old, new = (
            Release(tree, _folder(home / name), settings, running)
            for name, tree in (("old", old_tree), ("new", new_tree))
        )
        old.migrate()
        watch = running.enter_context(Watch(url))
        scene = Scene(newspapers, slack, url, watch)
        with scene.connect() as connection:
            install(connection)
        scene.print_next()
        workers = {name: old.start(name) for name in (*STEPS, "beat")}
        try:
            scene.until("the old release to tell a call", lambda: slack.told)
            new.migrate()
            new.start("beat")  # two beats do no harm
            handed = [scene.hand_over(service, workers[service], old, new) for service in STEPS]
            # Celery waits out its time to stop although nothing is left to do: all three at once
            scene.until("the end of the old workers", lambda: all(workers[name].poll() is not None for name in STEPS))
            handovers = tuple(replace(one, code=workers[one.service].returncode) for one in handed)
            processes.stop(workers["beat"])
            scene.print_next()
            scene.rest()
        except TimeoutError as error:
            left = "\n".join(watch.unfinished())
            raise TimeoutError(f"{error}\n{left}\n{processes.logs(old.home)}\n{processes.logs(new.home)}") from error
        with db.reading(db.sessions_for(url)) as session:
            rolled = ledger.history(session)
            versions = select(ArticleRow.rules_version, func.count()).group_by(ArticleRow.rules_version)
            read = {str(version): count for version, count in session.execute(versions)}
        return Result(
            handovers=handovers,
            verdict=judge(
                newspapers.shown(scene.printed), undisturbed.play(newspapers.catalogue(), home), rolled, slack.told
            ),
            articles=rolled.stored,
            calls=rolled.rows,
            messages=len(slack.told),
            read=read,
        )


def _settings(home: Path, url: str, broker: str, newspapers: Newspapers, slack: GatedSlack) -> Mapping[str, str]:
    """What both releases are told, with the files that it names."""
    feeds, clock = home / "feeds.csv", home / "clock"
    feeds.write_text(newspapers.catalogue(), encoding="utf-8")
    clock.write_text(START.isoformat(), encoding="utf-8")
    return processes.settings(
        url,
        broker,
        feeds=feeds,
        slack=slack.base_url,
        pause_seconds=0,
        burst="never",
        canary_minutes=0,
        clock_file=clock,
        tick_seconds=TICK_S,
    )


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
