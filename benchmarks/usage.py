"""What processes hold and have used, with all that they started (Linux: proc(5))."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")


class Usage(NamedTuple):
    """Memory in MB (a shared page counts for its share: PSS) and seconds of processor time since the start."""

    mb: float
    cpu_s: float


class _Process(NamedTuple):
    name: str
    parent: int
    cpu_s: float


def usage(roots: Mapping[str, int]) -> dict[str, Usage]:
    """Of each process with all under it, by the names that were given; those that ended count with who waited."""
    running = _running()
    under: dict[int, list[int]] = defaultdict(list)
    for pid, process in running.items():
        under[process.parent].append(pid)
    trees = {name: list(_tree(root, under)) for name, root in roots.items()}
    return {
        name: Usage(sum(map(_mb, pids)), sum(running[pid].cpu_s for pid in pids if pid in running))
        for name, pids in trees.items()
    }


def children(name: str) -> list[int]:
    """The processes with this name that this one started."""
    return [pid for pid, found in _running().items() if found.parent == os.getpid() and found.name == name]


def _running() -> dict[int, _Process]:
    found: dict[int, _Process] = {}
    for entry in _PROC.glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            before, _, after = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")
            fields = after.split()
            ticks = sum(int(field) for field in fields[11:15])  # its own, and of children that were waited for
            name = before.partition("(")[2]
            found[int(entry.parent.name)] = _Process(name, int(fields[1]), ticks / os.sysconf("SC_CLK_TCK"))
    return found


def _tree(root: int, under: Mapping[int, list[int]]) -> Iterator[int]:
    yield root
    for child in under.get(root, ()):
        yield from _tree(child, under)


def _mb(pid: int) -> float:
    with suppress(OSError):  # it ended meanwhile
        for line in (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
