"""benchmarks/RESULTS.md: each table is written when it is measured, and the others stay as they were."""

from __future__ import annotations

import datetime as dt
import os
import platform
from pathlib import Path

from benchmarks.table import Machine, Section, render, render_section, tables_of

RESULTS = Path(__file__).with_name("RESULTS.md")


def write(section: Section, source: str = "") -> str:
    """Write one table into the file; returns it as text. `source` names the texts that were measured on."""
    tables = tables_of(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    tables[section.title] = render_section(section, _machine(), source)
    RESULTS.write_text(render(tables), encoding="utf-8")
    return f"## {section.title}\n{tables[section.title]}"


def _machine() -> Machine:
    return Machine(
        day=dt.datetime.now(dt.UTC).date(),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        system=f"{platform.system()} on {platform.machine()}",
    )
