"""One look at a feed, told in words: what `redphone feeds check` prints. Nothing is stored."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from services.ingest.parse import parse_feed
from services.ingest.schedule import freshness
from services.ingest.urls import article_number
from services.ingest.values import Answer, CatalogueFeed, Failed, FeedProblem, NotModified, ParsedFeed


def describe(feed: CatalogueFeed, answer: Answer, now: dt.datetime) -> list[str]:
    """Lines for a person: status, format, entries, dates, encoding, and what would be stored. The first line alone
    says whether the feed can be used."""
    if isinstance(answer, Failed):
        return [f"{feed.url}: {answer.kind}: {answer.words}"]
    if isinstance(answer, NotModified):
        return [f"{feed.url}: not modified"]
    parsed = parse_feed(answer.body, answer.url, answer.headers, feed.timezone)
    if isinstance(parsed, FeedProblem):
        return [f"{feed.url}: {parsed.kind}: {parsed.words}"]
    lines = [
        f"{feed.url}: {len(parsed.entries)} entries in {answer.took_s:.1f} s",
        f"  title: {parsed.title or 'none'}; format {parsed.version or 'unknown'}, {parsed.encoding}",
        *(f"  odd: {remark}" for remark in parsed.remarks),
        *_dates(parsed, now),
        *_stored(parsed),
        f"  validators: etag {answer.validators.etag or 'none'}, modified {answer.validators.last_modified or 'none'}",
    ]
    fresh_s = freshness(answer.headers, parsed.ttl_s)
    return [*lines, f"  fresh for {fresh_s:.0f} s"] if fresh_s else lines


def _dates(parsed: ParsedFeed, now: dt.datetime) -> list[str]:
    dated = [entry.published_at for entry in parsed.entries if entry.published_at is not None]
    if not dated:
        raw = next((entry.published_raw for entry in parsed.entries if entry.published_raw), None)
        return [f"  dates: none can be read, such as {raw!r}" if raw else "  dates: none"]
    future = sum(date > now for date in dated)
    ahead = f", {future} in the future (set to now)" if future else ""
    span = f"{min(dated):%Y-%m-%d %H:%M} to {max(dated):%Y-%m-%d %H:%M} UTC"
    return [f"  dates: {len(dated)} of {len(parsed.entries)}, {span}{ahead}"]


def _stored(parsed: ParsedFeed) -> list[str]:
    numbered = sum(entry.url is not None and article_number(entry.url) is not None for entry in parsed.entries)
    reasons = Counter(skipped.reason for skipped in parsed.skipped)
    skipped = [f"  skipped: {count} ({reason})" for reason, count in reasons.items()]
    example = [f"  for example: {parsed.entries[0].title}"] if parsed.entries else []
    return [f"  {numbered} of {len(parsed.entries)} carry the outlet's article number", *skipped, *example]
