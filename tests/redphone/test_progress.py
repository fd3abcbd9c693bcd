"""Progress: only on a terminal, only when it takes long."""

from __future__ import annotations

import io

import pytest

from redphone import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    monkeypatch.setattr(progress, "PATIENCE_S", 0)
    assert list(progress.counted([1, 2], "read")) == [1, 2]
    assert pipe.getvalue() == ""


def test_a_terminal_is_told_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert list(progress.counted([1, 2], "read")) == [1, 2]
    assert terminal.getvalue() == ""
    monkeypatch.setattr(progress, "PATIENCE_S", -1)
    monkeypatch.setattr(progress, "EVERY_S", -1)
    assert list(progress.counted([1, 2], "read")) == [1, 2]
    assert "\rread: 1 of 2\rread: 2 of 2" in terminal.getvalue()
