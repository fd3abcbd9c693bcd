"""`redphone eval --history`: a small history of our own, from its files to the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from redphone.__main__ import run

CALL = {
    "participants": ["Fumio Kishida", "Anthony Albanese"],
    "countries": ["JP", "AU"],
    "status": "held",
    "news": True,
}
TOLD = "Thủ tướng Nhật Bản Kishida {day} điện đàm với Thủ tướng Australia Albanese."
ARTICLES = [
    ("a", "2024-05-15T09:00:00+07:00", "Nhật - Úc điện đàm", TOLD.format(day="hôm 14/5")),
    (
        "b",
        "2024-05-15T11:00:00+07:00",
        "Kishida gọi Albanese",
        TOLD.format(day="hôm 14/5") + " Hai bên bàn về khí đốt.",
    ),
    ("c", "2024-05-20T09:00:00+07:00", "Nhật - Úc lại điện đàm", TOLD.format(day="hôm 19/5")),
]
LABELS = [("a", "first", "new"), ("b", "first", "update|repeat"), ("c", "second", "new")]


def a_set(folder: Path, previous: str | None = None) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    articles = [dict(zip(("id", "published_at", "title", "text"), row, strict=True)) for row in ARTICLES]
    labels = [
        {"id": name, "calls": [CALL | {"call_id": call}], "verdicts": [{"call_id": call, "verdict": verdict}]}
        for name, call, verdict in LABELS
    ]
    for file, rows in (("articles.jsonl", articles), ("labels.jsonl", labels)):
        (folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    if previous is not None:
        (folder / "calls.json").write_text(previous, encoding="utf-8")
    return str(folder)


def evaluated(*arguments: str) -> int:
    try:
        return run(["eval", "--history", *arguments])
    except SystemExit as end:
        return int(end.code or 0)


def test_a_history_beside_the_filters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_set(tmp_path / "desk", '{"second": {"previous_held": "first"}}')
    assert evaluated(folder, "--json") == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    ours, one_a_day, same_title = (said[name] for name in ("redphone", "one a day", "same title"))
    assert (said["set"], ours["per_call"], ours["b_cubed"], ours["pairwise_f1"]) == ("desk", 1.0, 1.0, 1.0)
    assert (ours["verdicts"], ours["compared"]) == ({"hits": 3, "of": 3}, {"hits": 1, "of": 1})
    assert (one_a_day["per_call"], same_title["per_call"], same_title["again"]) == (1.0, 1.5, ["first"])


def test_the_table_has_a_column_for_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluated(a_set(tmp_path)) == 0
    said = capsys.readouterr().out
    assert all(words in said for words in ("redphone", "one a day", "same title", "second calls swallowed", "0 of 1"))


@pytest.mark.parametrize(
    ("previous", "words"),
    [("[", "calls.json: "), ('{"second": 3}', "calls.json: ")],
)
def test_what_cannot_be_read_gives_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], previous: str, words: str
) -> None:
    assert evaluated(a_set(tmp_path, previous)) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_labels_without_verdicts_are_no_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "labels.jsonl").write_text('{"id": "a", "calls": []}\n', encoding="utf-8")
    article = {"id": "a", "published_at": ARTICLES[0][1], "title": "Giá gạo", "text": ""}
    (tmp_path / "articles.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")
    assert evaluated(str(tmp_path)) == 2
    assert "no label has verdicts" in capsys.readouterr().err
