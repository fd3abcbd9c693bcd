"""The table of results: figures in, Markdown out."""

from __future__ import annotations

import datetime as dt

import pytest

from benchmarks.table import Machine, Row, Section, figure, render, render_section, tables_of, times

MACHINE = Machine(day=dt.date(2031, 5, 6), cores=4, python="3.12.1", system="Linux on x86_64")


SPEED = Section("Speed", (Row("articles/s", "12,300", "peer: 1.5", "8,200×", "≥ 300"), Row("a|b", "1")), ("In turn.",))
QUALITY = Section("Quality", (Row("alert", "F1 0.9", "0.8, 1.0"),), header=("measure", "figure", "precision, recall"))
RUN = "2031-05-06, 4 cores, Python 3.12.1, Linux on x86_64"


def test_a_table_with_its_notes_and_where_it_comes_from() -> None:
    assert render_section(SPEED, MACHINE, "five texts") == (
        "\n| measure | figure | peer | ratio | goal |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| articles/s | 12,300 | peer: 1.5 | 8,200× | ≥ 300 |\n"
        "| a\\|b | 1 |  |  |  |\n"
        "\nIn turn.\n"
        f"\n{RUN}; texts: five texts.\n"
    )
    assert render_section(QUALITY, MACHINE) == (
        f"\n| measure | figure | precision, recall |\n| --- | --- | --- |\n| alert | F1 0.9 | 0.8, 1.0 |\n\n{RUN}.\n"
    )
    assert render_section(Section("History", (), ("Not measured.",)), MACHINE) == f"\nNot measured.\n\n{RUN}.\n"


def test_a_part_that_is_measured_anew_leaves_the_others_as_they_were() -> None:
    tables = {section.title: render_section(section, MACHINE) for section in (SPEED, QUALITY)}
    document = render(tables)
    assert document.startswith("# Results\n")
    assert tables_of(document) == tables
    tables["Speed"] = render_section(SPEED, MACHINE, "six texts")
    assert render(tables_of(render(tables))) == render(tables)
    assert tables_of("") == {}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.012345, "0.0123"), (1, "1"), (1.2345, "1.23"), (99.96, "100"), (123.4, "123"), (12345.6, "12,300")],
)
def test_three_digits(value: float, text: str) -> None:
    assert (figure(value), times(value)) == (text, f"{text}×")
