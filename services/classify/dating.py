"""The day of a call: which of the times around its mentions says when it was, and what "cùng ngày" refers to."""

from __future__ import annotations

import msgspec

from services.classify.beside import says
from services.classify.clocks import with_hours
from services.classify.contents import Contents
from services.classify.coreference import Coreference
from services.classify.days import Days, moved
from services.classify.event import Event
from services.classify.mention import Mention, Sentence
from services.classify.reading import ReadArticle
from services.classify.regex import regex
from services.classify.resolve import Resolver
from services.classify.times import DAYS, TimeExpr
from shared.records import Duration, Status, When

#: What stands before the day on which somebody spoke: "phát biểu tại Nhà Trắng ngày 10/12, ông nói ông sẽ gọi 'vào
#: ngày mai'".
_SPOKE = regex(r"(?<!\w)(?:phát biểu|trả lời|trao đổi với (?:báo giới|báo chí|phóng viên))[^.;:]*$")
#: One call told behind another: "…, trước khi điện đàm với ông B".
_AND_THEN = regex(r"(?:, |và |rồi )?(?:trước khi|sau khi|rồi|sau đó)(?: cũng| tiếp tục| là)* Q")
#: The calls of a series, one by one.
_IN_ORDER = regex(r'"?(?:trước hết|trước tiên|đầu tiên|sau đó|tiếp đó|tiếp theo|kế đó|sau cùng|cuối cùng)(?!\w)')
#: "Tôi vừa nói chuyện với ông A": a call of the day on which that is said.
_JUST_NOW = regex(r"(?<!\w)(?:vừa|mới)(?: mới| có| trực tiếp| kết thúc| một| thêm)* Q")
#: The call after another, told at once.
_NEXT = regex(
    r"(?:ông|bà)(?: [^\s.;:,]+){0,3} cũng lần lượt |(?:ngay |không lâu )?(?:sau|tiếp) đó"
    r"(?:,| (?:cũng|ông|bà|tổng thống|thủ tướng|chủ tịch|quốc vương|thái tử|nhà lãnh đạo)(?!\w))|"
    r"trước đó (?:trong|vào|cùng) (?:buổi )?(?:sáng|trưa|chiều|ngày),? |trên (?:đường|chuyến bay|máy bay)(?: (?:về|đi|"
    r"bay))*,? |"
    r"(?:buổi (?:trưa|chiều|tối)|(?:vài|ít|mấy|một|hai|ba|\d+) (?:giờ|phút|tiếng) sau),? "
)
#: What is to come tells nothing of what was done.
_IS_TO_COME = regex(r"(?<!\w)(?:sẽ|dự kiến|theo kế hoạch)(?!\w)")
#: "Ông A nói với ông B", "ông A đề nghị ông B làm nhiều hơn", "ông A và ông B nhất trí", with the day taken out.
_SAYS_TO = regex(
    r",? (?:,? ?)?(?:đã |vừa |cũng )*(?:(?:nói|nói rõ|cho biết|thông báo|tuyên bố|khẳng định|cam kết|hứa|chia sẻ) với|"
    r"đề nghị|yêu cầu|kêu gọi|hối thúc|thúc giục|cảnh báo|khuyên|cảm ơn|thông báo cho) B|"
    r" (?:và|cùng|với) B,? +(?:đã |vừa |cùng )*(?:nhất trí|đồng ý|thống nhất|cam kết|thỏa thuận|bàn|thảo luận)(?!\w)"
)
#: Where it was not said on a call: "trên CNN", "trong bài phát biểu".
_SAID_ELSEWHERE = regex(
    r"(?<!\w)(?:trên (?:[a-z]{1,7}|đài|kênh|sóng|truyền hình|mạng|báo)(?!\w)|bài phát biểu|phát biểu (?:tại|trước)|"
    r"phỏng vấn|họp báo|(?:bức|lá) thư|bài viết|bên lề|cuộc gặp|khi gặp)"
)
#: What ties what was said to the call: "thông điệp được đưa ra trong cuộc điện đàm", "thông cáo sau cuộc điện đàm".
_SAID_IN_IT = regex(
    r"(?:đưa ra|nêu ra|nêu|truyền đạt|phát đi) (?:trong|tại|qua)(?: một)? Q|"
    r"(?:thông cáo|thông báo)[^.;:]{0,40} (?:sau|về)(?: một)? Q|"
    r"^(?:T|t)rong Q., |^cũng (?:tại|trong|qua)(?: một)? Q|^đây (?:cũng |mới |đã )*là Q|"
    r"^Q. diễn ra (?:\w+ ){1,2}(?:ngày|giờ) sau "
)
#: How many sentences before its call, and how many characters behind the second leader, that may stand.
_SAID_REACH, _SAID_NEAR = 2, 40
#: How many sentences behind its announcement the calls of a series are told.
_SERIES_REACH = 8
#: How many sentences back "cùng ngày" may refer.
_SAME_DAY_REACH = 20
_NEAR = 6


def when_of(
    event: Event,
    groups: Coreference,
    status: Status,
    lengths: tuple[Duration, ...],
    resolver: Resolver,
    contents: Contents,
    read: ReadArticle,
) -> When:
    """When a call was, by the time that says it most narrowly; empty where no words of the article date it."""
    times = [
        (t, _days_meant(t, m, event, groups, status, read), m) for m in event.mentions for t in _times_of(m, status)
    ]
    times = (
        times
        or _of_clause_before(event, groups)
        or _of_series(event, groups, read)
        or _of_next(event, groups, read)
        or _of_quotation(event, groups, read)
        or _of_going_on(event, groups, status)
        or (_of_what_was_said(event, groups, resolver, read) if status == "held" else [])
    )
    if not times:
        return with_hours(When(), None, None, event, lengths, read, resolver.lexicon, contents.voice_of)
    expression, days, mention = min(times, key=lambda told: _vagueness(told[0], told[1]))
    when = When(
        date=days.date,
        speaker=contents.sayer(mention.sentence.index),
        text=read.evidence("date", mention.sentence.part, expression.start, expression.end).text,
        day_part=expression.day_part,
        clock=expression.clock,
        since=days.since.isoformat() if days.since else None,
        until=days.until.isoformat() if days.until else None,
        year_assumed=days.year_assumed and not _year_stands(days, read),
        evidence=read.proof("date", mention.sentence),
    )
    return with_hours(when, mention, expression.zone, event, lengths, read, resolver.lexicon, contents.voice_of)


def _of_clause_before(event: Event, groups: Coreference) -> list[tuple[TimeExpr, Days, Mention]]:
    """The day of the call told before in the sentence: "hôm thứ Ba điện đàm với ông A, trước khi gọi cho ông B"."""
    for mention in event.mentions:
        if _AND_THEN.search(mention.skeleton.text) is None:
            continue
        others = (m for e in groups.events if e is not event for m in e.mentions if m.sentence is mention.sentence)
        days = [t for m in others if m.cue.end <= mention.cue.start for t in m.times if t.kind in DAYS]
        if days:
            return [(days[0], groups.written.days(days[0]), mention)]
    return []


def _of_series(event: Event, groups: Coreference, read: ReadArticle) -> list[tuple[TimeExpr, Days, Mention]]:
    """The day of a series of calls that the text told just before: "Hôm thứ Ba, ông A có một loạt cuộc điện đàm. Trước
    hết, ông nói chuyện với ông B"."""
    first = min(event.mentions, key=lambda m: m.sentence.index)
    index = first.sentence.index
    if _IN_ORDER.match(first.sentence.lower, first.sentence.start) is None:
        return []
    for sentence in reversed(read.sentences[max(0, index - _SERIES_REACH) : index]):
        days = [t for t in sentence.times if t.kind in DAYS]
        if days and any(cue.plural for cue in sentence.cues):
            return [(days[0], groups.written.days(days[0]), msgspec.structs.replace(first, sentence=sentence))]
    return []


def _of_next(event: Event, groups: Coreference, read: ReadArticle) -> list[tuple[TimeExpr, Days, Mention]]:
    """The day of the call told before, where this one was next: "Sau đó, ông A điện đàm với ông C", "ông gọi lại
    cho ông B"."""
    first = min(event.mentions, key=lambda m: m.sentence.index)
    index = first.sentence.index
    next_to = _NEXT.match(first.sentence.lower, first.sentence.start) is not None or "back" in event.counts
    if first.reading.status != "held" or not next_to:
        return []
    told = [
        (m, t)
        for e in groups.events
        if e is not event and not e.past and any(e.holds((who,)) for who in event.leaders)
        for m in e.mentions
        for t in m.times
        if index - _NEAR <= m.sentence.index < index and t.kind in DAYS
    ]
    if not told:
        return []
    mention, day = told[-1]
    # what was done since has its own day: "ngày 14/5, ông A thăm Berlin. Buổi tối, ông điện đàm với ông B"
    before = read.sentences[index - 1]
    since = _opening_day(before) if before.index > mention.sentence.index else None
    if since is None:
        return [(day, groups.written.days(day), mention)]
    return [(since, groups.written.days(since), msgspec.structs.replace(first, sentence=before))]


def _opening_day(sentence: Sentence) -> TimeExpr | None:
    """The day on which a sentence tells that somebody did something, by how it opens: "Ngày 14/5, ông A thăm Berlin",
    "Ông A hôm 14/5 thăm Berlin"."""
    if _IS_TO_COME.search(sentence.lower, sentence.start, sentence.end):
        return None
    opens = [sentence.start, *(entity.end + 1 for entity in sentence.entities[:1])]
    return next((t for t in sentence.times if t.kind in DAYS and t.start in opens), None)


def _of_quotation(event: Event, groups: Coreference, read: ReadArticle) -> list[tuple[TimeExpr, Days, Mention]]:
    """The day of a quotation of several sentences that tells what has just happened: "Vừa nói chuyện với Tổng thống B.
    Mọi việc tốt đẹp", ông A viết tối 23/8."""
    for mention in event.mentions:
        if _JUST_NOW.search(mention.skeleton.text) is None:
            continue
        just = TimeExpr(kind="relative", start=mention.cue.start, end=mention.cue.end)
        if day := _said_on(just, mention.sentence, read):
            return [(day, groups.written.days(day), mention)]
    return []


def _of_what_was_said(
    event: Event, groups: Coreference, resolver: Resolver, read: ReadArticle
) -> list[tuple[TimeExpr, Days, Mention]]:
    """The day on which one leader said to the other what the next sentences tell to have been said in a call: "Ông A
    hôm 30/7 nói với ông B rằng …. Thông điệp được đưa ra trong cuộc điện đàm giữa hai ông"."""
    first = min((m for m in event.mentions if m.sentence.part == "text"), key=lambda m: m.sentence.index, default=None)
    if first is None or not first.cue.noun or event.past or len(event.leaders) != 2:
        return []
    if not _SAID_IN_IT.search(first.skeleton.text):
        return []
    index = first.sentence.index
    for sentence in reversed(read.sentences[max(0, index - _SAID_REACH) : index + 1]):
        day = _day_said(sentence, event, resolver)
        if day is not None and sentence.part == "text":
            return [(day, groups.written.days(day), msgspec.structs.replace(first, sentence=sentence))]
    return []


def _day_said(sentence: Sentence, event: Event, resolver: Resolver) -> TimeExpr | None:
    """The only day of a sentence in which one leader of a call says something to the other, or both agree."""
    named = resolver.named_in(sentence.index, sentence.entities)
    ends = {entity.start: entity.end for entity in sentence.entities}
    talking = [(at, who) for at, who in sorted(named.items()) if any(who.same_as(e) for e in event.leaders)]
    days = [t for t in sentence.times if t.kind in DAYS]
    if len(talking) < len(event.leaders) or talking[0][1].same_as(talking[1][1]) or len(days) != 1:
        return None
    (one, _), (other, _) = talking[:2]
    end = min(ends[other] + _SAID_NEAR, sentence.end)
    if _SAID_ELSEWHERE.search(sentence.lower, sentence.start, sentence.end):
        return None
    told = sentence.lower[ends[one] : days[0].start] + sentence.lower[days[0].end : end]
    told = told if ends[one] <= days[0].start < end else sentence.lower[ends[one] : end]
    words = sentence.lower[other : ends[other]]
    return days[0] if days[0].start < end and _SAYS_TO.match(told.replace(words, "B", 1)) else None


def _of_going_on(event: Event, groups: Coreference, status: Status) -> list[tuple[TimeExpr, Days, Mention]]:
    """The day of the article, where it tells that the call goes on: "hai ông đang điện đàm"."""
    told = next((m for m in event.mentions if m.reading.status == "ongoing"), None)
    if status != "ongoing" or told is None or groups.today is None:
        return []
    now = TimeExpr(kind="relative", start=told.cue.start, end=told.cue.end)
    return [(now, groups.written.days(now), told)]


def _times_of(mention: Mention, status: Status) -> tuple[TimeExpr, ...]:
    """The times of a mention. Who says today that a call goes on says that it is today's."""
    if status != "ongoing" or mention.times:
        return mention.times
    of_today = (t for t in mention.sentence.times if t.kind == "day" or (t.kind == "relative" and t.shift == 0))
    return tuple(of_today) if mention.reading.status == "ongoing" else ()


def _vagueness(expression: TimeExpr, days: Days) -> tuple[int, bool, int]:
    """How far a time is from a day with its hour: the least of all is the one that a report gives."""
    open_day = 0 if days.date and "?" not in days.date[5:] else 1 if days.date else 2
    hour = 0 if expression.clock and expression.zone else 1 if expression.day_part or expression.zone else 2
    return open_day, expression.kind != "day", hour


def _days_meant(
    expression: TimeExpr, mention: Mention, event: Event, groups: Coreference, status: Status, read: ReadArticle
) -> Days:
    """What a time means; "cùng ngày" is the day told before it in the sentence, else that of the call told before, else
    the last day that the sentences just before name.

    "Hôm nay" in a quotation is the day on which it was said, where the sentence gives that.
    """
    if expression.kind == "relative":
        said_on = _said_on(expression, mention.sentence, read)
        return (
            moved(groups.written.days(said_on), expression.shift)
            if said_on
            else groups.written.days(expression, _ahead(status))
        )
    if expression.kind != "same_day":
        return groups.written.days(expression, _ahead(status))
    inside = [t for t in mention.sentence.times if t.end <= expression.start and t.kind in DAYS]
    index = mention.sentence.index
    told = [
        m
        for e in groups.events
        if e is not event
        for m in e.mentions
        if index - _SAME_DAY_REACH <= m.sentence.index < index
    ]
    before = [t for m in sorted(told, key=lambda m: m.sentence.index) for t in m.times if t.kind in DAYS]
    near = [
        t
        for s in read.sentences[max(0, index - _NEAR) : index]
        for t in s.times
        if t.kind in ("relative", "weekday") or (t.kind == "day" and t.year is None)
        if not s.lower.startswith("từ hôm ", t.start)
    ]
    beside = [
        t
        for e in groups.events
        if e is not event and any(m.sentence.index == index and m.cue.end <= expression.start for m in e.mentions)
        for t in e.times()
        if t.kind in DAYS
    ]
    after_another = mention.sentence.lower.startswith("ngay sau đó", expression.start)
    since = max((m.sentence.index for m in told if m.times), default=index)
    named = [t for s in read.sentences[since + 1 : index] for t in s.times if _is_the_same_day(s, t)]
    later = [t for t in mention.sentence.times if t.start >= expression.end and t.kind in DAYS]
    inside = inside or (later if mention.sentence.lower.endswith(" sau", expression.start, expression.end) else [])
    meant = inside[-1:] or named[-1:] or before[-1:] or beside[:1] or (near[-1:] if not after_another else [])
    return moved(groups.written.days(meant[0]), expression.shift) if meant else groups.written.days(expression)


def _is_the_same_day(sentence: Sentence, time: TimeExpr) -> bool:
    """Whether a sentence says which day is meant: "Cùng ngày 9/10"."""
    return time.kind == "day" and sentence.lower.endswith("cùng ", sentence.start, time.start)


def _ahead(status: Status) -> bool:
    return status in ("planned", "proposed")


def _said_on(expression: TimeExpr, sentence: Sentence, read: ReadArticle) -> TimeExpr | None:
    """The day on which the quotation around a time was said: "…hôm nay…", AFP dẫn lời ông hôm 18/1.

    A quotation stands in one line, in one sentence or several; its day stands behind it, else in front.
    """
    lower = sentence.lower
    line = (lower.rfind("\n", 0, sentence.start) + 1, (lower + "\n").index("\n", expression.end))
    quoted = lower.count('"', line[0], expression.start) % 2 == 1
    closes = lower.find('"', expression.end, line[1])
    if not quoted or closes < 0:
        return None
    said = next(s for s in read.sentences if s.part == sentence.part and s.start <= closes < s.end)
    if says(lower[closes : said.end]):
        day = next((time for time in said.times if time.kind == "day" and time.start > closes), None)
        return day or _said_on_before(lower.rindex('"', 0, expression.start), sentence, read)
    spoke = (time for time in sentence.times if _SPOKE.search(lower, sentence.start, time.start))
    return next((time for time in spoke if time.kind == "day" and time.end <= expression.start), None)


def _said_on_before(opens: int, sentence: Sentence, read: ReadArticle) -> TimeExpr | None:
    """The day of a quotation that opens at `opens`, by the sentence before: "Hôm 10/9 ông A nói với báo chí rằng …"."""
    earlier = [s for s in read.sentences if s.part == sentence.part and s.end <= opens]
    if not earlier or not says(earlier[-1].lower[earlier[-1].start : earlier[-1].end]):
        return None
    days = [time for time in earlier[-1].times if time.kind == "day"]
    return days[0] if len(days) == 1 else None


def _year_stands(days: Days, read: ReadArticle) -> bool:
    """Whether the text itself gives the year that a day was resolved to."""
    return days.date is not None and any(days.date[:4] in part.text for part in read.parts.values())
