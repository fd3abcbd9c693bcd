"""A line out: what Redphone found in an article, as one JSON object for other programs.

The form is a promise (README, "For other programs"): keys are added, never renamed. Offsets count code points of the
part as it came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.classify.phrasebook import column
from shared.records import Change, Evidence, Judgement, Report, evidence_in

MAX_TOPICS = 6
#: What happened since the call before, which the comparison tells: it came of that one.
BETWEEN_CALLS = "delegations_met"


class EvidenceLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A slice of an article that proves a field: of this line's article, unless `article` names another."""

    field: str
    part: str
    start: int
    end: int
    text: str
    article: str = ""


class OutcomeLine(msgspec.Struct, frozen=True):
    """What came of the call, in the article's words."""

    kind: str
    text: str
    mode: str


class ChangeLine(msgspec.Struct, frozen=True):
    """One difference from what history knew."""

    field: str
    kind: str
    before: str | None
    after: str | None
    text: str
    evidence: list[EvidenceLine]


class CallLine(msgspec.Struct, frozen=True, kw_only=True):
    """One call as one article tells it."""

    participants: list[str | None]
    countries: list[str | None]
    status: str
    news: bool
    channel: str | None
    date: str | None
    date_text: str | None
    duration_min: int | None
    initiator: str | None
    topics: list[str]
    outcomes: list[OutcomeLine]
    evidence: list[EvidenceLine]


class HistoryLine(CallLine, frozen=True, kw_only=True):
    """The same, with what it is to the history."""

    call_id: str
    call_date: str | None
    verdict: str
    changes: list[ChangeLine]
    compared_with: str | None


class ArticleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One article. `alert`: it reports a leader-to-leader call as news."""

    id: str
    alert: bool
    calls: Sequence[CallLine]


def encode(line: msgspec.Struct) -> str:
    """One line of JSON, without its line end."""
    return msgspec.json.encode(line).decode()


def article_line(article_id: str, reports: Iterable[Report]) -> ArticleLine:
    """What `classify` says of an article."""
    calls = [call_line(report) for report in reports]
    return ArticleLine(id=article_id, alert=any(call.news for call in calls), calls=calls)


def call_line(report: Report) -> CallLine:
    """One call as the article tells it; the first value of each list of facts is the best."""
    return CallLine(
        participants=[person.name for person in report.participants],
        countries=list(report.countries),
        status=report.status,
        news=report.news,
        channel=report.channel,
        date=report.when.date,
        date_text=report.when.text,
        duration_min=report.durations[0].minutes if report.durations else None,
        initiator=report.initiator.side if report.initiator else None,
        topics=_topics(report),
        outcomes=[
            OutcomeLine(outcome.kind, outcome.text, outcome.mode)
            for outcome in report.outcomes
            if outcome.id != BETWEEN_CALLS
        ],
        evidence=[_evidence(piece, "") for piece in proofs(report)],
    )


def history_line(report: Report, judgement: Judgement, call_date: str | None) -> HistoryLine:
    """What `replay` says of a call: the article's report, and what history makes of it."""
    comparison = judgement.comparison
    previous = (comparison.previous or comparison.previous_of_countries) if comparison else None
    changes = [*judgement.changes, *(comparison.changes if comparison else ()), *_disputes(report)]
    own = report.evidence[0].article if report.evidence else ""
    return HistoryLine(
        **msgspec.structs.asdict(call_line(report)),
        call_id=judgement.call_id,
        call_date=call_date,
        verdict=judgement.verdict,
        changes=[_change(change, own) for change in dict.fromkeys(changes)],
        compared_with=previous.call_id if previous and judgement.verdict == "new" else None,
    )


def _topics(report: Report) -> list[str]:
    """What a call told as news was about; "and more" names nothing."""
    rest = column("topics", "weight")
    named = (
        topic.id or topic.text
        for topic in report.topics
        if report.news and topic.mode != "ruled_out" and rest.get(topic.id or "") != "rest"
    )
    return list(dict.fromkeys(named))[:MAX_TOPICS]


def _disputes(report: Report) -> Iterator[Change]:
    """What the article says against itself: each pair of values that do not fit."""
    for dispute in report.contradictions:
        before, after = dispute.values[-1], dispute.values[0]
        yield Change(field=dispute.field, kind="conflict", before=before, after=after, evidence=dispute.evidence)


def _change(change: Change, own: str) -> ChangeLine:
    text = change.evidence[0].text if change.evidence else ""
    evidence = [_evidence(piece, own) for piece in change.evidence]
    return ChangeLine(change.field, change.kind, change.before, change.after, text, evidence)


def _evidence(piece: Evidence, own: str) -> EvidenceLine:
    """A slice; with its article's id where that is not the line's own."""
    other = piece.article if own and piece.article != own else ""
    return EvidenceLine(piece.field, piece.part, piece.start, piece.end, piece.text, other)


def proofs(report: Report) -> list[Evidence]:
    """Every evidence of a report, wherever in it, once, in the order of the article."""
    order = ("title", "summary", "text")
    pieces = {(piece.field, piece.part, piece.start, piece.end): piece for piece in evidence_in(report)}
    return sorted(pieces.values(), key=lambda piece: (order.index(piece.part), piece.start, piece.end, piece.field))
