"""A call as one article tells it, put together from its mentions; every field with the sentence that proves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Literal

from services.classify.apart import lies_ahead
from services.classify.clocks import contradictions_of
from services.classify.contents import Contents, contents_of, in_passing, outcomes_in_passing
from services.classify.coreference import Coreference
from services.classify.dating import when_of
from services.classify.entity import Entity
from services.classify.event import Event
from services.classify.hits import hits_of
from services.classify.initiator import find_caller, find_initiator, find_thanked, is_placed
from services.classify.leader import Leader
from services.classify.mention import Mention
from services.classify.reading import ReadArticle
from services.classify.regex import regex
from services.classify.resolve import Resolver
from services.classify.times import DAYS, LengthExpr, TimeExpr
from services.classify.written import HEAD, NEWS_DAYS
from shared.records import Anchor, Channel, Denial, Duration, Initiator, Report, Status, When

#: A clause that places something else in time, or an example: "Căng thẳng tăng khi ông A điện đàm với ông B".
_PASSING = regex(
    r"(?<!\w)(?:(?<!sau )(?<!trước )(?<!ngay )khi|(?<!xác nhận )(?<!xác nhận về )(?<!thông báo về )việc|"
    r"như|nhận định|đánh giá|"
    r"là một trong (?:số )?(?:các|những)[^.;,]{0,40} đầu tiên)"
    r"(?: [^.;,:\"]{0,70})? $"
)
#: A call named as what something else answers to, wherever it stands: "nhằm đáp trả cuộc điện đàm của ông A với ông B".
_CAUSE = regex(
    r"(?<!\w)(?:phản ứng(?: của [^.;,]{0,50})?|đáp trả|trả đũa|hành động [^.;,]{0,60} như)"
    r"(?: lại| trước| với| đối với| sau| về)? $"
)
#: Who tells of a plan has it from somebody unnamed, or only asks about what others print.
_RUMOUR = regex(
    r"(?<!\w)(?:(?:dẫn|theo) (?:(?:các|một số|nhiều|hai|ba|lời) )*nguồn (?:thạo )?tin"
    r"(?! (?:từ )?(?:điện|nhà|chính|bộ|của|văn phòng|phủ))|"
    r"nguồn thạo tin (?:\w+ ){0,3}(?:cho biết|nói|tiết lộ)|"
    r"nói gì về (?:thông )?tin|không (?:xác nhận|bác bỏ)[^.;:]{0,40} thông tin)(?!\w)"
)
#: "Chưa gọi cho ông A; nhưng ít giờ sau, Nhà Trắng thông báo hai ông đã nói chuyện".
_NOT_YET = regex(r"chưa(?: \w+)? [QZ]")
_SINCE_THEN = regex(r"(?:cuối cùng|rốt cuộc|sau đó)(?!\w)[^.;]*Q|(?:giờ|phút|hôm|ngày) sau,? [^.;]*Q")
#: "Chưa gọi cho ông A, nhưng hôm qua đã gọi": made since where its day is told and is no older one.
_BUT = regex(r"(?:nhưng|song)(?!\w)[^.;]*Q")
#: "…, theo một nguồn tin", "…, báo A dẫn các nguồn thạo tin".
_LAST_SOURCE = regex(
    r", (?:theo|[^,;:]{0,50}dẫn) (?:(?:các|một|một số|nhiều|hai|ba) )*nguồn (?:thạo )?tin(?: của [^,;:]{2,30})?"
    r"(?: cho (?:biết|hay)| tiết lộ)?\.?$"
)
#: "Nhà Trắng cho biết ông A sẽ gọi cho ông B để bàn về chè, theo một nguồn tin": the source is for the matter.
_OFFICE_SAYS = regex(r"C. (?:[^A-Z.;:,]{0,20} )?(?:cho biết|thông báo|xác nhận|công bố|tuyên bố) [^.;:]*Q")
#: "Nhà Trắng xác nhận cuộc điện đàm sắp diễn ra".
_CONFIRMED = regex(r"(?<!không )(?<!chưa )(?<!được )(?<!từ chối )(?<!thể )(?:xác nhận|thông báo|công bố) [^.;:]*Q")
#: How far two lengths of one call may differ, as a share of the first.
_LEEWAY = 0.25
_LEAK = regex(r"rò rỉ|bị lộ|làm lộ|(?<!tiết )lộ nội dung|ghi âm")
#: Words that say that a day was agreed or given: more than a wish for the same call.
_SET = {"will_take_place", "scheduled_for", "agreed_to", "date_set"}
#: Words that say more plainly that a call was held than a cue in passing does.
_PLAIN = {"has_held", "lasted", "reportedly_held", "broke_off", "in_a_picture"}


def report_of(event: Event, groups: Coreference, resolver: Resolver, read: ReadArticle) -> Report:
    """The report of an event."""
    status, denial = _status(event, groups)
    if status == "planned" and _is_rumoured(event):
        status = "proposed"
    contents = contents_of(event, status, groups, resolver, read)
    durations = _durations(event, read, contents)
    when = when_of(event, groups, status, durations, resolver, contents, read)
    news = _news(event, groups, status, resolver) and not _is_old(when, status, groups.today)
    proofs = [
        read.proof("participants", _plainest(event).sentence),
        *(e for e in (when.evidence,) if e),
        *(d.evidence for d in durations if d.evidence),
    ]
    return Report(
        participants=tuple(resolver.participant(who) for who in _in_order(event)),
        status=status,
        denial=denial,
        news=news,
        channel=_channel(event, groups),
        when=when,
        durations=durations,
        initiator=_initiator(event, groups, read, contents),
        anchors=_anchors(event, groups, resolver, read),
        claims=contents.claims,
        topics=contents.topics if news else in_passing(contents.topics, event),
        outcomes=contents.outcomes if news else outcomes_in_passing(contents.outcomes, event),
        contradictions=contradictions_of(when, durations),
        heard=contents.heard,
        evidence=tuple(proofs),
        hits=hits_of(event.mentions, read),
    )


def _in_order(event: Event) -> list[Leader]:
    """The leaders in the order in which the mention names them that names them most plainly, whatever a caption has;
    by the alphabet where no mention names them."""
    named = _plainest(event).leaders

    def place(who: Leader) -> tuple[int, str]:
        return next((i for i, other in enumerate(named) if who.same_as(other)), len(named)), who.name or ""

    return sorted(event.leaders, key=place)


def _plainest(event: Event) -> Mention:
    """The mention that names the leaders most plainly: in the text, both named, told as a fact, and no caption."""

    def rank(mention: Mention) -> tuple[bool, bool, bool, bool, int]:
        told = mention.reading.rule in _PLAIN or mention.reading.rule == "within"
        soft = mention.soft or mention.rule == "same_sentence"
        return (mention.kind != "full", mention.sentence.caption, soft, not told, mention.sentence.index)

    return min(event.mentions, key=rank)


#: "Sáng cùng ngày, người phát ngôn cho biết ông A sẽ điện đàm": what had been announced of a call told since.
_ANNOUNCED = regex(
    r"(?:trước đó(?: T.)?|T. ?(?:trước đó)?),? [^.;:]*(?:cho biết|cho hay|nói|thông báo|tiết lộ|xác nhận)[^.;:]*"
    r"(?:sẽ|dự kiến|chuẩn bị)[^.;:]*Q"
)


def _is_of_before(mention: Mention) -> bool:
    """Whether a mention below the head tells what was announced or wished for before a call that is told with its
    day."""
    if mention.reading.rule == "wants" and mention.sentence.index >= HEAD and not mention.times:
        return True
    before = mention.skeleton.text.startswith("trước đó") or any(t.kind == "same_day" for t in mention.sentence.times)
    return before and _ANNOUNCED.match(mention.skeleton.text) is not None


def _status(event: Event, groups: Coreference) -> tuple[Status, Denial | None]:
    """A denial weighs more than a call told as held; a call told as held more than its plan; words more than none.

    A day settles what words leave open: what lies ahead is planned, and what was planned for a day gone by was held.
    """
    told_with_day = any(m.kind == "full" and m.times and m.reading.status == "held" for m in event.mentions)
    mentions = [m for m in event.mentions if not (told_with_day and _is_of_before(m))]
    readings = [m.reading for m in mentions if m.cue.kind != "noun_weak"] or [m.reading for m in mentions]
    denied = [r for r in readings if r.status == "denied"]
    told_long = [m.reading for m in mentions if m.length is not None and m.reading.status == "held"]
    denied = [] if denied and _was_made_up_for(event) else denied
    held = [r for r in readings if r.rule in _PLAIN] or [r for r in told_long if r in readings]
    if denied and (readings[0].status == "denied" or len(denied) >= len(held)):
        return "denied", denied[0].denial
    ended = any(r.rule == "lasted" for r in readings)
    if any(r.status == "ongoing" for r in readings) and not ended:
        return "ongoing", None
    ahead = lies_ahead(mentions, groups.written)
    if held and not ahead:
        return "held", None
    if ahead:
        return next((r.status for r in readings if r.status == "proposed"), "planned"), None
    if ahead is False:
        return "held", None
    # a title is short of words: "ông A muốn gọi cho ông B" over a text that says when they will speak
    told = sorted(mentions, key=lambda m: m.sentence.part == "title")
    firm = [m.reading for m in told if m.kind != "anaphor"]
    dated = any(m.kind == "full" and m.times for m in told)
    spoken = firm if dated or any(reading.explicit for reading in firm) else readings
    if any(reading.rule in _SET for reading in readings):
        return "planned", None
    return next((r.status for r in spoken if r.status in ("planned", "proposed", "ongoing")), "held"), None


def _was_made_up_for(event: Event) -> bool:
    """Whether a call that had not been made was made since: "chưa gọi cho ông A, nhưng ít giờ sau đã gọi"."""
    told = [m for m in event.mentions if m.reading.status in ("denied", "held") and m.cue.kind != "noun_weak"]
    if not told:
        return False
    last = told[-1]
    not_yet = all(m.reading.rule == "not_held" and _NOT_YET.search(m.skeleton.text) for m in told if m.reading.denial)
    if not not_yet or last.reading.rule != "has_held":
        return False
    but = _BUT.search(last.skeleton.text) is not None and any(t.kind in DAYS for t in last.times)
    return _SINCE_THEN.search(last.skeleton.text) is not None or (but and not event.past)


def _is_rumoured(event: Event) -> bool:
    """Whether a plan without its time is only what a newspaper has heard: "báo A dẫn nguồn tin cho biết ông B có kế
    hoạch nói chuyện với ông C"."""
    full = [m for m in event.mentions if m.kind == "full" and m.sentence.part == "text"]
    said = any(_is_announced(m) for m in event.mentions)
    return bool(full) and all(map(_is_of_a_rumour, full)) and not said and not event.times()


def _is_of_a_rumour(mention: Mention) -> bool:
    """Whether a sentence tells of a call what somebody unnamed says: "theo nguồn tin của báo A, ông B sẽ gọi ông C"."""
    sentence = mention.sentence
    last = _LAST_SOURCE.search(sentence.lower, mention.cue.end, sentence.end)
    official = _OFFICE_SAYS.search(mention.skeleton.text) is not None
    return (last is not None and not official) or _RUMOUR.search(
        sentence.lower, sentence.start, mention.cue.start
    ) is not None


def _is_announced(mention: Mention) -> bool:
    """Whether an office tells of a call to come: "Nhà Trắng xác nhận cuộc điện đàm sắp diễn ra"."""
    return _CONFIRMED.search(mention.skeleton.text) is not None and not _is_of_a_rumour(mention)


def _news(event: Event, groups: Coreference, status: Status, resolver: Resolver) -> bool:
    if groups.today is not None and any(resolver.left_office(who) for who in event.leaders):
        return False
    if status in ("planned", "ongoing"):
        return True
    if event.lately and not event.times_of_day():
        return False
    told = [
        (t.kind, age)
        for m in event.mentions
        for t in m.times
        if (age := groups.written.age(t, m.sentence.index)) is not None
        and not (t.kind == "year" and len(m.times) > 1 and (groups.today is not None or not t.shift))
    ]
    ages = [age for kind, age in told if kind != "day" or groups.today] or [age for _, age in told]
    if ages:
        return not all(ages) and not event.past
    passing = status != "proposed" and _told_in_passing(event)  # a wish lies ahead, whatever clause tells of it
    return not event.past and not _only_captions(event) and not passing


def _is_old(when: When, status: Status, today: dt.date | None) -> bool:
    """Whether a call turns out to be history by the day of something else: "một ngày trước đó"."""
    if today is None or status != "held" or when.date is None or "?" in when.date:
        return False
    return (today - dt.date.fromisoformat(when.date)).days > NEWS_DAYS


def _told_in_passing(event: Event) -> bool:
    """A call without a day that is only the cause of what the article tells, or that stands, below the head of it, only
    in clauses that tell of something else."""
    return all(
        (m.sentence.index >= HEAD and _PASSING.search(m.sentence.lower, m.sentence.start, m.cue.start))
        or _CAUSE.search(m.sentence.lower, m.sentence.start, m.cue.start)
        for m in event.mentions
    )


def _only_captions(event: Event) -> bool:
    """A photo's caption shows some call of the two, not a new one. A line that an article prints twice is a caption."""
    return all(
        m.sentence.caption or _LEAK.search(m.sentence.lower, m.sentence.start, m.sentence.end) for m in event.mentions
    )


def _channel(event: Event, groups: Coreference) -> Channel | None:
    channels = [m.cue.channel for m in event.mentions if m.cue.channel and not m.sentence.caption]
    channels = channels or [m.cue.channel for m in event.mentions if m.cue.channel]
    if not channels:
        channels = [m.cue.channel for e in groups.events for m in e.mentions if m.cue.channel]
    return "video" if "video" in channels else channels[0] if channels else None


def _durations(event: Event, read: ReadArticle, contents: Contents) -> tuple[Duration, ...]:
    found: list[tuple[LengthExpr, Mention]] = [(m.length, m) for m in event.mentions if m.length]
    first = found[0][0] if found else None
    found.sort(key=lambda f: (not _agree(f[0], first), f[0].bound != "exact"))
    return tuple(
        Duration(
            minutes=length.minutes,
            bound=length.bound,
            speaker=contents.sayer(m.sentence.index),
            evidence=read.proof("duration_min", m.sentence),
            text=read.evidence("duration_min", m.sentence.part, length.start, length.end).text,
        )
        for length, m in found
    )


def _agree(length: LengthExpr, first: LengthExpr | None) -> bool:
    """Whether a length may be another word for the one told first: an exact one of another call is not the better."""
    return first is not None and abs(length.minutes - first.minutes) <= first.minutes * _LEEWAY


Relation = Literal["before", "just_before", "after", "just_after", "same_day"]
_ORDER = regex(r"(?P<just>ngay )?(?P<word>trước|sau)(?: khi| đó)?")


_MOST_ANCHORS = 2
_RELATIONS: dict[tuple[bool, str], Relation] = {
    (False, "trước"): "before",
    (True, "trước"): "just_before",
    (False, "sau"): "after",
    (True, "sau"): "just_after",
}


def _anchors(event: Event, groups: Coreference, resolver: Resolver, read: ReadArticle) -> tuple[Anchor, ...]:
    """The other calls of the article that place this one: in one sentence, or "trước đó, cùng ngày" after another."""
    anchors: list[Anchor] = []
    told_in = {id(other): _by_sentence(other) for other in groups.events}
    for mention in event.mentions:
        if len(anchors) >= _MOST_ANCHORS:
            break
        sentence = mention.sentence
        for other in groups.events:
            if other is event or set(map(id, other.leaders)) == set(map(id, event.leaders)):
                continue
            here = told_in[id(other)].get(sentence.index, ())
            told = next((m for m in here if m.cue.start > mention.cue.end), None)
            order = _ORDER.search(sentence.lower, mention.cue.end, told.cue.start) if told else None
            if order is not None:
                relation = _RELATIONS[order["just"] is not None, order["word"]]
                anchors.append(
                    _anchor(relation, other, sentence.text[order.start() : order.end()], True, mention, resolver, read)
                )
        same_day = next((t for t in mention.times if t.kind == "same_day" and t.shift == 0), None)
        if same_day is not None:
            anchors += _same_day(event, mention, same_day, groups, resolver, read)
    return tuple(anchors[:_MOST_ANCHORS])


def _by_sentence(event: Event) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = {}
    for mention in event.mentions:
        found.setdefault(mention.sentence.index, []).append(mention)
    return found


def _same_day(
    event: Event, mention: Mention, time: TimeExpr, groups: Coreference, resolver: Resolver, read: ReadArticle
) -> list[Anchor]:
    earlier = [
        (m.sentence.index, e)
        for e in groups.events
        if e is not event
        for m in e.mentions
        if m.sentence.index < mention.sentence.index
    ]
    if not earlier:
        return []
    other = max(earlier, key=lambda pair: pair[0])[1]
    words = mention.sentence.lower[time.start : time.end]
    anchors = [_anchor("same_day", other, words, True, mention, resolver, read)]
    opening = mention.sentence.lower[mention.sentence.start : mention.cue.start]
    if "trước đó" in opening:
        anchors.append(_anchor("before", other, "trước đó", False, mention, resolver, read))
    return anchors


def _anchor(
    relation: Relation, other: Event, text: str, firm: bool, mention: Mention, resolver: Resolver, read: ReadArticle
) -> Anchor:
    participants = tuple(resolver.participant(who) for who in other.leaders)
    return Anchor(
        relation=relation,
        participants=participants,
        text=text,
        firm=firm,
        evidence=read.proof("date", mention.sentence),
    )


def _side(event: Event, mention: Mention, entity: Entity) -> str | None:
    """The country of a phrase, where it is one of the call's."""
    countries = [who.country for who in event.leaders]
    known = [mention.sides.get(entity.start), *entity.countries]
    return next((c for c in known if c in countries), None)


#: "Ông A hai lần gọi điện cho ông B", "Thủ tướng A gọi điện cho lãnh đạo sáu nước": who placed each of these calls.
_SEVERAL = regex(
    r"(?:hai|ba|bốn|[2-4]) lần (?:[^\s.;:,]+ )?Q|"
    r"Q.(?: [^\s.;:,]+)? (?:cho|tới|đến) (?:[GH].|L. (?:năm|sáu|bảy|\d+) nước)"
)


def _places_several(mention: Mention) -> bool:
    return mention.caller is not None and _SEVERAL.search(mention.skeleton.text) is not None


def _initiator(event: Event, groups: Coreference, read: ReadArticle, contents: Contents) -> Initiator | None:
    told = next(_initiators(event, groups), None)
    if told is None:
        return contents.caller
    mention, side, how = told
    return Initiator(
        side=side,
        how=how,
        speaker=contents.sayer(mention.sentence.index),
        evidence=read.proof("initiator", mention.sentence),
    )


def _initiators(event: Event, groups: Coreference) -> Iterator[tuple[Mention, str, Literal["requested", "phoned"]]]:
    """Who asked for a call or placed it, as mentions tell it: who asked first, then who rang, then who is thanked."""
    for mention in event.mentions:
        if mention.reading.denial in ("cancelled", "postponed"):
            continue  # "hoãn theo đề nghị của phía Anh": what was asked for is the delay
        to_come = mention.reading.status in ("planned", "proposed", "denied")
        if side := find_initiator(mention.skeleton, partial(_side, event, mention), to_come=to_come):
            yield mention, side, "requested"
    for mention in event.mentions:
        if side := find_caller(mention.skeleton, partial(_side, event, mention)):
            yield mention, side, "phoned"
    of_several = (m for m in groups.mentions() if not event.past and _places_several(m) and event.holds(m.leaders))
    for mention in (*event.mentions, *of_several):
        if mention.caller is not None and mention.caller.country and is_placed(mention.skeleton):
            yield mention, mention.caller.country, "phoned"
    for mention in event.mentions:
        if side := find_thanked(mention.skeleton, partial(_side, event, mention)):
            yield mention, side, "phoned"
