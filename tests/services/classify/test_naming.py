"""Ids and numbers that last."""

from __future__ import annotations

from services.classify.identity import Bond, resolve
from services.classify.naming import Member, call_id_of, name_calls, numbered
from tests.support.reports import report, told

A = told("a", "2031-05-06 20:00", "2031-05-06")
B = told("b", "2031-05-06 21:00", "2031-05-06")
C = told("c", "2031-05-20 21:00", "2031-05-20")


def test_a_new_call_is_named_after_its_first_report() -> None:
    assert name_calls(resolve([A, B, C]), {}) == [call_id_of("a#0"), call_id_of("c#0")]
    assert "2031" not in call_id_of("a#0")


def test_a_call_keeps_its_id_when_an_older_article_comes_late() -> None:
    assert name_calls(resolve([A, B]), {"b#0": Member("kept", 1)}) == ["kept"]


def test_of_two_calls_that_are_one_the_first_to_come_in_gives_the_name() -> None:
    members = {"a#0": Member("second", 7), "b#0": Member("first", 3)}
    assert name_calls(resolve([A, B]), members) == ["first"]


def test_of_a_call_that_is_two_the_founders_part_keeps_the_name() -> None:
    apart = resolve([A, B], [Bond("apart", "a#0", "b#0")])
    names = name_calls(apart, {"a#0": Member("kept", 2), "b#0": Member("kept", 1)})
    assert names == [call_id_of("a#0"), "kept"]


def test_a_name_is_given_once() -> None:
    apart = resolve([A, B], [Bond("apart", "a#0", "b#0")])
    taken = call_id_of("a#0")
    names = name_calls(apart, {"b#0": Member(taken, 1), "a#0": Member(taken, 2)})
    assert names[1] == taken
    assert names[0] not in ("", taken)


def test_a_report_keeps_its_number_when_the_article_is_read_again() -> None:
    talk, other, past = report(day="2031-05-06"), report(("Carter", "Sato")), report(day="2030-01-01", news=False)
    old = {0: other, 3: talk}
    assert numbered(old, [past, talk, other]) == [4, 3, 0]
    assert numbered(old, [report(day="2031-05-07"), other]) == [3, 0]
    assert numbered({0: report(("Carter", "?JP"))}, [other]) == [0]
    assert numbered({}, [talk, other]) == [0, 1]
