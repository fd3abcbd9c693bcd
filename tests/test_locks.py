"""The locks: every package with its hashes, no host, and installed as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.processes import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
LOCKED = re.compile(r"install .*(?=-r requirements/)|^LOCKED := (.*)$", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_each_package_has_one_version_and_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(
        r"^[a-z0-9][^ \n]*==[^ \n]+(?: ;[^\n\\]*)? \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE
    )
    lines = [line for line in text.splitlines() if line[:1].strip() and line[0] != "#"]
    assert len(pins) == len(lines) > 0
    assert "://" not in text


@pytest.mark.parametrize("recipe", ["Makefile", "Dockerfile"])
def test_a_lock_is_installed_as_it_is_and_checked(recipe: str) -> None:
    text = (ROOT / recipe).read_text(encoding="utf-8")
    installs = [match[0] for match in LOCKED.finditer(text)]
    assert installs
    assert all({"--no-deps", "--require-hashes"} <= set(line.split()) or "$(LOCKED)" in line for line in installs)
    assert re.search(r"(?:pip|\$\(PIP\)) check", text)
