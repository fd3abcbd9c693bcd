"""`/v1/pairs/{a}/{b}`: the history of two countries or two leaders, call by call."""

from __future__ import annotations

import re
from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response

from services.status.answers import Model, stable
from services.status.context import Ctx
from services.status.errors import Missing, documented
from services.status.queries import calls as queries
from services.status.routes.calls import CallItem, call_item, only_known
from shared.records import OVER

router = APIRouter(prefix="/v1", tags=["pairs"])
Side = Annotated[str, Path(pattern=r"^[A-Za-z0-9'.-]{2,80}$", description="a country's code, or a leader's id")]
COUNTRY = re.compile(r"[A-Z]{2,5}")


class TopicCount(Model):
    """A topic, in how many of the calls it was named, and the first and last of them."""

    topic: str
    calls: int
    first: str | None
    last: str | None


class Pair(Model):
    """The history of two sides. `calls` are the latest first, at most 500, and everything else is told of these; `more`
    tells that there are older ones."""

    a: str
    b: str
    kind: str = Field(description="countries or persons")
    statuses: dict[str, int] = Field(description="calls by status")
    held: int
    first: str | None = Field(description="day of the first of these calls that was held")
    last: str | None
    longest_min: int | None
    topics: list[TopicCount]
    calls: list[CallItem]
    more: bool


@router.get("/pairs/{a}/{b}", response_model=Pair, responses=documented(404, 422, 503))
async def pair(request: Request, context: Ctx, a: Side, b: Side) -> Response:
    """The calls of two countries (`RU`, `US`) or two leaders (ids of `/v1/leaders`); empty where they never spoke."""
    return await stable(request, lambda: history_of(context, a, b))


def history_of(context: Ctx, a: str, b: str) -> Pair:
    """The history of two sides. Raises Missing for a country beside a leader, one beside itself, or one that nobody
    knows."""
    kinds = {bool(COUNTRY.fullmatch(side)) for side in (a, b)}
    if len(kinds) > 1 or a == b:
        raise Missing(
            "there is no such pair: name two countries by their codes, such as RU and US, or two leaders by their ids"
        )
    countries = kinds.pop()
    one, other = sorted((a, b))
    filters = queries.Filters(pair=f"{one}-{other}") if countries else queries.Filters(persons=(one, other))
    with context.reading() as session:
        found, more = queries.of_pair(session, filters)
    if not found:
        only_known(context, filters.persons, (one, other) if countries else ())
    items = [call_item(call) for call in found]
    held = [item for item in items if item.status in OVER]
    days = [item.date for item in held if item.date]
    return Pair(
        a=one,
        b=other,
        kind="countries" if countries else "persons",
        statuses=dict(Counter(item.status for item in items)),
        held=len(held),
        first=days[-1] if days else None,
        last=days[0] if days else None,
        longest_min=max((item.duration_min for item in held if item.duration_min), default=None),
        topics=_topics(held),
        calls=items,
        more=more,
    )


def _topics(items: list[CallItem]) -> list[TopicCount]:
    """The topics that were named, the most frequent first; `items` are the latest first."""
    seen: dict[str, list[str | None]] = {}
    for item in reversed(items):
        for topic in dict.fromkeys(item.topics):
            seen.setdefault(topic, []).append(item.date)
    counted = [TopicCount(topic=t, calls=len(days), first=days[0], last=days[-1]) for t, days in seen.items()]
    return sorted(counted, key=lambda one: (-one.calls, one.topic))
