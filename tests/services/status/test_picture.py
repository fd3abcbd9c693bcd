"""The history of a pair as a picture: places within its frame, the longest call the highest."""

from __future__ import annotations

from itertools import pairwise

from services.status.picture import APART, FLOOR, LEFT, RIGHT, TOP, TOPICS, WIDTH, Shown, picture


def call(date: str, minutes: int | None = None, *topics: str) -> Shown:
    return Shown(date, date, minutes, topics)


def test_places_go_by_time_and_heights_by_length() -> None:
    found = picture([call("2025-03-18", 90, "ukraine"), call("2017-01-28", 45, "ukraine", "syria"), call("2021-12-??")])
    assert found is not None
    first, middle, last = found.bars
    assert (first.x, last.x) == (LEFT + 12, WIDTH - RIGHT)
    assert first.x < middle.x < last.x
    assert (last.y, first.y, middle.minutes) == (TOP, FLOOR - (FLOOR - TOP) / 2, None)
    assert [(line.topic, len(line.ticks)) for line in found.lines] == [("ukraine", 2), ("syria", 1)]
    assert [year for _, year in found.years] == list(range(2018, 2026))
    assert found.longest == 90


def test_one_call_stands_in_the_middle() -> None:
    found = picture([call("2025-03-18", 10)])
    assert found is not None
    assert LEFT < found.bars[0].x < WIDTH - RIGHT
    assert [year for _, year in found.years] == [2025]


def test_what_has_no_year_is_left_out() -> None:
    assert picture([call("????-02-14", 10)]) is None
    assert picture([]) is None


def test_labels_do_not_run_into_each_other_and_topics_are_few() -> None:
    found = picture([call(f"{year}-01-01", 5, *(f"t{n}" for n in range(20))) for year in range(1950, 2026)])
    assert found is not None
    places = [x for x, _ in found.years]
    assert all(later - earlier >= APART for earlier, later in pairwise(places))
    assert len(found.lines) == TOPICS
