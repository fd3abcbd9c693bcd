"""`redphone routes`: the rules in their order, the newsroom's own first, and a mistake in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.settings import load_settings
from tests.redphone.test_cli import redphone


def test_the_rules_in_the_order_in_which_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = "name,pairs,goes,channel,language,hours,mention,mention_hours\n"
    own += "asia,JP-CN,message,#asia,vi,06:00-23:00,here|U0123456789,22:00-06:00\n"
    (tmp_path / "own.csv").write_text(own, encoding="utf-8")
    monkeypatch.setenv("REDPHONE_ROUTES_FILE", str(tmp_path / "own.csv"))
    monkeypatch.setenv("COLUMNS", "160")
    load_settings.cache_clear()
    assert redphone("routes") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[1] == "asia CN-JP message #asia vi 06:00-23:00 @here @U0123456789 22:00-06:00"
    assert lines[2] == "watched watched message #redphone en"
    assert "talk proposed digest en" in lines


def test_a_file_that_cannot_be_used_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_ROUTES_FILE", str(tmp_path / "none.csv"))
    load_settings.cache_clear()
    assert redphone("routes") == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "none.csv: no such file; name a CSV of routes, or unset it" in err
