"""`/v1/why`: why an article gave an alert or none."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from services.status.answers import Model, Utc, fleeting
from services.status.context import Ctx
from services.status.errors import documented
from services.status.queries import articles as queries
from services.status.routes.calls import withdrawn
from services.status.why import Alert, Answer, Facts, Miss, Reason, Told, no_address, not_seen, why
from shared.holds import active_pause
from shared.names import alphabetical, load_names
from shared.records import Report
from shared.tables import AnnouncementRow, CallRow, ReportRow

router = APIRouter(prefix="/v1", tags=["why"])
Url = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00-\x20\x7f]+$")]


class ReasonItem(Model):
    """Why, for one call of the article, or for the article itself."""

    answer: Answer
    words: str
    do: str = Field(description="the next step, empty where there is none")
    call_id: str | None


class NearMiss(Model):
    """Words that look like a call, with the rule that refused them."""

    rule: str
    reason: str
    text: str


class WhyAnswer(Model):
    """What came of an article."""

    url: str
    article_id: int | None
    title: str | None
    fetched_at: Utc | None
    reasons: list[ReasonItem]
    near_misses: list[NearMiss]


@router.get("/why", response_model=WhyAnswer, responses=documented(422, 503))
def explained(context: Ctx, url: Annotated[Url, Query(description="the article's address, or its key")]) -> Response:
    """Why the article of this address gave an alert or none."""
    return fleeting(answer_of(context, url))


def answer_of(context: Ctx, url: str) -> WhyAnswer:
    """The answer for an address, as any reader may have copied it."""
    with context.reading() as session:
        address = url if "://" in url else f"https://{url}"
        found = queries.by_address(session, {context.known.key_of(url), context.known.key_of(address)}, url)
        if found is None:
            reasons, misses = [_unseen(session, address)], list[Miss]()
        else:
            facts = _facts(session, found, context)
            reasons, misses = why(facts), list(facts.misses)
    return WhyAnswer(
        url=url,
        article_id=found.article.id if found else None,
        title=found.article.title if found else None,
        fetched_at=found.article.fetched_at if found else None,
        reasons=[ReasonItem(answer=r.answer, words=r.words, do=r.do, call_id=r.call_id) for r in reasons],
        near_misses=[NearMiss(rule=miss.rule, reason=miss.reason, text=miss.text) for miss in misses],
    )


def _unseen(session: Session, url: str) -> Reason:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if "." not in host:
        return no_address()
    feeds = queries.feeds_of_host(session, host)
    trouble = [f"{feed.url}: {feed.last_error}" for feed in feeds if feed.failures and feed.last_error]
    trouble += [f"{feed.url} is paused" for feed in feeds if feed.paused]
    trouble += [f"{feed.url} came and went between two looks {feed.gaps} times" for feed in feeds if feed.gaps]
    return not_seen([feed.url for feed in feeds], trouble)


def _facts(session: Session, found: queries.Told, context: Ctx) -> Facts:
    row = found.article
    pause = active_pause(session, context.clock())
    return Facts(
        id=row.id,
        read_state=row.classify_state,
        read_error=row.classify_error,
        body_state=row.body_state,
        body_error=row.body_error,
        reports=[_told(report, call, found.announcements[report.id]) for report, call in found.reports],
        misses=[
            Miss(miss.get("rule", ""), miss.get("reason", ""), miss.get("evidence", {}).get("text", ""))
            for miss in row.rejections
        ],
        paused=f"posting is paused by {pause.by}: {pause.reason}" if pause else "",
    )


def _told(report: ReportRow, call: CallRow, said: list[AnnouncementRow]) -> Told:
    people = alphabetical(msgspec.convert(report.report, Report).participants)
    return Told(
        call_id=call.merged_into or call.id,
        call=" – ".join(load_names().short(person, "en") for person in people),
        verdict=report.verdict,
        notify_state=report.notify_state,
        decision=report.decision or "",
        alerts=[Alert(one.id, one.kind, one.state, one.sent_at, one.error, one.channel) for one in said],
        withdrawn=withdrawn(call) or "",
    )
