"""The records that travel through Redphone, as immutable values.

Article → Report → Call → Comparison → Message: the names tell the journey. Every fact carries the sentence
that proves it (:class:`Evidence`); what has no evidence is not said. Records are `msgspec` structs: cheap to
import, checked when they are read back from JSON.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec

Status = Literal["held", "ongoing", "planned", "proposed", "denied"]
#: Of a call that is more than talked about: the two speak, or have spoken.
OVER = ("held", "ongoing")
Denial = Literal["denied", "refused", "cancelled", "postponed", "unanswered"]
Channel = Literal["phone", "video"]
Bound = Literal["exact", "about", "under", "over"]
Mode = Literal["announced", "ruled_out", "reported"]
DayPart = Literal["early", "morning", "noon", "afternoon", "evening", "night"]
Part = Literal["title", "summary", "text"]
Hedge = Literal["hinted", "reportedly"]
Scope = Literal["ever", "since", "month", "year", "days", "after_gap"]
Verdict = Literal["new", "update", "repeat", "background"]
OutcomeKind = Literal["agreed", "promised", "invited", "meeting", "next_step", "stated"]


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One news item. `published_at` is aware; it is None where the item carries no date."""

    id: str
    title: str = ""
    summary: str = ""
    text: str = ""
    published_at: dt.datetime | None = None
    url: str | None = None
    outlet: str | None = None

    def part(self, name: Part) -> str:
        """The text of a part, as it came in."""
        return {"title": self.title, "summary": self.summary, "text": self.text}[name]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A slice of an article's part, in code points of that part as it came in: `part[start:end] == text`."""

    field: str
    part: Part
    start: int
    end: int
    text: str
    article: str = ""


class RuleHit(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, and the words that it took: `start` and `end` in code points of the article's part as it came in."""

    rule: str
    part: Part
    start: int
    end: int


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who says it. `side` is the country whose own word it is, None for a third party (an agency, an analyst).

    `via` is the id of who passes the word on ("phía Moscow cho biết …, theo RT"); `hedge` marks a word that is less
    than a statement ("đã ám chỉ", "được cho là"). A `role` says that it is not the person of `text` who speaks, but one
    who speaks for that person. `network` is where it was written ("Truth Social").
    """

    id: str
    text: str
    side: str | None = None
    via: str | None = None
    hedge: Hedge | None = None
    role: Literal["spokesman"] | None = None
    network: str | None = None


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A leader on a call. `person` is the id in the leaders' data, None for one whom the data do not know;
    `name` is None where the text gives the office alone and it could not be resolved. `second_office` is held beside
    `office`, where the text names both in one title ("Tổng Bí thư, Chủ tịch nước")."""

    name: str | None
    country: str | None
    person: str | None = None
    name_vi: str | None = None
    surname: str | None = None
    office: str | None = None
    second_office: str | None = None
    capacity: str = "full"
    evidence: Evidence | None = None


class When(msgspec.Struct, frozen=True, kw_only=True):
    """The day (and hour) that the text means, in the text's own zone.

    `date` is ISO with `?` for what is not known: 2017-01-28, ????-02-14, 2021-12-??. `start` and `end` are aware
    datetimes, set only where the text gives hour *and* zone; `end_reported` is when somebody told that it was over,
    by `end_speaker`. `zone` is an IANA name, or a country code where the text says only "giờ Mỹ". `year_assumed`:
    no year in the whole text, it is the article's. `since` and `until` (ISO days, both included) bound a call whose day
    the text does not give: "tuần trước", "đầu tháng này", "cuối năm ngoái".
    """

    date: str | None = None
    text: str | None = None
    day_part: DayPart | None = None
    clock: str | None = None
    zone: str | None = None
    start: dt.datetime | None = None
    start_about: bool = False
    end: dt.datetime | None = None
    end_reported: dt.datetime | None = None
    end_about: bool = False
    end_speaker: Speaker | None = None
    end_evidence: Evidence | None = None
    year_assumed: bool = False
    since: str | None = None
    until: str | None = None
    speaker: Speaker | None = None
    evidence: Evidence | None = None


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """Another call that places this one in time: "ngay trước khi cuộc trò chuyện giữa ông Trump và ông Putin".

    `firm` is False where the order hangs on one loose word ("trước đó").
    """

    relation: Literal["before", "just_before", "after", "just_after", "same_day"]
    participants: tuple[Participant, ...]
    text: str
    firm: bool = True
    evidence: Evidence | None = None


class Duration(msgspec.Struct, frozen=True, kw_only=True):
    """How long, in minutes, with its bound: over 90 is not 90."""

    minutes: int
    bound: Bound
    text: str
    speaker: Speaker | None = None
    evidence: Evidence | None = None


class Initiator(msgspec.Struct, frozen=True, kw_only=True):
    """Who asked for the call or placed it: a country code or "both"; `how` tells a request from a ring."""

    side: str
    how: Literal["requested", "phoned"]
    speaker: Speaker | None = None
    evidence: Evidence | None = None


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A subject of the call. `id` is a row of the topics' data, None for the article's own words in `text`.

    `between` are the two countries (codes) whose common matter it is said to be, `proposed_by` is whose plan it is.
    """

    id: str | None
    text: str
    mode: Mode
    between: tuple[str, ...] = ()
    proposed_by: str | None = None
    speaker: Speaker | None = None
    evidence: Evidence | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the call, in the article's words.

    `id` is a row of the outcomes' data whose wording takes `by` (country code of who does it), `place`, `date` (ISO)
    and `names` (as printed); without an id the alert quotes `text`.
    """

    kind: OutcomeKind
    text: str
    mode: Mode
    id: str | None = None
    by: str | None = None
    place: str | None = None
    date: str | None = None
    names: tuple[str, ...] = ()
    speaker: Speaker | None = None
    evidence: Evidence | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """The article's own count: "cuộc điện đàm thứ hai … kể từ khi ông Trump nhậm chức hồi tháng 1".

    `since` (ISO day or month) or `days` bounds the count where the text does; `official` marks "chính thức đầu tiên".
    `since_person` is the surname of who took office then, or with `elected` was elected. With `in_words` the bound is
    one that only the words of `text` tell ("kể từ sau khi công bố báo cáo"). `noun` and `high_level` keep "tiếp xúc cấp
    cao" apart from a call.
    """

    ordinal: int
    text: str
    scope: Scope
    since: str | None = None
    days: int | None = None
    official: bool = False
    since_person: str | None = None
    elected: bool = False
    in_words: bool = False
    noun: Literal["call", "contact"] = "call"
    high_level: bool = False
    speaker: Speaker | None = None
    evidence: Evidence | None = None


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one text that do not fit together, for example start, end and length."""

    field: str
    values: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one article says about one call. Lists of facts are ordered best first."""

    participants: tuple[Participant, ...]
    status: Status
    news: bool
    denial: Denial | None = None
    channel: Channel | None = None
    when: When = When()
    durations: tuple[Duration, ...] = ()
    initiator: Initiator | None = None
    anchors: tuple[Anchor, ...] = ()
    claims: tuple[Claim, ...] = ()
    topics: tuple[Topic, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    heard: tuple[Speaker, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    hits: tuple[RuleHit, ...] = ()

    @property
    def countries(self) -> tuple[str | None, ...]:
        """The country codes, one for each participant in their order; None where it is unknown."""
        return tuple(p.country for p in self.participants)


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """Words that look like a call and are none, with the rule that refused them."""

    rule: str
    reason: str
    evidence: Evidence
    hits: tuple[RuleHit, ...] = ()


class Extraction(msgspec.Struct, frozen=True, kw_only=True):
    """All that one reading of one article gave."""

    reports: tuple[Report, ...]
    rejections: tuple[Rejection, ...] = ()


class StoredReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report in the history: with the article it came from. `key` is unique and stable ("article-id#ordinal")."""

    key: str
    article: str
    published_at: dt.datetime | None
    outlet: str | None
    report: Report
    url: str | None = None
    title: str = ""
    origin: str | None = None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """An article that tells of a call. `origin` groups articles that carry one agency's text or one statement.

    `stands`: it tells the call's present status; of a call that was held, an article that only planned it does not.
    """

    article: str
    outlet: str | None = None
    title: str = ""
    url: str | None = None
    published_at: dt.datetime | None = None
    origin: str | None = None
    stands: bool = True


class ByHand(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a person has put right: `hand` is the number of the row that says so."""

    field: str
    value: str
    by: str
    at: dt.datetime
    reason: str
    hand: int


class CallFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A call as all reports and hands together tell it: a function of the set of them, not of their order.

    Each list holds all values with their evidence (whose `article` names the source), the best one first. `date_clues`
    are the words that a derived day was put together from. `no_word_by`: a plan whose time has passed, and by then
    nobody had told that it was kept.
    """

    participants: tuple[Participant, ...]
    status: Status
    news: bool
    denial: Denial | None = None
    channel: Channel | None = None
    whens: tuple[When, ...] = ()
    durations: tuple[Duration, ...] = ()
    initiators: tuple[Initiator, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    claims: tuple[Claim, ...] = ()
    topics: tuple[Topic, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    heard: tuple[Speaker, ...] = ()
    sources: tuple[Source, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    date: str | None = None
    date_derived: str | None = None
    date_clues: tuple[Evidence, ...] = ()
    earliest: dt.datetime | None = None
    latest: dt.datetime | None = None
    maybe_second: bool = False
    by_hand: tuple[ByHand, ...] = ()
    no_word_by: dt.datetime | None = None


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """A call in one line, as another call is compared with it, with the sentence that tells it best.

    `told` is when the first article on it came out. `initiator` is who asked, where all who tell it name one side.
    """

    call_id: str
    participants: tuple[Participant, ...]
    date: str | None
    when_text: str | None = None
    channel: Channel | None = None
    duration: Duration | None = None
    initiator: Initiator | None = None
    told: dt.datetime | None = None
    evidence: Evidence | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference worth telling. `before` and `after` are values of the field, in data form (ids, ISO, minutes)."""

    field: str
    kind: Literal["new", "again", "absent", "changed", "conflict"]
    before: str | None = None
    after: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How thick the record is between two calls: over a thin one no "first" and no "last" is said.

    `articles` are all that came before, `of_pair` those of them that tell of calls between the same countries, None
    where nobody counted them.
    """

    articles: int
    months: int
    thin: bool
    of_pair: int | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What was planned on the previous call, as it was told then, and what the record knows of it.

    "kept": it came about, or this call is it; "moved": this call is it, on a later day; "ahead": its day has not come;
    "again": it is planned on this call too; "unknown": the record does not tell.
    """

    outcome: Outcome
    fate: Literal["kept", "moved", "ahead", "again", "unknown"]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A call held against the previous one of the same persons and, where that is another, of the same countries.

    `agreements` says of each count of the call whether the record agrees, in their order. `length` compares the two
    durations where their bounds allow it: over 90 is longer than 90, about 90 is the same.
    `nth` counts the held calls of these persons on record, this one included; `nth_in_year` those of its calendar year,
    `nth_in_term` those since the latest of the persons took office, who is `term_of` and did on `term_since`. Each is
    None where a call without a day leaves it open. `near`: the previous one is not more than a year back. `agreed` is
    what came of the previous call and is told of this one no more.
    """

    previous: Brief | None = None
    previous_of_countries: Brief | None = None
    days: int | None = None
    near: bool = False
    nth: int = 1
    nth_in_year: int | None = None
    nth_in_term: int | None = None
    term_of: str | None = None
    term_since: str | None = None
    plans: tuple[Plan, ...] = ()
    agreed: tuple[Outcome, ...] = ()
    coverage: Coverage = Coverage(articles=0, months=0, thin=True)
    claim: Claim | None = None
    claim_agrees: bool | None = None
    agreements: tuple[bool | None, ...] = ()
    topics_compared: bool = False
    length: Literal["longer", "shorter", "same"] | None = None
    changes: tuple[Change, ...] = ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is to the history when it comes in, and why. Fixed at the first comparison."""

    verdict: Verdict
    call_id: str
    reason: str
    changes: tuple[Change, ...] = ()
    comparison: Comparison | None = None
    agreed: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    version: str = ""


def evidence_in(record: object) -> Iterator[Evidence]:
    """Every evidence in a record, wherever in it, in the order of its fields."""
    if isinstance(record, Evidence):
        yield record
    elif isinstance(record, msgspec.Struct):
        for name in record.__struct_fields__:
            yield from evidence_in(getattr(record, name))
    elif isinstance(record, tuple):
        for item in record:
            yield from evidence_in(item)


def as_json(record: msgspec.Struct) -> bytes:
    """Encode a record as compact JSON, UTF-8."""
    return msgspec.json.encode(record)


# msgspec finds out how a record is built when one is first read, and a second thread that reads one meanwhile meets
# what is half done: the process died of it (msgspec 0.22, a service's first second). At import one thread is here.
for _record in (CallFacts, Report, Judgement, Comparison, Rejection):
    msgspec.json.Decoder(_record)
