"""`redphone calls merge|split|drop|edit|undo|hands` and the exports, as they are typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.redphone.test_cli import redphone

ARTICLES = [
    ("a", "2025-02-13", "Tổng thống Mỹ Donald Trump và Tổng thống Nga Vladimir Putin đã điện đàm hôm 12-2."),
    ("b", "2025-03-19", "Tổng thống Mỹ Donald Trump điện đàm với Tổng thống Nga Vladimir Putin hôm 18-3, dài 90 phút."),
    ("c", "2025-03-19", "Tổng thống Nga Vladimir Putin và Tổng thống Mỹ Donald Trump đã điện đàm hôm 18-3."),
]


@pytest.fixture
def calls(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """A history of two calls: by an article of each, its id."""
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "a.jsonl"
    lines = ({"id": key, "published_at": f"{day}T08:00:00+07:00", "text": text} for key, day, text in ARTICLES)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert redphone("replay", str(path), "--into", sqlite_url) == 0
    capsys.readouterr()
    return {article: call["call_id"] for call in listed(capsys) for article in call["articles"]}


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert redphone("calls", "--json") == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_hand_is_laid_listed_and_undone(calls: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    one, other = calls["a"], calls["b"]
    assert redphone("calls", "merge", one, other, "--reason", "misdated", "--by", "Minh") == 0
    assert capsys.readouterr().out == f"hand 1: one call: {one}; redphone calls undo 1 takes it back\n"
    assert [call["articles"] for call in listed(capsys)] == [["a", "b", "c"]]
    assert redphone("calls", "undo", "1", "--by", "Lan") == 0
    assert capsys.readouterr().out == "hand 1 is undone\n"
    assert sorted(call["call_id"] for call in listed(capsys)) == sorted([one, other])
    assert redphone("calls", "--json", "hands") == 0
    before = capsys.readouterr().out
    assert redphone("calls", "hands", "--json") == 0
    out = capsys.readouterr().out
    assert out == before
    said = json.loads(out)
    assert [said[k] for k in ("id", "kind", "call_id", "other", "reason", "by", "undone_by")] == [
        1, "merge", one, other, "misdated", "Minh", "Lan",
    ]  # fmt: skip
    assert redphone("calls", "hands", one) == 0
    assert f"merge {one} {other}" in capsys.readouterr().out


def test_a_merge_of_calls_of_other_people_wants_to_be_sure(
    calls: dict[str, str], sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, text = (
        tmp_path / "d.jsonl",
        "Thủ tướng Anh Keir Starmer đã điện đàm với Tổng thống Nga Vladimir Putin hôm 18-3.",
    )
    path.write_text(
        json.dumps({"id": "d", "published_at": "2025-03-19T08:00:00+07:00", "text": text}), encoding="utf-8"
    )
    assert redphone("replay", str(path), "--into", sqlite_url) == 0
    capsys.readouterr()
    other = next(call["call_id"] for call in listed(capsys) if call["articles"] == ["d"])
    asked = ("calls", "merge", calls["b"], other, "--reason", "an interpreter")
    assert redphone(*asked) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "Donald Trump and Vladimir Putin" in err
    assert "Keir Starmer and Vladimir Putin; say --yes" in err
    assert len(listed(capsys)) == 3
    assert redphone(*asked, "--yes") == 0
    assert "one call" in capsys.readouterr().out


def test_split_drop_and_edit(
    calls: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOGNAME", "minh")
    assert redphone("calls", "split", calls["b"], "--report", "c", "--reason", "the second that day") == 0
    assert "a call of its own: " in capsys.readouterr().out
    assert len(listed(capsys)) == 3
    assert redphone("calls", "drop", calls["a"], "--reason", "a hoax") == 0
    assert f"withdrawn: {calls['a']}" in capsys.readouterr().out
    assert len(listed(capsys)) == 2
    edits = ("duration=over 95", "channel=video")
    assert redphone("calls", "edit", calls["b"], *edits, "--reason", "readout") == 0
    capsys.readouterr()
    (edited,) = (call for call in listed(capsys) if call["by_hand"])
    assert (edited["duration"], edited["channel"], edited["by_hand"]) == ("over 95", "video", ["duration", "channel"])
    assert redphone("calls", "hands", "--json") == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["what"], row["by"]) for row in said] == [
        ("duration=over 95 channel=video", "minh"), ("", "minh"), ("c#0", "minh"),
    ]  # fmt: skip


@pytest.mark.parametrize("named", ["https://vnexpress.net/ten-bai-4859999.html", "vnexpress.net#4859999"])
def test_an_article_is_named_by_its_address_or_by_a_key_with_a_number(
    calls: dict[str, str], named: str, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "e.jsonl"
    told = {"id": "e", "url": "https://vnexpress.net/ten-bai-4859999.html", "title": "", "text": ARTICLES[2][2]}
    path.write_text(json.dumps({**told, "published_at": "2025-03-19T09:00:00+07:00"}), encoding="utf-8")
    assert redphone("replay", str(path), "--into", sqlite_url) == 0
    assert redphone("explain", named) == 0
    assert "vnexpress.net#4859999" in capsys.readouterr().out
    assert redphone("calls", "split", calls["b"], "--report", named, "--reason", "another") == 0
    capsys.readouterr()
    assert ["vnexpress.net#4859999"] in [call["articles"] for call in listed(capsys)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("merge {a} {b} --reason=", "a hand needs a reason"),
        ("merge {a} nobody --reason=x", "nobody is no call of the history; redphone calls lists them"),
        ("split {b} --report=z --reason=x", "z is no report of this call; it has b#0, c#0"),
        ("edit {a} duration --reason=x", "'duration' is no edit: write FIELD=VALUE, such as duration=90"),
        ("edit {a} length=90 --reason=x", "length is no field of a call that can be edited"),
        ("undo 7", "there is no hand 7; redphone calls hands lists them"),
        ("--json --csv", "--json and --csv are two forms: ask for one"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    calls: dict[str, str], arguments: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redphone("calls", *arguments.format(**calls).split()) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


def test_exports_carry_the_codes_of_the_field(calls: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    (last, first) = listed(capsys)
    assert (last["cameo"], last["plover"]) == ("041", "CONSULT")
    assert dict(zip(last["countries"], last["wikidata"], strict=True)) == {"US": "Q22686", "RU": "Q7747"}
    assert redphone("calls", "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["call_id"] for row in rows] == [last["call_id"], first["call_id"]]
    assert sorted(rows[0]["countries"].split("|")) == ["RU", "US"]
    assert sorted(rows[0]["wikidata"].split("|")) == ["Q22686", "Q7747"]
    assert [rows[0][name] for name in ("cameo", "plover", "news", "articles", "duration_min", "compared_with")] == [
        "041", "CONSULT", "true", "b|c", "90", first["call_id"],
    ]  # fmt: skip
    assert rows[1]["duration"] == ""


def test_an_empty_history_has_a_head(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    assert redphone("calls", "--csv") == 0
    assert capsys.readouterr().out.startswith("call_id,date,earliest,latest,participants,countries,persons,wikidata,")
