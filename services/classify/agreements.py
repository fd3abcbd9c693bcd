"""What two agreed, or one of them undertook, in the article's own words, where no row of the outcomes names it.

"Hai bên nhất trí tiếp tục thảo luận bằng điện đàm" is told as it stands: the clause behind the verb, up to who says so.
Of one side alone its name stands before the verb, so that nobody reads it as the word of both.
"""

from __future__ import annotations

import re

from services.classify.mention import Sentence
from services.classify.regex import regex
from services.classify.telling import ELSEWHERE, groups_in, is_subject
from shared.records import Outcome, OutcomeKind

MOST_WORDS = 24
#: A quotation is known when this share of its words stands in another.
KNOWN = 0.75
#: Verbs of which both are the subject, with what may stand between.
_BOTH = regex(
    r"^(?: (?:đã|cũng|đều|cùng|vừa|hoàn toàn|hôm nay|ngày \S+|hôm \S+)|, [^,.;]{0,60},)*"
    r" (?P<verb>nhất trí|thống nhất|đồng ý|(?:cùng|đều) cam kết|cam kết|tái khẳng định(?: cam kết)?)"
    r"(?:,| là| rằng| về việc)?(?= )"
)
#: One side alone agrees, or undertakes and asks for something.
_ONE = regex(
    r"^(?: (?:đã|cũng|hôm nay|nhanh chóng|sau đó|còn))*(?: (?:có cuộc )?(?:điện đàm|trao đổi) và)?"
    r" (?P<verb>(?P<agreed>nhất trí|đồng ý)|cam kết|hứa|đảm bảo với|bảo đảm với|đề nghị|yêu cầu|kêu gọi|hối thúc)(?= )"
)
#: "… đã điện đàm và thống nhất …": the verb further on, of both who were named.
_AND = regex(
    r"(?:điện đàm|trao đổi|thảo luận)(?:,| và)(?: đã| đều| cùng)* (?P<verb>nhất trí|thống nhất|đồng ý|cam kết)(?= )"
)
#: Where the clause ends: who says so, another clause, a quotation that closes.
_END = regex(
    r"[.;…]|[\"”] ?[,–-]|"
    r", (?:theo|AFP|AP|Reuters|TASS|Tass|RIA|Yonhap|Kyodo|Xinhua|Tân Hoa Xã|RT|CNN|BBC|Bloomberg)(?!\w)|"
    r", [^,.;]{0,60}(?:dẫn |cho biết|cho hay|thông báo|đưa tin|nói(?! với))|(?<!\w)nhưng(?!\w)|, song |, trong khi |"
    r", qua đó |, đồng thời |, trong cuộc điện đàm"
)
#: That they agreed to speak is no outcome of the talk.
_TO_SPEAK = regex(r"(?:nhất trí|đồng ý|đề nghị|yêu cầu)(?: trước)?(?: về)?(?: một)?(?: cuộc)? (?:điện đàm|gọi điện)")


def find_agreements(
    sentence: Sentence, sides: dict[int, str], countries: list[str], found: list[Outcome]
) -> list[Outcome]:
    """What a sentence says was agreed or undertaken, where the outcomes `found` in it do not tell that already."""
    if sentence.part == "title" or any(outcome.kind in ("agreed", "invited") for outcome in found):
        return []
    both = len(set(sides.values())) > 1
    groups = [start for start, _ in groups_in(sentence, countries)]
    for entity in sentence.entities:
        together = entity.start in groups or (both and _closes_pair(sentence, entity.start, sides))
        verb = _BOTH.match(sentence.lower[entity.end : sentence.end]) if together else None
        if verb:
            return _told(sentence, entity.end + verb.start("verb"), entity.end + verb.start("verb"))
    if both and (verb := _AND.search(sentence.lower, sentence.start, sentence.end)):
        return _told(sentence, verb.start("verb"), verb.start("verb"))
    return _of_one(sentence, sides)


def same_words(one: str, other: str) -> bool:
    """Whether a quotation says little that another one does not."""
    words = set(one.casefold().split())
    return len(words & set(other.casefold().split())) >= KNOWN * len(words)


def _closes_pair(sentence: Sentence, start: int, sides: dict[int, str]) -> bool:
    """Whether a leader is the second of "A và B", of whom both then agree."""
    before = [e for e in sentence.entities if e.end <= start and e.start in sides]
    if start not in sides or not before or sides[before[-1].start] == sides[start]:
        return False
    return re.fullmatch(r",? (?:và|lẫn|-|–) ?", sentence.lower[before[-1].end : start]) is not None


def _of_one(sentence: Sentence, sides: dict[int, str]) -> list[Outcome]:
    for entity in sentence.entities:
        verb = _ONE.match(sentence.lower[entity.end : sentence.end]) if entity.start in sides else None
        if verb and is_subject(sentence, entity.start) and not _is_elsewhere(sentence):
            kind: OutcomeKind = "agreed" if verb["agreed"] else "stated"
            return _told(sentence, entity.start, entity.end + verb.start("verb"), kind, sides[entity.start])
    return []


def _is_elsewhere(sentence: Sentence) -> bool:
    return ELSEWHERE.match(sentence.lower[sentence.start : sentence.end]) is not None


def _told(
    sentence: Sentence, start: int, verb: int, kind: OutcomeKind = "agreed", by: str | None = None
) -> list[Outcome]:
    end = _END.search(sentence.text, verb + 4, sentence.end)
    words = sentence.text[start : end.start() if end else sentence.end].split()
    if len(words) < 4 or _TO_SPEAK.match(sentence.lower, verb):
        return []
    text = " ".join(words) if len(words) <= MOST_WORDS else " ".join(words[:MOST_WORDS]) + " …"
    return [Outcome(kind=kind, text=_inner_quotes(text), mode="reported", by=by)]


def _inner_quotes(text: str) -> str:
    """The words with the quotation marks of a quotation within a quotation, closed where they were cut."""
    parts = text.split('"')
    marks = ["‘" if place % 2 else "’" for place in range(1, len(parts))]
    closed = "’" if len(parts) % 2 == 0 else ""
    return parts[0] + "".join(mark + part for mark, part in zip(marks, parts[1:], strict=True)) + closed
