"""One call of all, or one with each: of "A điện đàm với B và C" the words around it and the article decide."""

from __future__ import annotations

from collections.abc import Sequence

from services.classify.arguments import Found
from services.classify.entity import Entity
from services.classify.mention import Mention, Sentence
from services.classify.regex import regex

_THREE_WAYS = "ba bên|tay ba|ba chiều"
#: "Cả hai tổng thống đều nhận điện thoại của ông C", "ông A và ông B lần lượt gọi cho ông C".
_EACH = regex(r"(?<!\w)(?:đều|lần lượt) (?:đã |vừa |có )*(?:nhận |trả lời |nghe )?(?:được )?Q")
_JOINT = regex(
    rf"{_THREE_WAYS}|bốn bên|bốn chiều|điện đàm chung|"
    r"cuộc gọi chung|điện đàm nhóm|gọi nhóm|(?<!\w)e3(?!\w)|"
    r"hội nghị (?:thượng đỉnh )?(?:trực tuyến|truyền hình|video|qua|từ xa|điện thoại)|"
    r"cùng lúc|năm bên|đa phương|nhóm bộ ba|bộ tứ|cùng một cuộc|"
    r"chung một cuộc|cùng gọi|cùng điện đàm|cùng tham gia"
)
#: "Điện đàm với A và B; ba nhà lãnh đạo bàn về": one call of all.
_ALL_THREE = regex(r"Q[^.]*[;,] (?:và )?(?:cả )?H. ")
#: "Trong cuộc điện đàm với A và B": one call, where "các cuộc" or "điện đàm với A và B" may be two.
_ONE_CALL = regex(r"(?:trong|về|sau|tại)(?: một)? Q.(?: T.)? với [LPU]. và [LPU].")
#: A call of the article, told by nobody: "cuộc điện đàm ba bên".
_THREE_SIDES = regex(
    r"(?:điện đàm|cuộc gọi|cuộc trao đổi|cuộc nói chuyện|hội đàm)(?: [^\s.;,]+){0,2}"
    r" (?:ba bên|tay ba|ba người|bốn bên|tay tư)"
)
#: How a sentence opens that goes on about a call of three: not one that tells of what is hoped for or was not reached,
#: "mong sẽ có một cuộc điện đàm giữa ba nhà lãnh đạo".
_THREE = regex(
    r"(?:tại|trong) (?:cuộc điện đàm|cuộc gọi|đó), (?:cả )?ba (?:nhà )?lãnh đạo|(?:cả )?ba (?:nhà lãnh đạo|"
    r"nguyên thủ) |"
    r"(?!trước)(?:(?!(?<!\w)(?:(?:không|chưa)(?! (?:nêu|tiết lộ|công bố|cho|rõ|bình luận|đề cập|nói))|"
    r"sẽ|muốn|mong|hy vọng|đề xuất|đề nghị|kêu gọi|tiến tới)(?!\w)|"
    r"(?<!\w)(?:các|những|loạt|nhiều) (?:cuộc|điện đàm))[^.;]){0,60}"
    r"(?<!\w)cuộc (?:điện đàm|gọi|trao đổi|nói chuyện) (?:giữa|của) (?:cả )?ba "
    r"(?:nhà lãnh đạo|nguyên thủ|tổng thống)(?!\w)"
)
_APART = regex(
    r"riêng|lần lượt|rồi với (?:tổng thống|thủ tướng|chủ tịch|quốc vương|thái tử|(?:nhà )?lãnh đạo|"
    r"người đồng cấp|ông|bà)(?!\w)|các cuộc|những cuộc|loạt|hai cuộc|ba cuộc|bốn cuộc|từng người|nhiều cuộc|liên tiếp"
)
#: "Ông đã có cuộc điện đàm ba bên với Tổng thống Chile": the third is one of those whom the article named before.
_OF_THREE = regex(rf"Q.(?: \w+)? (?:{_THREE_WAYS}|ba người)(?!\w)")
_OF_SEVERAL = regex(rf"Q.(?: \w+)? (?:{_THREE_WAYS}|ba người|(?:bốn|năm) (?:bên|chiều))(?!\w)")
_TO_EACH = regex(r"Q. (?:cho|tới|đến) (?:từng người|mỗi người|cả hai|họ)(?!\w)")
_ONE_BY_ONE = regex(r"Q.(?: \w+)? riêng(?! rẽ)")


def tells_of_three_sides(sentences: Sequence[Sentence]) -> bool:
    """Whether an article names a call of three sides at all."""
    return any(_THREE_SIDES.search(s.lower, s.start, s.end) for s in sentences if s.cues)


def is_of_three(mention: Mention) -> bool:
    """Whether a mention names its call as one of three."""
    return _OF_THREE.search(mention.skeleton.text) is not None


def is_of_several(mention: Mention) -> bool:
    """Whether a mention names its call as one of three sides or more."""
    return _OF_SEVERAL.search(mention.skeleton.text) is not None


def names_one_of_all(sentence: Sentence) -> bool:
    """Whether a sentence names a call of all whom it names: "nhóm E3", "điện đàm chung"."""
    return _JOINT.search(sentence.lower, sentence.start, sentence.end) is not None


def is_one_by_one(mention: Mention) -> bool:
    """Whether a call with several is told as one with each: "cuộc điện đàm riêng"."""
    return _ONE_BY_ONE.search(mention.skeleton.text) is not None


def is_to_each(mention: Mention) -> bool:
    """Whether somebody rings each of those told of before: "ngày mai tôi sẽ gọi cho từng người"."""
    return _TO_EACH.search(mention.skeleton.text) is not None


def is_joint(mention: Mention, following: Sentence | None, *, of_three: bool) -> bool:
    """Whether a call with several was one of all, by its own sentence, the one `following` it, or an article that names
    a call `of_three` sides."""
    if is_told_apart(mention):
        return False
    one_of_all = of_three or names_one_of_all(mention.sentence) or mention.cue.channel == "video"
    if one_of_all or _ONE_CALL.search(mention.skeleton.text):
        return True
    all_three_next = following is not None and _THREE.match(following.lower, following.start) is not None
    return all_three_next or _ALL_THREE.search(mention.skeleton.text) is not None


def is_told_apart(mention: Mention) -> bool:
    """Whether words or a plural tell of several calls."""
    sentence = mention.sentence
    return mention.cue.plural or _APART.search(sentence.lower, sentence.start, sentence.end) is not None


def is_each(base: Mention, found: Found) -> bool:
    """Whether each of several spoke by himself: "A và B đều nhận điện thoại của C", "A và B đã gọi chúc mừng C"."""
    return found.rule == "subjects_direct" or _EACH.search(base.skeleton.text) is not None


def one_and_each(sentence: Sentence, parties: tuple[Entity, ...]) -> bool:
    """ "Các cuộc điện đàm giữa ông A và lãnh đạo B, C": one leader's calls, a call with each of the others."""
    return len(parties) > 1 and sentence.lower[parties[0].end : parties[1].start].strip() in ("và", "với")
