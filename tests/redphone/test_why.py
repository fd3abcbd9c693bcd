"""`redphone why URL`: the answer in lines, or as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.settings import load_settings
from tests.redphone.test_cli import lines, redphone

CALL = "Tổng thống Nga Vladimir Putin và Tổng thống Mỹ Donald Trump đã điện đàm hôm 28-1."
URL = "https://a.example/goi-dien-1234567.html"


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A backfill of two articles: one tells of a call, one of none."""
    url = f"sqlite:///{tmp_path / 'h.sqlite'}"
    path = lines(
        tmp_path / "a.jsonl",
        {"id": "a", "title": "[red]", "text": CALL, "published_at": "2017-01-29T08:00:00+07:00", "url": URL},
        {"id": "b", "text": "Ông Putin gọi điện báo cho vợ.", "published_at": "2017-01-29T08:00:00+07:00"},
    )
    assert redphone("replay", path, "--into", url) == 0
    monkeypatch.setenv("REDPHONE_DATABASE_URL", url)
    load_settings.cache_clear()
    capsys.readouterr()


@pytest.mark.usefixtures("history")
def test_an_address_is_found_as_it_was_copied(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("why", f"{URL}?utm_source=x#top") == 0
    said = capsys.readouterr().out
    assert "article 1: [red]" in said
    assert "Putin – Trump" in said
    assert "history only" in said


@pytest.mark.usefixtures("history")
def test_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("why", URL, "--json") == 0
    assert json.loads(capsys.readouterr().out)["reasons"][0]["answer"] == "silent"


@pytest.mark.usefixtures("history")
def test_what_is_no_address_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("why", " ") == 2
    assert "name the address of an article" in capsys.readouterr().err
    assert redphone("why", "something") == 0
    assert "this is no address of an article" in capsys.readouterr().out


@pytest.mark.usefixtures("history")
def test_no_call_and_not_seen_say_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("why", "b") == 0
    assert "no call was found in it" in capsys.readouterr().out
    assert redphone("why", "https://nowhere.example/x") == 0
    assert "next: redphone feeds check URL" in capsys.readouterr().out
