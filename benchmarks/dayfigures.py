"""The figures of a day: what its first hours and its last ones cost, held and kept waiting. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import mean

import msgspec

from benchmarks.table import Row, Section, figure, times
from benchmarks.traffic import HOURS
from benchmarks.usage import Usage

TITLE = "24 hours of traffic, compressed (Redis, PostgreSQL, Celery workers, stand-in for Slack)"
#: Hours of the day with the same load: the first ones when every newspaper was asked a few times.
FIRST, LAST = (3.0, 6.0), (21.0, 24.0)
OURS = ("ingest", "classify", "notify", "beat", "status")
SERVERS = ("PostgreSQL", "Redis")


Measure = Callable[[Sequence["Sample"], tuple[float, float], Sequence[str]], float]


class Sample(msgspec.Struct, frozen=True):
    """One look at everything: the hour of the day, what each part uses, how many articles were stored, and what waits
    at each stage."""

    hour: float
    usage: Mapping[str, Usage]
    stored: int
    waiting: Mapping[str, int]


class Fate(msgspec.Struct, frozen=True):
    """What became of the day: in words what was lost and doubled; what waits at the end, whether `/readyz` says yes."""

    articles: int
    calls: int
    messages: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    waiting: Mapping[str, int]
    ready: bool


def cost_ms(samples: Sequence[Sample], span: tuple[float, float], parts: Sequence[str]) -> float:
    """Processor time of these parts for an article that was stored between two hours, in ms."""
    within = _within(samples, span)
    first, last = within[0], within[-1]
    used = sum(last.usage[part].cpu_s - first.usage[part].cpu_s for part in parts)
    return 1000 * used / max(1, last.stored - first.stored)


def memory_mb(samples: Sequence[Sample], span: tuple[float, float], parts: Sequence[str]) -> float:
    """What these parts held between two hours on average, in MB."""
    return mean(sum(sample.usage[part].mb for part in parts) for sample in _within(samples, span))


def most_waiting(samples: Sequence[Sample]) -> tuple[str, int]:
    """The stage at which most ever waited, and how much."""
    every = [(count, stage) for sample in samples for stage, count in sample.waiting.items()]
    count, stage = max(every)
    return stage, count


def section(samples: Sequence[Sample], fate: Fate, papers: int, minutes: float) -> Section:
    """The table of a day."""
    parts = (*OURS, *SERVERS)
    stage, most = most_waiting(samples)
    rows = (
        Row("articles stored; calls; messages", f"{fate.articles:,}; {fate.calls:,}; {fate.messages:,}"),
        Row("lost: articles, calls, alerts", str(len(fate.lost)), goal="0"),
        Row("doubled: rows, first alerts, messages", str(len(fate.doubled)), goal="0"),
        Row("waiting at the end, at all stages", str(sum(fate.waiting.values())), goal="0"),
        Row(f"… the most during the day ({stage})", f"{most:,}"),
        _compared("processor time for an article, last hours, ms", cost_ms, samples, parts, "≤ 1.1×"),
        *(_compared(f"… {part}", cost_ms, samples, (part,)) for part in parts),
        _compared("memory of Redphone's processes, last hours, MB", memory_mb, samples, OURS, "flat"),
        *(_compared(f"… {part}", memory_mb, samples, (part,)) for part in parts),
    )
    return Section(TITLE, rows, _notes(samples, papers, minutes, parts))


def _compared(name: str, measure: Measure, samples: Sequence[Sample], parts: Sequence[str], goal: str = "") -> Row:
    first, last = measure(samples, FIRST, parts), measure(samples, LAST, parts)
    return Row(name, figure(last), f"first hours: {figure(first)}", times(last / first) if first else "–", goal)


def _notes(samples: Sequence[Sample], papers: int, minutes: float, parts: Sequence[str]) -> tuple[str, ...]:
    by_hour = ", ".join(
        figure(cost_ms(samples, (hour, hour + 1.0), parts))
        for hour in range(len(HOURS))
        if len(_within(samples, (hour, hour + 1.0))) > 1
    )
    return (
        f"From noon to noon in {minutes:.0f} minutes: {papers} newspapers, each asked once a minute, a tenth of them "
        "with article pages; a quiet night, three bursts. The traffic alone is compressed: leases, rests, ticks and a "
        "message a second are real ones, so polls and ticks weigh less on an article than in a real day.",
        f"First hours: {FIRST[0]:.0f} to {FIRST[1]:.0f}; last hours: {LAST[0]:.0f} to {LAST[1]:.0f}, with the same "
        "load. Memory is the proportional share (PSS) of a part's processes; in PostgreSQL's are its buffers, 128 MB "
        "when they are full.",
        f"Processor time for an article in each hour, ms: {by_hour}.",
    )


def _within(samples: Sequence[Sample], span: tuple[float, float]) -> list[Sample]:
    return [sample for sample in samples if span[0] <= sample.hour <= span[1]]
