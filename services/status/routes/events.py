"""`/v1/events`: server-sent events of calls that come in or change (WHATWG HTML, section 9.2).

The database is asked every two seconds by an index, and nothing is kept for a reader: an event's id is the cursor from
which a reader who comes back (`Last-Event-ID`) goes on, so none is missed and any process can answer. A stream ends
after some minutes, and the browser comes back by itself. What changed last is told when it is settled: a transaction
that is open yet may bring a change of an earlier moment, and nobody who went on past that would ever hear of it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from services.status.answers import Cursor
from services.status.context import Context, Ctx
from services.status.errors import Missing, documented
from services.status.paging import CursorError, Moment, read, write
from services.status.queries.calls import SETTLED, changed_between, open_for
from services.status.routes.calls import call_item
from shared.errors import ServiceDownError, UsageError

router = APIRouter(prefix="/v1", tags=["events"])
ASK_EVERY_S = 2.0
SIGN_EVERY_S = 15.0
BATCH = 50
STREAM: dict[str, Any] = {
    "content": {"text/event-stream": {}}, "description": "events `new` and `update`, each with a call",
}  # fmt: skip


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: STREAM, **documented(404, 422)},
)
async def events(
    context: Ctx,
    since: Annotated[Cursor, Query(description="the id of an event: those after it; else those from now on")] = None,
    last_event_id: Annotated[str | None, Header(description="the same, as a browser sends it")] = None,
) -> StreamingResponse:
    """New calls and updates as they come; `data` is the call as `/v1/calls` gives it."""
    try:
        place = read(last_event_id or since, Moment)
    except CursorError as error:
        raise Missing(str(error)) from error
    return StreamingResponse(_stream(context, place), media_type="text/event-stream")


async def _stream(context: Context, place: Moment | None) -> AsyncIterator[str]:
    end = time.monotonic() + context.stream_s
    told = time.monotonic()
    yield ": connected\nretry: 5000\n\n"
    at: Moment = await run_in_threadpool(_now, context) if place is None else place
    yield f"id: {write(at)}\n\n"  # no event: where a browser goes on that heard of none when this stream ends
    while True:
        lines, at = await run_in_threadpool(_lines, context, at)
        for line in lines:
            yield line
        if lines or time.monotonic() - told > SIGN_EVERY_S:
            told = time.monotonic()
            yield ": here\n\n"
        if time.monotonic() + ASK_EVERY_S > end:
            return
        await asyncio.sleep(ASK_EVERY_S)


def _now(context: Context) -> Moment:
    """The place before all that nobody can have seen yet."""
    now = context.clock()
    try:
        with context.reading() as session:
            lasts = open_for(session)
            return Moment(now - lasts - SETTLED if lasts else now, "")
    except (UsageError, ServiceDownError):
        return Moment(now, "")


def _lines(context: Context, place: Moment) -> tuple[list[str], Moment]:
    """The events after a place, and the place after them; nothing while the database is away."""
    try:
        now = context.clock()
        with context.reading() as session:
            calls = changed_between(session, place, now - open_for(session) - SETTLED, BATCH)
    except (UsageError, ServiceDownError):
        return [], place
    lines, before = [], place.at
    for call in calls:
        place = Moment(call.updated_at, call.id)
        # a call that came and changed between two looks is a new one to this reader
        is_new = call.created_at > before or call.updated_at - call.created_at < dt.timedelta(seconds=1)
        kind = "new" if is_new else "update"
        lines.append(f"event: {kind}\nid: {write(place)}\ndata: {call_item(call).model_dump_json()}\n\n")
    return lines, place
