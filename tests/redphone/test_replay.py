"""A replay of a few articles: what the desk is told, and what it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.redphone.test_cli import redphone, unboxed

PLANNED = {"id": "p1", "title": "Tổng thống Pháp Macron sẽ điện đàm với Thủ tướng Đức Merz"}
HELD = {"id": "p2", "title": "Tổng thống Pháp Macron đã điện đàm với Thủ tướng Đức Merz"}


def test_a_plan_that_was_kept_is_news_of_today(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.jsonl"
    days = (PLANNED, "2025-06-19T08:00:00+07:00"), (HELD, "2025-06-20T08:00:00+07:00")
    lines = [json.dumps({**article, "published_at": at}) for article, at in days]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert redphone("replay", str(path)) == 0
    said = unboxed(capsys.readouterr().out)
    assert "digest: planned without a day" in said
    assert "☎ Macron and Merz held a call; day not known" in said
    assert "When not known; article of 20 Jun 2025" in said
    assert f"① {HELD['title']}" in said
    assert PLANNED["title"] not in said
    assert "LATE" not in said
