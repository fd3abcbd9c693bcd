"""Data files: their rows, and a newsroom's own file before the built-in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.data_files import SETTING, data_of, laid_over
from shared.errors import UsageError


def test_rows_are_of_the_newsrooms_own_file_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path))
    assert "utm_" in [row["parameter"] for row in data_of("ingest").rows("trackers.csv")]
    (tmp_path / "ingest").mkdir()
    own = 'parameter,kind,seen\nx_,prefix,"mắt thấy,\u2028hai dòng\n"\n'
    (tmp_path / "ingest" / "trackers.csv").write_text(own, encoding="utf-8")
    assert data_of("ingest").rows("trackers.csv") == [
        {"parameter": "x_", "kind": "prefix", "seen": "mắt thấy,\u2028hai dòng\n"}
    ]


def test_a_first_line_that_is_no_csv_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "ingest").mkdir()
    (tmp_path / "ingest" / "trackers.csv").write_text('parameter,"kind,seen\nx_,prefix,2024\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"ingest/trackers\.csv, line 1: no CSV from here on"):
        laid_over(tmp_path)
