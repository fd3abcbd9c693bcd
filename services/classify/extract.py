"""Extraction: what an article says about calls between leaders. START HERE.

    normalize   one spelling, with a map back                         normalize.py
    read        sentences, cues, people, times, lengths               reading.py (sentences, cues, entities, times)
    talk        for each cue: who, whether held, when                 talk.py (arguments, roles, joint, resolve, status)
    group       mentions of the same call                             coreference.py (apart, joins)
    tell        each call as a report, every field with its sentence  report.py

Pure: the same article and lexicon give the same extraction, with no clock, network, disk or database.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.classify.coreference import Coreference
from services.classify.hits import hits_of
from services.classify.lexicon import Lexicon
from services.classify.mention import Mention, Sentence
from services.classify.prefilter import may_hold_call
from services.classify.reading import ReadArticle, read_article
from services.classify.report import report_of
from services.classify.resolve import Resolver
from services.classify.talk import SentenceReader
from services.classify.written import written_of
from shared.records import Article, Extraction, Rejection


def extract(article: Article, lexicon: Lexicon) -> Extraction:
    """All calls between leaders that an article tells of, and the near misses with the reason each was refused."""
    nothing = glance(article)
    if nothing is not None:
        return nothing
    read = read_article(article, lexicon)
    if read is None:
        return Extraction(reports=())
    written = written_of(read)
    resolver = Resolver(lexicon, written.day, (e for s in read.sentences for e in s.entities), written.last_year)
    reader = SentenceReader(resolver, read.sentences)
    groups = Coreference(written, resolver.only(2), resolver.only(3))
    for sentence in _up_to_last_cue(read.sentences):
        for mention in reader.read(sentence):
            groups.take(mention)
    events = groups.finish()
    reports = tuple(report_of(event, groups, resolver, read) for event in events)
    rejections = tuple(_rejection(m, read) for m in groups.refused)
    return Extraction(reports=reports, rejections=rejections)


def glance(article: Article) -> Extraction | None:
    """What an article comes to that holds no word of a call, nearly every one of a day; None for one to be read."""
    if may_hold_call("\n".join((article.title, article.summary, article.text))):
        return None
    return Extraction(reports=())


def _up_to_last_cue(sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentences that matter to a cue: those behind the last say whom its pronouns mean no more."""
    last = max(i for i, sentence in enumerate(sentences) if sentence.cues)
    return sentences[: last + 1]


def _rejection(mention: Mention, read: ReadArticle) -> Rejection:
    sentence = mention.sentence
    reason = mention.reason or "not tied to a call of leaders"
    return Rejection(
        rule=mention.rule,
        reason=reason,
        evidence=read.evidence("cue", sentence.part, sentence.start, sentence.end),
        hits=hits_of([mention], read),
    )
