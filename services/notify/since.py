"""What changed since these leaders last spoke, and how well the record carries it.

The article's own count comes first, then whether the record agrees. Over a thin record no "first" and no "last" is
said. After more than a year topics are not compared, and a topic that is not named is "not named", never gone.
"""

from __future__ import annotations

import datetime as dt

from services.notify.contents import Item, group, outcome_items, outcome_text, unique
from services.notify.excerpts import Excerpts
from services.notify.fields import reported, side_name
from services.notify.layout import CallView, Line, Span, Spans, bold
from services.notify.voice import Voice
from services.notify.when import gloss
from shared.names import quoted
from shared.records import OVER, Brief, CallFacts, Claim, Comparison, Coverage, Outcome

YEAR = 366
NOT_FEW = 20  # earlier articles: a record of so many is not called thin for telling of other calls
MOST_AGREED = 2
GLANCE_WORDS = 10
LONG_DAYS, LONG_WEEKS = 14, 71  # from so many days on a time is told in weeks, and in months


def since_lines(view: CallView, voice: Voice, excerpts: Excerpts) -> list[Line]:
    """The comparison: one line where there is nothing to compare with, else a heading and its points."""
    comparison = view.comparison
    if comparison is None:
        return []
    if comparison.previous is None and comparison.previous_of_countries is None:
        return [_heading(voice, _nothing(view.facts, comparison.coverage, voice), "  ")]
    points = [
        *_previous(view, voice, excerpts),
        *_last_asked(comparison, voice),
        *_claims(view.facts, comparison, voice, excerpts),
        *_on_record(view.facts, comparison, voice),
        *_differences(view.facts, comparison, voice),
        *_agreed_then(view.facts, comparison, voice),
        *_plans(view.facts, comparison, voice),
        *_since_then(view.facts, voice, excerpts),
        *_thin(view.facts, comparison, voice),
    ]
    return [_heading(voice, _heading_note(view.facts, comparison, voice), " "), *(_bullet(point) for point in points)]


def _heading(voice: Voice, note: str, gap: str) -> Line:
    spans: Spans = (bold(voice.say("label_since")),)
    return Line("section", (*spans, Span(gap + note)) if note else spans)


def _bullet(text: str) -> Line:
    return Line("bullet", (Span("• "), Span(text)))


def is_recent(facts: CallFacts, comparison: Comparison) -> bool:
    """Whether the previous call lies within a year, so that its content is worth holding this one against."""
    if comparison.days is not None:
        return comparison.days < YEAR
    months = _month(facts.date), _month(comparison.previous.date if comparison.previous else None)
    if months[0] is not None and months[1] is not None:
        return months[0] - months[1] < 12
    return comparison.near


def _month(date: str | None) -> int | None:
    """The number of a date's month, counted from year 0; None where year or month is not known."""
    year, month = (date or "").ljust(10, "?")[:4], (date or "").ljust(10, "?")[5:7]
    return 12 * int(year) + int(month) if year.isdigit() and month.isdigit() else None


def _nothing(facts: CallFacts, coverage: Coverage, voice: Voice) -> str:
    if coverage.articles == 0:
        return voice.say("record_begins" if len(facts.sources) < 2 else "record_begins_call")
    countries = voice.countries(facts.participants)
    if coverage.thin and coverage.articles >= NOT_FEW:
        return voice.say("no_call_among", countries=countries, articles=_articles(coverage.articles, voice))
    if coverage.thin:
        return voice.say("no_call_thin", countries=countries, thin=_thin_words(coverage.articles, voice))
    return voice.say("no_call", countries=countries, articles=_articles(coverage.articles, voice))


def _articles(articles: int, voice: Voice) -> str:
    return voice.say("earlier_article" if articles == 1 else "earlier_articles", n=str(articles))


def _thin_words(articles: int, voice: Voice) -> str:
    return voice.say("thin_record", articles=_articles(articles, voice))


# --- the previous call ---------------------------------------------------------------------------------------------


def _heading_note(facts: CallFacts, comparison: Comparison, voice: Voice) -> str:
    previous = comparison.previous
    if previous is None or comparison.days is None or not is_recent(facts, comparison):
        return ""
    return f"({_brief(previous, voice)})"


def _brief(brief: Brief, voice: Voice) -> str:
    day = voice.day(brief.date) if brief.date else ""
    length = voice.length(brief.duration, brief=True) if brief.duration else ""
    words = "" if day or not brief.when_text else gloss(brief.when_text, voice)
    told = voice.day(voice.local(brief.told).date().isoformat()) if brief.told else ""
    when = day or words or (voice.say("told_of", day=told) if told else voice.say("missing_when"))
    return f"{when}, {length}" if length else when


def _previous(view: CallView, voice: Voice, excerpts: Excerpts) -> list[str]:
    facts, comparison = view.facts, view.comparison or Comparison()
    previous, of_countries = comparison.previous, comparison.previous_of_countries
    if previous is not None and is_recent(facts, comparison):
        return [] if comparison.days is not None else [_loose(view, previous, voice, excerpts)]
    words = []
    if previous is not None:
        key = "these_two" if len(facts.participants) == 2 else "these_leaders"
        words.append(voice.say(key, brief=_brief(previous, voice)))
    elif of_countries is not None:
        words.append(voice.say("no_call_of_two"))
    if of_countries is not None:
        words.append(_of_countries(facts, of_countries, voice))
    return [". ".join(words)]


def _of_countries(facts: CallFacts, brief: Brief, voice: Voice) -> str:
    return voice.say(
        "leaders_of",
        countries=voice.countries(facts.participants),
        pair=voice.pair(brief.participants),
        day=voice.day(brief.date) if brief.date else voice.say("missing_when"),
    )


def _loose(view: CallView, previous: Brief, voice: Voice, excerpts: Excerpts) -> str:
    """A previous call where the day of one of the two is not known: as this article tells it, else as it is stored."""
    kind = voice.say("kind_video" if previous.channel == "video" else "kind_call")
    here = {source.article for source in view.facts.sources}
    if previous.evidence is not None and previous.evidence.article in here and previous.when_text:
        words = gloss(previous.when_text, voice)
        return voice.say("previous_loose", kind=kind, words=words, mark=excerpts.mark(previous.evidence))
    day = voice.day(previous.date) if previous.date else ""
    length = voice.length(previous.duration, brief=True) if previous.duration else ""
    if day and previous.date and "?" in previous.date:
        return voice.say("previous_month", kind=kind, month=day, length=length)
    if day:
        return voice.say("previous_dated", kind=kind, day=day, length=length, apart=_apart(view, previous.date, voice))
    if previous.told is None:
        return voice.say("previous_loose", kind=kind, words="", mark="")
    told = voice.local(previous.told).date().isoformat()
    day = voice.day(told)
    return voice.say("previous_told", kind=kind, day=day, length=length, apart=_apart(view, told, voice))


def _apart(view: CallView, then: str | None, voice: Voice) -> str:
    """How long after a day a call was, or the article that gives it no day came out: days, then weeks, then months."""
    facts = view.facts
    now = facts.date if facts.date and "?" not in facts.date else None
    if now is None and view.article_at is not None:
        now = voice.local(view.article_at).date().isoformat()
    if now is None or then is None or "?" in then:
        return ""
    days = (dt.date.fromisoformat(now) - dt.date.fromisoformat(then)).days
    if days <= 0:
        return ""
    unit, length = ("days", 1) if days < LONG_DAYS else ("weeks", 7) if days < LONG_WEEKS else ("months", 30.4)
    number = round(days / length)
    span = voice.say(f"apart_{unit}" if number > 1 else f"apart_{unit[:-1]}", n=str(number))
    return voice.say("apart" if facts.date else "apart_article", span=span)


def _last_asked(comparison: Comparison, voice: Voice) -> list[str]:
    """Who rang or asked last time, where that is on record."""
    previous = comparison.previous
    asked = previous.initiator if previous else None
    if previous is None or asked is None:
        return []
    caller = tuple(p for p in previous.participants if p.country == asked.side)
    if asked.how == "phoned" and len(caller) == 1:
        return [voice.say("last_phoned", caller=voice.people(caller))]
    return [voice.say("last_asked", side=side_name(asked.side, voice))]


# --- the article's own count ---------------------------------------------------------------------------------------


def claim_words(claim: Claim, voice: Voice) -> Spans:
    """A count as a phrase: "first official high-level contact since Trump took office", "second this month"."""
    scope = _scope(claim, voice, month=False)
    if _is_bound_in_words(claim, scope):
        return (Span(quoted(claim.text)),)
    ordinal = voice.ordinal(claim.ordinal)
    if claim.noun == "contact":
        key = f"claim{'_official' if claim.official else ''}{'_high' if claim.high_level else ''}_contact"
        return voice.styled(key, ordinal=ordinal, scope=scope)
    official = "_official" if claim.official else ""
    plain = "" if scope else "_plain"
    return voice.styled(f"claim{official}_call{plain}", ordinal=ordinal, scope=scope)


def _is_bound_in_words(claim: Claim, scope: str) -> bool:
    """Whether a count has a bound that only its own words tell: "first" without it would say more than the article."""
    return claim.in_words or (not scope and claim.scope != "ever")


def _scope(claim: Claim, voice: Voice, *, month: bool) -> str:
    """What bounds a count, in words; empty where nothing does, or where the data have not understood it."""
    if claim.scope == "month":
        return voice.say("scope_month")
    if claim.scope == "year":
        return voice.say("scope_year")
    if claim.days is not None and claim.scope in ("days", "after_gap"):
        years, rest = divmod(claim.days, 365)
        if years and rest <= years // 4 + 1:
            return voice.say("scope_years", years=voice.number(years))
        return voice.say("scope_days", days=voice.days(claim.days))
    if claim.scope == "since" and claim.since_person:
        return _since_office(claim, voice, month=month)
    if claim.since:
        return voice.say("scope_since", day=voice.day((claim.since + "-??-??")[:10]))
    return ""


def _since_office(claim: Claim, voice: Voice, *, month: bool) -> str:
    person = claim.since_person or ""
    if claim.elected:
        return voice.say("scope_since_elected", person=person)
    if month and claim.since and len(claim.since) >= 7:
        return voice.say(
            "scope_since_office_month", person=person, month=voice.day(f"????-{claim.since[5:7]}-??", long=True)
        )
    return voice.say("scope_since_office", person=person)


def _claims(facts: CallFacts, comparison: Comparison, voice: Voice, excerpts: Excerpts) -> list[str]:
    claims = facts.claims or ((comparison.claim,) if comparison.claim else ())
    if not claims or facts.status == "denied":  # what was not held was neither the first nor the second
        return []
    worded = [_claim_by(claim, facts, voice, excerpts) for claim in claims[:3]]
    if False in comparison.agreements and len(worded) > 1:
        return _one_by_one(worded, facts, comparison, voice)
    worded[0] = _sentence(worded[0])
    return [voice.say(_agreement(comparison, len(worded)), claims=", ".join(worded)) + _nth(facts, comparison, voice)]


def _one_by_one(worded: list[str], facts: CallFacts, comparison: Comparison, voice: Voice) -> list[str]:
    """Counts of which the record disputes one: each with its own answer."""
    keys = {True: "record_agrees", False: "record_disputes", None: "record_silent"}
    lines = [
        _sentence(voice.say(keys[agrees], claims=words))
        for words, agrees in zip(worded, comparison.agreements, strict=False)
    ]
    return [lines[0] + _nth(facts, comparison, voice), *lines[1:]]


def _claim_by(claim: Claim, facts: CallFacts, voice: Voice, excerpts: Excerpts) -> str:
    told = claim.evidence.article if claim.evidence and len(facts.sources) > 1 else ""
    article = voice.source_label(told, facts.sources) if told else voice.say("claim_article")
    scope = _scope(claim, voice, month=len(facts.claims) < 2)
    words = voice.say("claim_brief", ordinal=voice.ordinal(claim.ordinal), scope=scope)
    words = quoted(claim.text) if _is_bound_in_words(claim, scope) else words
    return voice.say("claim_by", claim=words, article=article, mark=excerpts.mark(claim.evidence))


def _agreement(comparison: Comparison, claims: int) -> str:
    if comparison.claim_agrees is None:
        return "record_silent"
    if not comparison.claim_agrees:
        return "record_disputes"
    return {1: "record_agrees", 2: "record_disputes_neither"}.get(claims, "record_disputes_none")


def _nth(facts: CallFacts, comparison: Comparison, voice: Voice) -> str:
    claim = comparison.claim
    if claim is None or comparison.nth <= 1 or claim.ordinal == comparison.nth:
        return ""
    if comparison.claim_agrees and not is_recent(facts, comparison):
        return ""
    key = "nth_of_two" if len(facts.participants) == 2 else "nth_of_group"
    return voice.say(key, ordinal=voice.ordinal(comparison.nth))


def _on_record(facts: CallFacts, comparison: Comparison, voice: Voice) -> list[str]:
    """How-manieth this year and in this term by our record, where the article has no count of its own. A first is not
    told: others may be missing from the record."""
    if facts.claims or comparison.claim:
        return []
    two = "two" if len(facts.participants) == 2 else "group"
    if facts.status not in OVER:
        planned = facts.status == "planned" and comparison.nth > 1
        return [voice.say(f"nth_planned_{two}", ordinal=voice.ordinal(comparison.nth))] if planned else []
    year, term = comparison.nth_in_year or 0, comparison.nth_in_term or 0
    parts = [voice.say("nth_in_year", ordinal=voice.ordinal(year))] if year > 1 else []
    if term > max(year, 1) and comparison.term_of:
        parts.append(voice.say("nth_in_term", ordinal=voice.ordinal(term), person=comparison.term_of))
    if not parts and comparison.nth > 1:
        parts = [voice.say(f"nth_on_record_{two}", ordinal=voice.ordinal(comparison.nth))]
    return [_sentence(", ".join(parts))] if parts else []


def _agreed_then(facts: CallFacts, comparison: Comparison, voice: Voice) -> list[str]:
    """What the last call agreed and this one, as far as it is told, does not; nothing where nobody tells what was said
    on this one."""
    if facts.status in OVER and not reported(facts, voice):
        return []
    for kind, key in (("agreed", "agreed_then"), ("stated", "said_then")):
        told = unique([_then(o, facts, voice) for o in comparison.agreed if o.kind == kind], voice)[:MOST_AGREED]
        if told:
            return [voice.say(key, what=group(told, "; "))]
    return []


def _then(outcome: Outcome, facts: CallFacts, voice: Voice) -> Item:
    """What came of the last call, with who says so; its sentence stands on the page of that call."""
    return Item(outcome_text(outcome, facts, voice), voice.speaker(outcome.speaker), mark="")


def _plans(facts: CallFacts, comparison: Comparison, voice: Voice) -> list[str]:
    """What the last call planned, by what became of it."""
    lines = []
    silent = facts.status in OVER and _announced(facts) and not reported(facts, voice)
    for fate in ("kept", "moved", "again", "ahead", *(() if silent else ("unknown",))):
        told = unique([_then(plan.outcome, facts, voice) for plan in comparison.plans if plan.fate == fate], voice)
        if told:
            lines.append(voice.say(f"plans_{fate}", what=group(told, "; ")))
    return [_sentence("; ".join(lines))] if lines else []


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- what differs --------------------------------------------------------------------------------------------------


def _differences(facts: CallFacts, comparison: Comparison, voice: Voice) -> list[str]:
    compared = comparison.length in ("longer", "shorter") and is_recent(facts, comparison)
    told = compared and facts.status in OVER
    length = voice.say(comparison.length) if told and comparison.length else ""
    words = ". ".join(part for part in (length, _topics(facts, comparison, voice)) if part)
    return [words] if words else []


def _topics(facts: CallFacts, comparison: Comparison, voice: Voice) -> str:
    if not comparison.topics_compared:
        return ""
    agenda = not reported(facts, voice)
    again, new, absent = (_names(comparison, kind, voice) for kind in ("again", "new", "absent"))
    if agenda and again and not new:
        then = f". {voice.say('topics_then', topics=absent)}" if absent else ""
        return voice.say("topics_again_agenda", topics=again) + then
    if agenda and not again and not new:
        return voice.say("topics_no_agenda", topics=absent) if absent and not _announced(facts) else ""
    parts = [
        voice.say("topics_again", topics=again) if again else "",
        voice.say("topics_new", topics=new) if new else "",
        voice.say("topics_absent_agenda" if agenda else "topics_absent", topics=absent) if absent else "",
    ]
    return _sentence("; ".join(part for part in parts if part))


def _names(comparison: Comparison, kind: str, voice: Voice) -> str:
    ids = [c.after or c.before for c in comparison.changes if c.field == "topics" and c.kind == kind]
    return ", ".join(dict.fromkeys(voice.names.topic_id(topic, voice.language) for topic in ids))


def _since_then(facts: CallFacts, voice: Voice, excerpts: Excerpts) -> list[str]:
    happened = group(outcome_items(facts, voice, excerpts, "since"), "; ")
    return [voice.say("since_then", what=happened)] if happened else []


def _thin(facts: CallFacts, comparison: Comparison, voice: Voice) -> list[str]:
    backed = comparison.claim_agrees and comparison.days is not None and is_recent(facts, comparison)
    if backed or not comparison.coverage.thin:
        return []
    coverage = comparison.coverage
    thin = _sentence(_thin_words(coverage.articles if coverage.of_pair is None else coverage.of_pair, voice))
    previous = comparison.previous
    if previous is not None and previous.date and previous.date[:4].isdigit() and not is_recent(facts, comparison):
        return [voice.say("thin_line_year", thin=thin, year=previous.date[:4])]
    return [voice.say("thin_line", thin=thin)]


# --- the second half of line 2 -------------------------------------------------------------------------------------


def status_items(view: CallView, voice: Voice, excerpts: Excerpts) -> list[Spans]:
    """What stands behind the status word: where this call stands in the record, and the one thing to know."""
    remarks = _remarks(view.facts, voice)
    claim = view.facts.claims[0] if view.facts.claims else None
    strong = _standing(view, claim, voice, excerpts)
    side = side_only(view.facts, voice)
    if side and not claim:
        remarks.append((Span(voice.say("side_only_status", side=side)),))
    if strong:
        return [strong, *remarks][:2]
    weak = _first(view, voice)
    return [weak, *remarks] if weak and len(remarks) < 2 else remarks[:2]


def _standing(view: CallView, claim: Claim | None, voice: Voice, excerpts: Excerpts) -> Spans | None:
    """Days since the last call where they are few, else the article's own count."""
    comparison = view.comparison
    if comparison is None or view.facts.status not in OVER:
        return None
    if comparison.previous and comparison.days is not None and 0 < comparison.days < YEAR:
        backed = comparison.claim_agrees or not comparison.coverage.thin
        return voice.styled(days_after(comparison.days, backed=backed), days=str(comparison.days))
    if claim is None or _is_long(claim):
        return None
    article = voice.article(claim.evidence, view.facts.sources)
    words = claim_words(claim, voice)
    if comparison.previous is None and comparison.previous_of_countries is None and comparison.coverage.articles == 0:
        return _embed(voice, "first_record_claim", words, article=_one_word_article(view.facts, voice, article))
    return _embed(voice, "claim_says", words, article=article, mark=excerpts.mark(claim.evidence))


def days_after(days: int, *, backed: bool) -> str:
    """The key of the phrase that tells how many days after the one before a call came; what is not `backed` is so only
    in our record."""
    return ("day_after" if days == 1 else "days_after") + ("" if backed else "_record")


def _is_long(claim: Claim) -> bool:
    """Whether a count with the words that bound it is too long to be read at a glance."""
    return claim.in_words and len(claim.text.split()) > GLANCE_WORDS


def _one_word_article(facts: CallFacts, voice: Voice, article: str) -> str:
    return voice.say("claim_article") if len(facts.sources) < 2 else article


def _embed(voice: Voice, key: str, words: Spans, **values: str) -> Spans:
    """A phrase with a styled part in the place of `{claim}`."""
    foreign = {name: value.replace("\0", "") for name, value in values.items()}
    before, after = voice.say(key, claim="\0", **foreign).split("\0")
    return tuple(span for span in (Span(before), *words, Span(after)) if span.text)


def _first(view: CallView, voice: Voice) -> Spans | None:
    comparison, people = view.comparison, view.facts.participants
    if comparison is None or comparison.previous is not None or view.facts.status not in OVER:
        return None
    if any(person.name is None for person in people):
        return None
    if comparison.coverage.articles == 0:
        return voice.styled("first_record")
    return voice.styled("first_of_two" if len(people) == 2 else "first_of_group")


def _remarks(facts: CallFacts, voice: Voice) -> list[Spans]:
    promised = outcome_items(facts, voice, Excerpts(()), "status")
    remarks: list[Spans] = [(Span(item.text),) for item in promised[:1]]
    if facts.date is None and any(anchor.relation == "same_day" for anchor in facts.anchors):
        remarks.append(voice.styled("day_not_given"))
    remarks += [_order(facts, voice)] if _order(facts, voice) else []
    if facts.status == "held" and not promised and not reported(facts, voice) and _announced(facts):
        remarks.append(voice.styled("no_readout"))
    return remarks


def _announced(facts: CallFacts) -> bool:
    return any(topic.mode == "announced" for topic in facts.topics)


def _order(facts: CallFacts, voice: Voice) -> Spans:
    for anchor in facts.anchors:
        if anchor.firm and anchor.relation != "same_day":
            return voice.styled(
                "order_says",
                relation=voice.say(f"relation_{anchor.relation}"),
                pair=voice.pair(anchor.participants),
                article=voice.article(anchor.evidence, facts.sources),
            )
    return ()


def side_only(facts: CallFacts, voice: Voice) -> str:
    """The one side that spoke, where more than one could; empty where both did, or nobody, and of a call that is
    denied: who denies it spoke, too."""
    sides = {speaker.side for speaker in facts.heard if speaker.side}
    if len(sides) != 1 or len(facts.participants) < 2 or facts.status == "denied":
        return ""
    return voice.names.side(next(iter(sides)), voice.language)
