"""The database of article pages: which one is fetched next, and what came of it.

A page belongs to the host that is asked for it. One that is redirected to another host waits there anew: that host has
its own claims, its own pause and its own robots.txt.
"""

from __future__ import annotations

import datetime as dt

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from services.ingest.claims import LEASE, claim_hosts, due, free, release_host
from services.ingest.schedule import PAGE_TRIES
from services.ingest.store import redate, rewrite
from services.ingest.urls import host_of
from services.ingest.values import Page
from shared.tables import ArticleRow, FeedRow, HostRow


class PageJob(msgspec.Struct, frozen=True, kw_only=True):
    """An article page that is ours to fetch. `robots` are the host's rules, None where they must be fetched first;
    `host_until` is the end of our claim on the host. `title` and `summary` are the article's, and `had` the characters
    of the text that its page gave before."""

    article_id: int
    title: str
    summary: str
    had: int
    url: str
    host: str
    host_until: dt.datetime
    selector: str
    timezone: str
    pause_s: float | None
    attempts: int
    robots: str | None


def claim_due_pages(session: Session, now: dt.datetime, limit: int) -> list[PageJob]:
    """Take up to `limit` article pages that wait, one a host, the newest article of each first.

    A host with a feed that is due is left alone: news of an article comes before its text.
    """
    waiting = and_(ArticleRow.body_state == "waiting", ArticleRow.body_next_at <= now)
    awaited = select(FeedRow.host).where(due(now))
    resting = select(HostRow.name).where(or_(~free(now), HostRow.next_page_at > now))
    hosts = (
        select(ArticleRow.host)
        .where(waiting, ArticleRow.host.not_in(awaited), ArticleRow.host.not_in(resting))
        .group_by(ArticleRow.host)
        .order_by(func.min(ArticleRow.body_next_at))
        .limit(limit)
    )
    jobs: list[PageJob] = []
    for host in sorted(claim_hosts(session, [host for host in session.scalars(hosts) if host], now)):
        job = _claim_page(session, host, waiting, now)
        if job is None:
            release_host(session, host, now + LEASE, None)
        else:
            jobs.append(job)
    return jobs


def _claim_page(session: Session, host: str, waiting: ColumnElement[bool], now: dt.datetime) -> PageJob | None:
    article = session.scalar(
        select(ArticleRow)
        .where(waiting, ArticleRow.host == host)
        .order_by(ArticleRow.published_at.desc().nulls_last(), ArticleRow.id.desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if article is None or article.url is None:
        return None
    if article.body_attempts >= PAGE_TRIES:  # its last try ended without a word, perhaps with its worker
        _give_up(article, article.body_error or f"no outcome of {PAGE_TRIES} tries", now)
        return None
    article.body_next_at = now + LEASE
    article.body_attempts += 1
    feed = session.get(FeedRow, article.feed_id) if article.feed_id else None
    server = session.get(HostRow, host, populate_existing=True)
    known = server is not None and server.robots_until is not None and server.robots_until > now
    return PageJob(
        article_id=article.id,
        title=article.title,
        summary=article.summary,
        had=len(article.text) if article.paged else 0,
        url=article.page_url or article.url,
        host=host,
        host_until=now + LEASE,
        selector=feed.body_selector if feed else "",
        timezone=feed.timezone if feed else "Asia/Ho_Chi_Minh",
        pause_s=feed.pause_s if feed else None,
        attempts=article.body_attempts,
        robots=server.robots if known and server else None,
    )


def save_page(
    session: Session,
    job: PageJob,
    page: Page,
    published_at: dt.datetime | None,
    now: dt.datetime,
    silent_before: dt.datetime | None = None,
) -> bool:
    """Store the text of an article page, which is the article's text from now on; True where the article's words or
    date changed. `published_at` is the page's own date, used where the feed gave none: before `silent_before` it makes
    the article part of history only."""
    row = session.get_one(ArticleRow, job.article_id, with_for_update=True)
    row.body_state, row.body_next_at, row.body_error, row.body_at, row.paged = "done", None, None, now, True
    redated = redate(row, published_at, page.published_raw, silent=_is_before(published_at, silent_before))
    return rewrite(row, row.title, row.summary, page.text, redated=redated)


def save_page_date(
    session: Session, job: PageJob, published_at: dt.datetime, raw: str, silent_before: dt.datetime | None = None
) -> bool:
    """Store the date that a page without a text declares, as :func:`save_page` does; True where the article's date
    changed."""
    row = session.get_one(ArticleRow, job.article_id, with_for_update=True)
    redated = redate(row, published_at, raw, silent=_is_before(published_at, silent_before))
    return rewrite(row, row.title, row.summary, row.text, redated=redated)


def _is_before(published_at: dt.datetime | None, moment: dt.datetime | None) -> bool:
    return published_at is not None and moment is not None and published_at < moment


def save_page_failure(
    session: Session, job: PageJob, words: str, next_try_at: dt.datetime | None, now: dt.datetime
) -> None:
    """The page did not come: try again then, or stop where `next_try_at` is None. The summary serves meanwhile."""
    row = _ours(session, job)
    if row is None:
        return
    if next_try_at is None:
        _give_up(row, words, now)
    else:
        row.body_state, row.body_error, row.body_next_at, row.body_at = "waiting", words, next_try_at, None


def _ours(session: Session, job: PageJob) -> ArticleRow | None:
    """The article of a page that is still ours to fetch, held until the transaction ends; None where somebody else has
    taken it since, or has had it."""
    row = session.get_one(ArticleRow, job.article_id, with_for_update=True)
    return row if row.body_state == "waiting" and row.body_attempts == job.attempts else None


def _give_up(row: ArticleRow, words: str, now: dt.datetime) -> None:
    row.body_state, row.body_error, row.body_next_at, row.body_at = "failed", words, None, now


def save_robots(session: Session, job: PageJob, rules: str, until: dt.datetime, now: dt.datetime) -> None:
    """Keep a host's robots.txt; the page that asked for it waits for its own turn."""
    session.execute(update(HostRow).where(HostRow.name == job.host).values(robots=rules, robots_until=until))
    put_off(session, job, now)


def put_off(session: Session, job: PageJob, until: dt.datetime) -> None:
    """The page was not asked for, and waits; this did not count as a try."""
    row = _ours(session, job)
    if row is not None:
        row.body_next_at, row.body_attempts = until, job.attempts - 1


def move_page(session: Session, job: PageJob, url: str, now: dt.datetime) -> None:
    """The page is at another host's address, and waits there for its turn; this counted as a try."""
    row = _ours(session, job)
    if row is not None:
        row.page_url, row.host, row.body_next_at = url, host_of(url), now
