"""What a call was about: the sentences that speak of it, with topics, outcomes, counts and voices.

A sentence belongs to the call that was spoken of last. Its topics count where it tells of the talking (a verb of
discussing or agreeing, both sides together, or the call itself); an agenda told beforehand is `announced`, never
reported, and what "sẽ không là nội dung" is `ruled_out`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TypeVar

import msgspec

from services.classify import phrasebook
from services.classify.agreements import find_agreements, same_words
from services.classify.claims import find_claims, only_bounded
from services.classify.coreference import Coreference
from services.classify.event import Event
from services.classify.heard import heard_in
from services.classify.initiator import told_beside
from services.classify.leader import Leader
from services.classify.mention import COUNTED, OF_THAT_KIND, Sentence
from services.classify.outcomes import find_outcomes
from services.classify.reading import ReadArticle
from services.classify.regex import regex
from services.classify.resolve import Resolver
from services.classify.speakers import Voices, introduced, voices
from services.classify.telling import REFERS_BACK, Teller
from services.classify.whose import between, proposed_by
from shared.records import Claim, Evidence, Initiator, Mode, Outcome, Speaker, Status, Topic

Named = TypeVar("Named", Topic, phrasebook.Found)
MAX_TOPICS = 12
#: How many sentences after the last mention of a call may still speak of it.
REACH = 8
#: In so many characters before a name stands what it is named for.
NEAR = 70
_AGENDA = regex(
    r"(?<!\w)(?:sẽ (?:được )?(?:bàn|thảo luận|nêu|đề cập|trao đổi|"
    r"có trong|là nội dung|xoay quanh|tập trung)|sẽ được|sẽ cũng|"
    r"cũng sẽ|trước thềm|nghị trình|dự kiến (?:bàn|thảo luận|"
    r"trao đổi|nêu)|được kỳ vọng|có thể (?:bàn|thảo luận|nêu))"
)
_RULED_OUT = regex(
    r"(?:sẽ )?không (?:là|phải là|nằm trong|thuộc|có trong|bàn|thảo luận|đề cập|nhắc|được (?:bàn|thảo luận|đề cập))"
)
#: A heading is told by what stands under it: "các vấn đề toàn cầu khác như Ukraine" is Ukraine.
_SPELLED_OUT = regex(r"(?: khác)?,?(?: như|:| gồm| bao gồm| trong đó có)(?!\w)")
_DOCUMENT = regex(r"thỏa thuận|hiệp định|hiệp ước|kế hoạch|dự thảo|nghị quyết|sáng kiến|đề xuất")
_ABOUT = regex(r"(?: [^\s,.;:]+){0,5} (?:về|về việc|liên quan đến)(?: [^\s,.;:]+){0,4} ")
_COMING = regex(
    r"(?<!\w)(?:sẽ|dự kiến|sắp)(?!\w)[^.;]*(?<!\w)(?:diễn ra|tổ chức|nhóm họp|khai mạc|tham dự|góp mặt)(?!\w)"
)
#: "Hai ông sẽ gặp nhau bên lề hội nghị G20": what is then said to be talked of is for that meeting.
_MEETING = regex(
    r"(?<!\w)(?:cuộc gặp|gặp nhau|gặp gỡ|gặp (?:ông|bà|tổng thống|thủ tướng|chủ tịch)|cuộc họp|hội nghị|thượng đỉnh|"
    r"chuyến thăm|chuyến công du)(?!\w)"
)
_TO_COME = regex(r"(?<!\w)(?:sẽ|dự kiến|sắp|tới)(?!\w)")
#: How many sentences behind one that tells of a meeting to come an agenda is the meeting's.
_MEETING_REACH = 2
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
_OF_A_VISIT = regex(
    r"(?<!\w)(?:mời|gặp|thăm)(?!\w)[^.;]{0,70} (?:để|nhằm)(?: \w+){0,5} $|"
    r"(?<!\w)(?:giao nhiệm vụ|chỉ đạo|phụ trách)(?!\w)[^.;]*$"
)

#: Where somebody stands, what came before, and what people do who are only described: "người lính đang đánh …".
_SETTING = regex(
    r"(?<!\w)(?:dự|tham dự|nhân dịp|bởi(?: các| những)?) $|"
    r"(?:bên lề|tại (?:một )?(?:tiệc|buổi|phiên|diễn đàn|lễ)) [^.;,]*$|"
    r"(?<!\w)(?:kể từ|trong bối cảnh|sau khi nhận lời mời) [^.;]*$|"
    r"^[\"']?sau (?:(?:khi|vụ) [^,.;]*)?$|(?<!\w)(?:một ngày|ít ngày|vài giờ|vài ngày) trước khi [^,.;]*$|"
    r"(?:đầu tiên|lần đầu|lần thứ \w+|đàm thứ \w+)[^.;]{0,80} (?:từ sau|sau|kể từ|từ) "
    r"(?:(?:khi|vụ|ngày|hồi|lúc) [^.;]*)?$|"
    r"(?<!\w)(?:những người|người lính|binh sĩ|quân nhân|tay súng|cùng chúng tôi)(?!\w)[^,.;]{0,60}chiến đấu "
    r"[^,.;]{0,30}$"
)
_OF_A_COUNTRY = regex(r"(?<!\w)(?:quốc gia|nước|khu vực) $")
#: What brings in the country of which two others talk.
_ABOUT_PLACE = regex(
    r"(?<!\w)(?:về|vấn đề|tình hình|khủng hoảng|căng thẳng|đối phó với|đối đầu với|áp lực(?: tối đa)?(?: \S+)? "
    r"(?:lên|với)|áp lực đối với|hối thúc|kiềm chế|như|liên quan đến|liên quan tới|dính líu vào|xoay quanh)"
    r"(?: (?:mạnh mẽ|tình hình|tình trạng|vấn đề|việc|lãnh đạo|nhà lãnh đạo|cuộc khủng hoảng(?: ở| tại)?|ở|tại|"
    r"căng thẳng))* \S{0,2}$"
)
_LISTED = regex(r"(?:,|,? và| cùng| cũng như|, cũng như) (?:vấn đề |tình hình )?")


class Contents(msgspec.Struct, frozen=True):
    """What the sentences of one call tell."""

    topics: tuple[Topic, ...]
    outcomes: tuple[Outcome, ...]
    claims: tuple[Claim, ...]
    heard: tuple[Speaker, ...]
    voice_of: dict[int, Voices]
    #: Who rang or asked, by a sentence that does not name the call as one.
    caller: Initiator | None = None

    def sayer(self, index: int) -> Speaker | None:
        """Who says the sentence with that index."""
        told = self.voice_of.get(index)
        return told.sayer if told else None


def contents_of(event: Event, status: Status, groups: Coreference, resolver: Resolver, read: ReadArticle) -> Contents:
    """The contents of an event."""
    sentences = _sentences_of(event, groups, read, resolver)
    people = {s.index: _people(s, event, resolver) for s in sentences}
    aides = introduced(read.sentences)
    spoken = _through_quotes(
        sentences, {s.index: voices(s, people[s.index], aides, resolver.lexicon) for s in sentences}
    )
    told = {m.sentence.index for m in event.mentions} | {s.index for s in sentences if _names_phone(s)}
    countries = [who.country for who in event.leaders if who.country]
    teller = Teller(told, countries)
    gathered = _Gathered()
    telling: set[int] = set()
    meetings = _of_meetings(sentences, told)
    for sentence in sentences:
        proof = partial(read.proof, sentence=sentence)
        voice = spoken[sentence.index]
        sides = {start: who.country for start, who in people[sentence.index].items() if who.country}
        if sentence.index in told or _about_contact(sentence):
            claims = find_claims(sentence, groups.today, proof("claim"), _surnames(sentence, resolver))
            gathered.claims(_with_terms(claims, event, groups.today, resolver))
        outcomes = find_outcomes(sentence, sides, countries, voice, proof("outcomes"), groups.today)
        if teller.tells(sentence, sides):
            telling.add(sentence.index)
            topics = _topics(sentence, status, voice, countries)
            of_it = sentence.index not in meetings
            gathered.topics((t for t in topics if of_it or t.mode != "announced"), proof("topics"))
            gathered.outcomes(outcomes)
            gathered.outcomes(
                msgspec.structs.replace(told, speaker=voice.sayer, evidence=proof("outcomes"))
                for told in find_agreements(sentence, sides, countries, outcomes)
            )
        elif teller.concerns(sentence, sides):
            gathered.outcomes(o for o in outcomes if phrasebook.column("outcomes", "slot")[o.id or ""] != "agreed")
        elif _tells_what_comes(sentence, countries):
            gathered.outcomes(o for o in outcomes if phrasebook.column("outcomes", "slot")[o.id or ""] == "next")
    gathered.outcomes(_since(event, groups, read, resolver))
    dated = _days_told(event)
    heard = heard_in([s for s in sentences if not _told_apart(s, dated)], spoken, people, telling, event)
    mentions = {m.sentence.index for m in event.mentions}
    caller = _told_beside((s for s in sentences if s.index not in mentions), people, spoken, countries, read)
    return gathered.contents(heard, spoken, caller)


def _told_beside(
    sentences: Iterable[Sentence],
    people: Mapping[int, Mapping[int, Leader]],
    spoken: Mapping[int, Voices],
    countries: list[str],
    read: ReadArticle,
) -> Initiator | None:
    """Who rang or asked, by the first of the sentences that tells it without naming the call."""
    for sentence in sentences:
        sides = {start: who.country for start, who in people[sentence.index].items() if who.country}
        found = told_beside(sentence, sides, countries)
        if found is not None:
            voice, proof = spoken[sentence.index], read.proof("initiator", sentence)
            return msgspec.structs.replace(found, speaker=voice.sayer, evidence=proof)
    return None


class _Gathered:
    """What was gathered of a call so far: each matter once, as it was told first, of each speaker."""

    def __init__(self) -> None:
        self._topics: dict[tuple[str, str | None], Topic] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._claims: list[Claim] = []

    def claims(self, claims: Iterable[Claim]) -> None:
        """Take the counts of a sentence in."""
        self._claims += claims

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
            quoted = [o.text for o in self._outcomes.values() if o.id is None and o.kind == outcome.kind]
            if outcome.id is None and any(same_words(outcome.text, text) for text in quoted):
                continue
            matter = _matter("outcomes", outcome)
            first, later = self._outcomes.get(matter, outcome), outcome
            if later.id == "meet_proposed" and first.id != "meet_proposed":
                first, later = later, first
            self._outcomes[matter] = msgspec.structs.replace(
                first, place=first.place or later.place, date=first.date or later.date
            )

    def contents(self, heard: tuple[Speaker, ...], voice_of: dict[int, Voices], caller: Initiator | None) -> Contents:
        """All of it. A topic that an outcome says better is left out, and words where rows tell what was agreed."""
        named = any(o.kind == "agreed" and _says_what(o) for o in self._outcomes.values())
        outcomes = [o for o in self._outcomes.values() if o.id is not None or o.kind != "agreed" or not named]
        topics = _specific(
            [
                topic
                for (matter, _), topic in self._topics.items()
                if self._outcomes.keys().isdisjoint(_TOLD_AS_OUTCOME.get(matter, ()))
            ]
        )
        return Contents(
            tuple(topics[:MAX_TOPICS]), tuple(outcomes), tuple(only_bounded(self._claims)[:2]), heard, voice_of, caller
        )


def _says_what(outcome: Outcome) -> bool:
    """Whether a row tells what was agreed: "cooperate" alone does not."""
    return outcome.id is not None and (outcome.id not in ("cooperate_on", "coordinate_on") or bool(outcome.names))


def in_passing(topics: tuple[Topic, ...], event: Event) -> tuple[Topic, ...]:
    """Of an older call only the topics of the sentences that speak of it: what follows may be about today's."""
    named = {(m.sentence.part, m.sentence.start) for m in event.mentions}
    weight = phrasebook.column("topics", "weight")
    return tuple(
        topic
        for topic in topics
        if (proof := topic.evidence)
        and weight[topic.id or ""] != "generic"
        and ((proof.part, proof.start) in named or REFERS_BACK.search(proof.text.casefold()))
    )


def outcomes_in_passing(outcomes: tuple[Outcome, ...], event: Event) -> tuple[Outcome, ...]:
    """Of an older call only what the sentences that name it tell of its outcome."""
    named = {(m.sentence.part, m.sentence.start) for m in event.mentions}
    return tuple(o for o in outcomes if (proof := o.evidence) and (proof.part, proof.start) in named)


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


def _since(event: Event, groups: Coreference, read: ReadArticle, resolver: Resolver) -> list[Outcome]:
    """What happened between an older call of the two and this one, told where the article tells of the older one."""
    older = [e for e in groups.events if e.past and e is not event and e.holds(tuple(event.leaders))]
    if event.past or not older:
        return []
    countries = [who.country for who in event.leaders if who.country]
    sentences = [s for e in older for s in _sentences_of(e, groups, read, resolver)]
    found = [
        outcome
        for s in sentences
        for outcome in find_outcomes(s, {}, countries, Voices((), ()), read.proof("outcomes", s), groups.today)
    ]
    return [o for o in found if o.id in ("delegations_met", "meeting_not_ruled_out")]


def _sentences_of(event: Event, groups: Coreference, read: ReadArticle, resolver: Resolver) -> list[Sentence]:
    """The sentences between a mention of the call and the next mention of another, or of the leaders of another."""
    owner = _owners(groups, read, resolver)
    for index in _named_in_refused(event, groups, resolver):
        owner[index] = event
    first = min(m.sentence.index for m in event.mentions)
    mine: list[Sentence] = []
    current: Event | None = event if event is groups.events[0] and first <= 3 else None
    last = first
    for sentence in read.sentences:
        if sentence.index in owner:
            current, last = owner[sentence.index], sentence.index
        near = sentence.index - last <= REACH or sentence.index < first
        others = sum(not e.past for e in groups.events) > 1
        alone = current is event or (current is None and sentence.index > first and not others)
        if (current is event and near) or (alone and _names_all(sentence, event, resolver)):
            mine.append(sentence)
    return mine


#: "Ông thông báo kết quả cuộc điện đàm với ông B": that call is a matter of the one that the sentence is about.
_AS_MATTER = regex(
    r"(?:thông báo|giải thích|nói|kể|chia sẻ|nhắc|đề cập)[^.;]*(?:về|kết quả|trong đó có|nội dung|lại|tới|đến)"
    r"(?: các| một| những)? Q"
)


def _owners(groups: Coreference, read: ReadArticle, resolver: Resolver) -> dict[int, Event | None]:
    """The call that a sentence speaks of, by its index; None where it is one that is no call of leaders."""
    owner: dict[int, Event | None] = {}
    settled: set[int] = set()
    for mention, other in sorted(
        ((m, e) for e in groups.events for m in e.mentions),
        key=lambda pair: (pair[0].sentence.index, pair[0].cue.start),
    ):
        as_matter = other is not groups.events[0] and _AS_MATTER.search(mention.skeleton.text) is not None
        owner.setdefault(mention.sentence.index, groups.events[0] if as_matter else other)
        if as_matter:
            settled.add(mention.sentence.index)
    for mention in groups.refused:
        if mention.reason not in ("", COUNTED, OF_THAT_KIND):
            owner.setdefault(mention.sentence.index, None)
    told = [e for e in groups.events if not e.past]
    if len(told) > 1:
        for sentence in (s for s in read.sentences if s.index not in settled):
            known = owner.get(sentence.index)
            alone = _named_alone(sentence, told, resolver) if known is None or not known.past else None
            if alone:
                owner[sentence.index] = alone
    return owner


def _named_alone(sentence: Sentence, events: list[Event], resolver: Resolver) -> Event | None:
    """The one call of several all of whose leaders a sentence names, and nobody of another."""
    named = [e for e in events if _names_all(sentence, e, resolver)]
    bare = _names_phone(sentence) and not any(_people(sentence, e, resolver) for e in events)
    if not named and bare and _told_together(events):
        countries = {country for entity in sentence.entities for country in entity.countries}
        named = [e for e in events if len(e.leaders) > 1 and {who.country for who in e.leaders} <= countries]
    others = [e for e in events if e not in named and len(_people(sentence, e, resolver)) > 1]
    return named[0] if len(named) == 1 and not others else None


def _names_all(sentence: Sentence, event: Event, resolver: Resolver) -> bool:
    return len({who.person for who in _people(sentence, event, resolver).values()}) == len(event.leaders)


def _told_together(events: list[Event]) -> bool:
    """Whether one sentence tells of all the calls ("điện đàm với lãnh đạo Trung, Nhật"), so that a bare "cuộc điện đàm"
    may be any of them."""
    shared = [{m.sentence.index for m in event.mentions} for event in events]
    return bool(set.intersection(*shared))


def _named_in_refused(event: Event, groups: Coreference, resolver: Resolver) -> set[int]:
    """Sentences whose call could not be made out by itself, and that name all leaders of this one."""
    return {
        m.sentence.index
        for m in groups.refused
        if m.reason == "an office that leads no country" and _names_all(m.sentence, event, resolver)
    }


def _people(sentence: Sentence, event: Event, resolver: Resolver) -> dict[int, Leader]:
    """The leaders of the call whom a sentence names, by where the phrase for each starts."""
    named = resolver.named_in(sentence.index, sentence.entities)
    return {start: who for start, who in named.items() if any(who.same_as(party) for party in event.leaders)}


def _surnames(sentence: Sentence, resolver: Resolver) -> dict[int, str]:
    return {e.start: resolver.lexicon.persons[e.persons[0]].surname for e in sentence.entities if len(e.persons) == 1}


def _with_terms(claims: list[Claim], event: Event, today: dt.date | None, resolver: Resolver) -> Iterator[Claim]:
    """Counts since somebody took office or was elected, with the day of that where the text gives none."""
    for claim in claims:
        person = next((p for p in _persons(event) if resolver.lexicon.persons[p].surname == claim.since_person), None)
        if claim.since is not None or person is None or today is None:
            yield claim
            continue
        terms = [t for t in resolver.lexicon.terms_of.get(person, ()) if t.since <= today]
        began = [t.since for t in terms if (t.capacity == "elect") == claim.elected]
        yield msgspec.structs.replace(claim, since=max(began).isoformat() if began else None)


def _persons(event: Event) -> list[str]:
    return [who.person for who in event.leaders if who.person]


def _names_phone(sentence: Sentence) -> bool:
    """Whether a sentence speaks of a call by a word that is said of no other talk."""
    return any(cue.kind == "talk" and cue.channel == "phone" for cue in sentence.cues)


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


def _of_meetings(sentences: Iterable[Sentence], told: set[int]) -> set[int]:
    """The sentences that speak of a meeting to come, and those right behind; none that names the call."""
    found: set[int] = set()
    reach = -1
    for sentence in sentences:
        if sentence.index in told:
            reach = -1
            continue
        bounds = sentence.start, sentence.end
        if _MEETING.search(sentence.lower, *bounds) and _TO_COME.search(sentence.lower, *bounds):
            reach = sentence.index + _MEETING_REACH
        if sentence.index <= reach:
            found.add(sentence.index)
    return found


def _tells_what_comes(sentence: Sentence, countries: list[str]) -> bool:
    """Whether a sentence tells what is coming between the countries of the call: "Hội nghị Mỹ - Nga sẽ diễn ra …"."""
    named = {country for entity in sentence.entities for country in entity.countries}
    both = any(e.kind in ("group", "group3") for e in sentence.entities) or (bool(countries) and named >= {*countries})
    return both and not sentence.caption and _COMING.search(sentence.lower, sentence.start, sentence.end) is not None


def _topics(sentence: Sentence, status: Status, voice: Voices, countries: list[str]) -> list[Topic]:
    lower = sentence.lower[sentence.start : sentence.end]
    weight = phrasebook.column("topics", "weight")
    mode: Mode = (
        "ruled_out"
        if _RULED_OUT.search(lower)
        else "announced"
        if status in ("planned", "proposed") or _AGENDA.search(lower)
        else "reported"
    )
    return [
        Topic(
            id=h.id,
            text=sentence.text[h.start : h.end],
            mode=mode,
            between=() if weight[h.id] == "generic" else between(sentence, h, countries),
            proposed_by=proposed_by(sentence, h),
            speaker=voice.at(h.start),
        )
        for h in _named_topics(sentence, countries)
        if not _is_setting(sentence, h)
    ]


def _is_setting(sentence: Sentence, hit: phrasebook.Found) -> bool:
    """Whether what is named is not the matter of the talk but of a visit, its setting, or somebody's description."""
    before = sentence.lower[sentence.start : hit.start]
    return (
        _OF_A_VISIT.search(before) is not None
        or _SETTING.search(before) is not None
        or (_OF_A_COUNTRY.search(before) is not None and sentence.lower.startswith(" này", hit.end))
    )


def _named_topics(sentence: Sentence, countries: list[str]) -> list[phrasebook.Found]:
    """The phrases of topics in a sentence that say something: neither a heading that what follows spells out, nor
    "and more" without anything before it."""
    weight = phrasebook.column("topics", "weight")
    hits = _with_places(sentence, phrasebook.load("topics").find(sentence.words), countries)
    return _specific(
        [
            hit
            for place, hit in enumerate(hits)
            if not (place and _is_its_subject(sentence, hits[place - 1], hit))
            and not _is_of_a_name(sentence, hit)
            and not (weight[hit.id] == "heading" and hits[place + 1 :] and _SPELLED_OUT.match(sentence.lower, hit.end))
            and not (weight[hit.id] == "rest" and not place)
        ]
    )


def _is_of_a_name(sentence: Sentence, hit: phrasebook.Found) -> bool:
    """Whether the words of a topic are the title of somebody named: "Đặc phái viên John Kimani"."""
    people = (e for e in sentence.entities if e.kind in ("leader", "nonleader") and (e.name or e.persons))
    return any(e.start <= hit.start and hit.end <= e.end for e in people)


@lru_cache(maxsize=1)
def _place_rows() -> dict[str, str]:
    """The topic that stands for a country."""
    return {code: row for row, code in phrasebook.column("topics", "country").items() if code}


def _with_places(sentence: Sentence, hits: list[phrasebook.Found], countries: list[str]) -> list[phrasebook.Found]:
    """The phrases together with other countries that are talked of by their bare names: "nói về A và B"."""
    rows = _place_rows()
    found = list(hits)
    for entity in sentence.entities:
        code = entity.countries[0] if entity.kind in ("country", "leader") and len(entity.countries) == 1 else None
        if code not in rows or code in countries or any(h.start < entity.end and entity.start < h.end for h in found):
            continue
        before = sentence.lower[max(sentence.start, entity.start - NEAR) : entity.start]
        listed = any(_LISTED.fullmatch(sentence.lower[h.end : entity.start]) for h in found)
        if listed or _ABOUT_PLACE.search(before):
            found.append(phrasebook.Found(rows[code], entity.start, entity.end))
    return sorted(found, key=lambda hit: hit.start)


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
