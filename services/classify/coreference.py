"""Which mentions of an article tell of the same call: events.

Mentions are taken in reading order. A full mention joins the event of the same leaders unless day or tense set it
apart; an anaphor ("cuộc điện đàm kéo dài một giờ") joins the call spoken of last, which may be one that is no
leaders' call and then takes the anaphor away from ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from services.classify.apart import AFTER_ONE, AHEAD, IN_VAIN, OTHER, PREVIOUS, is_apart, is_one_not_taken, is_past
from services.classify.event import Event, counts_in
from services.classify.joins import is_hearsay, is_spoken_of, is_sum, joined
from services.classify.joint import is_of_several, is_to_each, is_told_apart
from services.classify.leader import Leader
from services.classify.mention import COUNTED, OF_THAT_KIND, Mention
from services.classify.regex import regex
from services.classify.written import Written

#: What stands before who is cited.
_CITING = ("theo ", "dẫn lời ", "dẫn thông báo của ", "thông báo của ", "thông cáo của ")
#: "Ý tưởng về cuộc gọi": what was brought up before it.
_IDEA = regex(r"(?<!\w)(?:ý tưởng|sáng kiến|đề xuất|đề nghị) (?:về |cho |tổ chức )(?:một )?Q")
#: "Ông A lên đường sang Mỹ và hội đàm với ông B tại Washington".
_ABROAD = r"lên đường [^.;:]*Q|Q[^.;:,]{0,30}(?<=[LPG]. )tại [CU]."
_IN_PERSON = regex(
    r"(?<!hẹn )(?<!sớm )(?<!sẽ )(?<!hẹn sẽ )gặp|bên lề|chuyến thăm|tại (?:nhà trắng|điện|dinh|phủ|khách sạn|hội nghị)|"
    r"tiếp đón|trực tiếp|" + _ABROAD
)
#: "Cuộc trò chuyện tại New York": where they stood face to face.
_MET_AT = regex(r"Q.(?: (?:giữa|của) [GHW].)? (?:ở|tại|bên lề) (?!đầu dây)")
#: "Cuộc trao đổi ngày 25/7 kéo dài một giờ": not "ngày 25/7 tại Quốc hội", "của hai phái đoàn", "giữa hai nước".
_OF_A_DAY = regex(r"Q.(?: (?:này|trên|vào|hôm|giữa [GHW].|với [LPU].))* T.(?! (?:tại|ở|của|giữa(?! [GHW])))")
#: "Tới Moskva hội đàm trực tiếp với ông A".
_FACE = regex(rf"Q. (?:trực tiếp|mặt đối mặt)(?!\w)|{_ABROAD}")
#: "Tuần trước họ đã hội đàm hai giờ ở Minsk".
_THERE = regex(r"Q.(?: (?:trong )?D.)?(?: [^A-Z.;:,]{0,20})? (?:ở|tại) [CU].")
#: Words for a call of high offices; anybody may have "cuộc gọi".
_OF_LEADERS = regex(r"(?:cuộc |buổi )?(?:điện đàm|hội đàm)(?!\w)")
#: Verbs that tell of a talk without its means; "hội đàm" and "thảo luận" are rather of those who meet.
_TALKS = {"nói chuyện", "trò chuyện", "trao đổi"}
#: "Lần gần nhất ông A và ông B nói chuyện là cuộc điện đàm ngày 12/2".
_LAST_TIME = regex(r"lần (?:gần (?:đây )?nhất|cuối(?: cùng)?|trước) .* là Q")
#: "Cuộc trao đổi diễn ra theo đề nghị của phía Mỹ": who asked is said of the call told before.
_ASKED_FOR = regex(
    r"Q.(?: (?:này|trên|được|diễn ra|tiến hành|thực hiện))* theo (?:đề nghị|sáng kiến|yêu cầu|đề xuất)|"
    r"Q.(?: (?:này|trên|được|diễn ra|tiến hành|thực hiện))* do (?:phía |bên )?[LCNUP]. (?:chủ động )?"
    r"(?:đề nghị|đề xuất|yêu cầu|khởi xướng|gọi|thực hiện)|"
    r"là người (?:đã |chính )*(?:khởi xướng|đề nghị|đề xuất|chủ động) Q|"
    r"Q[^.;:]* [LUPC]. là (?:người|phía|bên) (?:đã |chủ động )*(?:gọi|khởi xướng|đề nghị|đề xuất)"
)
#: "Cuộc điện đàm thứ ba, sau các cuộc trao đổi ngày 12/2 và 18/3": calls of the same two.
_AFTER_TWO = regex(r"sau (?:các|hai) Q. T. và T.")
#: "Tổng thống Ai Cập cùng ngày có cuộc trao đổi tương tự": with whom the call told before was.
_SIMILAR = regex(r"Q. tương tự")
#: "Đến lượt ông B gọi tới", "ông C cũng gọi điện chia buồn": to whom the call told before was.
_TURN = regex(r"(?:đến|tới) lượt [LU]. Q")
_RINGS_TOO = regex(
    _TURN.pattern
    + r"|[LU]. cũng(?: đã| vừa)? Q.(?: (?:để )?(?:chia buồn|chúc mừng|thăm hỏi|hỏi thăm))?(?=[,.;]| và |$)"
)
#: "Ông gọi điện cho ông A, rồi nói chuyện với ông B".
_THEN = regex(
    r"(?:sau đó|tiếp đó|rồi|(?:vài|ít|mấy|một|hai|ba|\d+) (?:giờ|phút|tiếng) sau)"
    r"(?: [PL].)?(?: (?:đã|cũng|lại|tiếp tục))? Q"
)
#: "Lời mời được đưa ra trong cuộc nói chuyện qua điện thoại", said of what one told the other in the sentence before.
_GIVEN_IN = regex(
    r"(?:lời mời|lời hứa|lời cảm ơn|lời chúc|(?:lời )?đề nghị|đề xuất|thông điệp|cam kết|(?:lời )?cảnh báo|yêu cầu|"
    r"nhận định|phát biểu)(?: (?:này|đó|trên))? (?:đã )?được (?:[LP]. )?(?:đưa ra|nêu|nêu ra|chuyển|gửi|truyền đạt) "
    r"(?:trong|tại|qua)(?: một)? Q"
)
#: The rule for a report that is denied in a sentence of its own.
_DENIED_REPORT = "denied_report"
#: "Cuộc điện đàm vốn được lên lịch hôm 31/1 nhưng phải hoãn": what is told of a call that was held since.
_ORIGINALLY = regex(r"Q.(?: [^.;:,]{0,40})? (?:vốn|ban đầu|lẽ ra|thoạt tiên)(?!\w)[^.;:]*(?:hoãn|lùi|dời|hủy)")
#: "Khép lại những đồn đoán về lý do ông chưa gọi cho nhà lãnh đạo này".
_WHY_NOT_YET = regex(
    r"(?:khép lại|chấm dứt|dập tắt|xua tan|gạt bỏ) [^.;:,]*(?:lý do|vì sao|tại sao|chuyện|tháng|tuần|năm)"
    r"[^.;:,]*(?:chưa|không)(?: \w+)? Q|"
    r"Z[^.;:]* (?:xua tan|dập tắt|chấm dứt|phá vỡ|khép lại) (?:(?! (?:khi|xác nhận|nói|khẳng định|cho biết) )[^.;:,])*"
    r"(?:chưa|không)(?: \w+)? Q"
)
#: "Ba lãnh đạo trao đổi qua video", "hội đàm ba bên trực tuyến", "cuộc họp trực tuyến giữa nguyên thủ 3 nước".
_OF_THREE = regex(
    r"(?<!\w)(?:ba|3) (?:bên|nước|người(?= (?:đã|đều|cùng|vừa|sẽ|này|nhất trí|điện|trao|trò|nói)|[,.])|ông|"
    r"nhà lãnh đạo|lãnh đạo|nguyên thủ|tổng thống)(?!\w)"
)
#: A call of two countries that only their leaders can have.
_OF_THE_HIGHEST = ("thượng đỉnh", "cấp cao", "cấp cao nhất")
#: "Ông A nói với ông B trong cuộc điện đàm".
_SAYS_IN_IT = regex(r"L. [^.;:,L]* L. (?:trong|tại)(?: một)? Q")
#: "Lần điện đàm gần nhất đã cách đây khá lâu".
_LONG_AGO = regex(r"lần Q. (?:gần (?:đây )?nhất|cuối|trước)[^.;:]* (?:khá |đã |rất )?lâu(?!\w)")
#: What tells of a call that it is another of the two than the one spoken of.
_OF_OTHERS = (PREVIOUS, OTHER, _LONG_AGO)
#: "Chính một cuộc gọi video hôm 15/7 đã …": some call, of nobody named.
_SOME = regex(r"(?<!\w)một Q")
#: How many sentences behind "có năm cuộc điện đàm" still tell of these.
_ANNOUNCES = 2


class Coreference:
    """Groups the mentions of one article into events."""

    def __init__(
        self, written: Written, only_two: tuple[Leader, ...] = (), only_three: tuple[Leader, ...] = ()
    ) -> None:
        self.written = written
        self.today = written.day
        self.only_two = only_two
        self.only_three = only_three
        self.events: list[Event] = []
        self.refused: list[Mention] = []
        self.current: Event | None = None
        self.waiting: list[Mention] = []
        self._talks: list[Mention] = []

    def take(self, mention: Mention) -> None:
        """Put a mention where it belongs."""
        if mention.cue.rule == _DENIED_REPORT:
            self._deny(mention)
            return
        held = self.current is not None and "held" in self.current.statuses
        if held and _ORIGINALLY.search(mention.skeleton.text):
            self.refused.append(msgspec.structs.replace(mention, kind="refused", reason="an earlier date of a call"))
            return
        if _WHY_NOT_YET.search(mention.skeleton.text):
            self.refused.append(msgspec.structs.replace(mention, kind="refused", reason="why there was no call so far"))
            return
        if mention.kind == "refused":
            self.refused.append(mention)
            if mention.cue.kind != "noun_weak" and mention.reason not in (COUNTED, OF_THAT_KIND):
                self.current = None
            return
        similar = mention.kind == "partial" and _SIMILAR.search(mention.skeleton.text) is not None
        if mention.cue.kind == "noun_weak" and not similar and not self._tied(mention):
            self.waiting.append(mention)
            return
        if mention.kind == "full":
            self._full(mention)
        elif mention.kind == "partial":
            self._partial(mention)
        else:
            self._anaphor(mention)

    def mentions(self) -> list[Mention]:
        """All mentions that the article has, those that are of no event behind those of events."""
        return [*(m for e in self.events for m in e.mentions), *self.refused]

    def finish(self) -> list[Event]:
        """The events, after the mentions that had to wait were placed or refused."""
        self._of_the_talk()
        self._of_half_a_headline()
        if not self.events and not any(m.cue.kind != "noun_weak" for m in self.refused):
            self._of_the_only_two()
            self._of_the_only_three()
        self._talks = [m for m in self.waiting if m.kind == "full"]
        self._date_those_announced()
        for mention in self.waiting:
            self._place_waiting(mention)
        self.events = joined(self.events, self.written)
        sums = [e for e in self.events if is_sum(e, self.events)]
        self.refused += [m for e in sums for m in e.mentions]
        told = (e for e in self.events if e not in sums)
        self.events = sorted(told, key=lambda e: min((m.sentence.index, m.cue.start) for m in e.mentions))
        return self.events

    def _place_waiting(self, mention: Mention) -> None:
        """Put a mention that had to wait where the whole of the article shows that it belongs, or refuse it."""
        known = self._of_those_told(mention)
        if known is not None:
            known.add(mention, mention.leaders)
        elif (
            (self._summed(mention) and mention.cue.rule != "group_talk")
            or self._runs_on(mention)
            or self._of_one_list(mention)
        ):
            self._full(mention)
        elif self._dates_the_only(mention):
            self.events[0].add(mention)
        elif self._may_be_of_the_one_pair(mention):
            self._of_the_one_pair(mention)
        else:
            self.refused.append(mention)

    def _of_those_told(self, mention: Mention) -> Event | None:
        """The first call of the leaders of a mention that had to wait, where the mention tells of a call at all."""
        most = max(2, len(mention.leaders))
        known = [e for e in self.events if mention.leaders and len(e.leaders) <= most and e.holds(mention.leaders)]
        tied = mention.cue.kind != "noun_weak" or mention.length or mention.reading.status == "ongoing"
        return known[0] if known and (tied or self._dates_it(known[0], mention)) else None

    def _dates_the_only(self, mention: Mention) -> bool:
        """Whether "cuộc nói chuyện ngày 25/7" gives its day to the only call of an article, which has none."""
        told = (
            mention.kind == "anaphor" and mention.cue.kind == "noun_weak" and mention.cue.noun and not mention.leaders
        )
        if not told or len(self.events) != 1 or self.events[0].times_of_day():
            return False
        dated = any(t.kind == "day" for t in mention.times) and _OF_A_DAY.search(mention.skeleton.text) is not None
        return dated and not (_MET_AT.search(mention.skeleton.text) or _IN_PERSON.search(mention.skeleton.text))

    def _may_be_of_the_one_pair(self, mention: Mention) -> bool:
        """Whether a call of nobody named can be that of the one pair that an article tells of: it tells of no other
        call, and theirs is not one of long ago that is named behind."""
        if mention.leaders or len(self.events) != 1 or mention.cue.kind == "noun_weak" or self.refused:
            return False
        only = self.events[0]
        before = any(mention.sentence.index < m.sentence.index for m in only.mentions if m.kind == "full")
        return not (before and only.past and mention.times)

    def _of_the_one_pair(self, mention: Mention) -> None:
        """A call of nobody named, in an article that tells of one pair: their call, or another of theirs by its day."""
        if mention.times and self._is_apart(self.events[0], mention):
            self._open(mention, tuple(self.events[0].leaders))
        else:
            self.events[0].add(mention)

    def _of_the_talk(self) -> None:
        """ "Ông Lukashenko nói chuyện với ông Kobakhidze": its means may be told of nobody named."""
        talks = self._talks_without_means()
        strong = self._calls_of_nobody_named()
        if not talks or not strong:
            return
        of_that_kind = any(m.reason == OF_THAT_KIND for m in strong)
        named = next((m for m in strong if m.sentence is talks[0].sentence and talks[0].leaders[:1] == m.leaders), None)
        if named is not None and all(m.sentence is named.sentence for m in talks):
            self._open_each(talks, named)
        elif any(m.kind == "anaphor" for m in strong) or (of_that_kind and all(map(_is_ahead, talks))):
            self._open_only(talks)

    def _talks_without_means(self) -> list[Mention]:
        """Talks that an article tells of and that may be calls: all where it has no call, else those to come."""
        talks = [m for m in self.waiting if m.kind == "full" and m.cue.kind == "noun_weak" and _is_talk(m)]
        if not self.events:
            return talks
        ahead = [m for m in talks if _is_ahead(m)]
        return [m for m in ahead if not any(e.holds(m.leaders) and not e.past for e in self.events)]

    def _calls_of_nobody_named(self) -> list[Mention]:
        kind = [m for m in self.refused if m.reason == OF_THAT_KIND]
        return [m for m in self.waiting if m.kind != "full" and m.cue.kind != "noun_weak" and not m.cue.plural] + kind

    def _open_each(self, talks: Iterable[Mention], named: Mention) -> None:
        """ "Tôi sẽ gọi điện, ông nói, ngụ ý trao đổi với ông A và ông B": the talks are the calls of the sentence."""
        for talk in talks:
            self.waiting.remove(talk)
            self._open(msgspec.structs.replace(named, kind="full", leaders=talk.leaders), talk.leaders)

    def _open_only(self, talks: Sequence[Mention]) -> None:
        """The call of the one talk that an article tells of, be it told several times: "câu chuyện trên điện thoại"; or
        those of one sentence, with each of several: "có những cuộc nói chuyện rất tốt với ông A và ông B"."""
        first = talks[0]
        with_each = all(
            m.sentence is first.sentence and m.leaders[0].same_as(first.leaders[0]) and m.reading.explicit
            for m in talks
        )
        if with_each or all(Event(first.leaders, False).holds(m.leaders) for m in talks):
            for talk in talks if with_each else [first]:
                self.waiting.remove(talk)
                self._open(talk, talk.leaders)

    def _of_half_a_headline(self) -> None:
        """A call of which the title names one side, by the first sentence behind that names both: "Nhật lùi cuộc điện
        đàm với ông B. Thủ tướng A bận cứu hộ, cuộc trao đổi với ông B chưa có lịch"."""
        half = next((m for m in self.waiting if m.kind == "partial" and m.sentence.part == "title"), None)
        whole = next((m for m in self.waiting if m.kind == "full" and m.sentence.index == 1), None)
        if self.events or half is None or whole is None:
            return
        seats = {country for e in half.sentence.entities if e.kind == "country" for country in e.countries}
        others = [who for who in whole.leaders if not who.same_as(half.leaders[0])]
        if len(others) == 1 and others[0].country in seats:
            self.waiting.remove(half)
            self._open(half, whole.leaders)

    def _of_the_only_two(self) -> None:
        """A call of nobody named ("trong cuộc điện đàm, hai bên nhất trí") where two leaders are all there are."""
        strong = [m for m in self.waiting if m.cue.kind != "noun_weak" and m.kind == "anaphor" and not m.cue.plural]
        if len(self.only_two) == 2 and strong and not _names_others(strong[0]):
            self.waiting.remove(strong[0])
            self._open(strong[0], self.only_two)

    def _of_the_only_three(self) -> None:
        """A call of "ba nhà lãnh đạo" of whom the cue names none, where three leaders are all there are."""
        strong = [m for m in self.waiting if m.cue.kind != "noun_weak" and m.kind == "anaphor" and not m.cue.plural]
        told = next((m for m in strong if _OF_THREE.search(m.sentence.lower, m.sentence.start, m.sentence.end)), None)
        if self.only_three and told is not None and not _names_others(told):
            self.waiting.remove(told)
            self._open(told, self.only_three)

    def _date_those_announced(self) -> None:
        """ "Hôm 16/10 ông có năm cuộc điện đàm" dates the calls of one leader that follow one by one."""
        for announced in [m for m in self.waiting if m.cue.plural and m.times and m.kind == "anaphor"]:
            index = announced.sentence.index
            told = [e for e in self.events if index < e.mentions[0].sentence.index <= index + _ANNOUNCES]
            one_leader = told and any(all(e.holds((who,)) for e in told) for who in told[0].leaders)
            for event in told if len(told) > 1 and one_leader else []:
                if not event.times_of_day():
                    event.add(announced)

    def _dates_it(self, event: Event, mention: Mention) -> bool:
        """Whether "cuộc trao đổi đầu tiên giữa hai ông diễn ra lúc 0h45" gives a call of just these two its day."""
        just_these = mention.kind != "partial" and mention.cue.noun and len(mention.leaders) == len(event.leaders)
        if not just_these or not mention.times or _IN_PERSON.search(mention.skeleton.text):
            return False
        return not event.times_of_day() and not event.past and not is_past(mention, self.written)

    def _summed(self, mention: Mention) -> bool:
        """A "cuộc trao đổi" of two leaders whom a real cue elsewhere counts among more ("điện đàm giữa ba nước")."""
        told = mention.length is not None or mention.reading.explicit
        if mention.kind != "full" or not told or mention.cue.kind != "noun_weak":
            return False
        summed = any(len(e.leaders) > 2 and e.holds(mention.leaders) for e in self.events)
        return summed or (
            mention.length is not None and bool(self.events) and not _IN_PERSON.search(mention.skeleton.text)
        )

    def _of_one_list(self, mention: Mention) -> bool:
        """ "Ông đã nói chuyện với ông A, ông B và bà C", where the article tells of a call with one of them."""
        if mention.kind != "full" or not _is_talk(mention) or _IN_PERSON.search(mention.skeleton.text):
            return False
        place = mention.sentence.index, mention.cue.start
        beside = [m for m in self._talks if (m.sentence.index, m.cue.start) == place and m is not mention]
        return any(e.holds(m.leaders) and len(e.leaders) == len(m.leaders) for m in beside for e in self.events)

    def _runs_on(self, mention: Mention) -> bool:
        """Whether "nói chuyện với Thủ tướng Anh tối qua" tells of one more call in an article that tells of others."""
        told_as_talk = _is_talk(mention) or mention.cue.rule == "chat_noun"
        then = mention.cue.rule == "and_talk" and _THEN.search(mention.skeleton.text) is not None
        told = mention.times or mention.length or then
        dated = (bool(told) and mention.reading.status != "denied") or mention.reading.rule == "offered_refused"
        if mention.kind != "full" or not told_as_talk or not dated:
            return False
        others = any(e.holds((who,)) for e in self.events for who in mention.leaders)
        return others and not _IN_PERSON.search(mention.skeleton.text)

    def _tied(self, mention: Mention) -> bool:
        """Whether a word like "cuộc trao đổi" is tied to a call that the article tells of."""
        if mention.cue.noun and _MET_AT.search(mention.skeleton.text):
            return False
        if mention.cue.rule == "group_talk" and (
            mention.reading.status == "planned"
            or _FACE.search(mention.skeleton.text)
            or _THERE.search(mention.skeleton.text)
        ):
            return False  # "dự kiến hội đàm với Thủ tướng B ngày 22/5 tại Canberra": those who will meet
        told = mention.length is not None or bool(mention.times) if mention.cue.rule == "group_talk" else True
        if mention.leaders:
            return told and any(e.holds(mention.leaders) for e in self.events)
        said_of_it = any(p.search(mention.skeleton.text) for p in (_ASKED_FOR, _AFTER_TWO, AFTER_ONE))
        return self.current is not None and told and bool(mention.length or mention.group or said_of_it)

    def _full(self, mention: Mention) -> None:
        same = [e for e in self.events if len(e.leaders) == len(mention.leaders) and e.holds(mention.leaders)]
        fit = [e for e in same if not self._is_apart(e, mention)]
        whole = self._of_all_named(mention)
        if (
            whole is not None
            and not is_told_apart(mention)
            and all(m.sentence.part == "title" for e in fit for m in e.mentions)
        ):
            whole.add(mention)
            self.current = whole
        elif fit:
            event = next((e for e in fit if not e.past), next((e for e in fit if e is self.current), fit[-1]))
            event.add(mention, mention.leaders)
            self.current = event
        elif mention.soft and (softer := self._softer(mention)) is not None:
            softer.add(mention)
            self.current = softer
        else:
            self._open(mention, mention.leaders)

    def _of_all_named(self, mention: Mention) -> Event | None:
        """The call of three or more, told before, all of whom the sentence of a mention names: "ông A có cuộc điện đàm
        với ông B, ông C và ông D"."""
        named = {person for entity in mention.sentence.entities for person in entity.persons}
        joint = (e for e in self.events if e.joint and len(e.leaders) > 2 and e.holds(mention.leaders))
        return next(
            (e for e in joint if {who.person for who in e.leaders} <= named and not self._is_apart(e, mention)), None
        )

    def _softer(self, mention: Mention) -> Event | None:
        """A call of the leader whom the sentence names: whom it does not name may have been taken up wrongly."""
        named = mention.leaders[-1:]
        known = [
            e
            for e in ([self.current] if self.current else []) + self.events[::-1]
            if len(e.leaders) == len(mention.leaders) and e.holds(named) and not self._is_apart(e, mention)
        ]
        ahead = _is_ahead(mention)
        told_held = mention.reading.rule == "has_held"
        fit = [e for e in known if not (ahead and e.statuses == {"held"}) and not (told_held and e.is_denied())]
        return fit[0] if fit else None

    def _partial(self, mention: Mention) -> None:
        candidates = [
            e for e in ([self.current] if self.current else []) + self.events[::-1] if e.holds(mention.leaders)
        ]
        fit = [event for event in candidates if not self._is_apart(event, mention)]
        for event in dict.fromkeys(fit) if is_to_each(mention) else fit[:1]:
            event.add(mention, mention.leaders)
            self.current = event
        if fit:
            return
        if candidates and (mention.times or IN_VAIN.search(mention.skeleton.text)):
            self._open(mention, tuple(candidates[0].leaders))
        elif self.current is not None and _SIMILAR.search(mention.skeleton.text) and not candidates:
            self._open(mention, (*mention.leaders, self.current.leaders[-1]))
        elif _RINGS_TOO.search(mention.skeleton.text) and not candidates:
            self._rings_too(mention)
        else:
            self.waiting.append(mention)

    def _rings_too(self, mention: Mention) -> None:
        """Open the call with whoever was rung in the call told last; "đến lượt ông B" is with who opens that one."""
        told, mentions = (self.current.leaders, self.current.mentions) if self.current is not None else ([], [])
        caller = next((m.caller for m in mentions if m.caller is not None), None)
        rung = [who for who in told if caller is not None and not who.same_as(caller)]
        rung = rung or (told[:1] if _TURN.search(mention.skeleton.text) else [])
        if rung and all(who.country != mention.leaders[0].country for who in told):
            self._open(mention, (*mention.leaders, rung[0]))
        else:
            self.waiting.append(mention)

    def _anaphor(self, mention: Mention) -> None:
        if self._of_two_others(mention) or self._of_two_named(mention):
            self._full(mention)
        elif (called_off := self._called_off(mention)) is not None:
            called_off.add(mention)
        elif (brought_up := self._brought_up(mention)) is not None:
            brought_up.add(mention)
        elif (told_by_side := self._told_by_side(mention)) is not None:
            told_by_side.add(mention)
        elif self._of_two_other_countries(mention):
            self._full(mention)
        elif self.current is not None and not self._is_apart(self.current, mention):
            self.current.add(mention)
        elif (known := self._of_that_day(mention)) is not None:
            known.add(mention)
            self.current = known
        elif self.current is not None and (
            (mention.times and (mention.group or mention.leaders or not _SOME.search(mention.skeleton.text)))
            or (mention.reading.status == "planned" and "later" in counts_in(mention))
            or (mention.reading.status == "held" and is_one_not_taken(self.current))
            or (any(p.search(mention.skeleton.text) for p in _OF_OTHERS) and not mention.cue.plural)
            or (mention.group and is_past(mention, self.written))
        ):
            others = len(mention.leaders) == 2 and not any(self.current.holds((who,)) for who in mention.leaders)
            self._open(mention, mention.leaders if others else tuple(self.current.leaders))
        elif self.current is None and mention.leaders and not all(who.weak for who in mention.leaders):
            self._full(mention)
        elif mention.so_far and not (self.events or self.refused) and _is_of_leaders(mention):
            self._open(mention, mention.so_far)
        else:
            self.waiting.append(mention)

    def _deny(self, mention: Mention) -> None:
        """ "Điện Kremlin bác bỏ tin này": of a call that others tell of, not of what was said in one."""
        told = self.current.mentions if self.current is not None else []
        if self.current is not None and any(is_hearsay(m) and not is_spoken_of(m) for m in told):
            self.current.add(msgspec.structs.replace(mention, kind="anaphor", reason=""))

    def _brought_up(self, mention: Mention) -> Event | None:
        """ "Ý tưởng về cuộc gọi do phía Pháp nêu ra" is of the call in the news, though an older one of both was told
        of since; so is "cuộc gọi kéo dài một giờ" behind "lần gần nhất hai ông nói chuyện là …"."""
        dated = any(t.kind == "day" for t in mention.times)
        if self.current is None or not self.current.past or dated:
            return None
        told = self.current.mentions
        aside = len(told) == 1 and _LAST_TIME.search(told[0].skeleton.text) and mention.cue.noun and mention.length
        if not aside and not _IDEA.search(mention.skeleton.text):
            return None
        return next((e for e in self.events if not e.past and e.is_of_those_of(self.current)), None)

    def _told_by_side(self, mention: Mention) -> Event | None:
        """ "Theo Nhà Xanh, cuộc trao đổi kéo dài 15 phút" is of the call with Korea, though another was told last."""
        if self.current is None or not mention.cue.noun or mention.leaders or mention.group:
            return None
        lower, start = mention.sentence.lower, mention.sentence.start
        said = [e for e in mention.sentence.entities if lower.endswith(_CITING, start, e.start)]
        sides = {country for entity in said for country in entity.countries}
        if len(sides) != 1 or any(who.country in sides for who in self.current.leaders):
            return None
        fit = [e for e in self.events if not e.past and any(who.country in sides for who in e.leaders)]
        return fit[0] if len(fit) == 1 and not self._is_apart(fit[0], mention) else None

    def _called_off(self, mention: Mention) -> Event | None:
        """ "Việc hoãn cuộc gọi" is of the call that was put off, though one of the same leaders was told of since."""
        if mention.reading.status != "denied" or self.current is None or self.current.is_denied():
            return None
        return next((e for e in self.events if e.is_denied() and e.is_of_those_of(self.current)), None)

    def _of_that_day(self, mention: Mention) -> Event | None:
        """The call of the same leaders, told before the one spoken of last, on the day that an anaphor gives."""
        if self.current is None or not mention.times:
            return None
        same = [e for e in self.events if e.is_of_those_of(self.current) and e.times_of_day()]
        return next((e for e in same if not self._is_apart(e, mention)), None)

    def _of_two_others(self, mention: Mention) -> bool:
        """Whether "hai nhà lãnh đạo" takes up two of whom neither takes part in the call spoken of last."""
        if self.current is None or len(mention.leaders) != 2 or mention.cue.kind == "noun_weak":
            return False
        if not mention.group and not (mention.rule == "same_sentence" and _LAST_TIME.search(mention.skeleton.text)):
            return False
        named = {p for e in mention.sentence.entities if e.end <= mention.cue.start for p in e.persons}
        if all(who.person in named for who in mention.leaders):
            return not self.current.holds(mention.leaders)
        return not any(self.current.holds((who,)) for who in mention.leaders)

    def _of_two_other_countries(self, mention: Mention) -> bool:
        """ "Cuộc điện đàm thượng đỉnh Mỹ - Trung hôm qua", told behind a call of others: that of these two leaders."""
        if self.current is None or mention.rule != "names_after" or len(mention.leaders) != 2:
            return False
        words = mention.sentence.lower[mention.cue.start : mention.cue.end]
        return words.endswith(_OF_THE_HIGHEST) and not self.current.holds(mention.leaders)

    def _of_two_named(self, mention: Mention) -> bool:
        """ "Ông A sẽ chuyển thông điệp tới ông B trong cuộc điện đàm ngày mai": the call of these two, of which the
        article tells, and not of the two whose call was told last."""
        if self.current is None or mention.rule != "same_sentence" or not _SAYS_IN_IT.search(mention.skeleton.text):
            return False
        known = any(len(e.leaders) == 2 and e.holds(mention.leaders) for e in self.events)
        return len(mention.leaders) == 2 and known and not self.current.holds(mention.leaders)

    def _is_apart(self, event: Event, mention: Mention) -> bool:
        return is_apart(event, mention, self.written)

    def _open(self, mention: Mention, leaders: tuple[Leader, ...]) -> None:
        event = Event(leaders, mention.joint or len(leaders) > 2)
        event.past = is_past(mention, self.written)
        event.add(mention)
        self.events.append(event)
        self.current = event

    # -- one call or two --------------------------------------------------------------------------------------

    # -- sums of calls ----------------------------------------------------------------------------------------


def _is_ahead(mention: Mention) -> bool:
    return mention.reading.status in AHEAD


def _is_talk(mention: Mention) -> bool:
    return mention.sentence.lower[mention.cue.start : mention.cue.end].removeprefix("cuộc ") in _TALKS


def _names_others(mention: Mention) -> bool:
    """Whether the sentence of a call of nobody named tells of officials, whose call it may be."""
    officials = (e for e in mention.sentence.entities if e.kind in ("nonleader", "nongroup") and not e.staff)
    return not mention.group and any(officials)


def _is_of_leaders(mention: Mention) -> bool:
    """Whether a call of nobody named is told with a word of high offices, once, of two, and not below a photo."""
    if is_of_several(mention):
        return False
    words = _OF_LEADERS.match(mention.sentence.lower, mention.cue.start, mention.cue.end)
    given = _GIVEN_IN.match(mention.skeleton.text)
    return bool(words or given) and not mention.cue.plural and not mention.sentence.caption
