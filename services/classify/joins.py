"""Calls of an article that turn out to be one, once all of it was read; and sums of calls, which are none."""

from __future__ import annotations

from collections.abc import Sequence

from services.classify.apart import EARLIER_TOO, rings_back
from services.classify.event import Event
from services.classify.mention import Mention
from services.classify.regex import regex
from services.classify.written import Written

#: Who tells of a call without being a party of it: "báo A dẫn các nguồn tin cho hay", "tin nói rằng".
_HEARSAY = regex(
    r"(?<!\w)(?:(?:dẫn|trích) (?:\w+ ){0,3}(?:nguồn|tin|lời)|đưa tin|loan tin|rộ tin|"
    r"theo (?:tin|nguồn|báo|tờ|hãng)|(?:thông )?tin (?:nói|rằng|cho (?:rằng|hay|biết))|có tin)(?!\w)"
)
#: How old a call may be for an article that dates no other call of the two to be about it.
_RETOLD_DAYS = 45
#: "Ông Ruto cùng lãnh đạo Đông Phi": there are more than the sentence names.
_AND_OTHERS = regex(r"(?<!\w)(?:cùng(?: với)?|và|với)(?: các| nhiều| một số| loạt| hàng loạt)* X.")
#: What sets an older call beside the one that the article is about.
_ANOTHER = regex(
    r"(?<!\w)(?:từng|trước đó|trước đây|lần trước|lần gần nhất|gần đây nhất|lần cuối|cũng (?:đã )?điện đàm|kể từ cuộc|"
    r"lần thứ|thứ hai|cuộc (?:điện đàm|gọi) trước)(?!\w)"
)


def joined(events: Sequence[Event], written: Written) -> list[Event]:
    """The events with those made one that tell of one call; the mentions of one go over to the other."""
    kept = list(events)
    _join_retold(kept, written)
    _join_reported(kept)
    _join_named_in_part(kept)
    _join_titles(kept)
    return kept


def is_sum(event: Event, events: Sequence[Event]) -> bool:
    """Whether an event sums up two calls told apart in the article.

    "Cuộc điện đàm giữa các nhà lãnh đạo Mỹ, Nga và Ukraine" may; not where it lies ahead ("một cuộc điện đàm ba bên
    đang được cân nhắc") and they do not.
    """
    if len(event.leaders) <= 2:
        return False
    pairs = [e for e in events if len(e.leaders) == 2 and event.holds(tuple(e.leaders))]
    told_apart = len({frozenset(who.key for who in e.leaders) for e in pairs}) >= 2
    return told_apart and not (event.is_ahead() and not all(e.is_ahead() for e in pairs))


def is_hearsay(mention: Mention) -> bool:
    """Whether somebody else than the two tells of a call: "báo A dẫn các nguồn tin cho hay"."""
    sentence = mention.sentence
    held = mention.reading.status == "held"
    return held and _HEARSAY.search(sentence.lower, sentence.start, mention.cue.start) is not None


def is_spoken_of(mention: Mention) -> bool:
    """Whether a call is named and not told of: "tiết lộ cuộc điện đàm", "sau điện đàm với ông A"."""
    return mention.cue.noun or mention.cue.kind == "noun_weak" or mention.reading.rule == "within"


def _join(events: list[Event], whole: Event, part: Event) -> None:
    whole.absorb(part)
    events.remove(part)


def _join_retold(events: list[Event], written: Written) -> None:
    """A call told without a day is the older one that the article dates, unless the older one is told as another.

    "Tiết lộ chi tiết cuộc điện đàm" goes on about the call of "hồi cuối tháng trước"; "hồi tháng 3 hai ông từng
    điện đàm" sets another call beside it. A headline is of the call that the text tells of.
    """
    undated = (e for e in events if not (e.times_of_day() or any(_is_of_a_day_told(m) for m in e.mentions)))
    for event in [e for e in undated if not (e.past or e.is_denied() or e.is_ahead())]:
        older = [e for e in events if e.past and e.is_of_those_of(event) and e.times_of_day()]
        if len(older) == 1 and _retells(event, older[0], written):
            _join(events, older[0], event)


def _retells(event: Event, older: Event, written: Written) -> bool:
    """Whether a call told without a day is the only older one of the two."""
    if any(EARLIER_TOO.search(m.skeleton.text) for m in older.mentions):
        return False
    spoken_of = all(map(is_spoken_of, event.mentions))
    heads = _is_headline(event) and not _is_headline(older)
    return spoken_of or heads or _specifies(older, event) or _goes_on(older, event, written)


def _join_reported(events: list[Event]) -> None:
    """What newspapers tell of a call that is denied ("báo A dẫn nguồn tin cho hay ông gọi cho ông B hôm 7/11") is
    told of that call."""
    for denied in [e for e in events if e.is_denied()]:
        told = [e for e in events if e is not denied and not e.past and e.is_of_those_of(denied)]
        for event in [e for e in told if all(map(is_hearsay, e.mentions))]:
            _join(events, denied, event)


def _join_named_in_part(events: list[Event]) -> None:
    """ "Ông Ruto cùng lãnh đạo Đông Phi gọi cho ông Macron": the call of more whom the article names elsewhere."""
    for event in [e for e in events if all(_AND_OTHERS.search(m.skeleton.text) for m in e.mentions)]:
        whole = _of_more(event, events)
        if len(whole) == 1:
            _join(events, whole[0], event)


def _join_titles(events: list[Event]) -> None:
    """A headline or summary names two of the three whose call the text tells: "Ông Ruto gọi cho ông Macron"."""
    for event in [e for e in events if all(m.sentence.part != "text" for m in e.mentions)]:
        whole = _of_more(event, events) or _by_seat(event, events)
        apart = any(e.is_of_those_of(event) for e in events if e is not event)
        if len(whole) == 1 and not apart:
            _join(events, whole[0], event)


def _of_more(event: Event, events: Sequence[Event]) -> list[Event]:
    """The calls of all who are in this one and of others besides."""
    return [e for e in events if len(e.leaders) > len(event.leaders) and e.holds(tuple(event.leaders))]


def _by_seat(event: Event, events: Sequence[Event]) -> list[Event]:
    """The call of a headline that names one side by a capital alone: "Ông Ruto gọi cho Paris"."""
    seats = {who.country for who in event.leaders if who.weak}
    named = tuple(who for who in event.leaders if not who.weak)
    others = [e for e in events if e is not event and len(e.leaders) == len(event.leaders) and e.holds(named)]
    return [e for e in others if seats and seats <= {who.country for who in e.leaders}]


def _goes_on(older: Event, event: Event, written: Written) -> bool:
    """Whether an older call is the one that the article is about: recent enough, and not told as another."""
    today = written.day
    if today is None or any(m.reading.status != "held" for m in event.mentions):
        return False
    if any(rings_back(older, m) for m in event.mentions):
        return False
    days = [written.days(t).until for m in older.mentions for t in m.times]
    near = any((today - day).days <= _RETOLD_DAYS for day in days if day)
    told, here = ([_words_of(m) for m in e.mentions] for e in (older, event))
    first_there, first_here = (any("lần đầu" in t or "đầu tiên" in t for t in texts) for texts in (told, here))
    another = any(_ANOTHER.search(text) for text in told) or (first_there and not first_here)
    return near and not another


def _words_of(mention: Mention) -> str:
    """The sentence of a mention, in lower case."""
    return mention.sentence.lower[mention.sentence.start : mention.sentence.end]


def _is_headline(event: Event) -> bool:
    return all(m.sentence.part != "text" and m.reading.status == "held" for m in event.mentions)


def _specifies(older: Event, event: Event) -> bool:
    """Whether the day of an older call is that of one told right before without: "cụ thể", or under a headline."""
    first = older.mentions[0].sentence
    named = all(m.sentence.part == "title" and m.reading.status == "held" for m in event.mentions) and first.index == 1
    return first.lower.startswith("cụ thể", first.start) or (named and older.mentions[0].kind == "full")


def _is_of_a_day_told(mention: Mention) -> bool:
    """Whether "cùng ngày" takes up a day of its own sentence: "Nhà Trắng ngày 9/10 thông báo trong cuộc điện đàm cùng
    ngày"."""
    return any(
        t.kind == "same_day" and any(d.kind == "day" and d.end <= t.start for d in mention.sentence.times)
        for t in mention.times
    )
