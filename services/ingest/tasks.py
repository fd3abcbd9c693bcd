"""When things happen in ingest: poll the feeds that are due, fetch the article pages that wait.

Each function takes the session factory, `now` and whatever else of the world it needs as arguments, and runs the same
in the embedded loop and in a Celery task. No transaction is open while a server is waited for. Each may run twice:
claims are leases, and unique keys keep articles single. Events are published after the commit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import random
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from services.ingest import claims, feeds, pages, robots, schedule, store
from services.ingest.body import extract_page
from services.ingest.dates import clamp_future, parse_date
from services.ingest.identity import is_another_text, is_wall
from services.ingest.parse import not_in_future, parse_feed
from services.ingest.reading import read_or_problem
from services.ingest.urls import host_of, is_front_page
from services.ingest.values import (
    Answer,
    CatalogueFeed,
    Elsewhere,
    Entry,
    Failed,
    FeedProblem,
    Fetch,
    Fetched,
    NotModified,
    Page,
    PageResult,
    ParsedFeed,
    PollResult,
    Random,
    Validators,
)
from shared import pulse
from shared.again import when_back
from shared.blame import is_gone
from shared.brake import FREE, Step, words_of
from shared.events import ArticlesStored
from shared.limits import OUT_OF_LIMITS
from shared.logs import bound, tell
from shared.tables import FeedRow

log = logging.getLogger(__name__)

Publish: TypeAlias = Callable[[ArticlesStored], None]
_READABLE = re.compile(r"$|\s*(?:text/html|application/xhtml|application/xml|text/xml|text/plain)", re.IGNORECASE)
#: After this long no wait for the database is begun any more: the longest is two seconds, and then the lease would end.
WAIT_FOR_DATABASE_S = claims.LEASE.total_seconds() - 3
_FRACTION = 0.5  # of the text that a page gave before: what has less is no edit of it
_Work = TypeVar("_Work")
_Result = TypeVar("_Result")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk and the house set. `fresh`: what was published longer ago is stored silently; `pause`: the rest
    between two requests to one host."""

    fresh: dt.timedelta = dt.timedelta(hours=36)
    pause: dt.timedelta = dt.timedelta(seconds=1)
    user_agent: str = "Redphone"
    random: Random = random.random


def sync_catalogue(sessions: sessionmaker[Session], catalogue: Sequence[CatalogueFeed], now: dt.datetime) -> None:
    """Make the feeds' table follow the catalogue."""
    with sessions.begin() as session:
        feeds.sync_feeds(session, catalogue, now)


def look(sessions: sessionmaker[Session], now: dt.datetime, steps: tuple[Step, ...]) -> Step:
    """What a tick begins with: look at the clock, and at how much waits to be read; the step of the brake that holds.
    A step that is another than before is told."""
    with sessions.begin() as session:
        _, before, _ = pulse.read(session, steps)
        pulse.look(session, now, steps)
        _, step, backlog = pulse.read(session, steps)
    if step != before:
        tell(log, "brake_changed", level=logging.WARNING, words=words_of(step, backlog) or "polling as usual again")
    return step


def claim_due(sessions: sessionmaker[Session], now: dt.datetime, limit: int = 32, step: Step = FREE) -> list[int]:
    """Take feeds that are due, at this step of the brake; whoever takes them polls them with :func:`poll_feed`."""
    with sessions.begin() as session:
        return claims.claim_due_feeds(session, now, limit, step)


def give_back(sessions: sessionmaker[Session], feed_ids: Sequence[int], claimed_at: dt.datetime) -> None:
    """Let feeds go that were claimed at that moment and cannot be polled now: they are due as before."""
    with sessions.begin() as session:
        claims.give_back_feeds(session, feed_ids, claimed_at)


def poll_due(
    sessions: sessionmaker[Session],
    now: dt.datetime,
    fetch: Fetch,
    publish: Publish,
    options: Options = Options(),  # noqa: B008  immutable
    limit: int = 32,
    threads: int = 8,
) -> list[PollResult]:
    """Take the feeds that are due and poll them, `threads` at a time. One feed's trouble is not another's."""
    return poll_claimed(sessions, claim_due(sessions, now, limit), now, fetch, publish, options, threads)


def poll_claimed(
    sessions: sessionmaker[Session],
    feed_ids: Sequence[int],
    now: dt.datetime,
    fetch: Fetch,
    publish: Publish,
    options: Options = Options(),  # noqa: B008  immutable
    threads: int = 1,
) -> list[PollResult]:
    """Poll feeds that were claimed, `threads` at a time. One whose poll breaks is logged and left to its lease."""
    return _together(lambda feed_id: poll_feed(sessions, feed_id, now, fetch, publish, options), feed_ids, threads)


def poll_feed(
    sessions: sessionmaker[Session],
    feed_id: int,
    now: dt.datetime,
    fetch: Fetch,
    publish: Publish,
    options: Options = Options(),  # noqa: B008  immutable
) -> PollResult:
    """Ask one feed that was claimed, store its entries together with what the feed's row must remember, then publish.

    A claim that ended before its turn came is left to who claims the feed next: its host may be asked by now.
    """
    with bound(feed_id=feed_id):
        result = _poll(sessions, feed_id, now, fetch, options)
        _tell(result)
        publish(ArticlesStored(result.waiting))
    return result


def _poll(
    sessions: sessionmaker[Session], feed_id: int, now: dt.datetime, fetch: Fetch, options: Options
) -> PollResult:
    with sessions.begin() as session:
        feed = claims.begin_poll(session, feed_id, now)
        if feed is None:
            url = session.get_one(FeedRow, feed_id).url
            return PollResult(feed_id=feed_id, url=url, kind="late", words="its claim ended before its turn came")
    errand = _Errand(sessions, feed.host, feed.claimed_until or now, now)
    answer = fetch(feed.url, _conditions(feed, now), errand.may_ask)
    reading = _read(answer, feed)
    done = now + dt.timedelta(seconds=answer.took_s)

    def write_down() -> PollResult:
        with sessions.begin() as session:
            session.add(feed)  # as it was read: nobody else polls it meanwhile, and only what changes is written
            errand.end(session, done + _pause(feed.pause_s, options))
            if isinstance(answer, Elsewhere):
                result = _put_off(feed, answer, done, options)
            elif isinstance(answer, Failed):
                rests_until = schedule.host_rests_until(answer, done, again=(feed.last_error or "").startswith("busy:"))
                result = _failed(feed, answer, done, options)
                if rests_until:
                    claims.leave_alone(session, errand.asked, rests_until)
            elif isinstance(reading, Failed):
                result = _failed(feed, reading, done, options)
            else:
                result = _answered(session, feed, answer, reading, done, options)
        return result

    return when_back(write_down, worth=errand.is_worth_waiting)


def _tell(result: PollResult) -> None:
    """Log what a poll brought: each article, and one line for the poll where it brought any or the feed fails."""
    for event, ids in (("article_stored", result.new_ids), ("article_revised", result.revised_ids)):
        for article_id in ids:
            tell(log, event, article_id=article_id)
    usual = not result.waiting and result.kind in ("new", "quiet", "late", "waits")
    tell(log, "feed_polled", level=logging.DEBUG if usual else logging.INFO, outcome=result.kind, url=result.url,
         words=result.words)  # fmt: skip


def fetch_pages(
    sessions: sessionmaker[Session],
    now: dt.datetime,
    fetch: Fetch,
    publish: Publish,
    options: Options = Options(),  # noqa: B008  immutable
    limit: int = 8,
    threads: int = 8,
) -> list[PageResult]:
    """Take article pages that wait, one a host, and fetch them. Call again while it returns results. More than
    `threads` at once would wait for their turn while their leases pass."""
    with sessions.begin() as session:
        jobs = pages.claim_due_pages(session, now, limit)
    return _together(lambda job: fetch_page(sessions, job, now, fetch, publish, options), jobs, threads)


def fetch_page(
    sessions: sessionmaker[Session],
    job: pages.PageJob,
    now: dt.datetime,
    fetch: Fetch,
    publish: Publish,
    options: Options = Options(),  # noqa: B008  immutable
) -> PageResult:
    """Fetch one article page, or its host's robots.txt where that must come first, and store what it gave."""
    with bound(article_id=job.article_id):
        result = _fetch_page(sessions, job, now, fetch, options)
        tell(log, "page_fetched", outcome=result.kind, url=result.url, words=result.words)
        publish(ArticlesStored((job.article_id,) if result.changed else ()))
    return result


def _fetch_page(
    sessions: sessionmaker[Session], job: pages.PageJob, now: dt.datetime, fetch: Fetch, options: Options
) -> PageResult:
    errand = _Errand(sessions, job.host, job.host_until, now)
    answer = _ask(job, fetch, errand, options)
    done = now + dt.timedelta(seconds=answer.took_s)
    page = _page(answer, job) if job.robots is not None else None

    def write_down() -> PageResult:
        with sessions.begin() as session:
            errand.end(session, done + _pause(job.pause_s, options))
            rests_until = schedule.feeds_rest_until(answer, done) if isinstance(answer, Failed) else None
            if rests_until:
                claims.leave_alone(session, errand.asked, rests_until)
            if page is None:
                result = _keep_robots(session, job, answer, done, options)
            elif isinstance(page, Failed):
                result = _page_failed(session, job, page, done, options)
            elif isinstance(page, Elsewhere):
                result = _page_moved(session, job, page, done, options)
            else:
                result = _page_done(session, job, page, done, done - options.fresh)
            if job.robots is not None:
                _delay_pages(session, job.host, job.robots, done, options)
        return result

    return when_back(write_down, worth=errand.is_worth_waiting)


class _Errand:
    """The hosts that one fetch asks, each with the end of its claim: its own, which its caller has claimed, and those
    that redirects lead to."""

    def __init__(self, sessions: sessionmaker[Session], host: str, until: dt.datetime, now: dt.datetime) -> None:
        self._sessions, self._now = sessions, now
        self._claims = {host: until}
        self._began = time.monotonic()
        self.asked = host  #: the host that was asked last, which is the one that answers

    def may_ask(self, url: str) -> bool:
        """Whether this address may be asked now: its host is ours already, or free, and then it is ours."""
        host = host_of(url)
        if host not in self._claims:
            try:
                with self._sessions.begin() as session:
                    claimed = claims.claim_hosts(session, [host], self._now)
                self._claims |= dict.fromkeys(claimed, self._now + claims.LEASE)
            except OperationalError:  # the fetcher would take it for the newspaper's failure
                log.warning("ingest: %s could not be claimed", host)
        if host not in self._claims:
            return False
        self.asked = host
        return True

    def is_worth_waiting(self, error: DBAPIError) -> bool:
        """Whether a database that is gone may be back while the host is still ours."""
        return is_gone(error) and time.monotonic() - self._began < WAIT_FOR_DATABASE_S

    def end(self, session: Session, rested_at: dt.datetime) -> None:
        """Give the hosts back; they rest until then."""
        for host, until in self._claims.items():
            claims.release_host(session, host, until, rested_at)


# ---- one feed ----


def _conditions(feed: FeedRow, now: dt.datetime) -> Validators:
    if schedule.wants_full_get(feed.unmodified, feed.last_full_at, now):
        return Validators()
    return Validators(feed.etag, feed.last_modified)


def _read(answer: Answer, feed: FeedRow) -> ParsedFeed | Failed | None:
    """The feed that the answer carries; None where it carries none, or the one that we have. One that was emptied has
    failed: whatever it says of itself, such as an ETag, is not to be remembered."""
    if not isinstance(answer, Fetched) or _hash(answer.body) == feed.body_hash:
        return None
    parsed = parse_feed(answer.body, answer.url, answer.headers, feed.timezone)
    if isinstance(parsed, FeedProblem):
        return Failed(kind=parsed.kind, words=parsed.words, took_s=answer.took_s)
    if not parsed.entries and feed.last_new_at is not None:  # a newspaper's error page in the form of its feed
        named = f"; its title is “{parsed.title[:80]}”" if parsed.title else ""
        return Failed(kind="no_entries", words=f"no items, and it had some before{named}", took_s=answer.took_s)
    return parsed


def _put_off(feed: FeedRow, answer: Elsewhere, now: dt.datetime, options: Options) -> PollResult:
    again = schedule.when_elsewhere(now, options.random)
    words = f"it redirects to {answer.url[:200]}, whose host somebody else asks now, or which rests"
    feeds.put_off(feed, again, f"waits: {words}")
    return PollResult(feed_id=feed.id, url=feed.url, kind="waits", words=words, next_poll_at=again)


def _failed(feed: FeedRow, failed: Failed, now: dt.datetime, options: Options) -> PollResult:
    rhythm = schedule.Rhythm(feed.world, feed.base_interval_s, feed.interval_s, feed.failures + 1)
    decision = schedule.next_poll(rhythm, failed, now, options.random)
    feeds.finish_failed(feed, failed, decision, now)
    return PollResult(feed_id=feed.id, url=feed.url, kind=failed.kind, words=failed.words, next_poll_at=decision.at)


def _answered(
    session: Session,
    feed: FeedRow,
    answer: Fetched | NotModified,
    parsed: ParsedFeed | None,
    now: dt.datetime,
    options: Options,
) -> PollResult:
    entries = not_in_future(parsed.entries, now) if parsed else ()
    whole = parsed is not None and not parsed.cut
    stored = store.save_articles(session, entries, feed, now, silent_before=now - options.fresh, whole=whole)
    outcome = _outcome(feed, stored)
    trusted = not _lied(feed, answer, entries, stored, now)
    together = schedule.came_together(feed.interval_s, feed.next_poll_at, feed.last_polled_at, now)
    rhythm = schedule.Rhythm(feed.world, feed.base_interval_s, feed.interval_s, together=together)
    if parsed:  # a 304 and an unchanged body say it by saying nothing else
        feed.ttl_s = parsed.ttl_s
    freshness_s = schedule.freshness(answer.headers, feed.ttl_s)
    decision = schedule.next_poll(rhythm, outcome, now, options.random, freshness_s)
    feeds.finish_answered(feed, outcome, decision, now, _kept(feed, answer, parsed, stored, trusted, now), parsed)
    hid = "hid what was new" if isinstance(answer, NotModified) else "hid these"
    remarks = () if trusted else (f"its 304 {hid}: it is asked without conditions from now on",)
    return PollResult(
        feed_id=feed.id,
        url=feed.url,
        kind=outcome,
        words="; ".join((_words(answer, parsed, stored, decision.reason), *remarks)),
        entries=len(stored.ids),
        new_ids=stored.new,
        revised_ids=stored.revised,
        skipped=len(parsed.skipped) if parsed else 0,
        next_poll_at=decision.at,
    )


def _outcome(feed: FeedRow, stored: store.Stored) -> schedule.Success:
    # a feed that never showed anything can have hidden nothing from us
    if feed.last_new_at is not None and schedule.is_gap(len(set(stored.ids)), len(stored.unseen)):
        return "gap"
    return "new" if stored.unseen else "quiet"


def _lied(
    feed: FeedRow, answer: Fetched | NotModified, entries: Sequence[Entry], stored: store.Stored, now: dt.datetime
) -> bool:
    """Whether a check without conditions brings what stood there when the server last said 304, or new entries with
    the Last-Modified of before, which would have hidden them; or validators on trial get a 304."""
    if isinstance(answer, NotModified) and feeds.is_on_trial(feed):
        return True
    if not _checks_304s(feed, now) or feed.last_success_at is None:
        return False
    said = answer.validators if isinstance(answer, Fetched) else Validators()
    if said.last_modified and said == Validators(None, feed.last_modified) and stored.unseen:
        return True
    unseen = [entry.published_at for entry, article_id in zip(entries, stored.ids, strict=True)
              if article_id in stored.unseen]  # fmt: skip
    return schedule.gave_false_304(unseen, feed.last_success_at)


def _checks_304s(feed: FeedRow, now: dt.datetime) -> bool:
    return feed.unmodified > 0 and schedule.wants_full_get(feed.unmodified, feed.last_full_at, now)


def _kept(
    feed: FeedRow,
    answer: Fetched | NotModified,
    parsed: ParsedFeed | None,
    stored: store.Stored,
    trusted: bool,
    now: dt.datetime,
) -> feeds.Kept | None:
    """What the feed's row remembers of an answer. Of one that was cut nothing: "not modified" would hide the rest.

    Where a check brought something new and proves nothing, the validators of before stand trial: the next look, which
    is made anyway, asks with them once more.
    """
    if isinstance(answer, NotModified):
        return None if trusted else feeds.Kept(Validators(etag=""), feed.body_hash)
    if parsed is not None and parsed.cut:
        return feeds.Kept(Validators(etag=None if trusted and feed.etag != "" else ""))
    own, before = _validators(feed, answer, trusted), Validators(feed.etag, feed.last_modified)
    if own.etag != "" and stored.unseen and before not in (own, Validators()) and _checks_304s(feed, now):
        return feeds.Kept(before, _hash(answer.body), on_trial=True)
    return feeds.Kept(own, _hash(answer.body))


def _validators(feed: FeedRow, answer: Fetched, trusted: bool) -> Validators:
    """The answer's validators, unless the server's 304 is not believed, because of an earlier answer or because the
    same ETag came with another body: an empty ETag in the feed's row keeps us from asking for it again."""
    same_tag = answer.validators.etag is not None and answer.validators.etag == feed.etag
    if not trusted or feed.etag == "" or (same_tag and _hash(answer.body) != feed.body_hash):
        return Validators(etag="")
    return answer.validators


def _pause(own_s: float | None, options: Options) -> dt.timedelta:
    return options.pause if own_s is None else dt.timedelta(seconds=own_s)


def _words(answer: Answer, parsed: ParsedFeed | None, stored: store.Stored, reason: str) -> str:
    if parsed is None:
        return "not modified" if isinstance(answer, NotModified) else "the same body as last time"
    counted = f"{len(stored.ids)} entries, {len(stored.new)} new, {len(stored.revised)} revised"
    skipped = f", {len(parsed.skipped)} skipped ({parsed.skipped[0].reason})" if parsed.skipped else ""
    trouble = [parsed.trouble] if parsed.trouble else []
    return "; ".join((counted + skipped, *parsed.remarks, *trouble, reason))


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


# ---- one page ----


def _robots_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def _ask(job: pages.PageJob, fetch: Fetch, errand: _Errand, options: Options) -> Answer:
    """Ask for the page, or for robots.txt where that must come first. A page is not followed to another host, which
    has its own turn and its own robots.txt, nor to where this host's robots.txt forbids."""
    if job.robots is None:
        return fetch(_robots_url(job.url), Validators(), errand.may_ask)
    allowed = partial(robots.allowed, job.robots, options.user_agent)
    if not allowed(job.url):
        return Failed(kind="forbidden", words="robots.txt does not allow this page")
    return fetch(job.url, Validators(), lambda url: host_of(url) == job.host and allowed(url))


def _page(answer: Answer, job: pages.PageJob) -> Page | Failed | Elsewhere:
    if isinstance(answer, Fetched | Elsewhere) and is_front_page(answer.url):
        return Failed(kind="another_page", words="it leads to the site's front page")
    if isinstance(answer, Elsewhere) and host_of(answer.url) == job.host:
        return Failed(kind="forbidden", words=f"robots.txt does not allow {answer.url[:200]}")
    if isinstance(answer, Failed | Elsewhere):
        return answer
    kind = answer.headers.get("content-type", "")
    if isinstance(answer, NotModified) or not _READABLE.match(kind):
        return Failed(kind="status", words=f"no HTML: {kind[:60] or 'HTTP 304'}")
    page = read_or_problem(lambda: extract_page(answer.body, kind, job.selector, job.summary))
    if isinstance(page, FeedProblem):
        return Failed(kind=page.kind, words=page.words)
    return _of_article(page, job)


def _of_article(page: Page, job: pages.PageJob) -> Page | Failed:
    """A page that was read, unless nothing can be read on it or it is that of another article."""
    if page.how == "garbled":
        return Failed(kind="encoding", words="no charset explains its bytes")
    if page.how == "too_large":
        return Failed(kind="too_large", words="so much markup that reading it would take minutes")
    if not page.text:
        words = "no article text on the page"
        return Failed(kind="no_entries", words=words, published_raw=page.published_raw)
    if is_wall(job.title, job.summary, page.text):
        return Failed(kind="another_page", words="it asks to sign in, to pay or for another browser")
    if is_another_text(job.title, job.summary, page.text, page.headline):
        return Failed(kind="another_page", words="its text has nothing of the article's title and summary")
    # the outlet's own selector finds an article that was cut short; what general rules find then is a form or a notice
    if page.how == "general" and len(page.text) < _FRACTION * job.had:
        return Failed(kind="another_page", words=f"{len(page.text)} characters where its text had {job.had}")
    return page


def _keep_robots(
    session: Session, job: pages.PageJob, answer: Answer, now: dt.datetime, options: Options
) -> PageResult:
    if isinstance(answer, Elsewhere):
        pages.put_off(session, job, schedule.when_elsewhere(now, options.random))
        words = f"its robots.txt is at {answer.url[:200]}, whose host somebody else asks now, or which rests"
        return PageResult(article_id=job.article_id, url=job.url, kind="waits", words=words)
    rules, keep_s = robots.rules_of(answer)
    if rules is None:
        claims.delay_pages(session, job.host, now + dt.timedelta(seconds=keep_s))
        pages.put_off(session, job, now + dt.timedelta(seconds=keep_s))
        return PageResult(article_id=job.article_id, url=job.url, kind="waits", words="its robots.txt cannot be had")
    _delay_pages(session, job.host, rules, now, options)
    pages.save_robots(session, job, rules, now + dt.timedelta(seconds=keep_s), now)
    return PageResult(article_id=job.article_id, url=job.url, kind="robots", words="fetched robots.txt first")


def _delay_pages(session: Session, host: str, rules: str, now: dt.datetime, options: Options) -> None:
    delay_s = robots.crawl_delay(rules, options.user_agent)
    if delay_s:
        claims.delay_pages(session, host, now + dt.timedelta(seconds=delay_s))


def _page_moved(
    session: Session, job: pages.PageJob, moved: Elsewhere, now: dt.datetime, options: Options
) -> PageResult:
    if job.attempts >= schedule.PAGE_TRIES_REFUSED:
        return _page_failed(session, job, Failed(kind="redirects", words="leads from host to host"), now, options)
    pages.move_page(session, job, moved.url, now)
    return PageResult(article_id=job.article_id, url=job.url, kind="moved", words=f"redirects to {moved.url[:200]}")


def _page_failed(
    session: Session, job: pages.PageJob, failed: Failed, now: dt.datetime, options: Options
) -> PageResult:
    again = schedule.next_page_try(job.attempts, failed, now, options.random)
    rests_until = schedule.host_rests_until(failed, now, again=job.attempts > 1)
    if rests_until:  # the server asks for it, not this page
        claims.delay_pages(session, job.host, rests_until)
    pages.save_page_failure(session, job, f"{failed.kind}: {failed.words}", again, now)
    raw = failed.published_raw or ""
    published = _published(raw, job, now)
    changed = published is not None and pages.save_page_date(session, job, published, raw, now - options.fresh)
    return PageResult(article_id=job.article_id, url=job.url, kind=failed.kind, words=failed.words, changed=changed)


def _page_done(
    session: Session, job: pages.PageJob, page: Page, now: dt.datetime, silent_before: dt.datetime
) -> PageResult:
    published = _published(page.published_raw or "", job, now)
    changed = pages.save_page(session, job, page, published, now, silent_before)
    words = f"{len(page.text)} characters, found by {page.how}"
    return PageResult(article_id=job.article_id, url=job.url, kind="done", words=words, changed=changed)


def _published(raw: str, job: pages.PageJob, now: dt.datetime) -> dt.datetime | None:
    published = parse_date(raw, ZoneInfo(job.timezone))
    return clamp_future(published, now) if published else None


def _together(work: Callable[[_Work], _Result], items: Sequence[_Work], threads: int) -> list[_Result]:
    """Do the work for all items, some at a time. An item that raises is logged with its trace and left to its lease,
    after which it is due again: the others' results are not lost with it."""

    def guarded(item: _Work) -> list[_Result]:
        try:
            return [work(item)]
        except OperationalError as error:  # locked or gone for a while: nothing that a trace would tell more of
            log.warning("ingest: %r is put off: %s", item, error.orig)
            return []
        except OUT_OF_LIMITS:
            raise
        except Exception:
            log.exception("ingest: %r failed", item)
            return []

    if len(items) <= 1 or threads <= 1:
        return [result for item in items for result in guarded(item)]
    with ThreadPoolExecutor(max_workers=min(threads, len(items))) as pool:
        return [result for results in pool.map(guarded, items) for result in results]
