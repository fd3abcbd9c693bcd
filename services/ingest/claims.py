"""Who asks whom, and when: feeds that are due are claimed, and hosts, each for one request at a time.

A claim is a lease in the database, so that a worker that dies holds nothing for long, and whoever holds a host's claim
is alone with it. A host that was asked rests before the next request; article pages may have to wait longer than feeds,
where its robots.txt says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.ingest.rows import insert_ignore
from shared import pulse
from shared.brake import FREE, Step
from shared.clock import WENT_BACK
from shared.tables import FeedRow, HostRow, UtcDateTime

#: Longer than the longest fetch (:class:`services.ingest.fetch.Limits`), and short: after it a poll is due again whose
#: worker died or whose message was lost.
LEASE = dt.timedelta(seconds=15)
#: So long a feed that was handed out waits for its turn, which the quick tick gives it again if its message was lost.
#: The message is thrown away before: one that comes when the feed was handed out anew would have it asked twice.
TURN = dt.timedelta(seconds=6)
MESSAGE = TURN - dt.timedelta(seconds=1)
# made once, and without the ORM where it need not know: each is said at a hundred thousand requests a day
_HOSTS: Table = HostRow.__table__  # type: ignore[assignment]
_THIS_HOST = _HOSTS.c.name == bindparam("host")
_UNTIL = bindparam("until", type_=UtcDateTime())
_RELEASE = (
    update(_HOSTS)
    .where(_THIS_HOST, _HOSTS.c.claimed_until == _UNTIL)
    .values(claimed_until=None, next_request_at=bindparam("at", type_=UtcDateTime()))
)
_HOLD = update(_HOSTS).where(_THIS_HOST).values(claimed_until=_UNTIL)
_BEGIN = (
    update(FeedRow)
    .where(FeedRow.id == bindparam("feed"), FeedRow.claimed_until > bindparam("now", type_=UtcDateTime()))
    .values(claimed_until=_UNTIL)
    .returning(FeedRow)
    .execution_options(synchronize_session=False)
)


def claim_due_feeds(session: Session, now: dt.datetime, limit: int, step: Step = FREE) -> list[int]:
    """Take up to `limit` feeds that are due, one a host and none of a host that is being asked or resting; the one that
    has waited longest first. However many feeds of busy hosts wait, those of free hosts are found. `step` of the brake:
    how much later than they are due feeds are asked now."""
    hosts = (
        select(FeedRow.host)
        .where(due(now, step), FeedRow.host.not_in(select(HostRow.name).where(~free(now))))
        .group_by(FeedRow.host)
        .order_by(func.min(FeedRow.next_poll_at), func.min(FeedRow.id))
        .limit(limit)
    )
    claimed = claim_hosts(session, session.scalars(hosts).all(), now, TURN)
    if not claimed:  # most looks find nothing
        return []
    turn = func.row_number().over(partition_by=FeedRow.host, order_by=(FeedRow.next_poll_at, FeedRow.id))
    waiting = select(FeedRow.id, FeedRow.host, FeedRow.next_poll_at, turn.label("turn")).where(
        due(now, step), FeedRow.host.in_(claimed)
    )
    queue = waiting.subquery()
    first = session.execute(
        select(queue.c.id, queue.c.host).where(queue.c.turn == 1).order_by(queue.c.next_poll_at, queue.c.id)
    ).all()
    feeds = [feed_id for feed_id, _ in first]
    if feeds:
        session.execute(update(FeedRow).where(FeedRow.id.in_(feeds)).values(claimed_until=now + TURN))
    for host in claimed - {host for _, host in first}:  # somebody else polled its feed in the meantime
        release_host(session, host, now + TURN, None)
    return feeds


def begin_poll(session: Session, feed_id: int, now: dt.datetime) -> FeedRow | None:
    """A feed that was claimed, when its turn comes: from now on it and its host are held for a whole lease. None where
    its claim has ended: somebody else may ask it by now."""
    until = now + LEASE
    feed = session.scalars(_BEGIN, {"feed": feed_id, "now": now, "until": until}).one_or_none()
    if feed is not None:
        session.execute(_HOLD, {"host": feed.host, "until": until})
    return feed


def give_back_feeds(session: Session, feed_ids: Sequence[int], claimed_at: dt.datetime) -> None:
    """Undo the claims of feeds that nobody has asked, and of their hosts, where they are those of that moment."""
    feeds, until = FeedRow.id.in_(feed_ids), claimed_at + TURN
    hosts = HostRow.name.in_(select(FeedRow.host).where(feeds))
    session.execute(update(HostRow).where(hosts, HostRow.claimed_until == until).values(claimed_until=None))
    session.execute(update(FeedRow).where(feeds, FeedRow.claimed_until == until).values(claimed_until=None))


def due(now: dt.datetime, step: Step = FREE) -> ColumnElement[bool]:
    """Whether a feed is to be polled now, with the brake at this step."""
    unclaimed = _ended(FeedRow.claimed_until, now)
    waited = FeedRow.next_poll_at <= now
    if step != FREE:
        world, other = (FeedRow.next_poll_at <= now - step.later(world=one) for one in (True, False))
        waited = or_(and_(FeedRow.world, world), and_(~FeedRow.world, other))
    return and_(FeedRow.listed, ~FeedRow.paused, waited, unclaimed)


def _ended(lease: InstrumentedAttribute[dt.datetime | None], now: dt.datetime) -> ColumnElement[bool]:
    """Whether nobody holds a lease. One that ends later than any that is taken now was taken before a clock went back,
    and its hour would come once more before it ended."""
    return or_(lease.is_(None), lease <= now, lease > now + LEASE + WENT_BACK)


def free(now: dt.datetime) -> ColumnElement[bool]:
    """Whether a host may be asked now: nobody else asks it, and it has rested."""
    return and_(
        _ended(HostRow.claimed_until, now),
        or_(HostRow.next_request_at.is_(None), HostRow.next_request_at <= now),
    )


def claim_hosts(
    session: Session, hosts: Collection[str], now: dt.datetime, lease: dt.timedelta = LEASE
) -> frozenset[str]:
    """Take hosts for one request each, until `now + lease`; without those that somebody else asks now or that rest
    between two requests."""
    if not hosts:
        return frozenset()
    pulse.note(session, now)
    known = set(session.scalars(select(HostRow.name).where(HostRow.name.in_(hosts))))
    insert_ignore(session, HostRow, [{"name": host} for host in sorted(hosts) if host not in known])
    # a host that another worker holds is skipped, not waited for, so that no two wait for each other in a circle
    unheld = select(HostRow.name).where(HostRow.name.in_(hosts), free(now)).order_by(HostRow.name)
    claimed = frozenset(session.scalars(unheld.with_for_update(skip_locked=True)))
    session.execute(update(HostRow).where(HostRow.name.in_(claimed)).values(claimed_until=now + lease))
    return claimed


def release_host(session: Session, host: str, until: dt.datetime, next_request_at: dt.datetime | None) -> None:
    """Give a host back whose claim is the one that ends at `until`; it rests until `next_request_at`. A claim that has
    ended, and that somebody else has taken since, is theirs."""
    session.execute(_RELEASE, {"host": host, "until": until, "at": next_request_at})


def delay_pages(session: Session, host: str, until: dt.datetime) -> None:
    """Ask a host for no page before this moment: its robots.txt names a longer pause than ours, or cannot be had, or an
    answer asks for it. A longer wait that it has already stays."""
    sooner = or_(HostRow.next_page_at.is_(None), HostRow.next_page_at < until)
    session.execute(update(HostRow).where(HostRow.name == host, sooner).values(next_page_at=until))


def leave_alone(session: Session, host: str, until: dt.datetime) -> None:
    """Ask a host for nothing before this moment, neither for a page nor for any of its feeds, nor where a redirect
    leads to it: its server says so. A longer wait that one of them has already stays."""
    delay_pages(session, host, until)
    # feeds that are listed or resumed later are due at once
    awake = or_(HostRow.next_request_at.is_(None), HostRow.next_request_at < until)
    session.execute(update(HostRow).where(HostRow.name == host, awake).values(next_request_at=until))
    sooner = and_(FeedRow.host == host, FeedRow.next_poll_at < until)
    session.execute(update(FeedRow).where(sooner).values(next_poll_at=until))
