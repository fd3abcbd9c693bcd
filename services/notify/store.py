"""The notifier's side of the database: reports to decide on, and the ledger of what was said to the desk.

A ledger row is written once (its key is unique) and goes waiting → claimed → sent; a lost answer makes it unknown until
the channel was looked at, a refusal sets it back, aside or to rest. A claim is a lease: one whose holder died becomes
unknown, never a second post. Each channel has one sender at a time, and each call its order: root, then what follows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from services.notify.decide import Case, Shown
from services.notify.known import first_news
from services.notify.layout import CallView, Edit, Message
from services.notify.poster import CannotLook, Found, Outcome, Post, Refused, Sent, Unknown
from shared.records import CallFacts, Comparison, Judgement, Report
from shared.tables import AnnouncementRow, ArticleRow, CallRow, ReportRow

LEASE = dt.timedelta(seconds=60)
#: A post can still land after its time-out: look for it only after this long.
SETTLE = dt.timedelta(seconds=15)
LONGEST_BACKOFF = 300.0
MOST_ATTEMPTS = 40
MOST_LOOKS = 10
OPEN = ("waiting", "claimed", "unknown")
_HEARD_IN = (ReportRow.created_at, ReportRow.article_id, ReportRow.ordinal)


class Root(msgspec.Struct, frozen=True):
    """The root message of a call in a channel, as the ledger has it."""

    id: int
    state: str
    shown: Shown
    digest: str
    edits: tuple[Edit, ...]
    late: bool


class Loaded(msgspec.Struct, frozen=True):
    """A report that waits for a decision, its call as it is known now, and the root where there is one."""

    report_id: int
    call_id: str
    case: Case
    view: CallView
    root: Root | None


class Claimed(msgspec.Struct, frozen=True):
    """A ledger row that is ours to send. `look` asks to look for it in the channel first, as sent after `since`."""

    id: int
    post: Post
    look: bool
    since: dt.datetime


class Pause(msgspec.Struct, frozen=True):
    """Something is due, but its channel must rest for so many seconds."""

    seconds: float


# --- reports to decide on ------------------------------------------------------------------------------------------


def waiting_reports(session: Session, limit: int) -> tuple[int, ...]:
    """Reports whose verdict nobody has decided on, in the order in which the desk is to hear of them."""
    query = select(ReportRow.id).where(ReportRow.notify_state == "waiting").order_by(*_HEARD_IN)
    return tuple(session.scalars(query.limit(limit)))


def as_heard(session: Session, report_ids: Collection[int]) -> tuple[int, ...]:
    """Those reports in the order in which the desk is to hear of them: article by article as they were read, and within
    one as its text goes, the lead's call first."""
    return tuple(session.scalars(select(ReportRow.id).where(ReportRow.id.in_(report_ids)).order_by(*_HEARD_IN)))


def load(session: Session, report_id: int, channel: str, page_url: str | None) -> Loaded | None:
    """A report with all that its decision needs, None if it no longer waits. Holds the call's row until commit."""
    report = session.get(ReportRow, report_id)
    if report is None or report.notify_state != "waiting":
        return None
    call = session.get_one(CallRow, report.call_id, with_for_update=True)
    session.refresh(report)
    if report.notify_state != "waiting" or report.call_id != call.id:
        return None
    article = session.get_one(ArticleRow, report.article_id)
    root = _root(session, call.id, channel)
    facts = msgspec.convert(call.facts, CallFacts)
    case = Case(
        judgement=msgspec.convert(report.judgement, Judgement),
        report=msgspec.convert(report.report, Report),
        facts=facts,
        published_at=article.published_at,
        silent=article.silent,
        shown=root.shown if root else None,
        replied=_exists(session, update_key(report_id, channel)),
    )
    view = CallView(
        call_id=call.id,
        facts=facts,
        comparison=msgspec.convert(call.comparison, Comparison) if call.comparison else None,
        article_at=first_news(session, call.id) or article.published_at,
        edits=root.edits if root else (),
        late=root.late if root else False,
        page_url=f"{page_url.rstrip('/')}/calls/{call.id}" if page_url else None,
    )
    return Loaded(report_id, call.id, case, view, root)


def decided(session: Session, report_id: int, decision: str, *, failed: bool = False) -> None:
    """Write down what was decided about a report; one that could not be decided on stays visible as failed.

    A report that made a message keeps saying so, whatever edits follow from it.
    """
    row = session.get_one(ReportRow, report_id)
    row.notify_state = "failed" if failed else "done"
    told = (row.decision or "").startswith(("root:", "update:"))
    if failed or not told or decision.startswith("update:"):
        row.decision = decision


def _root(session: Session, call_id: str, channel: str) -> Root | None:
    """The root of a call, or of a call that was merged into it; one that the channel will never show is none."""
    calls = select(CallRow.id).where(or_(CallRow.id == call_id, CallRow.merged_into == call_id))
    row = session.scalars(
        select(AnnouncementRow)
        .where(AnnouncementRow.kind == "root", AnnouncementRow.channel == channel, AnnouncementRow.call_id.in_(calls))
        .order_by(AnnouncementRow.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    edits = tuple(msgspec.convert(edit, Edit) for edit in row.payload["edits"])
    return Root(row.id, row.state, row.payload["shown"], row.payload["digest"], edits, row.payload["late"])


# --- writing the ledger --------------------------------------------------------------------------------------------


def root_key(call_id: str, channel: str) -> str:
    """What makes a root unique in the ledger: one for each call and channel."""
    return f"root:{call_id}@{channel}"


def update_key(report_id: int, channel: str) -> str:
    """What makes an update unique in the ledger: one for each report and channel."""
    return f"update:{report_id}@{channel}"


def digest(message: Message) -> str:
    """What a root says, apart from the line that tells of its edits."""
    text = "\n".join(line.text for line in message.lines if line.kind != "edited")
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def add_root(
    session: Session, loaded: Loaded, message: Message, channel: str, shown: Shown, now: dt.datetime, *, late: bool
) -> tuple[int, ...]:
    """Enter a call's root, once; nothing where it has one already."""
    payload = {
        "message": msgspec.to_builtins(message),
        "shown": shown,
        "digest": digest(message),
        "edits": [],
        "late": late,
    }
    return _add(session, root_key(loaded.call_id, channel), "root", loaded, message, channel, payload, now)


def add_update(
    session: Session, loaded: Loaded, message: Message, channel: str, now: dt.datetime, *, broadcast: bool
) -> tuple[int, ...]:
    """Enter the reply that a report makes; a second one, for a correction, is counted on."""
    key = update_key(loaded.report_id, channel)
    if _exists(session, key):
        key = f"{key}#{len(loaded.view.edits) + 1}"
    payload = {"message": msgspec.to_builtins(message), "broadcast": broadcast}
    return _add(session, key, "update", loaded, message, channel, payload, now)


def add_edit(
    session: Session,
    loaded: Loaded,
    message: Message,
    channel: str,
    shown: Shown,
    now: dt.datetime,
    what: tuple[str, ...],
) -> tuple[int, ...]:
    """Bring a root to the present state of knowledge: in place while it waits, else by an edit.

    An edit that waits takes the newer text: ten sources in a minute are one edit.
    """
    if loaded.root is None:
        return ()
    row = session.get_one(AnnouncementRow, loaded.root.id)
    edits = [*row.payload["edits"], *([{"at": now.isoformat(), "what": list(what)}] if what else [])]
    body = msgspec.to_builtins(message)
    row.payload = {**row.payload, "message": body, "shown": shown, "digest": digest(message), "edits": edits}
    if row.state == "waiting" and row.attempts == 0:
        return ()
    pending = session.scalars(
        select(AnnouncementRow).where(
            AnnouncementRow.kind == "edit",
            AnnouncementRow.call_id == row.call_id,
            AnnouncementRow.channel == channel,
            AnnouncementRow.state == "waiting",
        )
    ).first()
    if pending is not None:
        pending.payload = {**pending.payload, "message": body}
        return (pending.id,)
    count = select(func.count()).where(AnnouncementRow.kind == "edit", AnnouncementRow.call_id == row.call_id)
    key = f"edit:{row.call_id}@{channel}#{(session.scalar(count) or 0) + 1}"
    return _add(session, key, "edit", loaded, message, channel, {"message": body}, now, call_id=row.call_id)


def _add(
    session: Session,
    key: str,
    kind: str,
    loaded: Loaded,
    message: Message,
    channel: str,
    payload: dict[str, Any],
    now: dt.datetime,
    call_id: str = "",
) -> tuple[int, ...]:
    if _exists(session, key):  # the call's row is held: nobody else writes for this call now
        return ()
    row = AnnouncementRow(
        key=key,
        kind=kind,
        call_id=call_id or loaded.call_id,
        report_id=loaded.report_id,
        channel=channel,
        language=message.language,
        payload=payload,
        next_attempt_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return (row.id,)


def _exists(session: Session, key: str) -> bool:
    return session.scalar(select(AnnouncementRow.id).where(AnnouncementRow.key == key)) is not None


# --- sending -------------------------------------------------------------------------------------------------------


def due(session: Session, now: dt.datetime, limit: int = 100) -> tuple[int, ...]:
    """Ledger rows that wait to be sent or looked for, or whose sender died."""
    lost = (AnnouncementRow.state == "claimed") & (AnnouncementRow.claimed_until < now)
    waits = AnnouncementRow.state.in_(("waiting", "unknown")) & (AnnouncementRow.next_attempt_at <= now)
    query = select(AnnouncementRow.id).where(or_(lost, waits)).order_by(AnnouncementRow.id)
    return tuple(session.scalars(query.limit(limit)))


def claim(session: Session, now: dt.datetime, interval_s: float) -> Claimed | Pause | None:
    """Take the next row that may be sent now, for the length of a lease.

    None where nothing is due or its channel has a sender; a Pause where a channel must rest before its next message.
    """
    _one_claimer(session)
    _release_dead(session, now)
    pauses: list[float] = []
    for row in session.scalars(_claimable(now)):
        rest = _rest(session, row.channel, now, interval_s)
        if rest > 0:
            pauses.append(rest)
            continue
        look, row.state = row.state == "unknown", "claimed"
        row.claimed_until, row.attempts = now + LEASE, row.attempts + 1
        return Claimed(row.id, _post(session, row), look, row.created_at)
    return Pause(min(pauses)) if pauses else None


def _one_claimer(session: Session) -> None:
    """Claims are made one after the other, so that two workers cannot both find a channel free."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite, BEGIN IMMEDIATE has done it
        lock = int.from_bytes(hashlib.blake2b(b"announcements", digest_size=8).digest(), "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(lock)))


def _release_dead(session: Session, now: dt.datetime) -> None:
    """A sender that died may have sent: its row is unknown. An edit may simply be made again."""
    lost = (AnnouncementRow.state == "claimed") & (AnnouncementRow.claimed_until < now)
    for kinds, state in ((("edit",), "waiting"), (("root", "update"), "unknown")):
        session.execute(
            update(AnnouncementRow)
            .where(lost, AnnouncementRow.kind.in_(kinds))
            .values(state=state, next_attempt_at=now, claimed_until=None, error="the sender died")
            .execution_options(synchronize_session=False)
        )


def _claimable(now: dt.datetime) -> Select[AnnouncementRow]:
    """Due rows in the order of the ledger: none before an earlier one of its call, no reply or edit before its root."""
    earlier, root, sender = aliased(AnnouncementRow), aliased(AnnouncementRow), aliased(AnnouncementRow)
    same_call = earlier.call_id == AnnouncementRow.call_id, earlier.channel == AnnouncementRow.channel
    return (
        select(AnnouncementRow)
        .where(
            AnnouncementRow.state.in_(("waiting", "unknown")),
            AnnouncementRow.next_attempt_at <= now,
            ~exists().where(*same_call, earlier.id < AnnouncementRow.id, earlier.state.in_(OPEN)),
            ~exists().where(sender.channel == AnnouncementRow.channel, sender.state == "claimed"),
            or_(
                AnnouncementRow.kind == "root",
                exists().where(
                    root.kind == "root",
                    root.channel == AnnouncementRow.channel,
                    root.ts.is_not(None),
                    root.call_id.in_(_family(AnnouncementRow.call_id)),
                ),
            ),
        )
        .order_by(AnnouncementRow.id)
        .limit(50)
    )


def _family(call_id: Any) -> Select[str]:
    """A call, the calls that were merged into it, and the one that it was merged into: they share one root."""
    other = aliased(CallRow)
    return select(other.id).where(
        or_(
            other.id == call_id,
            other.merged_into == call_id,
            exists().where(CallRow.id == call_id, CallRow.merged_into == other.id),
        )
    )


def _rest(session: Session, channel: str, now: dt.datetime, interval_s: float) -> float:
    last = session.scalar(select(func.max(AnnouncementRow.sent_at)).where(AnnouncementRow.channel == channel))
    if last is None or interval_s <= 0:
        return 0.0
    return (last.replace(tzinfo=last.tzinfo or dt.UTC) + dt.timedelta(seconds=interval_s) - now).total_seconds()


def _post(session: Session, row: AnnouncementRow) -> Post:
    root = row if row.kind == "root" else _sent_root(session, row)
    ts = root.ts if root else None
    return Post(
        key=row.key,
        kind=row.kind,  # type: ignore[arg-type]  # the column holds the three kinds
        channel=(root.payload.get("channel_id") if root else None) or row.channel,
        message=msgspec.convert(row.payload["message"], Message),
        ts=ts if row.kind == "edit" else None,
        thread_ts=ts if row.kind == "update" else None,
        broadcast=row.payload.get("broadcast", False),
        plain=row.payload.get("plain", False),
        note=row.payload.get("note", ""),
    )


def _sent_root(session: Session, row: AnnouncementRow) -> AnnouncementRow | None:
    query = select(AnnouncementRow).where(
        AnnouncementRow.kind == "root",
        AnnouncementRow.channel == row.channel,
        AnnouncementRow.ts.is_not(None),
        AnnouncementRow.call_id.in_(_family(row.call_id)),
    )
    return session.scalars(query.order_by(AnnouncementRow.id).limit(1)).first()


# --- what came of it -----------------------------------------------------------------------------------------------


def finish(session: Session, row_id: int, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what came of a send."""
    row = session.get_one(AnnouncementRow, row_id, with_for_update=True)
    row.claimed_until = None
    if isinstance(outcome, Sent):
        _sent(row, outcome, now)
    elif isinstance(outcome, Unknown):
        row.error = outcome.error
        row.state = "waiting" if row.kind == "edit" else "unknown"
        row.next_attempt_at = now + (_backoff(row) if row.kind == "edit" else SETTLE)
    else:
        _refused(session, row, outcome, now)


def found(session: Session, row_id: int, answer: Found, now: dt.datetime) -> None:
    """Write down what a look into the channel gave: it is there, it is not and may be sent, or nobody can tell.

    Only where the channel could not be read is a second post possible, and then it says so itself.
    """
    row = session.get_one(AnnouncementRow, row_id, with_for_update=True)
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


def _sent(row: AnnouncementRow, sent: Sent, now: dt.datetime) -> None:
    row.state, row.ts, row.sent_at, row.error = "sent", sent.ts, now, None
    if sent.channel:
        row.payload = {**row.payload, "channel_id": sent.channel}


def _refused(session: Session, row: AnnouncementRow, refused: Refused, now: dt.datetime) -> None:
    row.error = refused.error
    if refused.remedy == "reroot" and row.kind != "root":
        _reroot(session, row, now)
    elif refused.remedy == "repair":
        row.state = "refused"
    elif refused.remedy == "plain" and not row.payload.get("plain"):
        row.payload = {**row.payload, "plain": True}
        row.state, row.next_attempt_at = "waiting", now
    elif refused.remedy == "retry" and row.attempts < MOST_ATTEMPTS:
        _later(session, row, refused, now)
    else:
        row.state = "dead"


def _later(session: Session, row: AnnouncementRow, refused: Refused, now: dt.datetime) -> None:
    row.state, row.next_attempt_at = "waiting", now + _backoff(row)
    if refused.retry_after is not None:  # the whole channel is asked to wait, and the order is kept
        until = now + dt.timedelta(seconds=refused.retry_after)
        row.next_attempt_at = until
        session.execute(
            update(AnnouncementRow)
            .where(
                AnnouncementRow.channel == row.channel,
                AnnouncementRow.state == "waiting",
                AnnouncementRow.next_attempt_at < until,
            )
            .values(next_attempt_at=until)
            .execution_options(synchronize_session=False)
        )


def _reroot(session: Session, row: AnnouncementRow, now: dt.datetime) -> None:
    """The root is gone or can no longer be edited: it is posted anew, and says so. The edit has nothing left to do."""
    root = _sent_root(session, row)
    if root is None:
        row.state = "dead"
        return
    root.payload = {**root.payload, "note": "replaces"}
    root.state, root.ts, root.attempts, root.next_attempt_at = "waiting", None, 0, now
    row.state, row.next_attempt_at = ("sent", now) if row.kind == "edit" else ("waiting", now)


def _backoff(row: AnnouncementRow) -> dt.timedelta:
    return dt.timedelta(seconds=min(2.0 ** min(row.attempts, 10), LONGEST_BACKOFF))


def reopen(session: Session, row_ids: Iterable[int], now: dt.datetime) -> tuple[int, ...]:
    """Set rows that were refused or dead back to waiting, by hand; returns those that were."""
    changed = session.scalars(
        update(AnnouncementRow)
        .where(AnnouncementRow.id.in_(tuple(row_ids)), AnnouncementRow.state.in_(("refused", "dead")))
        .values(state="waiting", next_attempt_at=now, attempts=0, error=None)
        .returning(AnnouncementRow.id)
        .execution_options(synchronize_session=False)
    )
    return tuple(changed)
