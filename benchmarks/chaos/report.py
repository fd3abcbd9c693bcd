"""The tables of a run: which faults met which step, what was lost or doubled, and how long struck work took. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median, quantiles

from benchmarks.chaos.histories import Verdict
from benchmarks.chaos.schedule import FAULTS, STEPS, can_meet, strikes
from benchmarks.chaos.struck import Struck
from benchmarks.table import Row, Section, figure

TITLE = "Chaos: faults at each step of the pipeline (Redis, PostgreSQL, Celery workers, stand-in for Slack)"
TABLE_TITLE = "Chaos: how many of which fault at which step, and how long struck work took"
KILLS = ("worker killed", "pool children killed")
GOAL_S = 30.0
SHOWN = 5


def sections(struck: Sequence[Struck], verdict: Verdict, stream: str, seed: int) -> tuple[Section, Section]:
    """The figures, and the table of steps and faults."""
    return _figures(struck, verdict, stream, seed), _table(struck, verdict)


def _figures(struck: Sequence[Struck], verdict: Verdict, stream: str, seed: int) -> Section:
    faults = sum(len(one.faults) for one in struck)
    aimed = sum(len(one.faults) for one in struck if one.under_way)
    kills = [one for one in struck if any(fault.name in KILLS for fault in one.faults)]
    met, idle = [one for one in kills if one.under_way], [one for one in kills if not one.under_way]
    killed, late = _delays(met), [one for one in met if (one.delay_s or 0) > GOAL_S]
    again = [since_last(struck, one) for one in met if one.delay_s is not None]
    rows = (
        Row("faults", f"{faults:,}", goal="≥ 500"),
        Row("… with something under way at the step", f"{aimed:,}"),
        Row("… that found nothing to strike: the process was dead", f"{sum(one.missed for one in struck):,}"),
        Row("lost: articles, calls, alerts", str(len(verdict.lost)), goal="0"),
        Row("doubled: rows, first alerts, messages", str(len(verdict.doubled)), goal="0"),
        Row("different from an undisturbed run: calls, members, facts", str(len(verdict.different)), goal="0"),
        Row(
            "messages that say they may be there twice",
            str(verdict.marked),
            goal="0 while the channel can be read",
        ),
        Row("a worker or its pool killed → the work in hand done: p50, s", _p(killed, 50)),
        Row("… p95, s", _p(killed, 95)),
        Row("… the longest, s", _most(killed), goal=f"≤ {GOAL_S:.0f}"),
        Row(f"… later than {GOAL_S:.0f} s", f"{len(late)} of {len(met)}"),
        Row("… the fewest further faults that one of these met before it was done", _fewest(struck, late)),
        Row("… the longest since the last fault that struck what the work needs, s", _most(again)),
        Row(
            "the same killed with nothing in hand → the next article through the step: the longest, s",
            _most(_delays(idle)),
        ),
    )
    return Section(
        TITLE,
        rows,
        (
            f"{stream} Replay it with `make chaos SEED={seed} FAULTS={faults}`.",
            "Work in hand: the article, page or alert that the strike met, until its step is done, at the rate of one "
            "message a second and with ticks of one second instead of five. A feed that showed something is asked at "
            "once: the wait for its next poll is no part of this. Faults go on while it waits, one strike every few "
            "seconds: what the work needs is its own worker, beat, Redis, PostgreSQL, the ways to them and the clock, "
            "and for a message Slack.",
            *_longest(struck),
        ),
    )


def _longest(struck: Sequence[Struck]) -> list[str]:
    """The strikes whose work took longest, in words."""
    slowest = sorted((one for one in struck if one.delay_s is not None), key=lambda one: -(one.delay_s or 0))[:SHOWN]
    told = [f"{one} ({_meanwhile(struck, one)} further faults meanwhile)" for one in slowest]
    return [f"The longest of all faults: {'; '.join(told)}."] if told else []


def _fewest(struck: Sequence[Struck], late: Sequence[Struck]) -> str:
    return str(min(_meanwhile(struck, one) for one in late)) if late else "–"


def since_last(struck: Sequence[Struck], one: Struck) -> float:
    """How long work took since the last strike, its own or a later one, that struck what it needs."""
    done = one.at + (one.delay_s or 0)
    return done - max(
        other.at
        for other in struck
        if one.at <= other.at < done
        and (other is one or any(strikes(fault, other.step, one.step) for fault in other.faults))
    )


def _most(delays: Sequence[float]) -> str:
    return figure(max(delays)) if delays else "–"


def _meanwhile(struck: Sequence[Struck], one: Struck) -> int:
    """How many faults came after a strike and before its work was done."""
    done = one.at + (one.delay_s or 0)
    return sum(len(other.faults) for other in struck if one.at < other.at < done)


def _table(struck: Sequence[Struck], verdict: Verdict) -> Section:
    header = ("fault", *STEPS, "lost", "doubled", "delay p50, s", "longest, s")
    rows = [(name, *_cells(struck, name), *_fate(_of(struck, name), verdict)) for name in FAULTS]
    rows.append(("all", *(str(_count(struck, FAULTS, step)) for step in STEPS), *_fate(struck, verdict)))
    notes = (
        "A cell is a number of faults; – where a fault cannot be aimed at the step. Delay: from the strike until the "
        "struck work is done. One strike in three is two faults at once, and its delay counts for both.",
    )
    return Section(TABLE_TITLE, tuple(rows), notes, header)


def _cells(struck: Sequence[Struck], name: str) -> list[str]:
    return [str(_count(struck, (name,), step)) if can_meet(name, step) else "–" for step in STEPS]


def _count(struck: Sequence[Struck], names: Sequence[str], step: str) -> int:
    return sum(fault.name in names for one in struck if one.step == step for fault in one.faults)


def _of(struck: Sequence[Struck], name: str) -> list[Struck]:
    return [one for one in struck if any(fault.name == name for fault in one.faults)]


def _fate(struck: Sequence[Struck], verdict: Verdict) -> tuple[str, ...]:
    """Of how many strikes the work was lost, of how many doubled, and how long it took."""
    delays = _delays(struck)
    span = (figure(median(delays)), figure(max(delays))) if delays else ("–", "–")
    return (*(str(sum(_named(one, words) for one in struck)) for words in (verdict.lost, verdict.doubled)), *span)


def _named(one: Struck, found: Sequence[str]) -> bool:
    return any(name in words for words in found for name in (one.article, one.announcement) if name)


def _delays(struck: Iterable[Struck]) -> list[float]:
    return [one.delay_s for one in struck if one.delay_s is not None]


def _p(delays: Sequence[float], percent: int) -> str:
    if len(delays) < 2:
        return figure(delays[0]) if delays else "–"
    return figure(quantiles(delays, n=100, method="inclusive")[percent - 1])
