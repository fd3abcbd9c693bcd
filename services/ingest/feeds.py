"""The database's memory of each feed: the catalogue that it follows, what the last polls gave, who paused it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.ingest.rows import insert_ignore
from services.ingest.schedule import NextPoll, Success
from services.ingest.urls import canonical_url, host_of
from services.ingest.values import CatalogueFeed, Failed, ParsedFeed, Validators
from shared.tables import DeedRow, FeedRow

_ON_TRIAL = -1  #: in the place of the 304s that are counted
_ODD = "odd: "


class Kept(NamedTuple):
    """What a feed's row remembers of an answer: the validators to ask with, the hash of its body (None where it must be
    read again even if it comes again as it is), and whether the validators are on trial: those of the answer before, to
    which a server that tells the truth says 304 no more."""

    validators: Validators
    body_hash: str | None = None
    on_trial: bool = False


def is_on_trial(feed: FeedRow) -> bool:
    """Whether a 304 to the next look shows that this server's 304 is not to be believed."""
    return feed.unmodified == _ON_TRIAL


def sync_feeds(session: Session, catalogue: Sequence[CatalogueFeed], now: dt.datetime) -> None:
    """Make the table follow the catalogue: new feeds are due at once, those with another interval no later than that
    from now on, and feeds that left it are kept and not polled."""
    rows = {row.url: row for row in session.scalars(select(FeedRow))}
    for feed in catalogue:
        row = rows.pop(feed.url, None)
        if row is None:
            insert_ignore(session, FeedRow, [{**_listing(feed), "url": feed.url, "interval_s": feed.interval_s,
                                               "next_poll_at": now, "created_at": now}])  # fmt: skip
            continue
        if row.base_interval_s != feed.interval_s or row.world != feed.world:
            row.interval_s = feed.interval_s
            if row.failures == 0:  # one in trouble waits as it does, perhaps because its server asks for it
                row.next_poll_at = min(row.next_poll_at, now + dt.timedelta(seconds=feed.interval_s))
        for name, value in _listing(feed).items():
            setattr(row, name, value)
    for row in rows.values():
        row.listed = False


def _listing(feed: CatalogueFeed) -> dict[str, Any]:
    return {
        "outlet": feed.outlet,
        "section": feed.section,
        "host": host_of(canonical_url(feed.url) or feed.url),  # the port that goes without saying makes no other host
        "language": feed.language,
        "timezone": feed.timezone,
        "world": feed.world,
        "fetch_body": feed.fetch_body,
        "body_selector": feed.body_selector,
        "base_interval_s": feed.interval_s,
        "pause_s": feed.pause_s,
        "listed": True,
    }


def finish_failed(feed: FeedRow, failed: Failed, decision: NextPoll, now: dt.datetime) -> None:
    """Write down that a poll failed, and give the feed back; what its last good answer brought is kept."""
    _finish(feed, failed.kind, decision, now)
    feed.last_error, feed.failures = f"{failed.kind}: {failed.words}", feed.failures + 1


def finish_answered(
    feed: FeedRow,
    outcome: Success,
    decision: NextPoll,
    now: dt.datetime,
    kept: Kept | None = None,
    read: ParsedFeed | None = None,
) -> None:
    """Write down what a poll gave, in the transaction of its entries, and give the feed back: a crash in between costs
    a second fetch and never an entry.

    `kept` is what is to be remembered of the answer; None for a 304, after which all stays as it is. `read` is the feed
    that it brought, None where that is the one of before.
    """
    _finish(feed, outcome, decision, now)
    feed.last_error, feed.failures, feed.last_success_at = _noted(feed, read), 0, now
    if outcome != "quiet":
        feed.last_new_at = now
    if outcome == "gap":
        feed.gaps, feed.last_gap_at = feed.gaps + 1, now
    if kept is None:
        feed.unmodified += 1
    else:
        _remember(feed, kept, now)


def _noted(feed: FeedRow, read: ParsedFeed | None) -> str | None:
    """What the record says of a feed that serves, though not as it stands."""
    if read is None:
        return feed.last_error if (feed.last_error or "").startswith(_ODD) else None
    return f"{_ODD}{read.trouble}" if read.trouble else None


def _finish(feed: FeedRow, outcome: str, decision: NextPoll, now: dt.datetime) -> None:
    feed.last_polled_at, feed.next_poll_at, feed.interval_s = now, decision.at, decision.interval_s
    feed.claimed_until = None
    polls = feed.polls or {}
    feed.polls = {**polls, outcome: polls.get(outcome, 0) + 1}


def _remember(feed: FeedRow, kept: Kept, now: dt.datetime) -> None:
    feed.etag, feed.last_modified = _sendable(kept.validators.etag, 500), _sendable(kept.validators.last_modified, 200)
    feed.body_hash, feed.last_full_at, feed.unmodified = kept.body_hash, now, _ON_TRIAL if kept.on_trial else 0


def _sendable(validator: str | None, most: int) -> str | None:
    """A validator that can be sent back as it came: what does not fit, or is no printable ASCII (RFC 9110, 5.5), could
    only be wrong, or break the request."""
    fits = validator is not None and len(validator) <= most and validator.isascii() and validator.isprintable()
    return validator if fits else None


def put_off(feed: FeedRow, until: dt.datetime, why: str) -> None:
    """The feed could not be asked, which is nobody's failure: it is due again at `until`, and its record says why."""
    feed.next_poll_at, feed.claimed_until, feed.last_error = until, None, why


def pause_feeds(session: Session, name: str, by: str, reason: str, now: dt.datetime) -> list[str]:
    """Poll the feed with this address, or all of the outlet with this name, no more until :func:`resume_feeds`; their
    addresses. `by` and `reason`: who says so, and why."""
    rows = _named(session, name)
    for row in rows:
        row.paused, row.hand = True, f"paused by {by} at {now:%Y-%m-%d %H:%M} UTC: {reason}"
    return _done(session, "pause", name, rows, by, reason, now)


def resume_feeds(session: Session, name: str, by: str, now: dt.datetime) -> list[str]:
    """Poll feeds again that are paused, named as above, from now on; the addresses of those that were."""
    rows = [row for row in _named(session, name) if row.paused]
    for row in rows:
        row.paused, row.hand, row.next_poll_at = False, f"resumed by {by} at {now:%Y-%m-%d %H:%M} UTC", now
    return _done(session, "resume", name, rows, by, "", now)


def _done(
    session: Session, what: str, name: str, rows: Sequence[FeedRow], by: str, reason: str, now: dt.datetime
) -> list[str]:
    if rows:
        session.add(DeedRow(what=what, about=name, by=by, reason=reason, at=now))
    return [row.url for row in rows]


def _named(session: Session, name: str) -> list[FeedRow]:
    rows = session.scalars(select(FeedRow).order_by(FeedRow.url).with_for_update()).all()
    wanted = name.casefold()  # here and not in SQL: SQLite's lower() knows no Đ
    return [row for row in rows if row.url == name] or [row for row in rows if row.outlet.casefold() == wanted]
