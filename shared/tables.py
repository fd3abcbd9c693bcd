"""The tables. A row that waits is the queue: its state column says what for, `*_next_at` says when.

Times are UTC and aware. JSON columns hold the records of :mod:`shared.records`. Server defaults are written
`CURRENT_TIMESTAMP` so that one migration serves SQLite and PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

JsonColumn = JSON().with_variant(JSONB(), "postgresql")
NOW = text("CURRENT_TIMESTAMP")


class UtcDateTime(TypeDecorator[dt.datetime]):
    """Aware datetimes in, aware UTC datetimes out, on both databases (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The moment in UTC. Raises ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: times in the database are UTC and aware")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The moment as UTC, also from SQLite, which keeps no zone."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class FoundBy(TypeDecorator[str]):
    """Words to be found by, each once, in order, a blank between: on PostgreSQL a `tsvector`, which has an index for
    the beginnings of words too. Words are letters, digits and _ alone (:mod:`shared.search`)."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that this database has for it."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The words, which PostgreSQL hands out in quotation marks and in an order of its own."""
        if value is None or dialect.name != "postgresql":
            return value
        return " ".join(sorted(value.replace("'", "").split()))


class Base(DeclarativeBase):
    """Base of all tables. Constraint names are fixed so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: UtcDateTime,
        dict[str, Any]: JsonColumn,
        list[Any]: JsonColumn,
    }


def _of(which: str) -> dict[str, Any]:
    """An index of some rows alone, on both databases."""
    return {"sqlite_where": text(which), "postgresql_where": text(which)}


class FeedRow(Base):
    """A feed that is polled, with what its last answers were. `claimed_until` is the lease of the poll under way.

    `world`: a world-news feed, polled every `base_interval_s`; the interval of any other adapts. `listed`: the
    catalogue has it now. `last_full_at` is the last answer with a body, `unmodified` counts the 304s since then, or
    is -1 while the validators are still those of the answer before, to see whether they get a 304 all the same; an
    empty `etag` says that this server's 304 is not believed. `last_new_at`: when it last showed an entry that was new
    to it. `gaps` counts the answers that had nothing in common with those before, so that entries between them
    were missed. `pause_s`: the rest between two requests to its host, where it has one of its own. `hand`: what a
    person said of it last, such as why it is paused. `polls` counts the polls by what they gave. `ttl_s`: how long its
    last body said that it may be kept. `shown`: the articles that its last whole body showed.
    """

    __tablename__ = "feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000), unique=True)
    outlet: Mapped[str] = mapped_column(String(200))
    section: Mapped[str] = mapped_column(String(100), default="")
    host: Mapped[str] = mapped_column(String(260), default="", index=True)
    language: Mapped[str] = mapped_column(String(10), default="vi")
    timezone: Mapped[str] = mapped_column(String(60), default="Asia/Ho_Chi_Minh")
    world: Mapped[bool] = mapped_column(default=True)
    fetch_body: Mapped[bool] = mapped_column(default=False)
    body_selector: Mapped[str] = mapped_column(String(300), default="")
    base_interval_s: Mapped[int] = mapped_column(default=60)
    pause_s: Mapped[float | None] = mapped_column(Float)
    listed: Mapped[bool] = mapped_column(default=True)
    paused: Mapped[bool] = mapped_column(default=False)
    etag: Mapped[str | None] = mapped_column(String(500))
    last_modified: Mapped[str | None] = mapped_column(String(200))
    body_hash: Mapped[str | None] = mapped_column(String(64))
    interval_s: Mapped[int] = mapped_column(default=60)
    next_poll_at: Mapped[dt.datetime] = mapped_column(index=True)
    claimed_until: Mapped[dt.datetime | None]
    last_polled_at: Mapped[dt.datetime | None]
    last_success_at: Mapped[dt.datetime | None]
    last_new_at: Mapped[dt.datetime | None]
    last_full_at: Mapped[dt.datetime | None]
    unmodified: Mapped[int] = mapped_column(default=0, server_default="0")
    gaps: Mapped[int] = mapped_column(default=0)
    last_gap_at: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    hand: Mapped[str | None] = mapped_column(Text)
    polls: Mapped[dict[str, Any] | None]
    ttl_s: Mapped[float | None] = mapped_column(Float)
    shown: Mapped[list[Any] | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=NOW)


class HostRow(Base):
    """A web server that is asked for feeds and pages: one request at a time, a pause between two, its robots.txt.

    `next_page_at`: when it may be asked for a page again, where its robots.txt names a longer pause than ours, or an
    answer asks for one.
    """

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(String(260), primary_key=True)
    next_request_at: Mapped[dt.datetime | None]
    next_page_at: Mapped[dt.datetime | None]
    claimed_until: Mapped[dt.datetime | None]
    robots: Mapped[str | None] = mapped_column(Text)
    robots_until: Mapped[dt.datetime | None]


class ArticleRow(Base):
    """One news item as stored. `key` is its identity across feeds (canonical URL, or the id of a replayed line).

    `body_state`: none (nothing to fetch), waiting, done, failed, the last two since `body_at`. `page_url`: where its
    page was redirected to, on another host; `host` is whom its page is asked of. `classify_state`: waiting, done,
    failed; a changed text sets it back to waiting. `emptied_at`: when its text went, being old and proving no call.
    `offered_hash`: what its feed said last, the newest first; only words that are new to it are an edit. `paged`: the
    text is that of its page.
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_classify_state", "classify_state", "classify_next_at"),
        Index("ix_articles_body_state", "body_state", "body_next_at"),
        # what the status page asks for: the pages that came last
        Index("ix_articles_body_at", "body_at", **_of("body_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(2000), unique=True)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id"))
    url: Mapped[str | None] = mapped_column(String(2000))
    outlet: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    published_raw: Mapped[str | None] = mapped_column(String(200))
    fetched_at: Mapped[dt.datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    silent: Mapped[bool] = mapped_column(default=False)
    host: Mapped[str | None] = mapped_column(String(260))
    body_state: Mapped[str] = mapped_column(String(10), default="none")
    body_next_at: Mapped[dt.datetime | None]
    body_attempts: Mapped[int] = mapped_column(default=0)
    body_error: Mapped[str | None] = mapped_column(Text)
    body_at: Mapped[dt.datetime | None]
    page_url: Mapped[str | None] = mapped_column(Text)
    classify_state: Mapped[str] = mapped_column(String(10), default="waiting")
    classify_next_at: Mapped[dt.datetime | None]
    classify_attempts: Mapped[int] = mapped_column(default=0)
    classified_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    classify_error: Mapped[str | None] = mapped_column(Text)
    rules_version: Mapped[str | None] = mapped_column(String(64))
    rejections: Mapped[list[Any]] = mapped_column(default=list)
    emptied_at: Mapped[dt.datetime | None]
    offered_hash: Mapped[str | None] = mapped_column(String(64))
    paged: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[dt.datetime] = mapped_column(server_default=NOW)


class EntryRow(Base):
    """A feed's own key of an entry (guid or link) → the article it is: the same story in three feeds is one article.

    `offered_hash`: what this feed said of it first since the article was edited last, where that is known.
    """

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("feed_id", "entry_key"), Index(None, "feed_id", "first_seen_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id"))
    entry_key: Mapped[str] = mapped_column(String(2000))
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    first_seen_at: Mapped[dt.datetime]
    offered_hash: Mapped[str | None] = mapped_column(String(16))


#: Which calls two of the indexes below are of: a question that says it word for word is answered by them.
NOT_HELD = "status <> 'held'"
OF_MORE = "length(countries) > length(replace(countries, '-', '')) + 1"
#: By which letters a pair of countries is found, word for word as its indexes have it.
FIRST_OF_PAIR, LAST_OF_PAIR = "substr(pair, 1, 2)", "substr(pair, length(pair) - 1)"
_STANDING = "merged_into IS NULL"
WITHOUT_WORDS = "words IS NULL"
_TOLD_AT = text("coalesce(latest, created_at) DESC")


class CallRow(Base):
    """A call in the history. `id` is opaque and survives re-reading. `facts`: CallFacts, `comparison`: Comparison.

    `date` is that of the facts, by itself so that the calls of a pair are read without the facts. `words`: what it is
    found by; null until somebody has put them there, for one that an older release wrote.

    A call that a later report showed to be another one keeps its row, without reports, and names that other in
    `merged_into`. A call whose last report was withdrawn, or that was dropped by hand, keeps its row with the status
    "withdrawn"; `withdrawn` says by whom, when and why. `notify_state`: done, waiting (what the desk was shown of the
    call is to be looked at again), quiet (the same, without a reply), failed (it could not be looked at). A planned
    call is due at `due_at`; where nobody told more of it in time its status is "unconfirmed", since `unconfirmed_at`.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_notify_state", "notify_state", "id"),
        # of the few alone: SQLite takes an index of all for a short way to those that stand
        Index("ix_calls_merged_into", "merged_into", **_of("merged_into IS NOT NULL")),
        # what lists of calls are ordered and filtered by, whole, so that no row is read for nothing
        Index("ix_calls_told", _TOLD_AT, "id", "status", "countries", "persons", "latest", "created_at",
              **_of(_STANDING)),
        # the same of two countries alone; of more than two, which are few; of those not held, which are few as well
        Index("ix_calls_told_of_two", "countries", _TOLD_AT, "id", "status", "latest", "created_at", "merged_into",
              **_of(_STANDING)),
        Index("ix_calls_told_of_more", _TOLD_AT, "id", "status", "countries", "latest", "created_at", "merged_into",
              **_of(f"{_STANDING} AND {OF_MORE}")),
        Index("ix_calls_told_not_held", "status", _TOLD_AT, "id", "countries", "persons", "latest", "created_at",
              "merged_into", **_of(f"{_STANDING} AND {NOT_HELD}")),
        # what a report of these countries can touch
        Index("ix_calls_countries_latest", "countries", "latest", **_of(_STANDING)),
        # what a comparison asks of all calls of a pair, whole as well
        Index("ix_calls_record", "countries", "latest", "id", "persons", "status", "earliest", "date", "merged_into",
              **_of(_STANDING)),
        Index("ix_calls_words", "words", postgresql_using="gin", info={"only": "postgresql"}).ddl_if("postgresql"),
        # of those alone that an older release has written
        Index("ix_calls_without_words", "id", **_of(WITHOUT_WORDS)),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    persons: Mapped[str] = mapped_column(String(400), index=True)
    countries: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(12))
    news: Mapped[bool]
    earliest: Mapped[dt.datetime | None] = mapped_column(index=True)
    latest: Mapped[dt.datetime | None] = mapped_column(index=True)
    date: Mapped[str | None] = mapped_column(String(10))
    facts: Mapped[dict[str, Any]]
    words: Mapped[str | None] = mapped_column(FoundBy, deferred=True)
    comparison: Mapped[dict[str, Any] | None]
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("calls.id"))
    withdrawn: Mapped[dict[str, Any] | None]
    notify_state: Mapped[str] = mapped_column(String(10), default="done", server_default="done")
    due_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    unconfirmed_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[dt.datetime] = mapped_column(index=True)


class CallPairRow(Base):
    """Each unordered pair of countries in a call: what history is looked up by. `pair` is "RU-US"."""

    __tablename__ = "call_pairs"
    __table_args__ = (
        Index(None, "pair", "call_id"),
        # by either country: two letters of it, since codes have no one length
        Index("ix_call_pairs_first", text(FIRST_OF_PAIR)),
        Index("ix_call_pairs_last", text(LAST_OF_PAIR)),
    )

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    pair: Mapped[str] = mapped_column(String(20), primary_key=True)


class ReportRow(Base):
    """What one article says about one call, its call, and the verdict, fixed at the first comparison.

    `notify_state`: waiting, done, failed, since `decided_at`. The verdict row that waits is the doorbell's truth.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("article_id", "ordinal"),
        Index("ix_reports_notify_state", "notify_state", "id"),
        # how many articles tell of a call
        Index("ix_reports_told", "call_id", "published_at", "article_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    ordinal: Mapped[int]
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), index=True)
    report: Mapped[dict[str, Any]]
    verdict: Mapped[str] = mapped_column(String(12))
    judgement: Mapped[dict[str, Any]]
    published_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    notify_state: Mapped[str] = mapped_column(String(10), default="waiting")
    decision: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[dt.datetime | None]


class FingerprintRow(Base):
    """A sample of the words of an article that tells of a call (`sketch`, see services/classify/copies.py).

    `origin_id` is the same for all articles that carry one text: the number of one of them.
    """

    __tablename__ = "fingerprints"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    sketch: Mapped[bytes]
    origin_id: Mapped[int] = mapped_column(index=True)


class FingerprintMarkRow(Base):
    """A number by which a text is found, and an article that has it. Numbers and nothing else: a dozen rows for each
    article, so they refer to none by a key that would be checked."""

    __tablename__ = "fingerprint_marks"

    mark: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class HandRow(Base):
    """What a person put right in the history: who, when, why, and what. Undone, it keeps its row with `retired_at`.

    `kind`: merge, split, drop, edit. `call_id` is the call as it was named, `reports` are the keys of its reports at
    that time (of those set apart, for a split), the first of them first; `others` the other call's (merge) or those
    that they are set apart from (split). `edits` maps fields to values. `pairs` are the pairs of countries concerned.
    """

    __tablename__ = "hands"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), index=True)
    other_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"))
    pairs: Mapped[list[Any]]
    reports: Mapped[list[Any]]
    others: Mapped[list[Any]]
    edits: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[dt.datetime]
    retired_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    retired_by: Mapped[str | None] = mapped_column(String(100))


class DeedRow(Base):
    """What a person told feeds or alerts to do, which their rows remember only until the next word.

    `what`: pause, resume (of feeds), release, drop, retry (of alerts). `about` names the feeds or the alerts.
    """

    __tablename__ = "deeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime]


class RereadingRow(Base):
    """One run of `reclassify`, and how far it came: `article_id` is the last article that it read again."""

    __tablename__ = "rereadings"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(default=0)
    articles: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]


class AnnouncementRow(Base):
    """The ledger: what was said, or is to be said, to the desk. A digest is about no call.

    `key` makes it once ("root:CALL", "update:REPORT", "edit:CALL:FACTS_HASH"). `state`: waiting, held (until
    `next_attempt_at`), muted, undated, claimed (posted, not confirmed yet), sent, unknown, refused, dead, dropped.
    `payload` is the rendered message; `ts` is Slack's message timestamp. `released`: a person let it go, whatever pause
    there is; `hand` is that person's last word on it, or why it was dropped with a call that was taken back.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_state", "state", "next_attempt_at"),
        # a list of one kind, the newest first
        Index("ix_announcements_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id", ondelete="SET NULL"), index=True)
    channel: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(5))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    ts: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[dt.datetime]
    claimed_until: Mapped[dt.datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    released: Mapped[bool] = mapped_column(default=False, server_default=false())
    hand: Mapped[str | None] = mapped_column(Text)


class PauseRow(Base):
    """Nothing is posted from `since` on: who says so, why, and until when (None: until somebody ends it)."""

    __tablename__ = "pauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(100))


class MuteRow(Base):
    """A pair of countries ("RU-US") whose calls make no message until `until`, by whom and why. `ended_why` tells what
    ended it earlier: a person, or news that a mute must not keep back."""

    __tablename__ = "mutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    pair: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_why: Mapped[str | None] = mapped_column(Text)


class DeskWordRow(Base):
    """What an editor said of a call by a button in Slack: who (`user` is Slack's id) and when. Undone, it keeps its
    row.

    `key` makes it once, because Slack may deliver a click again. `kind`: confirm, own ("I have it"), drop, merge,
    split, mute, undo. `number` is the hand or the mute that it made, or the word that it undid; `about` is the other
    call (merge), the report (split) or the pair of countries (mute).
    """

    __tablename__ = "desk_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), index=True)
    about: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(100))
    user: Mapped[str] = mapped_column(String(40))
    at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(100))


class SightRow(Base):
    """A stretch of time in which Redphone could see, or could not: `causes` (feeds, reading, slack, stopped) is empty
    where it could. `seen_at` is when it was last looked; `told_at`: when the desk was told that it had been blind."""

    __tablename__ = "sight"

    id: Mapped[int] = mapped_column(primary_key=True)
    causes: Mapped[str] = mapped_column(String(100), default="")
    since: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    told_at: Mapped[dt.datetime | None]


LOOP, STOPPED = "loop", "stopped"


class HeartbeatRow(Base):
    """When the embedded loop last swept (`LOOP`), or when it was stopped on purpose (`STOPPED`)."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[dt.datetime]


class PulseRow(Base):
    """What ingest's last tick found; one row. `jumped_at`: when its clock was last another than a tick before, by
    `jumped_s` seconds (below zero: it went back). `brake` is the step of the brake that holds, 0 for none, with the
    articles that wait to be read and the age of the oldest of them."""

    __tablename__ = "pulse"

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[dt.datetime]
    jumped_at: Mapped[dt.datetime | None]
    jumped_s: Mapped[float] = mapped_column(Float, default=0.0)
    brake: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    oldest_s: Mapped[float] = mapped_column(Float, default=0.0)


class StartRow(Base):
    """A service started: `known` are the versions and open settings that it started with, `words` tell which of them
    are others than at its last start."""

    __tablename__ = "starts"

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime] = mapped_column(index=True)
    known: Mapped[dict[str, Any]]
    words: Mapped[str] = mapped_column(Text, default="")


class ChannelRow(Base):
    """A channel that messages go to, as the settings and routes name it, and what Slack last said of it.

    `own`: the desk's own. `trouble` is the word for why nothing can be posted there, or why that is not known; empty
    where all is well, as it last was at `good_at`. `channel_id` and `workspace` (its address) are empty until learned.
    """

    __tablename__ = "channels"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    own: Mapped[bool] = mapped_column(default=False)
    channel_id: Mapped[str] = mapped_column(String(40), default="")
    workspace: Mapped[str] = mapped_column(String(200), default="")
    checked_at: Mapped[dt.datetime]
    good_at: Mapped[dt.datetime | None]
    trouble: Mapped[str] = mapped_column(String(200), default="")


class CanaryRow(Base):
    """A test article on its way through the stages, apart from articles and calls so that it never enters the record.

    Each stage writes when it was done with it; `failed` says which stage could not, and why. `facts`: CallFacts as
    they were read. `channel` and `ts`: where its message stands; empty where it was written and not posted.
    """

    __tablename__ = "canaries"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[dt.datetime] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    facts: Mapped[dict[str, Any] | None]
    told_at: Mapped[dt.datetime | None]
    claimed_until: Mapped[dt.datetime | None]
    channel: Mapped[str | None] = mapped_column(String(100))
    ts: Mapped[str | None] = mapped_column(String(40))
    failed: Mapped[str | None] = mapped_column(Text)
