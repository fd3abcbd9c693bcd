"""What a call was about: the sentences that speak of it, with topics, outcomes, counts and voices.

A sentence belongs to the call that was spoken of last. Its topics count where it tells of the talking (a verb of
discussing or agreeing, both sides together, or the call itself); an agenda told beforehand is `announced`, never
reported, and what "sẽ không là nội dung" is `ruled_out`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import TypeVar

import msgspec

from services.classify import phrasebook
from services.classify.claims import find_claim
from services.classify.coreference import Coreference, Event
from services.classify.outcomes import find_outcomes
from services.classify.reading import ReadArticle
from services.classify.resolve import Leader, Resolver
from services.classify.speakers import Voices, heard_in, introduced, voices
from services.classify.talk import Sentence
from shared.records import Claim, Evidence, Mode, Outcome, Speaker, Status, Topic

Named = TypeVar("Named", Topic, phrasebook.Found)
MAX_TOPICS = 12
#: How many sentences after the last mention of a call may still speak of it.
REACH = 8
_TALK = re.compile(
    r"thảo luận|bàn |bàn bạc|trao đổi|nói về|đề cập|nhắc đến|"
    r"nhắc tới|nêu|nhất trí|thống nhất|đồng ý|cam kết|xoay quanh|"
    r"tập trung|ủng hộ|kêu gọi|bày tỏ|chia sẻ|cập nhật|đề nghị|"
    r"khẳng định|nội dung|chủ đề|vấn đề|nghị trình|quan ngại|"
    r"hợp tác|nhấn mạnh|nói|đề xuất|mời|tuyên bố|xúc tiến|giao nhiệm vụ|"
    r"công bố|không loại trừ"
)
_AGENDA = re.compile(
    r"(?<!\w)(?:sẽ (?:được )?(?:bàn|thảo luận|nêu|đề cập|trao đổi|"
    r"có trong|là nội dung|xoay quanh|tập trung)|sẽ được|sẽ cũng|"
    r"cũng sẽ|trước thềm|nghị trình|dự kiến (?:bàn|thảo luận|"
    r"trao đổi|nêu)|được kỳ vọng|có thể (?:bàn|thảo luận|nêu))"
)
_RULED_OUT = re.compile(
    r"(?:sẽ )?không (?:là|phải là|nằm trong|thuộc|có trong|bàn|thảo luận|đề cập|nhắc|được (?:bàn|thảo luận|đề cập))"
)
#: A heading is told by what stands under it: "các vấn đề toàn cầu khác như Ukraine" is Ukraine.
_SPELLED_OUT = re.compile(r"(?: khác)?,?(?: như|:| gồm| bao gồm| trong đó có)(?!\w)")
#: The talk that the sentence before told of, by a word that is no cue of its own.
_REFERS_BACK = re.compile(r"cuộc (?:hội đàm|trao đổi|đối thoại|thảo luận|nói chuyện) (?:này|đó|trên|nêu trên)(?!\w)")
_DOCUMENT = re.compile(r"thỏa thuận|hiệp định|hiệp ước|kế hoạch|dự thảo|nghị quyết|sáng kiến|đề xuất")
_ABOUT = re.compile(r"(?: [^\s,.;:]+){0,5} (?:về|về việc|liên quan đến)(?: [^\s,.;:]+){0,4} ")
_COMING = re.compile(
    r"(?<!\w)(?:sẽ|dự kiến|sắp)(?!\w)[^.;]*(?<!\w)(?:diễn ra|tổ chức|nhóm họp|khai mạc|tham dự|góp mặt)(?!\w)"
)
#: Topics that say again what an outcome says better.
_TOLD_AS_OUTCOME: dict[str, tuple[str, ...]] = {
    "regular_contacts": ("stay_in_contact",),
    "planned_summit": (
        *("work_towards_meeting", "arrange_meeting", "prepare_meeting"),
        *("leaders_meet", "meeting_not_ruled_out"),
    ),
    "visit_invitation": ("invited", "invitation_accepted", "mutual_visits"),
    "ending_conflict": ("end_war",),
}
#: What a visit is to be for ("mời ông sang thăm để bàn tiếp về …"), or a team is told to do, was not talked of itself.
_OF_A_VISIT = re.compile(
    r"(?<!\w)(?:mời|gặp|thăm)(?!\w)[^.;]{0,70} (?:để|nhằm)(?: \w+){0,5} $|"
    r"(?<!\w)(?:giao nhiệm vụ|chỉ đạo|phụ trách)(?!\w)[^.;]*$"
)
_ASIDE = re.compile(r"năm (?:19|20)\d\d(?! \w* \d)|thế chiến|lịch sử|cáo buộc .{0,30} trước đó")


class Contents(msgspec.Struct, frozen=True):
    """What the sentences of one call tell."""

    topics: tuple[Topic, ...]
    outcomes: tuple[Outcome, ...]
    claims: tuple[Claim, ...]
    heard: tuple[Speaker, ...]
    voice_of: dict[int, Voices]


def contents_of(event: Event, status: Status, groups: Coreference, resolver: Resolver, read: ReadArticle) -> Contents:
    """The contents of an event."""
    sentences = _sentences_of(event, groups, read)
    people = {s.index: _people(s, event, resolver) for s in sentences}
    aides = introduced(read.sentences)
    spoken = _through_quotes(
        sentences, {s.index: voices(s, people[s.index], aides, resolver.lexicon) for s in sentences}
    )
    told = {m.sentence.index for m in event.mentions}
    countries = [who.country for who in event.leaders if who.country]
    gathered = _Gathered()
    for sentence in sentences:
        proof = partial(_proof, read, sentence)
        voice = spoken[sentence.index]
        sides = {start: who.country for start, who in people[sentence.index].items() if who.country}
        if sentence.index in told or _about_contact(sentence):
            gathered.claim(find_claim(sentence, groups.today, proof("claim"), _surnames(sentence, resolver)))
        outcomes = find_outcomes(sentence, sides, countries, voice, proof("outcomes"), groups.today)
        if _tells_of_talking(sentence, sides, told):
            gathered.topics(_topics(sentence, status, voice), proof("topics"))
            gathered.outcomes(outcomes)
        elif _tells_what_comes(sentence, countries):
            gathered.outcomes(o for o in outcomes if phrasebook.column("outcomes", "slot")[o.id or ""] == "next")
    gathered.outcomes(_since(event, groups, read, countries))
    dated = _days_told(event)
    heard = heard_in([spoken[s.index] for s in sentences if not _told_apart(s, dated)], countries)
    return gathered.contents(heard, spoken)


class _Gathered:
    """What was gathered of a call so far: each matter once, as it was told first, of each speaker."""

    def __init__(self) -> None:
        self._topics: dict[tuple[str, str | None], Topic] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._claims: list[Claim] = []

    def claim(self, claim: Claim | None) -> None:
        """Take a count in."""
        self._claims += [claim] if claim else []

    def topics(self, topics: Iterable[Topic], evidence: Evidence) -> None:
        """Take the topics of a sentence in."""
        for topic in topics:
            key = _matter("topics", topic), topic.speaker.id if topic.speaker else None
            self._topics.setdefault(key, msgspec.structs.replace(topic, evidence=evidence))

    def outcomes(self, outcomes: Iterable[Outcome]) -> None:
        """Take outcomes in, once for each matter: the first stands, with place and day of a later one that has them.

        What is proposed stands before the bare place or meeting.
        """
        for outcome in outcomes:
            matter = _matter("outcomes", outcome)
            first, later = self._outcomes.get(matter, outcome), outcome
            if later.id == "meet_proposed" and first.id != "meet_proposed":
                first, later = later, first
            self._outcomes[matter] = msgspec.structs.replace(
                first, place=first.place or later.place, date=first.date or later.date
            )

    def contents(self, heard: tuple[Speaker, ...], voice_of: dict[int, Voices]) -> Contents:
        """All of it. A topic that an outcome says better is left out."""
        topics = _specific(
            [
                topic
                for (matter, _), topic in self._topics.items()
                if self._outcomes.keys().isdisjoint(_TOLD_AS_OUTCOME.get(matter, ()))
            ]
        )
        return Contents(
            tuple(topics[:MAX_TOPICS]), tuple(self._outcomes.values()), tuple(self._claims[:2]), heard, voice_of
        )


def in_passing(topics: tuple[Topic, ...], event: Event) -> tuple[Topic, ...]:
    """Of an older call only the topics of the sentences that speak of it: what follows may be about today's."""
    named = {(m.sentence.part, m.sentence.start) for m in event.mentions}
    weight = phrasebook.column("topics", "weight")
    return tuple(
        topic
        for topic in topics
        if (proof := topic.evidence)
        and weight[topic.id or ""] != "generic"
        and ((proof.part, proof.start) in named or _REFERS_BACK.search(proof.text.casefold()))
    )


def _matter(name: str, fact: Topic | Outcome) -> str:
    return phrasebook.matter_of(name, fact.id) if fact.id else fact.text


def _through_quotes(sentences: list[Sentence], spoken: dict[int, Voices]) -> dict[int, Voices]:
    """The voices, where a quotation runs over several sentences and only one of them says whose it is."""
    quote: list[Sentence] = []
    told = dict(spoken)
    for sentence in sentences:
        turns = sentence.text[sentence.start : sentence.end].count('"') % 2 == 1
        unbroken = quote and quote[-1].index + 1 == sentence.index and quote[-1].part == sentence.part
        if not unbroken:
            quote = [sentence] if turns else []
            continue
        quote.append(sentence)
        if turns:
            whose = next((spoken[s.index] for s in (quote[-1], quote[0]) if spoken[s.index].sayer), None)
            told |= {s.index: whose for s in quote if whose and not spoken[s.index].sayer}
            quote = []
    return told


def _since(event: Event, groups: Coreference, read: ReadArticle, countries: list[str]) -> list[Outcome]:
    """What happened between an older call of the two and this one, told where the article tells of the older one."""
    older = [e for e in groups.events if e.past and e is not event and e.holds(tuple(event.leaders))]
    if event.past or not older:
        return []
    sentences = [s for e in older for s in _sentences_of(e, groups, read)]
    found = [
        outcome
        for s in sentences
        for outcome in find_outcomes(s, {}, countries, Voices((), ()), _proof(read, s, "outcomes"), groups.today)
    ]
    return [o for o in found if o.id in ("delegations_met", "meeting_not_ruled_out")]


def _proof(read: ReadArticle, sentence: Sentence, field: str) -> Evidence:
    return read.evidence(field, sentence.part, sentence.start, sentence.end)


def _sentences_of(event: Event, groups: Coreference, read: ReadArticle) -> list[Sentence]:
    """The sentences between a mention of the call and the next mention of another."""
    owner: dict[int, Event | None] = {}
    for mention, other in sorted(
        ((m, e) for e in groups.events for m in e.mentions),
        key=lambda pair: (pair[0].sentence.index, pair[0].cue.start),
    ):
        owner.setdefault(mention.sentence.index, other)
    for mention in groups.refused:
        if mention.reason not in ("", "only counted or habitual"):
            owner.setdefault(mention.sentence.index, None)
    first = min(m.sentence.index for m in event.mentions)
    mine: list[Sentence] = []
    current: Event | None = event if event is groups.events[0] and first <= 3 else None
    last = first
    for sentence in read.sentences:
        if sentence.index in owner:
            current, last = owner[sentence.index], sentence.index
        if current is event and (sentence.index - last <= REACH or sentence.index < first):
            mine.append(sentence)
    return mine


def _people(sentence: Sentence, event: Event, resolver: Resolver) -> dict[int, Leader]:
    """The leaders of the call whom a sentence names, by where the phrase for each starts."""
    found: dict[int, Leader] = {}
    for entity in sentence.entities:
        if entity.kind in ("leader", "name") and not entity.pair:
            leader = resolver.resolve(entity)
            if isinstance(leader, Leader) and leader.country and any(leader.same_as(who) for who in event.leaders):
                found[entity.start] = leader
    return found


def _surnames(sentence: Sentence, resolver: Resolver) -> dict[int, str]:
    return {e.start: resolver.lexicon.persons[e.persons[0]].surname for e in sentence.entities if len(e.persons) == 1}


def _told_apart(sentence: Sentence, dated: dict[tuple[int | None, int | None], set[int]]) -> bool:
    """Whether a sentence opens with a day that is not the call's: "Ngày 2/6, một ngày trước đó, ông cho biết …".

    `dated` holds the days of the call, each with the sentences that tell it.
    """
    elsewhere = {day for day, told in dated.items() if told != {sentence.index}}
    opening = (t for t in sentence.times if t.kind == "day" and t.start - sentence.start < 6)
    return any((time.day, time.month) not in elsewhere for time in opening if elsewhere)


def _days_told(event: Event) -> dict[tuple[int | None, int | None], set[int]]:
    days: dict[tuple[int | None, int | None], set[int]] = {}
    for mention in event.mentions:
        for time in mention.times:
            if time.kind == "day":
                days.setdefault((time.day, time.month), set()).add(mention.sentence.index)
    return days


def _about_contact(sentence: Sentence) -> bool:
    return re.search(r"cuộc (?:tiếp xúc|trao đổi|liên lạc)", sentence.lower[sentence.start : sentence.end]) is not None


def _tells_of_talking(sentence: Sentence, sides: dict[int, str], told: set[int]) -> bool:
    lower = sentence.lower[sentence.start : sentence.end]
    together = any(e.kind in ("group", "group3") for e in sentence.entities)
    both = len(set(sides.values())) > 1
    if sentence.caption or _ASIDE.search(lower):
        return False
    return _TALK.search(lower) is not None and (
        sentence.index in told
        or together
        or both
        or bool(sides)
        or "chúng tôi" in lower
        or _REFERS_BACK.search(lower) is not None
    )


def _tells_what_comes(sentence: Sentence, countries: list[str]) -> bool:
    """Whether a sentence tells what is coming between the countries of the call: "Hội nghị Mỹ - Nga sẽ diễn ra …"."""
    named = {country for entity in sentence.entities for country in entity.countries}
    both = any(e.kind in ("group", "group3") for e in sentence.entities) or (bool(countries) and named >= {*countries})
    return both and not sentence.caption and _COMING.search(sentence.lower, sentence.start, sentence.end) is not None


def _topics(sentence: Sentence, status: Status, voice: Voices) -> list[Topic]:
    lower = sentence.lower[sentence.start : sentence.end]
    mode: Mode = (
        "ruled_out"
        if _RULED_OUT.search(lower)
        else "announced"
        if status in ("planned", "proposed") or _AGENDA.search(lower)
        else "reported"
    )
    return [
        Topic(id=h.id, text=sentence.text[h.start : h.end], mode=mode, speaker=voice.at(h.start))
        for h in _named_topics(sentence)
        if not _OF_A_VISIT.search(sentence.lower[sentence.start : h.start])
    ]


def _named_topics(sentence: Sentence) -> list[phrasebook.Found]:
    """The phrases of topics in a sentence that say something: neither a heading that what follows spells out, nor
    "and more" without anything before it."""
    weight = phrasebook.column("topics", "weight")
    hits = phrasebook.load("topics").find(sentence.words)
    return _specific(
        [
            hit
            for place, hit in enumerate(hits)
            if not (place and _is_its_subject(sentence, hits[place - 1], hit))
            and not (weight[hit.id] == "heading" and hits[place + 1 :] and _SPELLED_OUT.match(sentence.lower, hit.end))
            and not (weight[hit.id] == "rest" and not place)
        ]
    )


def _is_its_subject(sentence: Sentence, document: phrasebook.Found, topic: phrasebook.Found) -> bool:
    """Whether a topic is what an agreement or a plan named before it is about: "thỏa thuận an ninh về NATO"."""
    named = sentence.lower[document.start : document.end]
    return (
        _DOCUMENT.search(named) is not None and _ABOUT.fullmatch(sentence.lower[document.end : topic.start]) is not None
    )


def _specific(topics: list[Named]) -> list[Named]:
    """The topics without those that stand in almost every readout ("quan hệ song phương"), where there are others."""
    weight = phrasebook.column("topics", "weight")
    return [topic for topic in topics if weight[topic.id or ""] != "generic"] or topics
