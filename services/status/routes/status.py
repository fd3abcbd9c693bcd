"""`/v1/status`: whether the desk can trust the silence, then stage by stage and feed by feed how things stand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from services.status.answers import JSON, Model, Utc, Written, kept, written
from services.status.context import Ctx
from services.status.errors import documented
from services.status.overall import overall, status_code
from services.status.problems import channel_trouble
from services.status.routes.feeds import FeedItem, feed_item
from services.status.routes.standing import Stand
from services.status.trust import blind_windows, trust
from services.status.values import Accepted, Channel, Snapshot, Standing, Trust

router = APIRouter(prefix="/v1", tags=["status"])
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{8,}")


class TrustAnswer(Model):
    """Whether the desk can trust the silence, proved by test articles that went the whole way."""

    yes: bool
    sentence: str = Field(examples=["Yes, the desk can trust the silence: a test article went …"])
    cause: str = Field(description="why not, empty where it can")
    since: Utc | None = Field(description="since when not")
    last_passed_at: Utc | None
    took_s: float | None
    proved_every_s: float | None = Field(
        description="how often a test article is sent to prove it, in seconds; null where they are switched off"
    )


class BlindWindow(Model):
    """A time in the last day in which nothing proved that the desk would have heard."""

    since: Utc
    until: Utc | None = Field(description="null while it lasts")
    cause: str
    caught_up: bool


class Stage(Model):
    """One stage: what waits there, how it runs, and what failed for good."""

    name: str
    waiting: int
    oldest_id: int | None
    oldest_age_s: float | None
    came_10_min: int | None = Field(description="rows that came within ten minutes")
    left_10_min: int | None
    trend: str | None = Field(description="empty, draining, steady or growing")
    empty_in_s: float | None = Field(description="seconds until nothing waits, at the rate of the last ten minutes")
    lag_p50_s: float | None = Field(description="of the rows that passed within the hour")
    lag_p95_s: float | None
    braked: bool = Field(description="its rows wait until articles are read, because reading is behind")
    failed: int
    failed_first_id: int | None
    failed_reason: str | None


class ChannelAnswer(Model):
    """A channel that messages go to, and whether Slack takes them there."""

    name: str
    own: bool = Field(description="the desk's own; the others are of routes")
    checked_at: Utc
    good_at: Utc | None = Field(description="when the bot was last found in it, with a token that is taken")
    trouble: str = Field(description="what is wrong and what to do, empty for nothing")


class Desk(Model):
    """What reached Slack (or the terminal), and what did not."""

    last_sent_at: Utc | None
    last_sent_channel: str | None
    last_sent_call_id: str | None
    channel_url: str | None = Field(description="that channel in Slack; null for one that is known by its name alone")
    message_url: str | None = Field(description="that message in Slack; null where its workspace is not known yet")
    channels: list[ChannelAnswer] = Field(description="asked every five minutes, the desk's own first")
    slack_good_at: Utc | None = Field(description="when Slack last took our token, for a message or a test article")
    not_sent: dict[str, int] = Field(
        description="alerts by what keeps them: held, muted, undated, unknown, refused, dead"
    )
    paused_by: str | None
    paused_reason: str | None
    paused_until: Utc | None
    mutes: list[str]


class GroundAnswer(Model):
    """What all of it stands on, as far as it is seen from here."""

    database: bool = Field(description="whether the database answers")
    redis: bool | None = Field(description="whether Redis answers; null where none is used")
    clock_offset_s: float | None = Field(description="how far the database's clock is ahead of this machine's")
    database_bytes: int | None
    disk_free_bytes: int | None = Field(description="of the database's disk, where it is this machine's")
    disk_bytes: int | None


class Totals(Model):
    """How much there is; counted once a minute."""

    articles: int
    calls: int
    alerts: int


class StatusAnswer(Model):
    """How things stand."""

    at: Utc
    known_at: Utc | None = Field(description="when the database last answered; what is known from then is shown")
    mode: Literal["embedded", "distributed"]
    state: Literal["ok", "degraded", "down"]
    trust: TrustAnswer
    blind_windows: list[BlindWindow]
    reasons: list[str] = Field(description="why it is not ok, in words")
    remarks: list[str] = Field(description="what somebody should look at and nobody must be woken for")
    stages: list[Stage] = Field(description="in the order of the journey; look at the first that grows")
    feeds_fresh: str = Field(examples=["29 of 31 fresh"])
    feeds: list[FeedItem]
    desk: Desk | None
    totals: Totals | None
    ground: GroundAnswer
    workers: dict[str, float] = Field(description="seconds since each last sign of life")
    queues: dict[str, int] = Field(description="messages in each queue of the broker")
    versions: dict[str, str] = Field(description="of the program, the schema, the rules and the data")


@router.get("/status", response_model=StatusAnswer, responses={**documented(422), 503: {"model": StatusAnswer}})
async def status(request: Request, context: Ctx, snapshot: Stand) -> Response:
    """How things stand; 503 while news does not reach the desk, 200 while it does, even where somebody should look.

    Kept for a second; with the database away the last known state, with the moment that it is of.
    """

    def made() -> Written:
        trusted = trust(snapshot, context.canary_every)
        answer = answer_of(snapshot, trusted, context.canary_every, context.known.versions)
        return written(answer, status_code(answer.state))

    body, _, code = await kept(request, f"{request.url.path} of {snapshot.at.isoformat()}", made)
    return Response(body, code, media_type=JSON)


def answer_of(snapshot: Snapshot, trusted: Trust, every: dt.timedelta, versions: dict[str, str]) -> StatusAnswer:
    """A snapshot as it is answered. `every`: how often a test article is sent; zero for never."""
    state = overall(snapshot, trusted)
    standing = snapshot.standing
    waits = [row.oldest_age_s for row in standing.waiting.values()] if standing else []
    feeds = [feed_item(feed, snapshot.known_at or snapshot.at) for feed in standing.feeds] if standing else []
    watched = [feed for feed in feeds if feed.watched]
    unproved = blind_windows(snapshot.canaries, snapshot.at, every, waits)
    windows = sorted([*unproved, *snapshot.unseeing], key=lambda one: one.since)
    return StatusAnswer(
        at=snapshot.at,
        known_at=snapshot.known_at,
        mode="distributed" if snapshot.distributed else "embedded",
        state=state.state,
        trust=TrustAnswer(
            yes=trusted.yes,
            sentence=trusted.sentence,
            cause=trusted.cause,
            since=trusted.since,
            last_passed_at=trusted.last_passed_at,
            took_s=trusted.took_s,
            proved_every_s=every.total_seconds() or None,
        ),
        blind_windows=[
            BlindWindow(since=one.since, until=one.until, cause=one.cause, caught_up=one.caught_up) for one in windows
        ],
        reasons=state.reasons,
        remarks=state.remarks,
        stages=_stages(snapshot, standing) if standing else [],
        feeds_fresh=f"{sum(feed.state == 'fresh' for feed in watched)} of {len(watched)} fresh",
        feeds=feeds,
        desk=_desk(snapshot, standing) if standing else None,
        totals=Totals(**_totals(standing)) if standing else None,
        ground=_ground(snapshot),
        workers=dict(snapshot.signs.workers) or (dict(standing.heartbeats) if standing else {}),
        queues=dict(snapshot.signs.queues),
        versions={"redphone": _program(), **({"schema": snapshot.schema} if snapshot.schema else {}), **versions},
    )


def _ground(snapshot: Snapshot) -> GroundAnswer:
    ground = snapshot.ground
    return GroundAnswer(
        database=snapshot.known_at == snapshot.at,
        redis=bool(snapshot.signs.queues) if snapshot.distributed else None,
        clock_offset_s=ground.clock_offset_s,
        database_bytes=ground.database_bytes,
        disk_free_bytes=ground.disk_free_bytes,
        disk_bytes=ground.disk_bytes,
    )


def _totals(standing: Standing) -> dict[str, int]:
    counts = standing.counts
    return {"articles": counts.articles, "calls": counts.calls, "alerts": counts.alerts}


def _stages(snapshot: Snapshot, standing: Standing) -> list[Stage]:
    stages = []
    for name, row in standing.waiting.items():
        flow, lost = snapshot.flows.get(name), standing.failed.get(name)
        stages.append(
            Stage(
                name=name,
                waiting=row.count,
                oldest_id=row.oldest_id,
                oldest_age_s=row.oldest_age_s,
                came_10_min=flow.came if flow else None,
                left_10_min=flow.left if flow else None,
                trend=flow.trend if flow else None,
                empty_in_s=flow.empty_in_s if flow else None,
                lag_p50_s=flow.lag_p50_s if flow else None,
                lag_p95_s=flow.lag_p95_s if flow else None,
                braked=name == "body" and not standing.brake.pages,
                failed=lost.count if lost else 0,
                failed_first_id=lost.first_id if lost else None,
                failed_reason=lost.reason if lost else None,
            )
        )
    return stages


def _desk(snapshot: Snapshot, standing: Standing) -> Desk:
    paused, last = standing.paused, snapshot.last_sent
    return Desk(
        last_sent_at=last.at if last else None,
        last_sent_channel=last.channel if last else None,
        last_sent_call_id=last.call_id if last else None,
        channel_url=channel_url(last.channel) if last else None,
        message_url=message_url(last, standing.channels) if last else None,
        channels=[
            ChannelAnswer(name=one.name, own=one.own, checked_at=one.checked_at, good_at=one.good_at,
                          trouble=channel_trouble(one))
            for one in standing.channels
        ],
        slack_good_at=slack_good_at(snapshot),
        not_sent=dict(standing.kept),
        paused_by=paused.by if paused else None,
        paused_reason=paused.reason if paused else None,
        paused_until=paused.until if paused else None,
        mutes=[f"{mute.pair} until {mute.until:%Y-%m-%d %H:%M} UTC by {mute.by}: {mute.reason}"
               for mute in standing.mutes],
    )  # fmt: skip


def slack_good_at(snapshot: Snapshot) -> dt.datetime | None:
    """When Slack last took our token, for a message of the desk, a test article or a look at a channel; None for
    never."""
    last = snapshot.last_sent
    taken = [one.told_at for one in snapshot.canaries if one.told_at is not None and one.channel]
    looked = [one.good_at for one in snapshot.standing.channels if one.good_at] if snapshot.standing else []
    return max([*taken, *looked, *([last.at] if last and last.ts else [])], default=None)


def channel_url(channel: str) -> str | None:
    """Where a channel is opened (https://api.slack.com/docs/deep-linking); None for what is no channel's id."""
    return f"https://slack.com/app_redirect?channel={channel}" if CHANNEL_ID.fullmatch(channel) else None


def message_url(last: Accepted, channels: Iterable[Channel]) -> str | None:
    """Where a message is opened, in the form of https://docs.slack.dev/reference/methods/chat.getPermalink; None where
    its channel's id or its workspace is not known."""
    place = next((one for one in channels if last.channel in (one.name, one.channel_id)), None)
    if place is None or not (last.ts and place.channel_id and place.workspace):
        return None
    thread = f"?{urlencode({'thread_ts': last.thread_ts, 'cid': place.channel_id})}" if last.thread_ts else ""
    return f"{place.workspace}archives/{place.channel_id}/p{last.ts.replace('.', '')}{thread}"


def _program() -> str:
    try:
        return version("redphone")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "checkout"
