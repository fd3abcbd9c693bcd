"""`/v1/feeds`: each feed against its own rhythm, with its trouble in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from services.status.answers import Cursor, Limit, Model, Page, Utc, fleeting
from services.status.errors import Missing, documented
from services.status.lines import line
from services.status.paging import CursorError, Listed, read, write
from services.status.routes.standing import Stand
from services.status.values import Feed
from shared.errors import ServiceDownError

router = APIRouter(prefix="/v1", tags=["feeds"])
State = Literal["fresh", "new", "failing", "silent", "paused"]


class FeedItem(Model):
    """One feed. `fresh`: it answers and keeps its rhythm; `new`: it was never asked; `silent`: it answers and brings
    nothing, unlike before."""

    outlet: str
    url: str
    state: State
    words: str = Field(description="what is wrong, empty for nothing")
    watched: bool = Field(description="false for one that is paused or no longer listed")
    last_success_at: Utc | None
    last_new_at: Utc | None
    next_poll_at: Utc
    interval_s: int
    entries_a_day: float
    usual_gap_s: float | None = Field(description="seconds between two new entries, as they usually come")
    failures: int = Field(description="in a row, up to now")
    missed: int = Field(description="looks that came too late for some entries")


class Feeds(Page[FeedItem]):
    """A page of the feeds, by outlet and address. `next` is the cursor of the page after it, null on the last."""

    remark: str = Field(description="where many of all feeds are sick at once: whose trouble that looks like")


@router.get("/feeds", response_model=Feeds, responses=documented(404, 422, 503))
async def feeds(request: Request, snapshot: Stand, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """The feeds with their health, by outlet and address; kept for a second."""
    try:
        after = read(cursor, Listed)
    except CursorError as error:
        raise Missing(str(error)) from error
    if snapshot.standing is None or snapshot.known_at is None:
        raise ServiceDownError("; ".join(snapshot.away) or "the database has not answered yet")
    items = sorted((feed_item(feed, snapshot.known_at) for feed in snapshot.standing.feeds), key=_place)
    rest = [one for one in items if after is None or _place(one) > (after.name, after.id)]
    following = write(Listed(*_place(rest[limit - 1]))) if len(rest) > limit else None
    return fleeting(Feeds(items=rest[:limit], next=following, remark=shared_trouble(items)))


def _place(feed: FeedItem) -> tuple[str, str]:
    return feed.outlet, feed.url


def feed_item(feed: Feed, now: dt.datetime) -> FeedItem:
    """A feed as it is answered; `now` is the moment that its ages are of."""
    state = _state(feed)
    return FeedItem(
        outlet=feed.outlet,
        url=feed.url,
        state=state,
        words=_words(feed, state),
        watched=feed.watched,
        last_success_at=_before(now, feed.last_success_age_s),
        last_new_at=_before(now, feed.last_new_age_s),
        next_poll_at=now + dt.timedelta(seconds=feed.next_poll_in_s),
        interval_s=feed.interval_s,
        entries_a_day=feed.entries_a_day,
        usual_gap_s=round(86_400 / feed.entries_a_day) if feed.entries_a_day else None,
        failures=feed.failures,
        missed=feed.missed,
    )


def _state(feed: Feed) -> State:
    if not feed.watched:
        return "paused"
    if feed.failures:
        return "failing"
    if feed.silent:
        return "silent"
    return "fresh" if feed.last_success_age_s is not None else "new"


def _words(feed: Feed, state: State) -> str:
    if state == "failing":
        return line("feed_in_a_row", words=feed.error or line("feed_unknown"), n=feed.failures)
    if state == "silent":
        return line("feed_silent", n=f"{feed.entries_a_day:g}")
    return {"paused": feed.paused or line("feed_unlisted"), "new": line("feed_new")}.get(state, feed.slowed)


def shared_trouble(items: list[FeedItem]) -> str:
    """What many failing feeds have in common; empty where nothing."""
    watched = [feed for feed in items if feed.watched]
    failing = [feed for feed in watched if feed.state == "failing"]
    if len(failing) < 3:
        return ""
    if 2 * len(failing) > len(watched):
        return line("feeds_at_once", n=len(failing), all=len(watched))
    for host, there in _by_host(watched).items():
        if len(there) >= 3 and all(feed.state == "failing" for feed in there):
            return line("feeds_of_one_host", n=len(there), host=host)
    kinds = {feed.words.partition(":")[0] for feed in failing}
    return line("feeds_alike", n=len(failing), words=kinds.pop()) if len(kinds) == 1 else ""


def _by_host(items: Iterable[FeedItem]) -> dict[str, list[FeedItem]]:
    found: dict[str, list[FeedItem]] = {}
    for feed in items:
        found.setdefault(urlsplit(feed.url).netloc, []).append(feed)
    return found


def _before(now: dt.datetime, age_s: float | None) -> dt.datetime | None:
    return None if age_s is None else now - dt.timedelta(seconds=age_s)
