"""`redphone eval`: labelled sets in, one table out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from redphone.__main__ import run

TOLD = "Tổng thống Pháp Emmanuel Macron hôm 17/5/2024 điện đàm với Tổng thống Ba Lan Andrzej Duda."
LABEL = {"countries": ["FR", "PL"], "participants": ["Emmanuel Macron", "Andrzej Duda"], "status": "held", "news": True}


def a_set(folder: Path, labels: list[dict[str, Any]], articles: dict[str, str] | None = None) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"id": key, "text": text} for key, text in (articles or {"a": TOLD, "b": "Giá vàng tăng."}).items()]
    for name, lines in (("articles.jsonl", rows), ("labels.jsonl", labels)):
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(folder)


def evaluate(*arguments: str) -> int:
    """Run the command in this process and give its exit code."""
    try:
        return run(["eval", *arguments])
    except SystemExit as end:
        return int(end.code or 0)


def measured(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert evaluate(*arguments, "--json") == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_set_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_set(
        tmp_path / "desk", [{"id": "a", "calls": [LABEL | {"date": "2024-05-17"}]}, {"id": "b", "calls": []}]
    )
    (line,) = measured(capsys, folder)
    assert (line["set"], line["articles"]) == ("desk", 2)
    assert line["alert"]["f1"] == line["news_calls"]["f1"] == line["all_calls"]["recall"] == 1.0
    assert line["fields"]["date"] == {"hits": 1, "of": 1, "share": 1.0}
    assert line["fields"]["initiator"] == {"hits": 0, "of": 0, "share": None}


def test_only_labelled_articles_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = measured(capsys, a_set(tmp_path, [{"id": "b", "calls": [LABEL], "alert": True, "note": "?"}]))
    assert (line["articles"], line["alert"]["labelled"], line["alert"]["found"]) == (1, 1, 0)


def test_a_folder_of_sets_gives_one_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_set(tmp_path / "desk", [{"id": "a", "calls": [LABEL]}])
    a_set(tmp_path / "agency", [{"id": "b", "calls": []}])
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "labels.jsonl").write_text("", encoding="utf-8")
    assert evaluate(str(tmp_path)) == 0
    said = capsys.readouterr()
    header, articles, alert = [line.split() for line in said.out.splitlines()[:3]]
    assert header == ["agency", "desk"]
    assert articles == ["articles", "1", "1"]
    assert alert == ["alert:", "F1", "0.000", "1.000"]
    assert "notes: labels without articles" in said.err


def test_labels_may_lie_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TOLD, encoding="utf-8")
    labels = tmp_path / "mine.jsonl"
    labels.write_text(json.dumps({"id": "a", "calls": [LABEL]}), encoding="utf-8")
    (line,) = measured(capsys, str(tmp_path / "texts"), "--labels", str(labels))
    assert (line["set"], line["news_calls"]["matched"]) == ("texts", 1)


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ("{", "line 1: "),
        ('{"id": "a", "calls": []}\n{"id": "a", "calls": []}', "line 2: id a stands twice; each article has one label"),
        ('{"id": "other", "calls": []}', "line 1: no article other in {folder}; a label names the id of one"),
        ('{"id": "a", "calls": [{"countries": ["FR", "PL"], "status": "done", "news": true}]}', "Invalid enum value"),
        ('{"id": "a", "calls": [{"countries": ["FR", "PL"], "status": "held"}]}', "`news`"),
    ],
)
def test_a_bad_label_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], labels: str, complaint: str
) -> None:
    folder = a_set(tmp_path, [])
    (tmp_path / "labels.jsonl").write_text(labels, encoding="utf-8")
    assert evaluate(folder) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "labels.jsonl" in said.err
    assert complaint.replace("{folder}", folder) in said.err


def test_a_folder_without_a_set_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(str(tmp_path)) == 2
    assert "no labelled set" in capsys.readouterr().err
    assert evaluate(str(tmp_path), "--labels", str(tmp_path / "none.jsonl")) == 2
    assert "no articles here" in capsys.readouterr().err
