"""The ledger's rows on their way out: claimed, posted, settled.

A row goes waiting → claimed → sent; a lost answer makes it unknown until the channel was looked at, a refusal sets it
back, aside or to rest. A claim is a lease: one whose holder died becomes unknown, never a second post. Each channel has
one sender at a time, and each call its order: root, then what follows. What is held goes when its time comes; while
posting is paused only what a person released goes, and what may stand in the channel is still looked for.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from services.notify.decide import LATE_AFTER
from services.notify.layout import Message
from services.notify.poster import RATE_LIMITED, CannotLook, Found, Outcome, Place, Post, Refused, Sent, Unknown
from services.notify.store import OPEN, about, full_key, one_at_a_time
from shared.clock import WENT_BACK
from shared.holds import active_pause
from shared.tables import AnnouncementRow, CallRow

#: A post can still land after its time-out: look for it only after this long.
SETTLE = dt.timedelta(seconds=10)
#: In this time Slack must answer.
ANSWER = dt.timedelta(seconds=8)
#: How long a sender has a row to itself: until Slack must have answered, and then as long as after a time-out. A
#: message whose sender died waits no longer than that, and a tick: far less than half a minute, because a worker that
#: is started anew on a busy machine takes some of it.
LEASE = ANSWER + SETTLE
#: A sender that has not begun so long after its claim was held up, and begins no more: its message could land after
#: somebody has looked for it, and would stand in the channel twice.
PROMPTLY = dt.timedelta(seconds=3)
LONGEST_BACKOFF = 300.0
#: No longer than this a channel rests because Slack asked for it.
LONGEST_REST = dt.timedelta(hours=1)
MOST_ATTEMPTS = 40
#: Slack's words for a channel that is gone, that the bot can no longer see, or that nobody writes in any more.
VANISHED = ("channel_not_found", "is_archived")
MOST_LOOKS = 10
#: So many rows of each channel are looked at for one that may go now; replies to a root that never went out are among
#: them. Of each: however long one channel's queue is, the others' rows are found.
CANDIDATES = 500
#: Slack counts by method: beside a message a second in a channel, so many edits a minute in a workspace (chat.update is
#: of tier 3, https://docs.slack.dev/apis/web-api/rate-limits).
EDITS, A_MINUTE = 50, dt.timedelta(minutes=1)
#: In a row's payload: when it was first tried.
TRIED_AT = "tried_at"
#: A held row is one that waits for a later hour.
DUE = ("waiting", "unknown", "held")


_EDIT = AnnouncementRow.kind == "edit"
_LOOK = AnnouncementRow.state == "unknown"


class Claimed(msgspec.Struct, frozen=True):
    """A ledger row that is ours to send, for the length of a lease. `look` asks to look for it in the channel first, as
    sent after `since`. `attempt` is the number of this claim: after the lease somebody else may have the next.

    `about`: the ids of its call, report and article.
    """

    id: int
    attempt: int
    post: Post
    look: bool
    since: dt.datetime
    about: dict[str, object] = {}


class Rest(msgspec.Struct, frozen=True):
    """A channel must rest for so many seconds, and so many rows wait for that."""

    seconds: float
    rows: int


class Pause(msgspec.Struct, frozen=True):
    """Something is due, but all that is must wait for its channel's rest; the shortest first."""

    rests: tuple[Rest, ...]


# --- sending -------------------------------------------------------------------------------------------------------


def due(session: Session, now: dt.datetime, limit: int = 100) -> tuple[int, ...]:
    """Ledger rows that wait to be sent or looked for, or whose sender died."""
    lost = (AnnouncementRow.state == "claimed") & (AnnouncementRow.claimed_until < now)
    waits = AnnouncementRow.state.in_(DUE) & (AnnouncementRow.next_attempt_at <= now)
    query = select(AnnouncementRow.id).where(or_(lost, waits, *_of_before(now).values()))
    # not by number: for the first hundred of many a server would walk through all that was ever sent
    return tuple(session.scalars(query.order_by(AnnouncementRow.next_attempt_at, AnnouncementRow.id).limit(limit)))


def claim(session: Session, now: dt.datetime, interval_s: float) -> Claimed | Pause | None:
    """Take the next row that may be sent now, for the length of a lease: what is told first, then edits.

    None where nothing is due or its channel has a sender; a Pause where channels must rest before their next message.
    Edits and messages do not wait for each other's rests, and who only looks for a message for nobody's.
    """
    one_at_a_time(session)  # so that two workers cannot both find a channel free
    _end_with_the_clock(session, now)
    _release_dead(session, now)
    rests: dict[str, float] = {}  # asked once a channel, and once for edits, however many wait
    waiting: Counter[str] = Counter()
    paused = active_pause(session, now) is not None
    for row_id, channel, edits, look in session.execute(_claimable(now, paused=paused)).all():
        bucket = "" if edits else channel
        if bucket not in rests and not look:
            rests[bucket] = (
                _rest_of_edits(session, now, interval_s) if edits else _rest(session, channel, now, interval_s)
            )
        if not look and rests[bucket] > 0:
            waiting[bucket] += 1
            continue
        row = _held(session, row_id, now)
        if row is None or (row.kind in ("update", "edit") and _sent_root(session, row) is None):
            continue  # somebody changes it; or no reply or edit before its root
        if row.attempts == 0:
            row.payload = {**row.payload, TRIED_AT: now.isoformat()}
        row.state = "claimed"
        row.claimed_until, row.attempts = now + LEASE, row.attempts + 1
        if not look:
            _mark_late(row, now)
        about = _about(session, row)
        return Claimed(row.id, row.attempts, _post(session, row), look, _tried_at(row), about)
    pauses = sorted((Rest(rests[bucket], rows) for bucket, rows in waiting.items()), key=lambda rest: rest.seconds)
    return Pause(tuple(pauses)) if pauses else None


def _held(session: Session, row_id: int, now: dt.datetime) -> AnnouncementRow | None:
    """A row that is due, as it is now, held until the transaction ends. None where it is due no more, or where somebody
    writes it at this moment: gives it a newer text, or drops it."""
    due = AnnouncementRow.state.in_(DUE), AnnouncementRow.next_attempt_at <= now
    query = select(AnnouncementRow).where(AnnouncementRow.id == row_id, *due).with_for_update(skip_locked=True)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _tried_at(row: AnnouncementRow) -> dt.datetime:
    """Since when a message may stand in the channel: from its first try on, not from when it was written. What was
    held back for a night is looked for among the messages of minutes, not among more than can be read through."""
    tried = row.payload.get(TRIED_AT)
    return dt.datetime.fromisoformat(tried) if tried else row.created_at


def _about(session: Session, row: AnnouncementRow) -> dict[str, object]:
    return {**about(session, row.report_id), "call_id": row.call_id}


def _mark_late(row: AnnouncementRow, now: dt.datetime) -> None:
    """A message that was fresh when it was written and goes out late says so, once, in a line before it."""
    late = row.payload.get("if_late")
    if not late or row.payload.get("late") or row.payload.get("note") == "replaces":
        return
    if now - dt.datetime.fromisoformat(late["since"]) > LATE_AFTER:
        row.payload = {**row.payload, "late": True, "lead": [*row.payload.get("lead", ()), late["words"]]}


def _of_before(now: dt.datetime) -> dict[str, ColumnElement[bool]]:
    """Leases, and rests before a look, that end later than any does that begins now, by state: they began before a
    clock went back, and would wait for that hour to come once more."""
    later = AnnouncementRow.next_attempt_at > now + LONGEST_REST + WENT_BACK
    return {
        "claimed": (AnnouncementRow.state == "claimed") & (AnnouncementRow.claimed_until > now + LEASE + WENT_BACK),
        "unknown": (AnnouncementRow.state == "unknown") & later,
    }


def _end_with_the_clock(session: Session, now: dt.datetime) -> None:
    """Who holds such a lease may be at work, and what is unknown may still land, so these last as long as any that
    begins now."""
    ends = {
        "claimed": {"claimed_until": now + LEASE},
        "unknown": {"next_attempt_at": now + SETTLE},
    }
    for state, which in _of_before(now).items():
        changed = update(AnnouncementRow).where(which).values(**ends[state])
        session.execute(changed.execution_options(synchronize_session=False))


def _release_dead(session: Session, now: dt.datetime) -> None:
    """A sender that died may have sent: its row is unknown. An edit may simply be made again."""
    lost = (AnnouncementRow.state == "claimed") & (AnnouncementRow.claimed_until < now)
    for kinds, state in ((("edit",), "waiting"), (("root", "update", "digest", "list", "notice"), "unknown")):
        session.execute(
            update(AnnouncementRow)
            .where(lost, AnnouncementRow.kind.in_(kinds))
            .values(state=state, next_attempt_at=now, claimed_until=None, error="the sender died")
            .execution_options(synchronize_session=False)
        )


def _claimable(now: dt.datetime, *, paused: bool) -> Select[int, str, bool, bool]:
    """Due rows, whether each is an edit, and whether it is only to be looked for, in the order of the ledger and edits
    last: none before an earlier one of its call (but an edit passes what is held for a later hour), none to send into
    a channel that has a sender or that Slack asked to wait. That holds for what was written since, too: to try at once
    may cost the app. Slack counts edits and messages by themselves. A sender without an answer for longer than Slack
    has for one is dead, or will come back without: its channel waits for it no longer, only its call does.

    What is open is read once, whatever the database believes of how much that is: after an outage thousands wait among
    millions that were sent, and a server that expects none would hold each against each.
    """
    same_call = AnnouncementRow.call_id, AnnouncementRow.channel
    # an edit makes no sound: what it shows does not wait for the morning with the reply that tells it
    unheld = case((AnnouncementRow.state != "held", AnnouncementRow.id))
    leads = case(
        (_EDIT, func.min(unheld).over(partition_by=same_call)),
        else_=func.min(AnnouncementRow.id).over(partition_by=same_call),
    )
    rows = (
        select(
            AnnouncementRow.id,
            AnnouncementRow.channel,
            AnnouncementRow.state,
            AnnouncementRow.next_attempt_at,
            AnnouncementRow.released,
            _EDIT.label("edits"),
            _LOOK.label("look"),
            or_(AnnouncementRow.call_id.is_(None), AnnouncementRow.id == leads).label("leads"),
        )
        .where(AnnouncementRow.state.in_(OPEN))
        .subquery()
        .c
    )
    other = aliased(AnnouncementRow)
    at_it = (other.state == "claimed") & (other.claimed_until > now + LEASE - ANSWER)
    # one that waits longer than Slack ever asks for was refused before a clock went back
    asked = (other.next_attempt_at > now) & (other.next_attempt_at <= now + LONGEST_REST)
    limited = (other.state == "waiting") & (other.error == RATE_LIMITED) & asked
    free = and_(
        rows.channel.not_in(select(other.channel).where(at_it)),
        tuple_(rows.channel, rows.edits).not_in(select(other.channel, other.kind == "edit").where(limited)),
    )
    may_go = [rows.state.in_(DUE), rows.next_attempt_at <= now, rows.leads, or_(rows.look, free)]
    if paused:
        may_go.append(or_(rows.released, rows.look))
    place = func.row_number().over(partition_by=(rows.channel, rows.edits), order_by=rows.id)
    goes = select(rows.id, rows.channel, rows.edits, rows.look, place.label("place")).where(*may_go).subquery().c
    return (
        select(goes.id, goes.channel, goes.edits, goes.look)
        .where(goes.place <= CANDIDATES)
        .order_by(goes.edits, goes.id)
    )


def _family(session: Session, call_id: str | None) -> set[str | None]:
    """A call, the calls that were merged into it, and the one that it was merged into: they share one root. Two plain
    queries: as a condition of the claim they would be asked anew for every row and every root."""
    other = session.scalar(select(CallRow.merged_into).where(CallRow.id == call_id))
    return {call_id, other or call_id, *session.scalars(select(CallRow.id).where(CallRow.merged_into == call_id))}


def _rest(session: Session, channel: str, now: dt.datetime, interval_s: float) -> float:
    """For how many seconds a channel must rest until its last message is old enough; edits do not count."""
    here = AnnouncementRow.channel == channel, ~_EDIT
    # what was sent hours ahead of now was sent before a clock went back; what rests no more is not looked through
    since = now - dt.timedelta(seconds=interval_s)
    lately = *here, AnnouncementRow.sent_at > since, AnnouncementRow.sent_at < now + A_MINUTE
    last = session.scalar(select(func.max(AnnouncementRow.sent_at)).where(*lately))
    if last is None or interval_s <= 0:
        return 0.0
    return (last.replace(tzinfo=last.tzinfo or dt.UTC) + dt.timedelta(seconds=interval_s) - now).total_seconds()


def _rest_of_edits(session: Session, now: dt.datetime, interval_s: float) -> float:
    """How long until one more edit is not one too many within a minute; a channel without an interval has no limit."""
    lately = AnnouncementRow.sent_at > now - A_MINUTE, AnnouncementRow.sent_at < now + A_MINUTE
    last = select(AnnouncementRow.sent_at).where(_EDIT, *lately)
    sent = session.scalars(last.order_by(AnnouncementRow.sent_at.desc()).limit(EDITS)).all()
    if len(sent) < EDITS or sent[-1] is None or interval_s <= 0:
        return 0.0
    return (sent[-1] + A_MINUTE - now).total_seconds()


def _post(session: Session, row: AnnouncementRow) -> Post:
    root = _sent_root(session, row) if row.kind in ("update", "edit") else row
    ts, kept = root.ts if root else None, root if root and row.kind == "edit" else row  # an edit takes no mark away
    replaces = kept.payload.get("replaces")
    return Post(
        key=row.key,
        kind=row.kind,  # type: ignore[arg-type]  # the column holds the six kinds
        channel=_address(root) if root else row.channel,
        message=msgspec.convert(row.payload["message"], Message),
        ts=ts if row.kind == "edit" else None,
        thread_ts=ts if row.kind == "update" else None,
        broadcast=row.payload.get("broadcast", False),
        plain=row.payload.get("plain", False),
        note=kept.payload.get("note", ""),
        replaces=msgspec.convert(replaces, Place) if replaces else None,
        lead=tuple(row.payload.get("lead", ())),
        mention=_mentioned(kept),
    )


def _address(root: AnnouncementRow) -> str:
    """Where a root is, or goes to: by the channel's own id where Slack has told it."""
    return str(root.payload.get("channel_id") or root.payload.get("moved_to") or root.channel)


def _mentioned(row: AnnouncementRow) -> tuple[str, ...]:
    """Whom a message calls by name; one that goes out late calls nobody."""
    return () if row.payload.get("late") else tuple(row.payload.get("mention", ()))


def _sent_root(session: Session, row: AnnouncementRow) -> AnnouncementRow | None:
    """The message that a reply or an edit belongs to: the root of its call, or what it edits instead, the list of a
    burst or the reply that tells a call in full."""
    if "of" in row.payload:
        edited = session.get(AnnouncementRow, row.payload["of"])
        return edited if edited is not None and edited.ts is not None else None
    query = select(AnnouncementRow).where(
        AnnouncementRow.kind == "root",
        AnnouncementRow.channel == row.channel,
        AnnouncementRow.ts.is_not(None),
        AnnouncementRow.call_id.in_(_family(session, row.call_id)),
    )
    own_first = AnnouncementRow.call_id != row.call_id, AnnouncementRow.id
    return session.scalars(query.order_by(*own_first).limit(1)).first()


# --- what came of it -----------------------------------------------------------------------------------------------


def finish(session: Session, claimed: Claimed, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what came of a send. Where the lease has ended and somebody else took the row over, only that the
    message is there counts: whoever looks for it must not send it again."""
    row = _ours(session, claimed, sent=isinstance(outcome, Sent))
    if row is None:
        return
    row.claimed_until = None
    if isinstance(outcome, Sent):
        _sent(row, outcome, now)
    elif isinstance(outcome, Unknown):
        row.error = outcome.error
        row.state = "waiting" if row.kind == "edit" else "unknown"
        row.next_attempt_at = now + (_backoff(row) if row.kind == "edit" else SETTLE)
    else:
        _refused(session, row, outcome, now)


def found(session: Session, claimed: Claimed, answer: Found, now: dt.datetime) -> None:
    """Write down what a look into the channel gave: it is there, it is not and may be sent, or nobody can tell.

    Only where the channel could not be read is a second post possible, and then it says so itself. A look that took
    longer than its lease says nothing of what somebody else has done since.
    """
    row = _ours(session, claimed, sent=isinstance(answer, Sent))
    if row is None:
        return
    row.claimed_until = None
    if isinstance(answer, Sent):
        _sent(row, answer, now)
    elif isinstance(answer, CannotLook):
        looks = row.payload.get("looks", 0) + 1
        row.payload = {**row.payload, "looks": looks}
        row.error, row.state, row.next_attempt_at = answer.error, "unknown", now + _backoff(row)
        if not answer.ever or looks >= MOST_LOOKS:
            row.payload = {**row.payload, "note": "possible_repeat"}
            row.state, row.next_attempt_at = "waiting", now
    else:
        row.state, row.next_attempt_at = "waiting", now


def give_back(session: Session, claimed: Claimed, now: dt.datetime) -> None:
    """Undo a claim of which nothing came: nobody has sent the message. One that somebody else took over is theirs."""
    row = _ours(session, claimed, sent=False)
    if row is not None:
        row.state, row.claimed_until, row.next_attempt_at = "waiting", None, now


def _ours(session: Session, claimed: Claimed, *, sent: bool) -> AnnouncementRow | None:
    """The row of a claim, for update; None where it is somebody else's by now, unless it was `sent` and is not yet
    known to be."""
    row = session.get_one(AnnouncementRow, claimed.id, with_for_update=True)
    ours = row.state == "claimed" and row.attempts == claimed.attempt
    return row if ours or (sent and row.state != "sent") else None


def _sent(row: AnnouncementRow, sent: Sent, now: dt.datetime) -> None:
    row.state, row.ts, row.sent_at, row.error = "sent", sent.ts, now, None
    if sent.channel:
        row.payload = {**row.payload, "channel_id": sent.channel}


def _refused(session: Session, row: AnnouncementRow, refused: Refused, now: dt.datetime) -> None:
    row.error = refused.error
    if _asks_for_a_new_root(session, row, refused):
        _reroot(session, row, now)
    elif refused.error in VANISHED and _may_move(session, row):
        _move(row, now)
    elif refused.remedy == "repair":
        row.state = "refused"
    elif refused.remedy == "plain" and not row.payload.get("plain"):
        row.payload = {**row.payload, "plain": True}
        row.state, row.next_attempt_at = "waiting", now
    elif refused.remedy == "retry" and row.attempts < MOST_ATTEMPTS:
        row.state, row.next_attempt_at = "waiting", now + _pause(row, refused)
    else:
        row.state = "dead"


def _asks_for_a_new_root(session: Session, row: AnnouncementRow, refused: Refused) -> bool:
    """Whether a message's root is gone or closed, or went with its channel: where that is known by its name, there may
    be a new one of that name, and where it is not the desk's own, the root may go there."""
    if row.kind not in ("update", "edit"):
        return False
    root = _sent_root(session, row)
    if root is None or refused.error not in VANISHED:
        return refused.remedy == "reroot"
    by_name = root.payload.get("channel_id", row.channel) != row.channel
    return (by_name and refused.error == "channel_not_found") or _may_move(session, root)


def _reroot(session: Session, row: AnnouncementRow, now: dt.datetime) -> None:
    """The root is gone or can no longer be edited: it is posted anew, says so and links back, as does the reply that
    tells a brief one in full: its thread went with it. The edit has nothing left to do."""
    root = _sent_root(session, row)
    if root is None:
        row.state = "dead"
        return
    session.refresh(root, with_for_update=True)  # a newer text may be written at this moment
    _anew(root, now)
    full = select(AnnouncementRow).where(AnnouncementRow.key == full_key(root.call_id or "", root.channel))
    reply = session.scalars(full.with_for_update()).first() if root.payload.get("brief") else None
    if reply is not None and reply.state == "sent":
        _anew(reply, now)
    row.state, row.next_attempt_at = ("sent", now) if row.kind == "edit" else ("waiting", now)


def _anew(row: AnnouncementRow, now: dt.datetime) -> None:
    """A message that was sent goes out again in another's place, says so and links back."""
    old = {"channel": row.payload.get("channel_id", row.channel), "ts": row.ts}
    payload = {name: value for name, value in row.payload.items() if name != "channel_id"}
    row.payload = {**payload, "note": "replaces", "replaces": old}
    row.state, row.ts, row.attempts, row.next_attempt_at = "waiting", None, 0, now


def _may_move(session: Session, row: AnnouncementRow) -> bool:
    """Whether a root whose channel is gone has another to go to, in which its call is not told already."""
    home = row.payload.get("elsewhere", {}).get("channel")
    there = AnnouncementRow.channel == home, AnnouncementRow.kind == "root", AnnouncementRow.call_id == row.call_id
    return home is not None and session.scalar(select(AnnouncementRow.id).where(*there)) is None


def _move(row: AnnouncementRow, now: dt.datetime) -> None:
    """A root goes to the desk's own channel, says why and calls nobody there; what follows it goes into its thread."""
    elsewhere = row.payload["elsewhere"]
    lead = [*row.payload.get("lead", ()), elsewhere["words"]]
    moved = {"moved_to": elsewhere["channel"], "lead": lead, "mention": []}
    row.payload = {**{name: value for name, value in row.payload.items() if name != "elsewhere"}, **moved}
    row.state, row.next_attempt_at = "waiting", now


def _pause(row: AnnouncementRow, refused: Refused) -> dt.timedelta:
    """How long to wait before the next try: as long as Slack asks for, else longer each time."""
    if refused.retry_after is None:
        return _backoff(row)
    return min(dt.timedelta(seconds=refused.retry_after), LONGEST_REST)


def _backoff(row: AnnouncementRow) -> dt.timedelta:
    return dt.timedelta(seconds=min(2.0 ** min(row.attempts, 10), LONGEST_BACKOFF))
