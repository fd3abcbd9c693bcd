"""Memory after ten thousand and after a hundred thousand articles: it must not grow with their number."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from itertools import cycle, islice

from benchmarks.measure import resident_mb
from benchmarks.table import Row, Section, figure, times
from services.classify.extract import extract
from services.classify.lexicon import Lexicon
from shared.records import Article

_FEW, _MANY = 10_000, 100_000


def measure(stream: Sequence[Article], lexicon: Lexicon) -> Section:
    """The memory of this process while it reads the stream again and again."""
    articles = cycle(stream)
    few = _after(islice(articles, _FEW), lexicon)
    many = _after(islice(articles, _MANY - _FEW), lexicon)
    rows = (
        Row(f"after {_FEW:,} articles, MB", figure(few)),
        Row(
            f"after {_MANY:,} articles, MB",
            figure(many),
            f"after {_FEW:,}: {figure(few)}",
            times(many / few),
            "≤ 1.05×",
        ),
    )
    return Section("Memory", rows, ("Of the whole measuring process, the articles and the peers' libraries included.",))


def _after(articles: islice[Article], lexicon: Lexicon) -> float:
    for article in articles:
        extract(article, lexicon)
    gc.collect()
    return resident_mb()
