"""From the settings to the notifier's options."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.notify import config, worker
from services.notify.quiet import Hours
from shared.errors import UsageError
from shared.settings import load_settings


def test_the_desks_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPHONE_QUIET_HOURS", "23:00-06:00")
    monkeypatch.setenv("REDPHONE_WATCH", "RU-US, CN-US")
    options = config.options(load_settings())
    assert options.quiet == Hours(dt.time(23), dt.time(6))
    assert options.watch == (frozenset({"RU", "US"}), frozenset({"CN", "US"}))


@pytest.mark.parametrize(
    ("chosen", "quiet", "shift", "hours"),
    [
        ("", "", "", [6]),  # what only a digest tells has one, as the desk's day begins
        ("", "", "07:00", [7]),
        ("", "", "never", []),
        ("", "23:00-05:00", "", [5]),
        ("18:00", "23:00-05:00", "", [5, 18]),
        ("05:00", "23:00-05:00", "", [5]),
        ("18:00", "", "", [18]),
        ("never", "", "", []),
        ("never", "23:00-05:00", "", [5]),
    ],
)
def test_when_a_digest_is_due(
    monkeypatch: pytest.MonkeyPatch, chosen: str, quiet: str, shift: str, hours: list[int]
) -> None:
    monkeypatch.setenv("REDPHONE_QUIET_HOURS", quiet)
    monkeypatch.setenv("REDPHONE_SHIFT_START", shift)
    monkeypatch.setenv("REDPHONE_DIGEST_HOURS", chosen)
    assert config.options(load_settings()).digests == tuple(map(dt.time, hours))


@pytest.mark.parametrize(("chosen", "hour"), [("", dt.time(6)), ("07:30", dt.time(7, 30)), ("never", None)])
def test_the_desks_day_begins_when_it_says(monkeypatch: pytest.MonkeyPatch, chosen: str, hour: dt.time | None) -> None:
    monkeypatch.setenv("REDPHONE_SHIFT_START", chosen)
    assert config.options(load_settings()).shift == hour


@pytest.mark.parametrize("pair", ["XX-YY", "RU-YY", "RU-RU"])
def test_only_countries_can_be_watched(monkeypatch: pytest.MonkeyPatch, pair: str) -> None:
    monkeypatch.setenv("REDPHONE_WATCH", f"RU-US,{pair}")
    with pytest.raises(UsageError, match=f"REDPHONE_WATCH: {pair} is no pair of countries that are known"):
        config.options(load_settings())


def test_own_routes_are_laid_over_the_built_in_ones(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("name,goes,channel\nhome,message,#redphone\ntalk,message,\n", encoding="utf-8")
    monkeypatch.setenv("REDPHONE_ROUTES_FILE", str(path))
    monkeypatch.setenv("REDPHONE_POSTER", "slack")
    options = config.options(load_settings())
    assert [route.name for route in options.routes][:2] == ["home", "watched"]
    assert {route.channel for route in options.routes} == {""}, "the desk's own channel is the one that is not named"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file; name a CSV of routes, or unset it"),
        (b"name,goes\n\xff,message\n", "not UTF-8; save it as UTF-8"),
        (b"name,goes\nx,somewhere\n", ", line 2: goes: 'somewhere' is wrong; write message, digest, nowhere"),
    ],
)
def test_a_file_of_routes_that_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "own.csv"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("REDPHONE_ROUTES_FILE", str(path))
    with pytest.raises(UsageError) as caught:
        config.options(load_settings())
    assert str(caught.value).startswith(f"REDPHONE_ROUTES_FILE {path}")
    assert str(caught.value).endswith(words)
    assert "\n" not in str(caught.value)


def test_a_worker_does_not_start_with_routes_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "routes.csv"
    path.write_text("name,goes\nasia,everywhere\n", encoding="utf-8")
    monkeypatch.setenv("REDPHONE_ROUTES_FILE", str(path))
    with pytest.raises(UsageError, match="line 2: goes: 'everywhere' is wrong"):
        worker.prepare()


def test_by_default_nothing_is_held_back() -> None:
    options = config.options(load_settings())
    assert (options.quiet, options.watch, options.channel) == (None, (), "console")
