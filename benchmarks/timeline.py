"""What `redphone eval --history` says of labelled histories: beside it, what plain filters make of the same calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import Section
from redphone.labels import labelled_sets
from redphone.timeline import ONE_A_DAY, OURS, SAME_TITLE, has_verdicts, rows_of, scores_of

TITLE = "One call or two: histories of labelled calls"
#: What the history must reach. Of the calls that are never announced and the rest only counts are given as goals.
_GOALS = {
    "mentions: F1": "≥ 0.93",
    "identity, B-cubed: F1": "≥ 0.97",
    "identity, pairwise: F1": "≥ 0.97",
    "announcements per call": "≤ 1.03",
    "announced more than once": "0",
    "calls never announced": "≤ 2",
    "updates on no labelled call": "≤ 2",
    "verdicts": "≥ 0.90",
    "compared with the right call": "≥ 0.95",
}
_NOTE = (
    "The filters are given what the classifier read: one call a day of the same countries, and one of the same "
    "countries under one title. Second calls: of countries that had spoken before; swallowed where never announced."
)


def measure(folder: Path | None) -> Section:
    """The figures of each set with verdicts, and those of both filters."""
    header = ("measure", OURS, ONE_A_DAY, SAME_TITLE, "goal")
    rows = tuple(_rows(folder)) if folder is not None else ()
    return Section(TITLE, rows, (_NOTE,) if rows else ("No labelled histories were given.",), header)


def _rows(folder: Path) -> Iterator[tuple[str, ...]]:
    for found in labelled_sets(folder, None):
        if has_verdicts(found):
            columns = [rows_of(score) for score in scores_of(found).values()]
            for name in columns[0]:
                goal = _GOALS.get(name, "")
                yield f"{found.name} ({len(found.pairs)} articles): {name}", *(c[name] for c in columns), goal
