"""One mention of a call: a cue with who talks, whether it was held, when and how long, as its own sentence says.

A mention is *full* when the sentence names both sides, *partial* when it names one, an *anaphor* when it names none
("cuộc điện đàm kéo dài một giờ"), and *refused* when a side is no leader. What the mentions of an article have to do
with one another is decided in `coreference.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import msgspec

from services.classify.arguments import Found, find_arguments
from services.classify.beside import near_length, near_times, says
from services.classify.call_days import day_of_each, in_order, one_a_day, with_the_one_before, with_year, with_years
from services.classify.conference import is_of_many
from services.classify.cues import Cue
from services.classify.days import year_told
from services.classify.entity import Entity
from services.classify.joint import (
    is_each,
    is_joint,
    is_of_three,
    is_one_by_one,
    is_to_each,
    names_one_of_all,
    one_and_each,
    tells_of_three_sides,
)
from services.classify.leader import (
    FORMER,
    NO_ANTECEDENT,
    NOT_IN_OFFICE,
    OTHER_OFFICE,
    Leader,
    NotLeader,
    Resolved,
)
from services.classify.mention import COUNTED, OF_THAT_KIND, Mention, Sentence
from services.classify.regex import regex
from services.classify.resolve import Resolver
from services.classify.roles import (
    can_act,
    countries_told_of,
    is_apposition,
    is_cited,
    is_joined,
    is_object,
    is_what_he_was,
    speaker_before_quote,
    speaker_of_quote,
    speakers_of_long_quotes,
)
from services.classify.skeleton import Item, build
from services.classify.status import Reading, is_habit, read_status
from services.classify.written import date_of

#: Whom the subject met is not the subject: "gặp ông A và điện đàm với ông B".
_IS_MET = regex(r"(?<!\w)(?:gặp|gặp gỡ|hội kiến|tiếp|tiếp đón|thăm)(?: với)? $")
#: "Dừng cuộc họp với ông A và bảy lãnh đạo châu Âu để gọi cho ông B".
_MET_BESIDE = regex(r"(?<!\w)(?:với|cùng) [^.;:]{0,60} (?:và|cùng) (?:\w+ )?$")
_TO_RING = regex(r"[^.;:]{0,20}(?<!\w)(?:để|nhằm|rồi|trước khi)(?: thực hiện| có| tiến hành)*(?: một)? ?$")
#: "Ông A và bà B kêu gọi … về cuộc điện đàm với ông C": both were on the line.
_OPENING_TWO = regex(r"(?P<one>L.) và (?P<other>L.) .*(?:trong|về|sau|tại)(?: một)? Q. ")
#: "Ông A gọi điện chúc mừng.": nobody is named behind.
_GREETS = regex(r" (?:chúc mừng|chia buồn|thăm hỏi|hỏi thăm)(?=[,.;]|$)")
#: Patterns that name whoever is rung first.
_TURNED = ("received", "called_by", "answered", "unanswered_when", "broke_off_to_hear")
#: How far behind a cue its greeting may end: "để chúc mừng".
_GREETING = 16
_HELD_BY = regex(
    r"(?:trong|tại|qua|sau|nhân|khi|về|hậu|từ|sau khi|trước|trước khi|"
    r"trước thềm|kể từ|kết thúc|nội dung|của)(?: các| một| những|"
    r" hai)? ?$"
)

#: "Một sĩ quan nói với đầu dây bên kia trong cuộc gọi": who speaks to somebody in a call takes part in it.
_SPOKE_IN = regex(r"N. (?:đã |vừa )?nói với [^.;,\"]{0,40} trong(?: một)? Q")
#: "Ngoại trưởng Mỹ và người đồng cấp Nga trong cuộc điện đàm hôm qua": theirs is the call, whoever is named behind.
_THEIRS = regex(r"N. (?:và|cùng)(?: với)? [LNU].,?(?: T.,?)? trong(?: một)? Q")
#: "Trước cuộc gọi ba bên, ông A đã điện đàm riêng với ông B": who is named had the other call.
_BESIDE_ANOTHER = regex(r"(?:ngay |không lâu )?(?:trước|sau)(?: khi)? Q.[^.;:]*, [LPU]. [^.;:,]{0,40}Z. ")
#: Why somebody is refused who led a country on another day.
_LAPSED = (FORMER, NOT_IN_OFFICE)
#: "Lần trò chuyện gần nhất giữa hai ông là cuộc gọi video hôm 18/3": the call behind is the one that is meant.
_SAID_TO_BE = regex(r"^lần Q. (?:gần (?:đây )?nhất|trước|cuối(?: cùng)?) [^.;:]{0,60}là Z.")
#: "Ông A rời Washington với nhận định Tổng thống B sẽ từ chức": the text goes on about A.
_IN_A_CLAUSE = regex(r"(?<!\w)(?:nhận định|khả năng|việc|chuyện|tin|lo ngại|hy vọng|dự đoán)(?: rằng)? $")
#: "Đang chờ xác nhận về một cuộc điện đàm như vậy": no call, but the kind of the one that is told.
_OF_THAT_KIND = regex(r"(?:một|các|những|mọi) Q. như (?:vậy|thế)(?!\w)")
#: "Ngay trước khi nghe máy, ông A nói với báo chí rằng ông B …": what he says is not said on the call.
_NOT_YET_ON_IT = regex(r"trước khi Q., ")
_BOTH, _FEW, _MOST = 2, 3, 5
#: A headline that looks back: "Một năm sau đòn không kích".
_LOOKS_BACK = regex(r"^[\"'\s]*(?:tròn |đúng )?(?:một|hai|ba|bốn|năm|mười|\d+) năm (?:sau|kể từ|ngày|vụ)(?!\w)")
#: "Lãnh đạo Nga, Ukraine, Đức và Pháp đạt thỏa thuận trong cuộc điện đàm bốn bên".
_OF_ALL = regex(r"W. [^.;:]*(?:trong|tại|qua|sau)(?: một)? Q.? (?:ba|bốn|năm|3|4|5) bên(?! (?:của|giữa|cấp)(?!\w))")
#: What stands before a name that is cited.
_BY_WHOM = ("theo ", "theo báo ", "theo tờ ", "theo hãng ", "theo đài ", "theo trang ", "theo kênh ")
#: "Hắn chẳng nhấc máy", "đường dây nóng giữa hai bộ trưởng cũng không ai bắt máy".
_SOMEBODY = regex(
    r"(?<!\w)(?:hắn|y|gã|thị|anh ta|cô ta|chị ta)(?: vẫn| đã| cũng| mới)* (?:không|chẳng|chưa) Q|"
    r"đường dây nóng[^.;]* Q"
)
#: "Hội đồng Bảo an họp trực tuyến tối nay": a verb, and nobody who talks to somebody.
_MEETS_BY_SCREEN = regex(r"họp ")
#: "Đồng ý họp qua video ở cấp cố vấn".
_OF_LOWER_RANK = regex(
    r"Q.(?:(?! (?:cuộc|các|họp|gặp|đàm phán|hội nghị|vòng|phiên|chuyến|và|sau|trước|"
    r"về)(?!\w))[^.;:,]){0,24} (?:ở )?cấp "
    r"(?:[NX].|cố vấn|bộ trưởng|thứ trưởng|ngoại trưởng|chuyên gia|chuyên viên|quan chức|kỹ thuật)(?!\w)"
)
#: How "hai nhà lãnh đạo" opens where no minister can be one of the two.
_RANKED = ("hai nhà lãnh đạo", "hai nguyên thủ", "hai vị nguyên thủ", "hai lãnh đạo", "hai tổng thống", "hai thủ tướng")
#: "Hai nhà lãnh đạo nói chuyện lần gần nhất hôm 17/6": those of whose call the article tells, whoever was named since.
_LAST_TIME = regex(r"lần (?:gần (?:đây )?nhất|cuối cùng|trước)(?!\w)")
#: "Ông điện đàm cho Tổng thống Ukraine".
_CALLED_FOR = regex(r"Q. cho [LPU]")
#: "Đây sẽ là cuộc điện đàm thứ hai với ông Trump": of the one whom the article is about, not of who is speaking.
_IT_IS = regex(r"đây (?:cũng |sẽ |mới |đã )*là ")
_ARRANGED = regex(r"(?:thu xếp|sắp xếp|tổ chức|lên lịch|chuẩn bị|lên kế hoạch)(?: các| một| cho)* Q")

#: "Hai ngày trước cuộc họp trực tuyến": what dates a call by so many days is another event.
_DATED_BY = regex(r", (?:\w+ ){1,2}(?:ngày|giờ|tuần|tháng) (?:trước|sau) (?:(?:khi|cuộc|phiên|buổi) )?$")


def _are_bare_names(found: Found, first: list[Resolved]) -> bool:
    """A name without title or honorific that nobody knows is as often a place ("đang ở Marmaris và đang gọi điện")."""
    return (
        bool(found.first)
        and all(e.kind == "name" and e.honorific is None for e in found.first)
        and not _distinct(first)
    )


class SentenceReader:
    """Turns the cues of a sentence into mentions; knows the subject of the sentence before."""

    def __init__(self, resolver: Resolver, sentences: Sequence[Sentence]) -> None:
        self.resolver = resolver
        self.quoted = speakers_of_long_quotes(sentences)
        self.of_three = tells_of_three_sides(sentences)
        self.sentences = {sentence.index: sentence for sentence in sentences}
        self.topic: Resolved | None = None
        self.looks_back = any(s.part == "title" and _LOOKS_BACK.search(s.lower, s.start, s.end) for s in sentences)
        #: The day of which an article that looks back has told last, and the days of the sentence that is read.
        self.then: dt.date | None = None
        self.days: dict[int, dt.date] = {}
        self.before: list[Leader] = []
        self.two_countries: list[str] = []
        self.callers: tuple[Leader, ...] = ()
        #: The two with whom one leader talked, one call each: "cả hai nhà lãnh đạo".
        self.rung: tuple[Leader, ...] = ()
        #: Whether the sentence before is about somebody with a name who is no leader: "Đầu bếp José Andrés cáo buộc …".
        self.of_somebody = False

    def read(self, sentence: Sentence) -> list[Mention]:
        """The mentions of a sentence, in order. Every sentence must be read, for the pronouns of the next one."""
        self.before = self.resolver.last_two()
        self.days = self._look_back(sentence) if self.looks_back and sentence.part == "text" else {}
        last = self.resolver.last
        meaning = self._resolve_all(sentence)
        mentions = self._of_cues(sentence, meaning)
        older = self._older_day(mentions)
        if older is not None:
            self.resolver.last = last
            mentions = self._as_of(older, sentence)
        self.callers = next((m.leaders for m in mentions if m.kind == "full" and len(m.leaders) == 2), self.callers)
        subject = self._subject_of(sentence, meaning)
        self.topic = meaning[id(subject)] if subject is not None else self.topic
        if subject is not None:
            self.of_somebody = subject.kind in ("nonleader", "name") and bool(subject.name) and not subject.staff
        told = countries_told_of(sentence)
        talking = [m.leaders for m in mentions if m.kind == "full" and len(m.leaders) == 2]
        rung = _both_with_one(talking)
        told = [who.country for who in rung or (talking[0] if talking else ()) if who.country] or told
        self.two_countries = told if len(told) == 2 else self.two_countries
        self.rung = rung or self.rung
        return mentions

    def _look_back(self, sentence: Sentence) -> dict[int, dt.date]:
        """The days of a sentence of an article that looks back, in the order of what it tells; none before its first
        day with a year."""
        told = (date_of(t) for t in sentence.times if t.kind == "day")
        then = self.then or next((day for day in told if day is not None), None)
        if then is None or self.resolver.published is None:
            return {}
        days = in_order(sentence.times, then, self.resolver.published, sentence.lower)
        self.then = next(reversed(days.values()), then)
        return days

    def _older_day(self, mentions: list[Mention]) -> dt.date | None:
        """The older day of a call that was refused because one of its sides is in office no more, or, in an article
        without a day, that of a call which its sentence dates in full."""
        if self.resolver.published is None:
            days = (date_of(t) for m in mentions if m.kind == "full" for t in m.times if t.kind == "day")
            if dated := next((day for day in days if day is not None), None):
                return dated
        for mention in mentions:
            if mention.kind == "refused" and mention.reason in _LAPSED:
                year = next((y for t in mention.times if (y := year_told(t, self.resolver.published))), None)
                month, day = next(((t.month, t.day or 15) for t in mention.times if t.month), (7, 1))
                return dt.date(year, month, min(day, 28)) if year else None
        return None

    def _as_of(self, day: dt.date, sentence: Sentence) -> list[Mention]:
        """The mentions of a sentence as of an older day: "ông Scholz từng điện đàm với ông Putin ngày 15-11-2024"."""
        self.resolver.as_of(day)
        meaning = self._resolve_all(sentence)
        mentions = self._of_cues(sentence, meaning)
        self.resolver.as_of(None)
        return mentions

    def _of_cues(self, sentence: Sentence, meaning: dict[int, Resolved]) -> list[Mention]:
        found = [m for cue in sentence.cues for m in self._mentions(sentence, cue, meaning)]
        return [mention for told in found for one in one_a_day(told) for mention in with_the_one_before(one)]

    def _resolve_all(self, sentence: Sentence) -> dict[int, Resolved]:
        meaning: dict[int, Resolved] = {}
        subject: Resolved | None = None
        for entity in sentence.entities:
            if entity.kind in ("group", "group3") or entity.pair:
                continue
            beside = self._beside(sentence, entity, meaning) if entity.counterpart else None
            aside = (
                entity.works_for_pronoun
                or is_cited(sentence, entity)
                or is_apposition(sentence, entity, meaning)
                or is_what_he_was(sentence, entity)
            )
            speaker = self._speaker(sentence, entity) if entity.honorific == "tôi" else None
            found = self.resolver.resolve(speaker or entity, beside or subject, aside or speaker is not None)
            meaning[id(entity)] = found
            if aside:
                continue
            if self._is_topic(sentence, entity, found, subject):
                self.resolver.topic = found
            if can_act(entity) and not (subject is not None and is_object(sentence, entity)):
                subject = found
        return meaning

    def _beside(self, sentence: Sentence, counterpart: Entity, meaning: dict[int, Resolved]) -> Resolved | None:
        """Whose counterpart stands in a list: that of "giữa Tổng thống Mỹ và người đồng cấp Ukraine", whoever tells."""
        before = next((e for e in reversed(sentence.entities) if e.end <= counterpart.start), None)
        if before is None or sentence.lower[before.end : counterpart.start] not in (" và ", " với ", " cùng "):
            return None
        return meaning.get(id(before))

    def _is_topic(self, sentence: Sentence, entity: Entity, found: Resolved, subject: Resolved | None) -> bool:
        """Whether a phrase names whom the text goes on about: an actor of a sentence, the first of a list; "ông" only
        where it opens a text that has named nobody so."""
        if not can_act(entity) or entity.anybody or entity.bare_staff or is_object(sentence, entity):
            return False
        if entity.kind == "pronoun":
            return subject is None and isinstance(found, Leader) and self.resolver.topic is None
        if subject is not None and _IN_A_CLAUSE.search(sentence.lower, sentence.start, entity.start):
            return False
        return not (is_joined(sentence, entity) or sentence.lower.endswith("hỏi về ", sentence.start, entity.start))

    def _speaker(self, sentence: Sentence, entity: Entity) -> Entity | None:
        """Who says "tôi", as the text tells behind the quotation, else in front of it."""
        behind = speaker_of_quote(sentence, entity.end) or self.quoted.get(sentence.index)
        return behind or speaker_before_quote(sentence, entity.start)

    def _subject_of(self, sentence: Sentence, meaning: dict[int, Resolved]) -> Entity | None:
        acting = (e for e in sentence.entities if can_act(e) and id(e) in meaning and not is_object(sentence, e))
        return next(acting, None)

    # -- one cue ----------------------------------------------------------------------------------------------

    def _mentions(self, sentence: Sentence, cue: Cue, meaning: dict[int, Resolved]) -> list[Mention]:
        items: list[Item] = [*sentence.entities, *sentence.cues, *sentence.times, *sentence.lengths]
        skeleton = build(sentence.lower, sentence.start, sentence.end, items, cue)
        if "Q" not in skeleton.text:
            return []
        if cue.kind != "talk" and _SAID_TO_BE.search(skeleton.text):
            return []
        found = find_arguments(skeleton, cue)
        base = Mention(
            kind="anaphor",
            sentence=sentence,
            cue=cue,
            rule=found.rule,
            span=found.span,
            skeleton=skeleton,
            reading=_as_of_then(read_status(skeleton, cue), sentence),
            times=with_years(with_year(near_times(skeleton), self.resolver.published), self.days),
            length=near_length(skeleton, cue, sentence.lengths),
            sides=_sides_of(sentence, meaning),
        )
        if is_of_many(sentence, cue, found):
            return [_refuse(base, "a conference of many")]
        if (
            cue.kind in ("weak", "noun_weak")
            and len(found.first + found.second) < _BOTH
            and _DATED_BY.search(sentence.lower[sentence.start : cue.start])
        ):
            return [_refuse(base, "another event that dates the call")]
        if is_habit(skeleton):
            return [_refuse(base, COUNTED)]
        if _OF_LOWER_RANK.search(skeleton.text):
            return [_refuse(base, OTHER_OFFICE)]
        return self._with_sides(base, found, meaning)

    def _with_sides(self, base: Mention, found: Found, meaning: dict[int, Resolved]) -> list[Mention]:
        if found.shape == "group" or (
            found.shape == "all" and len(found.first) == 1 and found.first[0].kind in ("group", "group3")
        ):
            return [self._group(base, found)]
        if found.rule == "possessor" and found.second[0].pair:
            return self._one_call(base, found, self._sides(base.sentence, found.second, meaning), meaning)
        if found.rule == "possessor" and found.second[0].kind in ("group", "group3"):
            return [self._group(base, msgspec.structs.replace(found, first=found.second))]
        first, second = (self._sides(base.sentence, side, meaning) for side in (found.first, found.second))
        if found.shape == "all":
            return self._one_call(base, found, first, meaning)
        if found.shape in ("object", "none", "direct_object", "received") and not first:
            subject = self._context_subject(base, meaning, found)
            if found.shape == "object" and isinstance(subject, NotLeader) and _IT_IS.match(base.skeleton.text):
                return [self._half(base, second)]
            if found.shape == "none" and base.cue.kind == "ring_for":
                return []
            if found.shape == "none" and _MEETS_BY_SCREEN.match(base.sentence.lower, base.cue.start):
                return [_refuse(base, "a conference of nobody named")]
            if found.shape == "none":
                return [self._bare(base, subject, meaning)]
            first = self._with_whom(base, subject, meaning) if subject is not None else []
        if found.shape == "subject":
            return [self._half(base, first)]
        return self._two_sides(base, found, first, second, meaning)

    def _with_whom(self, base: Mention, subject: Resolved, meaning: dict[int, Resolved]) -> list[Resolved]:
        """The subject of a call that a sentence names for what it tells, with whom it opens beside him: "Ông A và bà B
        kêu gọi …, theo thông cáo về cuộc điện đàm với ông C"."""
        both = _OPENING_TWO.match(base.skeleton.text)
        if both is None or not isinstance(subject, Leader):
            return [subject]
        named = [meaning.get(id(base.skeleton.item(both[name]))) for name in ("one", "other")]
        leaders = [who for who in named if isinstance(who, Leader)]
        return [*leaders] if len(leaders) == 2 and any(who.same_as(subject) for who in leaders) else [subject]

    def _bare(self, base: Mention, subject: Resolved | None, meaning: dict[int, Resolved]) -> Mention:
        """A cue for which no pattern names anybody: the two leaders of its sentence, where there are just two."""
        before = base.sentence.lower[max(0, base.cue.start - 16) : base.cue.start]
        told_of = base.cue.noun or _HELD_BY.search(before) is not None
        if isinstance(subject, NotLeader) and (not told_of or _SPOKE_IN.search(base.skeleton.text)):
            return _refuse(base, subject.reason)
        if _THEIRS.search(base.skeleton.text) or (base.cue.kind == "answer" and _SOMEBODY.search(base.skeleton.text)):
            return _refuse(base, OTHER_OFFICE)
        if _OF_THAT_KIND.search(base.skeleton.text):
            return _refuse(base, OF_THAT_KIND)
        if _BESIDE_ANOTHER.match(base.skeleton.text) or _NOT_YET_ON_IT.search(base.skeleton.text):
            return base
        named = [e for e in base.sentence.entities if e.kind != "country" and not is_what_he_was(base.sentence, e)]
        spoken = [m for e in named if isinstance(m := meaning.get(id(e)), Leader)]
        leaders = _distinct(list(spoken))
        lapsed = [m for e in named if isinstance(m := meaning.get(id(e)), NotLeader) and m.reason in _LAPSED]
        if lapsed and len(leaders) == 1 and any(t.year for t in base.times):
            return _refuse(base, lapsed[0].reason)  # read again as of that year
        if 3 <= len(leaders) <= 5 and names_one_of_all(base.sentence):
            return self._full(base, leaders, joint=True, caller=None)
        pairs = [e for e in base.sentence.entities if e.pair and e.kind in ("leader", "group")]
        if len(pairs) == 1 and not leaders:
            leaders = self.resolver.pair(pairs[0])
            if _FEW <= len(leaders) <= _MOST and _OF_ALL.search(base.skeleton.text):
                return self._full(base, leaders, joint=True, caller=None)
        rings_another = base.cue.kind == "ring" and not base.cue.noun and bool(self._other_object(base))
        two = len(leaders) == 2 and leaders[0].country != leaders[1].country and not rings_another
        if two and not isinstance(subject, NotLeader):
            whole = (0, len(base.skeleton.text))
            if is_of_three(base) and (third := self._third(leaders[0], leaders[1])):
                return self._full(base, [*leaders, *third], joint=True, caller=None)
            return msgspec.structs.replace(base, leaders=tuple(leaders), rule="same_sentence", span=whole)
        return msgspec.structs.replace(base, so_far=self.resolver.two_so_far())

    def _sides(self, sentence: Sentence, entities: tuple[Entity, ...], meaning: dict[int, Resolved]) -> list[Resolved]:
        sides: list[Resolved] = []
        for entity in entities:
            if entity.kind == "group" and not entity.pair and (of_two := self._of_two_countries(sentence, entity)):
                sides += of_two
            elif entity.kind == "group" and self.rung and sentence.lower.startswith("cả hai ", entity.start):
                sides += self.rung
            elif entity.kind == "group" and not entity.pair:
                sides += [
                    who
                    for who in self.before
                    if not any(who.same_as(m) for m in meaning.values() if isinstance(m, Leader))
                ]
            elif entity.pair and (entity.kind == "nonleader" or (entity.counterpart and self._after_nonleader())):
                sides.append(NotLeader(reason=OTHER_OFFICE))
            elif entity.pair and entity.kind in ("leader", "group"):
                sides += self.resolver.pair(entity, self._acting_before(sentence, entity, meaning))
            elif id(entity) in meaning:
                sides.append(meaning[id(entity)])
        return sides

    def _acting_before(self, sentence: Sentence, pair: Entity, meaning: dict[int, Resolved]) -> Resolved | None:
        """The subject of a sentence up to a phrase for several, whose counterparts they may be."""
        before = (e for e in sentence.entities if e.end <= pair.start and can_act(e) and not is_object(sentence, e))
        return next((meaning[id(e)] for e in before if id(e) in meaning), None)

    def _after_nonleader(self) -> bool:
        """ "Đặc phái viên điện đàm với những người đồng cấp của Mỹ và Hàn Quốc": the counterparts are envoys too."""
        return isinstance(self.resolver.last, NotLeader)

    def _group(self, base: Mention, found: Found) -> Mention:
        entity = found.first[0]
        if entity.pair:
            leaders = tuple(self.resolver.pair(entity))
            return msgspec.structs.replace(base, kind="full", leaders=leaders, joint=len(leaders) > 2)
        leaders = self._two_last(base, entity)
        if not leaders and entity.kind == "group":
            base = msgspec.structs.replace(base, so_far=self.resolver.two_so_far())
        named = len(leaders) == 2 and all(self._stands_before(base, entity, who) for who in leaders)
        return msgspec.structs.replace(base, kind="full" if named else base.kind, group=True, leaders=leaders)

    def _stands_before(self, base: Mention, group: Entity, leader: Leader) -> bool:
        """Whether the sentence names a leader before "hai người": it then names both sides itself."""
        before = [e for e in base.sentence.entities if e.end <= group.start and e.kind == "leader" and not e.pair]
        return any(leader.same_as(m) for e in before if isinstance(m := self.resolver.resolve(e), Leader))

    def _two_last(self, base: Mention, entity: Entity) -> tuple[Leader, ...]:
        """The two whom "hai nhà lãnh đạo" takes up: those of the sentence, else the last two named."""
        if entity.kind == "group3":
            return ()
        before = [e for e in base.sentence.entities if e.end <= entity.start and e.kind == "leader" and not e.pair]
        inside = _distinct([self.resolver.resolve(e) for e in before])
        if len(inside) == 2 and inside[0].country != inside[1].country:
            return tuple(inside)
        of_two = self._of_two_countries(base.sentence, entity)
        if of_two:
            return of_two
        if self.callers and _LAST_TIME.search(base.skeleton.text):
            return self.callers
        if any(t.id == "two_sides" for t in entity.titles):
            return ()
        if isinstance(self.resolver.last, NotLeader):  # "ngoại trưởng cho biết hai nhà lãnh đạo …": not he and another
            ranked = base.sentence.lower.startswith(_RANKED, entity.start)
            return self.resolver.two_so_far() if ranked else ()
        return tuple(self.resolver.last_two())

    def _of_two_countries(self, sentence: Sentence, entity: Entity) -> tuple[Leader, ...]:
        """The leaders of "lãnh đạo hai nước" where the sentence names two countries, as those of whom it tells, or else
        beside or before them; where it does not, of the two that a sentence before named."""
        if not any(t.id == "leaders_of_two" for t in entity.titles):
            return ()
        told = countries_told_of(sentence)
        named = list(dict.fromkeys(c for e in sentence.entities if e.end <= entity.start for c in e.countries))
        two = next((countries for countries in (told, named, self.two_countries) if len(countries) == 2), [])
        return tuple(self.resolver.of_countries(two))

    def _one_call(
        self, base: Mention, found: Found, sides: list[Resolved], meaning: dict[int, Resolved]
    ) -> list[Mention]:
        leaders = _distinct(sides)
        soft = any(
            e.kind == "pronoun" and isinstance(who, Leader) and not self._stands_in(base, who, meaning)
            for e, who in ((e, meaning.get(id(e))) for e in found.first if not _is_she(e))
        )
        if any(isinstance(s, NotLeader) for s in sides) and len(leaders) < 2:
            return [_refuse(base, _first_reason(sides))]
        if len(leaders) > 2 and base.cue.plural and one_and_each(base.sentence, found.first):
            return [self._full(base, [leaders[0], other], joint=False, caller=None) for other in leaders[1:]]
        return (
            [msgspec.structs.replace(self._full(base, leaders, joint=len(leaders) > 2, caller=None), soft=soft)]
            if len(leaders) > 1
            else [self._half(base, sides)]
        )

    def _two_sides(
        self, base: Mention, found: Found, first: list[Resolved], second: list[Resolved], meaning: dict[int, Resolved]
    ) -> list[Mention]:
        if found.rule in _TURNED:
            first, second, found = second, first, msgspec.structs.replace(found, shape="received")
        first = self._acting(base, found, first, second, meaning)
        for side in (first, second):
            missing = side is first and _first_reason(side) == NO_ANTECEDENT
            if side and not _distinct(side) and not missing:
                return [_refuse(base, _first_reason(side))]
        subjects, objects = self._apart_from(base, found, _distinct(first), _distinct(second), meaning)
        if not objects and subjects and self._is_of_somebody_else(base, found, subjects[0], meaning):
            return [_refuse(base, NO_ANTECEDENT)]
        if not subjects or not objects:
            return [self._half(base, [*subjects, *objects])]
        sure = any(map(_is_she, found.first)) or self._stands_in(base, subjects[0], meaning)
        return self._calls(base, found, subjects, objects, soft=not sure)

    def _acting(
        self, base: Mention, found: Found, first: list[Resolved], second: list[Resolved], meaning: dict[int, Resolved]
    ) -> list[Resolved]:
        """The subject side; not a place, nor the office that only arranges the call for its leader."""
        if found.rule == "possessor" and not _distinct(first):
            return []
        if _are_bare_names(found, first):
            left = self._left_subject(base.sentence, found.first[0].start, meaning, _distinct(second), acting=True)
            return [left] if isinstance(left, Leader) else []
        if len(found.first) == 1 and _IS_MET.search(base.sentence.lower, base.sentence.start, found.first[0].start):
            acting = self._left_subject(base.sentence, found.first[0].start, meaning, _distinct(second), acting=True)
            return [acting] if acting else first
        if first and found.first and not _distinct(first):
            beside = self._is_met_beside(base, found.first[0])
            if beside or _ARRANGED.search(base.skeleton.text):
                left = self._left_subject(
                    base.sentence, found.first[0].start, meaning, _distinct(second), acting=beside
                )
                return [left] if left else []
        return first

    def _is_met_beside(self, base: Mention, who: Entity) -> bool:
        """Whether somebody is left for a call: "dừng cuộc họp với ông A và bảy lãnh đạo châu Âu để gọi cho ông B"."""
        lower = base.sentence.lower
        beside = _MET_BESIDE.search(lower, base.sentence.start, who.start) is not None
        return beside and _TO_RING.fullmatch(lower, who.end, base.cue.start) is not None

    def _is_of_somebody_else(self, base: Mention, found: Found, subject: Leader, meaning: dict[int, Resolved]) -> bool:
        """Whether "gọi cho ông" goes on about somebody with a name who is no leader: no other leader stands between."""
        if not (self.of_somebody and found.second and found.second[0].kind == "pronoun"):
            return False
        before = [e for e in base.sentence.entities if e.end <= found.second[0].start and e.kind == "leader"]
        return all(isinstance(m := meaning.get(id(e)), Leader) and m.same_as(subject) for e in before)

    def _apart_from(
        self,
        base: Mention,
        found: Found,
        subjects: list[Leader],
        objects: list[Leader],
        meaning: dict[int, Resolved],
    ) -> tuple[list[Leader], list[Leader]]:
        """Both sides without whoever stands on both; a pronoun that was taken for the other side is taken anew."""
        pronoun = bool(found.first) and found.first[0].kind == "pronoun"
        if pronoun and objects and (not subjects or _clash(subjects[0], objects)):
            subjects = [who for who in reversed(self.resolver.recent) if not _clash(who, objects)][:1]
        others = [o for o in objects if not any(o.same_as(s) for s in subjects)]
        spoken_to = bool(found.second) and found.second[0].kind == "pronoun"
        alone = spoken_to and not others and len(subjects) == 1
        if alone and not self._is_of_somebody_else(base, found, subjects[0], meaning):
            named = self._named_before(base.sentence, found.second[0], meaning)
            behind = [
                m for e in base.sentence.entities if e.start > found.second[0].start and (m := meaning.get(id(e)))
            ]
            recent = [who for who in reversed(self.resolver.recent) if not _clash(who, _distinct(behind))]
            fit = [*named, *recent, *reversed(self.resolver.recent)]
            others = [who for who in fit if not who.same_as(subjects[0])][:1]
        return subjects, others

    def _named_before(self, sentence: Sentence, pronoun: Entity, meaning: dict[int, Resolved]) -> list[Leader]:
        """The leaders whom a sentence names before a pronoun that may be theirs, the first of them first: "Ông A cho
        biết Tổng thống B đã gọi cho ông để bàn về cuộc gặp với Tổng thống C"."""
        before = [e for e in sentence.entities if e.end <= pronoun.start and e.kind == "leader" and not e.pair]
        named = [who for e in before if isinstance(who := meaning.get(id(e)), Leader)]
        return [who for who in named if self.resolver.may_be(pronoun, who)]

    def _calls(
        self, base: Mention, found: Found, subjects: list[Leader], objects: list[Leader], soft: bool
    ) -> list[Mention]:
        """One joint call of all, or one with each of the other side."""
        if len(subjects) == len(objects) == 1 and is_of_three(base):
            subjects = [*subjects, *self._third(subjects[0], objects[0])]
        following = self.sentences.get(base.sentence.index + 1)
        joint = len(objects) > 1 and is_joint(base, following, of_three=self.of_three)
        one_by_one = len(objects) > 1 and not joint and is_one_by_one(base)
        placed = one_by_one or self._placed_by_subject(base, found)
        received = found.shape == "received"
        if len(subjects) > 1 and len(objects) == 1 and is_each(base, found):
            caller = objects[0] if received else None
            return [self._full(base, [s, objects[0]], joint=False, caller=caller or s) for s in subjects]
        if found.shape == "joint" or len(subjects) > 1 or joint:
            caller = objects[0] if received else subjects[0] if placed else None
            return [self._full(base, [*subjects, *objects], joint=True, caller=caller)]
        mentions = [
            self._full(base, [subjects[0], o], joint=False, caller=o if received else subjects[0] if placed else None)
            for o in objects
        ]
        days = day_of_each(base, [e.end for e in found.second]) if len(objects) == len(found.second) > 1 else ()
        return [
            msgspec.structs.replace(mention, soft=soft, times=(days[place],) if days else mention.times)
            for place, mention in enumerate(mentions)
        ]

    def _third(self, one: Leader, other: Leader) -> list[Leader]:
        """Whoever of a third country was named last before a call of three of which a sentence names two."""
        sides = {one.country, other.country}
        return [who for who in reversed(self.resolver.recent) if who.country not in sides][:1]

    def _stands_in(self, base: Mention, subject: Leader, meaning: dict[int, Resolved]) -> bool:
        """Whether the sentence itself names the subject, other than by a pronoun."""
        named = [meaning.get(id(e)) for e in base.sentence.entities if e.kind in ("leader", "name")]
        staff = [e for e in base.sentence.entities if e.staff]
        by_his_staff = any(subject.person in e.persons or e.works_for_pronoun for e in staff)
        return by_his_staff or any(isinstance(n, Leader) and n.same_as(subject) for n in named)

    def _placed_by_subject(self, base: Mention, found: Found) -> bool:
        rung = base.cue.kind == "talk" and found.shape == "pair" and _CALLED_FOR.search(base.skeleton.text) is not None
        return (
            rung
            or base.cue.kind in ("ring", "ring_for")
            or found.rule
            in (
                "received",
                "answered",
                "congratulate",
                "subject_and_urged",
                "purpose_with",
            )
        )

    def _full(self, base: Mention, leaders: list[Leader], joint: bool, caller: Leader | None) -> Mention:
        countries = {who.country for who in leaders}
        if len(leaders) > 5:
            return _refuse(base, "more than five: a conference, not a call")
        if len(countries) < 2:
            return _refuse(base, "one country only")
        if sum(not who.weak for who in leaders) == 0 and not joint:
            return msgspec.structs.replace(base, kind="anaphor", leaders=tuple(leaders), caller=None)
        return msgspec.structs.replace(base, kind="full", leaders=tuple(leaders), joint=joint, caller=caller)

    def _half(self, base: Mention, sides: list[Resolved]) -> Mention:
        leaders = _distinct(sides)
        if base.cue.kind == "ring_for" and not (leaders and is_to_each(base)):
            return _refuse(base, "rings somebody who is no leader")
        if not leaders:
            return _refuse(base, _first_reason(sides)) if sides else base
        other = self._other_object(base)
        if other and not is_to_each(base):
            return _refuse(base, other)
        greeted = self._greeted(base, leaders[0])
        if greeted is not None:
            return self._full(base, [leaders[0], greeted], joint=False, caller=leaders[0])
        return msgspec.structs.replace(
            base,
            kind="partial",
            leaders=tuple(leaders[:1]),
            caller=leaders[0] if base.cue.kind in ("ring", "ring_for") else None,
        )

    def _greeted(self, base: Mention, caller: Leader) -> Leader | None:
        """Whom a greeting by telephone goes to where only what it is for names him: "Trước sinh nhật của Thủ tướng B,
        ông A gọi điện chúc mừng"."""
        end = min(base.cue.end + _GREETING, base.sentence.end)
        if _GREETS.search(base.sentence.lower, base.cue.start, end) is None:
            return None
        named = [
            self.resolver.resolve(e) for e in base.sentence.entities if e.kind == "leader" and e.end < base.cue.start
        ]
        others = _distinct([who for who in named if isinstance(who, Leader) and who.country != caller.country])
        return others[0] if len(others) == 1 else None

    def _other_object(self, base: Mention) -> str:
        """A side that is there but is no leader's phrase: "điện đàm với đội tuyển"."""
        after = base.skeleton.text[base.skeleton.text.find("Q") + 2 :]
        match = re.match(
            r"(?:[^A-Z.;:,\"]|[TD].){0,40}?(?<!\w)(?:với|cùng|cho|tới|đến) (?!nhau|"
            r"nội dung|mục đích|hy vọng|tư cách|thời lượng|việc|phía|không khí|tinh thần|thái độ|giọng|thông điệp|"
            r"chủ đề|biết|rằng)([^\s.,;]+)",
            after,
        )
        return "other side is no leader" if match is not None and not re.match(r"[LGHPWUC]", match[1]) else ""

    def _context_subject(self, base: Mention, meaning: dict[int, Resolved], found: Found) -> Resolved | None:
        """The subject of a cue that stands in a phrase of its own ("trong cuộc điện đàm với B, A nói")."""
        sentence, others = (
            base.sentence,
            [m for e in found.second if e.kind != "pronoun" and isinstance(m := meaning.get(id(e)), Leader)],
        )
        end = max([base.cue.end, *(e.end for e in found.second)])
        right = self._right_subject(sentence, end, meaning, others)
        opening = sentence.lower[sentence.start : base.cue.start].rpartition(" rằng ")[2].strip(' "-')
        if isinstance(right, Leader) and len(opening) < 30:
            return right
        left = self._left_subject(sentence, base.cue.start, meaning, others)
        objects_only = self._left_subject(sentence, base.cue.start, meaning, others, acting=True) is None
        if isinstance(right, Leader) and (isinstance(left, NotLeader) or objects_only):
            return right
        topic = self.topic if not _clash(self.topic, others) else None
        return left or right or topic or self._teller(sentence, others)

    def _teller(self, sentence: Sentence, others: list[Leader]) -> Leader | None:
        """ "Chính phủ Sri Lanka cho biết cuộc điện đàm với …", "Văn phòng ông A: Cuộc gọi với …": the leader of the
        government, or of the office, that tells."""
        for entity in sentence.entities:
            head = self.resolver.head_of_staff(entity)
            if head is not None and not _clash(head, others):
                return head
            office = entity.metonym or entity.aide
            if office and len(entity.countries) == 1 and not any(o.country == entity.countries[0] for o in others):
                return self.resolver.pair(entity)[0]
        return None

    def _left_subject(
        self,
        sentence: Sentence,
        before: int,
        meaning: dict[int, Resolved],
        others: list[Leader],
        *,
        acting: bool = False,
    ) -> Resolved | None:
        """The last who may act before a place; unless only who is `acting` will do, an object where there is none."""
        fallback: Resolved | None = None
        for entity in reversed([e for e in sentence.entities if e.end <= before]):
            found = meaning.get(id(entity))
            if found is None or not can_act(entity) or _clash(found, others):
                continue
            if entity.anybody or is_apposition(sentence, entity, meaning) or self._is_a_source(sentence, entity):
                continue
            if is_object(sentence, entity):
                fallback = fallback or (found if isinstance(found, Leader) and not acting else None)
                continue
            if isinstance(found, NotLeader) and self._only_tells(sentence, entity):
                continue
            return found
        return fallback

    def _is_a_source(self, sentence: Sentence, entity: Entity) -> bool:
        """Whether an unknown name is only cited: "Theo AP, …"."""
        unknown = entity.kind == "name" and entity.honorific is None
        return unknown and sentence.lower.endswith(_BY_WHOM, sentence.start, entity.start)

    def _only_tells(self, sentence: Sentence, entity: Entity) -> bool:
        """A spokesman or a paper that tells of the call: a verb of saying follows at once."""
        speaks_for_leader = entity.aide or self.resolver.head_of_staff(entity) is not None
        telling = speaks_for_leader or any(t.id == "citizen" for t in entity.titles)
        behind = sentence.lower[entity.end : entity.end + 40]
        return telling and (behind.startswith(":") or says(behind))

    def _right_subject(
        self, sentence: Sentence, after: int, meaning: dict[int, Resolved], others: list[Leader]
    ) -> Resolved | None:
        for entity in (e for e in sentence.entities if e.start >= after):
            found = meaning.get(id(entity))
            if found is None or not can_act(entity) or _clash(found, others):
                continue
            if isinstance(found, NotLeader) and self._only_tells(sentence, entity):
                continue
            between = sentence.lower[after : entity.start]
            if re.search(
                r", (?!nơi |người |khi |mà |trong đó )(?:\w+ ){0,2}$", between
            ) and not self._is_object_after_comma(between):
                return found
        return None

    def _is_object_after_comma(self, between: str) -> bool:
        return re.search(r"(?:với|cùng|cho|của|theo|gặp|dẫn lời) $", between) is not None


def _both_with_one(pairs: Sequence[tuple[Leader, ...]]) -> tuple[Leader, ...]:
    """The two with whom one leader talked, each by himself, of the calls of a sentence; empty where none are."""
    one = len(pairs) == 2 and pairs[0][0].same_as(pairs[1][0]) and not pairs[0][1].same_as(pairs[1][1])
    return (pairs[0][1], pairs[1][1]) if one else ()


def _as_of_then(reading: Reading, sentence: Sentence) -> Reading:
    """ "Hôm ấy ông A đang nói chuyện với ông B": what went on then is over."""
    told = (sentence.lower[t.start : t.end] for t in sentence.times if t.kind == "same_day")
    then = reading.status == "ongoing" and any(words.endswith((" ấy", " đó")) for words in told)
    return msgspec.structs.replace(reading, status="held", rule="was_under_way") if then else reading


def _sides_of(sentence: Sentence, meaning: dict[int, Resolved]) -> dict[int, str]:
    """The country of each resolved phrase of a sentence, by where the phrase starts."""
    found = ((e.start, meaning.get(id(e))) for e in sentence.entities)
    return {start: r.country for start, r in found if isinstance(r, Leader) and r.country}


def _clash(found: Resolved | None, others: list[Leader]) -> bool:
    return isinstance(found, Leader) and any(found.same_as(o) for o in others)


def _distinct(sides: list[Resolved]) -> list[Leader]:
    leaders: list[Leader] = []
    for side in sides:
        if isinstance(side, Leader) and not any(side.same_as(known) for known in leaders):
            leaders.append(side)
    return leaders


def _first_reason(sides: list[Resolved]) -> str:
    return next((s.reason for s in sides if isinstance(s, NotLeader)), "no leader")


def _is_she(entity: Entity) -> bool:
    """Whether a pronoun is "bà": few leaders are women, so it is seldom taken up wrongly."""
    return entity.kind == "pronoun" and entity.honorific == "bà"


def _refuse(mention: Mention, reason: str) -> Mention:
    return msgspec.structs.replace(mention, kind="refused", reason=reason)
