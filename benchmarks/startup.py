"""One article, one process: what another program waits for when it calls `redphone classify`."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measure import Run, median_run, whole_process
from benchmarks.peers import Peer
from benchmarks.table import Row, Section, figure, times

_OURS = ("-m", "redphone", "classify", "seeds/000_d7475c445a04d6d9.txt")
_ROUNDS = 7


def measure(peers: Sequence[Peer]) -> Section:
    """Wall time and memory of whole processes, each started in turn with the others."""
    others = {"bare interpreter": ("-c", "pass")}
    if any(peer.name.startswith("underthesea") and not peer.trouble for peer in peers):
        others["import underthesea"] = ("-c", "import underthesea")
    whole_process(_OURS)  # the first run of a new version compiles the modules
    runs: dict[str, list[Run]] = {name: [] for name in ("ours", *others)}
    for _ in range(_ROUNDS):
        runs["ours"].append(whole_process(_OURS))
        for name, arguments in others.items():
            runs[name].append(whole_process(arguments))
    ours = median_run(runs["ours"])
    rows: list[Row] = []
    for name in others:
        peer = median_run(runs[name])
        rows += [
            Row("wall, ms", figure(ours.ms), f"{name}: {figure(peer.ms)}", times(ours.ms / peer.ms), "≤ 250"),
            Row("most memory, MB", figure(ours.mb), f"{name}: {figure(peer.mb)}", times(ours.mb / peer.mb), "≤ 60"),
        ]
    return Section(
        "Start of `redphone classify` for one article",
        tuple(rows),
        (f"Medians of {_ROUNDS} runs after a first, with the bytecode that it left.",),
    )
