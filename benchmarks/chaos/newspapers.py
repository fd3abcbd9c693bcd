"""The newspapers of the stream, each a web server on loopback, and the gate that holds an answer back."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Self

from benchmarks.chaos.histories import Shown
from benchmarks.chaos.stream import DAYS, PAPERS, Printed, Story, feed, has_pages, page
from services.ingest.urls import article_key
from tests.support.feed_server import HTML, RSS, Answerer, FeedServer, Reply, Request

LONGEST_HOLD_S = 12.0
FEED = "/rss"


class Gate:
    """Holds an answer back until it is opened. `caught` is set while something waits before it."""

    def __init__(self) -> None:
        self.caught = threading.Event()
        self._open = threading.Event()

    def wait(self) -> None:
        """For whoever answers: wait until the gate is open."""
        self.caught.set()
        self._open.wait(LONGEST_HOLD_S)

    def open(self) -> None:
        """Let everything through, now and later."""
        self._open.set()


class Newspapers:
    """All newspapers; a context manager. What is printed stays in its feed. `first_shown`: when an answer had each
    article for the first time, by its number (seconds since 1970)."""

    def __init__(self, count: int = PAPERS) -> None:
        self._count = count
        self._servers: list[FeedServer] = []
        self._printed: list[list[Printed]] = [[] for _ in range(count)]
        self.first_shown: dict[int, float] = {}
        self._gates: dict[tuple[int, str], Gate] = {}
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self._servers = [starting.enter_context(FeedServer()) for _ in range(self._count)]
            self._running = starting.pop_all()
        for number, server in enumerate(self._servers):
            server.answer(FEED, self._answerer(number, FEED, RSS, partial(self._feed, number)))
        return self

    def __exit__(self, *_error: object) -> None:
        for gate in self._gates.values():
            gate.open()
        self._running.close()

    def catalogue(self, interval_s: int = 30) -> str:
        """The newspapers as a file of feeds, each asked so often."""
        lines = (
            f"Báo {number},{server.url(FEED)},{interval_s},yes,{'yes' if has_pages(number) else 'no'},"
            f"{'article,here' if has_pages(number) else ','}"
            for number, server in enumerate(self._servers)
        )
        return "\n".join(("outlet,url,interval_s,world,fetch_body,body_selector,selector_source", *lines)) + "\n"

    def show(self, printed: Sequence[Printed]) -> None:
        """Print articles: their pages, then the feeds."""
        for one in printed:
            if one.paragraphs:
                answerer = self._answerer(one.paper, one.path, HTML, partial(page, one))
                self._servers[one.paper].answer(one.path, answerer)
            self._printed[one.paper].append(one)

    def address(self, one: Printed) -> str:
        """Where an article is: its link in the feed."""
        return self._servers[one.paper].url(one.path)

    def key(self, one: Printed) -> str:
        """The key by which an article is stored."""
        return article_key(self.address(one))

    def shown(self, printed: Sequence[Printed]) -> Shown:
        """What these articles tell: each is one report of its call, and the calls of the first day are news."""
        calls: dict[Story, list[str]] = defaultdict(list)
        for one in printed:
            if one.story is not None:
                calls[one.story].append(f"{self.key(one)}#0")
        members = {story: tuple(sorted(keys)) for story, keys in calls.items()}
        return Shown(
            articles=tuple(self.key(one) for one in printed),
            calls=frozenset(members.values()),
            news=frozenset(keys for story, keys in members.items() if story.day == DAYS[0]),
        )

    def feed_of(self, one: Printed) -> str:
        """The address of the feed that an article is in."""
        return self._servers[one.paper].url(FEED)

    def hold(self, one: Printed, path: str) -> Gate:
        """Hold back the next answers of an article's newspaper at this path."""
        gate = self._gates[one.paper, path] = Gate()
        return gate

    def _feed(self, number: int) -> bytes:
        printed = tuple(self._printed[number])
        for one in printed:
            self.first_shown.setdefault(one.number, time.time())
        return feed(printed, self._servers[number].url(""))

    def _answerer(self, number: int, path: str, content_type: str, body: Callable[[], bytes]) -> Answerer:
        def answer(_request: Request) -> Reply:
            whole = body()
            gate = self._gates.get((number, path))
            if gate is not None:
                gate.wait()
            return Reply(200, whole, {"Content-Type": content_type})

        return answer
