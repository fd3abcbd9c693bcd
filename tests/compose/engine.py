"""A private Docker engine behind the wall, the stand-ins for the public images, and ours, built by the Dockerfile.

The engine has its own data, network and control group. The test's servers are on an address that only this network has
(RFC 5737), which containers reach by their bridge as they would reach the internet.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote

from tests.support.loopback import Http, LoopbackServer, Quiet
from tests.support.processes import ROOT
from tests.support.servers import wait_for

OUTSIDE = "198.51.100.1"
STAND_IN = Path(__file__).parent / "stand_in"
BASE = "debian-here"


class Engine:
    """A running engine, spoken to by Docker's own command."""

    def __init__(self, folder: Path) -> None:
        self.socket = f"unix://{folder / 'engine.sock'}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DOCKER_CONFIG": str(folder / "docker"),
            "DOCKER_HOST": self.socket,
            # the builder that needs no image of its own
            "DOCKER_BUILDKIT": "0",
        }

    def docker(self, *arguments: str, check: bool = True) -> str:
        """What a command says; AssertionError with its words where it fails."""
        done = subprocess.run(["docker", *arguments], env=self.environment, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, f"docker {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    def inspect(self, container: str) -> dict[str, object]:
        """What the engine knows of a container."""
        (found,) = json.loads(self.docker("inspect", container))
        return dict(found)


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """An engine whose files are all in `folder`, in namespaces that are the test's own."""
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "address", "add", f"{OUTSIDE}/32", "dev", "lo")
    for place in ("/run", "/etc/docker"):  # where an engine leaves sockets and a key, whatever it is told
        if Path(place).is_dir():
            _run("mount", "-t", "tmpfs", "tmpfs", place)
    engine = Engine(folder)
    with (folder / "engine.log").open("w") as log:
        process = subprocess.Popen(_dockerd(folder), stdout=log, stderr=log)
        try:
            wait_for("the engine", lambda: process.poll() is not None or engine.docker("info", check=False), timeout=60)
            assert process.poll() is None, (folder / "engine.log").read_text()[-3000:]
            yield engine
        finally:
            process.terminate()
            process.wait(60)


def _dockerd(folder: Path) -> list[str]:
    (folder / "engine.json").write_text("{}")
    files = {"data-root": "data", "exec-root": "exec", "pidfile": "engine.pid", "config-file": "engine.json"}
    options = [f"--{name}={folder / file}" for name, file in files.items()]
    options += [f"--host=unix://{folder / 'engine.sock'}", f"--cgroup-parent=/{folder.name}"]
    return ["dockerd", *options, "--exec-opt=native.cgroupdriver=cgroupfs", "--storage-driver=overlay2"]


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def make_stand_ins(engine: Engine, folder: Path, images: Mapping[str, str]) -> None:
    """Import the base and give it the public names: each of `images`, by the stand-in that it is made of."""
    with subprocess.Popen(["tar", "-C", str(folder / "base"), "-c", "."], stdout=subprocess.PIPE) as packed:
        command = ["docker", "import", "-", BASE]
        subprocess.run(command, stdin=packed.stdout, env=engine.environment, capture_output=True, check=True)
    assert packed.returncode == 0
    for image, kind in images.items():
        recipe = str(STAND_IN / f"{kind}.Dockerfile")
        engine.docker("build", "--quiet", "--tag", image, "--file", recipe, str(STAND_IN))


def public_images(services: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """The public images that the project's files name, without digests, each with its kind: `python`, `redis`,
    `postgres`."""
    named = [_python(), *(str(service["image"]) for service in services.values() if not service.get("build"))]
    return {without_digest(image): image.partition(":")[0] for image in named}


def without_digest(image: str) -> str:
    """An image's name and tag."""
    return image.partition("@")[0]


def _python() -> str:
    """The base that the Dockerfile names."""
    (python,) = re.findall(r"^ARG PYTHON=(\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    return str(python)


def build_ours(engine: Engine, folder: Path, services: Mapping[str, Mapping[str, object]]) -> None:
    """Build each image of docker-compose.yml by the Dockerfile, as it is, from the fetched packages alone."""
    with Wheels(folder / "wheels") as wheels, ThreadPoolExecutor(max_workers=3) as pool:
        here = {"PIP_INDEX_URL": wheels.url, "PIP_TRUSTED_HOST": OUTSIDE, "PYTHON": without_digest(_python())}

        def build(image: str, arguments: Mapping[str, str]) -> None:
            every = {**here, **arguments}.items()
            given = [part for name, value in every for part in ("--build-arg", f"{name}={value}")]
            engine.docker("build", "--quiet", "--tag", image, *given, str(ROOT))

        (first, given), *others = _builds(services).items()
        build(first, given)  # the stage that makes our wheel is then there for all
        for built in [pool.submit(build, *other) for other in others]:
            built.result()


def _builds(services: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, str]]:
    builds = {str(service["image"]): service["build"] for service in services.values() if service.get("build")}
    return {image: dict(build.get("args") or {}) for image, build in builds.items() if isinstance(build, dict)}


class Wheels(LoopbackServer):
    """An index of packages (PEP 503) over a folder of wheels."""

    address = OUTSIDE

    def __init__(self, folder: Path) -> None:
        super().__init__(_Index)
        self.files = {path.name: path for path in folder.iterdir()}

    @property
    def url(self) -> str:
        return f"http://{self.host}/simple/"

    def page(self, project: str) -> bytes:
        """The links of a project."""
        names = [name for name in self.files if _project(name) == project]
        return "".join(f'<a href="/files/{name}">{name}</a>\n' for name in names).encode()


def _project(file: str) -> str:
    name = file.partition("-")[0] if file.endswith(".whl") else file.rpartition("-")[0]
    return re.sub(r"[-_.]+", "-", name).lower()


class _Index(Quiet, BaseHTTPRequestHandler):
    server: Http[Wheels]

    def do_GET(self) -> None:
        wheels, (kind, name) = self.server.owner, unquote(self.path).strip("/").split("/")
        file = wheels.files.get(name) if kind == "files" else None
        body = file.read_bytes() if file else wheels.page(name)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "application/octet-stream" if file else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
