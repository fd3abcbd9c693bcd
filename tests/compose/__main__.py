"""`python -m tests.compose`: prepare, run the tests behind a wall, and see that nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.compose import machine
from tests.support.processes import ROOT

OPTIONS = "addopts=--import-mode=importlib --strict-markers -ra"
PYTEST = ("-m", "pytest", "tests/compose", "--override-ini", OPTIONS, "-q", "--exitfirst")  # one story


def main(arguments: list[str]) -> int:
    """Run the tests; pytest's exit code, 1 where something was left behind, 2 where this machine cannot run them."""
    # as Ctrl-C does: what was begun is taken down
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.umask(0o022)  # containers read what is written here, as other users
    started = time.monotonic()
    try:
        machine.require()
        with machine.workplace() as folder:
            machine.make_base(folder)
            code = _tests(folder, arguments)
    except machine.MissingError as missing:
        machine.say(f"make compose-test: {missing}")
        return 2
    left = machine.left_behind(folder)
    machine.say(f"{time.monotonic() - started:.0f} s; left behind: {', '.join(left) or 'nothing'}")
    return code or bool(left)


def _tests(folder: Path, arguments: list[str]) -> int:
    """The tests in namespaces of their own: all that they start ends with them."""
    machine.say("Starting an engine, building the images, bringing the stack up …")
    command = (*machine.NAMESPACES, sys.executable, *PYTEST, *arguments)
    known = {**os.environ, "COMPOSE_TEST_FOLDER": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=known, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
