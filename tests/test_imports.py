"""What importing a part drags in: a service does not pay for the others' libraries."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest

from tests.support.processes import ROOT

HEAVY = {
    "alembic",
    "babel",
    "celery",
    "fastapi",
    "feedparser",
    "httpx",
    "psycopg",
    "pydantic_settings",
    "redis",
    "rich",
    "selectolax",
    "slack_sdk",
    "sqlalchemy",
    "trafilatura",
    "typer",
    "uvicorn",
}
STORAGE = {"sqlalchemy"}
WEB = {"httpx", "rich"}  # httpx loads its own command line, which is made with rich
SERVICE = STORAGE | {"pydantic_settings", "redis", "celery"}


def excepted(contract: str) -> Iterator[tuple[str, str]]:
    """The modules that a contract excepts, each with its library."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (rules,) = (one["ignore_imports"] for one in tools["importlinter"]["contracts"] if one["name"] == contract)
    for rule in rules:
        module, _, library = rule.partition(" -> ")
        yield module.rpartition(".")[2], library


@pytest.mark.parametrize("service", ["ingest", "classify", "notify"])
def test_the_architecture_names_each_module_that_touches_the_world(service: str) -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    ((database, outside),) = re.findall(rf"^\| {service} \| (.*) \| ?(.*) \|$", architecture, re.MULTILINE)
    rules = list(excepted(f"Pure modules of {service} import nothing that touches the world"))
    assert set(re.findall(r"`(\w+)\.py`", database)) == {module for module, library in rules if library == "sqlalchemy"}
    assert set(re.findall(r"`(\w+)\.py`", outside)) == {module for module, library in rules if library != "sqlalchemy"}


def dragged(module: str) -> set[str]:
    """The heavy libraries that a fresh process has loaded after importing a module."""
    program = f"import sys, {module}; print(*{sorted(HEAVY)!r} & sys.modules.keys())".replace("*[", "*{").replace(
        "] &", "} &"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("shared.records", set()),
        ("shared.events", set()),
        ("redphone.__main__", set()),
        ("redphone.classify", set()),
        ("redphone.cli", {"typer", "rich"}),
        ("services.classify.extract", set()),
        ("services.classify.tasks", STORAGE),
        ("services.classify.worker", SERVICE),
        ("services.ingest.parse", {"feedparser", "selectolax"}),  # a text that a feed carries is read as a page is
        ("services.ingest.tasks", STORAGE | WEB | {"feedparser", "selectolax"}),
        ("services.ingest.worker", SERVICE | WEB | {"feedparser", "selectolax"}),
        ("services.notify.message", {"babel"}),
        ("services.notify.worker", SERVICE | {"babel", "rich", "slack_sdk"}),
        ("services.status.app", STORAGE | {"fastapi", "redis", "pydantic_settings"}),
    ],
)
def test_a_part_drags_in_only_what_it_needs(module: str, allowed: set[str]) -> None:
    assert dragged(module) <= allowed
