"""A call as all its reports tell it.

`merge` is a function of the set of reports. All values stay, each with its evidence; the best one stands first: what
was told as news before what was told as background, exact before approximate, and between equals what most
independent sources say, then the later word. Articles that print one agency's text share one vote.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from functools import partial
from itertools import combinations
from typing import TypeVar

import msgspec

from services.classify.identity import person_key
from services.classify.lengths import length_text, same_length
from services.classify.regex import regex
from services.classify.spans import DAY, Span, bounds_of, day_of
from shared.records import (
    OVER,
    Anchor,
    CallFacts,
    Contradiction,
    Denial,
    Duration,
    Evidence,
    Initiator,
    Participant,
    Report,
    Source,
    Speaker,
    Status,
    StoredReport,
    When,
)

Value = TypeVar("Value")
#: Two texts are one origin when the shorter has this share of its word runs in the other.
SAME_TEXT = 0.6
RUN = 5
WORD = regex(r"\w+")
_EXACTNESS = {"exact": 0, "over": 1, "under": 1, "about": 2}
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def merge(reports: Sequence[StoredReport], span: Span | None = None, maybe_second: bool = False) -> CallFacts:
    """What the reports of one call say together. `span` and `maybe_second` come from its identity.

    Raises ValueError without any report: a call that nobody told of is none.
    """
    if not reports:
        raise ValueError("a call has at least one report")
    told = sorted(reports, key=_when_told)
    sources = origins(told)
    votes = _Votes(told, sources)
    status, denial = _status(told)
    day = _best_day(told, votes)
    durations = votes.ranked(lambda r: r.durations, _duration_key, lambda d: _EXACTNESS[d.bound])
    initiators = votes.ranked(lambda r: (r.initiator,) if r.initiator else (), _initiator_key)
    return CallFacts(
        participants=_participants(told),
        status=status,
        news=any(stored.report.news for stored in told),
        denial=denial,
        channel=next(iter(votes.ranked(lambda r: (r.channel,) if r.channel else (), lambda c: c)), None),
        whens=votes.ranked(partial(_whens, status=status), _when_key, lambda when: _when_rank(when, day)),
        durations=durations,
        initiators=initiators,
        anchors=votes.collected(lambda r: r.anchors, lambda a: (a.relation, a.text)),
        claims=votes.collected(lambda r: r.claims, lambda c: (c.ordinal, c.scope, c.since, c.days, c.noun)),
        topics=votes.collected(lambda r: r.topics, lambda t: (t.id or t.text, t.mode, _who(t.speaker))),
        outcomes=votes.collected(lambda r: r.outcomes, lambda o: (o.kind, o.id or o.text, o.by, o.place, o.date)),
        contradictions=_contradictions(told, durations, initiators),
        heard=_heard(votes.collected(partial(_voices, status=status), lambda speaker: (speaker.id, speaker.network))),
        sources=_standing(sources, told, status),
        evidence=tuple(dict.fromkeys(piece for stored in told for piece in stored.report.evidence)),
        date=day.isoformat() if day else _rough_date(told),
        earliest=span.earliest if span else None,
        latest=span.latest if span else None,
        maybe_second=maybe_second,
    )


def due_of(facts: CallFacts) -> dt.datetime | None:
    """When a planned call is due: its hour, else the end of its day in the last of its zones; None without a day."""
    if facts.status != "planned":
        return None
    hour = next((when.start for when in facts.whens if when.start is not None), None)
    return hour or (facts.latest if _is_day(facts.date) else None)


def dated_by(facts: CallFacts, other: CallFacts) -> CallFacts:
    """The facts with a day that is derived: a text says "the same day" of another call, and that call has its day.

    Without an anchor that names `other`, where the call has a day of its own, or where the other's day hangs on this
    very call, the facts come back as they are.
    """
    anchor = _same_day(facts, other)
    if anchor is None or not _is_day(other.date) or _is_day(facts.date):
        return facts
    if hangs_on(other, facts):
        return facts
    clue = next((_words_of(w.evidence, w.text) for w in other.whens if w.date is not None and w.evidence), None)
    clues = tuple(piece for piece in (anchor.evidence and _words_of(anchor.evidence, anchor.text), clue) if piece)
    return msgspec.structs.replace(
        facts,
        date=other.date,
        date_derived=anchor.text,
        date_clues=clues,
        earliest=other.earliest,
        latest=other.latest,
    )


def hangs_on(facts: CallFacts, other: CallFacts) -> bool:
    """Whether the day of a call is derived, and can be so from `other`."""
    return facts.date_derived is not None and _same_day(facts, other) is not None


def _same_day(facts: CallFacts, other: CallFacts) -> Anchor | None:
    return next((a for a in facts.anchors if a.relation == "same_day" and on_call(a.participants, other)), None)


def _words_of(evidence: Evidence, words: str | None) -> Evidence:
    """The piece of an evidence that holds just these words; the whole where it does not hold them."""
    at = evidence.text.find(words) if words else -1
    if at < 0 or words is None:
        return evidence
    start = evidence.start + at
    return msgspec.structs.replace(evidence, start=start, end=start + len(words), text=words)


def on_call(participants: Iterable[Participant], facts: CallFacts) -> bool:
    """Whether all of these are on the call; one without a name fits by the country."""
    known = {(p.country, person_key(p)) for p in facts.participants}
    countries = {country for country, _ in known}
    wanted = [(p.country, person_key(p)) for p in participants]
    return bool(wanted) and all(one in known or (one[1] is None and one[0] in countries) for one in wanted)


# --- sources and their votes ---------------------------------------------------------------------------------------


def origins(reports: Sequence[StoredReport]) -> tuple[Source, ...]:
    """The articles behind the reports, oldest first, each with the origin whose text it carries.

    Articles are of one origin where their whole texts are (`StoredReport.origin`), or what they quote of the call, or
    where all that a party says in them is what one person wrote on one network. It is named after its first article.
    """
    firsts: list[tuple[str, frozenset[tuple[str, ...]]]] = []
    texts: dict[str, str] = {}
    posts: dict[tuple[str, str, Status], str] = {}
    sources: dict[str, Source] = {}
    for stored in sorted(reports, key=_when_told):
        if stored.article in sources:
            continue
        runs = _runs(stored)
        same = next((name for name, other in firsts if _same_text(runs, other)), stored.article)
        if stored.origin is not None:
            same = texts.setdefault(stored.origin, same)
        post = _post(stored.report)
        if post is not None:
            same = posts.setdefault(post, same)
        firsts.append((same, runs))
        sources[stored.article] = Source(
            article=stored.article,
            outlet=stored.outlet,
            title=stored.title,
            url=stored.url,
            published_at=stored.published_at,
            origin=same,
        )
    return tuple(sources.values())


def _standing(sources: Iterable[Source], reports: Sequence[StoredReport], status: Status) -> tuple[Source, ...]:
    """The sources, each with whether it tells the status that the call has."""
    telling = {stored.article for stored in reports if stored.report.status == status}
    return tuple(msgspec.structs.replace(source, stands=source.article in telling) for source in sources)


def _post(report: Report) -> tuple[str, str, Status] | None:
    """The post that a report rests on: who wrote it, on which network, of a call of what status. None where a party
    spoke elsewhere, or more than one did: "Ông Trump viết trên Truth Social", and then the Kremlin."""
    parties = [speaker for speaker in report.heard if speaker.side]
    if len(parties) != 1 or parties[0].network is None:
        return None
    return parties[0].id, parties[0].network, report.status


def _runs(stored: StoredReport) -> frozenset[tuple[str, ...]]:
    """All runs of five words in what the report quotes."""
    text = " ".join([stored.title, *dict.fromkeys(piece.text for piece in stored.report.evidence)])
    words = WORD.findall(text.casefold())
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False))


def _same_text(one: Set[tuple[str, ...]], other: Set[tuple[str, ...]]) -> bool:
    return bool(one) and bool(other) and len(one & other) >= SAME_TEXT * min(len(one), len(other))


def _when_told(stored: StoredReport) -> tuple[dt.datetime, str]:
    return stored.published_at or _NEVER, stored.key


class _Votes:
    """The reports of a call, oldest first, with the weight of each: the articles of one origin share one vote."""

    def __init__(self, reports: Sequence[StoredReport], sources: Sequence[Source]) -> None:
        origin = {source.article: source.origin for source in sources}
        size = Counter(origin.values())
        self.weighted = [(stored, 1 / size[origin[stored.article]]) for stored in reports]

    def ranked(
        self,
        values: Callable[[Report], Iterable[Value]],
        key: Callable[[Value], Hashable],
        rank: Callable[[Value], int] = lambda _: 0,
    ) -> tuple[Value, ...]:
        """All different values, the best first: news, then `rank`, then most votes, then the later word."""
        found: dict[Hashable, Value] = {}
        news: dict[Hashable, bool] = defaultdict(bool)
        votes: dict[Hashable, float] = defaultdict(float)
        last: dict[Hashable, tuple[int, int]] = {}
        for position, (stored, weight) in enumerate(self.weighted):
            for place, value in enumerate(values(stored.report)):
                name = key(value)
                found.setdefault(name, value)
                news[name] |= stored.report.news
                votes[name] += weight
                last[name] = (-position, place)
        best = sorted(found, key=lambda n: (not news[n], rank(found[n]), -round(votes[n], 6), last[n]))
        return tuple(found[name] for name in best)

    def collected(
        self, values: Callable[[Report], Iterable[Value]], key: Callable[[Value], Hashable]
    ) -> tuple[Value, ...]:
        """All different values in the order in which they were told, news before background."""
        found: dict[Hashable, Value] = {}
        for stored, _ in sorted(self.weighted, key=lambda pair: not pair[0].report.news):
            for value in values(stored.report):
                found.setdefault(key(value), value)
        return tuple(found.values())


def _voices(report: Report, status: Status) -> tuple[Speaker, ...]:
    """Who speaks of the call: of one that took place, who spoke of its plan alone has not confirmed it."""
    return () if only_planned(report, status) else report.heard


def _heard(told: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
    """Each speaker once, with the network where that one writes if no report tells of another or of none."""
    networks: dict[str, set[str | None]] = {}
    for speaker in told:
        networks.setdefault(speaker.id, set()).add(speaker.network)
    first = {speaker.id: speaker for speaker in reversed(told)}
    return tuple(
        msgspec.structs.replace(first[name], network=next(iter(on)) if len(on) == 1 else None)
        for name, on in networks.items()
    )


def _who(speaker: Speaker | None) -> str | None:
    return speaker.id if speaker else None


def _duration_key(duration: Duration) -> Hashable:
    return duration.minutes, duration.bound, _who(duration.speaker)


def _initiator_key(initiator: Initiator) -> Hashable:
    return initiator.side, initiator.how, _who(initiator.speaker)


# --- the day -------------------------------------------------------------------------------------------------------


def _best_day(reports: Sequence[StoredReport], votes: _Votes) -> dt.date | None:
    """The day that those give who report the call itself, by votes; of equals the one told first."""
    count: dict[dt.date, float] = defaultdict(float)
    for stored, weight in votes.weighted:
        day = day_of(stored)
        if day is not None:
            own = stored.report.news and stored.report.status in OVER
            count[day] += weight * (1000 if own else 1)
    first = {day_of(stored): -position for position, stored in reversed(list(enumerate(reports)))}
    return max(count, key=lambda day: (round(count[day], 6), first[day]), default=None)


def _rough_date(reports: Sequence[StoredReport]) -> str | None:
    """Where no report has a day, the narrowest month or year of any."""
    bounds = [b for stored in reports if (b := bounds_of(stored.report.when, stored.published_at)) is not None]
    if not bounds:
        return None
    since, until = min(bounds, key=lambda b: (b[1] - b[0], b[0]))
    if since.year != until.year:
        return None
    return f"{since:%Y-%m}-??" if since.month == until.month else f"{since:%Y}-??-??"


def _is_day(date: str | None) -> bool:
    return date is not None and "?" not in date


def _whens(report: Report, status: Status) -> tuple[When, ...]:
    """When a report says it was. A call that took place has its day of the plan at most, and not the plan's hour."""
    told = report.when
    if only_planned(report, status):
        told = msgspec.structs.replace(told, start=None, start_about=False, end=None, clock=None, day_part=None)
    return () if told == When() else (told,)


def _when_key(when: When) -> Hashable:
    return when.date, when.text, when.start, when.clock


def _when_rank(when: When, day: dt.date | None) -> int:
    """An hour with its zone, then the day that stands, then another day, then words alone."""
    if when.start is not None:
        return 0
    if when.date is None:
        return 3
    return 1 if day is not None and when.date[5:] == day.isoformat()[5:] else 2


# --- single facts --------------------------------------------------------------------------------------------------


def _participants(reports: Sequence[StoredReport]) -> tuple[Participant, ...]:
    """The participants as the first report tells them that resolves most of them."""
    return max((s.report.participants for s in reports), key=lambda ps: sum(person_key(p) is not None for p in ps))


def _status(reports: Sequence[StoredReport]) -> tuple[Status, Denial | None]:
    """Where the call's life stands: the later word of "held" and "denied", else under way, else the firmest plan.

    "Refused" and "put off" are words on a plan: a call that was held after all stays held.
    """
    told = [stored.report for stored in reports]
    done = [report for report in told if report.status == "held" or disputes(report)]
    if any(report.status == "held" for report in done):
        word = done[-1]
    else:
        word = next(r for status in _FIRMEST for r in reversed(told) if r.status == status)
    return word.status, word.denial if word.status == "denied" else None


_FIRMEST: tuple[Status, ...] = ("denied", "ongoing", "planned", "proposed")


def only_planned(report: Report, status: Status) -> bool:
    """Whether a report only planned a call that took place by its `status`."""
    return status in OVER and report.status in ("planned", "proposed")


def disputes(report: Report) -> bool:
    """Whether a report says that the call did not take place at all, and not that a plan fell through."""
    return report.status == "denied" and report.denial in (None, "denied")


def _contradictions(
    reports: Sequence[StoredReport], durations: Sequence[Duration], initiators: Sequence[Initiator]
) -> tuple[Contradiction, ...]:
    """What the texts say against themselves, then what they say against each other."""
    own = dict.fromkeys(contradiction for stored in reports for contradiction in stored.report.contradictions)
    between = (
        _lengths_differ(durations),
        _sides_differ(initiators),
        _days_differ(reports),
        _held_and_denied(reports),
    )
    return (*own, *(contradiction for contradiction in between if contradiction is not None))


def _lengths_differ(durations: Sequence[Duration]) -> Contradiction | None:
    if all(same_length(one, other) for one, other in combinations(durations, 2)):
        return None
    values = tuple(dict.fromkeys(length_text(duration) for duration in durations))
    return _contradiction("duration", values, (duration.evidence for duration in durations))


def _sides_differ(initiators: Sequence[Initiator]) -> Contradiction | None:
    sides = tuple(dict.fromkeys(initiator.side for initiator in initiators))
    if len(set(sides) - {"both"}) < 2:
        return None
    return _contradiction("initiator", sides, (initiator.evidence for initiator in initiators))


def _days_differ(reports: Sequence[StoredReport]) -> Contradiction | None:
    days = sorted({day for stored in reports if (day := day_of(stored)) is not None})
    if not days or days[-1] - days[0] <= DAY:  # a day apart is two time zones
        return None
    dated = (stored.report.when.evidence for stored in reports if day_of(stored) is not None)
    return _contradiction("date", tuple(map(str, days)), dated)


def _held_and_denied(reports: Sequence[StoredReport]) -> Contradiction | None:
    against = [stored.report for stored in reports if disputes(stored.report)]
    if not against or not any(stored.report.status == "held" for stored in reports):
        return None
    return _contradiction("status", ("held", "denied"), (piece for report in against for piece in report.evidence[:1]))


def _contradiction(field: str, values: tuple[str, ...], evidence: Iterable[Evidence | None]) -> Contradiction:
    return Contradiction(field=field, values=values, evidence=tuple(e for e in evidence if e is not None))
