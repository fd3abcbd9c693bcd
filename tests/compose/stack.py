"""Docker Compose over the project's docker-compose.yml, as it is but for a clock."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.compose.engine import Engine, without_digest
from tests.support.processes import ROOT

OURS = ("beat", "ingest", "classify", "notify", "status")
SERVERS = ("redis", "postgres")
#: The address at which docker-compose.yml publishes the status page.
STATUS = "http://127.0.0.1:8080"


def clocked(folder: Path) -> Path:
    """What the test adds to the file: the seeds are of past years, so our services go by a rehearsal's clock, which
    lies in `folder`; and the public images go by their names alone, since a stand-in has a digest of its own. Returns
    the override."""
    clock = {
        "environment": {"REDPHONE_CLOCK_FILE": "/clock/now"},
        "volumes": [{"type": "bind", "source": str(folder), "target": "/clock", "read_only": True}],
    }
    override = folder / "override.json"
    file = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    stood_in = {name: {"image": without_digest(file["services"][name]["image"])} for name in SERVERS}
    override.write_text(json.dumps({"services": {**dict.fromkeys(OURS, clock), **stood_in}}))
    return override


def program() -> str:
    """Docker Compose, of the tests' own environment."""
    found = shutil.which("docker-compose", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert found is not None
    return found


class Stack:
    """The stack of the file with these settings, in an engine."""

    def __init__(self, engine: Engine, settings: Mapping[str, str], override: Path | None = None) -> None:
        self.engine = engine
        self._environment = {**engine.environment, **settings}
        self._files = [str(ROOT / "docker-compose.yml"), *([str(override)] if override else [])]

    def compose(self, *arguments: str) -> str:
        """What a command of Compose says; AssertionError with its words, and the containers' own, where it fails."""
        done = self._compose(*arguments)
        assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}\n{self.logs()}"
        return done.stdout

    def _compose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        files = [part for file in self._files for part in ("--file", file)]
        command = [program(), *files, "--project-directory", str(ROOT), *arguments]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)

    def services(self) -> dict[str, dict[str, Any]]:
        """The file's services, those of every profile too."""
        said = self.compose("--profile", "*", "config", "--format", "json")
        found: dict[str, dict[str, Any]] = json.loads(said)["services"]
        return found

    def up(self, *arguments: str) -> None:
        """Bring it up, from the images that are there, and wait until all is healthy."""
        self.compose("up", "--detach", "--wait", "--no-build", "--pull", "never", *arguments)

    def containers(self, *services: str) -> list[dict[str, Any]]:
        """What runs or ran of these services: `Service`, `Name`, `State`, `Health`, `ExitCode`."""
        said = self.compose("ps", "--all", "--format", "json", *services)
        return [json.loads(line) for line in said.splitlines()]

    def run_in(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a container of a service."""
        return self._compose("exec", "-T", service, *command)

    def address_of(self, service: str, network: str) -> str:
        """Where a service's container is on one of the file's networks."""
        (container,) = self.containers(service)
        networks: Any = self.engine.inspect(container["Name"])["NetworkSettings"]
        return str(networks["Networks"][f"redphone_{network}"]["IPAddress"])

    def logs(self, services: Sequence[str] = ()) -> str:
        """The last lines of the containers."""
        return self._compose("logs", "--no-color", "--tail", "40", *services).stdout
