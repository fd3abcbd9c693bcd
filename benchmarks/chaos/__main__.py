"""`python -m benchmarks.chaos [FAULTS] [SEED]`: strike, and write the tables into benchmarks/RESULTS.md.

A run that does not hold is told with its seed and its strikes, leaves the results as they were and ends with 1.
"""

from __future__ import annotations

import random
import signal
import sys
from types import FrameType

from benchmarks.chaos import report
from benchmarks.chaos.run import MOST_FAULTS, Result, play, to_stderr
from benchmarks.chaos.struck import unproven
from benchmarks.results import write

FAULTS = 500
SHOWN = 40


def main(arguments: list[str]) -> int:
    """Run; the exit code."""
    faults, seed = [*arguments, "", ""][:2]
    if len(arguments) > 2 or not all(part.isdigit() for part in (faults, seed) if part) or faults == "0":
        sys.stderr.write("chaos: how many faults, and the number of a schedule to replay\n")
        return 2
    if faults and int(faults) > MOST_FAULTS:
        sys.stderr.write(f"chaos: the newspapers have articles for {MOST_FAULTS} faults at most\n")
        return 2
    number = int(seed) if seed else random.SystemRandom().randrange(10_000)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, _leave)  # so that everything that was started ends too
    to_stderr(f"seed {number}")
    try:
        result = play(number, int(faults) if faults else FAULTS, to_stderr)
    except KeyboardInterrupt:
        to_stderr("stopped; nothing was written")
        return 130
    return _tell(result)


def _tell(result: Result) -> int:
    if not result.holds:
        sys.stderr.write("".join(f"{line}\n" for line in failure(result)))
        return 1
    stream = (
        f"{result.articles:,} articles of 15 newspapers, {result.calls} calls, {result.messages} messages, "
        f"{result.seconds / 60:.0f} minutes."
    )
    for section in report.sections(result.struck, result.verdict, stream, result.seed):
        sys.stdout.write(f"{write(section)}\n")
    return 0


def failure(result: Result) -> list[str]:
    """A run that does not hold, in lines: how to replay it, what was struck, what is wrong, what the processes said."""
    verdict, faults = result.verdict, sum(len(one.faults) for one in result.struck)
    replay = f"make chaos SEED={result.seed} FAULTS={faults}"
    lines = [f"chaos: seed {result.seed} does not hold; replay it with {replay}"]
    lines += [f"struck {one}" for one in result.struck]
    wrong = {"lost": verdict.lost, "doubled": verdict.doubled, "different": verdict.different}
    for name, found in {**wrong, "unproven": unproven(result.struck)}.items():
        lines += [f"{name}: {words}" for words in found[:SHOWN]]
        lines += [f"{name}: and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return [*lines, result.said]


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
