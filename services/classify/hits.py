"""Which rule took which words, for whoever asks why: the rules that read the mentions of a call, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.classify.mention import Mention
from services.classify.reading import PARTS, ReadArticle
from services.classify.skeleton import words_of
from shared.records import RuleHit


def hits_of(mentions: Iterable[Mention], read: ReadArticle) -> tuple[RuleHit, ...]:
    """Each rule with each place that it took, once.

    `cues.dien_dam` is the row dien_dam of data/cues.csv, `cues.also_talk` one of data/cues_in_context.csv. Four have no
    row: patterns.bare and status.unmarked found no words beside the cue, patterns.same_sentence takes the only two
    leaders of a sentence, and cues.group_talk is a talk whose length an article of calls tells.
    """
    found = dict.fromkeys(hit for mention in mentions for hit in _hits(mention, read))
    return tuple(sorted(found, key=lambda hit: (PARTS.index(hit.part), hit.start, hit.end)))


def _hits(mention: Mention, read: ReadArticle) -> Iterator[RuleHit]:
    sentence, cue, reading = mention.sentence, mention.cue, mention.reading
    taken = [(f"cues.{cue.rule}", (cue.start, cue.end))]
    for rule, span in ((f"patterns.{mention.rule}", mention.span), (f"status.{reading.rule}", reading.span)):
        taken.append((rule, words_of(mention.skeleton, span, sentence.lower)))
    for rule, (start, end) in taken:
        raw_start, raw_end = read.parts[sentence.part].raw_span(start, end)
        yield RuleHit(rule=rule, part=sentence.part, start=raw_start, end=raw_end)
