"""The table of results as Markdown. Pure: figures in, text out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

HEADER = ("measure", "figure", "peer", "ratio", "goal")


class Row(msgspec.Struct, frozen=True):
    """One line of the table: a measure with its figure, what it stands beside, and what it should be."""

    measure: str
    figure: str
    peer: str = ""
    ratio: str = ""
    goal: str = ""


class Section(msgspec.Struct, frozen=True):
    """A table under a heading; `notes` say what was measured, and plainly what could not be."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    header: Sequence[str] = HEADER


class Machine(msgspec.Struct, frozen=True):
    """What a reader must know of where the figures come from; neither names nor paths."""

    day: dt.date
    cores: int
    python: str
    system: str


def render(machine: Machine, source: str, sections: Iterable[Section]) -> str:
    """The whole document. `source` names the texts that were measured on."""
    head = (
        "# Results\n\n"
        "Written by `make bench`: figures of one machine and run, to be read as ratios to the peer in the same run.\n\n"
        f"{machine.day.isoformat()}, {machine.cores} cores, Python {machine.python}, {machine.system}.\n\n"
        f"Texts: {source}.\n"
    )
    return head + "".join(_section(section) for section in sections)


def _section(section: Section) -> str:
    lines = [
        _line(section.header),
        _line("---" for _ in section.header),
        *(_line(msgspec.structs.astuple(row)[: len(section.header)]) for row in section.rows),
    ]
    table = ["\n".join(lines)] if section.rows else []
    return "".join(f"\n{paragraph}\n" for paragraph in (f"## {section.title}", *table, *section.notes))


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def figure(value: float) -> str:
    """A number with three significant digits: 12 345 → "12,300", 0.01234 → "0.0123"."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def times(ratio: float) -> str:
    """A ratio: "12.3×"."""
    return f"{figure(ratio)}×"
