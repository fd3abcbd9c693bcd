"""`python stopwatch.py ARGUMENTS`: run the interpreter with them; print wall milliseconds, megabytes and exit code.

A program of its own, because a process counts as its most memory also that of the process which started it.
"""

from __future__ import annotations

import os
import sys
import time


def main(arguments: list[str]) -> None:
    """Run and print; the other program's output goes nowhere."""
    nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    start = time.perf_counter()
    process = os.posix_spawn(sys.executable, [sys.executable, *arguments], os.environ, file_actions=nowhere)
    _, status, usage = os.wait4(process, 0)
    milliseconds = (time.perf_counter() - start) * 1000
    sys.stdout.write(f"{milliseconds} {usage.ru_maxrss / 1024} {os.waitstatus_to_exitcode(status)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
