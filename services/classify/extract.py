"""Extraction: what an article says about calls between leaders. START HERE.

    normalize   one spelling, with a map back                         normalize.py
    read        sentences, cues, people, times, lengths               reading.py (sentences, cues, mentions, times)
    talk        for each cue: who, whether held, when                 talk.py (arguments, resolve, status)
    group       mentions of the same call                             coreference.py
    tell        each call as a report, every field with its sentence  report.py

Pure: the same article and lexicon give the same extraction, with no clock, network, disk or database.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from services.classify.coreference import HEAD, Coreference, TextDay, Written
from services.classify.hits import hits_of
from services.classify.lexicon import Lexicon
from services.classify.prefilter import may_hold_call
from services.classify.reading import ReadArticle, read_article
from services.classify.report import report_of
from services.classify.resolve import Resolver
from services.classify.talk import Mention, Sentence, SentenceReader
from services.classify.times import TimeExpr
from services.classify.version import rules_version
from shared.records import Article, Extraction, Rejection

_FUTURE = re.compile(
    r"(?<!\w)(?:sẽ|sắp|dự kiến|tuần tới|tháng tới|tới đây|"
    r"(?:thượng đỉnh|hội nghị|bầu cử|gặp nhau|lễ nhậm chức|hội đàm|chuyến thăm)"
    r"(?:(?! (?:hôm|tối|sáng|chiều|đêm)|vừa qua)[^.;,]){0,60} ngày \d{1,2})(?!\w)"
)
#: What stands in every sentence that tells a year since 2000, or a day of a month.
_YEAR = re.compile(r"20\d\d|[-/.]\d\d(?!\d)")
_DAY = re.compile(r"\d(?: ?[-/.] ?| tháng )\d")
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def extract(article: Article, lexicon: Lexicon) -> Extraction:
    """All calls between leaders that an article tells of, and the near misses with the reason each was refused."""
    if not may_hold_call("\n".join((article.title, article.summary, article.text))):
        return Extraction(reports=(), version=rules_version())
    read = read_article(article, lexicon)
    if read is None:
        return Extraction(reports=(), version=rules_version())
    published = article.published_at.astimezone(_VIETNAM).date() if article.published_at else None
    last_year = _last_year(read) if published is None else None
    resolver = Resolver(lexicon, published, (e for s in read.sentences for e in s.entities), last_year)
    reader = SentenceReader(resolver)
    groups = Coreference(_written(read, published, last_year), resolver.only_two())
    for sentence in _up_to_last_cue(read.sentences):
        for mention in reader.read(sentence):
            groups.take(mention)
    events = groups.finish()
    reports = tuple(report_of(event, groups, resolver, read) for event in events)
    rejections = tuple(_rejection(m, read) for m in groups.refused)
    return Extraction(reports=reports, rejections=rejections, version=rules_version())


def _written(read: ReadArticle, published: dt.date | None, last_year: int | None) -> Written:
    """When the article was written. Midnight is what feeds give for a day without its hour."""
    if read.article.published_at is None:
        return Written(text_day=_day_of_text(read), last_year=last_year)
    local = read.article.published_at.astimezone(_VIETNAM)
    return Written(published, local.hour if (local.hour, local.minute) != (0, 0) else None)


def _up_to_last_cue(sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentences that matter to a cue: those behind the last say whom its pronouns mean no more."""
    last = max(i for i, sentence in enumerate(sentences) if sentence.cues)
    return sentences[: last + 1]


def _last_year(read: ReadArticle) -> int | None:
    """The latest year that the text tells as past: an undated article is not older than that."""
    years = [t.year for s in _with(_YEAR, read) for t in s.times if t.year and 2000 <= t.year <= 2100]
    return max(years, default=None)


def _with(sign: re.Pattern[str], read: ReadArticle) -> Iterator[Sentence]:
    """The sentences that hold a sign: the others need not be read for what it stands in."""
    return (s for s in read.sentences if sign.search(s.lower, s.start, s.end))


def _day_of_text(read: ReadArticle) -> TextDay | None:
    """The day on which an undated article was written, as far as its own days tell: one in the title, else the latest
    of those that it tells as past ("hôm 28/5") within three weeks of the first."""
    dated = [
        (s, t, TextDay(t.month, t.day, s.index))
        for s in _with(_DAY, read)
        for t in s.times
        if t.kind == "day" and t.month and t.day and (t.year is None or s.index < HEAD)
    ]
    if not dated:
        return None
    in_title = [day for sentence, _, day in dated if sentence.part == "title"]
    if in_title:
        return in_title[0]
    past = [day for sentence, time, day in dated if _is_over(sentence, time)] or [dated[0][2]]
    near = [d for d in past if 0 <= (d.ordinal - past[0].ordinal) % 366 <= 20]
    return max(near, key=lambda d: (d.ordinal - past[0].ordinal) % 366)


def _is_over(sentence: Sentence, time: TimeExpr) -> bool:
    """Whether a day is told as past: by "hôm", or where nothing before it speaks of what is to come."""
    words = sentence.lower[time.start : time.end]
    return words.startswith("hôm ") or _FUTURE.search(sentence.lower, sentence.start, time.end) is None


def _rejection(mention: Mention, read: ReadArticle) -> Rejection:
    sentence = mention.sentence
    reason = mention.reason or "not tied to a call of leaders"
    return Rejection(
        rule=mention.rule,
        reason=reason,
        evidence=read.evidence("cue", sentence.part, sentence.start, sentence.end),
        hits=hits_of([mention], read),
    )
