"""How the program was called, and the command that calls it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from redphone.called import command

HERE = Path("/home/an/redphone")
PYTHON = f"{HERE}/.venv/bin/python"


@pytest.mark.parametrize(
    ("script", "on_path", "again"),
    [
        (".venv/bin/redphone", {}, ".venv/bin/redphone"),
        (f"{HERE}/.venv/bin/redphone", {}, ".venv/bin/redphone"),
        (".venv/bin/redphone", {"redphone": "/usr/bin/redphone"}, ".venv/bin/redphone"),
        (f"{HERE}/.venv/bin/redphone", {"redphone": f"{HERE}/.venv/bin/redphone"}, "redphone"),
        (".venv/bin/redphone", {"redphone": ".venv/bin/redphone"}, "redphone"),
        ("/usr/bin/redphone", {"redphone": "/usr/bin/redphone"}, "redphone"),
        ("/opt/red phone/redphone", {}, "'/opt/red phone/redphone'"),
        ("redphone", {}, "./redphone"),
        (f"{HERE}/redphone/__main__.py", {"python": "/usr/bin/python"}, ".venv/bin/python -m redphone"),
        (f"{HERE}/redphone/__main__.py", {"python": PYTHON}, "python -m redphone"),
        ("/usr/lib/pytest/__main__.py", {}, "redphone"),
        ("-c", {}, "redphone"),
    ],
)
def test_the_command_that_calls_again(script: str, on_path: dict[str, str], again: str) -> None:
    assert command(script, PYTHON, HERE, on_path.get) == again
