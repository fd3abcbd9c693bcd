"""Calls that changed behind their reports: what the desk was shown of them is brought up to date, or withdrawn.

Something was put right by hand, a plan passed in silence, the history was read again, an article no longer tells of it:
no report came, so the call itself waits for the notifier. It gets no root from this, and none where it had none.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify import store
from services.notify.decide import Case
from services.notify.layout import Withdrawal
from services.notify.store import Loaded, Root
from shared.records import Judgement, Report
from shared.tables import CallRow

WAITING = ("waiting", "quiet")


def waiting_calls(session: Session, limit: int) -> tuple[str, ...]:
    """Calls at which the notifier is to look."""
    query = select(CallRow.id).where(CallRow.notify_state.in_(WAITING)).order_by(CallRow.id)
    return tuple(session.scalars(query.limit(limit)))


def load(session: Session, call_id: str, channel: str, page_url: str | None) -> Loaded | None:
    """A call with all that its decision in a channel needs, None if it no longer waits. Holds its row until commit."""
    call = session.get_one(CallRow, call_id, with_for_update=True, populate_existing=True)
    if call.notify_state not in WAITING:
        return None
    root = _root(session, call, channel)
    view = store.view_under(call, root, page_url)
    facts = view.facts
    why = store.reason_of(call)
    if call.merged_into is not None:
        gone = Withdrawal(by="", at=call.updated_at, why="", told_twice=True)
        view, why = msgspec.structs.replace(view, withdrawn=gone), f"the same call as {call.merged_into}"
    case = Case(
        judgement=Judgement(verdict="background", call_id=call.id, reason="changed behind its reports"),
        report=Report(participants=facts.participants, status=facts.status, news=facts.news),
        facts=facts,
        published_at=None,  # no article brings what is said now, so it is as old as it is said
        silent=call.notify_state == "quiet",
        withdrawn=why,
        shown=root.shown if root else None,
    )
    return Loaded(None, call.id, case, view, root)


def _root(session: Session, call: CallRow, channel: str) -> Root | None:
    """The root that the call answers for: where it was merged into another, its own if the other has one too."""
    if call.merged_into is None:
        return store.root_of(session, call.id, channel)
    own = store.root_of(session, call.id, channel, own=True)
    shared = store.root_of(session, call.merged_into, channel)
    return own if own is not None and shared is not None and own.id != shared.id else None


def looked(session: Session, call_id: str, *, failed: bool = False) -> None:
    """The notifier has looked at a call, or could not: it waits no more until it changes again."""
    session.get_one(CallRow, call_id).notify_state = "failed" if failed else "done"
