"""The table of results as Markdown. Pure: figures in, text out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

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
    """A table under a heading; `notes` say what was measured, and plainly what could not be. A row of a table with
    another header is its cells."""

    title: str
    rows: Sequence[Row | Sequence[str]]
    notes: tuple[str, ...] = ()
    header: Sequence[str] = HEADER


class Machine(msgspec.Struct, frozen=True):
    """What a reader must know of where the figures come from; neither names nor paths."""

    day: dt.date
    cores: int
    python: str
    system: str


HEAD = (
    "# Results\n\n"
    "Written by `make bench` and `make chaos`: each table has the figures of one machine and run, to be read as ratios "
    "to the peer in the same run.\n"
)


def render(tables: Mapping[str, str]) -> str:
    """The whole document: each table under its title."""
    return HEAD + "".join(f"\n## {title}\n{table}" for title, table in tables.items())


def tables_of(document: str) -> dict[str, str]:
    """The tables of a document that `render` wrote, by their title; none where there is no document."""
    _, *parts = f"\n{document}".split("\n## ")
    pairs = (part.partition("\n") for part in parts)
    return {title: f"\n{body.strip()}\n" for title, _, body in pairs}


def render_section(section: Section, machine: Machine, source: str = "") -> str:
    """One table with its notes, and where its figures come from. `source` names the texts that were measured on."""
    lines = [
        _line(section.header),
        _line("---" for _ in section.header),
        *(_line(_cells(row)[: len(section.header)]) for row in section.rows),
    ]
    table = ["\n".join(lines)] if section.rows else []
    texts = f"; texts: {source}" if source else ""
    run = f"{machine.day.isoformat()}, {machine.cores} cores, Python {machine.python}, {machine.system}{texts}."
    return "".join(f"\n{paragraph}\n" for paragraph in (*table, *section.notes, run))


def _cells(row: Row | Sequence[str]) -> Sequence[str]:
    return msgspec.structs.astuple(row) if isinstance(row, Row) else row


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
