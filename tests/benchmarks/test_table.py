"""The table of results: figures in, Markdown out."""

from __future__ import annotations

import datetime as dt

import pytest

from benchmarks.table import Machine, Row, Section, figure, render, times

MACHINE = Machine(day=dt.date(2031, 5, 6), cores=4, python="3.12.1", system="Linux on x86_64")


def test_a_document_of_two_sections() -> None:
    sections = [
        Section("Speed", (Row("articles/s", "12,300", "peer: 1.5", "8,200×", "≥ 300"), Row("a|b", "1")), ("In turn.",)),
        Section("Quality", (Row("alert", "F1 0.9", "0.8, 1.0"),), header=("measure", "figure", "precision, recall")),
        Section("History", (), ("Not measured.",)),
    ]
    assert render(MACHINE, "five texts", sections) == (
        "# Results\n\n"
        "Written by `make bench`: figures of one machine and run, to be read as ratios to the peer in the same run.\n\n"
        "2031-05-06, 4 cores, Python 3.12.1, Linux on x86_64.\n\n"
        "Texts: five texts.\n"
        "\n## Speed\n\n"
        "| measure | figure | peer | ratio | goal |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| articles/s | 12,300 | peer: 1.5 | 8,200× | ≥ 300 |\n"
        "| a\\|b | 1 |  |  |  |\n"
        "\nIn turn.\n"
        "\n## Quality\n\n"
        "| measure | figure | precision, recall |\n"
        "| --- | --- | --- |\n"
        "| alert | F1 0.9 | 0.8, 1.0 |\n"
        "\n## History\n\n"
        "Not measured.\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.012345, "0.0123"), (1, "1"), (1.2345, "1.23"), (99.96, "100"), (123.4, "123"), (12345.6, "12,300")],
)
def test_three_digits(value: float, text: str) -> None:
    assert (figure(value), times(value)) == (text, f"{text}×")
