"""The cues of an article's sentences, with those that count only behind others.

"Ông cũng trao đổi với Tổng thống Mỹ" names no means: it tells of a call where a sentence shortly before told of one.
"""

from __future__ import annotations

import re
from typing import Literal

from services.classify.cues import BESIDE, IN_PERSON, Cue, find_cues

#: Cues that say by themselves that a call is spoken of.
_TELLS_OF_A_CALL = {"talk", "ring", "ring_for"}
#: How many sentences behind one that tells of a call "cũng trao đổi với" still means a call.
_SHORTLY = 2
#: How many sentences behind one that tells of a meeting, a talk without its means is rather of those who met.
_MET_LATELY = 4
_ALSO_TALK = re.compile(
    r"(?<!\w)(?:cũng|tiếp tục|sau đó|còn)(?: đã| vừa| sẽ| có)* "
    r"(?P<talk>trao đổi|nói chuyện|trò chuyện|thảo luận)(?= (?:với|cùng) )"
)
#: Talks that an article of calls tells of without their means: "lần gần nhất ông A và ông B nói chuyện với nhau là ngày
#: 18/3", "ông đã trao đổi với bốn lãnh đạo, gồm ông A và ông B", "ông lần lượt nói chuyện với ông A và ông B",
#: "Tổng thống Peru thì trao đổi với ông C".
_OTHER_TALKS = (
    (
        "last_talk",
        re.compile(
            r"(?<!\w)lần (?:gần (?:đây )?nhất|cuối(?: cùng)?|trước)(?: mà)? [^.;:]{3,90}? "
            r"(?P<talk>nói chuyện|trò chuyện|trao đổi)(?= với nhau|,? (?:là|hồi|vào|hôm) (?!cuộc|qua ))"
        ),
    ),
    (
        "counted_talk",
        re.compile(
            r"(?<!\w)(?P<talk>nói chuyện|trò chuyện|trao đổi)"
            r"(?= với (?:\d+|hai|ba|bốn|năm|nhiều|một số|(?:hàng )?loạt) (?:nhà )?lãnh đạo(?: [^.;:,]{0,30})?, "
            r"(?:gồm|bao gồm|trong đó có) )"
        ),
    ),
    ("talk_in_turn", re.compile(r"(?<!\w)lần lượt (?:đã |có )*(?P<talk>nói chuyện|trò chuyện|trao đổi)(?= với )")),
    ("contrasted_talk", re.compile(r"(?<!\w)thì (?:đã |vừa |cũng )*(?P<talk>nói chuyện|trò chuyện|trao đổi)(?= với )")),
)
#: "Lần đầu diễn ra hồi tháng 2": said of a call right behind one that tells of another.
_EARLIER_ONE = re.compile(
    r"[\"']?(?P<talk>lần|cuộc) (?:đầu(?: tiên)?|thứ nhất|trước(?: đó)?|gần (?:đây )?nhất) "
    r"(?=(?:(?:là|diễn ra|được tiến hành) )*(?:vào|hồi|hôm|ngày|tháng|cách đây) )"
)
#: "Ông Biden là người gọi": said of the call that a sentence before told of.
_CALLER = re.compile(
    r"(?<!\w)là (?:người|bên|phía) (?:chủ động )?(?P<talk>gọi(?: điện)?)(?=[,.;]| trước| vì| do| để|$)"
)
#: "Ông Trump đã nói chuyện với Thủ tướng Nhật": whoever had met would say so.
_SPOKE_WITH = re.compile(
    r"(?<!\w)(?:đã|vừa|mới)(?: vừa| mới| cũng| có (?:cuộc|buổi))* (?P<talk>nói chuyện)(?: trực tiếp| riêng)? "
    r"(?=với (?:tổng thống|thủ tướng|người đồng cấp|quốc vương|nhà lãnh đạo|lãnh đạo|chủ tịch|tổng bí thư|thái tử|"
    r"ông|bà) )"
)
_IF = re.compile(r"(?<!\w)(?:nếu|khi|hễ|muốn)(?!\w)[^.;:]* thì $")
_AND_TALK = re.compile(
    r"(?:,| và| rồi| đồng thời)(?: [^.;:,]{0,28})? (?P<talk>nói chuyện|trò chuyện|trao đổi)(?= (?:với|cùng) )"
)


class CueReader:
    """Finds the cues of the sentences of one part of an article, one after the other.

    `of_calls` says whether anything read so far, or a part before, told of a call.
    """

    def __init__(self, of_calls: bool = False) -> None:
        self.of_calls = of_calls
        self._since = _SHORTLY + 1
        self._since_met = _MET_LATELY + 1

    def read(self, lower: str, start: int, end: int) -> tuple[Cue, ...]:
        """The cues of the next sentence (lower case), from left to right."""
        cues = tuple(find_cues(lower, start, end))
        if not cues and self._since <= _SHORTLY:
            cues = _also_talk(lower, start, end) or _of_the_same_kind(lower, start, end)
        if self.of_calls and all(cue.kind != "weak" for cue in cues):
            cues = (*_other_talk(lower, start, end), *cues)
        if cues and _tells(cues[-1]):
            cues = (*cues, *_and_talk(lower, cues[-1].end, end))
        met = IN_PERSON.search(lower, start, end) is not None
        self._since_met = 1 if met else self._since_met + 1
        if not cues and self._since_met > _MET_LATELY:
            cues = _spoke_with(lower, start, end)
        told = any(map(_tells, cues))
        self._since = 1 if told else self._since + 1
        self.of_calls = self.of_calls or told
        return cues


def _tells(cue: Cue) -> bool:
    """Whether a cue says that a call is spoken of: by itself, or with the means beside it."""
    return cue.kind in _TELLS_OF_A_CALL or (cue.kind == "weak" and cue.channel is not None)


def _also_talk(lower: str, start: int, end: int) -> tuple[Cue, ...]:
    """ "Ông cũng trao đổi với Tổng thống Mỹ", shortly behind a sentence that tells of a call: by the same means."""
    match = _ALSO_TALK.search(lower, start, end)
    return () if match is None or IN_PERSON.search(lower, start, end) else (_talk("also_talk", "weak", match),)


def _spoke_with(lower: str, start: int, end: int) -> tuple[Cue, ...]:
    """A talk of leaders told without its means where nobody has met anybody."""
    match = _SPOKE_WITH.search(lower, start, end)
    return () if match is None else (_talk("spoke_with", "weak", match),)


def _of_the_same_kind(lower: str, start: int, end: int) -> tuple[Cue, ...]:
    """A call told of without a word for it: the one before, or the one just told, of which it says who rang."""
    earlier, caller = _EARLIER_ONE.match(lower, start, end), _CALLER.search(lower, start, end)
    if earlier is not None:
        return (_talk("earlier_one", "weak", earlier),)
    return () if caller is None else (_talk("caller", "weak", caller),)


def _other_talk(lower: str, start: int, end: int) -> tuple[Cue, ...]:
    """A talk that an article of calls tells of beside them, without naming its means."""
    for rule, pattern in _OTHER_TALKS:
        for match in pattern.finditer(lower, start, end):
            if _at_a_distance(lower, match, end) and not _IF.search(lower, start, match.start("talk")):
                return (_talk(rule, "weak", match),)
    return ()


def _and_talk(lower: str, start: int, end: int) -> tuple[Cue, ...]:
    """ "Ông gọi điện cho ông A, và một ngày sau đó nói chuyện với ông B": behind the cue that ends at `start`."""
    found = (m for m in _AND_TALK.finditer(lower, start, end) if _at_a_distance(lower, m, end))
    return tuple(_talk("and_talk", "noun_weak", match) for match in found)[:1]


def _at_a_distance(lower: str, match: re.Match[str], end: int) -> bool:
    """Whether nothing beside a talk says that those who held it had met."""
    return IN_PERSON.search(lower, match.start(), min(end, match.end() + BESIDE)) is None


def _talk(rule: str, kind: Literal["weak", "noun_weak"], match: re.Match[str]) -> Cue:
    return Cue(rule, kind, None, match.start("talk"), match.end("talk"), False, False)
