"""`/v1/leaders`: who is known, with the offices held and when."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from services.status.answers import CountryCode, Cursor, DayQuery, Limit, Model, Page, Words, stable
from services.status.context import Ctx
from services.status.errors import Missing, documented
from services.status.paging import CursorError, Named, read, write
from services.status.values import Leader

router = APIRouter(prefix="/v1", tags=["leaders"])


class TermItem(Model):
    """An office in a country, from one day until another; `until` is null while it lasts."""

    country: str
    office: str
    capacity: str = Field(description="full, elect, acting or interim")
    since: dt.date
    until: dt.date | None


class LeaderItem(Model):
    """A person of the leaders' data."""

    person: str
    name: str
    name_vi: str
    wikidata: str | None
    terms: list[TermItem]


@router.get("/leaders", response_model=Page[LeaderItem], responses=documented(404, 422))
async def leaders(
    request: Request,
    context: Ctx,
    country: Annotated[CountryCode | None, Query(description="who holds or held an office there")] = None,
    on: Annotated[DayQuery | None, Query(description="who holds an office on this day")] = None,
    text: Annotated[Words | None, Query(description="part of a name")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The leaders of the data, by id."""
    try:
        after = read(cursor, Named)
    except CursorError as error:
        raise Missing(str(error)) from error

    def listed() -> Page[LeaderItem]:
        ordered = sorted(context.known.leaders(), key=lambda one: one.person)
        rest = [one for one in ordered if (after is None or one.person > after.id) and _fits(one, country, on, text)]
        following = write(Named(rest[limit - 1].person)) if len(rest) > limit else None
        return Page[LeaderItem](items=[_item(one) for one in rest[:limit]], next=following)

    return await stable(request, listed)


def _fits(leader: Leader, country: str | None, on: dt.date | None, text: str | None) -> bool:
    if text and text.casefold() not in f"{leader.name}\n{leader.name_vi}".casefold():
        return False
    if country is None and on is None:
        return True
    return any(
        (country is None or term.country == country)
        and (on is None or (term.since <= on and (term.until is None or on <= term.until)))
        for term in leader.terms
    )


def _item(leader: Leader) -> LeaderItem:
    return LeaderItem(
        person=leader.person,
        name=leader.name,
        name_vi=leader.name_vi,
        wikidata=leader.wikidata,
        terms=[
            TermItem(country=t.country, office=t.office, capacity=t.capacity, since=t.since, until=t.until)
            for t in leader.terms
        ],
    )
