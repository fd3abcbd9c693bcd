"""Redphone's own processes, started as an operator starts them: `redphone worker ingest`, `redphone beat` …"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.slack_server import CHANNEL, TOKEN

ROOT = Path(__file__).parents[2]


def settings(
    database: str, broker: str, *, feeds: Path | None = None, slack: str = "", **others: object
) -> dict[str, str]:
    """The settings of workers that may ask newspapers on this machine and no others. `feeds`: the file of their feeds;
    `slack`: where a stand-in's API is; `others` by their names, such as `tick_seconds`."""
    known: dict[str, object] = {
        "database_url": database,
        "broker_url": broker,
        "built_in_feeds": "no",
        "allow_hosts": "127.0.0.1",
    }
    known |= {"feeds_file": feeds} if feeds else {}
    known |= {"slack_token": TOKEN, "slack_channel": CHANNEL, "slack_base_url": slack} if slack else {}
    return {f"REDPHONE_{name.upper()}": str(value) for name, value in (known | others).items()}


def environment(settings: Mapping[str, str], home: Path, tree: Path = ROOT) -> dict[str, str]:
    """An environment with these settings and nothing else of ours. `tree`: the sources that are run."""
    base = {name: value for name, value in os.environ.items() if not name.startswith(("REDPHONE_", "COV_", "PYTEST_"))}
    return {**base, "PYTHONPATH": str(tree), "XDG_DATA_HOME": str(home), **settings}


def command(arguments: Sequence[str]) -> list[str]:
    """A command of Redphone as a program with its arguments."""
    return [sys.executable, "-m", "redphone", *arguments]


def log_of(arguments: Sequence[str], home: Path) -> Path:
    """Where the output of a command is."""
    return home / f"{'-'.join(arguments).strip('-')}.log"


@contextmanager
def redphone(
    arguments: Sequence[str], settings: Mapping[str, str], home: Path, tree: Path = ROOT
) -> Iterator[subprocess.Popen[str]]:
    """Run one command in the background; it is asked to stop at the end. Its output is in :func:`log_of`."""
    with log_of(arguments, home).open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command(arguments),
            env=environment(settings, home, tree),
            cwd=home,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[str], patience_s: float = 15) -> None:
    """SIGTERM, as an orchestrator sends it; SIGKILL to the whole group for one that does not listen."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def stack(settings: Mapping[str, str], home: Path, concurrency: int = 1) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All workers, with so many processes each, and the beat."""
    with ExitStack() as processes:
        started = {
            service: processes.enter_context(
                redphone(["worker", service, "--concurrency", str(concurrency)], settings, home)
            )
            for service in ("ingest", "classify", "notify")
        }
        started["beat"] = processes.enter_context(redphone(["beat"], settings, home))
        yield started


def logs(home: Path) -> str:
    """What the processes said, for the message of a test that failed."""
    return "\n".join(
        f"--- {path.name}\n{path.read_text(encoding='utf-8')[-4000:]}" for path in sorted(home.glob("*.log"))
    )
