"""Words for a time or a length in Vietnamese news, and the day they mean seen from the day of publication.

`find_times` and `find_durations` read expressions out of lower-case text; `Anchored.resolve` turns one into an ISO day
with `?` for what is not known, and into the days it may mean. Nothing here knows what happened at that time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Literal

import msgspec

from services.classify.regex import regex
from shared.records import Bound, DayPart

TimeKind = Literal["day", "weekday", "relative", "week", "month", "year", "ago", "same_day", "recent", "soon"]

NUMBERS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "nửa": 0.5,
    "vài": 3,
    "mấy": 3,
    "nhiều": 6,
    "ít": 3,
    "giêng": 1,
    "chạp": 12,
}
#: After a ten the units have forms of their own: "hai mươi mốt", "bốn lăm" is not "bốn năm".
_UNITS = {
    "mốt": 1,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "lăm": 5,
    "nhăm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
}
_TENS = {"mười": 10} | {
    f"{word} mươi": 10 * NUMBERS[word] for word in ("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
}
NUMBERS |= _TENS | {f"{ten} {unit}": _TENS[ten] + _UNITS[unit] for ten in _TENS for unit in _UNITS}


def number_words(without: Collection[str] = ()) -> str:
    """A pattern of all numerals in words, the longest first; `without` some of the single words."""
    tens = "|".join(word.removesuffix(" mươi") for word in _TENS if " " in word)
    single = [word for word in NUMBERS if " " not in word and word not in without]
    return rf"(?:(?:{tens}) mươi|mười)(?: (?:{'|'.join(_UNITS)}))?|{'|'.join(sorted(single, key=len, reverse=True))}"


_NUM = rf"\d{{1,3}}(?:[.,]\d)?|(?<!\w)(?:{number_words()})"
#: How a weekday counts that is the next such day: "Chủ nhật tới" on a Saturday is tomorrow.
COMING = 2
#: How one counts that is the latest such day: "hôm thứ Bảy".
LATEST = -2
#: How a week counts whose end is the last weekend: "cuối tuần qua" on a Monday and on a Sunday.
LAST_WEEKEND = -2
#: The kinds of expressions that name a day.
DAYS: tuple[TimeKind, ...] = ("day", "relative", "weekday")
DAY_PARTS: dict[str, DayPart] = {
    "rạng sáng": "early",
    "sáng sớm": "early",
    "sáng": "morning",
    "trưa": "noon",
    "chiều": "afternoon",
    "chiều tối": "evening",
    "tối muộn": "evening",
    "tối": "evening",
    "đêm": "night",
    "khuya": "night",
    "nửa đêm": "night",
    "đêm muộn": "night",
}
_PART = "|".join(sorted(DAY_PARTS, key=len, reverse=True))
_WEEKDAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tư": 2, "4": 2, "năm": 3, "5": 3, "sáu": 4, "6": 4, "bảy": 5, "7": 5}

_CLOCK = (
    r"(?:(?<!hơn )(?<!gần )(?<!dài )(?<!suốt )(?P<hour>\d{1,2})"  # "dài 2 giờ hôm 28/7" is a length
    rf"(?:(?:h|g|:)(?P<minute>\d{{2}})?| giờ(?! đồng hồ)(?: (?P<minute2>\d{{1,2}})(?: phút)?)?)"
    rf"(?: (?P<clockpart>{_PART}))?)"
)
_MONTH_WORDS = "mười một|mười hai|một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|giêng|chạp"
_DMY = (
    rf"(?P<day>\d{{1,2}})(?: ?[-/.] ?| tháng )(?P<month>\d{{1,2}}|(?<=tháng )(?:{_MONTH_WORDS})(?!\w))"
    r"(?:(?: ?[-/.] ?| năm )(?P<year>\d{4}|"
    r"(?<=[-/.])\d{2}))?(?![\d%])(?!-\d)(?!/\d)"
)
#: "Hai ngày sau cuộc bầu cử hôm 18/3": what happened on the day that is named is no call.
_DAYS_FROM = regex(
    rf"(?P<n>{_NUM}) ngày (?P<way>sau|trước) (?:khi )?"
    r"(?:(?!gọi |điện|đàm|liên lạc|tiếp xúc|đối thoại|trao đổi|nói chuyện|trò chuyện|thảo luận|nối máy|nghe máy)"
    r"[^.;:,\d]){3,60} (?:(?:hôm|ngày|vào ngày) )?"
    rf"{_DMY}"
)
_LEAD = rf"(?:(?:vào|trong|từ|hồi|lúc|khoảng|hôm|ngày|mùng|cuối ngày|(?<!bắt )đầu ngày|{_PART}|muộn|sớm|muộn ngày) )*"
_WEEK_WORD = r"(?: (?P<which>tuần trước|tuần rồi|tuần qua|tuần này|tuần tới|tuần sau|vừa qua|vừa rồi|tới|này))?"
#: Where a word begins, or a number in one ("T2/5"): nowhere else does a time begin, and few places are so.
_BEGIN = r"(?:(?<!\w)|(?=\d))"
_DAY = regex(
    rf"{_BEGIN}(?:(?:vào |lúc |khoảng |hồi )*{_CLOCK},? ?)?(?P<lead>{_LEAD})"
    rf"(?:thứ (?P<weekday>hai|ba|tư|năm|sáu|bảy|[2-7])|(?P<sunday>chủ nhật))?{_WEEK_WORD},? "
    rf"?(?P<mark>\(?(?:ngày )?)(?<![\d.,-]){_DMY}"
)
_WEEKDAY = regex(
    rf"(?P<lead>{_LEAD})(?:thứ (?P<weekday>hai|ba|tư|năm|sáu|bảy|[2-7])|(?P<sunday>chủ nhật))(?![ ]?\d){_WEEK_WORD}"
)
_RELATIVE = regex(
    rf"{_BEGIN}(?:(?:vào |lúc |khoảng |hồi )*{_CLOCK},? ?)?(?:(?P<word>(?:ngày )?hôm nay|"
    rf"(?:ngày )?hôm qua|hôm kia|ngày mai|ngày kia|ngày hôm sau)"
    rf"|(?P<part>{_PART}) (?P<rel>hôm nay|hôm qua|ngày mai|nay|"
    rf"qua|mai)|(?:(?:ngay )?trong )?cùng (?:buổi )?(?P<part3>{_PART})|"
    rf"(?P<part2>{_PART}) (?:cùng ngày|hôm đó|hôm ấy)|"
    rf"(?:(?P<part4>{_PART}) )?(?P<before>(?:ngày )?hôm trước)(?! đó| khi)|"
    rf"(?P<same>(?:trong )?cùng ngày|(?:ngày )?hôm (?:đó|ấy)|"
    rf"trong ngày(?! (?:\d|thứ |chủ nhật|hôm |làm việc))))(?!\w)"
)
#: "Một tuần sau lễ nhậm chức" counts the weeks; "tuần sau" is the next.
_NO_COUNT = "".join(f"(?<!{count} )" for count in ("một", "hai", "ba", "bốn", "vài", "mấy", "nhiều", "nửa", r"\d"))
_WEEK = regex(
    r"(?:hồi |vào |trong )*(?P<word>(?:đầu|giữa|cuối) tuần(?: (?:này|tới|qua|vừa qua|rồi|"
    r"(?:trước|sau)(?! (?:khi|đó|cuộc|chuyến|lễ|phiên|hội nghị|bầu cử|vòng|vụ|thềm)(?!\w))))?|"
    rf"trong tuần này|{_NO_COUNT}(?:tuần trước|tuần sau|tuần qua|tuần rồi|tuần tới)|tuần vừa qua|tuần này)(?!\w)"
)
_MONTH = regex(
    rf"(?:hồi |vào |trong )*(?:(?P<edge>đầu|giữa|cuối) )?{_NO_COUNT}tháng (?:(?P<rel>này|"
    r"trước|rồi|qua|vừa qua|tới|sau)|(?P<month>\d{1,2}|"
    rf"{_MONTH_WORDS})"
    r"(?! ?ngày)(?:(?:[-/.]| năm |, )(?P<year>\d{4})|"
    r" (?P<yrel>năm ngoái|năm nay|năm trước|này|vừa qua|tới|trước))?)(?!\w)"
)
_BARE_MONTH = regex(
    r"(?:hồi |vào |trong )*(?P<edge>đầu|giữa|cuối) tháng(?! (?:này|"
    r"trước|rồi|qua|vừa|tới|sau|\d|một|hai|ba|tư|năm|sáu|bảy|"
    r"tám|chín|mười|giêng|chạp))(?!\w)"
)
_YEAR = regex(
    r"(?:hồi |vào |trong )*(?:(?P<edge>đầu|giữa|cuối) )?(?P<rel>năm ngoái|"
    r"năm trước|năm kia|năm nay)(?!\w)|(?:hồi |vào |trong |từ )?(?:(?P<edge2>đầu|giữa|cuối) )?năm (?P<year>(?:19|"
    r"20)\d{2})(?!\w)"
)
#: What may stand behind "ba ngày trước" and is dated by it, so that it tells no day by itself.
_DATED_SO = "lễ|ngày|thềm|chiến|cuộc|bầu cử|hội nghị|thượng đỉnh|chuyến|phiên|vụ|đại hội|thời hạn|hạn chót|sinh nhật"
_AGO = regex(
    rf"cách đây (?:khoảng |hơn |gần |chừng )?(?P<n>{_NUM}) (?P<unit>giờ|tiếng|ngày|hôm|tuần|tháng|năm)(?! tuổi)|"
    rf"(?P<n2>{_NUM}) (?P<unit2>ngày|hôm|tuần|tháng|năm) (?:trước|(?<!tháng )(?<!năm )qua)(?P<then> đó)?"
    rf"(?!\w)(?! (?:khi|{_DATED_SO})(?!\w))|"
    rf"(?P<n4>{_NUM}) (?P<unit4>ngày|hôm|tuần) (?P<after>sau(?: đó|(?=,)))(?!\w)|"
    rf"(?P<before>trước đó) (?:khoảng |hơn |gần )?(?P<n3>{_NUM}) (?P<unit3>ngày|hôm|tuần|tháng|năm)(?: rưỡi)?(?!\w)"
)
_RECENT = regex(
    r"(?:gần đây(?! nhất)|mới đây|vừa qua|vừa rồi|những ngày qua|mấy ngày qua|trước đó ít giờ|vài giờ trước)(?!\w)"
)
#: An hour or so from something told before: on its day.
_AFTER = regex(
    r"(?:(?:ngay|liền|không lâu|ít lâu) sau|ngay trước|"
    r"(?:vài|ít|mấy|nửa|một|hai|ba|\d+) (?:phút|giờ|tiếng) (?:sau|trước)) đó(?!\w)|"
    r"trước đó (?:vài|ít|mấy|nửa|một|hai|ba|\d+) (?:phút|giờ|tiếng)(?!\w)"
)
_TILL_NOW = regex(r",? (?:đến|tới|cho đến) (?:nay|giờ|bây giờ)(?!\w)")
_SOON = regex(
    r"(?:những ngày tới|vài ngày tới|trong tương lai gần|sớm nhất có thể|ít ngày tới|ngày tới|giờ tới|tháng tới)(?!\w)"
)
_ZONE = regex(
    r"^[ ,]*\(?[^()]{0,12}?(?:theo )?(?<!vài )(?<!mấy )(?<!\d )(?:giờ|múi giờ) (?!sau |trước |đồng hồ)"
    r"(?P<zone>địa phương|[\w ./]{2,30}?)(?=[),.;]|$| trong| và| về| để| với)"
)

#: "Lúc 11h ngày 20-2 (17h giờ Việt Nam)": one moment by two clocks, the second with its zone.
_THERE = regex(
    r"^ ?\((?:tức )?(?:khoảng |lúc )?(?P<hour>\d{1,2}) ?(?:h|:|g)(?P<minute>\d{2})? ?(?:theo )?(?:giờ|múi giờ) "
)

_DURATION = regex(
    rf"(?P<bound>khoảng gần|gần|hơn|trên|quá|khoảng|chừng|tầm|dưới|chưa đầy|chưa đến|ít nhất|suốt|trọn|độ|xấp xỉ)?\s?"
    rf"(?:(?P<half>nửa) (?P<halfunit>giờ|tiếng)(?: đồng hồ)?"
    rf"|(?P<quarters>ba phần tư) (?:giờ|tiếng)(?: đồng hồ)?|(?P<whole>cả|trọn) (?:giờ|tiếng) đồng hồ"
    rf"|(?P<n>{_NUM})(?: ?- ?(?P<to>\d{{1,3}}))?(?P<more> ?)(?P<unit>phút|"
    rf"giờ(?! (?:việt|hà|mỹ|địa|sáng|chiều|tối|đêm|gmt|miền|\d+ phút \w+ ngày))|"
    rf"tiếng(?! (?:anh|nga|pháp|việt|trung|nói|đức|nhật|hàn)))"
    rf"(?: đồng hồ)?(?P<rest> rưỡi| (?:\d{{1,2}}|{number_words(without=('ba', 'tư', 'ít'))}) phút)?)"
)
#: What stands in every length: a look for them costs less than the pattern.
_UNIT = regex("phút|giờ|tiếng")
_DURATION_SIGN = regex(
    rf"(?:\d|cả|trọn|{'|'.join(sorted({words.split()[-1] for words in NUMBERS}))}) ?(?:phút|giờ|tiếng)"
)


class TimeExpr(msgspec.Struct, frozen=True, kw_only=True):
    """An expression of time as it stands in the text. Offsets are those of the text that was searched.

    `same_day` is the day of something else that the text tells of, moved by `shift`: "cùng ngày", "một ngày trước đó".
    `open_weekend` is "cuối tuần" alone, which is the last or the next one as what it dates was or will be.
    """

    kind: TimeKind
    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    shift: int = 0
    unit: Literal["day", "week", "month", "year"] = "day"
    edge: str | None = None
    this_year: bool = False
    open_weekend: bool = False
    day_part: DayPart | None = None
    clock: str | None = None
    zone: str | None = None


class LengthExpr(msgspec.Struct, frozen=True):
    """A length of time in minutes with its bound."""

    minutes: int
    bound: Bound
    start: int
    end: int


def number(text: str) -> float | None:
    """The value of a Vietnamese numeral or of digits with a decimal comma; None where it is neither."""
    if text in NUMBERS:
        return NUMBERS[text]
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def find_times(text: str, start: int, end: int) -> list[TimeExpr]:
    """All expressions of time in `text[start:end]` (lower case), from left to right, not overlapping."""
    found: list[TimeExpr] = []
    for sign, pattern, build in _READERS:
        if sign.search(text, start, end) is None:
            continue
        for match in pattern.finditer(text, start, end):
            span = _trim(text, match.start(), match.end())
            expression = None if _overlaps(span, found) or _till_now(text, span) else build(match, span)
            if expression is not None:
                zoned = _with_zone(expression, text, end)
                found.append(expression if _overlaps((zoned.start, zoned.end), found) else zoned)
    return sorted(found, key=lambda e: e.start)


def find_durations(text: str, start: int, end: int) -> list[LengthExpr]:
    """All lengths of time in `text[start:end]` (lower case)."""
    if _UNIT.search(text, start, end) is None or _DURATION_SIGN.search(text, start, end) is None:
        return []
    return [found for match in _DURATION.finditer(text, start, end) if (found := _length(match)) is not None]


def _till_now(text: str, span: tuple[int, int]) -> bool:
    """Whether a time only opens a span that lasts till now: "từ hôm qua đến nay"."""
    opens = text.startswith("từ ", span[0]) or text.endswith("từ ", 0, span[0])
    return opens and _TILL_NOW.match(text, span[1]) is not None


def _overlaps(span: tuple[int, int], found: list[TimeExpr]) -> bool:
    return any(other.start < span[1] and span[0] < other.end for other in found)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ,(":
        start += 1
    while end > start and text[end - 1] in " ,(":
        end -= 1
    closes = text.startswith(")", end) and text.count("(", start, end) > text.count(")", start, end)
    return start, end + closes


def _length(match: re.Match[str]) -> LengthExpr | None:
    if match["half"]:
        minutes = 30.0
    elif match["quarters"] or match["whole"]:
        minutes = 45.0 if match["quarters"] else 60.0
    else:
        amount = number(match["to"] or match["n"])
        if amount is None or match["n"] in ("vài", "mấy", "nhiều", "ít"):
            return None
        minutes = amount * (1 if match["unit"] == "phút" else 60)
        rest = (match["rest"] or "").strip()
        if rest == "rưỡi":
            minutes += 30 if match["unit"] != "phút" else 0
        elif rest:
            minutes += number(rest.removesuffix(" phút")) or 0
    if not 1 <= minutes <= 600:
        return None
    return LengthExpr(
        round(minutes),
        _bound(match["bound"], bool(match.groupdict().get("to"))),
        match.start() + len(match[0]) - len(match[0].lstrip()),
        match.end(),
    )


def _bound(word: str | None, ranged: bool) -> Bound:
    if word in ("hơn", "trên", "quá", "ít nhất"):
        return "over"
    if word in ("gần", "khoảng gần", "dưới", "chưa đầy", "chưa đến"):
        return "under"
    return "about" if ranged or word in ("khoảng", "chừng", "tầm", "độ", "xấp xỉ") else "exact"


def _with_zone(expression: TimeExpr, text: str, end: int) -> TimeExpr:
    behind = text[expression.end : min(end, expression.end + 60)]
    match = _ZONE.match(behind)
    if match is None:
        return expression
    there = _THERE.match(behind)
    clock = _later_clock(expression, there) if there is not None else expression.clock
    if there is not None and clock is None:
        return expression
    return msgspec.structs.replace(
        expression,
        clock=clock,
        day_part=None if there is not None else expression.day_part,
        zone=match["zone"].strip(),
        end=expression.end
        + match.end()
        + (text[expression.end + match.end() : expression.end + match.end() + 1] == ")"),
    )


def _later_clock(expression: TimeExpr, there: re.Match[str]) -> str | None:
    """The hour that brackets give in a zone of their own, where it is one of the same day: not an earlier one."""
    clock = f"{int(there['hour']) % 24:02}:{int(there['minute'] or 0):02}"
    return clock if expression.clock is not None and clock >= expression.clock else None


def _clock(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if not groups.get("hour") or int(groups["hour"]) > 24:
        return None
    hour, minute = int(groups["hour"]), int(groups.get("minute") or groups.get("minute2") or 0)
    part = groups.get("clockpart") or ""
    lead = groups.get("lead") or groups.get("part") or ""
    afternoon = any(w in f"{part} {lead}" for w in ("chiều", "tối", "đêm")) and "nửa đêm" not in part
    small_hours = "đêm" in f"{part} {lead}" and hour < 6
    if hour == 12 and ("đêm" in part or "khuya" in part):
        return None
    if afternoon and hour < 12 and not small_hours:
        hour += 12
    return f"{hour % 24:02}:{minute:02}" if minute < 60 else None


def _part_in(match: re.Match[str]) -> DayPart | None:
    groups = match.groupdict()
    names = ("clockpart", "lead", "part", "part2", "part3", "part4")
    words = " ".join(filter(None, (groups.get(name) for name in names)))
    found = re.search(rf"(?<!\w)(?:{_PART})(?!\w)", words)
    return DAY_PARTS[found[0]] if found else None


def _read_day(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    day, month = int(match["day"]), int(number(match["month"]) or 0)
    ends = match.string[match.end() : match.end() + 1] in ("", *",.;)")
    if not (match["month"].isdigit() or ends or _NAMES_DAY.search(match["lead"] + match["mark"])):
        return None  # "ngày 10 tháng ba", "hôm sau, 10 tháng ba,", but not "sau 10 tháng hai bên …"
    marked = (
        match["lead"].strip() or match["mark"] or match["weekday"] or match["sunday"] or match["hour"] or match["year"]
    )
    marked = (
        marked
        or "tháng" in match[0]
        or _opens_entry(match)
        or _PAIRED.search(match.string, max(0, match.start() - _PAIRED_REACH), match.start())
    )
    if not (1 <= day <= 31 and 1 <= month <= 12) or not marked:
        return None
    year = int(match["year"]) if match["year"] else None
    if year is not None and year < 100:
        year += 2000
    weekday = _weekday(match)
    return TimeExpr(
        kind="day",
        start=span[0],
        end=span[1],
        day=day,
        month=month,
        year=year,
        weekday=weekday,
        day_part=_part_in(match),
        clock=_clock(match),
    )


def _read_days_from(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    amount = number(match["n"])
    day, month = int(match["day"]), int(number(match["month"]) or 0)
    if not amount or not match["month"].isdigit():
        return None
    year = int(match["year"]) if match["year"] else None
    try:
        named = dt.date(_NO_LEAP_YEAR if year is None else year + 2000 * (year < 100), month, day)
    except ValueError:
        return None
    then = named + dt.timedelta(days=round(amount) if match["way"] == "sau" else -round(amount))
    if year is None and (named.month <= 2) != (then.month <= 2):
        return None  # who knows whether that February has 29 days
    return TimeExpr(
        kind="day", start=span[0], end=span[1], day=then.day, month=then.month, year=then.year if year else None
    )


#: A year in which days are counted where none is named.
_NO_LEAP_YEAR = 2001
_NAMES_DAY = regex(rf"(?<!\w)(?:ngày|hôm|mùng|{_PART})(?!\w)")
#: So many characters before a day what marks it stands at most.
_PAIRED_REACH = 120
#: "Hôm 15/11 và 17/11", "hôm nay, 28/5", "một ngày sau bầu cử, 6/11",
#: "lần trước hai ông nói chuyện là 17/6": what marks the first day marks the second.
_PAIRED = regex(
    r"(?:(?<!\d)\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{4})? và) $|(?<!\w)(?:hôm (?:nay|qua),?|tức(?: là)?) ?$|"
    r"(?<!\w)(?:ngày|hôm) sau(?: [^.;:,\d]{2,40})?, ?$|"
    r"(?<!\w)lần (?:trước|cuối|gần (?:đây )?nhất)(?!\w)[^.;:\d]{0,60} là ?$"
)


def _opens_entry(match: re.Match[str]) -> bool:
    """Whether a day stands before a colon at the start of a line, as in a list of events: "5/6: Hai bên …"."""
    line_starts = match.start() == 0 or match.string[match.start() - 1] == "\n"
    return line_starts and match.string.startswith(":", match.end())


def _weekday(match: re.Match[str]) -> int | None:
    if match["sunday"]:
        return 6
    return _WEEKDAYS[match["weekday"]] if match["weekday"] else None


def _read_weekday(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    if not match["lead"].strip() and not match["which"] and not match["sunday"] and match["weekday"].isdigit():
        return None
    if not match["lead"].strip() and not match["which"] and match["weekday"]:
        return None
    shift = {
        "tuần trước": -1,
        "tuần rồi": -1,
        "tuần tới": 1,
        "tuần sau": 1,
        "tới": COMING,
        "này": 0,
        "tuần này": 0,
    }.get(match["which"] or "", LATEST)
    return TimeExpr(
        kind="weekday", start=span[0], end=span[1], weekday=_weekday(match), shift=shift, day_part=_part_in(match)
    )


def _read_relative(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    word = (match["word"] or match["rel"] or "").removeprefix("ngày hôm ").removeprefix("hôm ").removeprefix("ngày ")
    of_another = match["same"] or match["part2"] or match["part3"] or match["before"] or word == "sau"
    kind: TimeKind = "same_day" if of_another else "relative"
    shift = {"qua": -1, "kia": -2, "mai": 1, "sau": 1}.get(word, 0)
    if match["before"]:
        shift = -1
    if match["word"] == "ngày kia":
        shift = 2
    return TimeExpr(kind=kind, start=span[0], end=span[1], shift=shift, day_part=_part_in(match), clock=_clock(match))


def _read_week(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    word = match["word"]
    shift = -1 if word.endswith(("trước", "rồi", "qua")) else 1 if word.endswith(("tới", "sau")) else 0
    edge = word.split(" ")[0] if word.split(" ")[0] in ("đầu", "giữa", "cuối") else None
    if edge == "cuối" and word.endswith("qua"):
        shift = LAST_WEEKEND
    return TimeExpr(
        kind="week",
        start=span[0],
        end=span[1],
        shift=shift,
        unit="week",
        edge=edge,
        open_weekend=word == "cuối tuần",
    )


def _read_month(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    if match["rel"]:
        shift = {"này": 0, "tới": 1, "sau": 1}.get(match["rel"], -1)
        return TimeExpr(kind="month", start=span[0], end=span[1], shift=shift, unit="month", edge=match["edge"])
    month = int(number(match["month"]) or 0)
    if not 1 <= month <= 12:
        return None
    year, shift = (int(match["year"]) if match["year"] else None), 0
    if match["yrel"] in ("năm ngoái", "năm trước"):
        shift = -12
    return TimeExpr(
        kind="month",
        start=span[0],
        end=span[1],
        month=month,
        year=year,
        shift=shift,
        unit="month",
        edge=match["edge"],
        this_year=match["yrel"] in ("năm nay", "này"),
    )


def _read_bare_month(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    return TimeExpr(kind="month", start=span[0], end=span[1], unit="month", edge=match["edge"])


def _read_year(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    if match["year"]:
        year = int(match["year"])
        return TimeExpr(kind="year", start=span[0], end=span[1], year=year, unit="year", edge=match["edge2"])
    shift = {"năm nay": 0, "năm kia": -2}.get(match["rel"], -1)
    return TimeExpr(kind="year", start=span[0], end=span[1], shift=shift, unit="year", edge=match["edge"])


def _read_ago(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    amount, unit = (
        number(match["n"] or match["n2"] or match["n3"] or match["n4"]),
        (match["unit"] or match["unit2"] or match["unit3"] or match["unit4"]),
    )
    if amount is None:
        return None
    till_now = match["unit2"] in ("ngày", "hôm", "tuần") and match[0].endswith(" qua")  # "trong hai tuần qua" is no day
    if unit in ("giờ", "tiếng") or till_now:
        return TimeExpr(kind="recent", start=span[0], end=span[1])
    units: dict[str, Literal["day", "week", "month", "year"]] = {
        "ngày": "day",
        "hôm": "day",
        "tuần": "week",
        "tháng": "month",
        "năm": "year",
    }
    if match["after"]:
        days = round(amount) * (7 if unit == "tuần" else 1)
        return TimeExpr(kind="same_day", start=span[0], end=span[1], shift=days)
    from_another = units[unit] == "day" and (match["then"] or match["before"])
    if not from_another and units[unit] == "day" and _is_vague(match):
        return TimeExpr(kind="recent", start=span[0], end=span[1])
    kind: TimeKind = "same_day" if from_another else "ago"
    return TimeExpr(kind=kind, start=span[0], end=span[1], shift=-max(1, round(amount)), unit=units[unit])


def _is_vague(match: re.Match[str]) -> bool:
    """Whether so many days ago is no one day: "vài ngày trước", "khoảng mười ngày trước"."""
    few = (match["n"] or match["n2"]) in ("vài", "mấy")
    return few or "khoảng " in match[0] or match.string.endswith("khoảng ", 0, match.start())


def _read_recent(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    return TimeExpr(kind="recent", start=span[0], end=span[1])


def _read_after(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    return TimeExpr(kind="same_day", start=span[0], end=span[1])


def _read_soon(match: re.Match[str], span: tuple[int, int]) -> TimeExpr | None:
    return TimeExpr(kind="soon", start=span[0], end=span[1])


#: Each reader with a sign that stands in all its expressions: a look for it costs less than the pattern.
_READERS = tuple(
    (regex(sign), pattern, build)
    for sign, pattern, build in (
        (r"ngày (?:sau|trước) ", _DAYS_FROM, _read_days_from),
        (r"\d(?: ?[-/.] ?\d| tháng )", _DAY, _read_day),
        (
            r"(?:hôm|ngày|sáng|sớm|trưa|chiều|tối|muộn|đêm|khuya) (?:nay|qua|mai|kia|sau)|"
            r"cùng |trong ngày|hôm (?:đó|ấy|trước)",
            _RELATIVE,
            _read_relative,
        ),
        ("thứ |chủ nhật", _WEEKDAY, _read_weekday),
        (r"cách đây|trước đó|(?:ngày|hôm|tuần|tháng|năm) (?:trước|qua|sau)", _AGO, _read_ago),
        ("(?:sau|trước) đó", _AFTER, _read_after),
        ("tháng", _MONTH, _read_month),
        ("tháng", _BARE_MONTH, _read_bare_month),
        ("tuần", _WEEK, _read_week),
        ("năm", _YEAR, _read_year),
        ("đây|vừa|qua|giờ trước", _RECENT, _read_recent),
        ("tới|gần|có thể", _SOON, _read_soon),
    )
)
