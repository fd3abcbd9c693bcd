"""`python -m benchmarks.rolling COMMIT`: the workers of that commit are handed over to those of this tree.

The figures go to the output. A run in which something was lost or told twice ends with 1.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from benchmarks.rolling.run import Result, play
from tests.support.processes import ROOT

SHOWN = 40


def main(arguments: list[str]) -> int:
    """Run; the exit code."""
    if len(arguments) != 1 or not arguments[0]:
        sys.stderr.write("rolling: name the commit of the older release: make rolling OLD=COMMIT\n")
        return 2
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, _leave)  # so that everything that was started ends too
    try:
        with _tree_of(arguments[0]) as tree:
            result = play(tree)
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"rolling: {' '.join(error.cmd)} failed\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in told(result)))
    return 0 if kept(result) else 1


def kept(result: Result) -> bool:
    """Whether nothing was lost or told twice. What two releases read otherwise is told, and is no fault."""
    return not (result.verdict.lost or result.verdict.doubled)


def told(result: Result) -> list[str]:
    """A run in lines."""
    verdict = result.verdict
    lines = [
        f"{one.service}: {'had' if one.in_hand else 'nothing'} in hand, {'finished' if one.finished else 'left'}, "
        f"ended with {one.code}; {one.shown} articles were shown meanwhile"
        for one in result.handovers
    ]
    lines += [f"{count} articles read by rules {version}" for version, count in result.read.items()]
    lines += [
        f"{result.articles} articles, {result.calls} calls, {result.messages} messages; lost {len(verdict.lost)}, "
        f"doubled {len(verdict.doubled)}, read otherwise than by the newer release alone {len(verdict.different)}"
    ]
    for name, found in (("lost", verdict.lost), ("doubled", verdict.doubled), ("otherwise", verdict.different)):
        lines += [f"{name}: {words}" for words in found[:SHOWN]]
    return lines


@contextmanager
def _tree_of(commit: str) -> Iterator[Path]:
    """The sources of a commit, in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="redphone-release-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--quiet", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
