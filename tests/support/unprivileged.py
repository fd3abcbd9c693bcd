"""A part of a test as a user for whom a closed folder is closed: for root, none is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import NOBODY


@contextmanager
def unprivileged() -> Iterator[None]:
    """Nobody's rights for a while, where we are root; else our own."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@contextmanager
def closed_folder() -> Iterator[Path]:
    """A folder that nobody may look into; the one that it lies in is open."""
    with tempfile.TemporaryDirectory(prefix="redphone-closed-") as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "closed"
        folder.mkdir(mode=0o000)
        try:
            yield folder
        finally:
            folder.chmod(0o700)
