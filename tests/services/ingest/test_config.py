"""The catalogue that a running process follows: taken over when the newsroom's own file changes, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.ingest.config import Watch
from services.ingest.values import CatalogueFeed
from shared.errors import UsageError
from shared.settings import load_settings


class Desk:
    """Takes feeds over, and remembers their outlets; `trouble` is what it meets instead."""

    def __init__(self) -> None:
        self.taken: list[list[str]] = []
        self.trouble: Exception | None = None

    def __call__(self, feeds: tuple[CatalogueFeed, ...]) -> None:
        if self.trouble:
            raise self.trouble
        self.taken.append([feed.outlet for feed in feeds])


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REDPHONE_BUILT_IN_FEEDS", "no")
    return tmp_path / "data" / "redphone" / "feeds.csv"


def write(path: Path, *outlets: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"{outlet},https://{number}.vn/rss\n" for number, outlet in enumerate(outlets))
    path.write_text(f"outlet,url\n{rows}", encoding="utf-8")


def test_a_file_that_comes_changes_and_goes_is_taken_over_once_each_time(own: Path) -> None:
    watch, desk = Watch(load_settings()), Desk()
    assert not watch.follow(desk)
    write(own, "A")
    assert watch.follow(desk)
    assert not watch.follow(desk)
    write(own, "A", "B")
    assert watch.follow(desk)
    own.unlink()
    assert watch.follow(desk)
    assert desk.taken == [["A"], ["A", "B"], []]


def test_a_file_that_cannot_be_read_is_told_once(own: Path) -> None:
    watch, desk = Watch(load_settings()), Desk()
    own.parent.mkdir(parents=True)
    own.write_text("outlet;url\n", encoding="utf-8")
    with pytest.raises(UsageError, match="column"):
        watch.follow(desk)
    assert not watch.follow(desk)
    write(own, "A")
    assert watch.follow(desk)
    assert desk.taken == [["A"]]


def test_what_could_not_be_taken_over_is_handed_over_again(own: Path) -> None:
    watch, desk = Watch(load_settings()), Desk()
    write(own, "A")
    desk.trouble = RuntimeError("database is locked")
    with pytest.raises(RuntimeError):
        watch.follow(desk)
    desk.trouble = None
    assert watch.follow(desk)
    assert desk.taken == [["A"]]
