"""A call as one article tells it."""

from __future__ import annotations

import msgspec

from services.classify.leader import Leader
from services.classify.mention import Mention
from services.classify.regex import regex
from services.classify.times import TimeExpr

#: "Cuộc điện đàm đầu tiên" is another than "cuộc điện đàm thứ hai"; "ông A lại điện đàm với ông B" is one more.
_COUNTS = {
    "first": regex(
        r"Q.(?: đó)?(?: với [LPU].)? (?:đầu(?: tiên)?(?! tháng| năm| tuần)|thứ nhất|lần đầu|lần một|mở đầu)"
    ),
    "later": regex(
        r"Q. (?:thứ (?:hai|ba|tư|\d+)|lần (?:hai|ba|tư|\d+|thứ \w+)|tiếp theo|kế tiếp)|một Q. nữa (?=giữa|với|sẽ|sắp)|"
        r"(?:sẽ|dự kiến|dự định|hẹn|nhất trí|đồng ý|thống nhất)(?: \w+)? Q.(?: lần nữa| lại)"
    ),
    "again": regex(r"(?:lại|một lần nữa|tiếp tục) Q"),
}


#: "Trong một cuộc điện đàm gần đây": a talk that is only the setting of something, and of an open day.
_SETTING = regex(r"(?:trong|tại)(?: một)? Q. T.")


def is_lately(mention: Mention) -> bool:
    """Whether a call is told as one of lately, without its day, for what was said in it."""
    lately = any(mention.sentence.lower[t.start : t.end] == "gần đây" for t in mention.times)
    return lately and _SETTING.search(mention.skeleton.text) is not None


def counts_in(mention: Mention) -> set[str]:
    """How a mention counts its call: as the first, as a later one, as one more, as one that goes back."""
    found = {count for count, pattern in _COUNTS.items() if pattern.search(mention.skeleton.text)}
    rings_again = mention.sentence.lower[mention.cue.start : mention.cue.end].endswith(" lại")  # "sẽ gọi lại cho"
    if rings_again and mention.reading.status in ("planned", "held"):
        found.add("later" if mention.reading.status == "planned" else "back")
    return found


class Event:
    """A call as one article tells it: the mentions that speak of it.

    What they say together is kept as they come, because each further mention is held against it: their `statuses`, how
    they count the call (`counts`), whether it is one of "gần đây" (`lately`), their times.
    """

    def __init__(self, leaders: tuple[Leader, ...], joint: bool) -> None:
        self.leaders = list(leaders)
        self.joint = joint
        self.mentions: list[Mention] = []
        self.past = False
        self.lately = False
        self.statuses: set[str] = set()
        self.counts: set[str] = set()
        self._times: dict[TimeExpr, None] = {}

    def add(self, mention: Mention, leaders: tuple[Leader, ...] = ()) -> None:
        """Take a mention in; a leader of it who has a name replaces the unnamed one who may be the same."""
        self.mentions.append(mention)
        self.statuses.add(mention.reading.status)
        self.counts |= counts_in(mention)
        self.lately = self.lately or is_lately(mention)
        self._times.update(dict.fromkeys(msgspec.structs.replace(t, start=0, end=0) for t in mention.times))
        for known in list(self.leaders):
            better = next((who for who in leaders if who.same_as(known) and who.name and not known.name), None)
            if better is not None:
                self.leaders[self.leaders.index(known)] = better

    def absorb(self, other: Event) -> None:
        """Take the mentions of another event in, all in the order of the article."""
        self.mentions = sorted([*self.mentions, *other.mentions], key=lambda m: m.sentence.index)
        self._times |= other._times
        self.statuses |= other.statuses
        self.counts |= other.counts
        self.lately = self.lately or other.lately

    def holds(self, leaders: tuple[Leader, ...]) -> bool:
        """Whether all these may be leaders of this call."""
        return all(any(who.same_as(known) for known in self.leaders) for who in leaders)

    def is_of_those_of(self, other: Event) -> bool:
        """Whether this may be a call of just the leaders of another."""
        return len(self.leaders) == len(other.leaders) and self.holds(tuple(other.leaders))

    def times_of_day(self) -> list[TimeExpr]:
        """The time expressions that can date the call: neither "recently" nor "soon" nor "the same day"."""
        return [t for t in self.times() if t.kind not in ("recent", "same_day", "soon")]

    def is_denied(self) -> bool:
        """Whether all that is told of it is that there was none."""
        return self.statuses == {"denied"}

    def is_ahead(self) -> bool:
        """Whether all that is told of it is that it will be, or is wished for."""
        return self.statuses <= {"planned", "proposed"}

    def is_of_today(self) -> bool:
        """Whether the text tells it as of this day or the one before ("rạng sáng nay")."""
        return any(t.kind == "relative" and t.shift in (0, -1) for t in self.times())

    def times(self) -> list[TimeExpr]:
        """What the mentions say of the time, each expression once and without its place in the text.

        Once, because each further mention is held against them all.
        """
        return list(self._times)
