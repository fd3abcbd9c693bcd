"""`redphone eval --history`: how well labelled articles, in their order, are kept as a history, beside plain filters.

The filters are what desks and event data have instead: one call a day of the same countries, and one article of the
same title. They are given what the classifier read, so that only what they make of it differs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from rich.table import Table

from redphone.articles import NOT_JSON, in_order
from redphone.histories import ExpectedCall, HistoryScore, Told, TracedCall, by_key, score_history
from redphone.labels import Label, LabelledSet, labelled_sets
from redphone.progress import counted
from redphone.replay import Replay, database
from redphone.terminal import Terminal
from services.notify.console import ConsolePoster
from shared.errors import UsageError
from shared.records import Article
from shared.settings import load_settings

PREVIOUS = "calls.json"
OURS, ONE_A_DAY, SAME_TITLE = "redphone", "one a day", "same title"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class _Known(msgspec.Struct):
    """A row of `calls.json`: the call that another one is to be compared with."""

    previous_held: str | None = None


def evaluate_history(path: str, *, labels: str | None = None, as_json: bool = False) -> None:
    """Print the figures of each set that has verdicts. `labels`: the labels of a set that lie elsewhere.

    Raises UsageError where no set has any, and for the first thing that is wrong.
    """
    sets = [found for found in labelled_sets(Path(path), Path(labels) if labels else None) if has_verdicts(found)]
    if not sets:
        raise UsageError(f"{path}: no label has verdicts; `redphone eval --help` tells where to read of their form")
    for found in sets:
        scores = scores_of(found)
        if as_json:
            sys.stdout.write(msgspec.json.encode(_line(found.name, scores)).decode() + "\n")
        else:
            Terminal().print(_table(found.name, scores))


def scores_of(labelled: LabelledSet) -> dict[str, HistoryScore]:
    """The figures of a set by name: of the history, and of each filter over the same readings."""
    label_of = {article.id: label for article, label in labelled.pairs}
    ordered = [article for _, article in in_order([article for article, _ in labelled.pairs])]
    told = [Told(_expected(label_of[article.id]), calls) for article, calls in _played(ordered)]
    previous = _previous(labelled.folder / PREVIOUS)
    filtered = {
        ONE_A_DAY: by_key(told, lambda number, call: _day(ordered[number], call)),
        SAME_TITLE: by_key(told, lambda number, _: " ".join(ordered[number].title.casefold().split())),
    }
    return {name: score_history(rows, previous) for name, rows in {OURS: told, **filtered}.items()}


def has_verdicts(found: LabelledSet) -> bool:
    """Whether a set says what its articles are to a history."""
    return any(label.verdicts for _, label in found.pairs)


def _played(articles: Sequence[Article]) -> Iterator[tuple[Article, list[TracedCall]]]:
    """Each article with its calls as the history has them when it has come, each at its own time."""
    with database(None) as sessions:
        played = Replay(sessions, load_settings(), ConsolePoster(Terminal(quiet=True)))
        for moment, article in counted(in_order(articles), "replayed"):
            calls = played.play(article, moment).line.calls
            yield article, [msgspec.convert(call, TracedCall, from_attributes=True) for call in calls]


def _expected(label: Label) -> list[ExpectedCall]:
    verdicts = {v.call_id: (*v.verdict.split("|"), *(v.also_ok or ())) for v in label.verdicts}
    return [
        msgspec.convert(
            {**msgspec.structs.asdict(call), "verdicts": verdicts.get(call.call_id, ())}, ExpectedCall, strict=False
        )
        for call in label.calls
        if call.call_id
    ]


def _day(article: Article, call: TracedCall) -> str:
    """The day of a call as its article tells it, else that of the article."""
    if call.date and "?" not in call.date:
        return call.date
    return article.published_at.astimezone(_VIETNAM).date().isoformat() if article.published_at else ""


def _previous(path: Path) -> Mapping[str, str | None]:
    if not path.exists():
        return {}
    try:
        known = msgspec.json.decode(path.read_bytes(), type=dict[str, _Known])
    except (OSError, *NOT_JSON) as error:
        raise UsageError(f"{path}: {error}; write a JSON object of calls, each with previous_held") from error
    return {call: row.previous_held for call, row in known.items()}


# -- what is printed ----------------------------------------------------------------------------------------------


def rows_of(score: HistoryScore) -> dict[str, str]:
    """The figures of a history in words, by measure."""
    return {
        "mentions: F1": f"{score.mentions.f1:.3f}",
        "identity, B-cubed: F1": f"{score.b_cubed:.3f}",
        "identity, pairwise: F1": f"{score.pairwise.f1:.3f}",
        "announcements per call": "–" if score.per_call is None else f"{score.per_call:.2f}",
        "announced more than once": str(len(score.again)),
        "calls never announced": f"{len(score.missed)} of {score.calls}",
        "second calls swallowed": f"{score.second.hits} of {score.second.of}",
        "updates on no labelled call": str(score.unfounded_updates),
        "verdicts": _share(score.verdicts.hits, score.verdicts.of),
        "compared with the right call": _share(score.compared.hits, score.compared.of),
    }


def _share(hits: int, of: int) -> str:
    return f"{hits} of {of}, {hits / of:.3f}" if of else "–"


def _table(name: str, scores: Mapping[str, HistoryScore]) -> Table:
    table = Table(name, *scores, box=None, pad_edge=False)
    columns = [rows_of(score) for score in scores.values()]
    for measure in columns[0]:
        table.add_row(measure, *(column[measure] for column in columns))
    return table


def _line(name: str, scores: Mapping[str, HistoryScore]) -> dict[str, Any]:
    return {
        "set": name,
        **{
            key: {**msgspec.structs.asdict(score), "per_call": score.per_call, "pairwise_f1": score.pairwise.f1}
            for key, score in scores.items()
        },
    }
