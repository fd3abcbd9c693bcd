"""`redphone eval`: how well the classifier does on articles that an editor has labelled (`redphone.labels`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import msgspec
from rich.table import Table

from redphone.labels import Label, labelled_sets
from redphone.lines import call_line
from redphone.progress import counted
from redphone.scoring import FIELDS, OPEN_FIELDS, Count, Score, Tally, ToldCall, score_article
from redphone.terminal import Terminal
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from shared.records import Article, Report


def evaluate(path: str, *, labels: str | None = None, as_json: bool = False) -> None:
    """Print the figures of a set, or of each set in a folder. `labels`: the labels of a set that lie elsewhere.

    Everything is read before anything is classified. Raises UsageError for the first thing that is wrong.
    """
    sets = {found.name: found.pairs for found in labelled_sets(Path(path), Path(labels) if labels else None)}
    lexicon = load_lexicon()

    def read(article: Article) -> Sequence[Report]:
        return extract(article, lexicon).reports

    scores = {name: _scored(pairs, read) for name, pairs in sets.items()}
    if as_json:
        sys.stdout.writelines(msgspec.json.encode(_line(n, s)).decode() + "\n" for n, s in scores.items())
    else:
        Terminal().print(_table(scores))


def _scored(pairs: Sequence[tuple[Article, Label]], read: Callable[[Article], Sequence[Report]]) -> Score:
    scores = (
        score_article(label.calls, [_told(report) for report in read(article)], label.alerts)
        for article, label in counted(pairs, "classified")
    )
    return reduce(add, scores, Score())


def _told(report: Report) -> ToldCall:
    return msgspec.convert(call_line(report), ToldCall, from_attributes=True)


# -- what is printed ----------------------------------------------------------------------------------------------


def _line(name: str, score: Score) -> dict[str, Any]:
    return {
        "set": name,
        "articles": score.articles,
        **{measure: _tally_line(tally) for measure, tally in _tallies(score).items()},
        "fields": {field: _count_line(count) for field, count in score.fields.items()},
        "unsupported": {field: _count_line(count) for field, count in score.unsupported.items()},
    }


def _tallies(score: Score) -> dict[str, Tally]:
    return {"alert": score.alert, "news_calls": score.news_calls, "all_calls": score.all_calls}


def _tally_line(tally: Tally) -> dict[str, float]:
    rates = {name: round(getattr(tally, name), 4) for name in ("precision", "recall", "f1")}
    return {**rates, **msgspec.structs.asdict(tally)}


def _count_line(count: Count) -> dict[str, float | None]:
    return {**msgspec.structs.asdict(count), "share": None if count.share is None else round(count.share, 4)}


def _table(scores: dict[str, Score]) -> Table:
    """One column per set."""
    table = Table("", *scores, box=None, pad_edge=False)
    table.add_row("articles", *(str(score.articles) for score in scores.values()))
    for name in ("alert", "news_calls", "all_calls"):
        tallies = [getattr(score, name) for score in scores.values()]
        table.add_row(f"{name.replace('_', ' ')}: F1", *(f"{tally.f1:.3f}" for tally in tallies))
        table.add_row("  precision, recall", *(f"{tally.precision:.3f} {tally.recall:.3f}" for tally in tallies))
    for name in FIELDS:
        table.add_row(name, *(_share(score.fields[name]) for score in scores.values()))
    for name in OPEN_FIELDS:
        table.add_row(f"{name}, unsupported", *(_share(score.unsupported[name]) for score in scores.values()))
    return table


def _share(count: Count) -> str:
    return f"{count.hits}/{count.of}" if count.of else "–"
