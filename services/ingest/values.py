"""The values that travel through ingest: what is listed, what a server answered, what a feed said.

Fetched → ParsedFeed → Entry: the names alone tell the journey. Trouble that is expected (a server that is down, a page
that is no feed) is a value here, with a kind for programs and words for people; exceptions are left for bugs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Literal, Protocol, TypeAlias

import msgspec

FetchKind = Literal[
    "address", "dns", "connect", "tls", "timeout", "protocol", "encoding", "too_large", "redirects",
    "forbidden", "missing", "gone", "busy", "server", "status",
]  # fmt: skip
FeedKind = Literal["empty", "encoding", "html", "entities", "too_large", "unreadable", "not_a_feed", "no_entries"]
PageKind = Literal["another_page"]
FailureKind: TypeAlias = FetchKind | FeedKind | PageKind


class CatalogueFeed(msgspec.Struct, frozen=True, kw_only=True):
    """One feed of the catalogue. `interval_s` is the time between two looks at a world-news feed and the shortest
    time for any other; `pause_s` the rest between two requests to its host, None for the desk's setting. `date_forms`
    are dates as the feed was seen to write them; `body_selector` is a CSS selector of the article text, empty where
    no source is known, and `selector_source` that source."""

    outlet: str
    url: str
    section: str = ""
    language: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    interval_s: int = 60
    pause_s: float | None = None
    world: bool = True
    fetch_body: bool = True
    date_forms: tuple[str, ...] = ()
    body_selector: str = ""
    selector_source: str = ""
    remarks: str = ""


class Validators(msgspec.Struct, frozen=True):
    """What a server gave us to ask "has it changed?" with (RFC 9110, section 8.8), sent back as it came."""

    etag: str | None = None
    last_modified: str | None = None


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with a body. `url` is where the redirects ended, header names are in lower case, times in seconds."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    took_s: float = 0.0

    @property
    def validators(self) -> Validators:
        """The ETag and Last-Modified to ask with next time, each None where the server gave none."""
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))


class NotModified(msgspec.Struct, frozen=True, kw_only=True):
    """The server says that what we have is what there is (304)."""

    headers: Mapping[str, str]
    took_s: float = 0.0


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """No usable answer. `words` tell a person what happened; `retry_after` is the server's own wish, in seconds;
    `published_raw` the date that an article page without a text declares."""

    kind: FailureKind
    words: str
    retry_after: float | None = None
    published_raw: str | None = None
    took_s: float = 0.0


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """A redirect leads to `url`, where the caller did not want to go."""

    url: str
    took_s: float = 0.0


Answer: TypeAlias = Fetched | NotModified | Failed | Elsewhere

Follows: TypeAlias = Callable[[str], bool]
"""Asked before a redirect is followed, with the address that it leads to: whether we may go there."""


def anywhere(_url: str) -> bool:
    """Follow each redirect."""
    return True


class Fetch(Protocol):
    """How the tasks ask for a URL: :class:`services.ingest.fetch.Fetcher`, or a stand-in with the same call."""

    def __call__(self, url: str, validators: Validators = ..., follows: Follows = ...) -> Answer: ...


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a feed as plain text. `published_at` is aware, None where the feed gives no date that can be read;
    `published_raw` keeps what it gave. `url` is canonical; an entry without one has a `guid`."""

    title: str = ""
    summary: str = ""
    text: str = ""
    url: str | None = None
    guid: str | None = None
    published_at: dt.datetime | None = None
    published_raw: str | None = None


class Skipped(msgspec.Struct, frozen=True):
    """An item that cannot become an article, and why."""

    position: int
    reason: str


class ParsedFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that was read. `ttl_s` is how long the feed says that it may be kept; `cut`: its end is missing; `remarks`
    tell what was odd; `trouble` why it could not be read as it stands, so that some of it may be lost."""

    title: str
    version: str
    encoding: str
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...] = ()
    ttl_s: float | None = None
    cut: bool = False
    remarks: tuple[str, ...] = ()
    trouble: str | None = None


class FeedProblem(msgspec.Struct, frozen=True):
    """The body is no feed, or no page, that we read."""

    kind: FeedKind
    words: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The text of an article page. `how` names what found it, or why there is none; `published_raw` and `headline` are
    the date and the title that the page declares, "" where it declares none."""

    text: str
    how: Literal["selector", "general", "nothing", "too_large", "garbled"]
    published_raw: str | None = None
    headline: str = ""


class PollResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a feed gave, for the log and the status page. `kind` is "new", "quiet", "gap" (new, and so
    many that some were missed), "late" (its claim had ended, nothing was asked), "waits" (it redirects to a host that
    must not be asked now) or that of a failure."""

    feed_id: int
    url: str
    kind: str
    words: str
    entries: int = 0
    new_ids: tuple[int, ...] = ()
    revised_ids: tuple[int, ...] = ()
    skipped: int = 0
    next_poll_at: dt.datetime | None = None

    @property
    def waiting(self) -> tuple[int, ...]:
        """The articles that the classifier is to read."""
        return tuple(sorted({*self.new_ids, *self.revised_ids}))


class PageResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at an article page gave. `kind` is "done", "robots" (its host's rules came first), "moved" (to
    another host, where it waits), "waits" (those rules cannot be had, or not now) or that of a
    failure."""

    article_id: int
    url: str
    kind: str
    words: str
    changed: bool = False


Random: TypeAlias = Callable[[], float]
"""A number from 0 up to 1: `random.random`, or a constant in a test."""
