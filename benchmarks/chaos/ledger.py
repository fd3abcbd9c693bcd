"""What the database says of a run: the history to compare, what has not come to rest, and when struck work was done."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.chaos.histories import History, Members
from shared.tables import AnnouncementRow, ArticleRow, CallRow, ReportRow


def history(session: Session) -> History:
    """All that a run left behind."""
    articles = session.execute(select(ArticleRow.key, ArticleRow.title, ArticleRow.summary, ArticleRow.text)).all()
    members = _members(session)
    calls = {
        members[row.id]: {"status": row.status, "news": row.news, "persons": row.persons, **row.facts}
        for row in session.scalars(select(CallRow))
        if row.id in members
    }
    standing = select(CallRow.id).where(CallRow.merged_into.is_(None), CallRow.status != "withdrawn")
    roots: dict[Members, list[str]] = defaultdict(list)
    told = select(AnnouncementRow.key, AnnouncementRow.call_id).where(AnnouncementRow.kind == "root")
    for key, call_id in session.execute(told.order_by(AnnouncementRow.id)):
        roots[members.get(call_id or "", (str(call_id),))].append(key)
    # what was taken back before it went out is not told, and that is right
    ledger = select(AnnouncementRow.key).where(AnnouncementRow.kind != "edit", AnnouncementRow.state != "dropped")
    return History(
        articles={key: "\n".join(words) for key, *words in articles},
        stored=len(articles),
        calls=calls,
        rows=len(members.keys() | set(session.scalars(standing))),
        first_alerts={call: tuple(keys) for call, keys in roots.items()},
        open=tuple(unfinished(session)),
        ledger=tuple(session.scalars(ledger.order_by(AnnouncementRow.id))),
    )


def unfinished(session: Session) -> list[str]:
    """What has not come to rest, or came to rest without success, in words."""
    article = select(ArticleRow.key, ArticleRow.body_state, ArticleRow.classify_state, ArticleRow.classify_error)
    pages = ArticleRow.body_state.not_in(("none", "done"))
    found = [
        f"article {key}: page {body}, reading {reading}: {error}"
        for key, body, reading, error in session.execute(article.where(pages | (ArticleRow.classify_state != "done")))
    ]
    reports = select(ReportRow.id, ReportRow.decision).where(ReportRow.notify_state != "done")
    found += [f"report {number} waits: {decision}" for number, decision in session.execute(reports)]
    calls = select(CallRow.id, CallRow.notify_state).where(CallRow.notify_state != "done")
    found += [f"call {call} {state}" for call, state in session.execute(calls)]
    ledger = select(AnnouncementRow.key, AnnouncementRow.state, AnnouncementRow.error)
    sent = ledger.where(AnnouncementRow.state.not_in(("sent", "dropped")))
    return found + [f"{key} is {state}: {error}" for key, state, error in session.execute(sent)]


def articles(session: Session) -> int:
    """How many articles are stored."""
    return session.scalar(select(func.count(ArticleRow.id))) or 0


def in_hand(session: Session) -> str | None:
    """The key of the announcement that somebody is sending."""
    return session.scalar(select(AnnouncementRow.key).where(AnnouncementRow.state == "claimed").limit(1))


def is_done(session: Session, work: tuple[str, str, str | None]) -> bool:
    """Whether a step was done with an article, or with an announcement where one was in hand."""
    step, article, announcement = work
    if step in ("post", "settle"):
        told = select(AnnouncementRow.state)
        if announcement is not None:
            return session.scalar(told.where(AnnouncementRow.key == announcement)) == "sent"
        root = told.join(ReportRow, ReportRow.call_id == AnnouncementRow.call_id).join(ArticleRow)
        return session.scalar(root.where(ArticleRow.key == article, AnnouncementRow.kind == "root")) == "sent"
    row = session.scalars(select(ArticleRow).where(ArticleRow.key == article)).first()
    if row is None:
        return False
    if step == "announce":
        report = session.scalar(select(ReportRow.notify_state).where(ReportRow.article_id == row.id))
        return report == "done"
    reached: dict[str, Any] = {"body": row.body_state == "done", "classify": row.classify_state == "done"}
    return bool(reached.get("classify" if step == "compare" else step, True))


def _members(session: Session) -> dict[str, Members]:
    """Calls that have reports, each with their keys."""
    found: dict[str, list[str]] = defaultdict(list)
    reports = select(ReportRow.call_id, ArticleRow.key, ReportRow.ordinal).join(ArticleRow)
    for call_id, key, ordinal in session.execute(reports):
        found[call_id].append(f"{key}#{ordinal}")
    return {call_id: tuple(sorted(keys)) for call_id, keys in found.items()}
