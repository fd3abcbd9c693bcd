"""The documents name what there is: every setting, event, command and target, and no file that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import typer

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
