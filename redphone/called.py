"""How this program was called, so that a command which it prints can be pasted back.

After `make replay` it lies at `.venv/bin/redphone`, where no shell looks for it.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

NAME = "redphone"


def called() -> str:
    """The words that call this program again in the working directory."""
    return command(sys.argv[0], sys.executable, Path.cwd(), shutil.which)


def command(script: str, python: str, here: Path, which: Callable[[str], str | None]) -> str:
    """`redphone`, or the way to it from `here` where the one that `which` finds is another or none.

    `script` is what Python ran, `python` the interpreter: `python -m redphone` runs the package's `__main__.py`. Called
    by another program, the name alone is all that can be said.
    """
    place = Path(script)
    if place.name == NAME:
        return _way(here / place, here, which)
    if (place.parent.name, place.name) == (NAME, "__main__.py"):
        return f"{_way(Path(python), here, which)} -m {NAME}"
    return NAME


def _way(program: Path, here: Path, which: Callable[[str], str | None]) -> str:
    found = which(program.name)
    # not resolved: the Python of a virtual environment is a link to another one
    if found is not None and here / found == program:
        return program.name
    way = program.relative_to(here) if program.is_relative_to(here) else program
    return shlex.quote(str(way) if len(way.parts) > 1 else f"./{way}")
