"""`python -m benchmarks [FOLDER]`: measure, print the results and write them to benchmarks/RESULTS.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import (
    copies,
    growth,
    history,
    ingest,
    ingest_day,
    memory,
    names,
    notify,
    peers,
    quality,
    speed,
    startup,
    status,
    texts,
)
from benchmarks.table import Machine, Section, render
from services.classify.lexicon import load_lexicon
from shared.errors import UsageError

RESULTS = Path(__file__).with_name("RESULTS.md")


def main(arguments: list[str]) -> int:
    """Measure on the sets of a folder, or without one on the project's own texts; the exit code."""
    if len(arguments) > 1:
        sys.stderr.write("benchmarks: one folder of labelled sets at most\n")
        return 2
    try:
        found = texts.load(Path(arguments[0]) if arguments and arguments[0] else None)
    except (UsageError, OSError) as error:
        sys.stderr.write(f"benchmarks: {error}; name a folder with dev/ and stream.jsonl.gz, or none\n")
        return 2
    sections = list(_told(_sections(found)))
    text = render(_machine(), found.source, sections)
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _sections(found: texts.Texts) -> Iterator[Section]:
    lexicon, beside = load_lexicon(), peers.load()
    yield startup.measure(beside)
    yield speed.measure(found, beside, lexicon)
    yield names.measure(found, beside, lexicon)
    yield growth.measure(lexicon)
    yield memory.measure(found.stream, lexicon)
    yield history.measure(lexicon)
    yield copies.measure()
    yield ingest.measure()
    yield ingest_day.measure()
    yield notify.measure()
    yield status.measure(lexicon)
    yield quality.measure(found.labelled)


def _told(sections: Iterator[Section]) -> Iterator[Section]:
    """Say what is done, for some of it takes minutes."""
    for section in sections:
        sys.stderr.write(f"benchmarks: {section.title}: measured\n")
        yield section


def _machine() -> Machine:
    return Machine(
        day=dt.datetime.now(dt.UTC).date(),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        system=f"{platform.system()} on {platform.machine()}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
