"""Data files: their rows, and a newsroom's own file before the built-in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.data_files import SETTING, data_of


def test_rows_are_of_the_newsrooms_own_file_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path))
    assert "utm_" in [row["parameter"] for row in data_of("ingest").rows("trackers.csv")]
    (tmp_path / "ingest").mkdir()
    own = 'parameter,kind,seen\nx_,prefix,"mắt thấy,\u2028hai dòng\n"\n'
    (tmp_path / "ingest" / "trackers.csv").write_text(own, encoding="utf-8")
    assert data_of("ingest").rows("trackers.csv") == [
        {"parameter": "x_", "kind": "prefix", "seen": "mắt thấy,\u2028hai dòng\n"}
    ]
