"""What came of a call: agreed, promised, invited, meetings, next steps; phrases in `shared/data/outcomes.csv`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from services.classify import phrasebook
from services.classify.days import resolve
from services.classify.entity import Entity
from services.classify.mention import Sentence
from services.classify.regex import regex
from services.classify.speakers import Voices
from shared.records import Evidence, Mode, Outcome, OutcomeKind

_KINDS: dict[str, OutcomeKind] = {
    "invited": "invited",
    "invitation_accepted": "invited",
    "meet_proposed": "meeting",
    "meeting_place": "meeting",
    "leaders_meet": "meeting",
    "officials_meet": "meeting",
    "delegations_met": "meeting",
    "meeting_planned": "meeting",
    "ready_to_meet": "meeting",
    "meeting_not_ruled_out": "stated",
}
MEETINGS_AHEAD = ("meeting_planned", "ready_to_meet")
#: Plans of which it does not matter whose they are.
OF_BOTH = (*MEETINGS_AHEAD, "delegation_planned", "envoy_planned", "told_long")
_BY_SLOT: dict[str, OutcomeKind] = {
    **{"agreed": "agreed", "status": "promised", "next": "next_step"},
    **{"since": "stated", "length": "stated"},
}
_AGREE = regex(
    r"nhất trí|thống nhất|đồng ý|(?<!\w)thỏa thuận (?:sẽ|để|cùng|tiếp tục)|cam kết|tuyên bố sẽ|xác nhận|"
    r"đều muốn|cùng muốn|cùng mong muốn|đều thể hiện"
)
#: What two agree to do something *for* is not what they agreed; "nhất trí để" is plainly to agree.
_PURPOSE = regex(
    r"(?<!\w)(?:(?<!nhất trí )(?<!thống nhất )(?<!đồng ý )để|nhằm|hướng tới|vì mục tiêu|"
    r"thông qua|bằng cách|trên cơ sở)(?: \w+){0,4} $"
)
#: An invitation from somebody who is not on the call is told of on it, not given.
_OF_ANOTHER = regex(r" (?:của|từ)(?!\w)")
_PROPOSES = regex(r"(?<!\w)(?:đề xuất|đề nghị|gợi ý)(?!\w)")
#: "mời ông B tới uống cà phê, nếu có dịp đến New York" is no plan: the condition is told with it, in its own words.
_CONDITION = regex(r"[^.;:…\"”]*(?<!\w)(?:nếu|khi nào) (?:có|ông|bà|được|tới|đến|thuận)[^,.;:…\"”]*")
_PLACE = regex(r"(?:tại|ở|tới|đến|thăm|sang) $")
_CITY = regex(r"(?:tại|ở|tới|đến) (?!Hội |Diễn |Đại |Nhà )(?P<name>[A-ZĐ]\w+(?: [A-ZĐ]\w+)?)")
#: Where two mean to meet stands right behind that they do: "gặp nhau (vào tháng 7) bên lề thượng đỉnh G20".
_MEETING_PLACE = regex(
    r"(?: vào [^,.;]{2,24}?)? (?:tại|ở|bên lề|trong khuôn khổ|nhân)"
    r"(?: (?:[Cc]ác|[Hh]ội nghị|[Dd]iễn đàn|[Tt]hượng đỉnh|[Cc]ấp cao))* (?P<name>[A-ZĐ]\w+(?: [A-ZĐ]\w+)?)"
)
_FUTURE = regex(r"(?<!\w)(?:sẽ|sắp|dự kiến)(?!\w)")


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
    for row, hit in _hits(sentence):
        slot = slots[row]
        if not _allowed(row, slot, sentence, hit.start, hit.end, lower, sides):
            continue
        if row == "invited" and (condition := _CONDITION.match(sentence.text, hit.end, sentence.end)):
            found.append(_on_condition(sentence, hit, condition.end(), sides, voice, evidence))
            continue
        place, date = _place(row, sentence, hit), _date(sentence, hit.end, today)
        found.append(
            Outcome(
                kind=_KINDS.get(row, _BY_SLOT[slot]),
                id=row,
                text=sentence.text[hit.start : hit.end],
                mode=_mode(slot, lower),
                by=_doer(row, slot, sentence, hit.start, sides, countries),
                place=place,
                date=date,
                names=_names(row, sentence, hit.end),
                speaker=voice.at(hit.start),
                evidence=evidence,
            )
        )
    return found


def _on_condition(
    sentence: Sentence, hit: phrasebook.Found, end: int, sides: dict[int, str], voice: Voices, evidence: Evidence
) -> Outcome:
    """An invitation that holds only if something comes to pass, from who invites to its condition."""
    inviter = max(e.start for e in sentence.entities if e.end <= hit.start and e.kind != "country")
    return Outcome(
        kind="invited",
        text=sentence.text[inviter:end].strip(),
        mode="reported",
        by=sides.get(inviter),
        speaker=voice.at(hit.start),
        evidence=evidence,
    )


def _hits(sentence: Sentence) -> Iterator[tuple[str, phrasebook.Found]]:
    """The phrases of outcomes in a sentence, each with its row; a place that is proposed is a proposal to meet."""
    for hit in phrasebook.load("outcomes").find(sentence.words):
        proposed = _PROPOSES.search(sentence.lower, sentence.start, hit.start) is not None
        yield "meet_proposed" if hit.id == "meeting_place" and proposed else hit.id, hit


def _allowed(row: str, slot: str, sentence: Sentence, start: int, end: int, lower: str, sides: dict[int, str]) -> bool:
    after = [e for e in sentence.entities if e.start >= end]
    if row == "invited":
        return _is_invitation(sentence, start, end, sides)
    if row == "invitation_accepted" and _OF_ANOTHER.match(sentence.lower, end):
        return False
    if row == "officials_meet":
        return any(e.kind == "nonleader" and e.end <= start for e in sentence.entities) and any(
            e.start in sides for e in after
        )
    if slot == "agreed":
        together = (
            len(set(sides.values())) > 1 or any(e.kind == "group" for e in sentence.entities) or "chúng tôi" in lower
        )
        purpose = _PURPOSE.search(sentence.lower[max(sentence.start, start - 50) : start])
        return together and purpose is None and _AGREE.search(sentence.lower, sentence.start, end) is not None
    if slot == "since":
        return _FUTURE.search(lower) is None or row == "meeting_not_ruled_out"
    return True


def _is_invitation(sentence: Sentence, start: int, end: int, sides: dict[int, str]) -> bool:
    """Whether one side invites the other: the last person named before does, and whom it names next is not that one."""
    before = [e for e in sentence.entities if e.end <= start and e.kind != "country"]
    after = [e for e in sentence.entities if e.start >= end]
    if not before or not after or after[0].start - end > 4:
        return False
    inviter, guest = before[-1], after[0]
    if inviter.kind == "pronoun":
        inviter = next((e for e in reversed(before) if e.start in sides), inviter)
    if guest.kind != "pronoun" and guest.start not in sides:
        return False
    return inviter.start in sides and sides.get(guest.start) != sides[inviter.start]


def _mode(slot: str, lower: str) -> Mode:
    return "announced" if slot in ("next", "status") and _FUTURE.search(lower) else "reported"


def _doer(
    row: str, slot: str, sentence: Sentence, start: int, sides: dict[int, str], countries: list[str]
) -> str | None:
    """The side that does it; of officials who will meet a leader of the call, the other leader's."""
    if slot in ("agreed", "status") or row in OF_BOTH:
        return None
    if row == "officials_meet":
        met = next((sides[s] for s in sorted(sides) if s > start), None)
        others = [country for country in countries if country != met]
        return others[0] if met and len(others) == 1 else None
    return _by(sentence, start, sides, countries)


def _by(sentence: Sentence, start: int, sides: dict[int, str], countries: list[str]) -> str | None:
    before = [s for s in sides if s < start]
    side = (
        sides[max(before)]
        if before
        else next((e.countries[0] for e in sentence.entities if e.end <= start and e.countries), None)
    )
    return side if side in countries else None


def _place(row: str, sentence: Sentence, hit: phrasebook.Found) -> str | None:
    if row in MEETINGS_AHEAD:
        beside = _MEETING_PLACE.match(sentence.text, hit.end, sentence.end)
        return beside["name"] if beside else None
    start = hit.start
    for entity in sentence.entities:
        if (
            entity.kind == "country"
            and entity.end > start
            and _PLACE.search(sentence.lower[entity.start - 6 : entity.start])
        ):
            return sentence.text[entity.start : entity.end]
    city = _CITY.search(sentence.text, start, sentence.end)
    return city["name"] if city else _subject_place(sentence, start)


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
    if row in ("cooperate_on", "coordinate_on"):
        return tuple(
            sentence.text[e.start : e.end]
            for e in sentence.entities
            if e.start >= end and e.kind == "country" and e.start - end <= 3
        )
    return ()


def _last_name(entity: Entity) -> str:
    return (entity.name or "").split()[-1]
