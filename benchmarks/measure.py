"""How things are measured: medians of several runs, ours and the peer's in turn, so that both meet the same machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

import msgspec

ROOT = Path(__file__).parent.parent
T = TypeVar("T")


class Pair(msgspec.Struct, frozen=True):
    """Medians of ours and of the peer's, and the median of the ratios (ours to the peer's) of each round."""

    ours: float
    peer: float
    ratio: float


def rate(work: Callable[[T], object], items: Sequence[T]) -> float:
    """Items per second of processor time, one after the other."""
    start = time.process_time()
    for item in items:
        work(item)
    return len(items) / max(time.process_time() - start, 1e-9)


def seconds(work: Callable[[], object]) -> float:
    """Seconds of processor time that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def paired(ours: Callable[[], float], peer: Callable[[], float], rounds: int = 3) -> Pair:
    """Measure both in turn, `rounds` times."""
    measured = [(ours(), peer()) for _ in range(rounds)]
    return Pair(
        ours=median(mine for mine, _ in measured),
        peer=median(theirs for _, theirs in measured),
        ratio=median(mine / theirs for mine, theirs in measured),
    )


class Run(msgspec.Struct, frozen=True):
    """One run of a whole process: wall milliseconds and the most memory it held, in MB."""

    ms: float
    mb: float


def whole_process(arguments: Sequence[str]) -> Run:
    """Run the interpreter with some arguments from the project's folder. Raises RuntimeError where it fails.

    As a user's process it keeps the bytecode of what it imports, for the next run, whatever this shell says of that.
    """
    ours = ("REDPHONE_", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, str(Path(__file__).with_name("stopwatch.py")), *arguments]
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    ms, mb, code = said.split()
    if code != "0":
        raise RuntimeError(f"{' '.join(arguments)}: exit code {code}")
    return Run(ms=float(ms), mb=float(mb))


def median_run(runs: Iterable[Run]) -> Run:
    """The medians of several runs."""
    found = list(runs)
    return Run(ms=median(run.ms for run in found), mb=median(run.mb for run in found))


def resident_mb() -> float:
    """The memory that this process holds now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_ms(process: int) -> float:
    """The processor time that a process has had, in milliseconds (Linux: proc(5), utime and stime)."""
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) * 1000 / os.sysconf("SC_CLK_TCK")
