"""`/v1/alerts`: what was said to the desk and what was not, each with its next step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from services.status.answers import CallKey, Cursor, Limit, Model, Page, Utc, stable
from services.status.context import Ctx
from services.status.errors import Missing, documented
from services.status.lines import line
from services.status.paging import CursorError, Number, read, write
from services.status.queries import alerts as queries
from shared.tables import AnnouncementRow

router = APIRouter(prefix="/v1", tags=["alerts"])
State = Literal["waiting", "held", "muted", "undated", "claimed", "sent", "unknown", "refused", "dead", "dropped"]
Kind = Literal["root", "update", "edit", "digest", "list", "notice"]
WITH_A_STEP = ("waiting", "claimed", "held", "muted", "undated", "unknown", "refused", "dead")


class AlertItem(Model):
    """An announcement of the ledger."""

    alert_id: int
    kind: str
    call_id: str | None = Field(description="null for what is about no call, such as a digest")
    state: str
    channel: str
    headline: str
    created_at: Utc
    sent_at: Utc | None
    due_at: Utc | None = Field(description="when it is tried next, if nothing is paused")
    ts: str | None = Field(description="Slack's timestamp of the message")
    attempts: int
    error: str | None
    hand: str | None = Field(description="what a person last said of it")
    outlet: str | None = Field(description="of the article that it was made from; null for what no one article made")
    feeds: list[str] = Field(description="the feeds that brought that article")
    rules_version: str | None = Field(description="of the rules and data that read that article last")
    next_step: str = Field(description="what to do, empty where nothing")


@router.get("/alerts", response_model=Page[AlertItem], responses=documented(404, 422, 503))
async def alerts(
    request: Request,
    context: Ctx,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
    kind: Annotated[Kind | None, Query(description="only those of this kind")] = None,
    call_id: Annotated[CallKey | None, Query(description="only those of a call")] = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Response:
    """The announcements, the newest first."""
    try:
        before = read(cursor, Number)
    except CursorError as error:
        raise Missing(str(error)) from error

    def listed() -> Page[AlertItem]:
        with context.reading() as session:
            rows = queries.page(
                session, state=state, kind=kind, call_id=call_id, before=before.id if before else None, limit=limit
            )
            read_from = queries.readings(session, [row.id for row in rows])
        following = write(Number(rows[limit - 1].id)) if len(rows) > limit else None
        return Page[AlertItem](items=[alert_item(row, read_from) for row in rows[:limit]], next=following)

    return await stable(request, listed)


def alert_item(row: AnnouncementRow, readings: Mapping[int, queries.Reading]) -> AlertItem:
    """An announcement as it is answered, with what it was made from where that is among these."""
    reading = readings.get(row.id, queries.Reading())
    return AlertItem(
        alert_id=row.id,
        kind=row.kind,
        call_id=row.call_id,
        state=row.state,
        channel=row.channel,
        headline=str(row.payload.get("push") or row.payload.get("message", {}).get("push", "")),
        created_at=row.created_at,
        sent_at=row.sent_at,
        due_at=row.next_attempt_at if row.state in ("waiting", "held", "unknown") else None,
        ts=row.ts,
        attempts=row.attempts,
        error=row.error,
        hand=row.hand,
        outlet=reading.outlet,
        feeds=list(reading.feeds),
        rules_version=reading.rules_version,
        next_step=line(f"step_{row.state}") if row.state in WITH_A_STEP else "",
    )
