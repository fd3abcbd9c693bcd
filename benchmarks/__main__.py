"""`python -m benchmarks [FOLDER] [PARTS]`: measure, write benchmarks/RESULTS.md and print it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    copies,
    day,
    flow,
    fuzz,
    growth,
    history,
    ingest,
    ingest_day,
    ingest_faults,
    latency,
    memory,
    names,
    notify,
    pages,
    peers,
    quality,
    recovery,
    speed,
    startup,
    status,
    texts,
    timeline,
)
from benchmarks.results import RESULTS, write
from benchmarks.table import Section
from services.classify.lexicon import load_lexicon
from shared.errors import UsageError

PARTS = (
    "startup",
    "speed",
    "names",
    "growth",
    "memory",
    "history",
    "copies",
    "ingest",
    "ingest_watch",
    "ingest_faults",
    "ingest_fuzz",
    "ingest_day",
    "day",
    "notify",
    "flow",
    "latency",
    "recovery",
    "status",
    "pages",
    "quality",
    "timeline",
)


def main(arguments: list[str]) -> int:
    """Measure all parts, or those named, and write each table when it is there; the exit code.

    The first argument is the folder of labelled sets, or empty; the second names parts, with commas between. The tables
    of parts that are not measured stay as they were.
    """
    folder, only = [*arguments, "", ""][:2]
    wanted = tuple(part for part in only.split(",") if part) or PARTS
    unknown = [part for part in wanted if part not in PARTS]
    if len(arguments) > 2 or unknown:
        sys.stderr.write(f"benchmarks: a folder of labelled sets, and parts such as {','.join(PARTS)}\n")
        return 2
    try:
        found = texts.load(Path(folder) if folder else None)
    except (UsageError, OSError) as error:
        sys.stderr.write(f"benchmarks: {error}; name a folder with dev/ and stream.jsonl.gz, or none\n")
        return 2
    for part in wanted:
        section = _measured(part, found)
        write(section, found.source if part in _OF_TEXTS else "")
        sys.stderr.write(f"benchmarks: {section.title}: measured\n")
    sys.stdout.write(RESULTS.read_text(encoding="utf-8"))
    return 0


#: The parts whose figures depend on the texts that were given.
_OF_TEXTS = {"speed", "names", "memory", "flow", "quality", "timeline"}


def _measured(part: str, found: texts.Texts) -> Section:
    measures: dict[str, Callable[[], Section]] = {
        "startup": lambda: startup.measure(peers.load()),
        "speed": lambda: speed.measure(found, peers.load(), load_lexicon()),
        "names": lambda: names.measure(found, peers.load(), load_lexicon()),
        "growth": lambda: growth.measure(load_lexicon()),
        "memory": lambda: memory.measure(found.stream, load_lexicon()),
        "history": lambda: history.measure(load_lexicon()),
        "copies": copies.measure,
        "ingest": ingest.measure,
        "ingest_watch": ingest.measure_watch,
        "ingest_faults": ingest_faults.measure,
        "ingest_fuzz": fuzz.measure,
        "ingest_day": ingest_day.measure,
        "day": day.measure,
        "notify": notify.measure,
        "flow": lambda: flow.measure(found.stream),
        "latency": latency.measure,
        "recovery": recovery.measure,
        "status": lambda: status.measure(load_lexicon()),
        "pages": pages.measure,
        "quality": lambda: quality.measure(found.labelled),
        "timeline": lambda: timeline.measure(found.labelled),
    }
    return measures[part]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
