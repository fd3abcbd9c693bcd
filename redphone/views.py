"""The stored history as rows: what `redphone calls`, `articles`, `feeds` and `alerts` show.

Each view is a list of flat records: the table prints the columns that a person needs, `--json` prints all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.classify.lengths import length_text
from services.classify.lexicon import load_lexicon
from services.ingest.values import CatalogueFeed
from services.status.queries.alerts import Reading, readings
from services.status.queries.articles import feeds_of
from shared import pulse
from shared.brake import Step, load_steps, slowed
from shared.clock import utc_now
from shared.records import CallFacts
from shared.rhythm import entries_per_day, silent_feeds
from shared.tables import AnnouncementRow, ArticleRow, CallRow, FeedRow, ReportRow

#: How much of an article without a title stands for one, in characters.
OPENING = 80
#: The state of a feed that nobody has asked yet.
NOT_POLLED = "not yet polled"
#: "Discuss by telephone" (CAMEO codebook, 04 Consult), and the event type that PLOVER makes of it.
CAMEO, PLOVER = "041", "CONSULT"


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call of the history. `duration` is `duration_min` with its bound: "90", "over 90".

    `participants`, `countries` (ISO 3166-1 alpha-2), `persons` (ids of the leaders' data) and `wikidata` go together,
    place for place. `earliest` and `latest` bound when it can have been. `cameo` and `plover` are the field's codes
    for this kind of event; whether it took place says `status`.
    """

    call_id: str
    date: str | None
    earliest: dt.datetime | None
    latest: dt.datetime | None
    participants: list[str | None]
    countries: list[str | None]
    persons: list[str | None]
    wikidata: list[str | None]
    status: str
    news: bool
    channel: str | None
    duration_min: int | None
    duration: str | None
    initiator: str | None
    topics: list[str]
    outcomes: list[str]
    articles: list[str]
    origins: int
    by_hand: list[str]
    compared_with: str | None
    cameo: str = CAMEO
    plover: str = PLOVER


class ArticleView(msgspec.Struct, frozen=True, kw_only=True):
    """An article, and what came of it. `article` is its own id, None where its URL is what it is known by; `feeds` are
    those that brought it, `rules_version` is of the rules and data that read it last."""

    id: int
    key: str
    article: str | None
    published_at: dt.datetime | None
    outlet: str | None
    title: str
    url: str | None
    state: str
    verdicts: list[str]
    near_misses: int
    error: str | None
    feeds: list[str]
    rules_version: str | None


class FeedView(msgspec.Struct, frozen=True, kw_only=True):
    """A feed, and how its polling goes. `missed` counts the looks that came too late for some entries; a feed whose
    state is silent answers and brings nothing, against its own rhythm. `next_poll_at`: None for one of the catalogue
    that no database knows yet. `hand`: what a person said of it last; it stands for the error of one that is paused."""

    outlet: str
    section: str
    url: str
    state: str
    last_success_at: dt.datetime | None
    next_poll_at: dt.datetime | None
    interval_s: int
    entries_a_day: float = 0.0
    last_new_at: dt.datetime | None = None
    missed: int = 0
    failures: int = 0
    error: str | None = None
    hand: str | None = None


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement of the ledger. `due_at`: when one that waits or is held goes out, if nothing is paused; `hand`:
    what a person said of it last. `outlet`, `feeds` and `rules_version` are of the article that it was made from."""

    id: int
    kind: str
    call_id: str | None
    state: str
    channel: str
    headline: str
    sent_at: dt.datetime | None
    due_at: dt.datetime | None
    error: str | None
    hand: str | None
    outlet: str | None
    feeds: tuple[str, ...]
    rules_version: str | None


def calls(session: Session, limit: int | None) -> list[CallView]:
    """The calls, the latest first."""
    query = select(CallRow).where(CallRow.merged_into.is_(None), CallRow.status != "withdrawn")
    rows = session.scalars(
        query.order_by(func.coalesce(CallRow.latest, CallRow.created_at).desc(), CallRow.id).limit(limit)
    )
    return [_call(row) for row in rows]


def articles(session: Session, limit: int | None) -> list[ArticleView]:
    """The articles, the newest first."""
    newest = select(ArticleRow).order_by(ArticleRow.fetched_at.desc(), ArticleRow.id.desc()).limit(limit)
    ids = newest.with_only_columns(ArticleRow.id)
    verdicts, feeds = _verdicts(session, ids), feeds_of(session, ids)
    return [_article(row, verdicts.get(row.id, []), feeds.get(row.id, [])) for row in session.scalars(newest)]


def feeds(session: Session) -> list[FeedView]:
    """The feeds that the database knows."""
    now = utc_now()
    per_day = entries_per_day(session, now)
    silent = {row.id for row in silent_feeds(session, now)}
    _, step, _ = pulse.read(session, load_steps())
    rows = session.scalars(select(FeedRow)).all()
    return [_feed(row, per_day.get(row.id, 0.0), step, silent=row.id in silent) for row in rows]


def with_catalogue(known: Iterable[FeedView], catalogue: Iterable[CatalogueFeed], limit: int | None) -> list[FeedView]:
    """The feeds that the database knows and those of the catalogue that it does not know yet, by outlet."""
    new = {
        feed.url: FeedView(
            outlet=feed.outlet,
            section=feed.section,
            url=feed.url,
            state=NOT_POLLED,
            last_success_at=None,
            next_poll_at=None,
            interval_s=feed.interval_s,
        )
        for feed in catalogue
    }
    rows = {**new, **{row.url: row for row in known}}
    return sorted(rows.values(), key=lambda row: (row.outlet, row.url))[:limit]


def alerts(session: Session, limit: int | None) -> list[AlertView]:
    """The announcements, the newest first."""
    newest = select(AnnouncementRow).order_by(AnnouncementRow.id.desc()).limit(limit)
    made_from = readings(session, newest.with_only_columns(AnnouncementRow.id))
    return [_alert(row, made_from.get(row.id, Reading())) for row in session.scalars(newest)]


def _call(row: CallRow) -> CallView:
    facts = msgspec.convert(row.facts, CallFacts)
    compared = row.comparison or {}
    previous: dict[str, Any] = compared.get("previous") or compared.get("previous_of_countries") or {}
    return CallView(
        call_id=row.id,
        date=facts.date or facts.date_derived,
        earliest=facts.earliest,
        latest=facts.latest,
        participants=[person.name for person in facts.participants],
        countries=[person.country for person in facts.participants],
        persons=[person.person for person in facts.participants],
        wikidata=[_wikidata(person.person) for person in facts.participants],
        status=row.status if row.status in ("withdrawn", "unconfirmed") else facts.denial or facts.status,
        news=facts.news,
        channel=facts.channel,
        duration_min=facts.durations[0].minutes if facts.durations else None,
        duration=length_text(facts.durations[0]) if facts.durations else None,
        initiator=facts.initiators[0].side if facts.initiators else None,
        topics=[topic.id or topic.text for topic in facts.topics if topic.mode != "ruled_out"],
        outcomes=[outcome.id or outcome.text for outcome in facts.outcomes],
        articles=[source.article for source in facts.sources],
        origins=len({source.origin or source.article for source in facts.sources}),
        by_hand=[note.field for note in facts.by_hand],
        compared_with=previous.get("call_id"),
    )


def _wikidata(person: str | None) -> str | None:
    """The Wikidata id of a leader of the data; None where the data have none."""
    known = load_lexicon().persons.get(person or "")
    return (known.wikidata or None) if known else None


def _verdicts(session: Session, ids: Select[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = select(ReportRow.article_id, ReportRow.verdict, ReportRow.call_id).where(ReportRow.article_id.in_(ids))
    for article_id, verdict, call_id in session.execute(query.order_by(ReportRow.article_id, ReportRow.ordinal)):
        found.setdefault(article_id, []).append(f"{verdict} {call_id}")
    return found


def _article(row: ArticleRow, verdicts: list[str], feeds: list[str]) -> ArticleView:
    return ArticleView(
        id=row.id,
        key=row.key,
        article=None if row.url else row.key,
        published_at=row.published_at,
        outlet=row.outlet,
        title=_title(row),
        url=row.url,
        state=row.classify_state,
        verdicts=verdicts,
        near_misses=len(row.rejections),
        error=row.classify_error,
        feeds=feeds,
        rules_version=row.rules_version,
    )


def _title(row: ArticleRow) -> str:
    """The title in one line; where there is none, the opening words with "…" for what is cut."""
    text = " ".join((row.title.strip() or row.summary or row.text).split())
    return text if row.title.strip() or len(text) <= OPENING else text[: OPENING - 1].rstrip() + "…"


def _feed(row: FeedRow, per_day: float, step: Step, *, silent: bool) -> FeedView:
    return FeedView(
        outlet=row.outlet,
        section=row.section,
        url=row.url,
        state=_state(row, silent=silent),
        last_success_at=row.last_success_at,
        next_poll_at=row.next_poll_at + step.later(world=row.world),
        interval_s=row.interval_s,
        entries_a_day=round(per_day, 1),
        last_new_at=row.last_new_at,
        missed=row.gaps,
        failures=row.failures,
        error=row.hand if row.paused else row.last_error or slowed(step, world=row.world) or None,
        hand=row.hand,
    )


def _state(row: FeedRow, *, silent: bool) -> str:
    if row.paused or not row.listed:
        return "paused" if row.paused else "not listed"
    if row.last_polled_at is None:
        return NOT_POLLED
    if row.failures:
        return "failing"
    return "silent" if silent else "ok"


def _alert(row: AnnouncementRow, reading: Reading) -> AlertView:
    return AlertView(
        id=row.id,
        kind=row.kind,
        call_id=row.call_id,
        state=row.state,
        channel=row.channel,
        headline=str(row.payload.get("push") or row.payload.get("message", {}).get("push", "")),
        sent_at=row.sent_at,
        due_at=row.next_attempt_at if row.state in ("waiting", "held", "unknown") else None,
        error=row.error,
        hand=row.hand,
        outlet=reading.outlet,
        feeds=reading.feeds,
        rules_version=reading.rules_version,
    )
