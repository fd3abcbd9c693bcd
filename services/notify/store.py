"""The notifier's side of the database: reports to decide on, and the ledger of what was said to the desk.

A ledger row is written once: its key is unique. How it goes out is told in `sending`, what people say of it in `holds`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from services.notify.burst import IN_FULL
from services.notify.decide import Case, Shown
from services.notify.known import edits_of, facts_of, late_since, named, view_of, withdrawal_of
from services.notify.layout import CallView, Edit, Message
from services.notify.poster import Place
from services.notify.quiet import ASLEEP, KEPT_BACK, Hold, Mute
from shared.holds import active_mutes, end_mute
from shared.names import Language
from shared.records import Judgement, Report
from shared.tables import AnnouncementRow, ArticleRow, CallRow, MuteRow, ReportRow

#: Rows that have still to go out, in their order; those behind one of their call wait for it.
OPEN = ("waiting", "held", "claimed", "unknown")
#: A burst lasts no longer, nor is one held back longer: so near its root stands the list that names a call.
LONGEST_BURST = dt.timedelta(days=2)
#: How the key of a digest begins, before its hour in UTC.
DIGEST = "digest:"
#: In a row's payload: what its state was before its call was taken back, which nobody had been told of.
ASIDE = "aside"
_HEARD_IN = (ReportRow.created_at, ReportRow.article_id, ReportRow.ordinal)


class Terms(msgspec.Struct, frozen=True):
    """On what terms a message goes out: what it says before all else (`lead`), what it says where it goes out late (the
    moment that counts, "since" in ISO, and the "words"), what keeps it back, whom it calls by name (`mention`), and
    where it goes instead (a "channel", with "words") where its own is gone."""

    if_late: dict[str, str]
    hold: Hold | None = None
    lead: tuple[str, ...] = ()
    mention: tuple[str, ...] = ()
    elsewhere: dict[str, str] | None = None


class Root(msgspec.Struct, frozen=True):
    """The root message of a call in a channel, as the ledger has it. `unseen`: it was never sent, in no place."""

    id: int
    state: str
    shown: Shown
    digest: str
    edits: tuple[Edit, ...]
    late_since: dt.datetime | None
    language: Language
    brief: bool = False
    dropped: str = ""
    unseen: bool = False


class Listed(msgspec.Struct, frozen=True):
    """The list of a burst: its row, its calls, and when the first and the last of them were told."""

    id: int
    calls: tuple[str, ...]
    since: dt.datetime
    last: dt.datetime


class Loaded(msgspec.Struct, frozen=True):
    """A report that waits for a decision, its call as it is known now, and the root where there is one.

    Without a report it is the call itself that waits: it changed behind its reports.
    """

    report_id: int | None
    call_id: str
    case: Case
    view: CallView
    root: Root | None


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
    """A report with all that its decision in a channel needs, None if it no longer waits. Holds the call's row until
    commit."""
    report = session.get(ReportRow, report_id)
    if report is None or report.notify_state != "waiting":
        return None
    call = session.get_one(CallRow, report.call_id, with_for_update=True)
    session.refresh(report)
    if report.notify_state != "waiting" or report.call_id != call.id:
        return None
    article = session.get_one(ArticleRow, report.article_id)
    root = root_of(session, call.id, channel)
    case = Case(
        judgement=msgspec.convert(report.judgement, Judgement),
        report=msgspec.convert(report.report, Report),
        facts=facts_of(call),
        published_at=article.published_at,
        silent=article.silent,
        withdrawn=reason_of(call),
        shown=root.shown if root and root.state not in ASLEEP else None,
        replied=_exists(session, update_key(report_id, channel)),
        dropped=root.dropped if root else "",
        secondary=_is_secondary(session, report, channel),
    )
    view = msgspec.structs.replace(view_under(call, root, page_url), report=named(report))
    return Loaded(report_id, call.id, case, view, root)


def _is_secondary(session: Session, report: ReportRow, channel: str) -> bool:
    """Whether the article tells another call as news before this one, which neither its headline nor its lead names,
    and the channel has that other one: what waits for a digest is nothing that this could stand beside."""
    told = msgspec.convert(report.report, Report)
    if any(piece.part != "text" for piece in told.evidence):
        return False
    before = ReportRow.article_id == report.article_id, ReportRow.ordinal < report.ordinal
    other = *before, ReportRow.call_id != report.call_id, ReportRow.verdict != "background"
    roots = (root_of(session, call_id, channel) for call_id in session.scalars(select(ReportRow.call_id).where(*other)))
    return any(root is not None and root.state not in ASLEEP for root in roots)


def view_under(call: CallRow, root: Root | None, page_url: str | None) -> CallView:
    """All that the messages about a call are made of, with what its root in a channel tells of itself."""
    edits, late = (root.edits, root.late_since) if root else ((), None)
    return view_of(call, edits, late, page_of(call.id, page_url))


def page_of(call_id: str, page_url: str | None) -> str | None:
    """The page of a call, where people can open the status page at all."""
    return f"{page_url.rstrip('/')}/calls/{call_id}" if page_url else None


def reason_of(call: CallRow) -> str:
    """Why a call was taken back, in one line; empty for one that stands."""
    gone = withdrawal_of(call)
    return f"{gone.by}: {gone.why}".removesuffix(": ") if gone else ""


def about(session: Session, report_id: int | None) -> dict[str, object]:
    """The article and the call that a report is of, for the log; empty for what is of no report."""
    row = session.get(ReportRow, report_id) if report_id is not None else None
    return {"report_id": row.id, "article_id": row.article_id, "call_id": row.call_id} if row else {}


def decided(session: Session, report_id: int, decision: str, now: dt.datetime, *, failed: bool = False) -> None:
    """Write down what was decided about a report; one that could not be decided on stays visible as failed.

    A report that made a message keeps saying so, whatever edits follow from it.
    """
    row = session.get_one(ReportRow, report_id)
    row.notify_state, row.decided_at = "failed" if failed else "done", now
    told = (row.decision or "").startswith(("root:", "update:"))
    if failed or not told or decision.startswith("update:"):
        row.decision = decision


def root_of(session: Session, call_id: str, channel: str, *, own: bool = False) -> Root | None:
    """The root of a call, else, unless only its `own` is asked for, of a call that was merged into it; one that the
    channel will never show is none."""
    calls = select(CallRow.id).where(or_(CallRow.id == call_id, (CallRow.merged_into == call_id) & (not own)))
    row = session.scalars(
        select(AnnouncementRow)
        .where(AnnouncementRow.kind == "root", AnnouncementRow.channel == channel, AnnouncementRow.call_id.in_(calls))
        .order_by(AnnouncementRow.call_id != call_id, AnnouncementRow.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    dropped = (row.hand or "dropped") if row.state == "dropped" and ASIDE not in row.payload else ""
    return Root(
        id=row.id,
        state=row.state,
        shown=row.payload["shown"],
        digest=row.payload["digest"],
        edits=edits_of(row.payload),
        late_since=late_since(row.payload),
        language=row.payload["message"]["language"],
        brief=row.payload.get("brief", False),
        dropped=dropped,
        unseen=_waits(row) and "replaces" not in row.payload,
    )


def mutes(session: Session, now: dt.datetime) -> tuple[Mute, ...]:
    """The mutes that hold."""
    rows = active_mutes(session, now)
    return tuple(Mute(row.id, frozenset(row.pair.split("-")), row.by, row.until) for row in rows)


def end_mutes(session: Session, ended: Iterable[Mute], why: str, now: dt.datetime) -> None:
    """A mute lapses: what it was for is over."""
    for mute in ended:
        end_mute(session, session.get_one(MuteRow, mute.id), why, now)


# --- writing the ledger --------------------------------------------------------------------------------------------


def root_key(call_id: str, channel: str) -> str:
    """What makes a root unique in the ledger: one for each call and channel."""
    return f"root:{call_id}@{channel}"


def update_key(about: int | str, channel: str) -> str:
    """What makes an update unique in the ledger: one for each report, or call that changed, and channel."""
    return f"update:{about}@{channel}"


def full_key(call_id: str, channel: str) -> str:
    """What makes the reply unique that tells a brief root in full."""
    return f"{IN_FULL}{call_id}@{channel}"


def digest(message: Message) -> str:
    """What a root says, apart from the line that tells of its edits."""
    text = "\n".join(line.text for line in message.lines if line.kind != "edited")
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def add_root(
    session: Session,
    loaded: Loaded,
    message: Message,
    channel: str,
    shown: Shown,
    now: dt.datetime,
    *,
    late: bool,
    terms: Terms,
    full: Message | None = None,
    replaces: Place | None = None,
) -> tuple[int, ...]:
    """Enter a call's root, once; nothing where it has one already. One that sleeps is written anew. A brief one has
    a message that tells it in `full`, and stays brief when it is edited; one that `replaces` another says so and links
    back."""
    payload = {
        "message": msgspec.to_builtins(message),
        "push": message.push,
        "shown": shown,
        "digest": digest(full or message),
        "edits": [],
        "late": late,
        "brief": full is not None,
        **({"note": "replaces", "replaces": msgspec.to_builtins(replaces)} if replaces else {}),
    }
    if loaded.root is not None and loaded.root.state in ASLEEP:
        row = _held(session, loaded.root.id)
        if row.state not in ASLEEP:  # somebody has released it since
            return add_edit(session, loaded, message, channel, shown, now, (), full)
        _on_terms(row, payload, terms, now)
        return (row.id,)
    return _add(session, root_key(loaded.call_id, channel), "root", loaded, message, channel, payload, now, terms=terms)


def add_update(
    session: Session,
    loaded: Loaded,
    message: Message,
    channel: str,
    now: dt.datetime,
    *,
    broadcast: bool,
    terms: Terms,
) -> tuple[int, ...]:
    """Enter the reply that a report, or a change of its call, makes; further ones are counted on."""
    first = update_key(loaded.report_id or loaded.call_id, channel)
    mine = or_(AnnouncementRow.key == first, AnnouncementRow.key.startswith(f"{first}#", autoescape=True))
    earlier = session.scalar(select(func.count()).where(mine)) or 0
    key = f"{first}#{earlier + 1}" if earlier else first
    payload = {"message": msgspec.to_builtins(message), "broadcast": broadcast}
    return _add(session, key, "update", loaded, message, channel, payload, now, terms=terms)


def add_edit(
    session: Session,
    loaded: Loaded,
    message: Message,
    channel: str,
    shown: Shown,
    now: dt.datetime,
    what: tuple[str, ...],
    full: Message | None = None,
) -> tuple[int, ...]:
    """Bring a root to the present state of knowledge, and of a brief one the reply that tells it in `full`: in place
    while they wait, else by edits.

    An edit that waits takes the newer text: ten sources in a minute are one edit.
    """
    if loaded.root is None:
        return ()
    row = _held(session, loaded.root.id)
    edits = [*row.payload["edits"], *([{"at": now.isoformat(), "what": list(what)}] if what else [])]
    news = {"shown": shown, "digest": digest(full or message), "edits": edits}
    written = _renew(session, loaded, row, message, f"edit:{row.call_id}@{channel}", now)
    row.payload = {**row.payload, **news}
    key = full_key(row.call_id or "", channel)
    reply = session.scalars(select(AnnouncementRow).where(AnnouncementRow.key == key).with_for_update()).first()
    if full is None or reply is None:
        return written
    return (*written, *_renew(session, loaded, reply, full, key, now))


def _renew(
    session: Session, loaded: Loaded, row: AnnouncementRow, message: Message, key: str, now: dt.datetime
) -> tuple[int, ...]:
    """Bring a message about a call to its newest text; what says that already needs no edit."""
    body, said = msgspec.to_builtins(message), msgspec.convert(row.payload["message"], Message)
    row.payload = {**row.payload, "message": body}
    if said == message or _waits(row):
        return ()
    edits = AnnouncementRow.kind == "edit", AnnouncementRow.call_id == row.call_id
    waits = *edits, AnnouncementRow.key.startswith(f"{key}#", autoescape=True), AnnouncementRow.state == "waiting"
    pending = session.scalars(select(AnnouncementRow).where(*waits).with_for_update()).first()
    if pending is not None:
        pending.payload = {**pending.payload, "message": body}
        return (pending.id,)
    number = (session.scalar(select(func.count()).where(*edits)) or 0) + 1
    payload = {"message": body} if row.kind == "root" else {"message": body, "of": row.id}
    return _add(session, f"{key}#{number}", "edit", loaded, message, row.channel, payload, now, call_id=row.call_id)


def left_behind(session: Session, call_id: str, channels: Collection[str]) -> Place | None:
    """Where the root of a call stands in a channel to which nothing goes any more; None where there is none."""
    query = select(AnnouncementRow).where(
        AnnouncementRow.kind == "root",
        AnnouncementRow.call_id == call_id,
        AnnouncementRow.channel.not_in(channels),
        AnnouncementRow.ts.is_not(None),
    )
    row = session.scalars(query.order_by(AnnouncementRow.id.desc()).limit(1)).first()
    return Place(row.payload.get("channel_id", row.channel), row.ts) if row is not None and row.ts else None


def add_full(
    session: Session, loaded: Loaded, message: Message, channel: str, now: dt.datetime, terms: Terms
) -> tuple[int, ...]:
    """Enter the reply that tells in full what a brief root leaves out."""
    payload = {"message": msgspec.to_builtins(message)}
    return _add(
        session, full_key(loaded.call_id, channel), "update", loaded, message, channel, payload, now, terms=terms
    )


def still_unseen(session: Session, root: Root) -> bool:
    """Whether a root is one that nobody has read. Its row is held until commit: no sender takes it meanwhile."""
    return root.unseen and _waits(_held(session, root.id))


def put_aside(session: Session, root: Root, why: str) -> None:
    """Take an unseen root, and what tells it in full, out of the queue: its call was taken back. What a person or a
    mute keeps stays there."""
    for row in _with_full(session, root):
        _put_aside(row, f"taken back before it went out: {why}")


def take_up(session: Session, root: Root) -> None:
    """Set a root back that was put aside: its call stands again."""
    for row in _with_full(session, root):
        _take_up(row)


def _put_aside(row: AnnouncementRow, why: str) -> None:
    if row.state in ("waiting", "held"):
        row.payload, row.hand = {**row.payload, ASIDE: row.state}, why
        row.state = "dropped"


def _take_up(row: AnnouncementRow) -> None:
    if ASIDE in row.payload:
        row.state, row.hand = row.payload[ASIDE], None
        row.payload = {name: value for name, value in row.payload.items() if name != ASIDE}


def _with_full(session: Session, root: Root) -> list[AnnouncementRow]:
    """A root, and the reply that tells a brief one in full."""
    row = _held(session, root.id)
    full = select(AnnouncementRow).where(AnnouncementRow.key == full_key(row.call_id or "", row.channel))
    return [row, *session.scalars(full.with_for_update())]


# --- bursts --------------------------------------------------------------------------------------------------------


def roots_since(session: Session, channel: str, since: dt.datetime) -> dict[str, dt.datetime]:
    """The calls whose roots came into a channel since a moment or are on their way, however long they have been kept
    waiting, in their order, each with when it was entered."""
    on_its_way = AnnouncementRow.state.in_(("waiting", "claimed", "unknown"))
    there = (AnnouncementRow.state == "sent") & (AnnouncementRow.sent_at > since)
    return _roots(session, channel, or_(on_its_way, there))


def roots_held(session: Session, channel: str, until: dt.datetime) -> dict[str, dt.datetime]:
    """The calls whose roots are held back until one moment, when they come into a channel together."""
    return _roots(session, channel, _held_until(until))


def _roots(session: Session, channel: str, which: ColumnElement[bool]) -> dict[str, dt.datetime]:
    roots = AnnouncementRow.kind == "root", AnnouncementRow.channel == channel
    query = select(AnnouncementRow.call_id, AnnouncementRow.created_at).where(*roots, which)
    return {call: at for call, at in session.execute(query.order_by(AnnouncementRow.id)) if call is not None}


def _held_until(until: dt.datetime) -> ColumnElement[bool]:
    return (AnnouncementRow.state == "held") & (AnnouncementRow.next_attempt_at == until)


def list_since(session: Session, channel: str, since: dt.datetime, now: dt.datetime) -> Listed | None:
    """The list of a burst that waits for its turn or whose last call was told after a moment; none that is held back
    until later than now."""
    lists = AnnouncementRow.kind == "list", AnnouncementRow.channel == channel
    query = select(AnnouncementRow).where(*lists, AnnouncementRow.next_attempt_at <= now)
    row = session.scalars(query.order_by(AnnouncementRow.id.desc()).limit(1)).first()
    if row is None or not _goes_on(row):
        return None
    listed = listed_of(row)
    return listed if listed.last > since or row.state == "waiting" else None


def list_held(session: Session, channel: str, until: dt.datetime) -> Listed | None:
    """The list of a burst that is held back until one moment."""
    lists = AnnouncementRow.kind == "list", AnnouncementRow.channel == channel
    query = select(AnnouncementRow).where(
        *lists, AnnouncementRow.next_attempt_at == until, AnnouncementRow.ts.is_(None)
    )
    return next((listed_of(row) for row in session.scalars(query) if _goes_on(row)), None)


def _goes_on(row: AnnouncementRow) -> bool:
    """Whether a list may name further calls: nobody has dropped it, whose calls may all have been taken back."""
    return row.state != "dropped" or ASIDE in row.payload


def listed_of(row: AnnouncementRow) -> Listed:
    """A list, as its row has it."""
    begun, last = (dt.datetime.fromisoformat(row.payload[name]) for name in ("since", "last"))
    return Listed(row.id, tuple(row.payload["calls"]), begun, last)


def lists_beside(session: Session, ids: Collection[int]) -> dict[AnnouncementRow, frozenset[str]]:
    """The lists that name calls whose roots are among these rows, each with those calls."""
    roots = select(AnnouncementRow).where(AnnouncementRow.kind == "root", AnnouncementRow.id.in_(ids))
    told = {(row.channel, row.call_id) for row in session.scalars(roots)}
    query = select(AnnouncementRow).where(AnnouncementRow.kind == "list", AnnouncementRow.state != "dropped")
    lists = session.scalars(query.where(AnnouncementRow.channel.in_({channel for channel, _ in told})))
    named = {row: frozenset(call for call in row.payload["calls"] if (row.channel, call) in told) for row in lists}
    return {row: calls for row, calls in named.items() if calls}


def calls_of(session: Session, calls: Collection[str]) -> tuple[CallRow, ...]:
    """Calls, in the order of their ids as they are given."""
    rows = {row.id: row for row in session.scalars(select(CallRow).where(CallRow.id.in_(calls)))}
    return tuple(rows[call] for call in calls if call in rows)


def lists_naming(session: Session, call_id: str, channel: str) -> tuple[AnnouncementRow, ...]:
    """The lists of bursts in a channel that name a call, among those of the days of its root."""
    here = AnnouncementRow.channel == channel
    root = select(AnnouncementRow.created_at).where(AnnouncementRow.kind == "root", AnnouncementRow.call_id == call_id)
    told = session.scalar(root.where(here).limit(1))
    if told is None:
        return ()
    near = AnnouncementRow.created_at.between(told - LONGEST_BURST, told + LONGEST_BURST)
    rows = session.scalars(select(AnnouncementRow).where(AnnouncementRow.kind == "list", here, near))
    return tuple(row for row in rows if _goes_on(row) and call_id in row.payload["calls"])


def list_waits(session: Session, listed: Listed) -> bool:
    """Whether nobody has read a list: it is to be entered, or waits. Its row is held until commit."""
    return not listed.id or _waits(_held(session, listed.id))


def empty_list(session: Session, listed: Listed, *, empty: bool) -> None:
    """Put a list aside of whose calls none stands, and set it back where one does again."""
    row = _held(session, listed.id)
    _put_aside(row, "all of its calls were taken back before it went out") if empty else _take_up(row)


def add_list(
    session: Session, listed: Listed, message: Message, channel: str, now: dt.datetime, terms: Terms | None = None
) -> tuple[int, ...]:
    """Enter the list of a burst; one with an id is brought up to date: in place while it waits, else by an edit, where
    it says anything else. `terms` are those of its calls where they are held back."""
    payload = {
        "message": msgspec.to_builtins(message),
        "calls": list(listed.calls),
        "since": listed.since.isoformat(),
        "last": listed.last.isoformat(),
    }
    if not listed.id:
        held = f"held:{listed.last:%Y-%m-%dT%H:%M:%S}" if terms else f"{listed.since:%Y-%m-%dT%H:%M:%S}"
        number = _add_plain(session, _list_key(session, held, channel), "list", message, channel, payload, now)
        if terms is not None:
            _on_terms(session.get_one(AnnouncementRow, number), payload, terms, now)
        return (number,)
    row = _held(session, listed.id)
    said = msgspec.convert(row.payload["message"], Message)
    row.payload = {**row.payload, **payload}
    if _waits(row) or said == message:
        return ()
    body = {"message": payload["message"], "of": row.id}
    edits = select(AnnouncementRow).where(AnnouncementRow.kind == "edit", AnnouncementRow.key.startswith(f"{row.key}#"))
    earlier = session.scalars(edits.order_by(AnnouncementRow.id).with_for_update()).all()
    if earlier and earlier[-1].state == "waiting":
        earlier[-1].payload = body
        return (earlier[-1].id,)
    return (_add_plain(session, f"{row.key}#{len(earlier) + 1}", "edit", message, channel, body, now),)


def _list_key(session: Session, held: str, channel: str) -> str:
    """What makes a list unique in the ledger; one that follows a list which somebody dropped is counted on."""
    first = f"list:{held}"
    dropped = AnnouncementRow.kind == "list", AnnouncementRow.key.startswith(first, autoescape=True)
    earlier = session.scalar(select(func.count()).where(*dropped, AnnouncementRow.channel == channel)) or 0
    return f"{first}+{earlier + 1}@{channel}" if earlier else f"{first}@{channel}"


# --- digests -------------------------------------------------------------------------------------------------------


def one_at_a_time(session: Session) -> None:
    """Let nobody else claim a row or enter a digest until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite, BEGIN IMMEDIATE has done it
        lock = int.from_bytes(hashlib.blake2b(b"announcements", digest_size=8).digest(), "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(lock)))


def digest_key(at: dt.datetime, channel: str) -> str:
    """What makes a digest unique in the ledger: one for each hour and channel. Its further messages are counted on."""
    return f"{DIGEST}{at:%Y-%m-%dT%H:%M}@{channel}"


def has_digest(session: Session, at: dt.datetime, channel: str) -> bool:
    """Whether the digest of an hour was written."""
    return _exists(session, digest_key(at, channel))


def last_digest(session: Session, channel: str) -> dt.datetime | None:
    """The hour of the last digest that was written for a channel; None where there is none."""
    query = select(AnnouncementRow.key).where(AnnouncementRow.kind == "digest", AnnouncementRow.channel == channel)
    key = session.scalar(query.order_by(AnnouncementRow.id.desc()).limit(1))
    return dt.datetime.fromisoformat(key.split("@")[0].removeprefix(DIGEST)).replace(tzinfo=dt.UTC) if key else None


def add_digest(
    session: Session, at: dt.datetime, messages: Iterable[Message], channel: str, now: dt.datetime
) -> tuple[int, ...]:
    """Enter the digest of an hour, in as many messages as it has."""
    key = digest_key(at, channel)
    return tuple(
        _add_plain(
            session,
            f"{key}#{number}" if number > 1 else key,
            "digest",
            message,
            channel,
            {"message": msgspec.to_builtins(message)},
            now,
        )
        for number, message in enumerate(messages, 1)
    )


def add_notice(
    session: Session, key: str, message: Message, channel: str, now: dt.datetime, hold: Hold | None
) -> tuple[int, ...]:
    """Enter a message about Redphone itself, once."""
    if _exists(session, f"notice:{key}@{channel}"):
        return ()
    payload = {"message": msgspec.to_builtins(message)}
    number = _add_plain(session, f"notice:{key}@{channel}", "notice", message, channel, payload, now)
    if hold is not None and hold.until is not None:
        row = session.get_one(AnnouncementRow, number)
        row.state, row.next_attempt_at = hold.state, hold.until
    return (number,)


def _add_plain(
    session: Session, key: str, kind: str, message: Message, channel: str, payload: dict[str, Any], now: dt.datetime
) -> int:
    """Enter a message that is about no call."""
    row = AnnouncementRow(
        key=key,
        kind=kind,
        channel=channel,
        language=message.language,
        payload=payload,
        next_attempt_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _add(
    session: Session,
    key: str,
    kind: str,
    loaded: Loaded,
    message: Message,
    channel: str,
    payload: dict[str, Any],
    now: dt.datetime,
    call_id: str | None = None,
    terms: Terms | None = None,
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
    if terms is not None:
        _on_terms(row, payload, terms, now)
    session.add(row)
    session.flush()
    return (row.id,)


def _on_terms(row: AnnouncementRow, payload: dict[str, Any], terms: Terms, now: dt.datetime) -> None:
    row.payload = {**payload, "if_late": terms.if_late, "lead": list(terms.lead), "mention": list(terms.mention)}
    if terms.elsewhere is not None:
        row.payload = {**row.payload, "elsewhere": terms.elsewhere}
    row.state, row.next_attempt_at = "waiting", now
    if terms.hold is not None:
        row.state, row.next_attempt_at = terms.hold.state, terms.hold.until or now


def _held(session: Session, row_id: int) -> AnnouncementRow:
    """A row as it is now, held until the transaction ends: who sends takes no row that somebody writes."""
    return session.get_one(AnnouncementRow, row_id, with_for_update=True)


def _waits(row: AnnouncementRow) -> bool:
    """Whether a message waits for its first try, or was put aside before it: what it says may be written anew."""
    return (row.state in ("waiting", *KEPT_BACK) or ASIDE in row.payload) and row.attempts == 0


def _exists(session: Session, key: str) -> bool:
    return session.scalar(select(AnnouncementRow.id).where(AnnouncementRow.key == key)) is not None
