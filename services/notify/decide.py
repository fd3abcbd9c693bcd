"""What to say to the desk about a report, and why not: pure.

Decided from the verdict *and* the ledger: a call that came into history silently gets its root with the first fresh
article that tells it as news, even when that article repeats. The reasons for silence are kept, each with its route.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from services.notify.burst import Rule
from services.notify.quiet import FIRST_CONTACT_DAYS, Hours
from services.notify.resurface import DEFAULT, resurfaces
from services.notify.routes import Route, built_in, channels, fitting
from services.notify.standing import in_doubt
from shared.names import Language
from shared.records import OVER, CallFacts, Change, Judgement, Outcome, Report

LATE_AFTER = dt.timedelta(hours=2)
UNDATED = "neither a publication date nor a day of the call"
Secondary: TypeAlias = Literal["brief", "full"]
#: Facts of which a call has one value: a change of one is told, an addition may be silent.
ONE_VALUE = ("status", "date", "start", "duration", "channel", "initiator")
#: Facts of which it has several, with the words in which the article tells them. One that the data name is missed when
#: no article tells of it any more; of one in an article's own words only the words may be others.
SEVERAL = {"topics": "topic_words", "outcomes": "outcome_words"}
#: In a snapshot: its outcomes whole, so that one that no article tells any more can still be told in the desk's words.
OUTCOMES = "outcome_facts"
#: In a snapshot: who was on the call, as far as they are named; one of before names were kept does not have it.
NAMES = "participants"
#: The status of a plan of which there was no word in time.
UNCONFIRMED = "unconfirmed"
NAMED = re.compile(r"[a-z0-9_]+")
#: A snapshot of a call's facts as the desk was last shown them.
Shown: TypeAlias = dict[str, list[str]]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The desk's choices. `watch` are pairs of countries whose calls always make a message, in quiet hours too.

    `channel` and `language` hold where a route names none; `here` is the channel as the routes name it ("" is the
    desk's own) and `home` the desk's own, see :func:`places`. `resurface`: which replies show in the channel too.
    `fed`: articles are handed in behind their time; each is news as of its own, and what is old by now is marked as
    late. `page_url`: where people open the status page. `shows_id`: messages name the id of their call. `listens`:
    somebody hears what is said by buttons. `shift`: when the desk's day begins. `first_contact`: after how many days
    without a call two speak again. `secondary`: how much of a call is told in the channel that its article tells beside
    another.
    """

    channel: str = "#redphone"
    language: Language = "en"
    zone: str = "Asia/Ho_Chi_Minh"
    fresh: dt.timedelta = dt.timedelta(hours=36)
    watch: tuple[frozenset[str], ...] = ()
    quiet: Hours | None = None
    routes: tuple[Route, ...] = msgspec.field(default_factory=built_in)
    here: str = ""
    home: str = ""
    resurface: tuple[str, ...] = DEFAULT
    burst: Rule | None = None
    secondary: Secondary = "brief"
    digests: tuple[dt.time, ...] = ()
    shift: dt.time | None = None
    first_contact: int = FIRST_CONTACT_DAYS
    page_url: str | None = None
    shows_id: bool = False
    listens: bool = False
    fed: bool = False


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A report to decide on, with what the ledger knows of its call.

    `silent`: nobody is to be alerted (the article came with a backfill), so at most an edit follows. `withdrawn`: who
    took the call back and why; empty for one that stands. `shown` is the root's snapshot, None
    without a root; `stale_root` tells that the root's text would differ today; `replied`: this report has made its
    reply already. `dropped`: who put the root to rest, and why. `secondary`: the article has other news before this.
    """

    judgement: Judgement
    report: Report
    facts: CallFacts
    published_at: dt.datetime | None
    silent: bool = False
    withdrawn: str = ""
    shown: Shown | None = None
    stale_root: bool = False
    replied: bool = False
    dropped: str = ""
    secondary: bool = False


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """Send a message. An update edits the root as well; `broadcast` shows the reply in the channel too. A `brief` root
    has its head and its sources alone, and the rest in its thread. An `undated` one waits for a person: nobody can tell
    whether it is news."""

    kind: Literal["root", "update", "edit"]
    reason: str
    broadcast: bool = False
    late: bool = False
    undated: bool = False
    brief: bool = False
    changes: tuple[Change, ...] = ()


class Skip(msgspec.Struct, frozen=True, kw_only=True):
    """Say nothing, and why. `route` tells where it can be read: in the digest, or nowhere."""

    reason: str
    route: Literal["none", "digest"] = "none"


Decision: TypeAlias = Send | Skip


def places(options: Options) -> tuple[Options, ...]:
    """The desk's choices for each channel that the routes name, the desk's own among them."""
    return tuple(
        msgspec.structs.replace(options, here=channel, home=options.channel, channel=channel or options.channel)
        for channel in channels(options.routes)
    )


def route_of(facts: CallFacts, options: Options) -> Route | None:
    """The route that decides about a call in the channel of these options; None where none leads there."""
    return fitting(facts, options.routes, options.here, options.watch)


def decide(case: Case, options: Options, now: dt.datetime) -> Decision:
    """What to say about a report at the moment `now`."""
    if case.dropped:
        return Skip(reason=f"its alert was {case.dropped}")
    if case.shown is not None:
        return _about_known(case, case.shown, options)
    if case.withdrawn:
        return Skip(reason=f"withdrawn: {case.withdrawn}")
    if case.judgement.verdict == "background":
        return Skip(reason="background never alerts")
    if case.silent:
        return Skip(reason="came with a backfill: history only")
    seen = case.published_at if options.fed and case.published_at is not None else now
    old, route = _too_old(case, options, seen), route_of(case.facts, options)
    if route is None:
        return Skip(reason="no route leads here")
    if old or route.goes != "message":
        return Skip(reason=old or route.why or route.name, route="none" if route.goes == "nowhere" else "digest")
    late = case.published_at is not None and now - case.published_at > LATE_AFTER
    if case.published_at is None and not _has_day(case.facts):
        return Send(kind="root", reason=UNDATED, undated=True)
    brief = case.secondary and options.secondary == "brief" and not watched(case.facts, options)
    return Send(kind="root", reason=f"first fresh news of this call ({case.judgement.verdict})", late=late, brief=brief)


def watched(facts: CallFacts, options: Options) -> bool:
    """Whether a call is one of a pair on the watch list."""
    countries = {person.country for person in facts.participants}
    return any(pair <= countries for pair in options.watch)


def _has_day(facts: CallFacts) -> bool:
    return facts.date is not None and "?" not in facts.date


def _too_old(case: Case, options: Options, now: dt.datetime) -> str:
    """Why a call or its article is no news any more; empty where it is. Of a watched pair a call of last week is, and
    only an old article is not."""
    hours = f"{options.fresh / dt.timedelta(hours=1):g}"
    if case.published_at is not None and now - case.published_at > options.fresh:
        return f"the article is more than {hours} hours old"
    over = None if watched(case.facts, options) else case.facts.latest
    if case.facts.status in ("held", "ongoing", "planned") and over is not None and now - over > options.fresh:
        return f"the call was more than {hours} hours ago"
    return ""


def _about_known(case: Case, shown: Shown, options: Options) -> Decision:
    """A call that has its root: a reply for what is new, an edit without a sound for the rest."""
    present = snapshot(case.facts, case.withdrawn)
    corrections = corrected(shown, present)
    both = len(present["heard"]) > 1 >= len(shown.get("heard", []))
    doubt = in_doubt(case.facts, case.judgement, case.report, options.zone)
    new = () if case.withdrawn else _from_shown(case.judgement.changes, shown)
    told = tuple(c for c in new if c.kind in ("new", "changed", "conflict"))
    if case.judgement.verdict == "update" and told and not case.replied and not case.silent:
        changes = _with_corrections(told, corrections)
        aloud = resurfaces(changes, options.resurface, doubt=doubt, both=both)
        return Send(kind="update", reason=case.judgement.reason, broadcast=aloud, changes=changes)
    if corrections and not case.silent:
        aloud = resurfaces(corrections, options.resurface, doubt=doubt)
        return Send(kind="update", reason="a fact changed", broadcast=aloud, changes=corrections)
    if case.stale_root:
        return Send(kind="edit", reason="the root shows the present state of knowledge")
    return Skip(reason="nothing that the root does not show")


def _from_shown(changes: tuple[Change, ...], shown: Shown) -> tuple[Change, ...]:
    """The changes from what the desk was shown: of a plan it may have read that there was no word of it."""
    if shown.get("status", [])[:1] != [UNCONFIRMED]:
        return changes
    return tuple(
        msgspec.structs.replace(change, before=UNCONFIRMED)
        if change.field == "status" and change.before == "planned"
        else change
        for change in changes
    )


def _with_corrections(told: tuple[Change, ...], corrections: tuple[Change, ...]) -> tuple[Change, ...]:
    """What a report brings, and what is no longer so beside it: after the reply the root shows neither as it was."""
    fields = {change.field for change in told} | {"withdrawn"}
    return (*told, *(change for change in corrections if change.field in SEVERAL or change.field not in fields))


def snapshot(facts: CallFacts, withdrawn: str = "") -> Shown:
    """The values that an edit is told by: one list for each field, the best value first. Of a field that was put right
    by hand only that value counts."""
    by_hand = {note.field for note in facts.by_hand}
    values = _values(facts, withdrawn)
    return {field: told[:1] if field in by_hand else told for field, told in values.items()}


def _values(facts: CallFacts, withdrawn: str) -> Shown:
    return {
        NAMES: [participant.name for participant in facts.participants if participant.name],
        "status": [UNCONFIRMED if facts.no_word_by else facts.denial or facts.status],
        "date": [facts.date] if facts.date else [],
        "start": [when.start.isoformat() for when in facts.whens if when.start],
        "duration": [f"{d.bound} {d.minutes}" if d.bound != "exact" else str(d.minutes) for d in facts.durations],
        "channel": [facts.channel] if facts.channel else [],
        "initiator": [initiator.side for initiator in facts.initiators],
        "topics": [topic.id or topic.text for topic in facts.topics],
        "topic_words": [topic.text for topic in facts.topics],
        "outcomes": [outcome.id or outcome.text for outcome in facts.outcomes],
        "outcome_words": [outcome.text for outcome in facts.outcomes],
        OUTCOMES: [_as_text(outcome) for outcome in facts.outcomes],
        "heard": list(dict.fromkeys(speaker.side for speaker in facts.heard if speaker.side)),
        "withdrawn": [withdrawn] if withdrawn else [],
    }


def _as_text(outcome: Outcome) -> str:
    return msgspec.json.encode(msgspec.structs.replace(outcome, evidence=None)).decode()


def shown_before(shown: Shown) -> tuple[dict[str, str], tuple[Outcome, ...]]:
    """The topics that the desk was shown, by the words of their articles, and the outcomes; of a root that was written
    before these were kept whole, none."""
    topics = dict(zip(shown.get("topic_words", []), shown.get("topics", []), strict=False))
    return topics, tuple(msgspec.json.decode(text, type=Outcome) for text in shown.get(OUTCOMES, []))


def corrected(before: Shown, after: Shown) -> tuple[Change, ...]:
    """What the desk was told and what is no longer so: facts of one value that are others now, and topics and outcomes
    of which nobody tells any more, in the words of their article.

    Of a call that is taken back that is all there is to say, as it is of one that stands again; of one that is still
    taken back there is nothing.
    """
    gone, still = before.get("withdrawn", []), after.get("withdrawn", [])
    if gone and still:
        return ()
    if bool(gone) != bool(still):
        return (Change(field="withdrawn", kind="changed", before="".join(gone) or None, after="".join(still) or None),)
    changes = []
    kept = before.get("status", [""])[0] not in OVER and after.get("status", [""])[0] in OVER
    for field in ONE_VALUE:
        old, new = before.get(field, []), after.get(field, [])
        if field == "start" and kept and not new:
            continue  # the hour was that of a plan, and the call has none: nothing of it is withdrawn
        if old and old[0] not in new:
            changes.append(Change(field=field, kind="changed", before=old[0], after=new[0] if new else None))
    return (*changes, *_missed(before, after))


def _missed(before: Shown, after: Shown) -> Iterable[Change]:
    for field, in_words in SEVERAL.items():
        told = dict(zip(before.get(field, []), before.get(in_words, []), strict=False))
        for name, words in told.items():
            if _is_missed(name, after.get(field, [])):
                yield Change(field=field, kind="changed", before=words)


def _is_missed(name: str, after: list[str]) -> bool:
    return NAMED.fullmatch(name) is not None and name not in after


def added(before: Shown, after: Shown) -> list[tuple[str, str | None]]:
    """What an edit brings, as field and value: additions, values that changed or are told no more (topics and outcomes
    by their old value), and that a call stands again."""
    found: list[tuple[str, str | None]] = []
    for field, values in after.items():
        old = before.get(field, [])
        if field in (*SEVERAL.values(), OUTCOMES) or (field == NAMES and field not in before):
            continue
        if field == "withdrawn" and old and not values:
            found.append(("stands", None))
        elif field in ONE_VALUE:
            found += [(field, next(iter(values), None))] if values[:1] != old[:1] else []
        else:
            found += [(field, value) for value in values if value not in old]
            found += [(field, value) for value in old if field in SEVERAL and _is_missed(value, values)]
    return found
