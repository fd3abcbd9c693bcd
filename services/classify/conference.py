"""Whether a cue is a conference of many, which is no call: a summit by screen, or one attended with nobody named."""

from __future__ import annotations

from services.classify.arguments import Found
from services.classify.cues import Cue
from services.classify.mention import Sentence
from services.classify.regex import regex

_MANY = regex(
    r"(?:lãnh đạo|nguyên thủ) (?:của )?(?:[6-9]|\d{2,}|các) (?:nước|quốc gia)(?: thành viên)?|"
    r"với (?:các|toàn thể) (?:địa phương|tỉnh|bộ(?! trưởng)|ngành)|"
    r"với (?:gần |hơn |khoảng )?(?:mười|hai mươi|hàng chục|chục|[6-9]|\d{2,}) (?:nhà )?lãnh đạo|"
    r"(?:[^\s,;.]+(?: [^\s,;.]+){0,2}, ){3,}[^.;]{0,40}đều (?:tham )?dự(?=[.;]|$)|"
    r"với sự tham (?:dự|gia) của [^.;]* (?:và|cùng) (?:các|nhiều|một số|những) (?:nhà )?lãnh đạo"
)
_ATTENDED = regex(r"(?:dự|tham gia|phát biểu tại)(?: một| các)? (?:hội nghị|(?:cuộc |phiên )?họp)")
#: "Hai nhà lãnh đạo dự hội nghị trực tuyến về khí hậu": one that others hold.
_ON_A_MATTER = regex(r"(?: trực tuyến)? về ")
_WITH_WHOM = regex(r" (?:với|cùng|giữa) ")
#: A conference is what a weak word may mean ("trao đổi trực tuyến"); beside a plain call it is something else.
_CONFERENCE = regex(
    r"hội nghị (?:thượng đỉnh|cấp cao)(?: \w+){0,5} \(?(?:g20|g-20|g7|g-7|asean|eu|apec|brics|nato|sco|liên hợp quốc|"
    r"lhq|afta|quad|khí hậu)(?!\w)|"
    r"(?:thượng đỉnh|họp|hội nghị) trực tuyến (?:của )?(?:các|nhóm|khối|g20|g7|asean|eu|apec|brics|nato|hội đồng|"
    r"(?:sáu|bảy|tám|chín|mười|hai mươi|[6-9]|\d{2,}) (?:nước|quốc gia))|"
    r"(?:thượng đỉnh|họp|hội nghị) trực tuyến [^.;,]{0,30}do [^.;,]{2,80} (?:chủ trì|tổ chức)"
)

#: Another event than the call: "đồng ý gặp lãnh đạo các nước Baltic", "nói với báo giới sau khi dự thượng đỉnh".
_MEETS = regex(r"(?<!\w)(?:gặp|gặp gỡ|tiếp|họp với|thăm|tiệc|dạ tiệc|chiêu đãi)(?!\w)[^.;]*$")
_BESIDE_IT = regex(r"(?:(?:sau|trước)(?: khi)?|bên lề)(?: tham)?(?: dự)? $")

#: "Lãnh đạo EU họp qua video".
_OF_A_BLOC = regex(
    r"(?<!\w)lãnh đạo (?:liên minh châu âu|eu|g20|g7|asean|nato|brics)(?: (?:sẽ|đang|đã|vừa|(?:chiều|tối|sáng) nay))* $"
)
#: "Nói chuyện qua điện thoại và sẽ gặp nhau tại hội nghị G20".
_TO_MEET = regex(r"(?<!\w)(?:sẽ|dự kiến|hẹn)(?: [^.;,]{0,20})? (?:gặp|\"?cuộc gặp)(?!\w)[^.;]*$")
#: "Điện đàm với ông A, nhất trí triệu tập hội nghị trực tuyến": what a call agreed on.
_AGREED_ON = regex(
    r"(?:nhất trí|đồng ý|thống nhất|quyết định|đề nghị|đề xuất|kêu gọi) (?:\w+ ){0,3}"
    r"(?:mở|tổ chức|triệu tập|tiến hành)(?: một)? (?:hội nghị|(?:cuộc )?họp)"
)


def is_of_many(sentence: Sentence, cue: Cue, found: Found) -> bool:
    """Whether a cue is a conference: of many, or attended with nobody named ("dự hội nghị trực tuyến về khí hậu"; two
    who attend one hold it), or one that a call of the same sentence agreed on. Of many others a sentence may name one:
    "điện đàm với lãnh đạo các nước, trong đó có cuộc điện đàm với ông A"."""
    attended = _ATTENDED.search(sentence.lower, max(sentence.start, cue.start - 16), cue.end) is not None
    matter = _ON_A_MATTER.match(sentence.lower, cue.end) is not None
    by_both = len(found.first) == 2 or (not matter and any(entity.kind == "group" for entity in found.first))
    if attended and not by_both and not _WITH_WHOM.search(sentence.lower, cue.end, cue.end + 90):
        return True
    if _is_plain(sentence.cues[0]) and _AGREED_ON.search(sentence.lower, sentence.start, cue.end):
        return True
    plain = _is_plain(cue)
    if not plain and _OF_A_BLOC.search(sentence.lower, sentence.start, cue.start):
        return True
    one_of_them = cue is not sentence.cues[0] and any(e.persons for e in found.second)
    return (not one_of_them and _tells_of_many(sentence, cue)) or (not plain and _is_conference(sentence, cue))


def _tells_of_many(sentence: Sentence, cue: Cue) -> bool:
    """Whether a sentence tells of the leaders of many countries, or of those of "các nước" that it does not name, other
    than as of those whom somebody is to meet."""
    named = {entity.start for entity in sentence.entities if entity.pair}
    found = _MANY.finditer(sentence.lower, sentence.start, sentence.end)
    return any(
        many.start() not in named and not _MEETS.search(sentence.lower, cue.end, max(cue.end, many.start()))
        for many in found
    )


def _is_conference(sentence: Sentence, cue: Cue) -> bool:
    """Whether a sentence tells of a conference, as of the cue itself or of nothing beside it."""
    found = _CONFERENCE.finditer(sentence.lower, sentence.start, sentence.end)
    return any(
        named.start() <= cue.start < named.end()
        or not (
            _BESIDE_IT.search(sentence.lower, sentence.start, named.start())
            or _TO_MEET.search(sentence.lower, sentence.start, named.start())
        )
        for named in found
    )


def _is_plain(cue: Cue) -> bool:
    """Whether a cue says by itself that it is a call by telephone."""
    return cue.kind in ("talk", "ring", "ring_for", "answer") and cue.channel == "phone"
