"""What a report is to the history when it comes in: new, an update, a repeat, or background.

A report is held against what the earlier reports of its call told. The verdict is a log of what was known then: it
is fixed, whatever comes later. Another outlet alone is a repeat; a fact that is added, changed or disputed makes an
update that names it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from services.classify.account import Told
from services.classify.facts import merge, only_planned
from services.classify.identity import Link
from services.classify.lengths import length_text, same_length
from services.classify.matters import folded, is_heading, is_place, names_matter, wider_than
from services.classify.phrasebook import column, matter_of
from services.classify.regex import regex
from services.classify.spans import DAY, day_of
from services.classify.version import rules_version
from shared.records import (
    OVER,
    CallFacts,
    Change,
    Comparison,
    Duration,
    Evidence,
    Judgement,
    Outcome,
    StoredReport,
    Topic,
    Verdict,
)

#: Words count as told when one earlier text holds this share of them.
TOLD = 0.6
WORD = regex(r"\w+")
_PROGRESS = ("proposed", "planned", "ongoing", "held")


def judge(
    stored: StoredReport,
    earlier: Sequence[StoredReport],
    call_id: str,
    link: Link,
    comparison: Comparison | None = None,
    texts: Mapping[str, str] | None = None,
) -> Judgement:
    """The verdict on a report, with its reason.

    `earlier` are the reports of the same call that came in before, `texts` their articles' whole texts by key, as far
    as they are at hand; `comparison` is kept for a new call only.
    """
    changes: tuple[Change, ...] = ()
    verdict: Verdict
    if not stored.report.news:
        verdict, reason = "background", "told as an older call"
    elif not any(other.report.news for other in earlier):
        verdict, reason = "new", "told as background before" if earlier else "first report of this call"
    else:
        changes = changes_by(stored, earlier, texts or {})
        verdict, reason = ("update", _named(changes)) if changes else ("repeat", _repeated(stored, earlier))
    return Judgement(
        verdict=verdict,
        call_id=call_id,
        reason=reason,
        changes=changes,
        comparison=comparison if verdict == "new" else None,
        agreed=link.agreed,
        against=link.against,
        version=rules_version(),
    )


def _repeated(stored: StoredReport, earlier: Iterable[StoredReport]) -> str:
    others = [other for other in earlier if other.article != stored.article]
    same = next((other.article for other in others if other.origin and other.origin == stored.origin), None)
    return f"adds nothing: it carries the text of {same}" if same is not None else "adds nothing"


def _named(changes: Iterable[Change]) -> str:
    words = {"new": "adds", "changed": "changes", "conflict": "disputes"}
    return ", ".join(dict.fromkeys(f"{words[change.kind]} {change.field}" for change in changes))


def changes_by(stored: StoredReport, earlier: Sequence[StoredReport], texts: Mapping[str, str]) -> tuple[Change, ...]:
    """What a report adds to what `earlier` told of its call, or says against it: before → after for each field.

    An account of what was said counts where nothing else was added.
    """
    known, told = merge(earlier), _told_by(earlier, texts)
    changes = (
        *_status(stored, known),
        *_day(stored, known, earlier),
        *_start(stored, known),
        *_length(stored, known),
        *_channel(stored, known),
        *_initiator(stored, known),
        *_topics(stored, known, told, _told_by([r for r in earlier if r.report.status in OVER], texts), earlier),
        *_outcomes(stored, known, told, earlier),
        *_heard(stored, known),
    )
    return changes or tuple(_account(stored, told))


def _told_by(reports: Iterable[StoredReport], texts: Mapping[str, str]) -> Told:
    """The words of articles; of one whose text is not at hand those that its report quotes."""
    return Told(
        text
        for stored in reports
        for text in (texts.get(stored.article), stored.title, *(piece.text for piece in stored.report.evidence))
        if text
    )


def _change(field: str, before: str | None, after: str, evidence: Evidence | None, conflict: bool = False) -> Change:
    kind = "conflict" if conflict else "new" if before is None else "changed"
    return Change(
        field=field,
        kind=kind,  # type: ignore[arg-type]  # one of the three
        before=before,
        after=after,
        evidence=(evidence,) if evidence is not None else (),
    )


def _status(stored: StoredReport, known: CallFacts) -> Iterable[Change]:
    """A step forward in the call's life, or a denial. A plan told again after the call says nothing."""
    report = stored.report
    before, after = known.denial or known.status, report.denial or report.status
    if before == after:
        return
    if report.status != "denied" and known.status != "denied":
        moved = _PROGRESS.index(report.status) > _PROGRESS.index(known.status)
    else:
        moved = report.status in ("held", "ongoing", "denied")
    if moved:
        evidence = next((piece for piece in report.evidence if piece.field == "status"), None)
        yield _change("status", before, after, evidence, conflict="denied" in (report.status, known.status))


def _day(stored: StoredReport, known: CallFacts, earlier: Sequence[StoredReport]) -> Iterable[Change]:
    """The day. One day off is another time zone and not another fact."""
    day = day_of(stored)
    if day is None:
        return
    told = [other for report in earlier if (other := day_of(report)) is not None]
    if not told and known.status == "held" and _is_as_expected(day, earlier):
        return
    if not told or all(abs(day - other) > DAY for other in told):
        yield _change("date", known.date, day.isoformat(), stored.report.when.evidence, conflict=bool(told))


def _is_as_expected(day: dt.date, earlier: Sequence[StoredReport]) -> bool:
    """Whether a first day is that of the first report of a call or the one before, which everybody took it for."""
    published = [report.published_at.date() for report in earlier if report.published_at is not None]
    return bool(published) and dt.timedelta(0) <= min(published) - day <= DAY


def _start(stored: StoredReport, known: CallFacts) -> Iterable[Change]:
    when = stored.report.when
    if only_planned(stored.report, known.status):
        return
    if when.start is not None and all(other.start is None for other in known.whens):
        yield _change("start", None, when.start.isoformat(), when.evidence)


def _length(stored: StoredReport, known: CallFacts) -> Iterable[Change]:
    """A first length, one that disputes the known, or an exact one where the known ones are not."""
    for duration in stored.report.durations[:1]:
        fits = [same_length(duration, other) for other in known.durations]
        before = length_text(known.durations[0]) if known.durations else None
        if not any(fits) or (not _precise(known.durations) and _precise([duration])):
            yield _change(
                "duration", before, length_text(duration), duration.evidence, conflict=not any([*fits, not fits])
            )


def _precise(durations: Iterable[Duration]) -> bool:
    return any(duration.bound == "exact" for duration in durations)


def _channel(stored: StoredReport, known: CallFacts) -> Iterable[Change]:
    channel = stored.report.channel
    if channel is not None and channel != known.channel:
        evidence = next((piece for piece in stored.report.evidence if piece.field == "channel"), None)
        yield _change("channel", known.channel, channel, evidence, conflict=known.channel is not None)


def _initiator(stored: StoredReport, known: CallFacts) -> Iterable[Change]:
    asked = stored.report.initiator
    if asked is not None and asked.side not in {other.side for other in known.initiators}:
        before = known.initiators[0].side if known.initiators else None
        yield _change("initiator", before, asked.side, asked.evidence, conflict=before is not None)


def _topics(
    stored: StoredReport, known: CallFacts, told: Told, told_as_held: Told, earlier: Sequence[StoredReport]
) -> Iterable[Change]:
    """Topics not told before. One that stood on an agenda and is now reported was not told before."""
    quoted = [topic.text for topic in known.topics if topic.id is None] + _quoted(earlier)
    for name, topic in {t.id or t.text: t for t in reversed(stored.report.topics)}.items():
        named = {matter_of("topics", o.id) for o in known.topics if o.id and topic.mode in (o.mode, "announced")}
        if is_heading(topic) or (topic.id is not None and _is_wider(topic.id, known, topic.mode == "announced")):
            continue
        words = told if topic.mode == "announced" else told_as_held
        if topic.evidence is not None and words.knows(topic.evidence.text) and not _is_unheard_of(topic, words):
            continue
        if matter_of("topics", topic.id) not in named if topic.id is not None else not _is_told(topic.text, quoted):
            yield _change("topics", None, name, topic.evidence)


def _is_unheard_of(topic: Topic, told: Told) -> bool:
    """Whether the sentence of a topic names it, and nothing that was told does, in any of its words: "… điện đàm về
    Iran" is news behind "… điện đàm"."""
    if topic.id is None or topic.evidence is None:
        return False
    return names_matter(folded(topic.evidence.text), topic.id) and not told.names(topic.id)


def _is_wider(topic: str, known: CallFacts, announced: bool) -> bool:
    """Whether a narrower matter of a topic is known, or its place named with one: "arms control" adds nothing to "New
    START", nor "Ukraine" to what was said of Ukraine. What was only announced says nothing of a readout."""
    told = [other for other in known.topics if announced or other.mode != "announced"]
    narrower = any(other.id and wider_than(matter_of("topics", other.id)) == topic for other in told)
    sentences = (folded(other.evidence.text) for other in told if other.evidence is not None)
    named = is_place(topic) and any(names_matter(sentence, topic) for sentence in sentences)
    return narrower or named


def _outcomes(stored: StoredReport, known: CallFacts, told: Told, earlier: Sequence[StoredReport]) -> Iterable[Change]:
    named = {_outcome_key(other) for other in known.outcomes if other.id is not None}
    quoted = [outcome.text for outcome in known.outcomes] + _quoted(earlier)
    beyond = column("outcomes", "beyond")
    ids = {other.id for other in known.outcomes}
    for outcome in (o for o in stored.report.outcomes if o.id is not None or o.kind != "stated"):
        if outcome.id is not None and _outcome_key(outcome) in named:
            continue
        before = beyond.get(outcome.id or "")
        if before and before in ids:
            yield _change("outcomes", before, outcome.id or outcome.text, outcome.evidence)
        elif outcome.evidence is not None and told.knows(outcome.evidence.text):
            continue
        elif not _is_told(outcome.text, quoted):
            yield _change("outcomes", None, outcome.id or outcome.text, outcome.evidence)


def _quoted(reports: Iterable[StoredReport]) -> list[str]:
    return [piece.text for stored in reports for piece in stored.report.evidence]


def _account(stored: StoredReport, told: Told) -> Iterable[Change]:
    """What was said on the call, or of it, in a sentence that tells of the call and names no matter that is known."""
    report = stored.report
    facts: list[Topic | Outcome] = [*report.topics, *report.outcomes]
    matters = {fact.evidence.text for fact in facts if fact.evidence is not None}
    for piece in report.evidence:
        if piece.text not in matters and told.lacks_account(piece.text):
            yield Change(field="account", kind="new", evidence=(piece,))
            return


def _outcome_key(outcome: Outcome) -> tuple[str | None, ...]:
    return outcome.kind, outcome.id and matter_of("outcomes", outcome.id), outcome.by, outcome.place


def _heard(stored: StoredReport, known: CallFacts) -> Iterable[Change]:
    """The second side's first word; of a call that took place its plan is none."""
    if only_planned(stored.report, known.status):
        return
    sides = {speaker.side for speaker in known.heard} - {None}
    for speaker in stored.report.heard:
        if sides and speaker.side is not None and speaker.side not in sides:
            sides.add(speaker.side)
            told: list[Outcome | Topic] = [*stored.report.outcomes, *stored.report.topics]
            proof = next((fact.evidence for fact in told if fact.speaker and fact.speaker.side == speaker.side), None)
            yield _change("heard", None, speaker.side, proof)


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))


def _is_told(text: str, texts: Iterable[str]) -> bool:
    words = _words(text)
    return any(len(words & _words(other)) >= TOLD * len(words) for other in texts)
