"""A run: the stream goes through the plant while the schedule strikes, and what is left is held against an undisturbed
run of the same stream.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from benchmarks.chaos import ledger, strikes, undisturbed
from benchmarks.chaos.histories import Verdict, judge
from benchmarks.chaos.newspapers import Newspapers
from benchmarks.chaos.plant import Plant
from benchmarks.chaos.schedule import Strike, schedule
from benchmarks.chaos.stream import MOST_EDITIONS, Printed, editions
from benchmarks.chaos.struck import Struck, unproven
from benchmarks.chaos.traps import GatedSlack, install, trap
from benchmarks.chaos.watch import Watch
from shared import db

REST_S = 120.0
EDITIONS_AFTER = 3
#: Each strike has an edition of its own, and a fault or two.
MOST_FAULTS = MOST_EDITIONS - EDITIONS_AFTER
Say = Callable[[str], None]


class Result(msgspec.Struct, frozen=True):
    """What a run came to."""

    seed: int
    struck: tuple[Struck, ...]
    verdict: Verdict
    articles: int
    calls: int
    messages: int
    seconds: float
    said: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong, and the strikes prove it."""
        return self.verdict.holds and not unproven(self.struck)


def play(seed: int, faults: int, say: Say) -> Result:
    """Strike with so many faults, :data:`MOST_FAULTS` at most, by the schedule of this seed."""
    planned = schedule(seed, faults)
    printed = editions(seed, len(planned) + EDITIONS_AFTER)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="redphone-chaos-") as folder, Newspapers() as newspapers:
        home = Path(folder)
        with GatedSlack() as slack, Plant(home, slack, newspapers.catalogue()) as plant:
            with plant.connect() as connection:
                install(connection)
            plant.wait_until_up()
            with Watch(plant.url) as watch:
                scene = Scene(newspapers, slack, plant, watch)
                for strike, edition in zip(planned, printed[: len(planned)], strict=True):
                    scene.strike(strike, edition)
                    if strike.number % 25 == 0:
                        say(f"{strike.number} of {len(planned)} strikes, {time.monotonic() - started:.0f} s")
                for edition in printed[len(planned) :]:  # work goes on when nobody strikes any more
                    scene.print(edition)
                scene.rest(say)
            with db.reading(db.sessions_for(plant.url)) as session:
                disturbed = ledger.history(session)
            channel = tuple(slack.told)
            said = plant.said()
        shown = newspapers.shown([one for edition in printed for one in edition])
        verdict = judge(shown, undisturbed.play(newspapers.catalogue(), home), disturbed, channel)
    return Result(
        seed=seed,
        struck=tuple(watch.struck),
        verdict=verdict,
        articles=disturbed.stored,
        calls=disturbed.rows,
        messages=len(channel),
        seconds=time.monotonic() - started,
        said=said,
    )


class Scene(msgspec.Struct, frozen=True):
    """Those who play: who prints, who is told, who works, who looks on."""

    newspapers: Newspapers
    slack: GatedSlack
    plant: Plant
    watch: Watch

    def print(self, edition: Sequence[Printed]) -> None:
        self.newspapers.show(edition)
        self.watch.shown([(self.newspapers.key(one), self.newspapers.feed_of(one)) for one in edition])

    def strike(self, strike: Strike, edition: Sequence[Printed]) -> None:
        """Print an edition, wait until something is under way at the step, and strike."""
        one = edition[0]
        with trap(strike.step, one, self.newspapers, self.slack, self.plant.connect) as caught:
            self.print(edition)
            under_way = caught()
            time.sleep(strike.pause_s)
            announcement = self.watch.in_hand() if strike.step in ("post", "settle") else None
            at = time.monotonic()
            met = [strikes.carry_out(fault, strike.step, self.plant, self.slack) for fault in strike.faults]
        self.watch.struck.append(
            Struck(
                number=strike.number,
                step=strike.step,
                faults=strike.faults,
                under_way=under_way,
                article=self.newspapers.key(one),
                announcement=announcement,
                at=at,
                missed=met.count(False),
            )
        )

    def rest(self, say: Say) -> None:
        """Wait until nothing is left to do, or what is left has not become other or less for so long."""
        before, since = [""], time.monotonic()
        while (left := self.watch.unfinished()) and time.monotonic() - since < REST_S:
            if left != before:
                before, since = left, time.monotonic()
            time.sleep(1.0)
        say(f"{len(left)} left" if left else "at rest")


def to_stderr(line: str) -> None:
    """Say a line of progress."""
    sys.stderr.write(f"chaos: {line}\n")
