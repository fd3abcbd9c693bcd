"""`/v1/articles/{id}`: a stored article with its text, what was read in it, and what came of that."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response

from services.status.answers import Model, RowId, Utc, record, stable
from services.status.context import Ctx
from services.status.errors import Missing, documented
from services.status.queries import articles as queries

router = APIRouter(prefix="/v1", tags=["articles"])


class ArticleReport(Model):
    """One call that the article tells of."""

    report_id: int
    call_id: str
    verdict: str
    decision: str | None
    report: dict[str, Any] = record("Report")


class Article(Model):
    """An article as it is stored. Evidence of its reports counts code points of `title`, `summary` and `text`."""

    article_id: int
    key: str
    url: str | None
    outlet: str | None
    feed: str | None
    title: str
    summary: str
    text: str
    published_at: Utc | None
    fetched_at: Utc
    read_at: Utc | None
    revision: int
    body_state: str = Field(description="none, waiting, done or failed: the fetch of its page")
    body_error: str | None
    read_state: str = Field(description="waiting, done or failed")
    read_error: str | None
    rules_version: str | None
    silent: bool = Field(description="came with a backfill: history only")
    reports: list[ArticleReport]
    near_misses: list[dict[str, Any]] = Field(description="words that look like a call, and the rule that refused them")


@router.get("/articles/{article_id}", response_model=Article, responses=documented(404, 422, 503))
async def article(request: Request, context: Ctx, article_id: Annotated[RowId, Path()]) -> Response:
    """One article by its number."""
    return await stable(request, lambda: article_of(context, article_id))


def article_of(context: Ctx, article_id: int) -> Article:
    """An article as it is answered. Raises Missing where there is none."""
    with context.reading() as session:
        found = queries.by_id(session, article_id)
    if found is None:
        raise Missing(f"there is no article {article_id}")
    row = found.article
    return Article(
        article_id=row.id,
        key=row.key,
        url=row.url,
        outlet=row.outlet,
        feed=found.feed.url if found.feed else None,
        title=row.title,
        summary=row.summary,
        text=row.text,
        published_at=row.published_at,
        fetched_at=row.fetched_at,
        read_at=row.classified_at,
        revision=row.revision,
        body_state=row.body_state,
        body_error=row.body_error,
        read_state=row.classify_state,
        read_error=row.classify_error,
        rules_version=row.rules_version,
        silent=row.silent,
        reports=[
            ArticleReport(report_id=r.id, call_id=call.id, verdict=r.verdict, decision=r.decision, report=r.report)
            for r, call in found.reports
        ],
        near_misses=row.rejections,
    )
