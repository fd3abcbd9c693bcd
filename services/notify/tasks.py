"""When things happen: reports are decided on and entered in the ledger; what the ledger holds is sent.

`decide_batch` writes, `post_batch` sends; each may run twice, late or in several workers at once. `sweep` and `due`
find what nobody rang for.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Mapping
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from services.notify import burst, holds, quiet, refresh, sending, sight, store, words
from services.notify.blind import render_blind
from services.notify.decide import (
    Decision,
    Options,
    Send,
    Skip,
    added,
    decide,
    places,
    route_of,
    shown_before,
    snapshot,
    watched,
)
from services.notify.digest import render_digest, render_watch, slot
from services.notify.graphemes import clean, shorten
from services.notify.known import digest_of, facts_of
from services.notify.layout import CallView, Edit, Message
from services.notify.message import render_root, voice_of
from services.notify.poster import Absent, CannotLook, Found, Outcome, Place, Post, Poster, Refused, Sent, Unknown
from services.notify.update import edit_words, render_update
from shared.again import when_back
from shared.clock import later
from shared.db import reading
from shared.events import AnnouncementsWritten
from shared.holds import active_pause
from shared.limits import OUT_OF_LIMITS
from shared.logs import bound, tell
from shared.records import Judgement
from shared.tables import CallRow

log = logging.getLogger(__name__)

Publish = Callable[[AnnouncementsWritten], None]
BATCH = 100
#: A channel's rest is waited for in the task while it is short; longer waits are the sweep's.
LONGEST_PAUSE_S = 2.0
#: So long one task sends, then others have their turn; with ticks as they come by default the next one goes on.
TURN = dt.timedelta(seconds=5)
#: A longer queue is not waited for by who was rung: it would keep a process from all else, and a tick sees to it.
FEW = 3
#: A digest goes back no further, however long the one before it is past.
LONGEST_DIGEST = dt.timedelta(days=7)
#: So much of a text's own words a message of an undated call names.
LONGEST_CLUE = 60
EVENTS: dict[type, str] = {
    Sent: "announcement_sent",
    Unknown: "announcement_unknown",
    Refused: "announcement_refused",
    Absent: "announcement_absent",
    CannotLook: "announcement_not_looked_for",
}


def decide_batch(
    sessions: sessionmaker[Session],
    report_ids: Collection[int],
    now: dt.datetime,
    options: Options,
    publish: Publish,
) -> tuple[int, ...]:
    """Decide on those of the reports that still wait, each in a transaction of its own, in the order of their telling.

    Publishes `AnnouncementsWritten` with the ids of the ledger rows that were written, and returns them. A report that
    cannot be decided on is set aside with its error, and the others go on.
    """
    written: list[int] = []
    with reading(sessions) as session:
        ordered = store.as_heard(session, report_ids)
    for report_id in ordered:
        try:
            with sessions.begin() as session:
                written += _decide(session, report_id, now, options)
        except (DBAPIError, *OUT_OF_LIMITS):  # says nothing of the report, which goes on waiting
            raise
        except Exception as error:  # one report that cannot be decided on must not stop the others
            with sessions.begin() as session, bound(**store.about(session, report_id)):
                store.decided(session, report_id, f"{type(error).__name__}: {error}"[:500], now, failed=True)
                log.exception("report_failed")
    publish(AnnouncementsWritten(ids=tuple(dict.fromkeys(written))))
    return tuple(dict.fromkeys(written))


def refresh_batch(
    sessions: sessionmaker[Session], call_ids: Collection[str], now: dt.datetime, options: Options, publish: Publish
) -> tuple[int, ...]:
    """Look at calls that changed behind their reports, each in a transaction of its own: edits, and replies that say
    what is no longer so. Publishes `AnnouncementsWritten` with the ids of the ledger rows, and returns them.
    A call that cannot be looked at is set aside until it changes again, the log says why, and the others go on.
    """
    written: list[int] = []
    for call_id in call_ids:
        try:
            with sessions.begin() as session:
                written += _refresh(session, call_id, now, options)
        except (DBAPIError, *OUT_OF_LIMITS):  # says nothing of the call, which goes on waiting
            raise
        except Exception:  # one call that cannot be looked at must not stop the others
            with bound(call_id=call_id):
                log.exception("call %s changed, and what the desk was shown of it could not be looked at", call_id)
            with sessions.begin() as session:
                refresh.looked(session, call_id, failed=True)
    publish(AnnouncementsWritten(ids=tuple(dict.fromkeys(written))))
    return tuple(dict.fromkeys(written))


def post_batch(
    sessions: sessionmaker[Session],
    _rung: Collection[int],
    now: dt.datetime,
    poster: Poster,
    clock: Callable[[], dt.datetime] | None = None,
    *,
    turn: dt.timedelta = TURN,
    patient: bool = True,
) -> tuple[int, ...]:
    """Send what is due, in the ledger's order; the ids rung for only say that something is. Returns those handled.

    For no longer than a `turn`: what is left then waits for the next. `clock` tells how late it is before each claim
    and after each answer, since Slack may take its time and a lease counts from then; without one only the rests
    between two messages pass. Who waited for a channel's rest, and finds that somebody else went first, leaves the
    channel to that one, so that no two wait for one; who is not `patient` leaves a long queue at once to one who is.
    """
    handled: list[int] = []
    began = now = later(now, clock)
    ends, waited = began + turn, False
    while began <= now < ends:  # a clock that is put back makes no turn longer
        with sessions.begin() as session:
            claimed = sending.claim(session, now, poster.interval_s)
        if isinstance(claimed, sending.Claimed):
            waited = False
            held_up = later(now, clock) - now
            if held_up > sending.PROMPTLY and not claimed.look:
                with sessions.begin() as session:
                    sending.give_back(session, claimed, now)
            else:
                with bound(announcement_id=claimed.id, **claimed.about):
                    _handle(sessions, claimed, now, poster, clock)
                handled.append(claimed.id)
        else:
            seconds = _worth_waiting(claimed, patient=patient or bool(handled))
            if waited or seconds is None or now + dt.timedelta(seconds=seconds) >= ends:
                break
            poster.wait(seconds)
            waited, now = True, now + dt.timedelta(seconds=seconds)
        now = later(now, clock)
    return tuple(handled)


def _worth_waiting(pause: sending.Pause | None, *, patient: bool) -> float | None:
    """How long to wait for the channel that may be written in first; None where none is to be waited for."""
    rests = pause.rests if pause else ()
    worth = (rest.seconds for rest in rests if rest.seconds <= LONGEST_PAUSE_S and (patient or rest.rows <= FEW))
    return next(worth, None)


def sweep(sessions: sessionmaker[Session], now: dt.datetime) -> tuple[int, ...]:
    """Reports that wait for a decision and that nobody rang for."""
    with reading(sessions) as session:
        return store.waiting_reports(session, BATCH)


def changed(sessions: sessionmaker[Session]) -> tuple[str, ...]:
    """Calls that changed behind their reports: what `refresh_batch` is given next."""
    with reading(sessions) as session:
        return refresh.waiting_calls(session, BATCH)


def due(sessions: sessionmaker[Session], now: dt.datetime) -> tuple[int, ...]:
    """Ledger rows whose time has come: to be sent, looked for, or taken over from a sender that died."""
    with reading(sessions) as session:
        return sending.due(session, now, BATCH)


def write_digest(sessions: sessionmaker[Session], now: dt.datetime, options: Options) -> tuple[int, ...]:
    """Enter the digest that is due, once; returns the ids of its messages, nothing where none is due. One that was left
    out is made up for: the next tells of its hours too. A digest waits for no quiet hour: the desk chose its own."""
    zone = ZoneInfo(options.zone)
    due_now = slot(options.digests, now, zone)
    if due_now is None:
        return ()
    since, at = due_now
    with sessions.begin() as session:
        store.one_at_a_time(session)
        if store.has_digest(session, at, options.channel):
            return ()
        since = max(at - LONGEST_DIGEST, min(since, store.last_digest(session, options.channel) or since))
        told = digest_of(session, since, at, zone)
        told = msgspec.structs.replace(told, first_contact=options.first_contact)
        messages = render_digest(told, options.language, options.zone)
        return store.add_digest(session, at, messages, options.channel, now)


def prove_life(sessions: sessionmaker[Session], now: dt.datetime, options: Options) -> tuple[int, ...]:
    """Enter the line that says at the start of the desk's day that somebody watches, once a day; returns its id. A
    digest of that hour says it already, who has paused posting knows, and what was not running then has its own line.
    """
    zone = ZoneInfo(options.zone)
    due_now = slot((options.shift,), now, zone) if options.shift and options.shift not in options.digests else None
    if due_now is None:
        return ()
    since, at = due_now
    with sessions.begin() as session:
        store.one_at_a_time(session)
        if active_pause(session, now) is not None or not sight.looked_at(session, at):
            return ()
        told = digest_of(session, since, now, zone)
        message = render_watch(told, options.language, options.zone)
        return store.add_notice(session, f"watch-{at:%Y-%m-%d}", message, options.channel, now, None)


def look_around(sessions: sessionmaker[Session], now: dt.datetime, options: Options) -> tuple[int, ...]:
    """Write down whether Redphone can see, and tell the desk of the times in which it could not, once all is caught up.

    For the ticks of a program that polls: a replay sees what it is given.
    """
    with sessions.begin() as session:
        store.one_at_a_time(session)
        sight.look(session, now)
        session.flush()
        found = sight.to_tell(session, now)
        if found is None:
            return ()
        rows, blind = found
        for row in rows:
            row.told_at = now
        message = render_blind(blind, options.language, options.zone)
        hold = quiet.quiet_hold((options.quiet,), now, options.zone)
        return store.add_notice(session, f"blind-{rows[-1].id}", message, options.channel, now, hold)


def _handle(
    sessions: sessionmaker[Session],
    claimed: sending.Claimed,
    now: dt.datetime,
    poster: Poster,
    clock: Callable[[], dt.datetime] | None,
) -> None:
    answer: Found | Outcome
    if claimed.look:
        answer = poster.find(claimed.post, claimed.since)
        write = partial(sending.found, answer=answer)
    else:
        answer = poster.send(claimed.post)
        write = partial(sending.finish, outcome=answer)

    def write_down() -> None:
        with sessions.begin() as session:
            write(session, claimed, now=later(now, clock))

    # also where the disk is full: nobody else knows what came of it, and a look into the channel is dear
    when_back(write_down, poster.wait, lambda _: True)
    _tell(claimed.post, answer)


def _tell(post: Post, answer: Found | Outcome) -> None:
    """Log what came of a message, by the name of what came of it: `announcement_sent`, `announcement_refused` …"""
    fields = {"ts": answer.ts} if isinstance(answer, Sent) else {"error": getattr(answer, "error", None)}
    level = logging.INFO if isinstance(answer, Sent | Absent) else logging.WARNING
    tell(log, EVENTS[type(answer)], level=level, kind=post.kind, channel=post.channel, **fields)


def _decide(session: Session, report_id: int, now: dt.datetime, options: Options) -> tuple[int, ...]:
    said: dict[str, str] = {}
    written: list[int] = []
    for there in places(options):
        loaded = store.load(session, report_id, there.channel, there.page_url)
        if loaded is None:
            return ()
        said[there.channel], rows = _say(session, loaded, now, there)
        written += rows
    store.decided(session, report_id, in_words(said), now)
    with bound(**store.about(session, report_id)):
        tell(log, "report_decided", decision=in_words(said), announcement_ids=written)
    return tuple(written)


def in_words(said: Mapping[str, str]) -> str:
    """What was decided about a report, channel by channel, in one line: what makes a message first."""
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    by_weight = sorted(said.items(), key=lambda entry: not entry[1].startswith(("root:", "update:")))
    return "; ".join(f"{decision} ({channel})" for channel, decision in by_weight)


def _refresh(session: Session, call_id: str, now: dt.datetime, options: Options) -> list[int]:
    written: list[int] = []
    for there in places(options):
        loaded = refresh.load(session, call_id, there.channel, there.page_url)
        written += _say(session, loaded, now, there)[1] if loaded is not None else ()
    refresh.looked(session, call_id)
    return written


def _say(session: Session, loaded: store.Loaded, now: dt.datetime, options: Options) -> tuple[str, tuple[int, ...]]:
    """Decide, and enter in the ledger what follows; returns the decision in words, and the rows."""
    options = _in_language(options, loaded)
    loaded = _with_words(session, loaded, now, options)
    root, full = _told(loaded.view, options, brief=_is_brief(loaded))
    stale = loaded.root is not None and store.digest(full or root) != loaded.root.digest
    decision = decide(msgspec.structs.replace(loaded.case, stale_root=stale), options, now)
    if isinstance(decision, Skip):
        _keep_up(session, loaded, now, options, root, full)
        return explained(decision), ()
    # an edit makes no sound, and what nobody can date waits for a person: neither is kept back by a mute or ends one
    mutes, ended = ((), False) if decision.kind == "edit" or decision.undated else _mutes(session, loaded, now, options)
    if ended:  # no word on this call any more
        loaded = _with_words(session, loaded, now, options)
    hold = _hold(loaded, decision, mutes, now, options)
    return explained(decision, hold), _write(session, loaded, decision, now, options, hold)


def _with_words(session: Session, loaded: store.Loaded, now: dt.datetime, options: Options) -> store.Loaded:
    """A call with what editors said of it, where somebody hears them."""
    spoken = words.standing(session, loaded.call_id, now) if options.listens else None
    view = msgspec.structs.replace(loaded.view, shows_id=options.shows_id, words=spoken)
    return msgspec.structs.replace(loaded, view=view)


def _hold(
    loaded: store.Loaded, decision: Send, mutes: tuple[quiet.Mute, ...], now: dt.datetime, options: Options
) -> quiet.Hold | None:
    """What keeps a message back: that nobody knows its day, a mute, then the quiet hours. An edit makes no sound and is
    never kept back."""
    if decision.kind == "edit":
        return None
    if decision.undated:
        return quiet.Hold("undated", "waits for a person")
    taken_back = any(change.field == "withdrawn" for change in decision.changes)
    # what the desk was told and may have filed is taken back aloud, whoever is tired of the pair
    if mutes and not taken_back:
        return quiet.mute_hold(mutes)
    if watched(loaded.case.facts, options):
        return None
    route = route_of(loaded.case.facts, options)
    closed = route.hours.others if route and route.hours else None
    return quiet.quiet_hold((options.quiet, closed), now, options.zone)


def _mutes(
    session: Session, loaded: store.Loaded, now: dt.datetime, options: Options
) -> tuple[tuple[quiet.Mute, ...], bool]:
    """The mutes that a call falls under, and whether there were some that this news ends."""
    mutes = quiet.muted_by(loaded.case.facts, store.mutes(session, now))
    if not mutes:
        return (), False
    # the contact of a call that the desk has before it was there when the pair was muted
    unheard = loaded.root is None or loaded.root.state in quiet.ASLEEP
    contact = loaded.view.comparison if unheard else None
    why = quiet.lapse(loaded.case.judgement.changes, contact, options.first_contact)
    if not why:
        return mutes, False
    store.end_mutes(session, mutes, f"{why}: {loaded.call_id}", now)
    return (), True


def _keep_up(
    session: Session, loaded: store.Loaded, now: dt.datetime, options: Options, root: Message, full: Message | None
) -> None:
    """News that makes no message reaches a root that is muted or undated all the same: whoever releases it later sends
    what is known then. A mute ends with its reason, whether that makes a message or not."""
    if loaded.root is None or loaded.root.state not in quiet.ASLEEP or loaded.case.silent:
        return
    _mutes(session, loaded, now, options)
    shown = snapshot(loaded.case.facts, loaded.case.withdrawn)
    store.add_edit(session, loaded, root, options.channel, shown, now, (), full)


def explained(decision: Decision, hold: quiet.Hold | None = None) -> str:
    """A decision in one line, as it is kept with the report."""
    if isinstance(decision, Skip):
        return f"{'silent' if decision.route == 'none' else decision.route}: {decision.reason}"
    return f"{decision.kind}: {decision.reason}" + (f"; {hold.reason}" if hold else "")


def _write(
    session: Session,
    loaded: store.Loaded,
    decision: Send,
    now: dt.datetime,
    options: Options,
    hold: quiet.Hold | None,
) -> tuple[int, ...]:
    shown = snapshot(loaded.case.facts, loaded.case.withdrawn)
    if decision.kind == "root":
        return _open(session, loaded, decision, now, options, hold)
    # what a root that waits will open with needs no reply, and nobody has read what it said before
    seen = loaded.root is not None and not store.still_unseen(session, loaded.root)
    tells = decision.kind == "update" and seen
    replies = _reply(session, loaded, decision, now, options, hold) if tells else ()
    brought = added(loaded.case.shown or {}, shown) if seen else ()
    what = edit_words(brought, loaded.case.facts, options.language, options.zone)
    edits = (*loaded.view.edits, *((Edit(now, what),) if what else ()))
    root, full = _told(msgspec.structs.replace(loaded.view, edits=edits), options, brief=_is_brief(loaded))
    edited = store.add_edit(session, loaded, root, options.channel, shown, now, what, full)
    if loaded.root is not None and not seen:
        _in_or_out(session, loaded.root, loaded.case.withdrawn)
    return (*replies, *edited, *_relist(session, loaded.call_id, now, options))


def _in_or_out(session: Session, root: store.Root, withdrawn: str) -> None:
    """A call that was taken back before the desk was told of it is not told at all, unless it stands again."""
    if withdrawn:
        store.put_aside(session, root, withdrawn)
    else:
        store.take_up(session, root)


def _is_brief(loaded: store.Loaded) -> bool:
    return loaded.root is not None and loaded.root.brief


def _told(view: CallView, options: Options, *, brief: bool) -> tuple[Message, Message | None]:
    """The root of a call, and of a brief one the reply that tells it in full."""
    message = render_root(view, options.language, options.zone)
    if not brief:
        return message, None
    return burst.brief(message), burst.in_full(message, voice_of(options.language, options.zone))


def _open(
    session: Session,
    loaded: store.Loaded,
    decision: Send,
    now: dt.datetime,
    options: Options,
    hold: quiet.Hold | None,
) -> tuple[int, ...]:
    """Enter a root. One of a burst is brief, and the burst's list names it; so is one that its article tells beside
    other news. What a brief one leaves out opens its thread."""
    told_at = loaded.case.published_at
    late = decision.late or sight.blind_at(session, told_at)
    view = msgspec.structs.replace(loaded.view, late_since=told_at if late else None)
    listed = None if watched(loaded.case.facts, options) else _list(session, loaded.call_id, now, options, hold)
    # what is muted is written anew by later news, which may be all about it
    brief = listed is not None or (decision.brief and (hold is None or hold.until is not None))
    terms = _undated(loaded, options, hold) if decision.undated else _terms(told_at or now, options, hold)
    mention = _mention(loaded, decision, now, options, hold)
    own = msgspec.structs.replace(terms, mention=mention, elsewhere=_elsewhere(options))
    shown = snapshot(loaded.case.facts, loaded.case.withdrawn)
    (message, full), channel = _told(view, options, brief=brief), options.channel
    root = store.add_root(
        session, loaded, message, channel, shown, now,
        late=late, terms=own, full=full, replaces=_left_behind(session, loaded, options),
    )  # fmt: skip
    if full is None or not root:
        return root
    return (*(listed or ()), *root, *store.add_full(session, loaded, full, channel, now, terms))


def _elsewhere(options: Options) -> dict[str, str] | None:
    """Where a root goes whose channel is gone: into the desk's own, and says so. None where it is there already."""
    if not options.here:
        return None
    words = voice_of(options.language, options.zone).say("moved_here", channel=options.channel)
    return {"channel": options.home, "words": words}


def _left_behind(session: Session, loaded: store.Loaded, options: Options) -> Place | None:
    """The call's root in a channel to which nothing goes any more, where this is the desk's own channel."""
    if options.here:
        return None
    channels = {place.channel for place in places(options)}
    return store.left_behind(session, loaded.call_id, channels)


def _list(
    session: Session, call_id: str, now: dt.datetime, options: Options, hold: quiet.Hold | None
) -> tuple[int, ...] | None:
    """Enter a call in the list of the burst that it is part of; None where there is no burst. Of calls that are held
    back those are one that come at the same moment, whenever they were told of."""
    until = hold.until if hold else None
    if options.burst is None or (hold and until is None):
        return None
    store.one_at_a_time(session)  # so that two calls at once do not begin two lists
    if until:
        recent = store.roots_held(session, options.channel, until)
        known, last = store.list_held(session, options.channel, until), until
    else:
        since = now - options.burst.window
        recent = store.roots_since(session, options.channel, since)
        known, last = store.list_since(session, options.channel, since, now), now
    if known is None and len(recent) < options.burst.calls:
        return None
    begun = known.since if known else min(recent.values())
    calls = tuple(dict.fromkeys((*(known.calls if known else ()), *recent, call_id)))
    terms = store.Terms({}, hold, _held_words(hold, options)) if hold else None
    return _write_list(session, store.Listed(known.id if known else 0, calls, begun, last), now, options, terms)


def _write_list(
    session: Session, listed: store.Listed, now: dt.datetime, options: Options, terms: store.Terms | None = None
) -> tuple[int, ...]:
    entries = [
        burst.Entry(facts_of(call), store.page_of(call.id, options.page_url), gone=_is_gone(session, call, options))
        for call in store.calls_of(session, listed.calls)
    ]
    if store.list_waits(session, listed):  # what was taken back before anybody read of it is not told
        entries = [entry for entry in entries if not entry.gone]
        if listed.id:
            store.empty_list(session, listed, empty=not entries)
        if not entries:
            return ()
    message = burst.render_list(entries, listed.since, options.language, options.zone)
    return store.add_list(session, listed, message, options.channel, now, terms)


def _is_gone(session: Session, call: CallRow, options: Options) -> bool:
    """Whether a call was taken back, or is told as another that has a root of its own."""
    if call.withdrawn is not None or call.merged_into is None:
        return call.withdrawn is not None
    return store.root_of(session, call.merged_into, options.channel, own=True) is not None


def _relist(session: Session, call_id: str, now: dt.datetime, options: Options) -> tuple[int, ...]:
    """The list of a burst says of a call what its root says: that it was taken back or denied, that it was longer."""
    written: tuple[int, ...] = ()
    lists = store.lists_naming(session, call_id, options.channel)
    if lists:
        store.one_at_a_time(session)  # before a list's row, as whoever enters a call in one does
    for row in lists:
        own = msgspec.structs.replace(options, language=row.payload["message"]["language"])
        written += _write_list(session, store.listed_of(row), now, own)
    return written


def drop(
    session: Session, ids: Collection[int], by: str, reason: str, now: dt.datetime, options: Options
) -> tuple[int, ...]:
    """Put rows to rest that are not to be sent, as :func:`holds.drop` does, and take their calls out of the list of a
    burst; a list that waits and has no call left goes with them. Raises UsageError as it does."""
    dropped = holds.drop(session, ids, by, reason, now)
    for row, gone in store.lists_beside(session, dropped).items():
        known = store.listed_of(row)
        listed = msgspec.structs.replace(known, calls=tuple(call for call in known.calls if call not in gone))
        if not listed.calls and row.state in holds.TO_RELEASE:
            dropped += holds.drop(session, [row.id], by, reason, now)
            continue
        language = row.payload["message"]["language"]
        own = msgspec.structs.replace(options, channel=row.channel, language=language)
        _write_list(session, listed, now, own)
    return dropped


def _in_language(options: Options, loaded: store.Loaded) -> Options:
    """A thread goes on in the language of its root; a new root takes its route's."""
    route = route_of(loaded.case.facts, options)
    language = loaded.root.language if loaded.root else (route.language if route else None)
    return msgspec.structs.replace(options, language=language or options.language)


def _mention(
    loaded: store.Loaded, decision: Send, now: dt.datetime, options: Options, hold: quiet.Hold | None
) -> tuple[str, ...]:
    """Whom a root calls by name, by its route and at that hour; what comes late, or may be old, calls nobody."""
    route = route_of(loaded.case.facts, options)
    if route is None or decision.late or decision.undated:
        return ()
    goes_at = hold.until if hold and hold.until else now
    outside = route.mention_hours and route.mention_hours.over_at(goes_at, ZoneInfo(options.zone)) is None
    return () if outside else route.mention


def _reply(
    session: Session,
    loaded: store.Loaded,
    decision: Send,
    now: dt.datetime,
    options: Options,
    hold: quiet.Hold | None,
) -> tuple[int, ...]:
    judgement: Judgement = msgspec.structs.replace(loaded.case.judgement, changes=decision.changes)
    before = shown_before(loaded.case.shown or {})
    reply = render_update(loaded.view, judgement, loaded.case.report, options.language, options.zone, before)
    # what no article brings (a hand was taken back) is as old as it is said
    brought = any(change in loaded.case.judgement.changes for change in decision.changes)
    since = loaded.case.published_at if brought else None
    terms = _terms(since or now, options, hold)
    return store.add_update(session, loaded, reply, options.channel, now, broadcast=decision.broadcast, terms=terms)


def _undated(loaded: store.Loaded, options: Options, hold: quiet.Hold | None) -> store.Terms:
    """What a message says whose day nobody knows, with the words of the text that come nearest to one."""
    clue = next((when.text for when in loaded.case.facts.whens if when.text), "")
    words = voice_of(options.language, options.zone).say("undated", words=shorten(clean(clue), LONGEST_CLUE))
    return store.Terms({}, hold, (words,))


def _terms(since: dt.datetime, options: Options, hold: quiet.Hold | None) -> store.Terms:
    """What a message says of its age where it is kept back until it is late, and of being held back."""
    words = voice_of(options.language, options.zone)
    late = {"since": since.isoformat(), "words": words.say("late", at=words.moment(since))}
    return store.Terms(late, hold, _held_words(hold, options))


def _held_words(hold: quiet.Hold | None, options: Options) -> tuple[str, ...]:
    """That a message is held back, and until when."""
    voice = voice_of(options.language, options.zone)
    return (voice.say("held_until", at=f"{voice.local(hold.until):%H:%M}"),) if hold and hold.until else ()
