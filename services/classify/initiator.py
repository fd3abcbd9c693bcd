"""Who asked for a call, or placed it.

Patterns over the skeleton of a sentence that speaks of the call: a request ("theo đề nghị của phía Đức"), an act
("là người chủ động gọi điện"), or both sides. The direction of a bare "A điện đàm với B" is not told and not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from services.classify.cues import Cue
from services.classify.entity import Entity
from services.classify.mention import Sentence
from services.classify.regex import regex
from services.classify.skeleton import Skeleton
from shared.records import Initiator

_ASK = r"(?:đề nghị|đề xuất|yêu cầu|sáng kiến|lời đề nghị|lời mời|lời yêu cầu|gợi ý|chủ động)"
_BOTH = regex(
    rf"(?:{_ASK}(?: của| từ| bởi| từ phía| chung của)|theo {_ASK}) (?:cả )?(?:hai|"
    rf"đôi) (?:bên|phía|nước)|{_ASK}(?: \w+){{0,2}} (?:của|từ) G.|"
    rf"hai bên (?:cùng )?{_ASK}|{_ASK} chung"
)
_OF = regex(
    rf"(?:theo|từ|do|trên cơ sở|xuất phát từ|đáp lại|nhận|đáp ứng|"
    rf"dựa trên|bởi)(?: \w+){{0,2}} [\"']?{_ASK}[\"']?(?: [^A-Z.;:,]{{0,14}})?? (?:của|"
    rf"từ|bởi|do|phía)(?: phía| bên| chính phủ)? (?:[^A-Z.;:,]{{0,10}})?([LCNUP].)"
)
_BY = regex(
    rf"Q(?:[^A-Z.;:]|[TD].){{0,40}}? do(?: phía| bên)? ([LCNUP].)(?: chủ động)? (?:{_ASK}|"
    rf"khởi xướng|tiến hành|nêu|đưa ra|chủ động)"
)
_IS_ASKER = regex(
    rf"(?:phía )?([LCNUP].)(?: mới)?(?: chính)? là (?:người|phía|"
    rf"bên|nước|lãnh đạo)(?: \w+){{0,2}} (?:{_ASK}|khởi xướng|"
    rf"chủ động|yêu cầu|Q)"
)
_ASKED = regex(
    r"(?:phía )?([LUP].|(?<=phía )[CN].|C.(?= (?:đang|đã|vừa|từng|chủ động) ))(?: [TD].)?,?(?: đã| đang| vừa|"
    r" từng| cũng| trước đó| là người)*(?: chủ động)? (?:đề nghị|đề xuất|"
    r"yêu cầu|chủ động|ngỏ ý|ngỏ lời|xin|khởi xướng|gợi ý|gửi lời mời|mời|"
    r"rút lại đề nghị)(?: [LUP].)?(?: [^A-Z.;:,]{0,30})?(?: [TD].)? "
    r"?Q"
)
#: "Đáng chú ý nhất là cuộc gọi của ông A": whose call it is rang. "Điện đàm của ông A" says nothing of that.
_WHOSE = regex(r"(?:là|nhận|nhận được|có|sau|từ) Q. của (?:phía )?([LUP].)(?! (?:và|với|cùng|-))")
#: "Phía Mexico chủ động gọi, cuộc điện đàm dài 15 phút", "cuộc trao đổi do phía Mexico thực hiện".
_RANG_FIRST = regex(
    r"(?:phía |bên )([LCNU].) (?:đã |là bên )?chủ động gọi(?: điện| tới| đến)?[,;] Q|"
    r"Q. do(?: phía| bên)? ([LCNU].)(?: chủ động)? (?:gọi|thực hiện)(?!\w)|"
    r"([LCNUP].)(?: mới)?(?: chính)? là (?:người|phía|bên|nước|lãnh đạo)(?: \w+){0,2} gọi"
    r"(?: điện| tới| đến)?(?=[,.;]|$| (?:trước|để)(?!\w))"
)
#: "Cảm ơn Tổng thống A vì cuộc gọi": who is thanked for it placed it.
_THANKED = regex(
    r"cảm ơn (?:[^A-Z.;:\"]{0,24}, )?([LUP].),? (?:vì|về|đã(?: thực hiện| có| gọi)?)(?: một)? (Q.)(?! (?:trước|tới|"
    r"đến|cho|mà)(?!\w))"
)
_RINGING = {"call_noun", "ring", "ring_for", "telephone_verb"}
#: "Đã tìm cách liên lạc với ông A nhưng không ai bắt máy": who tried placed it.
_TRIED = regex(
    r"([LUP].)(?: [TD].)?(?: (?:đã|từng|cũng|vẫn|cho biết|nói|nhiều lần|P.))* (?:tìm (?:mọi )?cách|cố gắng|cố)"
    r" (?:Q.|Z.|liên lạc|liên hệ|gọi(?: điện)?)[^.;]*? (?:nhưng|song|mà)(?! (?:sau đó|rồi))"
)
#: "Theo đề nghị của Paris và Berlin": two sides asked.
_AND_ANOTHER = regex(r" (?:và|lẫn|cùng)(?: phía| bên)? [LCNUP].(?=[,.;]|$)")
#: What a side wants is asked for as long as it has not come about: "đang tìm cách thu xếp một cuộc điện đàm với ông A".
_WANTS = regex(
    r"(?:phía )?([LCNUP].)(?: [TD].)?(?: (?:đã|đang|cũng|vẫn|rất|hiện|luôn|nói|cho biết|bày tỏ|rằng|P.))*"
    r" (?:muốn|mong muốn|mong|hy vọng|ngỏ ý|ngỏ lời|tính|có ý định|tìm cách|quan tâm (?:tới|đến)|đề nghị|đề xuất)"
    r"(?: (?:sớm|sẽ|có|được|thu xếp|sắp xếp|tổ chức|thực hiện|nối lại|trực tiếp|để|một|L.|[TD].))* ?Q"
)
#: "thực hiện một cuộc gọi ngắn tới ông A".
_MADE = regex(
    r"([LUP].)(?: [TD].)*(?: (?:đã|vừa|cũng))* (?:thực hiện|tiến hành)(?: một| các| những)? Q.(?: [^A-Z.;:,]{0,14})?"
    r" (?:tới|đến|cho) [LCNUP]"
)
_OFFERED = regex(
    rf"(?:từ chối|khước từ|bác|chấp nhận|nhận|đồng ý với)(?: lời)? {_ASK}(?: [^A-Z.;:,]{{0,12}})"
    rf"? Q(?:.{{0,4}})(?: của| từ) (?:phía )?([LCUP].)"
)


#: A call that is not placed, or may be: "sẽ không gọi cho ông A", "có thể gọi cho tôi bất cứ lúc nào".
_NOT_PLACED = regex(
    r"(?<!\w)(?:(?:không|chưa)(?: (?:hề|từng|sẽ|định|tính|dự định|có ý định|có kế hoạch))?|có thể)"
    r" Q. (?:cho|tới|đến)(?!\w)"
)

#: Who rang, where the sentence names only that one: "Văn phòng ông A cho biết chính ông B gọi, ngay sau hội nghị".
_RANG = regex(
    r"(?:(?: (?:đã|vừa|mới|chủ động))*(?: là người)?(?: chủ động)? gọi(?: điện| tới| đến)*|"
    r"(?: đã)? là người chủ động (?:nhấc máy|liên hệ|liên lạc))"
    r"(?= ?[,.]| (?:để|trước|nhằm|vì|chúc mừng|chia buồn|cảm ơn)(?!\w))"
)
_AT_REQUEST = regex(
    rf"(?<!\w)(?:nhận lời|nói chuyện|trò chuyện|trao đổi|cuộc gọi|nghe máy)(?!\w)[^.;:]*?"
    rf" (?:theo|do|từ)(?: lời)? {_ASK}"
    r" (?:của|từ)(?: phía| bên| chính phủ)? $"
)

_REFUSED = regex(r"(?:từ chối|khước từ|lờ đi|phớt lờ)(?: tiếp| nhận| nghe)? Q.(?: của| từ) (?:phía )?([LCUP].)")

#: What was asked for was something else, and in the call, or after it: "mời ông sang thăm sau cuộc điện đàm".
_ELSE = regex(r"(?<!\w)(?:thăm|gặp|trong|sau|trước|tại|qua|khi)(?!\w)[^Q]*Q")
#: What stands between a request and the call when something else was asked for.
_DECIDED = regex(r"nhất trí|đồng ý|tôn trọng|cam kết|tuyên bố|gia hạn|ký")


#: Words by which a sentence says who asked for a call or placed it.
_SAID = (_OF, _BY, _MADE, _IS_ASKER, _OFFERED, _REFUSED, _ASKED, _TRIED)


def find_initiator(skeleton: Skeleton, side_of: Callable[[Entity], str | None], *, to_come: bool) -> str | None:
    """The country whose side asked for the focused call, "both", or None. `side_of` gives the country of a phrase;
    `to_come` says that the call has not taken place, so that who wants it asks for it."""
    text = skeleton.text
    if _BOTH.search(text):
        return "both"
    focus = text.find("Q")
    cue = skeleton.item(text[focus : focus + 2])
    answered = isinstance(cue, Cue) and cue.kind == "answer"  # "ông A là người nghe máy" tells who was rung
    rung = (_WHOSE,) if isinstance(cue, Cue) and cue.rule == "call_noun" else ()
    for pattern in (_TRIED,) if answered else (*_SAID, *rung, *((_WANTS,) if to_come else ())):
        for match in pattern.finditer(text):
            if pattern is _OF and _AND_ANOTHER.match(text, match.end()):
                return None
            between = text[min(match.end(), focus) : max(match.start(), focus)]
            after = text[match.end() : match.end() + 30] if match.start() > focus else ""
            if not text.endswith((", ", ","), 0, match.start()):
                after = after.split(",")[0]  # "điện đàm theo đề nghị của phía A, ông B cam kết …"
            if _DECIDED.search(between) or _DECIDED.search(after) or (pattern is _ASKED and _ELSE.search(match[0])):
                continue
            item = skeleton.item(match[1])
            side = side_of(item) if isinstance(item, Entity) else None
            if side is not None:
                return side
    return None


def find_caller(skeleton: Skeleton, side_of: Callable[[Entity], str | None]) -> str | None:
    """The country of the side that is said to have placed the focused call: "phía Mexico chủ động gọi"."""
    rang = _RANG_FIRST.search(skeleton.text)
    who = skeleton.item(next(filter(None, rang.groups()))) if rang else None
    return side_of(who) if isinstance(who, Entity) else None


def find_thanked(skeleton: Skeleton, side_of: Callable[[Entity], str | None]) -> str | None:
    """The country of whoever is thanked for ringing, None where nobody is: "Cảm ơn Tổng thống A vì cuộc gọi"."""
    thanked = _THANKED.search(skeleton.text)
    if thanked is None:
        return None
    who, cue = skeleton.item(thanked[1]), skeleton.item(thanked[2])
    rung = isinstance(cue, Cue) and cue.rule in _RINGING
    return side_of(who) if rung and isinstance(who, Entity) else None


def is_placed(skeleton: Skeleton) -> bool:
    """Whether a sentence in which one leader rings another tells that it is done, or will be."""
    return _NOT_PLACED.search(skeleton.text) is None


def told_beside(sentence: Sentence, sides: Mapping[int, str], countries: Collection[str]) -> Initiator | None:
    """Who rang or asked, by a sentence of a call that names it only as a talk. `sides` gives the countries of the
    leaders by where the phrase for each starts, `countries` those of the call."""
    for entity in sentence.entities:
        side = sides.get(entity.start) or next((c for c in entity.countries if c in countries), None)
        if side and _AT_REQUEST.search(sentence.lower, sentence.start, entity.start):
            return Initiator(side=side, how="requested")
        if entity.start in sides and _RANG.match(sentence.lower, entity.end, sentence.end):
            return Initiator(side=sides[entity.start], how="phoned")
    return None
