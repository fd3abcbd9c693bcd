"""What this program reads and tells with: light, for every service says it when it starts."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version

from services.classify.version import rules_version
from shared.names import load_names


def versions() -> dict[str, str]:
    """The versions of the rules and of the names."""
    names = hashlib.sha256(repr(load_names()).encode()).hexdigest()[:12]
    return {"rules": rules_version(), "names": names}


def program() -> str:
    """The version of the program, "checkout" where it was never installed."""
    try:
        return version("redphone")
    except PackageNotFoundError:
        return "checkout"
