"""Names that last: which id a call keeps, and which number a report of a re-read article keeps.

A call keeps its id when a later report moves its day, splits it or joins it to another: the id is opaque, and follows
the report that came in first. It is derived from that report's key, so that a replay gives the same ids.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from services.classify.identity import Cluster, countries_of, persons_of
from shared.records import Report


class Member(msgspec.Struct, frozen=True):
    """Where a stored report stands: its call, and a number that grows in the order in which reports came in."""

    call_id: str
    arrived: int


def name_calls(clusters: Sequence[Cluster], members: Mapping[str, Member]) -> list[str]:
    """An id for each cluster; `members` maps the keys of the stored reports to where they stand.

    An id goes where its oldest report goes; of several the oldest stays. A cluster that none comes to gets a new one.
    """
    founders: dict[str, tuple[int, str]] = {}
    for key, member in members.items():
        arrival = (member.arrived, key)
        founders[member.call_id] = min(founders.get(member.call_id, arrival), arrival)
    home = {stored.key: number for number, cluster in enumerate(clusters) for stored in cluster.members}
    names: dict[int, str] = {}
    for call_id, (_, key) in sorted(founders.items(), key=lambda founder: founder[1]):
        names.setdefault(home[key], call_id)
    taken = set(founders)
    for number, cluster in enumerate(clusters):
        if number not in names:
            names[number] = next(name for name in _new_names(cluster) if name not in taken)
            taken.add(names[number])
    return [names[number] for number in range(len(clusters))]


def _new_names(cluster: Cluster) -> Iterator[str]:
    for attempt in itertools.count():
        for stored in cluster.members:
            yield call_id_of(f"{stored.key}+{attempt}" if attempt else stored.key)


def call_id_of(key: str) -> str:
    """The id of a call that the report with this key founds."""
    return "c" + hashlib.sha256(key.encode()).hexdigest()[:15]


def numbered(old: Mapping[int, Report], new: Sequence[Report]) -> list[int]:
    """A number for each report of a new reading: that of the old report which tells of the same persons, in the same
    role and on the same day as far as can be; the next free ones for what the old reading did not have."""
    left = dict(old)
    numbers: list[int | None] = [None] * len(new)
    for likeness in (_same, _same_role, _same_persons, _same_countries):
        for position, report in enumerate(new):
            if numbers[position] is None:
                numbers[position] = next((n for n, other in sorted(left.items()) if likeness(report, other)), None)
                left.pop(numbers[position], None)  # type: ignore[arg-type]  # None is no key
    free = itertools.count(max(old, default=-1) + 1)
    return [number if number is not None else next(free) for number in numbers]


def _same(one: Report, other: Report) -> bool:
    return _same_role(one, other) and one.when.date == other.when.date


def _same_role(one: Report, other: Report) -> bool:
    return _same_persons(one, other) and one.news == other.news


def _same_persons(one: Report, other: Report) -> bool:
    return persons_of(one.participants) == persons_of(other.participants)


def _same_countries(one: Report, other: Report) -> bool:
    return countries_of(one.participants) == countries_of(other.participants)
