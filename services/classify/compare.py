"""What changed since these leaders last spoke.

A call is held against the last held call of the same persons and, where that is a later one, of the same countries.
Everything rests on stored facts: topics keep their mode, so that an agenda is never told as a conversation; the
article's own count is checked and not believed; and each comparison says how thick the record is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Literal

import msgspec

from services.classify.data_rows import read_table
from services.classify.lengths import length_since, length_text
from services.classify.matters import is_occasion, is_place, is_told_again, is_vague, label_of, matters_of, wider_than
from services.classify.phrasebook import column, matter_of
from services.classify.spans import DAY
from shared.data_files import data_of
from shared.records import (
    Brief,
    CallFacts,
    Change,
    Claim,
    Comparison,
    Coverage,
    Evidence,
    Initiator,
    Outcome,
    Plan,
    Topic,
)

#: After a longer silence topics are not compared: everything would be new.
TOPICS_FADE = 366 * DAY
#: What keeps a plan to talk again.
THIS_CALL = "call"
#: A month counts as covered with this many articles, a record as thick with this many and 4 of 5 months covered.
MONTH_COVERED = 20
THICK_ARTICLES = 100
THICK_SHARE = 0.8


class PastCall(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A held call of the history, as far as finding the previous one and counting need it."""

    call_id: str
    persons: frozenset[str]
    countries: frozenset[str]
    date: str | None
    earliest: dt.datetime | None
    latest: dt.datetime | None

    @cached_property
    def moment(self) -> dt.datetime | None:
        """One moment to order calls by (see the function `moment`); None where nothing is known of its time."""
        return moment(self.date, self.earliest, self.latest)

    @cached_property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day on which the call can have been: its date, in the text's own zone, else its
        span."""
        date = self.date
        if date is not None and "?" not in date:
            return dt.date.fromisoformat(date), dt.date.fromisoformat(date)
        first = self.earliest.date() if self.earliest else dt.date.min
        last = self.latest.date() if self.latest else dt.date.max
        if date is not None and date[5:7].isdigit() and date[:4].isdigit():
            start = dt.date.fromisoformat(date[:7] + "-01")
            return start, min(last, (start + 31 * DAY).replace(day=1) - DAY)
        return first, last


class Previous(msgspec.Struct, frozen=True, kw_only=True):
    """The last held call before a call: of the same persons, and of the same countries where that is a later one."""

    persons: PastCall | None = None
    countries: PastCall | None = None


class Began(msgspec.Struct, frozen=True):
    """A leader took office."""

    surname: str
    since: dt.date


def moment(date: str | None, earliest: dt.datetime | None, latest: dt.datetime | None) -> dt.datetime | None:
    """One moment to order calls by: the start of a known day, the middle of a month, else the last possible hour."""
    if earliest is None or latest is None:
        return latest or earliest
    if date is None:
        return latest
    return earliest + (latest - earliest) / 2 if "?" in date else earliest


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """The calls before a call, oldest first: those in which all its persons took part, whoever else was on it, and
    those in which all its countries did."""

    persons: Sequence[PastCall]
    countries: Sequence[PastCall]


def before(call: PastCall, past: Iterable[PastCall]) -> Earlier:
    """The calls of `past` that came before `call`. A call without any time has none before it."""
    now = call.moment
    if now is None:
        return Earlier(persons=(), countries=())
    key = (now, call.call_id)
    timed = [((when, p.call_id), p) for p in past if p.call_id != call.call_id and (when := p.moment) is not None]
    earlier = [p for when, p in sorted(timed, key=lambda pair: pair[0]) if when < key]
    return Earlier(
        persons=[p for p in earlier if call.persons <= p.persons],
        countries=[p for p in earlier if call.countries <= p.countries],
    )


def previous_of(call: PastCall, past: Iterable[PastCall]) -> Previous:
    """The previous held calls. One in which all persons (countries) took part counts, whoever else was on it."""
    return _last_of(before(call, past))


def _last_of(earlier: Earlier) -> Previous:
    last = earlier.persons[-1] if earlier.persons else None
    of_countries = earlier.countries[-1] if earlier.countries and earlier.countries[-1] is not last else None
    return Previous(persons=last, countries=of_countries)


def compare(
    call: PastCall,
    facts: CallFacts,
    past: Sequence[PastCall],
    known: Mapping[str, CallFacts],
    coverage: Coverage,
    term: Began | None = None,
) -> Comparison:
    """Hold a call against the history of its pair.

    `past` are the held calls of the pair; `known` has the facts of those that :func:`previous_of` names. `term` is the
    term in office of which the calls are counted.
    """
    earlier = before(call, past)
    found = _last_of(earlier)
    last = known[found.persons.call_id] if found.persons else None
    gap = _gap(call, found.persons)
    claim, agrees = _checked_claim(call, facts, earlier)
    near = last is not None and gap is not None and gap <= TOPICS_FADE
    told = bool(_said(facts)) or facts.status == "planned"
    compared = near and last is not None and told and bool(_said_then(last))
    return Comparison(
        previous=_brief(found.persons, known),
        previous_of_countries=_brief(found.countries, known),
        days=_days(facts.date, last.date if last else None),
        near=near,
        nth=1 + len(earlier.persons),
        nth_in_year=_nth_since(_new_year(call), call, earlier),
        nth_in_term=_nth_since(term.since if term else None, call, earlier),
        term_of=term.surname if term else None,
        term_since=term.since.isoformat() if term else None,
        plans=_plans(facts, last) if near and last is not None else (),
        agreed=_agreed_then(facts, last) if near and last is not None else (),
        coverage=coverage,
        claim=claim,
        claim_agrees=agrees,
        agreements=tuple(_agrees(told, call, earlier) for told in facts.claims),
        topics_compared=compared,
        length=_length(facts, last),
        changes=(*(_topics_since(facts, last) if compared and last else ()), *_facts_since(facts, last)),
    )


def coverage_of(articles: int, covered: int, months: int, of_pair: int | None = None) -> Coverage:
    """How thick the record is. `articles`: how many came before; `covered`: how many of the months since the previous
    call, or since the record began, have MONTH_COVERED of them; `of_pair`: how many tell of the same countries."""
    thin = articles < THICK_ARTICLES or covered < THICK_SHARE * months
    return Coverage(articles=articles, months=covered, thin=thin, of_pair=of_pair)


def _gap(call: PastCall, last: PastCall | None) -> dt.timedelta | None:
    if last is None or call.moment is None or last.moment is None:
        return None
    return call.moment - last.moment


def _brief(past: PastCall | None, known: Mapping[str, CallFacts]) -> Brief | None:
    if past is None:
        return None
    facts = known[past.call_id]
    when = facts.whens[0] if facts.whens else None
    return Brief(
        call_id=past.call_id,
        participants=facts.participants,
        date=facts.date,
        when_text=when.text if when else None,
        channel=facts.channel,
        duration=facts.durations[0] if facts.durations else None,
        initiator=_asked(facts),
        told=facts.sources[0].published_at if facts.sources else None,
        evidence=when.evidence if when and when.evidence else next(iter(facts.evidence), None),
    )


def _asked(facts: CallFacts) -> Initiator | None:
    """Who asked for a call, a ring before a request; None where two sides are named."""
    if len({asked.side for asked in facts.initiators}) != 1:
        return None
    return min(facts.initiators, key=lambda asked: asked.how != "phoned")


def _days(date: str | None, earlier: str | None) -> int | None:
    """Days between two days, both in the text's own zone; None where either is not a full day."""
    if date is None or earlier is None or "?" in date + earlier:
        return None
    return (dt.date.fromisoformat(date) - dt.date.fromisoformat(earlier)).days


# --- how-manieth, and what was planned ------------------------------------------------------------------------------


def _nth_since(since: dt.date | None, call: PastCall, earlier: Earlier) -> int | None:
    """How-manieth call of these persons since a day; None where a call without a day leaves it open."""
    if since is None or call.days[0] < since:
        return None
    counts = _count(earlier.persons, since)
    return 1 + counts[0] if len(counts) == 1 else None


def _new_year(call: PastCall) -> dt.date | None:
    first, last = call.days
    return dt.date(first.year, 1, 1) if first.year == last.year else None


def _plans(facts: CallFacts, last: CallFacts) -> tuple[Plan, ...]:
    """What was planned on the last call, once each, and what became of it."""
    planned = {_outcome_key(o): o for o in reversed(last.outcomes) if o.id in fates() and o.mode != "ruled_out"}
    return tuple(Plan(outcome=outcome, fate=_fate(outcome, facts)) for outcome in reversed(planned.values()))


def _agreed_then(facts: CallFacts, last: CallFacts) -> tuple[Outcome, ...]:
    """What was agreed on the last call, but for what is agreed on this one again."""
    now = {_outcome_key(outcome) for outcome in facts.outcomes}
    then = [o for o in last.outcomes if (o.kind == "agreed" or o.id is None) and o.mode == "reported"]
    return tuple(o for o in then if o.id not in fates() and _outcome_key(o) not in now)


def _fate(planned: Outcome, facts: CallFacts) -> Literal["kept", "moved", "ahead", "again", "unknown"]:
    kept_by = fates()[planned.id or ""]
    days = _days(facts.date, planned.date)
    if days is not None and days < -1:
        return "ahead"
    if kept_by == THIS_CALL:
        return "kept" if days is None or days <= 1 else "moved"
    if kept_by and any(outcome.id == kept_by for outcome in facts.outcomes):
        return "kept"
    plans = {(matter_of("outcomes", o.id), o.by) for o in facts.outcomes if o.id in fates()}
    return "again" if (matter_of("outcomes", planned.id or ""), planned.by) in plans else "unknown"


@lru_cache(maxsize=1)
def fates() -> dict[str, str]:
    """The outcomes that are plans (data/fates.csv), each with what keeps it: another outcome, this call, or nothing
    that we could know."""
    rows = read_table(data_of("classify") / "fates.csv")
    return {row["plan"]: row["kept_by"] for row in rows}


# --- what changed since they last spoke ----------------------------------------------------------------------------


def _said(facts: CallFacts) -> list[Topic]:
    """The topics of a call that another one can be held against: those that were discussed, else its agenda; what was
    ruled out and "and more" are none."""
    weight = column("topics", "weight")
    topics = [t for t in facts.topics if t.mode != "ruled_out" and weight.get(t.id or "") != "rest"]
    return [t for t in topics if t.mode == "reported"] or topics


def _said_then(facts: CallFacts) -> list[Topic]:
    """The topics of the last call: what was only on its agenda may not have been raised."""
    return [t for t in _said(facts) if t.mode == "reported"]


def _topics_since(facts: CallFacts, last: CallFacts) -> tuple[Change, ...]:
    """Which matters are told again, are new and are not named, each only where the stored sentences prove it."""
    now, then = matters_of(facts, _said(facts)), matters_of(last, _said_then(last))
    again = [m for m in now.topics if m in then.topics or then.has_narrower(m)]
    covered = [w for m in now.topics if (w := wider_than(m)) in then.topics and w is not None and w not in again]
    again += dict.fromkeys(covered)
    changes = [_topic_change("again", m, now.topics.get(m), then.topics.get(m)) for m in again]
    for matter, topic in now.topics.items():
        if not _may_be_known(matter, topic, again, covered) and not then.names(matter):
            changes.append(_topic_change("new", matter, topic, None))
    absent = {}
    for matter, topic in then.topics.items():
        told = matter in again or is_vague(matter) or wider_than(matter) in now.topics or now.has_narrower(matter)
        if not (told or is_occasion(topic) or now.names(matter)):
            absent[matter] = topic
    changes += [_topic_change("absent", m, None, topic) for m, topic in absent.items() if wider_than(m) not in absent]
    return tuple(changes)


def _may_be_known(matter: str, topic: Topic, again: list[str], covered: list[str]) -> bool:
    """Whether a matter that the last call does not name may have been meant all the same: as part of a wider one that
    it names, unless that is a place of which both calls name other matters too."""
    wider = wider_than(matter)
    of_wider = wider in covered or (wider in again and not is_place(wider or ""))
    return matter in again or of_wider or is_vague(matter) or is_told_again(topic)


def _topic_change(
    kind: Literal["again", "new", "absent"], matter: str, now: Topic | None, then: Topic | None
) -> Change:
    told = now or then
    return Change(
        field="topics",
        kind=kind,
        before=label_of(matter, then) if then else None,
        after=label_of(matter, now) if now else matter if kind == "again" else None,
        evidence=_pieces(told.evidence if told else None),
    )


def _facts_since(facts: CallFacts, last: CallFacts | None) -> tuple[Change, ...]:
    """Length, channel, who asked, and what was agreed, where both calls or this one tell it.

    Only a video call is told apart by its words: "điện đàm" is said of both.
    """
    if last is None:
        return ()
    changes = []
    if facts.durations and last.durations:
        now, then = facts.durations[0], last.durations[0]
        changes.append(_change("duration", length_text(then), length_text(now), _pieces(now.evidence, then.evidence)))
    if facts.channel == "video" and last.channel == "phone":
        changes.append(_change("channel", last.channel, facts.channel, facts.evidence[:1]))
    if facts.initiators and last.initiators:
        asked, asked_then = facts.initiators[0], last.initiators[0]
        changes.append(_change("initiator", asked_then.side, asked.side, _pieces(asked.evidence)))
    before_that = {_outcome_key(outcome) for outcome in last.outcomes}
    for outcome in facts.outcomes:
        again = _outcome_key(outcome) in before_that
        changes.append(
            Change(
                field="outcomes",
                kind="again" if again else "new",
                before=(outcome.id or outcome.text) if again else None,
                after=outcome.id or outcome.text,
                evidence=_pieces(outcome.evidence),
            )
        )
    return tuple(changes)


def _outcome_key(outcome: Outcome) -> tuple[str | None, ...]:
    return outcome.kind, outcome.id or outcome.text, outcome.by, outcome.place


def _change(field: str, then: str, now: str, evidence: tuple[Evidence, ...]) -> Change:
    return Change(field=field, kind="again" if then == now else "changed", before=then, after=now, evidence=evidence)


def _pieces(*evidence: Evidence | None) -> tuple[Evidence, ...]:
    return tuple(piece for piece in evidence if piece is not None)


def _length(facts: CallFacts, last: CallFacts | None) -> Literal["longer", "shorter", "same"] | None:
    """Longer or shorter where the bounds allow no other reading; "over 90" is longer than 90."""
    if last is None or not facts.durations or not last.durations:
        return None
    return length_since(facts.durations[0], last.durations[0])


# --- the article's own count ---------------------------------------------------------------------------------------


def _checked_claim(call: PastCall, facts: CallFacts, earlier: Earlier) -> tuple[Claim | None, bool | None]:
    """The article's own count and whether the record agrees; a claim that can be checked goes before one that cannot.

    The count of the same persons or that of the same countries may agree: "giữa lãnh đạo Nga – Mỹ" means either.
    """
    checked = [(claim, _agrees(claim, call, earlier)) for claim in facts.claims]
    return next((pair for pair in checked if pair[1] is not None), checked[0] if checked else (None, None))


def claim_agrees(claim: Claim, call: PastCall, past: Sequence[PastCall]) -> bool | None:
    """Whether the record holds as many calls as the claim counts; None where that cannot be told.

    An event that bounds the claim and of which only the month or year is told may have come before or after a call.
    """
    return _agrees(claim, call, before(call, past))


def _agrees(claim: Claim, call: PastCall, earlier: Earlier) -> bool | None:
    since = _since(claim, call)
    if since is None:
        return None
    days = {since, _last_day(claim, since)} if claim.in_words else {since}
    answers = {_agrees_since(day, claim, earlier) for day in days}
    return answers.pop() if len(answers) == 1 else None


def _last_day(claim: Claim, since: dt.date) -> dt.date:
    """The last day of the month or year that bounds a claim, or its day."""
    told = claim.since or ""
    if len(told) == len("2031-05"):
        return (since + 31 * DAY).replace(day=1) - DAY
    return since.replace(month=12, day=31) if len(told) == len("2031") else since


def _agrees_since(since: dt.date, claim: Claim, earlier: Earlier) -> bool | None:
    persons, countries = _count(earlier.persons, since), _count(earlier.countries, since)
    if claim.ordinal - 1 in persons or claim.ordinal - 1 in countries:
        return True
    # "the first official one" leaves room for others, and a count of contacts takes in meetings that we do not keep
    more, fewer = min(persons) >= claim.ordinal, max(persons) < claim.ordinal - 1
    return None if (claim.official and more) or (claim.noun == "contact" and fewer) else False


def _count(calls: Iterable[PastCall], since: dt.date) -> range:
    """How many of the calls were held since a day: at least and at most, where a call has a month and no day."""
    days = [call.days for call in calls]
    return range(sum(first >= since for first, _ in days), sum(last >= since for _, last in days) + 1)


def _since(claim: Claim, call: PastCall) -> dt.date | None:
    """From which day on a claim counts, None where the text does not say."""
    if claim.scope == "ever":
        return dt.date.min
    if claim.since is not None and "?" not in claim.since:
        return dt.date.fromisoformat(claim.since + "0000-01-01"[len(claim.since) :])
    if call.moment is None:
        return None
    day = call.days[1]
    if claim.days is not None:
        return day - claim.days * DAY
    if claim.scope == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if claim.scope == "year" else None
