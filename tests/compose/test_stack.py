"""docker-compose.yml in a real engine: healthy, closed, telling the desk of the seeds, surviving, and gone at the end.

The tests are one story and run in this order over one stack.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from redphone.articles import in_order, read_articles
from shared.records import Article
from tests.compose.conftest import PASSWORD, STATUS_TOKEN, World
from tests.compose.engine import Engine
from tests.compose.stack import OURS, STATUS
from tests.support.processes import ROOT
from tests.support.rehearsal import all_told, replayed, set_clock, standing, story
from tests.support.servers import wait_for
from tests.support.slack_server import TOKEN

WORKERS = ("ingest", "classify", "notify")


def ready() -> bool:
    """Whether the status service says that all is there."""
    answer = httpx.get(f"{STATUS}/readyz", headers={"Authorization": f"Bearer {STATUS_TOKEN}"}, timeout=10)
    return answer.status_code == 200


def healthy(world: World, service: str, count: int) -> bool:
    """Whether so many containers of a service run and are healthy."""
    found = world.stack.containers(service)
    return [one["Health"] for one in found if one["State"] == "running"] == ["healthy"] * count


def test_the_stack_comes_up_healthy(world: World) -> None:
    found = {one["Service"]: (one["State"], one["Health"]) for one in world.stack.containers()}
    assert found.pop("migrate") == ("exited", "")
    assert found == dict.fromkeys((*OURS, "redis", "postgres"), ("running", "healthy"))
    assert ready()


def test_a_container_may_do_what_it_must_and_no_more(world: World) -> None:
    for service in (*OURS, "redis", "postgres"):
        written = world.stack.run_in(service, "sh", "-c", "echo x > /opt/x || echo x > /x")
        assert "Read-only file system" in written.stderr, service
        said = world.stack.run_in(service, "cat", "/proc/self/status").stdout
        status = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)
        assert status["CapBnd"] == status["CapEff"] == "0000000000000000", service
        assert status["NoNewPrivs"] == "1", service
        assert status["Uid"].split()[0] != "0", service


def test_no_secret_is_seen_from_outside_a_container(world: World, engine: Engine) -> None:
    for container in world.stack.containers():
        told = str(engine.inspect(container["Name"])) + world.stack.logs([container["Service"]])
        assert not [word for word in (PASSWORD, STATUS_TOKEN, TOKEN) if word in told], container["Service"]


def test_who_needs_nothing_outside_reaches_nothing_there(world: World) -> None:
    place = (world.stack.address_of("status", "outside"), 8080)
    reach = f"import socket; socket.create_connection({place}, 3)"
    codes = {name: world.stack.run_in(name, "python", "-c", reach).returncode for name in WORKERS}
    assert codes == {"ingest": 0, "classify": 1, "notify": 0}


def test_an_image_has_what_its_service_needs_alone(world: World) -> None:
    for library, owners in {"trafilatura": {"ingest"}, "slack_sdk": {"notify"}, "fastapi": {"status"}}.items():
        asked = {name: world.stack.run_in(name, "python", "-c", f"import {library}").returncode for name in OURS}
        assert {name for name, code in asked.items() if code == 0} == owners


def test_the_desk_is_told_what_the_replay_tells(world: World, sqlite_url: str) -> None:
    address = world.stack.address_of("postgres", "inside")
    url = f"postgresql://redphone:{quote(PASSWORD, safe='')}@{address}:5432/redphone"
    printed: list[Article] = []
    for now, seed in in_order(read_articles(str(ROOT / "seeds"))):
        printed.append(world.newspaper.print(seed, now))
        set_clock(world.clock, now.isoformat())
        try:
            wait_for("an article to be told", lambda: all_told(url, len(printed)), timeout=120)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{standing(url)}\n{world.stack.logs()}") from error
    told = story(world.slack)
    assert told == replayed(printed, sqlite_url)
    assert len([message for message in told if message["answers"] is None]) == 6
    wait_for("readiness", ready)


def test_a_service_is_given_more_workers(world: World) -> None:
    world.stack.up("--scale", "classify=4", "--no-recreate")
    assert healthy(world, "classify", 4)
    assert ready()


def test_workers_that_are_killed_come_back(world: World, engine: Engine) -> None:
    killed = {service: world.stack.containers(service)[0]["Name"] for service in WORKERS}
    for name in killed.values():
        state: Any = engine.inspect(name)["State"]
        os.kill(state["Pid"], signal.SIGKILL)
    for service, name in killed.items():
        wait_for("a restart", lambda name=name: engine.inspect(name)["RestartCount"])  # type: ignore[misc]
        count = 4 if service == "classify" else 1
        wait_for("health", lambda s=service, n=count: healthy(world, s, n), timeout=240)  # type: ignore[misc]
    wait_for("readiness", ready)


def test_a_command_is_run_with_everything_at_hand(world: World) -> None:
    assert "Báo Thử" in world.stack.compose("run", "--rm", "-T", "cli", "feeds", "list", "--json")
    world.calls = world.stack.compose("run", "--rm", "-T", "cli", "calls", "--json").splitlines()
    assert len(world.calls) >= 6


def test_a_backup_comes_out_of_a_container_and_goes_back(world: World, tmp_path: Path) -> None:
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"`docker compose (run [^`]* cli) db backup history\.sqlite`", said)
    here = line.replace("$(id -u):$(id -g)", f"{os.getuid()}:{os.getgid()}").replace("$PWD", str(tmp_path))
    world.stack.compose(*shlex.split(here), "db", "backup", "history.sqlite")
    assert (tmp_path / "history.sqlite").stat().st_uid == os.getuid()
    world.stack.compose("stop", *WORKERS)
    world.stack.compose(*shlex.split(here), "db", "restore", "history.sqlite", "--force")
    assert world.stack.compose("run", "--rm", "-T", "cli", "calls", "--json").splitlines() == world.calls
    world.stack.compose("start", *WORKERS)
    world.stack.compose("run", "--rm", "-T", "cli", "resume", "notify")


def test_a_command_tells_what_is_away_and_does_not_start_it(world: World) -> None:
    world.stack.compose("stop", "redis")
    world.stack.compose("run", "--rm", "-T", "cli", "calls", "--json")
    assert [one["State"] for one in world.stack.containers("redis")] == ["exited"]
    world.stack.compose("start", "redis")
    wait_for("readiness", ready, timeout=120)


def test_every_service_ends_in_its_time(world: World) -> None:
    world.stack.compose("stop")
    ended = {one["Name"]: one["ExitCode"] for one in world.stack.containers()}
    # 137: killed, because it did not end by itself
    assert not [name for name, code in ended.items() if code == 137]
    assert len(ended) == 11


def test_what_was_told_is_still_known_after_a_restart_and_nothing_is_told_twice(world: World) -> None:
    before = story(world.slack)
    world.stack.up()
    wait_for("readiness", ready)
    assert world.stack.compose("run", "--rm", "-T", "cli", "calls", "--json").splitlines() == world.calls
    assert story(world.slack) == before


def test_nothing_is_left_when_it_is_taken_down(world: World, engine: Engine, tmp_path: Path) -> None:
    world.stack.compose("down", "--volumes")
    assert engine.docker("ps", "--all", "--quiet") == ""
    assert engine.docker("volume", "ls", "--quiet") == ""
    assert set(engine.docker("network", "ls", "--format", "{{.Name}}").split()) == {"bridge", "host", "none"}
