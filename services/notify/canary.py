"""The canary, last part: what was read in the invented article becomes a message, and goes to a private channel.

Without a channel for it the message is written and not posted. It is no alert: neither the ledger, nor a pause, a mute
or quiet hours know of it.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from services.notify.layout import CallView, Message
from services.notify.message import render_root
from services.notify.poster import Post, Poster, Refused, Sent
from services.notify.wording import phrase
from shared.db import reading
from shared.limits import OUT_OF_LIMITS
from shared.names import Language
from shared.records import CallFacts
from shared.tables import CanaryRow

YOUNG = dt.timedelta(minutes=10)
LEASE = dt.timedelta(minutes=1)


class Room(msgspec.Struct, frozen=True):
    """Where the test messages go, and how: through a poster into a private channel, in its language and zone. Without
    one of the two they are written and not posted."""

    poster: Poster | None
    channel: str
    language: Language
    zone: str


def tell(
    sessions: sessionmaker[Session],
    now: dt.datetime,
    poster: Poster | None,
    channel: str,
    language: Language = "en",
    zone: str = "Asia/Ho_Chi_Minh",
) -> int:
    """Write the messages of the test articles that were read, and post them where there is a poster and a channel;
    returns how many were told. One that Slack refuses for good has failed; one that it puts off is tried again."""
    with reading(sessions) as session:
        ids = list(session.scalars(select(CanaryRow.id).where(_waits(now)).order_by(CanaryRow.started_at)))
    room = Room(poster, channel, language, zone)
    return sum(_tell(sessions, number, now, room) for number in ids)


def _waits(now: dt.datetime) -> ColumnElement[bool]:
    return and_(
        CanaryRow.read_at.is_not(None),
        CanaryRow.told_at.is_(None),
        CanaryRow.failed.is_(None),
        CanaryRow.started_at > now - YOUNG,
        or_(CanaryRow.claimed_until.is_(None), CanaryRow.claimed_until <= now),
    )


def _tell(sessions: sessionmaker[Session], number: int, now: dt.datetime, room: Room) -> bool:
    """Claim one, write its message, post it, and write down how that went."""
    claim = update(CanaryRow).where(CanaryRow.id == number, _waits(now)).values(claimed_until=now + LEASE)
    with sessions.begin() as session:
        facts = session.execute(claim.returning(CanaryRow.facts)).scalar()
    if facts is None:  # another worker has it
        return False
    values = _posted(facts, number, now, room)
    with sessions.begin() as session:
        session.execute(update(CanaryRow).where(CanaryRow.id == number).values(values))
    return "told_at" in values


def _posted(facts: dict[str, Any], number: int, now: dt.datetime, room: Room) -> dict[str, Any]:
    """What is to be written down of one after its message was written and, where it may be, posted."""
    try:
        message = _message(facts, number, now, room)
    except OUT_OF_LIMITS:
        raise
    except Exception as error:  # what the wording stumbles over is what this is to find out
        return {"failed": f"message: {type(error).__name__}: {error}"[:500]}
    if room.poster is None or not room.channel:
        return {"told_at": now}
    start = time.monotonic()
    lead = (phrase("canary", room.language),)
    post = Post(key=f"canary:{number}", kind="root", channel=room.channel, message=message, lead=lead)
    outcome = room.poster.send(post)
    if isinstance(outcome, Sent):
        told_at = now + dt.timedelta(seconds=time.monotonic() - start)
        return {"told_at": told_at, "channel": outcome.channel or room.channel, "ts": outcome.ts}
    if isinstance(outcome, Refused) and outcome.remedy == "retry":
        return {"claimed_until": now + dt.timedelta(seconds=outcome.retry_after or 0.0)}
    return {"failed": f"Slack: {outcome.error}"}


def _message(facts: dict[str, Any], number: int, now: dt.datetime, room: Room) -> Message:
    view = CallView(call_id=f"canary-{number}", facts=msgspec.convert(facts, CallFacts), article_at=now)
    return render_root(view, room.language, room.zone)
