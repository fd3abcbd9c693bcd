"""`redphone eval`: how well the classifier does on articles that an editor has labelled.

A newsroom's own set is a folder with the articles (`articles.jsonl`, or `.txt` files as in `seeds/`) and
`labels.jsonl`, one JSON object per article:

    {"id": "a1", "alert": true, "calls": [{
        "participants": ["Emmanuel Macron", null], "countries": ["FR", "JP"], "status": "held", "news": true,
        "channel": "phone", "date": "2024-05-17", "duration_min": 45, "initiator": "FR"}]}

`id` is the article's. `calls` holds every call between leaders, an empty list where there is none. `participants` are
full Latin names, null for one whom the text names only by office; `countries` are ISO 3166-1 alpha-2 in the same order
(EU, NATO, UN, … as they are), null for one that cannot be told. `status` is held, ongoing, planned, proposed or denied;
`news` is false for an older call told as history; `channel` is phone or video. `date` is ISO with `?` for what the text
does not tell (`????-05-17`, `2024-05-??`). `initiator` is a country or "both". Null or left out: the text does not tell
it. `alert` (left out: whether a call is news) and further keys, such as notes, are the editor's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import msgspec
from rich.table import Table

from redphone.articles import NOT_JSON, read_articles
from redphone.lines import call_line
from redphone.progress import counted
from redphone.scoring import FIELDS, OPEN_FIELDS, Count, Score, Tally, ToldCall, score_article
from redphone.terminal import Terminal
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from shared.errors import UsageError
from shared.records import Article, Report, Status

LABELS = "labels.jsonl"
ARTICLES = "articles.jsonl"


class _LabelledCall(ToldCall, frozen=True, kw_only=True):
    """A call as the editor labelled it: what a told call has, and both fields that a label must have."""

    status: Status
    news: bool


class _Label(msgspec.Struct):
    """The calls of one article in the editor's eyes."""

    id: str
    calls: list[_LabelledCall]
    alert: bool | None = None

    @property
    def alerts(self) -> bool:
        """Whether the article should alert: as labelled, or, where the label is silent, if a call of it is news."""
        return any(call.news for call in self.calls) if self.alert is None else self.alert


def evaluate(path: str, *, labels: str | None = None, as_json: bool = False) -> None:
    """Print the figures of a set, or of each set in a folder. `labels`: the labels of a set that lie elsewhere.

    Everything is read before anything is classified. Raises UsageError for the first thing that is wrong.
    """
    sets = {name: list(pairs) for name, pairs in _sets(Path(path), Path(labels) if labels else None)}
    lexicon = load_lexicon()

    def read(article: Article) -> Sequence[Report]:
        return extract(article, lexicon).reports

    scores = {name: _scored(pairs, read) for name, pairs in sets.items()}
    if as_json:
        sys.stdout.writelines(msgspec.json.encode(_line(n, s)).decode() + "\n" for n, s in scores.items())
    else:
        Terminal().print(_table(scores))


def _scored(pairs: Sequence[tuple[Article, _Label]], read: Callable[[Article], Sequence[Report]]) -> Score:
    scores = (
        score_article(label.calls, [_told(report) for report in read(article)], label.alerts)
        for article, label in counted(pairs, "classified")
    )
    return reduce(add, scores, Score())


def _told(report: Report) -> ToldCall:
    return msgspec.convert(call_line(report), ToldCall, from_attributes=True)


def _sets(folder: Path, labels: Path | None) -> Iterator[tuple[str, Iterator[tuple[Article, _Label]]]]:
    if labels or (folder / LABELS).exists():
        yield folder.resolve().name, _set(folder, labels or folder / LABELS)
        return
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name one that holds {ARTICLES} and {LABELS}")
    found = sorted(folder.glob(f"*/{LABELS}"))
    whole = [file for file in found if _source(file.parent)]
    if not whole:
        raise UsageError(f"{folder}: no labelled set here or a folder below; a set is {ARTICLES} and {LABELS}")
    for file in (file for file in found if file not in whole):
        sys.stderr.write(f"redphone: {file.parent}: labels without articles, left out\n")
    for file in whole:
        yield file.parent.name, _set(file.parent, file)


def _set(folder: Path, labels: Path) -> Iterator[tuple[Article, _Label]]:
    """Each label with its article. Articles without a label are left out."""
    source = _source(folder)
    if source is None:
        raise UsageError(f"{folder}: no articles here; put {ARTICLES} or .txt files beside the labels")
    articles = {article.id: article for article in read_articles(str(source))}
    for where, label in _labels(labels):
        if label.id not in articles:
            raise UsageError(f"{where}: no article {label.id} in {folder}; a label names the id of one")
        yield articles[label.id], label


def _source(folder: Path) -> Path | None:
    """What holds the articles of a set; None where it has none."""
    if (folder / ARTICLES).exists():
        return folder / ARTICLES
    return folder if any(folder.glob("*.txt")) else None


def _labels(path: Path) -> Iterator[tuple[str, _Label]]:
    seen: set[str] = set()
    for number, line in enumerate(_lines(path), 1):
        where = f"{path} line {number}"
        if not line.strip():
            continue
        try:
            label = msgspec.json.decode(line, type=_Label)
        except NOT_JSON as error:
            raise UsageError(f"{where}: {error}; `redphone eval --help` shows a label") from error
        if label.id in seen:
            raise UsageError(f"{where}: id {label.id} stands twice; each article has one label")
        seen.add(label.id)
        yield where, label


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name a {LABELS} that you may read") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 ({error}); save it as UTF-8") from error


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
