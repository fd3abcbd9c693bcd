"""What faults cost: each kind of answer that is kept out a thousand times, then all of them by chance.

The newspapers go on publishing meanwhile, and what an answer that is at fault carries as its ETag is that of the good
one that comes next: who remembers it loses entries.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from random import Random
from typing import NamedTuple

from sqlalchemy import or_, select

from benchmarks.ingest import MINUTE, NOTES, START, Newsroom, load, newsroom
from benchmarks.newsfeeds import ITEMS, address, styles
from benchmarks.newsstand import BAD, GOOD, LONG, Shown
from benchmarks.table import Section, figure
from services.ingest import tasks
from services.ingest.claims import LEASE
from services.ingest.fetch import Limits
from services.ingest.values import PollResult
from shared.tables import ArticleRow, FeedRow

LIMITS = Limits(connect_s=1, read_s=1, total_s=1, max_redirects=3)
THREADS = 8  # as `redphone run` has
EVERY = dt.timedelta(minutes=15)  # longer than any wait after a failure
SOUND = {"new", "quiet", "gap"}
USUAL = ("etag", "plain")
ODD = tuple(act for act in GOOD if act not in USUAL)
MANY = 40  # newspapers
ITEMS_OF = {LONG: 1000}  # how many articles an answer shows where it alone is tried, if not the usual number
FEW = 2  # newspapers that show so many: more at a time would only wait for each other
LONG_POLLS = 100  # of such feeds: one takes seconds
FIRST = 60 + max(ITEMS_OF.values())  # the number of the newest article at the beginning
HEADER = ("fault", "polls", "told as", "misread", "entries lost", "stored twice", "stuck", "slowest poll, s")
FAULTS_NOTES = (
    *NOTES[:1],
    "The goal is 0 misread, lost, twice and stuck. Between two good answers a newspaper is at fault five times, and "
    "publishes up to four articles before each. Misread: a fault that is told as a good answer, or an odd good answer "
    "as a fault. Lost: a good answer showed it, and it is not stored. Stuck: polls that outlast their lease of 15 s, "
    "and feeds that are claimed or failing after the last good answer.",
    f"{THREADS} polls at a time, a second each at most for the answer; the slowest share two cores with the others. No "
    "article pages are fetched. What is under “by chance” are these faults, these odd answers and good ones, drawn for "
    "each poll.",
)


class Faced(NamedTuple):
    """What came of one kind of fault: how many polls met it, what they were told as, and what it cost."""

    fault: str
    polls: int
    told: Counter[str]
    misread: int
    lost: int
    twice: int
    stuck: int
    slowest_s: float

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        told = ", ".join(f"{count:,} {kind}" for kind, count in self.told.most_common())
        counts = (f"{count:,}" for count in (self.misread, self.lost, self.twice, self.stuck))
        return (self.fault, f"{self.polls:,}", told, *counts, figure(self.slowest_s))


def measure() -> Section:
    """Each fault a thousand times, but for feeds of a thousand long articles; and a thousand polls by chance."""
    found = [*(_long(act) if act in ITEMS_OF else faced(act) for act in (*BAD, *ODD)), by_chance()]
    return Section("Ingest: faults", [one.cells for one in (*found, total(found))], (*FAULTS_NOTES, load()), HEADER)


def _long(act: str) -> Faced:
    return faced(act, polls=LONG_POLLS, count=FEW)


def faced(act: str, polls: int = 1000, count: int = MANY, seed: int = 1) -> Faced:
    """Newspapers that behave so for so many polls, with a good answer after every five and at the end."""
    rounds = -(-polls // count)
    script = (
        step for turn in range(1, rounds + 1) for step in ([act] if turn % 5 and turn < rounds else [act, "etag"])
    )
    return _played(act, (_all(step, count) for step in script), count, seed, {act})


def by_chance(polls: int = 1000, count: int = MANY, seed: int = 1) -> Faced:
    """All faults and odd answers among good ones, drawn anew for each poll."""
    chance, acts = Random(seed), [*BAD, *GOOD, *GOOD]
    drawn = ([chance.choice(acts) for _ in range(count)] for _ in range(-(-polls // count)))
    return _played("by chance", (*drawn, _all("etag", count)), count, seed, set(acts))


def total(found: Sequence[Faced]) -> Faced:
    """All of them as one; what they were told as is left out."""
    counts = ((one.polls, one.misread, one.lost, one.twice, one.stuck) for one in found)
    polls, misread, lost, twice, stuck = map(sum, zip(*counts, strict=True))
    return Faced("all", polls, Counter(), misread, lost, twice, stuck, max(one.slowest_s for one in found))


def _all(act: str, count: int) -> list[str]:
    return [act] * count


def _played(name: str, script: Iterable[Sequence[str]], count: int, seed: int, counted: set[str]) -> Faced:
    """Round after round, a newspaper each as the script says; the polls of `counted` behaviours are what is told."""
    chance = Random(seed)
    last, before = [FIRST] * count, _all(name if name in ITEMS_OF else "etag", count)
    items = {name: ITEMS_OF[name]} if name in ITEMS_OF else {}
    shown = [_numbers(FIRST, items.get(act, ITEMS)) for act in before]
    told, misread, overdue, slowest = Counter[str](), 0, 0, 0.0
    with newsroom(count, LIMITS, unsigned=True) as desk:
        _show(desk, last, before, items)
        desk.watch()
        _polled(desk)
        for acts in script:
            # after a fault a good answer shows what that should have shown
            last = [one if act in USUAL else one + chance.randrange(5) for one, act in zip(last, acts, strict=True)]
            desk.now += EVERY
            _show(desk, last, acts, items)
            polled = _polled(desk)
            kinds = [polled.kinds.get(url, "not polled") for url in desk.urls()]
            met = [(act, kind) for act, kind in zip(acts, kinds, strict=True) if act in counted]
            told.update(kind for _, kind in met)
            misread += sum((act in GOOD) != (kind in SOUND) for act, kind in met)
            overdue, slowest = overdue + polled.overdue, max(slowest, polled.slowest_s if met else 0.0)
            for number in (n for n, act in enumerate(acts) if act in GOOD):
                shown[number] |= _numbers(last[number], items.get(acts[number], ITEMS))
        lost, twice, held = _losses(desk, shown)
    return Faced(name, told.total(), told, misread, lost, twice, overdue + held, slowest)


def _numbers(last: int, items: int) -> set[int]:
    """The articles that a newspaper shows, `last` being its newest."""
    return set(range(last - items + 1, last + 1))


class _Polled(NamedTuple):
    """What a round gave: the kind of each feed's result by its address, polls that outlast their lease, and the longest
    that one took."""

    kinds: dict[str, str]
    overdue: int
    slowest_s: float


def _show(desk: Newsroom, last: Sequence[int], acts: Sequence[str], items: Mapping[str, int]) -> None:
    made = styles(len(acts))
    began = START - dt.timedelta(days=1)  # of article 0: each has one date for ever
    desk.stand.show({n: Shown(made[n], last[n], began + last[n] * MINUTE, act, items.get(act, ITEMS))
                     for n, act in enumerate(acts)})  # fmt: skip


def _polled(desk: Newsroom) -> _Polled:
    """Poll all feeds that are due, some at a time, and wait as long as their leases last."""
    due = tasks.claim_due(desk.sessions, desk.now, 1000)
    pool = ThreadPoolExecutor(THREADS)
    polls = [pool.submit(_poll, desk, feed_id) for feed_id in due]
    patience_s = LEASE.total_seconds() * (1 + len(due) / THREADS)
    done = wait(polls, timeout=patience_s).done
    pool.shutdown(wait=len(done) == len(due), cancel_futures=True)
    finished = [future.result() for future in done]
    took = [seconds for _, seconds in finished]
    overdue = len(due) - len(done) + sum(seconds > LEASE.total_seconds() for seconds in took)
    kinds = {result.url: result.kind for results, _ in finished for result in results}
    return _Polled(kinds, overdue, max(took, default=patience_s))


def _poll(desk: Newsroom, feed_id: int) -> tuple[list[PollResult], float]:
    """What a poll gave, nothing where it broke, and the seconds that it took."""
    started = time.monotonic()
    results = tasks.poll_claimed(desk.sessions, [feed_id], desk.now, desk.fetcher, lambda _: None, desk.options)
    return results, time.monotonic() - started


def _losses(desk: Newsroom, shown: Sequence[set[int]]) -> tuple[int, int, int]:
    """Articles that were shown and are not stored, those stored more than once, and feeds that are held."""
    with desk.sessions() as session:
        urls = Counter(session.scalars(select(ArticleRow.url)))
        held = session.scalars(select(FeedRow.id).where(or_(FeedRow.failures > 0, FeedRow.claimed_until.is_not(None))))
        held_count = len(held.all())
    wanted = {
        address(style, number, f"http://{host}")
        for style, host, numbers in zip(styles(len(shown)), desk.stand.hosts, shown, strict=True)
        for number in numbers
    }
    return len(wanted - urls.keys()), sum(count - 1 for count in urls.values()), held_count
