"""One call or two: whether a mention of the same leaders speaks of the call told before.

The days that the text gives decide first, then how it counts the calls, then whether one is told as of long ago.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from services.classify.days import Days
from services.classify.event import Event, counts_in
from services.classify.mention import Mention
from services.classify.regex import regex
from services.classify.times import TimeExpr
from services.classify.written import HEAD, Written, ordinal_of

_PAST = regex(
    r"(?<!\w)(?:(?<!chưa )(?<!không )từng|trước đây|hồi đầu năm|"
    r"trong quá khứ|những năm|(?<!trong )khi (?:đó|ấy)|(?:lúc|hồi|ngày|năm) (?:đó|ấy)|bấy giờ|thời điểm (?:đó|ấy)|"
    r"năm xưa)(?!\w)"
)
#: "Trước đó, hôm 10/3, ba nhà lãnh đạo cũng đã điện đàm": another call than the one told before.
EARLIER_TOO = regex(
    r"(?:trước đó|trước đây),? (?:hôm |ngày )?T.,? [^;:]*(?<!\w)cũng [^;:]*Q|"
    r"^T.,? (?:[^;:.Q]{0,90}, )?(?:[GHW].|[LPU]. (?:và|cùng) [LPU].) cũng [^;:]*Q|"
    r"^(?:[GHW]. )?lần trước (?:[^;:.Q]{0,40} )?Q"
)
#: "Trong một cuộc gọi trước đây".
_FORMERLY = regex(r"Q. trước đây")
#: Which of two times that stand beside a cue dates it: the narrower one.
_PRECISION = {
    "day": 0, "relative": 0, "weekday": 1, "same_day": 1, "week": 2, "month": 3, "ago": 3, "recent": 4, "year": 5,
    "soon": 6,
}  # fmt: skip
#: "Trong cuộc gọi trước, ông đã cảm ơn": the call before the one that the article is about.
PREVIOUS = regex(
    r"Q.(?: (?:ba|bốn) bên| song phương| cấp cao)? (?:trước|lần trước|trước đó)(?=[,.]| L| P| U| T| diễn ra|$)"
)
#: "Cuộc điện đàm gần nhất": another than the one that is denied or still to come.
_LAST = regex(r"Q. (?:gần (?:đây )?nhất|mới nhất|lần cuối|cuối cùng)")
#: "Cuộc điện đàm thứ hai trong hai ngày, sau cuộc trao đổi hôm 11/10".
AFTER_ONE = regex(r"Z. thứ (?:hai|ba|tư)(?: [^.;:]*)?, sau Q. T.")
#: "Lần đầu hai ông nói chuyện kể từ cuộc điện đàm hôm 29/3": the call before.
_SINCE = regex(r"kể từ(?: sau| lần)? Q")
#: Rules of status that hold for what is to come as well: no mark at all, and "diễn ra".
_TIMELESS = {"unmarked", "took_place"}
#: "Sau cuộc gọi thứ hai cùng ngày": another than the one told before.
_SECOND_OF_A_DAY = regex(r"(?:trong|sau) Q. thứ (?:hai|ba)(?: lúc| vào)? T.")
#: Parts of a day that no clock of another country makes one: a call told of both halves was two.
_HALF = {"morning": 1, "noon": 1, "evening": 2, "night": 2}
#: "Đến khuya ông lại điện đàm với ông A thêm một giờ nữa".
_ONCE_MORE = regex(r"lại Q.[^.;:]* thêm D. nữa")
#: "Chính một cuộc gọi khác giữa hai ông đã dẫn tới quyết định".
OTHER = regex(r"một Q. khác(?= (?:giữa|của|với|trước|hồi|hôm|vào|T.))")
#: "Trước đó bà đề nghị điện đàm nhưng không được hồi đáp": not the call that was held.
IN_VAIN = regex(
    r"(?:đề nghị|xin|yêu cầu|đề xuất)(?: tổ chức| có| thu xếp)?(?: một)? Q[^.;:]*"
    r"(?:không|chưa) (?:được|nhận được)[^.;:]*(?:hồi đáp|hồi âm|trả lời|đáp lại|phản hồi|đáp ứng|chấp thuận)"
)
_NOT_HELD = ("denied", "proposed")
#: "Trong cuộc điện đàm hôm thứ Hai, hai ông sẽ bàn về chè".
_WILL = regex(r"(?<!\w)(?:sẽ|dự kiến|sắp|tới)(?!\w)")
#: Rules of status by which a call is over.
_HELD_RULES = {"has_held", "lasted", "reportedly_held", "broke_off"}
#: "Đầu tháng" reaches to this day.
_EARLY = 12
#: What is still to come, or only wished for.
AHEAD = ("planned", "proposed")
#: A call of last night may be the one that an article tells of this morning.
_NOT_LAST_NIGHT = 2
#: Rules of status by which somebody rang in vain.
_UNANSWERED = {"not_accepted", "not_answered"}
#: How a call is counted that is not the first: counts_in.
_ONE_MORE = {"again", "later"}
#: "Ngày mai tôi sẽ điện đàm với ông A": a leader speaks of his own call.
_TELLS_OF_HIS_OWN = regex(r"(?<!\w)tôi(?: (?:sẽ|vừa|mới|lại|đã|cũng|có|một|cuộc))* $")


def is_apart(event: Event, mention: Mention, written: Written) -> bool:
    """Whether a mention of the same leaders speaks of another call than the event."""
    to_come = mention.reading.status in AHEAD or (event.is_ahead() and _may_be_to_come(mention))
    mine = [written.days(t, to_come) for t in mention.times if _is_of_days(t) and not _is_quoted(mention, t)]
    theirs = [written.days(t, to_come) for t in event.times() if _is_of_days(t)]
    if _is_told_as_another(event, mention, written):
        return True
    if mine and theirs:
        return _is_of_other_days(event, mention, mine, theirs, written)
    if mine and _is_of_an_earlier_day(event, mention, written):
        return True
    if theirs and _is_of_a_weekend_to_come(event, mention, written):
        return True
    if not mine and PREVIOUS.search(mention.skeleton.text):
        return True
    past = is_past(mention, written)
    told_as_old = past != event.past and (bool(mine) or past)
    return told_as_old or _is_counted_apart(event, mention)


def is_past(mention: Mention, written: Written) -> bool:
    """Whether a mention sets its call apart from today: an older month or year, "từng", more than a week ago."""
    if mention.reading.status in ("planned", "ongoing"):
        return False
    if written.day is None and mention.times and _SINCE.search(mention.skeleton.text):
        return True
    for expression in sorted(mention.times, key=lambda t: _PRECISION[t.kind]):
        age = written.age(expression, mention.sentence.index)
        if age is not None:
            return age or _is_once(expression, mention, written)
    if mention.reading.status != "held" and mention.reading.explicit and mention.reading.rule not in _UNANSWERED:
        return False
    if _FORMERLY.search(mention.skeleton.text):
        return True
    return _PAST.search(_told_up_to_cue(mention)) is not None and not mention.times


def lies_ahead(mentions: Sequence[Mention], written: Written) -> bool | None:
    """Whether the day that the mentions of a call give lies after the article's, None where they give no day."""
    if written.day is None:
        known = [t for m in mentions for t in m.times if t.kind == "relative"]
        return any(t.shift > 0 for t in known) or None
    days = [written.days(t, m.reading.status in AHEAD) for m in mentions for t in m.times]
    # a quotation has its own "tối nay"
    told = any(m.reading.rule == "has_held" and m.times for m in mentions)
    later = (written.comes_later(t) for m in mentions if m.reading.rule in _TIMELESS for t in m.times)
    if not told and any(later):
        return True
    dated = [d for d in days if d.since and d.until]
    if not dated:
        return None
    if any(d.since > written.day for d in dated if d.since):
        return True
    return False if all(d.until < written.day for d in dated if d.until) else None


def is_one_not_taken(event: Event) -> bool:
    """Whether an event is one more call that was refused: "không nhận cuộc gọi thứ hai"; the first was held."""
    return event.statuses == {"denied"} and "later" in event.counts


def rings_back(event: Event, mention: Mention) -> bool:
    """Whether the one rings whom the event tells to have rung him: "Sau đó ông A gọi cho ông B. Hôm 16/8, ông B gọi cho
    ông A"."""
    callers = [m.caller for m in event.mentions if m.caller is not None and m.sentence.part == "text"]
    return mention.caller is not None and bool(callers) and not any(mention.caller.same_as(who) for who in callers)


def _is_told_as_another(event: Event, mention: Mention, written: Written) -> bool:
    """Whether the words alone tell of another call: one in vain beside one held, one more to come, another hour."""
    if written.day is None and _early_in_month(mention.times) and _late_in_month(event.times()):
        return True
    if event.statuses == {"held"} and mention.reading.status in _NOT_HELD and IN_VAIN.search(mention.skeleton.text):
        return True
    if event.is_ahead() and mention.reading.rule in _UNANSWERED and _are_over(mention.times, written):
        return True
    to_come = mention.reading.status in AHEAD and event.statuses == {"held"}
    if to_come and counts_in(mention) & _ONE_MORE - (event.counts - {"again"}):
        return True
    if not event.counts & _ONE_MORE:
        return False
    return (event.is_ahead() and _was_before(mention, written)) or _is_at_another_hour(event, mention)


def _is_of_other_days(
    event: Event, mention: Mention, mine: Sequence[Days], theirs: Sequence[Days], written: Written
) -> bool:
    """Whether the days that the text gives for both cannot be those of one call."""
    set_apart = event.is_of_today() or any(t.year or t.kind == "ago" for t in mention.times)
    if written.day is None and set_apart and is_past(mention, written) and not event.past:
        return True
    both = [(a, b) for a in mine for b in theirs]
    counted = any(p.search(mention.skeleton.text) for p in (PREVIOUS, AFTER_ONE))
    if counted and all(a.date != b.date for a, b in both):
        return True
    if event.counts & _ONE_MORE and all(_is_earlier(a, b) for a, b in both):
        return True
    known = [(a, b) for a, b in both if written.day is None and a.date and b.date]
    return not any(_may_meet(a, b) for a, b in known or both)


def _is_of_an_earlier_day(event: Event, mention: Mention, written: Written) -> bool:
    """Whether a mention dates a call before the one told without a day: "trước đó, hôm 10/3", the other one rang."""
    if event.statuses == {"held"} and EARLIER_TOO.search(mention.skeleton.text):
        return True
    if not _are_over(mention.times, written, _NOT_LAST_NIGHT):
        return False
    told = any(m.reading.rule in _HELD_RULES and m.times for m in event.mentions)
    denied = mention.reading.status == "denied" and event.statuses == {"held"} and told
    held = _is_held(mention) and not _WILL.search(mention.skeleton.text)
    return denied or rings_back(event, mention) or (event.is_ahead() and held)


def _is_of_a_weekend_to_come(event: Event, mention: Mention, written: Written) -> bool:
    """Whether "sẽ điện đàm vào cuối tuần" is said behind a call that was held some days ago."""
    told_then = mention.skeleton.text.startswith(("trước đó", "trước đấy"))
    weekend = mention.reading.status == "planned" and not told_then and any(t.open_weekend for t in mention.times)
    return weekend and event.statuses == {"held"} and _are_over(event.times(), written, _NOT_LAST_NIGHT)


def _was_before(mention: Mention, written: Written) -> bool:
    """Whether a mention tells of a call that was held on a day before the article's."""
    return _is_held(mention) and _are_over(mention.times, written)


def _is_held(mention: Mention) -> bool:
    """Whether the words tell of a call that is over, or of what was said within it."""
    return mention.reading.rule == "within" or mention.reading.rule in _HELD_RULES


def _may_be_to_come(mention: Mention) -> bool:
    """Whether a call that is only named may be one to come: not "trong cuộc điện đàm hôm thứ Hai, hai ông đã bàn"."""
    if mention.reading.rule != "within":
        return mention.reading.rule in _TIMELESS
    then = any(mention.sentence.lower.startswith("hôm ", t.start) for t in mention.times)
    return not then or _WILL.search(mention.skeleton.text) is not None


def _are_over(times: Iterable[TimeExpr], written: Written, least: int = 1) -> bool:
    """Whether one of these times names a day that lies this many days before the article's, or more."""
    untils = (written.days(t).until for t in times)
    return written.day is not None and any(until and (written.day - until).days >= least for until in untils)


def _is_once(expression: TimeExpr, mention: Mention, written: Written) -> bool:
    """Whether an undated article tells of a day as of one long ago: "từng điện đàm ngày 25/7"."""
    told = _PAST.search(_told_up_to_cue(mention))
    return written.day is None and expression.kind == "day" and told is not None


def _told_up_to_cue(mention: Mention) -> str:
    return mention.sentence.lower[mention.sentence.start : mention.cue.end]


def _is_counted_apart(event: Event, mention: Mention) -> bool:
    """Whether a mention counts its call as another than the event: the first beside the second, a second that lies
    ahead beside one that was held, one more beside one told below the head, the last held beside one that is denied or
    lies ahead."""
    here, told = counts_in(mention), event.counts
    if "later" in here and mention.reading.status in AHEAD and event.statuses == {"held"}:
        return "later" not in told
    if here & {"first", "later"} and told & ({"first", "later"} - here):
        return not here & told & {"first", "later"}
    if "later" in here and _SECOND_OF_A_DAY.search(mention.skeleton.text):
        return "later" not in told
    if _ONCE_MORE.search(mention.skeleton.text):
        return True
    if OTHER.search(mention.skeleton.text) and not any(OTHER.search(m.skeleton.text) for m in event.mentions):
        return True
    if "back" in here and "held" in event.statuses and event.mentions[-1].sentence.part == mention.sentence.part:
        return "back" not in told
    if "again" in here and mention.times and event.mentions[-1].sentence.index >= HEAD:
        return "again" not in told
    if is_one_not_taken(event) and mention.reading.status == "held":
        return "later" not in here
    none_held = "denied" in event.statuses or event.is_ahead()
    return none_held and _LAST.search(mention.skeleton.text) is not None


def _is_at_another_hour(event: Event, mention: Mention) -> bool:
    """Whether two calls are told of different parts of a day: one at noon, one late at night."""
    here = {_HALF[t.day_part] for t in mention.times if t.day_part in _HALF}
    told = {_HALF[t.day_part] for t in event.times() if t.day_part in _HALF}
    return bool(here and told) and not here & told


def _is_of_days(time: TimeExpr) -> bool:
    """Whether a time says by itself which days it means: not "cuối tuần", which is the last or the next."""
    return time.kind not in ("same_day", "recent", "soon") and not time.open_weekend


def _is_quoted(mention: Mention, time: TimeExpr) -> bool:
    """Whether somebody else says "hôm nay", which then is the day on which he said it."""
    if _TELLS_OF_HIS_OWN.search(mention.sentence.lower, mention.sentence.start, mention.cue.start):
        return False
    quotes = mention.sentence.lower.count('"', mention.sentence.start, time.start)
    return time.kind == "relative" and quotes % 2 == 1


def _is_earlier(a: Days, b: Days) -> bool:
    return a.until is not None and b.since is not None and a.until < b.since


def _may_meet(a: Days, b: Days) -> bool:
    if a.since and a.until and b.since and b.until:
        return a.since <= b.until + dt.timedelta(days=1) and b.since <= a.until + dt.timedelta(days=1)
    if a.date and b.date and "?" not in a.date[5:] and "?" not in b.date[5:]:
        first, second = (ordinal_of((int(d[5:7]), int(d[8:10]))) for d in (a.date, b.date))
        return abs(first - second) <= 1
    if a.date and b.date:
        return a.date[5:7] == b.date[5:7]
    return True


def _early_in_month(times: Iterable[TimeExpr]) -> bool:
    """Whether "đầu tháng này" is said, which a day late in a month cannot be, in whichever year."""
    return any(t.kind == "month" and t.edge == "đầu" and t.month is None and t.shift == 0 for t in times)


def _late_in_month(times: Iterable[TimeExpr]) -> bool:
    return any(t.kind == "day" and (t.day or 0) > _EARLY for t in times)
