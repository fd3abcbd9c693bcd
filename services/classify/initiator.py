"""Who asked for a call, or placed it.

Patterns over the skeleton of a sentence that speaks of the call: a request ("theo đề nghị của phía Đức"), an act
("là người chủ động gọi điện"), or both sides. The direction of a bare "A điện đàm với B" is not told and not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.classify.entity import Entity
from services.classify.skeleton import Skeleton

_ASK = r"(?:đề nghị|đề xuất|yêu cầu|sáng kiến|lời đề nghị|lời mời|lời yêu cầu|gợi ý|chủ động)"
_BOTH = re.compile(
    rf"(?:{_ASK}(?: của| từ| bởi| từ phía| chung của)|theo {_ASK}) (?:cả )?(?:hai|"
    rf"đôi) (?:bên|phía|nước)|{_ASK}(?: \w+){{0,2}} (?:của|từ)? ?G.|"
    rf"hai bên (?:cùng )?{_ASK}|{_ASK} chung"
)
_OF = re.compile(
    rf"(?:theo|từ|do|trên cơ sở|xuất phát từ|đáp lại|nhận|đáp ứng|"
    rf"dựa trên|bởi)(?: \w+){{0,2}} [\"']?{_ASK}(?: [^A-Z.;:,]{{0,14}})?? (?:của|"
    rf"từ|bởi|do|phía)(?: phía| bên| chính phủ)? (?:[^A-Z.;:,]{{0,10}})?([LCNUP].)"
)
_BY = re.compile(
    rf"Q(?:[^A-Z.;:,]|[TD].){{0,40}}? do(?: phía| bên)? ([LCNUP].)(?: chủ động)? (?:{_ASK}|"
    rf"khởi xướng|thực hiện|tiến hành|gọi)"
)
_IS_ASKER = re.compile(
    rf"(?:phía )?([LCNUP].)(?: mới)?(?: chính)? là (?:người|phía|"
    rf"bên|nước|lãnh đạo)(?: \w+){{0,2}} (?:{_ASK}|khởi xướng|"
    rf"chủ động|gọi|yêu cầu|Q)"
)
_ASKED = re.compile(
    r"(?:phía )?([LUP].)(?: [TD].)?,?(?: đã| vừa| từng| cũng|"
    r" trước đó| là người)*(?: chủ động)? (?:đề nghị|đề xuất|"
    r"yêu cầu|chủ động|ngỏ ý|ngỏ lời|xin|khởi xướng|gợi ý|gửi lời mời|mời|"
    r"rút lại đề nghị)(?: [LUP].)?(?: [^A-Z.;:,]{0,30})?(?: [TD].)? "
    r"?Q"
)
_OFFERED = re.compile(
    rf"(?:từ chối|khước từ|bác|chấp nhận|nhận|đồng ý với)(?: lời)? {_ASK}(?: [^A-Z.;:,]{{0,12}})"
    rf"? Q(?:.{{0,4}})(?: của| từ) (?:phía )?([LCUP].)"
)


_REFUSED = re.compile(r"(?:từ chối|khước từ|lờ đi|phớt lờ)(?: tiếp| nhận| nghe)? Q.(?: của| từ) (?:phía )?([LCUP].)")

#: What was asked for was something else, and in the call, or after it: "mời ông sang thăm sau cuộc điện đàm".
_ELSE = re.compile(r"(?<!\w)(?:thăm|gặp|trong|sau|trước|tại|qua|khi)(?!\w)[^Q]*Q")
#: What stands between a request and the call when something else was asked for.
_DECIDED = re.compile(r"nhất trí|đồng ý|tôn trọng|cam kết|tuyên bố|gia hạn|ký")


def find_initiator(skeleton: Skeleton, side_of: Callable[[Entity], str | None]) -> str | None:
    """The country whose side asked for the focused call, "both", or None. `side_of` gives the country of a phrase."""
    text = skeleton.text
    if _BOTH.search(text):
        return "both"
    focus = text.find("Q")
    for pattern in (_OF, _BY, _IS_ASKER, _OFFERED, _REFUSED, _ASKED):
        for match in pattern.finditer(text):
            between = text[min(match.end(), focus) : max(match.start(), focus)]
            after = text[match.end() : match.end() + 30] if match.start() > focus else ""
            if _DECIDED.search(between) or _DECIDED.search(after) or (pattern is _ASKED and _ELSE.search(match[0])):
                continue
            item = skeleton.item(match[1])
            side = side_of(item) if isinstance(item, Entity) else None
            if side is not None:
                return side
    return None
