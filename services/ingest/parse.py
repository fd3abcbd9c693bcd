"""Bytes of a feed → entries, and nothing else: no network, no clock, no database.

decode | refuse what is no feed or is hostile | feedparser on clean UTF-8, in another form where it breaks or misses
items | one Entry for each item | say what was odd

feedparser is given bytes in a BytesIO, never a URL or a string (a string may make it open a file or a socket), and
with its HTML cleaning switched off: we want plain text, and that halves its time. `bozo` alone is no failure; a feed
fails only when it has no entries and no version.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterable, Mapping
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import feedparser
import msgspec

from services.ingest.alone import apart
from services.ingest.body import fragment_text
from services.ingest.charsets import decode
from services.ingest.dates import clamp_future, parse_date
from services.ingest.flat import flat
from services.ingest.furniture import without_furniture
from services.ingest.markup import (
    has_tag_of_many,
    with_closed_links,
    with_escaped_sections,
    with_plain_namespaces,
    without_unread,
)
from services.ingest.reading import Broken, attempt, problem_of, read_or_problem
from services.ingest.text import plain_text
from services.ingest.urls import canonical_url
from services.ingest.values import Entry, FeedProblem, ParsedFeed, Skipped

log = logging.getLogger(__name__)

MAX_ENTRIES = 2000  # VietNamNet serves 1,000
MAX_MARKUP = 100_000  # "<" signs outside CDATA: feedparser takes 25 µs a tag, which bounds a hostile feed's time
MAX_PIECES = 1_000_000  # "&" signs, and line breaks: it takes a text apart at each, at 1 µs
MAX_ATTRIBUTES = 200  # of one tag: feedparser's time grows with their square
MAX_HEAD = 20_000  # characters in which an HTML page's title is looked for
MAX_TITLE, MAX_SUMMARY, MAX_TEXT, MAX_RAW_DATE = 1_000, 20_000, 200_000, 200
_PROLOG = re.compile(r"(?:[\s\ufeff]+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b([^<>\[]*)([\[>])", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_MOST_DIGITS = len("1114111")  # of the last character there is, zeros in front not counted
_ROOT = re.compile(r"<(?P<name>[^\s/<>]+)[^<>]*?(?P<empty>/)?>")
# where a feed begins behind what is none of it, such as a warning of PHP's; its parts have begun before it
_FEED = re.compile(r"<(?:(?P<root>(?:[\w.-]+:)?(?:rss|feed|RDF))|channel|item|entry)(?=[\s>])")
_INSTRUCTION = re.compile(r"<\?.*?\?>", re.DOTALL)
_HTML_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_TOO_MANY = "too many items"
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


def parse_feed(
    body: bytes, url: str, headers: Mapping[str, str] | None = None, timezone: str = "Asia/Ho_Chi_Minh"
) -> ParsedFeed | FeedProblem:
    """Read a feed. `url` is where it came from (relative links are joined to it), `headers` those of the answer in
    lower case; a date without zone is of `timezone` (IANA).

    Entries keep the feed's order. An item that cannot become an article is in `skipped` with its reason and spoils
    nothing else. Whatever a hostile document does to a library is a problem too.
    """
    return read_or_problem(lambda: _parse_feed(body, url, headers or {}, timezone))


def _parse_feed(body: bytes, url: str, headers: Mapping[str, str], timezone: str) -> ParsedFeed | FeedProblem:
    if not body.strip():
        return FeedProblem("empty", "an empty body")
    decoded = decode(body, headers.get("content-type", ""))
    found = _document(decoded.text)
    if isinstance(found, FeedProblem):
        return found
    if decoded.garbled:
        return FeedProblem("encoding", f"{decoded.remark}, and no other charset explains them")
    document = _without_cheap_tags(found.text)
    too_much = _too_much(document)
    if too_much:
        return FeedProblem("too_large", too_much)
    reading = _reading(_readable(document), url, ZoneInfo(timezone))
    if isinstance(reading, FeedProblem):
        return reading
    parsed, entries, skipped = reading.parsed, reading.entries, reading.skipped
    if not entries and not skipped and not parsed.version:
        return FeedProblem("not_a_feed", _why(parsed, document))
    if skipped and not entries:
        return FeedProblem("no_entries", f"none of {len(skipped)} items can be read: {skipped[0].reason}")
    return ParsedFeed(
        title=_line(str(parsed.feed.get("title", "")))[:MAX_TITLE],
        version=str(parsed.version),
        encoding=decoded.charset,
        entries=entries,
        skipped=skipped,
        ttl_s=_ttl(parsed.feed),
        cut=_is_cut(document),
        remarks=tuple(filter(None, (decoded.remark, found.odd, _flaw(parsed), None if entries else "no items"))),
        trouble=reading.trouble,
    )


def not_in_future(entries: tuple[Entry, ...], now: dt.datetime) -> tuple[Entry, ...]:
    """The entries with dates that lie in the future set to now; their raw words stay."""
    return tuple(
        msgspec.structs.replace(entry, published_at=clamp_future(entry.published_at, now))
        if entry.published_at is not None
        else entry
        for entry in entries
    )


class _Document(NamedTuple):
    """A text from its root element on. `odd`: what is remarkable about what stands before."""

    text: str
    odd: str | None = None


def _document(text: str) -> _Document | FeedProblem:
    """The text from its root element on, or from that of a feed a little behind; a problem where the root is HTML or
    where entities are declared."""
    start = _prolog_end(text, 0)
    doctype = _DOCTYPE.match(text, start)
    if doctype and doctype[2] == "[":
        return FeedProblem("entities", "a DOCTYPE that declares entities: refused")
    root = text[_prolog_end(text, doctype.end()) if doctype else start :]
    if root[:9].upper() == "<!DOCTYPE" or root[:8].upper() == "<!ENTITY":
        return FeedProblem("entities", "a DOCTYPE that cannot be read: refused")
    if root[:5].lower() == "<html" or (doctype and doctype[1].strip().lower().startswith("html")):
        title = _HTML_TITLE.search(root[:MAX_HEAD])
        named = f": “{_line(title[1])[:80]}”" if title else ""
        return FeedProblem("html", f"an HTML page, no feed{named}")
    feed = _FEED.search(root[:MAX_HEAD])
    if feed and feed["root"] and feed.start():
        return _behind(root[: feed.start()], root[feed.start() :])
    if not root.startswith("<"):
        return FeedProblem("not_a_feed", f"no markup: it begins “{' '.join(root[:40].split())}”")
    return _Document(root)


def _behind(before: str, feed: str) -> _Document | FeedProblem:
    """A feed behind something else."""
    if "<!ENTITY" in before.upper():
        return FeedProblem("entities", "entities are declared before the feed: refused")
    words = _line(_INSTRUCTION.sub(" ", before))[:80]
    return _Document(feed, f"before the feed stands “{words}”" if words else "before the feed stands other markup")


def _without_cheap_tags(document: str) -> str:
    """A document of many tags without those that cost next to nothing: a thousand articles with their whole texts have
    a hundred thousand in CDATA sections, and tens of thousands of categories."""
    if document.count("<") <= MAX_MARKUP:
        return document
    return without_unread(with_escaped_sections(document))


def _too_much(document: str) -> str | None:
    """What the document has so much of that reading it would take minutes."""
    for sign, most, what in (("<", MAX_MARKUP, "tags"), ("&", MAX_PIECES, "references"), ("\n", MAX_PIECES, "lines")):
        if document.count(sign) > most:
            return f"more than {most:,} {what}"
    if has_tag_of_many(document, MAX_ATTRIBUTES):
        return f"a tag with more than {MAX_ATTRIBUTES} attributes"
    return None


def _is_cut(document: str) -> bool:
    """Whether the root element has no end."""
    root = _ROOT.match(document)
    return root is not None and not root["empty"] and f"</{root['name']}" not in document


def _line(fragment: str) -> str:
    return plain_text(fragment).replace("\n", " ")


def _prolog_end(text: str, start: int) -> int:
    found = _PROLOG.match(text, start)
    return found.end() if found else start


def _readable(document: str) -> str:
    """The document without what feedparser breaks on and nobody reads."""
    return _legal_references(with_plain_namespaces(without_unread(with_closed_links(document))))


def _legal_references(document: str) -> str:
    """The document without references to characters that do not exist (`&#0;`, `&#xD800;`): feedparser breaks on
    them, and the feed around them is good. One that comes of taking another out (`&#&#0;xD800;`) becomes a space, of
    which none can come."""
    if "&#" not in document:
        return document
    once = _REFERENCE.sub(lambda found: found[0] if _is_legal(found) else "", document)
    return _REFERENCE.sub(lambda found: found[0] if _is_legal(found) else " ", once)


def _is_legal(reference: re.Match[str]) -> bool:
    digits = (reference[1] or reference[2]).lstrip("0")
    if not digits or len(digits) > _MOST_DIGITS:
        return False
    code = int(digits, 16 if reference[1] else 10)
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000


class _Reading(NamedTuple):
    """What feedparser made of a document, and we of its items. `missed`: how many more begin in it than became entries
    or were too many. `trouble`: why it is not read as it stands."""

    parsed: Any
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]
    missed: int
    trouble: str | None = None


def _reading(document: str, url: str, zone: ZoneInfo) -> _Reading | FeedProblem:
    """The items of a document; those of its flattened form where feedparser breaks on it or loses some; each by itself
    where neither brings any."""
    found: list[_Reading] = []
    broken: list[Broken] = []
    for read in (_read, _read_flat, _read_alone):
        if read is _read_alone and any(one.entries for one in found):
            break
        one = attempt(partial(read, document, url, zone))
        if isinstance(one, Broken):
            broken.append(one)
            continue
        found.append(one)
        if one.missed <= 0:
            break
    best = max(found, key=lambda one: (len(one.entries), -one.missed), default=None)
    if best is None or (broken and not best.entries and not best.skipped):
        return problem_of(broken[0])
    if broken:
        log.warning("ingest: %s is read in another form: %s", url, broken[0].problem.words)
    return best


def _read(document: str, url: str, zone: ZoneInfo) -> _Reading:
    parsed = _feedparser(document)
    entries, skipped = _entries(parsed.entries, url, zone)
    too_many = sum(one.reason == _TOO_MANY for one in skipped)
    return _Reading(parsed, entries, skipped, _begun(document) - len(entries) - too_many)


def _read_flat(document: str, url: str, zone: ZoneInfo) -> _Reading:
    trouble = "items, texts or comments that do not end, or items within others: read with their texts escaped"
    return _read(flat(document), url, zone)._replace(trouble=trouble)


def _read_alone(document: str, url: str, zone: ZoneInfo) -> _Reading:
    head, items = apart(document)
    whole = attempt(lambda: _feedparser(head))
    told = {"feed": {}, "version": ""} if isinstance(whole, Broken) else whole
    parsed = feedparser.FeedParserDict(feed=told["feed"], version=told["version"], bozo=False)
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for position, item in enumerate(items):
        if position >= MAX_ENTRIES:
            skipped.append(Skipped(position, _TOO_MANY))
            continue
        one = attempt(partial(_read, item, url, zone))
        if isinstance(one, Broken):
            skipped.append(Skipped(position, one.problem.words))
            continue
        entries += one.entries
        skipped += [Skipped(position, lost.reason) for lost in one.skipped]
    return _Reading(
        parsed,
        tuple(entries),
        tuple(skipped),
        _begun(document) - len(entries),
        "something that feedparser breaks on: read item by item",
    )


def _begun(document: str) -> int:
    return document.count("<item") + document.count("<entry")


def _feedparser(document: str) -> Any:
    # without an address: it would join each URI to it, a quarter of its time, and we join those that count ourselves
    return feedparser.parse(
        BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + document.encode("utf-8")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _entries(items: list[Any], url: str, zone: ZoneInfo) -> tuple[tuple[Entry, ...], tuple[Skipped, ...]]:
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for position, item in enumerate(items[:MAX_ENTRIES]):
        entry = _entry(item, url, zone)
        if entry.title == "" and entry.summary == "" and entry.text == "":
            skipped.append(Skipped(position, "no words"))
        elif entry.url is None and entry.guid is None:
            skipped.append(Skipped(position, "neither a link nor a guid"))
        else:
            entries.append(entry)
    skipped += [Skipped(position, _TOO_MANY) for position in range(MAX_ENTRIES, len(items))]
    return tuple(entries), tuple(skipped)


def _entry(item: Any, url: str, zone: ZoneInfo) -> Entry:
    published, raw = _published(_all(item, "published", "updated", "created"), zone)
    guid = _first(item, "id")
    link = _first(item, "link")
    contents = [str(part.get("value") or "") for part in item.get("content") or ()]
    content = max(contents, key=len, default="").strip()
    title = _line(_first(item, "title") or "")[:MAX_TITLE]
    summary = _summary(item, content)
    text = fragment_text(content) if content else ""
    if content and not (title or summary or text):
        text = plain_text(content)
    return Entry(
        title=title,
        summary="" if summary == text else summary,
        text=text[:MAX_TEXT],
        url=canonical_url(link, base=url) if link else canonical_url(guid or ""),
        guid=guid[:MAX_TITLE] if guid else None,
        published_at=published,
        published_raw=raw,
    )


def _summary(item: Any, content: str) -> str:
    said = _first(item, "summary") or ""
    if said == content:  # feedparser puts the one in the place of the other
        return ""
    lines = plain_text(said)[:MAX_SUMMARY].split("\n")
    return "\n".join(without_furniture(lines) or lines)


def _published(said: Iterable[str], zone: dt.tzinfo) -> tuple[dt.datetime | None, str | None]:
    """The first of these dates that can be read, with its words; the words of the first where none can."""
    raw = [words[:MAX_RAW_DATE] for words in said]
    read = ((parse_date(words, zone), words) for words in raw)
    return next((found for found in read if found[0] is not None), (None, raw[0] if raw else None))


def _first(item: Any, *names: str) -> str | None:
    """The first of these fields that holds words."""
    return next(iter(_all(item, *names)), None)


def _all(item: Any, *names: str) -> list[str]:
    """What those of these fields say that hold words."""
    # not feedparser's own get, which answers "published" with "updated" and warns
    values = (dict.get(item, name) for name in names)
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]


def _ttl(feed: Any) -> float | None:
    ttl = str(feed.get("ttl", "")).strip()  # minutes: RSS 2.0, <ttl>
    return int(ttl) * 60.0 if ttl.isascii() and ttl.isdigit() and len(ttl) < 6 else None


def _why(parsed: Any, document: str) -> str:
    found = re.match(r"<\s*([\w:.-]{1,40})", document)
    root = f"the root element is <{found[1]}>" if found else "no root element"
    error = parsed.get("bozo_exception") if parsed.bozo else None
    return f"no feed: {root}" + (f"; {error}" if error and not isinstance(error, _HARMLESS) else "")


def _flaw(parsed: Any) -> str | None:
    error = parsed.get("bozo_exception") if parsed.bozo else None
    return f"not well-formed: {error}" if error and not isinstance(error, _HARMLESS) else None
