"""The documents name what there is: every setting, event, command and target, and no file that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import typer

from benchmarks.table import tables_of
from redphone.cli import app
from shared.events import SUBSCRIBERS
from shared.settings import secret_file_names, setting_names
from tests.support.processes import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def commands(parent: typer.Typer, prefix: str = "") -> Iterator[str]:
    for command in parent.registered_commands:
        assert command.callback is not None
        yield prefix + (command.name or command.callback.__name__)
    for group in parent.registered_groups:
        assert group.typer_instance is not None
        yield from commands(group.typer_instance, f"{prefix}{group.name} ")


@pytest.mark.parametrize("name", setting_names() + secret_file_names())
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_the_readme_knows_no_other_setting() -> None:
    assert set(re.findall(r"REDPHONE_[A-Z_]+", README)) <= {*setting_names(), *secret_file_names()}


@pytest.mark.parametrize("command", list(commands(app)))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"`(redphone )?{command}\b", README)


@pytest.mark.parametrize("event", [event.__name__ for event in SUBSCRIBERS])
def test_every_event_is_in_the_architecture(event: str) -> None:
    assert f"`{event}`" in ARCHITECTURE


def test_every_target_of_the_makefile_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert named == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", README + ARCHITECTURE, re.MULTILINE)) <= named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_path_in_a_document_leads_somewhere(document: object) -> None:
    text = (ROOT / str(document)).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:services|shared|redphone|tests|seeds|docs|migrations|requirements)/[\w./-]*)`", text)
    paths += re.findall(r"\]\((?!https?:)([\w./-]+)\)", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_page_on_scale_reckons_with_what_was_measured() -> None:
    page = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    quoted = cells(page.partition("| table | measure | figure |\n")[2].partition("\n\n")[0])[1:]
    assert len(quoted) >= 3
    tables = tables_of((ROOT / "benchmarks/RESULTS.md").read_text(encoding="utf-8"))
    for table, measure, figure in quoted:
        measured = next(row[1] for row in cells(tables[table]) if row[0] == measure)
        ratio = number_of(measured) / number_of(figure)
        assert 0.5 <= ratio <= 2, f"{measure}: {measured} by now; reckon docs/scale.md anew"


def number_of(figure: str) -> float:
    """The number of a figure, which may have a unit behind it."""
    return float(figure.partition(" ")[0].replace(",", ""))


def cells(table: str) -> list[list[str]]:
    """The rows of a table in Markdown."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
