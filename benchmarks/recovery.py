"""How long work waits after a kill: one worker or its pool at a time, struck at work, and waited for."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.chaos.newspapers import Newspapers
from benchmarks.chaos.plant import Plant
from benchmarks.chaos.run import Scene
from benchmarks.chaos.schedule import STEPS, Fault, Strike
from benchmarks.chaos.stream import editions
from benchmarks.chaos.struck import Struck
from benchmarks.chaos.traps import GatedSlack, install
from benchmarks.chaos.watch import Watch
from benchmarks.table import Section, figure
from tests.support.servers import wait_for

KILLS = ("worker killed", "pool children killed")
ROUNDS = 2
TICK_S = 5.0
PATIENCE_S = 180.0
SEED = 11
GOAL_S = 30


def measure() -> Section:
    """Each kind of kill at each step, some rounds."""
    struck = play(ROUNDS)
    every = [one.delay_s or PATIENCE_S for one in struck]
    return Section(
        "After a kill (Redis, PostgreSQL, Celery workers)",
        (
            *((step, *(_seconds(struck, step, kill) for kill in KILLS), f"≤ {GOAL_S}") for step in STEPS),
            ("all: p50", figure(median(every)), "", ""),
            ("all: the longest", figure(max(every)), "", f"≤ {GOAL_S}"),
        ),
        (
            "Seconds from SIGKILL until the very piece of work that was in hand at this step is done, the longest of "
            f"{ROUNDS}; the worker with all its processes (its supervisor starts it again after half a second), or its "
            "pool's processes alone. Ticks of five seconds, as by default; nothing else is struck.",
            "Celery's own redelivery of such a message: 100 s to an hour.",
        ),
        ("the step struck", *KILLS, "goal"),
    )


def play(rounds: int) -> list[Struck]:
    """Kill, and wait until the work in hand is done."""
    strikes = [(step, kill) for _ in range(rounds) for kill in KILLS for step in STEPS]
    with (
        tempfile.TemporaryDirectory(prefix="redphone-recovery-") as folder,
        Newspapers() as newspapers,
        GatedSlack() as slack,
        Plant(Path(folder), slack, newspapers.catalogue(), TICK_S) as plant,
    ):
        with plant.connect() as connection:
            install(connection)
        plant.wait_until_up()
        with Watch(plant.url) as watch:
            scene = Scene(newspapers, slack, plant, watch)
            plan = zip(strikes, editions(SEED, len(strikes)), strict=True)
            for number, ((step, kill), edition) in enumerate(plan, start=1):
                scene.strike(Strike(number, step, 0.0, (Fault(kill),)), edition)
                wait_for("the struck work", lambda: watch.struck[-1].delay_s is not None, PATIENCE_S)
            return watch.struck


def _seconds(struck: Sequence[Struck], step: str, kill: str) -> str:
    found = [one.delay_s for one in struck if one.step == step and one.faults[0].name == kill and one.delay_s]
    return figure(max(found)) if found else "–"
