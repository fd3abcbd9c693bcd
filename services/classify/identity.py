"""Which reports tell of the same call.

`resolve` is a function of the *set* of reports: it sorts them itself, so the order in which articles arrive changes
nothing. For each set of persons it first joins what has a day, then asks where the loose reports belong (no day, a
month, a plan, a denial), and last those that name a leader by office alone. A link never rests on one sign: each
carries what agreed and what spoke against it. Two reports of one article are two calls.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Literal

import msgspec

from services.classify.lengths import same_length
from services.classify.spans import DAY, RECENT, Span, span_of, span_on
from shared.records import OVER, Participant, StoredReport

HOUR = dt.timedelta(hours=1)
#: Two starts of one call, as two papers tell them, lie closer than this.
SAME_HOUR = 3 * HOUR
#: A background report without a day tells of a call at least this old.
SETTLED = 5 * DAY
#: A plan is kept up to this many days late and is still the same call.
PLAN_SLIPS = 2
#: One that was put off is held within so many days, or it is another call.
PUT_OFF = 7
#: A misprinted day ("4/12" for "14/12") is looked for this far away.
MISPRINT_DAYS = 10
#: Beyond this a report without a day may tell of a call that the record does not know.
FRESH = 5 * DAY
#: Days within which calls are counted as of a week; and of a day or two, by whichever clock.
_WEEK, _SHORTLY = 7, 3
#: After so long the sources agree on how long a call was.
LENGTH_SETTLES = 3 * DAY


class Bond(msgspec.Struct, frozen=True):
    """A person's word on two reports, by their keys. It outweighs every rule; `reason` is kept for the record."""

    kind: Literal["together", "apart"]
    a: str
    b: str
    reason: str = ""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Why a report belongs to its call."""

    key: str
    agreed: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """A call: its reports in order of publication, a link for each, and when it can have been."""

    members: tuple[StoredReport, ...]
    links: tuple[Link, ...]
    span: Span
    maybe_second: bool = False

    def link(self, key: str) -> Link:
        """The link of the report with this key. Raises KeyError where it is no member."""
        for link in self.links:
            if link.key == key:
                return link
        raise KeyError(key)


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """A report as identity sees it. `who` holds a key for each participant, None where only the country is known."""

    stored: StoredReport
    span: Span
    who: tuple[tuple[str, str | None], ...]
    stand_in: bool = False

    @property
    def key(self) -> str:
        """The key of the stored report."""
        return self.stored.key

    @property
    def over(self) -> bool:
        """Whether the report tells the call as held or under way."""
        return self.stored.report.status in OVER

    @property
    def hinted(self) -> bool:
        """Whether the text says that this is a second call within a day or two."""
        return self.second_within is not None and self.second_within <= 2

    @property
    def second_within(self) -> int | None:
        """The number of days in which the text counts this as a second call or a later one, a week at most."""
        counted = [claim for claim in self.stored.report.claims if claim.scope == "days" and claim.ordinal > 1]
        spans = [claim.days for claim in counted if claim.days is not None]
        return min((days for days in spans if days <= _WEEK), default=None)


def person_key(participant: Participant) -> str | None:
    """What a participant is known by: the id in the leaders' data, else the name; None for an office alone."""
    return participant.person or (participant.name.casefold() if participant.name else None)


def persons_of(participants: Iterable[Participant]) -> str:
    """The set of persons as one string, sorted; an unresolved one stands as "?" and the country."""
    return "|".join(sorted(person_key(p) or f"?{p.country or ''}" for p in participants))


def countries_of(participants: Iterable[Participant]) -> str:
    """The countries as one string, sorted: "RU-US". An unknown one is "??"."""
    return "-".join(sorted(p.country or "??" for p in participants))


def resolve(
    reports: Sequence[StoredReport], bonds: Sequence[Bond] = (), days: Mapping[str, dt.date] = MappingProxyType({})
) -> tuple[Cluster, ...]:
    """Group reports into calls, in order of their first report.

    `days` are those that a person has set, by the keys of reports: on these the call is found too. The answer depends
    on the set of reports, bonds and days alone. Reports of other countries never meet, so it is enough to hand over
    those of one set of countries.
    """
    stand_ins = {stored.key: _stand_in(stored, days[stored.key]) for stored in reports if stored.key in days}
    sights = sorted((*map(_sight, reports), *stand_ins.values()), key=_published)
    by_countries: dict[str, list[Sight]] = defaultdict(list)
    for sight in sights:
        by_countries[countries_of(sight.stored.report.participants)].append(sight)
    groups = [group for some in by_countries.values() for group in _resolve_countries(some, _Barred(bonds))]
    set_by_hand = [Bond("together", key, sight.key, "a day set by hand") for key, sight in stand_ins.items()]
    joined = _joined_by_hand(groups, [*bonds, *set_by_hand])
    for group in joined:
        group.sights = [sight for sight in group.sights if not sight.stand_in]
    return tuple(sorted((group.cluster() for group in joined), key=_first))


def _sight(stored: StoredReport) -> Sight:
    who = sorted((p.country or "??", person_key(p)) for p in stored.report.participants)
    return Sight(stored=stored, span=span_of(stored), who=tuple((c, k) for c, k in who))


def _stand_in(stored: StoredReport, day: dt.date) -> Sight:
    """A report as it would be seen if its text had the day that a person has set."""
    key = f"{stored.key}@{day}"
    sight = _sight(msgspec.structs.replace(stored, key=key, article=key))
    return msgspec.structs.replace(sight, span=span_on(day, stored.report.countries), stand_in=True)


_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def _published(sight: Sight) -> tuple[dt.datetime, str]:
    return sight.stored.published_at or _NEVER, sight.key


def _first(cluster: Cluster) -> tuple[dt.datetime, str]:
    return cluster.members[0].published_at or _NEVER, cluster.members[0].key


class _Barred:
    """What can never be one call: two reports of one article, and what a hand has set apart."""

    def __init__(self, bonds: Sequence[Bond]) -> None:
        self._apart = {frozenset((bond.a, bond.b)) for bond in bonds if bond.kind == "apart"}

    def apart(self, one: Sight, other: Sight) -> bool:
        """Whether a hand has set these two reports apart, in either order."""
        return bool(self._apart) and frozenset((one.key, other.key)) in self._apart

    def __call__(self, one: Sight, other: Sight) -> bool:
        return one.stored.article == other.stored.article or self.apart(one, other)


class _Group:
    """A call while it is put together."""

    def __init__(self, sights: Iterable[Sight], agreed: tuple[str, ...] = ()) -> None:
        self.sights: list[Sight] = []
        self.links: dict[str, Link] = {}
        self.maybe_second = False
        self.span = Span(earliest=None, latest=None, grade="open")
        for sight in sights:
            self.add(sight, agreed)

    def add(self, sight: Sight, agreed: tuple[str, ...] = (), against: tuple[str, ...] = ()) -> None:
        """Take in a report, with the reasons for it and against it; the span narrows to what both leave."""
        self.links[sight.key] = Link(key=sight.key, agreed=agreed, against=against)
        self.span = sight.span if not self.sights else _narrowed(self.span, sight.span)
        self.sights.append(sight)

    def absorb(self, other: _Group, agreed: tuple[str, ...], against: tuple[str, ...]) -> None:
        """Take in all reports of another call, in order of publication, with the same reasons. `other` stays as is."""
        for sight in sorted(other.sights, key=_published):
            self.add(sight, agreed, against)
        self.maybe_second |= other.maybe_second

    def barred(self, sights: Iterable[Sight], barred: _Barred) -> bool:
        """Whether one of these reports can never be one call with one that is here."""
        return any(barred(mine, theirs) for mine in self.sights for theirs in sights)

    @property
    def who(self) -> tuple[tuple[str, str | None], ...]:
        """A country and key for each participant, from the report that names most; of equals the first added."""
        return max((sight.who for sight in self.sights), key=lambda who: sum(key is not None for _, key in who))

    @property
    def over_since(self) -> dt.datetime:
        """When the call was first told as held or under way."""
        return min((_published(s)[0] for s in self.sights if s.over), default=_NEVER)

    @property
    def may_still_come(self) -> bool:
        """Whether the call may still come: no report tells it as held or under way, and none denies it, unless as put
        off."""
        if any(sight.over for sight in self.sights):
            return False
        return self.put_off or not any(sight.stored.report.status == "denied" for sight in self.sights)

    @property
    def put_off(self) -> bool:
        """Whether a report puts the call off, and none calls it off for good."""
        denials = {sight.stored.report.denial for sight in self.sights}
        return "postponed" in denials and not denials & {"cancelled", "refused"}

    @property
    def moment(self) -> dt.datetime:
        """One moment to order calls by: the start of a known day, else the first article's time."""
        if self.span.day is not None and self.span.earliest is not None:
            return self.span.earliest
        first = min(_published(sight)[0] for sight in self.sights)
        if self.span.grade == "bounds" and self.span.latest is not None:
            return min(self.span.latest, first)
        return first

    def cluster(self) -> Cluster:
        """The call as a value, its reports and their links in order of publication."""
        members = sorted(self.sights, key=_published)
        return Cluster(
            members=tuple(sight.stored for sight in members),
            links=tuple(self.links[sight.key] for sight in members),
            span=self.span,
            maybe_second=self.maybe_second,
        )


_GRADES = {"hour": 0, "day": 1, "bounds": 2, "open": 3}


def _narrowed(one: Span, other: Span) -> Span:
    """What two reports of one call leave of its span. The firmer decides where they do not meet."""
    firm, loose = (one, other) if _GRADES[one.grade] <= _GRADES[other.grade] else (other, one)
    if not firm.meets(loose):
        return firm
    earliest = max((e for e in (one.earliest, other.earliest) if e is not None), default=None)
    latest = min((e for e in (one.latest, other.latest) if e is not None), default=None)
    return msgspec.structs.replace(firm, earliest=earliest, latest=latest)


# --- the reports of one set of countries ---------------------------------------------------------------------------


def _resolve_countries(sights: Sequence[Sight], barred: _Barred) -> list[_Group]:
    whole: dict[tuple[tuple[str, str | None], ...], list[Sight]] = defaultdict(list)
    partly: dict[tuple[tuple[str, str | None], ...], list[Sight]] = defaultdict(list)
    for sight in sights:
        (partly if any(key is None for _, key in sight.who) else whole)[sight.who].append(sight)
    groups = [group for who in sorted(whole) for group in _resolve_persons(whole[who], barred)]
    for who in sorted(partly, key=str):
        groups += _resolve_partly(partly[who], groups, barred)
    return groups


def _resolve_partly(sights: Sequence[Sight], groups: list[_Group], barred: _Barred) -> list[_Group]:
    """Reports that name a leader by office alone join the one call that fits; the rest are calls of their own."""
    left = []
    for sight in sorted(sights, key=_loose_order):
        fitting = [group for group in groups if _could_be(sight.who, group.who)]
        found = _near_day(sight, fitting, barred) if sight.span.day else _place(sight, fitting, barred)
        if found is None or len({group.who for group in _rivals(sight, found, fitting, barred)}) > 1:
            left.append(sight)
        else:
            found.add(sight, ("same countries, one call fits", *_why(sight, found)), ("a leader is not named",))
    return _resolve_persons(left, barred)


def _could_be(partly: tuple[tuple[str, str | None], ...], whole: tuple[tuple[str, str | None], ...]) -> bool:
    left = list(whole)
    for country, key in sorted(partly, key=lambda one: one[1] is None):
        found = next((one for one in left if one[0] == country and key in (None, one[1])), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _rivals(sight: Sight, found: _Group, groups: Iterable[_Group], barred: _Barred) -> list[_Group]:
    near = [g for g in groups if abs(g.moment - found.moment) <= RECENT and not g.barred([sight], barred)]
    return [group for group in near if group is found or sight.span.meets(group.span)]


def _near_day(sight: Sight, groups: Iterable[_Group], barred: _Barred) -> _Group | None:
    near = [g for g in groups if (apart := _days_apart(sight.span, g.span)) is not None and apart <= 1]
    loose = [g for g in groups if g.span.day is None and sight.span.meets(g.span)]
    free = [group for group in near or loose if not group.barred([sight], barred)]
    return min(free, key=lambda group: (_days_apart(sight.span, group.span) or 0, group.moment), default=None)


def _days_apart(one: Span, other: Span) -> int | None:
    return None if one.day is None or other.day is None else abs((one.day - other.day).days)


def _resolve_persons(sights: Sequence[Sight], barred: _Barred) -> list[_Group]:
    groups = _misprints(_moved_plans(_neighbours(_days(sights, barred), barred), barred), barred)
    for sight in sorted((s for s in sights if s.span.day is None), key=_loose_order):
        found = _place(sight, groups, barred)
        if found is None:
            groups.append(_Group([sight], ("founds the call",)))
        else:
            undated = sight.over and sight.stored.report.news and sight.span.grade == "open"
            old = undated and _published(sight)[0] - found.moment > FRESH
            against = (f"no day given, {_age(sight, found)} days after",) if old else ()
            found.add(sight, ("same persons", *_why(sight, found)), against)
    return groups


# --- reports with a day --------------------------------------------------------------------------------------------


def _days(sights: Sequence[Sight], barred: _Barred) -> list[_Group]:
    """One group for each day, and two where the text shows two calls on it."""
    by_day: dict[dt.date, list[Sight]] = defaultdict(list)
    for sight in sights:
        if sight.span.day is not None:
            by_day[sight.span.day].append(sight)
    groups = []
    for day, some in sorted(by_day.items()):
        agreed = ("same persons", f"same day {day.isoformat()}")
        groups += [_Group(part, agreed) for part in _parts_of_day(some, barred)]
    return groups


def _later_of_two(sights: Iterable[Sight]) -> list[Sight]:
    """The second reports of articles that tell of two calls on one day."""
    by_article: dict[str, list[Sight]] = defaultdict(list)
    for sight in sights:
        by_article[sight.stored.article].append(sight)
    return [second for some in by_article.values() for second in sorted(some, key=_by_ordinal)[1:2]]


def _by_ordinal(sight: Sight) -> tuple[int, str]:
    """The place of a report among those of its article, which its key ends with: "#10" behind "#9"."""
    return len(sight.key), sight.key


def _parts_of_day(sights: list[Sight], barred: _Barred) -> list[list[Sight]]:
    """Split the reports of one day by their hours, by "the second today", and by hand."""
    parts: list[list[Sight]] = [[]]
    starts = sorted({s.stored.report.when.start for s in sights if s.stored.report.when.start is not None})
    late = [start for start in starts if start - starts[0] > SAME_HOUR]
    hinted = [sight for sight in sights if sight.hinted]
    if late:
        parts = [[s for s in sights if not _second(s, late[0])], [s for s in sights if _second(s, late[0])]]
    elif hinted and len(hinted) < len(sights):
        told = min(_published(sight) for sight in hinted)
        articles = {sight.stored.article for sight in hinted}
        early = [s for s in sights if not s.hinted and (_published(s) < told or s.stored.article in articles)]
        first = [s for s in sights if s in early or (not s.hinted and _rather_of(s, early, hinted))]
        parts = [first, [s for s in sights if s not in first]]
    elif told_twice := _later_of_two(sights):
        parts = [[s for s in sights if s not in told_twice], told_twice]
    else:
        parts = [sights]
    return [free for part in parts if part for free in _set_apart(part, barred)]


def _rather_of(sight: Sight, some: Sequence[Sight], others: Sequence[Sight]) -> bool:
    """Whether a report tells the part of the day or the length of one call of a day and not those of the other."""
    return _tells_like(sight, some) and not _tells_like(sight, others)


def _tells_like(sight: Sight, others: Iterable[Sight]) -> bool:
    mine = sight.stored.report
    for theirs in (other.stored.report for other in others):
        same_part = mine.when.day_part is not None and mine.when.day_part == theirs.when.day_part
        if same_part or any(same_length(one, other) for one in mine.durations for other in theirs.durations):
            return True
    return False


def _second(sight: Sight, start: dt.datetime) -> bool:
    told = sight.stored.report.when.start
    return told >= start - SAME_HOUR / 2 if told is not None else sight.hinted or _published(sight)[0] > start


def _set_apart(sights: list[Sight], barred: _Barred) -> list[list[Sight]]:
    parts: list[list[Sight]] = []
    for sight in sights:
        part = next((p for p in parts if not any(barred.apart(sight, other) for other in p)), None)
        if part is None:
            parts.append([sight])
        else:
            part.append(sight)
    return parts


def _neighbours(groups: list[_Group], barred: _Barred) -> list[_Group]:
    """Join days that lie side by side where one call explains both: a time zone, or a slip of the pen."""
    kept: list[_Group] = []
    for group in sorted(groups, key=lambda g: (-len(g.sights), g.span.day, g.moment)):
        base = next((k for k in kept if _days_apart(k.span, group.span) == 1 and _one_call(k, group, barred)), None)
        if base is None:
            kept.append(group)
            continue
        zones = base.span.meets(group.span)
        days = f"{group.span.day} beside {base.span.day}"
        base.maybe_second |= not zones or _told_apart(base, group)
        base.absorb(
            group,
            ("same persons", f"{days}: one moment in two time zones" if zones else "told days later"),
            () if zones else (f"{days}: the article is a day off",),
        )
    return sorted(kept, key=attrgetter("moment"))


def _one_call(base: _Group, group: _Group, barred: _Barred) -> bool:
    later = max(base, group, key=lambda g: g.moment)
    if base.barred(group.sights, barred) or any(sight.hinted for sight in later.sights):
        return False
    return base.span.meets(group.span) or not any(map(_fresh, group.sights))


def _fresh(sight: Sight) -> bool:
    """Whether the article came out while its day was still yesterday or today: then it knows its day."""
    published, latest = sight.stored.published_at, sight.span.latest
    if published is None or latest is None or sight.span.earliest is None:
        return True
    return sight.stored.report.news and published <= sight.span.earliest + 2.5 * DAY


def _told_apart(one: _Group, other: _Group) -> bool:
    """Whether both days were first told half a day or more apart, as two calls would be."""
    return one.over_since != _NEVER != other.over_since and abs(one.over_since - other.over_since) >= 12 * HOUR


def _moved_plans(groups: list[_Group], barred: _Barred) -> list[_Group]:
    """A plan whose day passed and a call held a day or two later, or planned anew for then, are one call."""
    for plan in sorted((group for group in groups if group.may_still_come), key=attrgetter("moment")):
        later = [g for g in groups if g is not plan and not g.barred(plan.sights, barred) and _kept(plan, g)]
        if later:
            base = min(later, key=attrgetter("moment"))
            instead = "held on" if base.over_since != _NEVER else "planned anew for"
            base.absorb(plan, ("same persons", f"planned for {plan.span.day}"), (f"{instead} {base.span.day}",))
            groups.remove(plan)
    return groups


def _kept(plan: _Group, later: _Group) -> bool:
    """Whether a plan came about, or was made anew, on a later day, of which was told after the plan was."""
    if plan.span.day is None or later.span.day is None or not (later.over_since != _NEVER or later.may_still_come):
        return False
    late = (later.span.day - plan.span.day).days
    told = later.over_since if later.over_since != _NEVER else min(_published(sight)[0] for sight in later.sights)
    return (
        0 < late <= (PUT_OFF if plan.put_off else PLAN_SLIPS)
        and max(_published(sight)[0] for sight in plan.sights) < told
    )


def _misprints(groups: list[_Group], barred: _Barred) -> list[_Group]:
    """A day that only background tells, one digit off a known call of that month, is taken as a misprint of it."""
    for group in [g for g in groups if not any(sight.stored.report.news for sight in g.sights)]:
        near = [g for g in groups if g is not group and _digit_off(group, g) and not g.barred(group.sights, barred)]
        known = [g for g in near if any(sight.stored.report.news for sight in g.sights)]
        if len(known) == 1:
            days = f"{group.span.day} for {known[0].span.day}"
            known[0].absorb(group, ("same persons", "told as background only"), (f"{days}: one digit off",))
            groups.remove(group)
    return groups


def _digit_off(group: _Group, other: _Group) -> bool:
    one, two = group.span.day, other.span.day
    if one is None or two is None or (one.year, one.month) != (two.year, two.month):
        return False
    a, b = sorted((str(one.day), str(two.day)), key=len)
    replaced = len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
    dropped = len(a) < len(b) and a in b
    return (replaced or dropped) and abs(one - two) <= MISPRINT_DAYS * DAY


# --- reports without a day -----------------------------------------------------------------------------------------


def _loose_order(sight: Sight) -> tuple[int, dt.datetime, str]:
    """What is told as done first, then plans, denials and background."""
    report = sight.stored.report
    rank = 3 if not report.news else {"held": 0, "ongoing": 0, "planned": 1, "proposed": 1, "denied": 2}[report.status]
    return (rank, *_published(sight))


def _place(sight: Sight, groups: Iterable[_Group], barred: _Barred) -> _Group | None:
    """The call that a report without a day tells of, None where none fits."""
    if sight.stored.published_at is None:
        return None
    free = [group for group in groups if not group.barred([sight], barred)]
    if not sight.over:
        find = _place_denied if sight.stored.report.status == "denied" else _place_plan
        return find(sight, free)
    found = _place_recent(sight, free) if sight.stored.report.news else _place_old(sight, free)
    within = sight.second_within
    if within is not None and found is not None and not _is_second(found, groups, max(within, _SHORTLY) * DAY):
        return None
    return found


def _is_second(found: _Group, groups: Iterable[_Group], within: dt.timedelta) -> bool:
    """Whether a call can be the one that a text calls the second: another stands shortly before it."""
    if any(member.second_within is not None for member in found.sights):
        return True
    return any(g is not found and dt.timedelta(0) <= found.moment - g.moment <= within for g in groups)


def _latest(groups: Iterable[_Group], fits: Callable[[_Group], bool]) -> _Group | None:
    return max((g for g in groups if fits(g)), key=attrgetter("moment"), default=None)


def _place_recent(sight: Sight, groups: list[_Group]) -> _Group | None:
    """Told as news without a day: the last call before the article, within the bounds that the text sets."""
    within = [
        group
        for group in groups
        if (group.moment <= _published(sight)[0] or group.may_still_come) and not _another_length(sight, group)
    ]
    exact = _latest(within, lambda g: sight.span.meets(g.span))
    return exact or _latest(within, lambda g: sight.span.meets(g.span, sight.span.slack))


def _another_length(sight: Sight, group: _Group) -> bool:
    """Whether a report that comes days later gives a length that none of the call's reports gives: another call. On
    the first days sources still differ on one."""
    told = [duration for member in group.sights for duration in member.stored.report.durations]
    own = sight.stored.report.durations
    differ = bool(told) and bool(own) and not any(same_length(one, other) for one in own for other in told)
    return differ and _published(sight)[0] - group.moment > LENGTH_SETTLES


def _place_old(sight: Sight, groups: list[_Group]) -> _Group | None:
    """Told as background: within its bounds where it has any, else the last call that is old enough."""
    over = [group for group in groups if group.over_since != _NEVER]
    if sight.span.grade == "bounds":
        return _place_recent(sight, over)
    published = _published(sight)[0]
    settled = _latest(over, lambda g: g.moment <= published - SETTLED)
    return settled or _latest(over, lambda g: g.moment <= published)


def _place_plan(sight: Sight, groups: list[_Group]) -> _Group | None:
    """A plan or a wish looks ahead: the next call that was not yet told as held when the article came; other wishes
    where there is none."""
    published = _published(sight)[0]
    ahead = [g for g in groups if _still_open(g, published) and sight.span.meets(g.span, sight.span.slack)]
    return min(ahead, key=lambda group: (_is_wished(group), group.moment), default=None)


def _is_wished(group: _Group) -> bool:
    return all(sight.stored.report.status == "proposed" for sight in group.sights)


def _still_open(group: _Group, published: dt.datetime) -> bool:
    """Whether the call was neither told as held nor denied before `published`."""
    settled = [_published(s)[0] for s in group.sights if s.over or s.stored.report.status == "denied"]
    return min(settled, default=_NEVER) > published


def _place_denied(sight: Sight, groups: list[_Group]) -> _Group | None:
    """A denial belongs to the plan it ends, to denials of the same days, or to the call that it disputes."""
    published = _published(sight)[0]
    disputes = sight.stored.report.denial in (None, "denied")
    near = [
        g for g in groups
        if sight.span.meets(g.span)
        and (g.over_since == _NEVER or (disputes and dt.timedelta(0) <= published - g.moment <= FRESH))
    ]  # fmt: skip
    return min(near, key=lambda g: (g.over_since != _NEVER, abs(published - g.moment)), default=None)


def _why(sight: Sight, group: _Group) -> tuple[str, ...]:
    """What agreed, for the trace of a report without a day."""
    report = sight.stored.report
    if sight.span.grade == "bounds":
        return (f"“{report.when.text or report.when.date}” holds it",)
    if report.status == "planned":
        return ("the next call after this plan",)
    if report.status == "proposed":
        return ("the next call after this wish",)
    if report.status == "denied":
        return ("the call that it denies",)
    return (f"no day given: the last call before, {_age(sight, group)} days",)


def _age(sight: Sight, group: _Group) -> int:
    return max(0, round((_published(sight)[0] - group.moment) / DAY))


# --- hands ---------------------------------------------------------------------------------------------------------


def _joined_by_hand(groups: list[_Group], bonds: Sequence[Bond]) -> list[_Group]:
    """Put together what a person has put together."""
    for bond in sorted((b for b in bonds if b.kind == "together"), key=lambda b: (b.a, b.b)):
        one = next((g for g in groups if bond.a in g.links), None)
        other = next((g for g in groups if bond.b in g.links), None)
        if one is not None and other is not None and one is not other:
            one.absorb(other, (f"by hand: {bond.reason}" if bond.reason else "by hand",), ())
            groups.remove(other)
    return groups
