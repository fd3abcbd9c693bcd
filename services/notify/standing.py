"""How a call stands: its status as the desk's words have it, and how well it is founded. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from zoneinfo import ZoneInfo

from shared.records import OVER, CallFacts, Judgement, Report, Speaker

Standing = Literal["confirmed", "reported", "disputed"]


def status_key(facts: CallFacts) -> str:
    """The status as keys of the wording table have it: a denial by its kind ("refused"), a plan that passed in silence
    "unconfirmed", else the status itself."""
    if facts.no_word_by is not None:
        return "unconfirmed"
    return (facts.denial or "denied") if facts.status == "denied" else facts.status


def standing_of(facts: CallFacts) -> Standing:
    """How well a call stands: one says that it took place and another that it did not, a side that took part told of
    it, or others report it. A fact on which the reports differ (a length, a day) does not put the call in doubt."""
    if any(clash.field == "status" for clash in facts.contradictions):
        return "disputed"
    parties = {person.country for person in facts.participants if person.country}
    return "confirmed" if parties & _heard(facts) else "reported"


def in_doubt(facts: CallFacts, judgement: Judgement, report: Report, zone: str) -> bool:
    """Whether little says that a report is of this call: no article gives a day, or not all agree that it is one call;
    or the article tells of a call that took place, gives it no day, and came out on another day than the call's.
    `zone` is the desk's."""
    if facts.date is None or facts.maybe_second or judgement.against:
        return True
    day = report.when.date
    if judgement.verdict != "update" or report.status not in OVER or (day is not None and "?" not in day):
        return False
    articles = {piece.article for piece in report.evidence}
    own = (source.published_at for source in facts.sources if source.article in articles)
    return any(told is None or told.astimezone(ZoneInfo(zone)).date().isoformat() != facts.date for told in own)


def outdated(facts: CallFacts) -> set[str]:
    """The articles that told an earlier status of the call: a sentence with "will" proves no call that was held.

    None where no article tells the present one, which then rests on a hand.
    """
    past = {source.article for source in facts.sources if not source.stands}
    return past if any(source.stands for source in facts.sources) else set()


def _heard(facts: CallFacts) -> set[str | None]:
    """The sides that told of the call. Of one that took place that is more than to have told its agenda beforehand;
    and what a leader said on it, somebody else tells."""
    leaders = {person.person for person in facts.participants}
    told = _sides(speaker for speaker in _speakers(facts) if speaker is not None and speaker.id not in leaders)
    beforehand = _sides(topic.speaker for topic in facts.topics if topic.mode != "reported")
    heard = _sides(facts.heard)
    return told | (heard - beforehand if facts.status in OVER else heard)


def _speakers(facts: CallFacts) -> Iterable[Speaker | None]:
    """Who says what is known of a call beside its agenda."""
    yield from (topic.speaker for topic in facts.topics if topic.mode == "reported")
    for told in (facts.outcomes, facts.durations, facts.initiators, facts.whens):
        yield from (fact.speaker for fact in told)
    yield from (when.end_speaker for when in facts.whens)


def _sides(speakers: Iterable[Speaker | None]) -> set[str | None]:
    return {speaker.side for speaker in speakers if speaker is not None}
