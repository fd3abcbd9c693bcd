"""What importing a part drags in: a service does not pay for the others' libraries."""

from __future__ import annotations

import subprocess
import sys

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
        ("services.ingest.parse", {"feedparser"}),
        ("services.ingest.tasks", STORAGE | WEB | {"feedparser", "selectolax"}),
        ("services.ingest.worker", SERVICE | WEB | {"feedparser", "selectolax"}),
        ("services.notify.message", {"babel"}),
        ("services.notify.worker", SERVICE | {"babel", "rich", "slack_sdk"}),
        ("services.status.app", STORAGE | {"fastapi", "redis", "pydantic_settings"}),
    ],
)
def test_a_part_drags_in_only_what_it_needs(module: str, allowed: set[str]) -> None:
    assert dragged(module) <= allowed
