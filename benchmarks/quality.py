"""What `redphone eval` says of the labelled sets: its figures belong beside the speed, for either is easy alone."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.table import Row, Section
from redphone.evaluate import evaluate

_MEASURES = {"alert": "alert", "news_calls": "calls told as news", "all_calls": "all calls"}


def measure(folder: Path | None) -> Section:
    """F1, precision and recall of each set, and for each field how many of the matched calls have it right."""
    if folder is None:
        return Section("Quality", (), ("No labelled sets were given.",))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        evaluate(str(folder), as_json=True)
    rows = [row for line in said.getvalue().splitlines() for row in _rows(msgspec.json.decode(line))]
    return Section("Quality", tuple(rows), header=("measure", "figure", "precision, recall"))


def _rows(said: dict[str, Any]) -> Iterator[Row]:
    name = f"{said['set']} ({said['articles']} articles)"
    for measure, words in _MEASURES.items():
        rates = said[measure]
        yield Row(f"{name}: {words}", f"F1 {rates['f1']:.3f}", f"{rates['precision']:.3f}, {rates['recall']:.3f}")
    for field, count in said["fields"].items():
        if count["of"]:
            yield Row(f"{name}: {field}", f"{count['hits']} of {count['of']}")
