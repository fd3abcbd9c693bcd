"""One look at a feed, told in words: what `redphone feeds check` prints. Nothing is stored."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import msgspec

from services.ingest.identity import shared_addresses
from services.ingest.parse import parse_feed
from services.ingest.schedule import freshness
from services.ingest.urls import article_number, entry_key
from services.ingest.values import (
    Answer,
    CatalogueFeed,
    Elsewhere,
    Entry,
    Failed,
    FeedProblem,
    Fetched,
    NotModified,
    ParsedFeed,
)

EXAMPLES = 3


class Checked(msgspec.Struct, frozen=True):
    """What a look at `url` gave: whether the feed can be used, and lines for a person, the first of which says so."""

    url: str
    usable: bool
    lines: tuple[str, ...]


def describe(feed: CatalogueFeed, answer: Answer, now: dt.datetime, fresh: dt.timedelta) -> Checked:
    """Status, format, encoding, entries, dates, and what would be stored; what was published longer ago than `fresh`
    would be stored silently."""
    if isinstance(answer, Failed):
        return Checked(feed.url, False, (f"{feed.url}: {answer.kind}: {answer.words}",))
    if isinstance(answer, Elsewhere):
        return Checked(feed.url, False, (f"{feed.url}: redirects to {answer.url}",))
    if isinstance(answer, NotModified):
        return Checked(feed.url, True, (f"{feed.url}: HTTP 304, not modified",))
    parsed = parse_feed(answer.body, answer.url, answer.headers, feed.timezone)
    if isinstance(parsed, FeedProblem):
        return Checked(feed.url, False, (f"{feed.url}: HTTP 200, but {parsed.kind}: {parsed.words}",))
    lines = (
        f"{feed.url}: HTTP 200, {_count(len(parsed.entries), 'entry')} in {answer.took_s:.1f} s",
        *_moved(feed, answer),
        f"  title: {parsed.title or 'none'}; format {parsed.version or 'unknown'}, {parsed.encoding}",
        *(f"  odd: {remark}" for remark in (*parsed.remarks, *filter(None, [parsed.trouble]))),
        *_dates(parsed, now),
        *_server(answer, parsed),
        *_stored(feed, parsed, now - fresh),
        *(f"  skipped: {count} ({reason})" for reason, count in Counter(s.reason for s in parsed.skipped).items()),
        *(_example(entry) for entry in parsed.entries[:EXAMPLES]),
    )
    return Checked(feed.url, True, lines)


def _moved(feed: CatalogueFeed, answer: Fetched) -> list[str]:
    return [f"  moved to: {answer.url}"] if answer.url != feed.url else []


def _dates(parsed: ParsedFeed, now: dt.datetime) -> list[str]:
    dated = [entry.published_at for entry in parsed.entries if entry.published_at is not None]
    raw = next((entry.published_raw for entry in parsed.entries if entry.published_raw), None)
    if not dated:
        return [f"  dates: none can be read, such as {raw!r}" if raw else "  dates: none"]
    future = sum(date > now for date in dated)
    ahead = f", {future} in the future (set to now)" if future else ""
    span = f"{min(dated):%Y-%m-%d %H:%M} to {max(dated):%Y-%m-%d %H:%M} UTC"
    return [f"  dates: {len(dated)} of {len(parsed.entries)}, {span}{ahead}; written {raw!r}"]


def _server(answer: Fetched, parsed: ParsedFeed) -> list[str]:
    known = answer.validators
    said = f"  validators: etag {known.etag or 'none'}, modified {known.last_modified or 'none'}"
    fresh_s = freshness(answer.headers, parsed.ttl_s)
    return [said, *([f"  stays fresh for {fresh_s:.0f} s, says the server"] if fresh_s else [])]


def _stored(feed: CatalogueFeed, parsed: ParsedFeed, silent_before: dt.datetime) -> list[str]:
    articles: dict[str, Entry] = {}
    shared = shared_addresses(parsed.entries)
    for entry in parsed.entries:
        url = None if entry.url in shared and entry.guid else entry.url
        articles.setdefault(entry_key(url, entry.guid, feed.url), entry)
    old = sum(entry.published_at is not None and entry.published_at < silent_before for entry in articles.values())
    numbered = sum(entry.url is not None and article_number(entry.url) is not None for entry in articles.values())
    how = f"text by {feed.body_selector}" if feed.body_selector else "text by the general rules"
    pages = f"each page is fetched, {how}" if feed.fetch_body else "pages are not fetched"
    return [
        f"  would be stored: {_count(len(articles), 'article')}, {old} silently (too old to alert); {pages}",
        f"  {numbered} of {len(articles)} carry the outlet's own article number",
    ]


def _count(number: int, noun: str) -> str:
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _example(entry: Entry) -> str:
    when = f"{entry.published_at:%Y-%m-%d %H:%M} UTC" if entry.published_at else "no date"
    return f"  - {when}: {entry.title or entry.summary[:80]} {entry.url or entry.guid}"
