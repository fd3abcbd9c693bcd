"""Every operation of the API against its own OpenAPI document: schemathesis asks what it likes, right and wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from redphone.web import known
from services.status.app import application
from services.status.context import Context
from tests.support.history import NOW
from tests.support.webserver import serving

#: How fast an answer comes is measured elsewhere: on a machine that is busy with other work one took ten seconds, after
#: which schemathesis calls it a failure.
PATIENCE_S = "120"


def test_every_operation_keeps_its_word(seeded: sessionmaker[Session], tmp_path: Path) -> None:
    """On PostgreSQL, which takes no odd value."""
    app = application(Context(sessions=seeded, clock=lambda: NOW, known=known(), stream_s=0.0))
    with serving(app) as address:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/v1/openapi.json", "--checks", "all"]
        command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "4", "--generation-deterministic"]
        command += ["--request-timeout", PATIENCE_S]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert f"Tested: {len(app.openapi()['paths'])}\n" in done.stdout
