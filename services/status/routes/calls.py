"""`/v1/calls` and `/v1/calls/{id}`: the calls of the history, and one with all that is stored of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from services.status.answers import (
    CallKey,
    CountryCode,
    Cursor,
    Limit,
    Model,
    MomentQuery,
    Page,
    Utc,
    Words,
    record,
    stable,
)
from services.status.context import Ctx
from services.status.errors import Missing, documented
from services.status.lines import line
from services.status.paging import CursorError, Moment, read, write
from services.status.queries import alerts
from services.status.queries import calls as queries
from services.status.routes.alerts import AlertItem, alert_item
from shared.names import alphabetical, load_names
from shared.records import CallFacts
from shared.tables import ArticleRow, CallRow, ReportRow

router = APIRouter(prefix="/v1", tags=["calls"])
Status = Literal["held", "ongoing", "planned", "proposed", "denied", "unconfirmed", "withdrawn"]
CallId = Annotated[CallKey, Path(description="the id of a call")]
PairQuery = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[A-Z]{2,5}$", examples=["RU-US"])]


class Person(Model):
    """A participant; what is not known is null. `person` is the id in `/v1/leaders`."""

    name: str | None
    name_vi: str | None
    country: str | None
    person: str | None
    office: str | None


class CallItem(Model):
    """A call in short. `date` may have `?` for what is not known; `duration` has its bound ("over 90")."""

    call_id: str
    participants: list[Person]
    date: str | None
    earliest: Utc | None
    latest: Utc | None
    status: str
    denial: str | None = Field(description="how it was denied: denied, refused, cancelled, postponed, unanswered")
    news: bool
    channel: str | None
    duration_min: int | None
    duration: str | None
    initiator: str | None
    topics: list[str] = Field(description="ids of the topics' data, or the article's own words")
    outcomes: list[str]
    sources: int
    origins: int = Field(description="how many independent texts tell of it")
    compared_with: str | None
    days_since: int | None = Field(description="days since the call that it is compared with")
    length_since: str | None = Field(
        description="against that call: longer, shorter or same; null where it lies more than a year back"
    )
    topics_new: list[str] = Field(description="topics that were not named then; not compared over more than a year")
    topics_again: list[str]
    updated_at: Utc


class ReportItem(Model):
    """What one article says of the call, and what became of it. The list of these is the call's timeline."""

    report_id: int
    article_id: int
    title: str
    outlet: str | None
    url: str | None
    published_at: Utc | None
    read_at: Utc
    verdict: str
    decision: str | None
    report: dict[str, Any] = record("Report")
    judgement: dict[str, Any] = record("Judgement")


class CallDetail(CallItem):
    """A call with all values of its facts and their evidence, its timeline, and what was said to the desk; of either
    the first 500."""

    facts: dict[str, Any] = record("CallFacts")
    comparison: dict[str, Any] | None = record("Comparison")
    merged_from: str | None = Field(description="the id that was asked for, where that call was merged into this one")
    withdrawn: str | None = Field(description="by whom and why, for a call that was taken back")
    reports: list[ReportItem]
    announcements: list[AlertItem]
    more: bool = Field(description="there are reports or announcements beyond these; `/v1/alerts?call_id=` pages")


@router.get("/calls", response_model=Page[CallItem], responses=documented(404, 422, 503))
async def calls(
    request: Request,
    context: Ctx,
    person: Annotated[Words | None, Query(description="a participant, by the id of `/v1/leaders`")] = None,
    country: Annotated[CountryCode | None, Query(description="a participant's country")] = None,
    pair: Annotated[PairQuery | None, Query(description="two countries, in either order")] = None,
    status: Annotated[Status | None, Query(description="without it all but those withdrawn")] = None,
    since: Annotated[MomentQuery | None, Query(description="calls of this moment or later")] = None,
    until: Annotated[MomentQuery | None, Query(description="calls before this moment")] = None,
    text: Annotated[Words | None, Query(description="words of names, offices, countries, topics, outcomes, titles, or "
                                                    "their beginnings, all of them in the call")] = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Response:  # fmt: skip
    """The calls, the latest first."""
    filters = queries.Filters(
        persons=(person,) if person else (),
        country=country,
        pair="-".join(sorted(pair.split("-"))) if pair else None,
        status=status,
        since=since,
        until=until,
        text=text,
    )
    countries = [*([country] if country else []), *(pair.split("-") if pair else [])]

    def listed() -> Page[CallItem]:
        found = page_of(context, filters, cursor, limit)
        if not found.items and cursor is None:
            only_known(context, filters.persons, countries)
        return found

    return await stable(request, listed)


def only_known(context: Ctx, persons: Iterable[str], countries: Iterable[str]) -> None:
    """Raises Missing for a leader or a country that the data do not know: who asks for "zelensky" or "UK" and is shown
    no call would take it that there was none."""
    names = load_names().countries
    for code in countries:
        if code not in names:
            raise Missing(line("no_such_country", id=code))
    leaders = {leader.person for leader in context.known.leaders()}
    for person in persons:
        if leaders and person not in leaders:
            raise Missing(line("no_such_leader", id=person))


def page_of(context: Ctx, filters: queries.Filters, cursor: str | None, limit: int) -> Page[CallItem]:
    """A page of calls. Raises Missing for a cursor that no list gave."""
    try:
        after = read(cursor, Moment)
    except CursorError as error:
        raise Missing(str(error)) from error
    with context.reading() as session:
        listed = queries.page(session, filters, after, limit)
    return Page[CallItem](
        items=[call_item(one) for one in listed.calls], next=write(listed.next) if listed.next else None
    )


@router.get("/calls/{call_id}", response_model=CallDetail, responses=documented(404, 422, 503))
async def call(request: Request, context: Ctx, call_id: CallId) -> Response:
    """One call; the id of a call that was merged into another gives that other."""
    return await stable(request, lambda: detail_of(context, call_id))


def detail_of(context: Ctx, call_id: str) -> CallDetail:
    """A call with everything. Raises Missing where there is none."""
    with context.reading() as session:
        found = queries.whole(session, call_id)
        read_from = alerts.readings(session, [said.id for said in found.announcements]) if found else {}
    if found is None:
        raise Missing(f"there is no call {call_id}; /v1/calls lists those there are")
    row = found.row
    return CallDetail(
        **_short(queries.brief(row)),
        facts=row.facts,
        comparison=row.comparison,
        merged_from=call_id if call_id != row.id else None,
        withdrawn=withdrawn(row),
        reports=[_report(report, article) for report, article in found.reports],
        announcements=[alert_item(said, read_from) for said in found.announcements],
        more=found.more,
    )


def call_item(call: queries.Brief) -> CallItem:
    """A call in short, as it is answered."""
    return CallItem(**_short(call))


def _short(call: queries.Brief) -> dict[str, Any]:
    facts = msgspec.convert(call.facts, CallFacts)
    compared = call.comparison or {}
    previous = compared.get("previous") or compared.get("previous_of_countries") or {}
    length = facts.durations[0] if facts.durations else None
    bound = f"{length.bound} " if length and length.bound != "exact" else ""
    return {
        "call_id": call.id,
        "participants": [
            Person(name=p.name, name_vi=p.name_vi, country=p.country, person=p.person, office=p.office)
            for p in alphabetical(facts.participants)
        ],
        "date": facts.date or facts.date_derived,
        "earliest": call.earliest,
        "latest": call.latest,
        "status": call.status,
        "denial": facts.denial,
        "news": call.news,
        "channel": facts.channel,
        "duration_min": length.minutes if length else None,
        "duration": f"{bound}{length.minutes}" if length else None,
        "initiator": facts.initiators[0].side if facts.initiators else None,
        "topics": [topic.id or topic.text for topic in facts.topics if topic.mode != "ruled_out"],
        "outcomes": [outcome.id or outcome.text for outcome in facts.outcomes],
        "sources": len(facts.sources),
        "origins": len({source.origin or source.article for source in facts.sources}),
        "compared_with": previous.get("call_id"),
        "days_since": compared.get("days"),
        "length_since": compared.get("length") if compared.get("near") else None,
        "topics_new": _topics(compared, "new"),
        "topics_again": _topics(compared, "again"),
        "updated_at": call.updated_at,
    }


def _topics(comparison: dict[str, Any], kind: str) -> list[str]:
    changes = comparison.get("changes") or () if comparison.get("topics_compared") else ()
    found = (
        one.get("after") or one.get("before") for one in changes if one["field"] == "topics" and one["kind"] == kind
    )
    return list(dict.fromkeys(topic for topic in found if topic))


def withdrawn(row: CallRow) -> str | None:
    """By whom and why a call was taken back; None for one that stands."""
    gone = row.withdrawn
    return ": ".join(filter(None, (gone.get("by"), gone.get("why")))) if gone else None


def _report(report: ReportRow, article: ArticleRow) -> ReportItem:
    return ReportItem(
        report_id=report.id,
        article_id=article.id,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published_at=article.published_at,
        read_at=report.created_at,
        verdict=report.verdict,
        decision=report.decision,
        report=report.report,
        judgement=report.judgement,
    )
