"""The database of articles: entries become articles once, and what changed is a revision.

Unique keys do the work: an article is inserted or it is there already, whoever came first, and what was inserted is
what the database returns. Always used as a module: `store.save_articles`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from services.ingest.dates import names_day_alone
from services.ingest.identity import Told, is_edited, shared_addresses
from services.ingest.rows import chunks, insert_ignore
from services.ingest.urls import (
    article_key,
    article_number,
    bounded,
    canonical_url,
    entry_key,
    host_of,
    unnumbered_key,
)
from services.ingest.values import Entry
from shared.db import among
from shared.records import Article
from shared.tables import ArticleRow, EntryRow, FeedRow

_REMEMBERED, _SHORT = 4, 16  # what a feed said of an article last: so many hashes, of so many characters each
_REVISIONS_A_DAY = 12  # on the mean since it came: a summary with a counter in it is a new one at each look
_IN_TROUBLE = 3  # failures in a row: of such a feed nobody knows when it tells an edit of its own again
_REUSED = "reused:"  # before a guid that the feed has given to several articles, in the place of its entry's key


class Stored(NamedTuple):
    """What became of the items that were handed in: `ids` in their order, `new` and `revised` among them. `unseen` are
    those that the feed had not shown before, known from another feed or not."""

    ids: tuple[int, ...]
    new: tuple[int, ...]
    revised: tuple[int, ...]
    unseen: frozenset[int] = frozenset()


class _Item(msgspec.Struct, frozen=True, kw_only=True):
    """An entry or a replayed line on its way into the table. `aliases` are its other keys within the feed, `old_key` is
    the one that it had before its outlet's numbers were known; `day_only` says that its date names no hour."""

    key: str
    aliases: tuple[str, ...] = ()
    old_key: str | None = None
    title: str
    summary: str
    text: str
    url: str | None
    outlet: str | None
    published_at: dt.datetime | None
    published_raw: str | None
    silent: bool
    wants_page: bool
    day_only: bool = False

    @property
    def told(self) -> Told:
        """What tells it from another with the same guid."""
        return Told(self.url, self.title, self.summary, None if self.day_only else self.published_at)

    @property
    def offer(self) -> str:
        """What tells an edit from the same words again."""
        return content_hash(self.title, self.summary, self.text)


class _Known(NamedTuple):
    """A stored article, as far as it is needed to see whether an entry changes it."""

    id: int
    feed_id: int | None
    title: str
    summary: str
    offered_hash: str | None
    url: str | None
    published_at: dt.datetime | None
    revision: int
    fetched_at: dt.datetime

    @property
    def told(self) -> Told:
        """What tells it from another with the same guid."""
        return Told(self.url, self.title, self.summary, self.published_at)

    def taken_by(self, feed_id: int) -> _Known:
        """The article as this feed's own; what that feed said of it before is not known."""
        return self._replace(feed_id=feed_id, offered_hash=None)


class _Found(NamedTuple):
    """What is stored already of a feed's items: the articles by the items' keys, the ids of those that moved to another
    address, and the guids that name several articles. `rekeyed`: ids by the keys that are theirs from now on."""

    known: dict[str, _Known]
    moved: frozenset[int]
    reused: frozenset[str]
    rekeyed: Mapping[str, int]


def save_articles(
    session: Session,
    entries: Sequence[Entry],
    feed: FeedRow,
    now: dt.datetime,
    silent_before: dt.datetime | None = None,
    *,
    whole: bool = True,
) -> Stored:
    """Store a feed's entries, each article once. What was published before `silent_before` goes into history
    silently. An entry whose words changed is a revision of its article, if the article is of this feed: of the one that
    brought it, or of the first with pages that showed it, or of one that shows it after those are asked no more, or
    that says something new of it after those show it no more. `whole`: the feed shows these entries and no others."""
    shared = shared_addresses(entries)
    items = [_from_entry(entry, feed, silent_before, shared) for entry in entries]
    stored = _save(session, items, feed.id, now)
    if items and whole:
        feed.shown = sorted(set(stored.ids))
    return stored


def save_replayed(session: Session, articles: Sequence[Article], now: dt.datetime, silent: bool = False) -> Stored:
    """Store articles that were handed in, by the same keys as polled ones: their URL, or their id where they have
    none. Handed in again, they are there already."""
    return _save(session, [_from_article(article, silent) for article in articles], None, now)


def _from_entry(entry: Entry, feed: FeedRow, silent_before: dt.datetime | None, shared: Collection[str]) -> _Item:
    old = silent_before is not None and entry.published_at is not None and entry.published_at < silent_before
    guid = entry.guid or ""
    named = guid not in ("", entry.url) and ("#" in guid or canonical_url(guid) != entry.url)
    by_guid = f"guid:{guid}" if named else None
    one_of_several = entry.url in shared and guid != ""
    return _Item(
        key=entry_key(None if one_of_several else entry.url, entry.guid, feed.url),
        aliases=(bounded(by_guid),) if by_guid else (),
        old_key=None if one_of_several else _old_key(entry.url),
        title=entry.title,
        summary=entry.summary,
        text=entry.text,
        url=entry.url,
        outlet=feed.outlet,
        published_at=entry.published_at,
        published_raw=entry.published_raw,
        silent=old,
        wants_page=feed.fetch_body and entry.url is not None and not one_of_several,  # its page is of all of them
        day_only=entry.published_at is not None and names_day_alone(entry.published_at, ZoneInfo(feed.timezone)),
    )


def _from_article(article: Article, silent: bool) -> _Item:
    url = canonical_url(article.url) if article.url else None
    return _Item(
        key=bounded(article_key(url) if url else article.id),
        old_key=_old_key(url),
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


def _old_key(url: str | None) -> str | None:
    """The key of an article that was stored before it was known that its outlet numbers them."""
    return bounded(unnumbered_key(url)) if url and article_number(url) else None


def _save(session: Session, items: Sequence[_Item], feed_id: int | None, now: dt.datetime) -> Stored:
    known, moved, reused, rekeyed = _known(session, items, feed_id)
    for key, article_id in rekeyed.items():
        session.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(key=key))
    first: dict[str, _Item] = {}
    for item in items:  # a feed may list a story twice: the first place counts, each time
        first.setdefault(item.key, item)
    fresh = {key: item for key, item in first.items() if key not in known}
    # oldest first, so that ids follow publication; two feeds with the same articles insert them in the same order
    ordered = sorted(fresh.values(), key=lambda item: (item.published_at or now, item.key))
    inserted = _insert_articles(session, ordered, feed_id, now)
    late = [key for key in fresh if key not in inserted]  # another worker was faster
    ids = {**{key: row.id for key, row in known.items()}, **inserted, **_ids(session, late)}
    unseen: frozenset[int] = frozenset()
    if feed_id is not None:
        unseen = _insert_entries(session, _keys(items, reused), ids, first, feed_id, now) - moved
        with_pages = {ids[item.key] for item in items if item.wants_page}
        taken = _take_over(session, (unseen & with_pages) - set(inserted.values()), feed_id, now)
        taken |= _inherit(session, list(known.values()), feed_id)
        others = [(first[key], row) for key, row in known.items() if row.id not in taken]
        taken |= _follow(session, [told for told in others if told[1].feed_id not in (None, feed_id)], feed_id)
        known = {key: row.taken_by(feed_id) if row.id in taken else row for key, row in known.items()}
    again = [(item, known[key]) for key, item in first.items() if key in known]
    own = [(item, row) for item, row in again if row.feed_id == feed_id]
    edited = {row.id: item for item, row in own if _edits(item, row, now)}
    for item, row in own:
        if item.url not in (None, row.url) and row.id not in edited:
            _move(session.get_one(ArticleRow, row.id, with_for_update=True), item.url)
    dated = {row.id: item for item, row in again if _is_better(item.published_at, row)}
    revised = tuple(
        article_id
        for article_id, item in {**dated, **edited}.items()
        if (_revise(session, article_id, item, now) if article_id in edited else _redate(session, article_id, item))
    )
    return Stored(tuple(ids[item.key] for item in items), tuple(inserted.values()), revised, unseen)


_COLUMNS: tuple[Any, ...] = (
    ArticleRow.id, ArticleRow.feed_id, ArticleRow.title, ArticleRow.summary, ArticleRow.offered_hash, ArticleRow.url,
    ArticleRow.published_at, ArticleRow.revision, ArticleRow.fetched_at,
)  # fmt: skip


def _known(session: Session, items: Sequence[_Item], feed_id: int | None) -> _Found:
    """The articles that are there already: same URL, or same guid at another URL, where the guid is theirs alone."""
    known = _by_key(session, [item.key for item in items])
    older = {item.old_key: item.key for item in items if item.old_key and item.key not in known}
    numbered = {older[old]: row for old, row in _by_key(session, list(older)).items()}
    known |= numbered
    rekeyed = {key: row.id for key, row in numbered.items()}
    reused = _shared(items)
    aliased = {alias: item for item in items if item.key not in known for alias in item.aliases}
    if not aliased:
        return _Found(known, frozenset(), reused, rekeyed)
    before = _by_guid(session, [*aliased, *map(_REUSED.__add__, aliased)], feed_id)
    reused |= {alias for alias in aliased if _REUSED + alias in before}
    shown = {row.id for row in known.values()}
    moved: set[int] = set()
    for alias, item in aliased.items():
        row = before.get(alias)
        if row is None or alias in reused:
            continue
        if row.id in shown or not is_edited(row.told, item.told):
            reused |= {alias}
            continue
        known[item.key] = row
        moved.add(row.id)
    return _Found(known, frozenset(moved), reused, rekeyed)


def _by_key(session: Session, keys: Sequence[str]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    for some in chunks(keys):
        query = select(ArticleRow.key, *_COLUMNS).where(among(session, ArticleRow.key, some))
        found |= {key: _Known(*row) for key, *row in session.execute(query)}
    return found


def _shared(items: Sequence[_Item]) -> frozenset[str]:
    """The guids that one answer gives to several articles."""
    keys: dict[str, set[str]] = {}
    for item in items:
        for alias in item.aliases:
            keys.setdefault(alias, set()).add(item.key)
    return frozenset(alias for alias, named in keys.items() if len(named) > 1)


def _by_guid(session: Session, entry_keys: Sequence[str], feed_id: int | None) -> dict[str, _Known]:
    """The articles that the feed showed under these keys of its own."""
    found: dict[str, _Known] = {}
    for keys in chunks(entry_keys):
        query = (
            select(EntryRow.entry_key, *_COLUMNS)
            .join(ArticleRow, ArticleRow.id == EntryRow.article_id)
            .where(EntryRow.feed_id == feed_id, among(session, EntryRow.entry_key, keys))
        )
        found |= {key: _Known(*row) for key, *row in session.execute(query)}
    return found


def _keys(items: Sequence[_Item], reused: frozenset[str]) -> dict[str, str]:
    """Under which keys of its own a feed shows its items, by those of their articles."""
    own = {alias: _REUSED + alias if alias in reused else alias for item in items for alias in item.aliases}
    return {key: item.key for item in items for key in (item.key, *(own[alias] for alias in item.aliases))}


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
            "content_hash": item.offer,
            "offered_hash": item.offer[:_SHORT],
            "silent": item.silent,
            "body_state": "waiting" if item.wants_page else "none",
            "body_next_at": now if item.wants_page else None,
        }
        for item in items
    ]
    return {key: article_id for article_id, key in insert_ignore(session, ArticleRow, rows, "id", "key")}


def _insert_entries(
    session: Session,
    keys: Mapping[str, str],
    ids: Mapping[str, int],
    items: Mapping[str, _Item],
    feed_id: int,
    now: dt.datetime,
) -> frozenset[int]:
    """Remember under which keys the feed showed its articles; the articles with a key that it had not shown."""
    rows = [
        {
            "feed_id": feed_id,
            "entry_key": own,
            "article_id": ids[key],
            "first_seen_at": now,
            "offered_hash": items[key].offer[:_SHORT],
        }
        for own, key in keys.items()
    ]
    inserted = insert_ignore(session, EntryRow, rows, "article_id", "entry_key")
    return frozenset(article_id for article_id, key in inserted if not key.startswith(_REUSED))


def _take_over(session: Session, article_ids: Collection[int], feed_id: int, now: dt.datetime) -> frozenset[int]:
    """Articles that a feed without pages brought first, such as a home feed, are those of the feed with pages that
    shows them now: their pages are fetched, and its edits are theirs. A replayed line has its text already. Which of
    them it took."""
    if not article_ids:
        return frozenset()
    polled = and_(ArticleRow.feed_id.is_not(None), ArticleRow.url.is_not(None))
    taken = update(ArticleRow).where(ArticleRow.id.in_(article_ids), ArticleRow.body_state == "none", polled)
    new = taken.values(feed_id=feed_id, body_state="waiting", body_next_at=now, offered_hash=None)
    return frozenset(session.scalars(new.returning(ArticleRow.id)))


def _inherit(session: Session, rows: Sequence[_Known], feed_id: int) -> frozenset[int]:
    """Articles of feeds that are asked no more, being paused or out of the catalogue, are those of the feed that shows
    them now: nobody else would tell their edits. Which of them it took."""
    owners = {row.feed_id for row in rows} - {None, feed_id}
    if not owners:
        return frozenset()
    unasked = select(FeedRow.id).where(FeedRow.id.in_(owners), or_(~FeedRow.listed, FeedRow.paused))
    left = set(session.scalars(unasked))
    inherited = frozenset(row.id for row in rows if row.feed_id in left)
    for some in chunks(inherited):
        taken = update(ArticleRow).where(ArticleRow.id.in_(some))
        session.execute(taken.values(feed_id=feed_id, offered_hash=None))
    return inherited


def _follow(session: Session, others: Sequence[tuple[_Item, _Known]], feed_id: int) -> frozenset[int]:
    """Articles of other feeds which show them no more, or fail, and of which this one says something new: an edit that
    nobody else will tell. Those are this feed's from now on; which of them it took.

    What a feed said is remembered until its article is edited. So what it says in other words waits here while the
    article's own feed shows it, and is forgotten where that tells the edit itself.
    """
    before: dict[str, str | None] = {}
    for keys in chunks(item.key for item, _ in others):
        query = select(EntryRow.entry_key, EntryRow.offered_hash)
        query = query.where(EntryRow.feed_id == feed_id, among(session, EntryRow.entry_key, keys))
        before |= {row.entry_key: row.offered_hash for row in session.execute(query)}
    unknown = {item.key: item.offer[:_SHORT] for item, _ in others if before.get(item.key) is None}
    for key, offered in unknown.items():
        own = update(EntryRow).where(EntryRow.feed_id == feed_id, EntryRow.entry_key == key)
        session.execute(own.values(offered_hash=offered))
    said = [row for item, row in others if not _was_said(item.offer, before.get(item.key) or item.offer)]
    owners = {row.feed_id for row in said}
    query = select(FeedRow.id, FeedRow.shown, FeedRow.failures).where(FeedRow.id.in_(owners))
    shows = {
        feed.id: [] if feed.failures >= _IN_TROUBLE else feed.shown
        for feed in (session.execute(query) if owners else ())
    }
    left = [row.id for row in said if (shown := shows.get(row.feed_id)) is not None and row.id not in shown]
    for some in chunks(left):
        taken = update(ArticleRow).where(ArticleRow.id.in_(some))
        session.execute(taken.values(feed_id=feed_id, offered_hash=None))
    return frozenset(left)


def _ids(session: Session, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(keys):
        query = select(ArticleRow.key, ArticleRow.id).where(among(session, ArticleRow.key, chunk))
        found |= {row.key: row.id for row in session.execute(query)}
    return found


def _edits(item: _Item, row: _Known, now: dt.datetime) -> bool:
    """Whether an item of the feed that its article is of may bring new words for it."""
    if row.feed_id is not None and row.revision >= _REVISIONS_A_DAY * (1 + (now - row.fetched_at).days):
        return False
    if row.offered_hash is not None:
        return not _was_said(item.offer, row.offered_hash)
    # what this feed said before is not known: the article was another's, or is older than that column
    return row.feed_id is None or item.text != "" or (item.title, item.summary) != (row.title, row.summary)


def _was_said(offer: str, offered_hash: str) -> bool:
    """Whether these words are among those that were offered last: two caches of one feed, one of them behind, answer in
    turn, and neither edits anything."""
    places = range(0, len(offered_hash), _SHORT)
    return offer[:_SHORT] in {offered_hash[place : place + _SHORT] for place in places}


# ---- texts and dates ----


def content_hash(title: str, summary: str, text: str) -> str:
    """What tells one revision of an article from another."""
    return hashlib.sha256("\x00".join((title, summary, text)).encode("utf-8", "surrogatepass")).hexdigest()


def _revise(session: Session, article_id: int, item: _Item, now: dt.datetime) -> bool:
    """Take over an article's new words. The text is the feed's until its page came, and the page's from then on: that
    was probably edited too, and is fetched again."""
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    edited = row.offered_hash is not None and not _was_said(item.offer, row.offered_hash)
    if edited or row.offered_hash is None:
        remembered = _REMEMBERED if row.feed_id is not None else 1  # who hands a line in again means what it says now
        row.offered_hash = (item.offer[:_SHORT] + (row.offered_hash or ""))[: remembered * _SHORT]
        forgotten = update(EntryRow).where(EntryRow.article_id == article_id, EntryRow.offered_hash.is_not(None))
        session.execute(forgotten.values(offered_hash=None))
    _move(row, item.url)
    redated = redate(row, item.published_at, item.published_raw, silent=item.silent)
    text = row.text if row.paged else item.text or row.text
    changed = rewrite(row, item.title, item.summary, text, redated=redated)
    if (edited or changed) and row.body_state in {"done", "failed"} and row.url:
        row.body_state, row.body_next_at, row.body_attempts = "waiting", now, 0
        row.page_url, row.host = None, host_of(row.url)
    return changed


def _redate(session: Session, article_id: int, item: _Item) -> bool:
    """Take over an article's date and none of its words, whichever feed shows it."""
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    redated = redate(row, item.published_at, item.published_raw, silent=item.silent)
    return rewrite(row, row.title, row.summary, row.text, redated=redated)


def redate(row: ArticleRow, published_at: dt.datetime | None, raw: str | None, *, silent: bool) -> bool:
    """Give an article this date where it is better than its own: the article has none, or one that lay in the future.
    `silent`: with this date it is part of history only."""
    if not _is_better(published_at, row):
        return False
    row.published_at, row.published_raw, row.silent = published_at, raw, row.silent or silent
    return True


def _is_better(published_at: dt.datetime | None, row: ArticleRow | _Known) -> bool:
    if published_at is None or row.published_at is None:
        return published_at is not None
    # to the microsecond: the newspaper named a moment in the future, and "now" stands in its place
    return row.published_at == row.fetched_at and published_at < row.published_at


def _move(row: ArticleRow, url: str | None) -> None:
    """An article's address is where its feed says it is now: the old one may lead nowhere some day."""
    if url and url != row.url:
        row.url, row.page_url, row.host = url, None, host_of(url)


def rewrite(row: ArticleRow, title: str, summary: str, text: str, *, redated: bool = False) -> bool:
    """Give an article these words, which are then read anew; False where they are the words that it has, and where it
    is not `redated` either: what an article tells hangs on its date."""
    new_hash = content_hash(title, summary, text)
    if new_hash == row.content_hash and not redated:
        return False
    row.title, row.summary, row.text, row.content_hash = title, summary, text, new_hash
    row.revision, row.emptied_at = row.revision + 1, None
    row.classify_state, row.classify_next_at, row.classify_attempts = "waiting", None, 0
    return True
