"""The machine's side of `make compose-test`: what has to be there, the base of all images, what may not be left.

Nothing of this machine goes into an image: a base is made by debootstrap, and the locked packages are fetched with this
machine's settings of pip (index, certificates, proxies) into a folder that the builds read over the test's own network.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.support.processes import ROOT
from tests.support.servers import wait_for

SUITE = "trixie"
INCLUDED = ("ca-certificates", "postgresql", "python-is-python3", "python3-pip", "python3-venv", "redis-server")
#: Programs that are needed, and the Debian packages that have them.
PROGRAMS = {
    "dockerd": "docker.io",
    "docker": "docker-cli",
    "debootstrap": "debootstrap",
    "ip": "iproute2",
    "iptables": "iptables",
}
NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
CGROUPS = Path("/sys/fs/cgroup")


class MissingError(Exception):
    """What the test needs and this machine does not have: one line."""


def say(line: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(f"{line}\n")


def require() -> None:
    """Have what is needed; Debian packages that are missing are installed, and stay. Raises MissingError."""
    if os.geteuid() != 0:
        raise MissingError("it needs root, for an engine and namespaces of its own")
    if not shutil.which("apt-get"):
        raise MissingError("it needs Debian, whose packages the base images are made of")
    if _run(*NAMESPACES, "true").returncode != 0:
        raise MissingError("it needs a machine on which root may make namespaces (unshare)")
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if "docker.io" in missing and "docker-cli" in missing and not _known("docker-cli"):
        missing.remove("docker-cli")  # until Debian 12 it is a part of docker.io
    if missing:
        say(f"Installing {', '.join(missing)} …")
        done = _install(missing)
        if done.returncode != 0:
            raise MissingError(f"it needs {', '.join(missing)}: {_last_line(done.stderr)}")


def _known(package: str) -> bool:
    return _run("apt-cache", "show", package).returncode == 0


def _install(packages: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
    done = _run(*command)
    if done.returncode != 0:  # the lists of packages may be old, or none
        _run("apt-get", "update", "-qq")
        done = _run(*command)
    return done


def make_base(folder: Path) -> None:
    """Make `folder/base`, the root file system of a Debian with all that the stand-ins need, and `folder/wheels` with
    every locked package for its Python. Raises MissingError where Debian or the index of packages is not reached."""
    base = folder / "base"
    say(f"Making a Debian {SUITE} …")
    include = f"--include={','.join(INCLUDED)}"
    done = _run("unshare", "--mount", "debootstrap", "--variant=minbase", include, SUITE, str(base))
    if done.returncode != 0:
        raise MissingError(f"debootstrap could not make a Debian {SUITE}: {_last_line(done.stdout + done.stderr)}")
    say("Fetching the locked packages …")
    with _trusted(base) as certificates:
        done = _fetch_wheels(base, certificates)
    if done.returncode != 0:
        raise MissingError(f"the locked packages could not be fetched: {_last_line(done.stderr)}")
    (base / "wheels").rename(folder / "wheels")
    for spare in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "locks"):
        shutil.rmtree(base / spare, ignore_errors=True)


def _fetch_wheels(base: Path, certificates: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    shutil.copytree(ROOT / "requirements", base / "locks")
    fetch = ("python3", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--no-cache-dir")
    locks = ("-r", "/locks/runtime.txt", "-r", "/locks/build.txt", "--dest", "/wheels")
    # no variable that names a file of this machine: there it would name another, or none
    ours = {name: value for name, value in os.environ.items() if name == "PATH" or name.lower().endswith("_proxy")}
    return _run("chroot", str(base), *fetch, *locks, environment={**ours, **_settings_of_pip(), **certificates})


@contextmanager
def _trusted(base: Path) -> Iterator[dict[str, str]]:
    """The certificates that this machine trusts, lent to the pip of the new Debian."""
    names = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
    known = {**os.environ, **_settings_of_pip()}
    source = next((Path(known[name]) for name in names if known.get(name) and Path(known[name]).is_file()), None)
    if source is None:
        yield {}
        return
    lent = base / "certificates.pem"
    shutil.copyfile(source, lent)
    yield {"PIP_CERT": "/certificates.pem"}
    lent.unlink()


def _settings_of_pip() -> dict[str, str]:
    """This machine's settings of pip as variables, without its folders: the pip of the new Debian does not see them."""
    said = _run(sys.executable, "-m", "pip", "config", "list").stdout
    listed = re.findall(r"^(?:global|install|download|:env:)\.([a-z-]+)=(.*)$", said, re.MULTILINE)
    given = {name: str(ast.literal_eval(value)) for name, value in listed}
    addresses = {
        name: " ".join(part for part in given.get(name, "").split() if part.startswith(("http://", "https://")))
        for name in ("index-url", "extra-index-url", "find-links")
    }
    others = {name: given[name] for name in ("trusted-host", "proxy", "cert") if name in given}
    wanted = {name: value for name, value in {**addresses, **others}.items() if value}
    return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in wanted.items()}


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for all that the test makes; neither it nor a control group of the engine is left."""
    with tempfile.TemporaryDirectory(prefix="redphone-compose-", dir="/var/tmp") as name:
        try:
            yield Path(name)
        finally:
            _remove_control_groups(Path(name).name)


def _remove_control_groups(name: str) -> None:
    for hierarchy in (CGROUPS, *CGROUPS.glob("*/")):
        for folder, _, _ in os.walk(hierarchy / name, topdown=False):
            wait_for(f"the last process in {folder} to end", partial(_removed, Path(folder)))


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:  # a process that was killed a moment ago is still in it
        return False
    return True


def left_behind(folder: Path) -> list[str]:
    """What is left of a run: processes, mounts, control groups, the folder itself."""
    found = [str(path) for path in (folder, *CGROUPS.glob(f"*/{folder.name}"), CGROUPS / folder.name) if path.exists()]
    for table in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [f"process {table.parent.name}"] if folder.name.encode() in table.read_bytes() else []
        except OSError:  # it ended meanwhile
            continue
    mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    return found + [f"mount {line.split()[1]}" for line in mounts if folder.name in line]


def _run(*command: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"} if environment is None else environment
    return subprocess.run(command, env=known, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
