"""The rules' version: the same for the same files, another for any change of a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.classify.version import digest_of, rules_version

FILES = {"a.py": "x = 1\n", "data/b.csv": "id,words\none,gọi\n", "data/notes.txt": "no rule\n"}


def folder(root: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    return root


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"data/notes.txt": "other notes"}, True),
        ({"a.py": "x = 1\r\n"}, True),
        ({"a.py": "x = 2\n"}, False),
        ({"data/b.csv": "id,words\none,gọi|phôn\n"}, False),
        ({"c.csv": ""}, False),
    ],
)
def test_a_change_of_a_rule_is_another_version(tmp_path: Path, changed: dict[str, str], same: bool) -> None:
    before = digest_of([folder(tmp_path / "before")])
    assert (digest_of([folder(tmp_path / "after", **changed)]) == before) is same


def test_the_version_of_the_rules_at_work_is_short_and_stays() -> None:
    assert rules_version() == rules_version()
    assert len(rules_version()) == 12
