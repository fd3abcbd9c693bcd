"""Does this text already stand in the history? Copies of stored articles among a hundred thousand, found or missed.

The history is asked by way of the call: an article that tells of a call is held against the others on it, and shares
an origin with the one whose text it carries. So a measure of one call is one of the whole, whatever its size.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from statistics import quantiles

from benchmarks import newsprint
from benchmarks.table import Row, Section, figure
from services.classify.facts import origins
from shared.records import Evidence, Participant, Report, StoredReport

_ARTICLES = 100_000
_ON_CALL = 10
_ASKED = 2_000
_SENTENCES = 8
_FIRST = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
_PAIR = (Participant(name="Ben Carter", country="US"), Participant(name="Olga Petrova", country="RU"))
Rewrite = Callable[[Sequence[str], random.Random], list[str]]
_LEAD = "Theo truyền thông nước ngoài, đây là diễn biến được dư luận theo dõi từ nhiều ngày nay."


def measure() -> Section:
    """Copies as outlets make them, and articles on the same call that are none."""
    chance = random.Random(7)
    asked = [chance.randrange(_ARTICLES) for _ in range(_ASKED)]
    taken, found = zip(*(_asked(number, _copy, chance) for number in asked), strict=True)
    _, wrong = zip(*(_asked(number, _another, chance) for number in asked), strict=True)
    cuts = quantiles(taken, n=100)
    return Section(
        "Does this text already stand in the history?",
        (
            Row(f"among {_ARTICLES:,} articles: p50, ms", figure(cuts[49])),
            Row(f"among {_ARTICLES:,} articles: p99, ms", figure(cuts[98]), goal="1"),
            Row("copies whose origin is found", f"{sum(found) / _ASKED:.3f}", goal="0.98"),
            Row("other articles taken for copies", f"{sum(wrong) / _ASKED:.4f}"),
        ),
        (
            f"An article is asked about with the {_ON_CALL} on its call at hand: all of them are held against each "
            f"other. {_ASKED:,} copies: another title and lead, a fifth of the sentences cut, a tenth of the others "
            "with a word changed. The same number of articles that tell of the same call and share a sentence in ten.",
        ),
    )


def _asked(number: int, other: Rewrite, chance: random.Random) -> tuple[float, bool]:
    """Milliseconds to place an article beside those on the call of a stored one, and whether it was taken for a copy
    of that one."""
    first = number - number % _ON_CALL
    on_call = [_stored(f"a{n}", _sentences(n), n) for n in range(first, first + _ON_CALL)]
    asked = _stored("asked", other(_sentences(number), chance), _ARTICLES)
    start = time.perf_counter()
    sources = origins([*on_call, asked])
    taken = (time.perf_counter() - start) * 1000
    return taken, next(source.origin for source in sources if source.article == "asked") == f"a{number}"


def _sentences(number: int) -> list[str]:
    """What an article says of its call; one sentence in ten is the same in all articles on it."""
    own = [newsprint.sentence(number, salt) for salt in range(_SENTENCES)]
    shared = newsprint.sentence(number - number % _ON_CALL, 99)
    return [*own, shared] if number % 10 else own


def _copy(sentences: Sequence[str], chance: random.Random) -> list[str]:
    kept = [sentence for sentence in sentences if chance.random() > 0.2] or list(sentences[:1])
    return [_LEAD, *(_edited(sentence, chance) if chance.random() < 0.1 else sentence for sentence in kept)]


def _edited(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    words[chance.randrange(len(words))] = "khác"
    return " ".join(words)


def _another(sentences: Sequence[str], chance: random.Random) -> list[str]:
    number = chance.randrange(_ARTICLES, 2 * _ARTICLES)
    return [*(newsprint.sentence(number, salt) for salt in range(_SENTENCES)), sentences[-1]]


def _stored(key: str, sentences: Sequence[str], minutes: int) -> StoredReport:
    quoted = tuple(Evidence(field="topics", part="text", start=0, end=len(s), text=s) for s in sentences)
    report = Report(participants=_PAIR, status="held", news=True, evidence=quoted)
    when = _FIRST + dt.timedelta(minutes=minutes)
    return StoredReport(key=f"{key}#0", article=key, published_at=when, outlet="Báo", report=report, title=sentences[0])
