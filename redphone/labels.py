"""Articles that an editor has labelled: the form of a set, and how it is read.

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

For a history each call has a `call_id`, the same in every article that tells of it, and each article its `verdicts`:
`[{"call_id": "macron-merz-1", "verdict": "update", "also_ok": ["repeat"]}]`. `calls.json` beside the labels may name
for each call the one that it is to be compared with: `{"macron-merz-2": {"previous_held": "macron-merz-1"}}`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from redphone.articles import NOT_JSON, read_articles
from redphone.scoring import ToldCall
from shared.errors import UsageError
from shared.records import Article, Status

LABELS = "labels.jsonl"
ARTICLES = "articles.jsonl"


class LabelledCall(ToldCall, frozen=True, kw_only=True):
    """A call as the editor labelled it: what a told call has, and both fields that a label must have."""

    status: Status
    news: bool
    call_id: str | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What an article is to the history of a call; `verdict` may name several with | between, as `also_ok` does."""

    call_id: str
    verdict: str
    also_ok: list[str] | None = None


class Label(msgspec.Struct):
    """The calls of one article in the editor's eyes."""

    id: str
    calls: list[LabelledCall]
    alert: bool | None = None
    verdicts: list[Verdict] = []

    @property
    def alerts(self) -> bool:
        """Whether the article should alert: as labelled, or, where the label is silent, if a call of it is news."""
        return any(call.news for call in self.calls) if self.alert is None else self.alert


class LabelledSet(msgspec.Struct, frozen=True):
    """The articles of a set, each with its label; `folder` is where its labels lie."""

    name: str
    folder: Path
    pairs: list[tuple[Article, Label]]


def labelled_sets(folder: Path, labels: Path | None) -> Iterator[LabelledSet]:
    """The set in a folder, or all in the folders below it. `labels`: the labels of a set that lie elsewhere.

    Raises UsageError for the first thing that is wrong.
    """
    if labels or (folder / LABELS).exists():
        yield _set(folder.resolve().name, folder, labels or folder / LABELS)
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
        yield _set(file.parent.name, file.parent, file)


def _set(name: str, folder: Path, labels: Path) -> LabelledSet:
    return LabelledSet(name, labels.parent, list(_pairs(folder, labels)))


def _pairs(folder: Path, labels: Path) -> Iterator[tuple[Article, Label]]:
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


def _labels(path: Path) -> Iterator[tuple[str, Label]]:
    seen: set[str] = set()
    for number, line in enumerate(_lines(path), 1):
        where = f"{path} line {number}"
        if not line.strip():
            continue
        try:
            label = msgspec.json.decode(line, type=Label)
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
