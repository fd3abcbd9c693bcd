"""Which sentences of an article tell what was said on a call, and which only stand near it.

A sentence counts where it speaks of the call itself, where both sides together do the talking, or where one side is the
subject of a verb of saying right after such a sentence. A press conference, a campaign, what somebody always says, an
expert's guess and the next item of a roundup are other talk.
"""

from __future__ import annotations

from services.classify.mention import Sentence
from services.classify.regex import regex

_TALK = (
    r"(?:thảo luận|bàn(?! giao)|trao đổi|nói|đề cập|nhắc|nêu|nhất trí|thống nhất|đồng ý|cam kết|xoay quanh|tập trung|"
    r"ủng hộ|kêu gọi|bày tỏ|chia sẻ|cập nhật|đề nghị|khẳng định|tái khẳng định|quan ngại|hợp tác|nhấn mạnh|đề xuất|mời|"
    r"tuyên bố|xúc tiến|giao nhiệm vụ|công bố|không loại trừ|cho biết|cho rằng|coi|lên án|chỉ trích|phản đối|cảm ơn|"
    r"chúc|gửi lời|gửi|chia buồn|ca ngợi|thông báo|cảnh báo|yêu cầu|xin lỗi|giải thích|hối thúc|thúc giục|lưu ý|"
    r"đảm bảo|bảo đảm|hứa|xác nhận|ngỏ ý|thuyết phục|lấy làm tiếc|miêu tả|mô tả|đánh giá|hỏi|đáp|đáp lại|"
    r"từ chối|thể hiện|xem|muốn|mong muốn|hy vọng|nhắc nhở|gợi ý)"
)
_ADVERBS = (
    r"(?:đã|đều|cũng|còn|cùng|vừa|sẽ|lại|sau đó|nhau|cả|hai|mạnh mẽ|hoàn toàn|tiếp tục|một lần nữa|trong khi đó|"
    r"nhiều lần|trực tiếp|nhanh chóng|dự kiến|lưu ý|thêm|ít nhất|tiếp|không|chưa)"
)
#: In a sentence that names the call: any word of saying, or what it was about.
_ANY_TALK = regex(rf"(?<!\w)(?:{_TALK}|về|nhằm|để)(?!\w)")
#: What a subject does: a verb right behind it, or behind adverbs, "hôm nay" or an aside between commas.
_SAYS = regex(
    rf"^(?: (?:đã )?điện đàm và)?"
    rf"(?: (?:hôm|ngày|tối|sáng|chiều) [\w/-]+)?(?:, [^,.;]{{0,90}},)?(?: {_ADVERBS})*(?: có thể)? [\"']?{_TALK}(?!\w)"
)
#: The subject behind its words: "…", ông Tập nhấn mạnh; trích lời ông Tập.
_QUOTED_BY = regex(r"(?:dẫn lời|trích lời|theo lời)(?: của)?(?: \w+){0,3} $")
_WE_TALKED = regex(
    r"chúng tôi (?:đã |cũng |vừa |còn |hoàn toàn )*"
    r"(?:có (?:một )?cuộc|thảo luận|nói(?! với)|bàn|trao đổi|đề cập|nhất trí|đồng ý)"
)
#: "Ông cũng nhấn mạnh": it goes on from a sentence further back.
_GOES_ON = regex(r"(?<!\w)(?:cũng|còn|một lần nữa)(?!\w)")
_PASSIVE = regex(r"được [^.;,]{0,60}(?:đề cập|thảo luận|trao đổi|nhắc (?:đến|tới)|nêu)")
#: The talk that the sentence before told of, by a word that is no cue of its own.
REFERS_BACK = regex(r"cuộc (?:hội đàm|trao đổi|đối thoại|thảo luận|nói chuyện) (?:này|đó|trên|nêu trên)(?!\w)")
_WITHIN = regex(r"(?:trong lúc|trong khi|khi) (?:nói chuyện|trò chuyện|điện đàm|trao đổi|bàn|thảo luận)|qua đó hai")
_OTHER_TALK = regex(
    r"họp báo|phát biểu (?:tại|trước|trên|trong)|trả lời phỏng vấn|"
    r"trong (?:bài|buổi|chiến dịch|một cuộc tranh luận|cuộc họp)|trên truyền hình|trong chuyến thăm|"
    r"tại (?:một )?cuộc (?:họp|gặp)|cuộc gặp gỡ này|hồi ký|nhà phân tích|"
    r"chuyên gia [^,.;]{0,50}(?:cho rằng|nói|nhận định|lưu ý|cho biết|tin)(?!\w)|"
    r"giới (?:phân tích|quan sát)|các nhà quan sát|cây bút|giáo sư|được kỳ vọng"
)
#: "Hai bên", "hai nước" may be others than the leaders.
_SIDES = regex(r"bên|nước")
_THEY = regex(rf"^[\"']?họ(?: {_ADVERBS})* {_TALK}(?!\w)")
_HE = regex(rf"^[\"']?(?:ông|bà)(?: {_ADVERBS})* {_TALK}(?!\w)")
ELSEWHERE = regex(
    r"^[\"']?(?:trong khi đó|trước đó|cùng ngày|ở diễn biến khác|ở một tuyên bố khác|mặt khác|"
    r"trong (?:một )?diễn biến|hồi |ngày )"
)
_BESIDE = regex(r"(?<!\w)(?:sau|trước|kể từ)(?: khi)?(?: (?:hàng loạt|các|những|một|cuộc))* $")
_SUBORDINATE = regex(r"(?<!\w)(?:sau khi|trước khi|kể từ khi|từ khi|vì|do|nếu|việc|ý)(?: [^\s,.;]+){0,6} $")
_ASIDE = regex(r"năm (?:19|20)\d\d(?! \w* \d)|thế chiến|lịch sử|cáo buộc .{0,30} trước đó")


class Teller:
    """Goes through the sentences of one call in their order and says of each whether it tells of the talking.

    `told` are the indices of the sentences with a mention of the call, `countries` those of its leaders.
    """

    def __init__(self, told: set[int], countries: list[str]) -> None:
        self._told = told
        self._countries = countries
        self._seen = 0  # sentences but for captions
        self._last = -9

    def tells(self, sentence: Sentence, sides: dict[int, str]) -> bool:
        """Whether a sentence tells what was said. `sides`: the countries of the leaders it names, by where."""
        if sentence.caption:
            return False
        self._seen += 1
        tells = self._tells(sentence, sides)
        if tells or sentence.index in self._told:
            self._last = self._seen
        return tells

    def concerns(self, sentence: Sentence, sides: dict[int, str]) -> bool:
        """Whether a sentence speaks of those on the call at all, which is enough for what is promised or planned."""
        lower = sentence.lower[sentence.start : sentence.end]
        told = sentence.index in self._told
        if sentence.caption or _ASIDE.search(lower) or not (told or _ANY_TALK.search(lower)):
            return False
        together = groups_in(sentence, self._countries)
        return told or bool(sides) or bool(together) or REFERS_BACK.search(lower) is not None

    def _tells(self, sentence: Sentence, sides: dict[int, str]) -> bool:
        lower = sentence.lower[sentence.start : sentence.end]
        both = self._together(sentence, sides)
        if _ASIDE.search(lower) and not both:
            return False
        if sentence.index in self._told:
            return both or (_ANY_TALK.search(lower) is not None and not _only_beside(sentence))
        if _OTHER_TALK.search(lower):
            return False
        if both or REFERS_BACK.search(lower) or _WITHIN.search(lower) or _WE_TALKED.search(lower):
            return True
        reach = 2 if _GOES_ON.search(lower) else 1
        if self._seen - self._last > reach or ELSEWHERE.search(lower):
            return False
        return bool(
            _THEY.search(lower)
            or (sides and _HE.search(lower))
            or _PASSIVE.search(lower)
            or any(is_subject(sentence, start) for start in sides)
            or any(_QUOTED_BY.search(sentence.lower, sentence.start, start) for start in sides)
        )

    def _together(self, sentence: Sentence, sides: dict[int, str]) -> bool:
        """Whether both sides do the talking: as a group or by name, one of them as the subject."""
        near = self._last < 0 or self._seen - self._last <= 2 or sentence.index in self._told
        groups = [
            start
            for start, end in groups_in(sentence, self._countries)
            if near or not _SIDES.search(sentence.lower, start, end)
        ]
        if any(is_subject(sentence, start) for start in groups):
            return True
        return len(set(sides.values())) > 1 and any(is_subject(sentence, start) for start in sides)


def groups_in(sentence: Sentence, countries: list[str]) -> list[tuple[int, int]]:
    """Where a sentence names both sides in one phrase: "hai nhà lãnh đạo", "lãnh đạo Mỹ và Hàn Quốc"."""
    return [
        (e.start, e.end)
        for e in sentence.entities
        if e.kind in ("group", "group3") or (e.pair and len(countries) > 1 and {*e.countries} == {*countries})
    ]


def _only_beside(sentence: Sentence) -> bool:
    """Whether a sentence only says that something came before or after the call."""
    cues = [cue.start for cue in sentence.cues]
    return bool(cues) and all(_BESIDE.search(sentence.lower, sentence.start, start) for start in cues)


def is_subject(sentence: Sentence, start: int) -> bool:
    """Whether a verb of saying stands right behind a leader or a group, in a clause of its own."""
    entity = next((e for e in sentence.entities if e.start == start), None)
    before = sentence.lower[sentence.start : start]
    if entity is None or _SUBORDINATE.search(before) or before.count("(") > before.count(")"):
        return False
    return _SAYS.search(sentence.lower[entity.end : sentence.end]) is not None
