"""Where Debian's Chromium is, and how it is started on a machine without a screen."""

from __future__ import annotations

import shutil

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium here: install Debian's with apt-get install chromium fonts-dejavu-core"


def program() -> str:
    """The path of the program. Raises FileNotFoundError, one line, where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise FileNotFoundError(MISSING)
    return found
