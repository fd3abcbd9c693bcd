"""What the pages say: every phrase in both languages, days and spans as each writes them."""

from __future__ import annotations

import csv
import datetime as dt
import re
from importlib.resources import files
from typing import get_args

import pytest

from services.status.routes.calls import Status
from services.status.wording import Voice, phrases
from shared.records import Denial

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
EN, VI = (Voice(language, "Asia/Ho_Chi_Minh", NOW) for language in ("en", "vi"))
SLOTS = re.compile(r"{\w+}")


def test_every_row_is_whole() -> None:
    text = (files("services.status") / "data" / "page.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert {len(row) for row in rows} == {3}
    keys = [row[0] for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("key", sorted(phrases()))
def test_both_languages_say_the_same(key: str) -> None:
    english, vietnamese = phrases()[key]
    assert english
    assert vietnamese
    assert sorted(SLOTS.findall(english)) == sorted(SLOTS.findall(vietnamese))


def test_every_phrase_of_the_templates_is_there() -> None:
    used: set[str] = set()
    for template in (files("services.status") / "templates").iterdir():
        used |= set(re.findall(r"""say\("(\w+)"[,)]""", template.read_text(encoding="utf-8")))
    assert used
    assert used <= phrases().keys()


@pytest.mark.parametrize("status", [*get_args(Status), *get_args(Denial)])
def test_every_status_has_its_words(status: str) -> None:
    assert EN.say(f"status_{status}") != VI.say(f"status_{status}")


@pytest.mark.parametrize(
    ("date", "english", "vietnamese"),
    [
        ("2025-03-18", "18 Mar 2025", "18/3/2025"),
        ("2021-12-??", "Dec 2021", "12/2021"),
        ("????-02-14", "14 Feb", "14/2"),
        ("????-??-??", "", ""),
    ],
)
def test_days(date: str, english: str, vietnamese: str) -> None:
    assert (EN.day(date), VI.day(date)) == (english, vietnamese)


def test_moments_are_the_desks() -> None:
    assert (EN.at(NOW), VI.at(NOW)) == ("19 Mar 2025, 00:00", "19/3/2025, 00:00")


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "0 s"), (41, "41 s"), (180, "3 min"), (7200, "2 h"), (400_000, "5 d")]
)
def test_spans(seconds: float, words: str) -> None:
    assert EN.span(seconds) == words


@pytest.mark.parametrize(("minutes", "words"), [(None, "never"), (-3, "in 3 min"), (3, "3 min ago"), (0, "now")])
def test_ages(minutes: float | None, words: str) -> None:
    assert EN.ago(None if minutes is None else NOW - dt.timedelta(minutes=minutes)) == words
