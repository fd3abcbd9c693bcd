"""Modality: was the call held, is it going on, planned, only wanted, or denied?

Patterns over the skeleton around one cue (`data/status.csv`), tried in the order of the file: what takes a call back
stands before what announces it, and that before what tells it. A cue without any such word is taken as held:
Vietnamese marks no tense.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from services.classify.cues import Cue
from services.classify.data_rows import Rule, read_rules
from services.classify.regex import regex
from services.classify.skeleton import Skeleton
from shared.records import Denial, Status

# A word between the marker and the cue; a preposition starts a phrase of its own ("đề nghị hỗ trợ trong cuộc gọi").
_WORD = r'(?!(?:trong|sau|tại|qua|khi|trước|từ|bên|nhân) )[^A-Z\s.;:,"()]+'
_ANSWERING = "(?<=A)"
_HABIT = regex(
    r"(?:^|, |theo )(?:thông lệ|thông thường|thường lệ|quy trình|lẽ thường)(?!\w)[^.;]* (?:các|những|mọi|mỗi|một) Q|"
    r"(?:sẽ|có thể) (?:giải quyết|xử lý)[^.;]{0,60}qua Q|"
    r"(?:đồn đoán|tin đồn|suy đoán)[^.;]{0,30} (?:các|những|nhiều) Q|"
    r"(?:đừng ngần ngại|vui lòng|xin hãy|hãy|cứ|bằng cách|thông qua việc) Q|"
    r"Q[^.;:]{0,30} (?:khi|mỗi khi|nếu) (?:có|cần|xảy ra|gặp) (?:khủng hoảng|sự cố|vấn đề|chuyện|thiết)|"
    r"không(?: hề)? gặp(?: nhau)?,? (?:và |cũng )(?:không|chưa)(?: hề)? Q|"
    r"thói quen(?: \w+)? Q|có nên(?: \w+)? Q|(?:đường dây|kênh)[^.;]* chưa (?:từng|bao giờ) được [^.;]*Q|"
    r"kiên trì(?: \w+)? Q|(?:làm sao|làm thế nào|sao có thể)(?: mà)? Q|hỏi [^.;]*(?<!\w)nếu [^.;]{0,60}Q|"
    r"(?:giai đoạn|thời gian|thời kỳ) (?:đó|ấy|này),[^.;]{0,40} chỉ Q|"
    r"thường (?:xuyên )?(?:tự |trực tiếp )?(?:nhắn tin|viết thư|liên lạc|trao đổi|gặp(?: mặt| gỡ| nhau)?)"
    r"(?:,| và| hay| hoặc| hoặc là) Q|"
    r"nghe (?:lén|trộm)(?: \w+){0,2} Q|Q. (?:thử(?! thách)|cá nhân|công việc|"
    r"đời tư)|(?:thường xuyên|nhiều lần|liên tục|(?<!cho )hay|"
    r"thỉnh thoảng|định kỳ|hàng tuần|mỗi tuần|mỗi ngày|hàng ngày|"
    r"hầu như|không ít lần|vài lần|lần nào cũng|luôn|(?<!bất )(?<!phi )(?<!bình )(?<!khác )thường|duy trì|"
    r"giữ)"
    r"(?: có| tiến hành| các| những| giữ| liên lạc| duy trì| được|"
    r" tổ chức)* Q|(?:\d{2,}|[4-9]|hàng chục|hàng trăm|nhiều|"
    r"chục|hơn \d+|tất cả các|mọi|ít nhất \d+) Q|"
    r"Q(?:[^.;:]{0,40}?) (?:thường xuyên|đều đặn|định kỳ|nhiều lần|"
    r"\d+ lần|(?:bốn|năm|sáu|bảy|tám|chín|mười)(?: (?:hoặc|đến|hay) \w+)? lần(?![^.;]*T)|"
    r"hầu như|mỗi tuần|hằng ngày|(?<!họp báo )thường kỳ)|"
    r"đã Q.(?: \w+)? \d+ lần|đã (?:\d+|bốn|năm|sáu|bảy|tám|chín|mười) lần Q|"
    r"(?:các|những) Q[^.;:]{0,60} từ [^.;:,]{2,30} (?:đến|tới) nay|"
    r"(?:nội dung|bản ghi|ghi chép|biên bản)(?: về| của)? (?:các|những) Q[^.;]* (?:cất|lưu) (?:giữ|trữ)|"
    r"(?<!\w)(?:sáu|bảy|tám|chín|mười) Q.(?![^.;]*[LPGH].)|"
    r"(?:các|những) Q. (?:giai đoạn|thời kỳ|trong những năm) |"
    r"chưa rõ [^.;:]{0,60}Q[^.;:]* hay (?:không|chưa)(?!\w)|"
    r"đã gặp(?: gỡ| mặt)? (?:hoặc|hay) Q[^.;:]* lần(?!\w)|thích Q[^.;:]* hơn là |"
    r"Q.? hoặc gặp[^.;:]* (?:bất cứ (?:lúc|khi) nào|nếu|khi cần)(?!\w)|"
    r"(?:sẽ|có thể|hứa)[^.;:]{0,20} (?:những|các) Q.? khác(?= (?!nhau|(?:tới|đến|cho) [LPU])|[.,;]|$)|"
    r"(?:thích|muốn|chuộng|chọn|ưu tiên|nên|hay|tốt|hiệu quả|giá trị|ích)(?!\w)[^.;:]* hơn là Q|"
    r"có thể [^.;:]{0,50}Q[^.;:]{0,40} cho nhau(?![^.;:]* T)|khuyên[^.;:]{0,30} (?:đừng|không nên) Q|"
    r"(?:bản ghi|máy chủ|cất giữ|lưu trữ)[^.;:]* (?:một số|nhiều|những) Q."
    r"(?: [^\s.;:,]+){0,2} của [LP]. với (?![^.;:]*T)|"
    r"hỏi(?: rằng)? liệu [^.;:]{0,40}có (?:muốn|sẽ|định|thể|ý định|kế hoạch)[^.;:,Z]{0,20} Q"
    r"(?:(?! (?:sẽ|(?:nói|đáp|cho biết)(?! (?:là |rằng )?(?:không|từ chối))|khẳng định|"
    r"xác nhận) )[^.;:\"Z])* (?:không (?:bình luận|trả lời)|từ chối|im lặng)|"
    r"không bỏ lỡ (?:dịp|cơ hội) nào (?:để )?Q|"
    r"Q[^.;:]{0,20} qua (?:báo chí|báo đài|truyền thông|trung gian)|"
    r"Q(?:[^.;:]{0,60}?) (?:\d{3,}|hàng (?:chục|trăm)) (?:tiếng|giờ)|"
    r"^[^T]*(?:đã|từng)(?: có)? (?:hai|ba|2|3) lần Q(?![^.;]*T)"
)

#: "Điện đàm hôm 2/2, cuộc trao đổi vốn được lên lịch hai ngày trước nhưng bị hủy": what had been meant for it.
_ORIGINALLY = regex(
    r", Z.(?: [^\s.;:,]+)? (?:vốn|ban đầu|lẽ ra|thoạt tiên)(?!\w)"
    r"[^.;:,]*(?:nhưng|song|mà)(?!\w)[^.;:,]*(?:hủy|hoãn|lùi|dời)(?!\w)"
)
#: "Đã điện đàm nhiều lần, lần gần nhất hôm 3/8": the last of many is told by its day.
_LAST_OF_MANY = regex(
    r"Q[^.;]*?, (?:và )?lần (?:gần (?:đây )?nhất|mới nhất|sau cùng)(?: là| diễn ra)?(?: vào| hôm| hồi)* T"
)

#: A call of a film, or of one who passes himself off as a leader, is none, whatever the sentence quotes of it.
_FICTION = regex(
    r"(?:bộ phim|phim truyền hình|tiểu phẩm|đóng vai(?! trò)|vở hài|phim hài|tiểu thuyết|vở kịch|"
    r"kịch bản phim|trò chơi|cảnh phim|tập phim|tập cuối|giả mạo|"
    r"giả làm|đóng giả|mạo danh|giả danh|giả giọng)[^.;]*Q|"
    r"(?:giọng|người|kẻ|nhóm)(?: \w+){0,2} tự xưng là (?:\w+ ){0,2}[LP].[^.;,]*Q|"
    r"Q.[^.;]{0,30} (?:giả mạo|mạo danh|"
    r"(?:với|từ) (?:người|kẻ|nhóm)(?: \w+){0,2} (?:tự xưng|mạo danh|giả danh|đóng giả))|"
    r"(?:đánh lừa|lừa|chơi khăm)(?: được)? (?:qua|bằng|trong)(?: một)? Q"
)


class Reading(msgspec.Struct, frozen=True):
    """The status of one mention of a call. `explicit` is False where no word says so; `span` is what the rule took of
    the skeleton, the cue alone where no rule took any."""

    status: Status
    denial: Denial | None
    rule: str
    explicit: bool
    span: tuple[int, int]


class _Rule(Rule, frozen=True, kw_only=True):
    """A row of `data/status.csv`; `(?<=A)` in its pattern keeps it to cues of who answers a telephone."""

    status: Status
    denial: Denial | None
    answering: bool


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return read_rules("status.csv", _Rule, pattern=_whole, answering=lambda row: _ANSWERING in row["pattern"])


def _whole(pattern: str) -> str:
    return rf"(?<!\w)(?:{pattern.replace(_ANSWERING, '').replace('{w}', _WORD)})(?!\w)"


def read_status(skeleton: Skeleton, cue: Cue) -> Reading:
    """The status that the words around the focused cue give it."""
    window, begin = _clause(skeleton.text)
    focus = skeleton.text.find("Q") - begin
    for rule in _rules():
        if (rule.answering and cue.kind != "answer") or not rule.may_match(window):
            continue
        taken = next((m.span() for m in rule.pattern.finditer(window) if m.start() <= focus < m.end()), None)
        if taken is not None:
            return Reading(rule.status, rule.denial, rule.id, explicit=True, span=(begin + taken[0], begin + taken[1]))
    return Reading("held", None, "unmarked", explicit=False, span=(begin + focus, begin + focus + 1))


def is_habit(skeleton: Skeleton) -> bool:
    """Whether the calls are only counted, habitual or invented ("đã điện đàm 11 lần"), which makes no entry."""
    window, _ = _clause(skeleton.text)
    counted = _HABIT.search(window) is not None and _LAST_OF_MANY.search(skeleton.text) is None
    return counted or _FICTION.search(skeleton.text) is not None


def _clause(text: str) -> tuple[str, int]:
    focus = text.find("Q")
    quoted = text.startswith('"', focus - 1)  # 'vừa có "cuộc điện đàm rất tốt"'
    start = max(text.rfind(mark, 0, focus - quoted) for mark in (";", ": ", '"')) + 1
    start = max(start, focus - 110)
    planned_for = _ORIGINALLY.search(text, focus + 2, focus + 130)
    return text[start : planned_for.start() if planned_for else focus + 130], start
