"""Who talks to whom: patterns over the skeleton of a sentence, tried from the most to the least explicit.

The patterns are data (`data/patterns.csv`), each with an example and a negative twin. A pattern only says which
phrases fill the places; whether they are leaders, and which, is decided by `resolve.py`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from services.classify.cues import Cue
from services.classify.data_rows import Rule, read_rules
from services.classify.entity import Entity
from services.classify.regex import regex
from services.classify.skeleton import Skeleton

Shape = Literal[
    "all",
    "pair",
    "joint",
    "object",
    "group",
    "subject",
    "none",
    "answer",
    "greeting",
    "direct",
    "direct_object",
    "received",
]
#: Shapes that hold for some kinds of cue only.
_ONLY_FOR: dict[str, tuple[str, ...]] = {
    "answer": ("answer",),
    "direct": ("ring", "talk", "weak"),
    "direct_object": ("ring",),
}

_X = "[LNUCPGHWX]."
# people of a region are no subject where a preposition stands before them: "dừng họp với các lãnh đạo châu Âu để gọi …"
# a pattern that opens with the letters of its phrase is searched for much faster: the looks back stand behind them
# nor is whom another call of the sentence is told with: "ông A điện đàm ông B, mai gọi cho ông C"
_WHO = "[LNUPGHWX].(?<!với X.)(?<!với các X.)(?<!cho X.)(?<!cho các X.)(?:(?<!Z. [LP].)|(?= Q))"
#: Who may stand in a list behind the first: "hai bên" behind "và" opens a clause of its own.
_ONE = "[LNUCPWX]."
#: What a call was like, told of it in pairs: "cuộc điện đàm thẳng thắn và cởi mở với".
_QUALITY = (
    r"(?:rất |khá |hết sức |vô cùng |đầy |mang tính |có )*(?:hiệu quả(?: cao)?|cởi mở|xây dựng|tích cực|hữu ích|"
    r"thực chất|chi tiết|thẳng thắn|chân thành|tin cậy|hữu nghị|ấm áp|thân mật|nồng ấm|thân thiện|sâu rộng|sâu sắc|"
    r"quan trọng|ý nghĩa|thành công|tuyệt vời|tốt đẹp|tốt|dài|ngắn|cụ thể|toàn diện|căng thẳng|gay gắt|mạnh mẽ|"
    r"nghiêm túc|lịch sử|kéo dài|bổ ích|lành mạnh)"
)
#: What a phrase is of, behind a cue; "tiếp theo" and "kế theo" only number the call.
_TOPIC_VERB = (
    rf"(?<!tiếp)(?<!kế)(?: (?:về|để|nhằm|bàn|thảo luận|nhất trí|nói(?! chuyện (?:với|cùng) )|sau(?! đó)|"
    rf"trước(?! đó)|trong khi|khi|và(?! {_QUALITY} )|tăng|đề cập|nhắc|kêu gọi|"
    r"trong bối cảnh|trong lúc|mở đường|dọn đường|liên quan|xoay quanh|do|vì|nhân|theo|mà|cam kết|tập trung)"
    r" )"
)
#: Behind whoever a photo shows: "Thủ tướng A (phải) và Tổng thống B".
_SHOWN = r"(?: \((?:trái|phải|giữa|[^()A-Z]{2,12} (?:trái|phải|sang))\))?"
_LINK = _SHOWN + r"(?:, | và |(?: sẽ| đã| vừa)? cùng | cùng với | với |, và | - | ?- ?|-|, cũng như | cũng như )"
#: A list is no list of subjects where one of these stands before it: "sau cuộc gọi với ông A, ông B gọi cho …".
_NOT_BEFORE_A_LIST = (
    "với",
    "cùng",
    "của",
    "theo",
    "theo tờ",
    "theo báo",
    "theo hãng",
    "cho",
    "tới",
    "từ",
    "tại",
    "trụ sở",
    "gặp",
    "gọi",
    "tiếp",
    "đón",
    "thăm",
)
#: An object: whom a phrase names first.
_OBJECT = rf"(?:các (?=W.)|\"[^\"A-Z.]{{1,24}}\" (?=L.))?{_X}"
#: Others behind an object: a comma joins only where "và" follows, or where titled leaders stand one after the other up
#: to what was talked of; else it ends the phrase.
_AND_OTHERS = (
    rf"(?:(?:(?: T.| \(T.\))?,(?: rồi| sau đó| tiếp đó| tiếp theo)? (?:của |"
    rf"cả |phía |với |cho |tới lượt |đến |tới |từ )?{_ONE})+(?: T.| \(T.\))?,? (?:và|hay|hoặc|lẫn|"
    rf"cùng|cũng như|(?:và )?(?:cuối|sau) cùng)(?: là| với| cả| cho|"
    rf" từ| của)* {_ONE}"
    # "với ông A, ông B và một số lãnh đạo khác"
    rf"|(?:, (?:với )?{_ONE})+(?=,? (?:và|cùng) (?:một số|nhiều|các|những|hàng loạt|thêm|vài|mấy) )"
    r"|(?:, (?:với |cho |phía )?[LC].)+(?=(?: (?:về|để|nhằm|xoay quanh|bàn về)|, (?:chứ|nhưng|song)) )"
    rf"|(?:(?: vào)? T.| \(T.\)| trong D.)?,? (?:và|lẫn|cùng|hay|hoặc|cũng như|rồi|sau đó|tiếp đó|sau đó tới lượt)"
    rf"(?: sau đó| là| mới| với| cả| cho| từ| của| tới lượt| đến lượt| các(?= W))* {_ONE}|"
    rf"(?: ngay)?(?: từ| vào)?(?: (?:sáng|trưa|chiều|tối|đêm)(?: sớm)?| T.)?, (?:sau đó|rồi|tiếp đó|kế đó)"
    rf" (?:(?:là|tới lượt|đến lượt)(?: cả)? {_ONE}|(?:tới|đến) L.(?! (?:để|gặp|dự)))(?:(?:, {_ONE})* và {_ONE})?|"
    rf" ?- ?{_ONE}|, [LC].(?=\.?$))?"
)
#: These are looked for behind the match of a pattern that ends with an object: as a part of each pattern they would
#: be compiled twenty times.
_OTHERS = regex(_AND_OTHERS)
_LAST = "{OBJ})"
_MACROS = {
    "{LIST2}": _WHO
    + "".join(f"(?<!{word} {_X})" for word in _NOT_BEFORE_A_LIST)
    + rf"(?:(?<=[GH].) {_WHO})?(?:{_LINK}(?:của |cả |phía |với |các (?=L))?{_WHO})+",
    "{LIST}": rf"{_X}(?:{_LINK}(?:của |cả |phía |với )?{_X})*",
    "{OBJ}": _OBJECT + _AND_OTHERS,
    # "với bốn nhà lãnh đạo, gồm …": the others are named after their number
    "{AMONG}": rf"(?:(?:\w+ )?(?:{_X}|lãnh đạo)(?:[^A-Z.;:,]|[CU].){{0,20}}(?: (?:gồm|bao gồm)|, "
    r"(?:gồm|bao gồm|trong đó có|trong đó gồm|kể cả với|kể cả|gồm cả|như|"
    r"(?:bắt đầu|mở đầu|đầu tiên|trước hết) (?:với|là|bằng|từ))"
    r"(?: cả| các| những)?:?|:) |người bạn(?: (?:tốt|thân|thân thiết|cũ|lớn))*(?: của [^A-Z.;:, ]+)?, )?",
    "{X}": _X,
    "{LINK}": _LINK,
    "{WHO}": _WHO,
    # words between a cue and what belongs to it: no end of clause, no other phrase than times and lengths
    "{F}": rf"(?: về [^A-Z.;:,]{{2,40}} qua (?:điện thoại|video)(?= (?:với|cùng) )|"
    rf" thứ \w+(?=, (?:với|cùng) ),| mà [LPU]. (?:mô tả|gọi|đánh giá|cho)(?= )|(?!{_TOPIC_VERB})"
    r"(?:\"[^\"A-Z.;]{0,40}\"|[^A-Z.;:,]|[TD].)){0,70}?",
    "{NEAR}": r"(?: (?!là )[^A-Z.;:, ]+){0,4}?",
    # words between a subject and its verb
    "{S}": r'(?: (?:[^A-Z.;:"]|[TD].){0,45}?)? ?',
    "{V}": r"(?:,(?= T))?(?: (?:được|bị) cho là)? (?:(?!(?:trong|qua|khi|sau(?! đó)|trước|tại|từ|về|"
    r"rằng|nói|biết|tuyên bố|bên lề|kể từ|vào lúc|với|cùng(?! tham gia)|cho|"
    r'của|nhận|nghe|bị) )"?[^A-Z.;:,()" ]+ |[TD].,? |\((?:[^A-Z()]|'
    r"[TD].){0,25}\) ?|từ (?:chuyên cơ|máy bay|phòng|văn phòng|dinh|nhà riêng|xe) (?:[^A-Z,;:.]|[UCN].){0,24}? ){0,9}?"
    r"(?:cùng )?",
    "{W}": r'[^A-Z\s.;:,"()]+',
}


#: A call spoken of is an act of the subject only with one of these: "ông có cuộc điện đàm", not
#: "ông gọi đây là cuộc điện đàm".
_LIGHT_VERB = regex(r"(?:có|tiến hành|tổ chức|thực hiện|nhận|nhận được|có thêm)(?: các| một| những| hai| thêm| T.)? $")


class Found(msgspec.Struct, frozen=True):
    """The places of a cue as phrases: `first` the subject side, `second` the other side. `span` is what the rule
    took of the skeleton."""

    rule: str
    shape: Shape
    first: tuple[Entity, ...]
    second: tuple[Entity, ...]
    span: tuple[int, int]


class _Rule(Rule, frozen=True, kw_only=True):
    """A row of `data/patterns.csv`; where its pattern ends with an object, others may go on behind the match."""

    shape: Shape
    goes_on: bool

    def is_for(self, cue: Cue) -> bool:
        """Whether the shape holds for a kind of cue."""
        kind = cue.kind.removesuffix("_for")
        return kind in _ONLY_FOR.get(self.shape, (kind,))


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return read_rules("patterns.csv", _Rule, pattern=_with_macros, goes_on=lambda row: row["pattern"].endswith(_LAST))


def _with_macros(pattern: str) -> str:
    pattern = pattern.replace(_LAST, _OBJECT + ")") if pattern.endswith(_LAST) else pattern
    for macro, meaning in _MACROS.items():
        pattern = pattern.replace(macro, meaning)
    return pattern


def find_arguments(skeleton: Skeleton, cue: Cue) -> Found:
    """The phrases that fill the places of the focused cue; shape "none" where the sentence names nobody for it."""
    focus = skeleton.text.find("Q")
    begin = max(0, focus - 260)
    window = skeleton.text[begin : focus + 260]
    named = re.search(_X, window) is not None
    for rule in _rules() if named else ():
        if not rule.is_for(cue) or not rule.may_match(window):
            continue
        match = _last_match(rule.pattern, window)
        if (
            match is not None
            and rule.shape == "subject"
            and cue.noun
            and not _LIGHT_VERB.search(window[: window.find("Q")])
        ):
            continue
        if match is not None:
            return _read(rule, match, skeleton, begin)
    return Found("bare", "none", (), (), (focus, focus + 1))


def _last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match whose left side stands nearest to the cue."""
    focus = text.find("Q")
    match = pattern.search(text)
    while match is not None:
        later = pattern.search(text, match.start() + 1)
        if later is None or later.start() > focus or "Q" not in later[0]:
            return match
        groups = match.groupdict()
        if "all" in groups and groups["all"] and match.start("all") < focus and later.start() < match.end("all"):
            return match
        if groups.get("a") and match.start("a") < focus and later.start() < match.end("a"):
            return match
        if groups.get("b") and match.start("b") < focus and later.start() < match.end("b"):
            return match
        match = later
    return None


def _read(rule: _Rule, match: re.Match[str], skeleton: Skeleton, begin: int) -> Found:
    groups, end = match.groupdict(""), match.end()
    others = _OTHERS.match(match.string, end) if rule.goes_on else None
    if others and match.lastgroup:
        groups[match.lastgroup] += others[0]
        end = others.end()
    first, second = (groups["all"], "") if groups.get("all") else (groups.get("a", ""), groups.get("b", ""))
    span = (begin + match.start(), begin + end)
    return Found(rule.id, rule.shape, _entities(first, skeleton), _entities(second, skeleton), span)


def _entities(text: str, skeleton: Skeleton) -> tuple[Entity, ...]:
    items = (skeleton.item(symbol) for symbol in re.findall(_X, text))
    return tuple(item for item in items if isinstance(item, Entity))
