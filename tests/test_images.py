"""The images: each holds the packages that its service needs, by its own lock, and no other.

A service's modules are imported with every package hidden that its lock does not have.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.support.processes import ROOT

CLOSED = """
import importlib.metadata, re, sys
locked = set(sys.argv[1].split())
homes = importlib.metadata.packages_distributions()

class Closed:
    def find_spec(self, name, path=None, target=None):
        owners = {re.sub("[-_.]+", "-", owner).lower() for owner in homes.get(name, [])}
        if owners and not owners & (locked | {"redphone"}):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Closed())
"""
PAGE = "from services.ingest.body import extract_page; extract_page(b'<p>x</p>', 'text/html', None)"
#: What a container of the service does, as far as imports go.
DOES = {
    "base": "import redphone.cli, redphone.distributed, shared.celery_app, shared.db, alembic, migrations, psycopg",
    "ingest": f"import redphone.cli, redphone.distributed, services.ingest.worker; {PAGE}",
    "classify": "import redphone.cli, redphone.distributed, services.classify.worker",
    "notify": "import redphone.cli, redphone.distributed, services.notify.worker, services.notify.slack",
    "status": "import redphone.cli, redphone.standing, uvicorn",
    "desk": "import redphone.cli, redphone.desk, shared.celery_app, services.notify.listen",
}
#: Libraries that one or two services need, and where they are.
ALONE = {
    "trafilatura": {"ingest"},
    "feedparser": {"ingest"},
    "httpx": {"ingest"},
    "slack-sdk": {"notify", "desk"},
    "fastapi": {"status", "desk"},
    "ahocorasick-rs": {"classify", "status", "desk"},
}


def locked(lock: str) -> set[str]:
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))


@pytest.mark.parametrize(("lock", "does"), DOES.items())
def test_a_service_needs_no_more_than_its_lock(lock: str, does: str) -> None:
    command = [sys.executable, "-c", CLOSED + does, " ".join(locked(lock))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("package", "services"), ALONE.items())
def test_a_library_is_where_it_is_needed_alone(package: str, services: set[str]) -> None:
    assert {lock for lock in DOES if package in locked(lock)} == services
    assert package in locked("runtime")


def test_a_command_of_another_image_says_where_it_is() -> None:
    command = f"import sys\nfrom redphone.__main__ import run\nsys.exit(run({['feeds', 'check']!r}))"
    done = subprocess.run(
        [sys.executable, "-c", CLOSED + command, " ".join(locked("classify"))],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("redphone: this command needs ")
    assert "which is not installed here: docker compose run --rm cli has every package" in done.stderr
    assert done.stderr.count("\n") == 1
