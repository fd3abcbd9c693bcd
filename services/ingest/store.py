"""Ingest's database: due feeds are claimed, entries become articles once, a feed's row remembers its last answer.

Unique keys do the work: an article is inserted or it is there already, whoever came first, and what was inserted is
what the database returns. A feed's ETag is written in the transaction of its entries, so that a crash in between costs
a second fetch and never an entry. Always used as a module: `store.save_articles`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Table, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.ingest.schedule import NextPoll
from services.ingest.urls import article_key, bounded, canonical_url, entry_key, host_of
from services.ingest.values import CatalogueFeed, Entry, Page, Validators
from shared.records import Article
from shared.tables import ArticleRow, EntryRow, FeedRow, HostRow, UtcDateTime

LEASE = dt.timedelta(minutes=2)  # longer than the longest fetch; after it a poll whose worker died is due again
# made once and without the ORM: this is said at each of a hundred thousand requests a day
_HOSTS: Table = HostRow.__table__  # type: ignore[assignment]
_RELEASE = (
    update(_HOSTS)
    .where(_HOSTS.c.name == bindparam("host"))
    .values(claimed_until=None, next_request_at=bindparam("at", type_=UtcDateTime()))
)
_CHUNK = 400  # parameters of one statement stay far below SQLite's limit


class Stored(NamedTuple):
    """What became of the items that were handed in: `ids` in their order, `new` and `revised` among them. `unseen` are
    those that the feed had not shown before, known from another feed or not."""

    ids: tuple[int, ...]
    new: tuple[int, ...]
    revised: tuple[int, ...]
    unseen: frozenset[int] = frozenset()


class PageJob(msgspec.Struct, frozen=True, kw_only=True):
    """An article page that is ours to fetch. `robots` are the host's rules, None where they must be fetched first."""

    article_id: int
    url: str
    host: str
    selector: str
    timezone: str
    pause_s: float | None
    attempts: int
    robots: str | None


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    """An entry or a replayed line on its way into the table. `aliases` are its other keys within the feed."""

    key: str
    aliases: tuple[str, ...] = ()
    title: str
    summary: str
    text: str
    url: str | None
    outlet: str | None
    published_at: dt.datetime | None
    published_raw: str | None
    silent: bool
    wants_page: bool


class _Known(NamedTuple):
    """A stored article, as far as it is needed to see whether an entry changes it."""

    id: int
    feed_id: int | None
    title: str
    summary: str


# ---- the catalogue ----


def sync_feeds(session: Session, catalogue: Sequence[CatalogueFeed], now: dt.datetime) -> None:
    """Make the table follow the catalogue: new feeds are due at once, feeds that left it are kept and not polled."""
    rows = {row.url: row for row in session.scalars(select(FeedRow))}
    for feed in catalogue:
        row = rows.pop(feed.url, None)
        if row is None:
            _insert_ignore(session, FeedRow, [{**_listing(feed), "url": feed.url, "interval_s": feed.interval_s,
                                               "next_poll_at": now}])  # fmt: skip
            continue
        if row.base_interval_s != feed.interval_s or row.world != feed.world:
            row.interval_s = feed.interval_s
        for name, value in _listing(feed).items():
            setattr(row, name, value)
    for row in rows.values():
        row.listed = False


def _listing(feed: CatalogueFeed) -> dict[str, Any]:
    return {
        "outlet": feed.outlet,
        "section": feed.section,
        "host": host_of(feed.url),
        "language": feed.language,
        "timezone": feed.timezone,
        "world": feed.world,
        "fetch_body": feed.fetch_body,
        "body_selector": feed.body_selector,
        "base_interval_s": feed.interval_s,
        "pause_s": feed.pause_s,
        "listed": True,
    }


# ---- claims ----


def claim_due_feeds(session: Session, now: dt.datetime, limit: int) -> list[int]:
    """Take up to `limit` feeds that are due, one a host and none of a host that is being asked or resting."""
    busy = select(HostRow.name).where(~_free(now))
    query = (
        select(FeedRow.id, FeedRow.host)
        .where(_due(now), FeedRow.host.not_in(busy))
        .order_by(FeedRow.next_poll_at, FeedRow.id)
        .limit(limit * 4)
        .with_for_update(skip_locked=True)
    )
    first_of_host: dict[str, int] = {}
    for feed_id, host in session.execute(query):
        first_of_host.setdefault(host, feed_id)
    hosts = claim_hosts(session, list(first_of_host)[:limit], now)
    claimed = [feed_id for host, feed_id in first_of_host.items() if host in hosts]
    if claimed:
        session.execute(update(FeedRow).where(FeedRow.id.in_(claimed)).values(claimed_until=now + LEASE))
    return claimed


def give_back_feeds(session: Session, feed_ids: Sequence[int]) -> None:
    """Undo the claims of feeds that nobody has asked, and of their hosts."""
    feeds = FeedRow.id.in_(feed_ids)
    session.execute(
        update(HostRow).where(HostRow.name.in_(select(FeedRow.host).where(feeds))).values(claimed_until=None)
    )
    session.execute(update(FeedRow).where(feeds).values(claimed_until=None))


def _due(now: dt.datetime) -> ColumnElement[bool]:
    free = or_(FeedRow.claimed_until.is_(None), FeedRow.claimed_until <= now)
    return and_(FeedRow.listed, ~FeedRow.paused, FeedRow.next_poll_at <= now, free)


def _free(now: dt.datetime) -> ColumnElement[bool]:
    return and_(
        or_(HostRow.claimed_until.is_(None), HostRow.claimed_until <= now),
        or_(HostRow.next_request_at.is_(None), HostRow.next_request_at <= now),
    )


def claim_hosts(session: Session, hosts: Sequence[str], now: dt.datetime) -> frozenset[str]:
    """Take hosts for one request each; without those that somebody else asks now or that rest between two requests."""
    if not hosts:
        return frozenset()
    known = set(session.scalars(select(HostRow.name).where(HostRow.name.in_(hosts))))
    _insert_ignore(session, HostRow, [{"name": host} for host in sorted(hosts) if host not in known])
    # a host that another worker holds is skipped, not waited for, so that no two wait for each other in a circle
    free = select(HostRow.name).where(HostRow.name.in_(hosts), _free(now)).order_by(HostRow.name)
    claimed = frozenset(session.scalars(free.with_for_update(skip_locked=True)))
    session.execute(update(HostRow).where(HostRow.name.in_(claimed)).values(claimed_until=now + LEASE))
    return claimed


def release_host(session: Session, host: str, next_request_at: dt.datetime | None) -> None:
    """Give a host back; it rests until `next_request_at`."""
    session.execute(_RELEASE, {"host": host, "at": next_request_at})


def claim_due_pages(session: Session, now: dt.datetime, limit: int) -> list[PageJob]:
    """Take up to `limit` article pages that wait, one a host, the newest article of each first.

    A host with a feed that is due is left alone: news of an article comes before its text.
    """
    waiting = and_(ArticleRow.body_state == "waiting", ArticleRow.body_next_at <= now)
    awaited = select(FeedRow.host).where(_due(now))
    resting = select(HostRow.name).where(~_free(now))
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
            release_host(session, host, None)
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
    article.body_next_at = now + LEASE
    article.body_attempts += 1
    feed = session.get(FeedRow, article.feed_id) if article.feed_id else None
    server = session.get(HostRow, host, populate_existing=True)
    known = server is not None and server.robots_until is not None and server.robots_until > now
    return PageJob(
        article_id=article.id,
        url=article.url,
        host=host,
        selector=feed.body_selector if feed else "",
        timezone=feed.timezone if feed else "Asia/Ho_Chi_Minh",
        pause_s=feed.pause_s if feed else None,
        attempts=article.body_attempts,
        robots=server.robots if known and server else None,
    )


# ---- a feed's answer ----


def finish_poll(
    session: Session,
    feed: FeedRow,
    decision: NextPoll,
    now: dt.datetime,
    *,
    pause: dt.timedelta,
    new: bool = False,
    gap: bool = False,
    failure: str | None = None,
    answer: tuple[Validators, str] | None = None,
) -> None:
    """Write down what a poll gave, in the transaction of its entries, and give feed and host back.

    `new`: it showed what it had not shown before. `answer` is what a body with entries brought: validators and hash;
    None for a 304 or a failure, which keep those of the last good answer. `pause`: the host's rest.
    """
    feed.last_polled_at, feed.next_poll_at, feed.interval_s = now, decision.at, decision.interval_s
    feed.claimed_until = None
    feed.last_error, feed.failures = failure, feed.failures + 1 if failure else 0
    if failure is None:
        feed.last_success_at = now
    if new:
        feed.last_new_at = now
    if gap:
        feed.gaps, feed.last_gap_at = feed.gaps + 1, now
    if failure is None and answer is None:
        feed.unmodified += 1
    if answer is not None:
        feed.unmodified = 0
        validators, feed.body_hash = answer
        # a validator that does not fit is dropped: sent back cut short, it could only be wrong
        feed.etag = validators.etag if len(validators.etag or "") <= 500 else None
        feed.last_modified = validators.last_modified if len(validators.last_modified or "") <= 200 else None
        feed.last_full_at = now
    release_host(session, feed.host, now + pause)


def save_articles(
    session: Session,
    entries: Sequence[Entry],
    feed: FeedRow,
    now: dt.datetime,
    silent_before: dt.datetime | None = None,
) -> Stored:
    """Store a feed's entries, each article once. What was published before `silent_before` goes into history
    silently. An entry whose words changed is a revision of its article, if this feed is the one that brought it."""
    return _save(session, [_from_entry(entry, feed, silent_before) for entry in entries], feed.id, now)


def save_replayed(session: Session, articles: Sequence[Article], now: dt.datetime, silent: bool = False) -> Stored:
    """Store articles that were handed in, by the same keys as polled ones: their URL, or their id where they have
    none. Handed in again, they are there already."""
    return _save(session, [_from_article(article, silent) for article in articles], None, now)


def _from_entry(entry: Entry, feed: FeedRow, silent_before: dt.datetime | None) -> _Item:
    old = silent_before is not None and entry.published_at is not None and entry.published_at < silent_before
    by_guid = f"guid:{entry.guid}" if entry.guid and canonical_url(entry.guid) != entry.url else None
    return _Item(
        key=entry_key(entry.url, entry.guid, feed.url),
        aliases=(bounded(by_guid),) if by_guid else (),
        title=entry.title,
        summary=entry.summary,
        text=entry.text,
        url=entry.url,
        outlet=feed.outlet,
        published_at=entry.published_at,
        published_raw=entry.published_raw,
        silent=old,
        wants_page=feed.fetch_body and entry.url is not None,
    )


def _from_article(article: Article, silent: bool) -> _Item:
    url = canonical_url(article.url) if article.url else None
    return _Item(
        key=bounded(article_key(url) if url else article.id),
        title=article.title,
        summary=article.summary,
        text=article.text,
        url=url,
        outlet=article.outlet,
        published_at=article.published_at,
        published_raw=article.published_at.isoformat() if article.published_at else None,
        silent=silent,
        wants_page=False,
    )


def _save(session: Session, items: Sequence[_Item], feed_id: int | None, now: dt.datetime) -> Stored:
    known, moved = _known(session, items, feed_id)
    first: dict[str, _Item] = {}
    for item in items:  # a feed may list a story twice: the first place counts, each time
        first.setdefault(item.key, item)
    fresh = {key: item for key, item in first.items() if key not in known}
    # oldest first, so that ids follow publication; two feeds with the same articles insert them in the same order
    ordered = sorted(fresh.values(), key=lambda item: (item.published_at or now, item.key))
    inserted = _insert_articles(session, ordered, feed_id, now)
    late = [key for key in fresh if key not in inserted]  # another worker was faster
    ids = {**{key: row.id for key, row in known.items()}, **inserted, **_ids(session, late)}
    unseen = _insert_entries(session, items, ids, feed_id, now) - moved if feed_id is not None else frozenset()
    changed = {
        row.id: item
        for item in first.values()
        if (row := known.get(item.key)) is not None and row.feed_id == feed_id and _differs(row, item, feed_id)
    }
    revised = tuple(article_id for article_id, item in changed.items() if _revise(session, article_id, item, now))
    return Stored(tuple(ids[item.key] for item in items), tuple(inserted.values()), revised, unseen)


def _known(session: Session, items: Sequence[_Item], feed_id: int | None) -> tuple[dict[str, _Known], frozenset[int]]:
    """The articles that are there already, by the items' keys: same URL, or same guid and title at another URL. Then
    the ids of the latter, which moved to another address."""
    columns: tuple[Any, ...] = (ArticleRow.id, ArticleRow.feed_id, ArticleRow.title, ArticleRow.summary)
    known: dict[str, _Known] = {}
    for keys in _chunks([item.key for item in items]):
        for key, *row in session.execute(select(ArticleRow.key, *columns).where(ArticleRow.key.in_(keys))):
            known[key] = _Known(*row)
    aliased = {alias: item for item in items if item.key not in known for alias in item.aliases}
    moved: set[int] = set()
    for keys in _chunks(list(aliased)):
        query = (
            select(EntryRow.entry_key, *columns)
            .join(ArticleRow, ArticleRow.id == EntryRow.article_id)
            .where(EntryRow.feed_id == feed_id, EntryRow.entry_key.in_(keys))
        )
        for key, *row in session.execute(query):
            if aliased[key].title == row[2]:
                known[aliased[key].key] = _Known(*row)
                moved.add(row[0])
    return known, frozenset(moved)


def _insert_articles(session: Session, items: Sequence[_Item], feed_id: int | None, now: dt.datetime) -> dict[str, int]:
    rows = [
        {
            "key": item.key,
            "feed_id": feed_id,
            "url": item.url,
            "host": host_of(item.url) if item.url else None,
            "outlet": item.outlet,
            "title": item.title,
            "summary": item.summary,
            "text": item.text,
            "published_at": item.published_at,
            "published_raw": item.published_raw,
            "fetched_at": now,
            "content_hash": content_hash(item.title, item.summary, item.text),
            "silent": item.silent,
            "body_state": "waiting" if item.wants_page else "none",
            "body_next_at": now if item.wants_page else None,
        }
        for item in items
    ]
    return {key: article_id for article_id, key in _insert_ignore(session, ArticleRow, rows, "id", "key")}


def _insert_entries(
    session: Session, items: Sequence[_Item], ids: Mapping[str, int], feed_id: int, now: dt.datetime
) -> frozenset[int]:
    """Remember under which keys the feed showed its articles; the articles with a key that it had not shown."""
    rows = {
        key: {"feed_id": feed_id, "entry_key": key, "article_id": ids[item.key], "first_seen_at": now}
        for item in items
        for key in (item.key, *item.aliases)
    }
    inserted = _insert_ignore(session, EntryRow, list(rows.values()), "article_id")
    return frozenset(article_id for (article_id,) in inserted)


def _ids(session: Session, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in _chunks(keys):
        query = select(ArticleRow.key, ArticleRow.id).where(ArticleRow.key.in_(chunk))
        found |= {row.key: row.id for row in session.execute(query)}
    return found


def _differs(row: _Known, item: _Item, feed_id: int | None) -> bool:
    # a feed repeats title and summary each time and has the text rarely; a replayed line always has all three
    return feed_id is None or item.text != "" or (item.title, item.summary) != (row.title, row.summary)


# ---- texts ----


def content_hash(title: str, summary: str, text: str) -> str:
    """What tells one revision of an article from another."""
    return hashlib.sha256("\x00".join((title, summary, text)).encode("utf-8", "surrogatepass")).hexdigest()


def _revise(session: Session, article_id: int, item: _Item, now: dt.datetime) -> bool:
    """Take over an article's new words. Its page was probably edited too, so it is fetched again."""
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    if not _rewrite(row, item.title, item.summary, item.text or row.text):
        return False
    if row.body_state in {"done", "failed"}:
        row.body_state, row.body_next_at, row.body_attempts = "waiting", now, 0
    return True


def _rewrite(row: ArticleRow, title: str, summary: str, text: str) -> bool:
    new_hash = content_hash(title, summary, text)
    if new_hash == row.content_hash:
        return False
    row.title, row.summary, row.text, row.content_hash = title, summary, text, new_hash
    row.revision += 1
    row.classify_state, row.classify_next_at, row.classify_attempts = "waiting", None, 0
    return True


def save_page(
    session: Session,
    job: PageJob,
    page: Page,
    published_at: dt.datetime | None,
    silent_before: dt.datetime | None = None,
) -> bool:
    """Store the text of an article page; True where the article's words changed. `published_at` is the page's own
    date, used where the feed gave none: before `silent_before` it makes the article part of history only."""
    row = session.get_one(ArticleRow, job.article_id, with_for_update=True)
    row.body_state, row.body_next_at, row.body_error = "done", None, None
    if row.published_at is None and published_at is not None:
        row.published_at, row.published_raw = published_at, page.published_raw
        row.silent = row.silent or (silent_before is not None and published_at < silent_before)
    return _rewrite(row, row.title, row.summary, page.text)


def save_page_failure(session: Session, job: PageJob, words: str, next_try_at: dt.datetime | None) -> None:
    """The page did not come: try again then, or stop where `next_try_at` is None. The summary serves meanwhile."""
    row = session.get_one(ArticleRow, job.article_id)
    row.body_error, row.body_next_at = words, next_try_at
    row.body_state = "waiting" if next_try_at else "failed"


def save_robots(session: Session, job: PageJob, rules: str, until: dt.datetime, now: dt.datetime) -> None:
    """Keep a host's robots.txt; the page that asked for it waits for its own turn, which did not count as a try."""
    session.execute(update(HostRow).where(HostRow.name == job.host).values(robots=rules, robots_until=until))
    row = session.get_one(ArticleRow, job.article_id)
    row.body_next_at, row.body_attempts = now, job.attempts - 1


# ---- helpers ----


def _insert_ignore(
    session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]], *returning: str
) -> list[tuple[Any, ...]]:
    """Insert the rows whose unique keys are free; the named columns of those that went in."""
    if not rows:
        return []
    target: Table = table.__table__
    on_postgres = session.get_bind().dialect.name == "postgresql"
    statement: Any = postgresql.insert(target) if on_postgres else sqlite.insert(target)
    statement = statement.on_conflict_do_nothing()
    if not returning:
        session.execute(statement, list(rows))
        return []
    statement = statement.returning(*(target.c[name] for name in returning))
    return [tuple(row) for row in session.execute(statement, list(rows))]


def _chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
