"""What came of a call: agreed, promised, invited, meetings, next steps; phrases in `shared/data/outcomes.csv`."""

from __future__ import annotations

import datetime as dt
import re

from services.classify import phrasebook
from services.classify.mentions import Entity
from services.classify.speakers import Voices
from services.classify.talk import Sentence
from services.classify.times import resolve
from shared.records import Evidence, Mode, Outcome, OutcomeKind

_KINDS: dict[str, OutcomeKind] = {
    "invited": "invited",
    "invitation_accepted": "invited",
    "meet_proposed": "meeting",
    "leaders_meet": "meeting",
    "officials_meet": "meeting",
    "delegations_met": "meeting",
    "meeting_not_ruled_out": "stated",
}
_BY_SLOT: dict[str, OutcomeKind] = {"agreed": "agreed", "status": "promised", "next": "next_step", "since": "stated"}
_AGREE = re.compile(r"nhất trí|thống nhất|đồng ý|thỏa thuận|cam kết|đều muốn|cùng muốn|cùng mong muốn|đều thể hiện")
#: What two agree to do something *for* is not what they agreed.
_PURPOSE = re.compile(r"(?<!\w)(?:để|nhằm|hướng tới|vì mục tiêu)(?: \w+){0,4} $")
_PLACE = re.compile(r"(?:tại|ở|tới|đến|thăm|sang) $")
_FUTURE = re.compile(r"(?<!\w)(?:sẽ|sắp|dự kiến)(?!\w)")


def find_outcomes(
    sentence: Sentence,
    sides: dict[int, str],
    countries: list[str],
    voice: Voices,
    evidence: Evidence,
    today: dt.date | None,
) -> list[Outcome]:
    """The outcomes that a sentence tells, each only where the words around its phrase allow it."""
    slots = phrasebook.column("outcomes", "slot")
    lower = sentence.lower[sentence.start : sentence.end]
    found = []
    for hit in phrasebook.load("outcomes").find(sentence.text, sentence.start, sentence.end):
        slot = slots[hit.id]
        if not _allowed(hit.id, slot, sentence, hit.start, hit.end, lower, sides):
            continue
        place, date = _place(sentence, hit.start), _date(sentence, hit.end, today)
        found.append(
            Outcome(
                kind=_KINDS.get(hit.id, _BY_SLOT[slot]),
                id=hit.id,
                text=sentence.text[hit.start : hit.end],
                mode=_mode(slot, lower),
                by=None if slot in ("agreed", "status") else _by(sentence, hit.start, sides, countries),
                place=place,
                date=date,
                names=_names(hit.id, sentence, hit.end),
                speaker=voice.at(hit.start),
                evidence=evidence,
            )
        )
    return found


def _allowed(row: str, slot: str, sentence: Sentence, start: int, end: int, lower: str, sides: dict[int, str]) -> bool:
    after = [e for e in sentence.entities if e.start >= end]
    if row == "invited":
        return (
            bool(after)
            and after[0].start - end <= 4
            and (after[0].start in sides or after[0].kind == "pronoun")
            and any(s < start for s in sides)
        )
    if row == "officials_meet":
        return any(e.kind == "nonleader" and e.end <= start for e in sentence.entities) and any(
            e.start in sides for e in after
        )
    if slot == "agreed":
        together = (
            len(set(sides.values())) > 1 or any(e.kind == "group" for e in sentence.entities) or "chúng tôi" in lower
        )
        purpose = _PURPOSE.search(sentence.lower[max(sentence.start, start - 50) : start])
        return together and purpose is None and _AGREE.search(lower) is not None
    if slot == "since":
        return _FUTURE.search(lower) is None or row == "meeting_not_ruled_out"
    return True


def _mode(slot: str, lower: str) -> Mode:
    return "announced" if slot in ("next", "status") and _FUTURE.search(lower) else "reported"


def _by(sentence: Sentence, start: int, sides: dict[int, str], countries: list[str]) -> str | None:
    before = [s for s in sides if s < start]
    side = (
        sides[max(before)]
        if before
        else next((e.countries[0] for e in sentence.entities if e.end <= start and e.countries), None)
    )
    return side if side in countries else None


def _place(sentence: Sentence, start: int) -> str | None:
    for entity in sentence.entities:
        if (
            entity.kind == "country"
            and entity.end > start
            and _PLACE.search(sentence.lower[entity.start - 6 : entity.start])
        ):
            return sentence.text[entity.start : entity.end]
    for match in re.finditer(r"(?:tại|ở|tới|đến) ([A-ZĐ]\w+(?: [A-ZĐ]\w+)?)", sentence.text[start : sentence.end]):
        return match[1]
    return _subject_place(sentence, start)


def _subject_place(sentence: Sentence, start: int) -> str | None:
    """ "đề xuất Saudi Arabia là nơi tổ chức": the place stands before the phrase."""
    for entity in reversed(sentence.entities):
        if (
            entity.kind == "country"
            and entity.end <= start
            and sentence.lower[entity.end : start].strip() in ("là", "làm")
        ):
            return sentence.text[entity.start : entity.end]
    return None


def _date(sentence: Sentence, end: int, today: dt.date | None) -> str | None:
    for time in sentence.times:
        if time.kind == "day":
            date = resolve(time, today, ahead=True).date
            return date if date and "?" not in date else None
    return None


def _names(row: str, sentence: Sentence, end: int) -> tuple[str, ...]:
    if row == "negotiators":
        return tuple(_last_name(e) for e in sentence.entities if e.start >= end and e.kind == "nonleader" and e.name)
    if row == "officials_meet":
        return tuple(_last_name(e) for e in sentence.entities if e.end <= end and e.kind == "nonleader" and e.name)
    if row == "cooperate_on":
        return tuple(
            sentence.text[e.start : e.end]
            for e in sentence.entities
            if e.start >= end and e.kind == "country" and e.start - end <= 3
        )
    return ()


def _last_name(entity: Entity) -> str:
    return (entity.name or "").split()[-1]
