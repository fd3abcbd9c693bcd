"""Hands on the history, on both databases: what they change, who is rung for, what later readings make of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.classify import by_hand
from services.classify.by_hand import Why
from shared.errors import UsageError
from shared.records import Anchor, CallFacts
from shared.tables import CallPairRow, CallRow, HandRow
from tests.support.newsroom import NOW, Newsroom, facts_of
from tests.support.reports import at, lasts, person, report

WHY = Why(by="Minh", at=NOW, reason="says the desk")


class Desk(Newsroom):
    """A newsroom with somebody who puts things right."""

    def hand(self, kind: str, *arguments: Any) -> int:
        self.decided()
        with self.sessions.begin() as session:
            return int(getattr(by_hand, kind)(session, *arguments, WHY))

    def undo(self, number: int) -> None:
        self.decided()
        with self.sessions.begin() as session:
            by_hand.undo(session, number, "Lan", NOW)

    def told(self) -> dict[str, list[str]]:
        """The calls that stand with their reports, by the first letters of their articles."""
        found: dict[str, list[str]] = {}
        names = {r.id: a for a in "abcdefg" for r in self.reports(a)}
        for row in self.reports():
            found.setdefault(row.call_id, []).append(names[row.id])
        standing = {c.id for c in self.calls() if c.merged_into is None and c.status != "withdrawn"}
        return {call: sorted(keys) for call, keys in found.items() if call in standing}

    def groups(self) -> list[str]:
        return sorted("".join(keys) for keys in self.told().values())

    def rung(self) -> list[str]:
        """The articles whose reports wait for a decision."""
        return [a for a in "abcdefg" if any(r.notify_state == "waiting" for r in self.reports(a))]

    def facts(self, call_id: str) -> CallFacts:
        with self.sessions() as session:
            return facts_of(session.get_one(CallRow, call_id))

    def row(self, call_id: str) -> CallRow:
        with self.sessions() as session:
            return session.get_one(CallRow, call_id)


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    return Desk(sessions)


def two_calls(desk: Desk) -> tuple[str, str]:
    (one,) = desk.tells("a", "2031-05-02 09:00", report(day="2031-05-01", durations=(lasts(50),)))
    (other,) = desk.tells("b", "2031-05-07 09:00", report(day="2031-05-06"))
    assert desk.groups() == ["a", "b"]
    return one.call_id, other.call_id


def test_merge_and_undo(desk: Desk) -> None:
    one, other = two_calls(desk)
    number = desk.hand("merge", one, other)
    assert desk.told() == {one: ["a", "b"]}
    assert desk.row(other).merged_into == one
    assert desk.rung() == ["a"]
    assert desk.row(other).notify_state == "waiting", "its root, if it has one, is told twice"
    desk.undo(number)
    assert desk.told() == {one: ["a"], other: ["b"]}
    with desk.sessions() as session:
        row = session.get_one(HandRow, number)
        assert (row.reason, row.by, row.at, row.retired_by) == ("says the desk", "Minh", NOW, "Lan")


def test_a_merge_lasts_whatever_comes_later(desk: Desk) -> None:
    one, other = two_calls(desk)
    desk.hand("merge", one, other)
    (late,) = desk.tells("c", "2031-05-08 09:00", report(day="2031-05-06"))
    assert desk.told() == {one: ["a", "b", "c"]}
    assert late.call_id == one
    desk.revises("b", report(day="2031-05-06", durations=(lasts(20),)))
    assert desk.told() == {one: ["a", "b", "c"]}


def test_calls_of_other_countries_can_be_merged(desk: Desk) -> None:
    (one,) = desk.tells("a", "2031-05-02 09:00", report(day="2031-05-01"))
    (three,) = desk.tells("b", "2031-05-02 10:00", report(("Carter", "Petrova", "Haddad"), "2031-05-01"))
    desk.hand("merge", one.call_id, three.call_id)
    desk.tells("c", "2031-05-02 11:00", report(day="2031-05-01"))
    assert desk.groups() == ["abc"]
    with desk.sessions() as session:
        assert session.get_one(CallRow, one.call_id).countries == "RU-TR-US"
        pairs = select(CallPairRow.pair).where(CallPairRow.call_id == one.call_id)
        assert sorted(session.scalars(pairs)) == ["RU-TR", "RU-US", "TR-US"]


def test_split_makes_a_call_of_its_own_and_asks_for_its_root(desk: Desk) -> None:
    (first,) = desk.tells("a", "2031-05-07 08:00", report(day="2031-05-06"))
    desk.tells("b", "2031-05-07 09:00", report(durations=(lasts(50),)))
    desk.tells("c", "2031-05-01 09:00", report(day="2031-04-30"))
    number = desk.hand("split", first.call_id, ["b"])
    assert desk.groups() == ["a", "b", "c"], "not the earlier call, which the rules would have taken next"
    assert desk.rung() == ["a", "b"]
    desk.tells("d", "2031-05-07 10:00", report(day="2031-05-06"))
    assert desk.groups() == ["ad", "b", "c"]
    desk.undo(number)
    assert desk.groups() == ["abd", "c"]


def test_a_split_takes_with_it_the_day_that_hangs_on_the_call(desk: Desk) -> None:
    anchor = Anchor(relation="same_day", participants=(person("Carter"), person("Petrova")), text="cùng ngày")
    (dated,) = desk.tells("a", "2031-05-07 08:00", report(day="2031-05-06"))
    _, beside = desk.tells("b", "2031-05-07 09:00", report(), report(("Carter", "Haddad"), anchors=(anchor,)))
    assert desk.facts(beside.call_id).date == "2031-05-06"
    number = desk.hand("split", dated.call_id, ["b"])
    assert desk.facts(beside.call_id).date is None
    desk.undo(number)
    assert desk.facts(beside.call_id).date == "2031-05-06"


@pytest.mark.parametrize("name", ["b", "b#0", "2"])
def test_a_report_is_named_by_its_article(desk: Desk, name: str) -> None:
    (first,) = desk.tells("a", "2031-05-07 08:00", report(day="2031-05-06"))
    desk.tells("b", "2031-05-07 09:00", report(day="2031-05-06"))
    desk.hand("split", first.call_id, [name])
    assert desk.groups() == ["a", "b"]


def test_the_later_hand_counts(desk: Desk) -> None:
    one, other = two_calls(desk)
    desk.hand("merge", one, other)
    split = desk.hand("split", one, ["b"])
    assert desk.groups() == ["a", "b"]
    again = desk.hand("merge", one, by_id(desk, "b"))
    assert desk.groups() == ["ab"]
    desk.undo(again)
    desk.undo(split)
    assert desk.groups() == ["ab"], "the first merge stands again"


def by_id(desk: Desk, article: str) -> str:
    (row,) = desk.reports(article)
    return row.call_id


def test_drop_and_undo(desk: Desk) -> None:
    one, other = two_calls(desk)
    assert desk.row(other).comparison["previous"]["call_id"] == one  # type: ignore[index]
    with desk.sessions.begin() as session:
        session.get_one(CallRow, one).notify_state = "failed"  # it could not be looked at before; now it may be again
    number = desk.hand("drop", one)
    row = desk.row(one)
    assert (row.status, row.notify_state) == ("withdrawn", "waiting")
    assert row.withdrawn == {"by": "Minh", "at": NOW.isoformat(), "why": "says the desk"}
    assert desk.row(other).comparison["previous"] is None  # type: ignore[index]
    desk.tells("c", "2031-05-02 10:00", report(day="2031-05-01"))
    assert desk.row(one).status == "withdrawn", "what tells of the same is no call either"
    assert desk.groups() == ["b"]
    desk.undo(number)
    assert (desk.row(one).status, desk.row(one).withdrawn) == ("held", None)
    assert desk.groups() == ["ac", "b"]
    assert desk.row(other).comparison["previous"]["call_id"] == one  # type: ignore[index]


def test_edits_stand_before_what_reports_say_and_undo_takes_them_back(desk: Desk) -> None:
    one, _ = two_calls(desk)
    before = desk.facts(one)
    number = desk.hand("edit", one, {"date": "2031-04-30", "duration": "over 60", "initiator": "RU"})
    desk.tells("c", "2031-05-02 10:00", report(day="2031-05-01", durations=(lasts(45),), asked="US"))
    facts = desk.facts(one)
    assert (facts.date, facts.durations[0].minutes, facts.durations[0].bound) == ("2031-04-30", 60, "over")
    assert [d.minutes for d in facts.durations[1:]] == [45, 50]
    assert [i.side for i in facts.initiators] == ["RU"]
    assert [(n.field, n.value, n.by, n.reason, n.hand) for n in facts.by_hand] == [
        ("date", "2031-04-30", "Minh", "says the desk", number),
        ("duration", "over 60", "Minh", "says the desk", number),
        ("initiator", "RU", "Minh", "says the desk", number),
    ]
    assert {c.field for c in facts.contradictions}.isdisjoint({"date", "duration", "initiator"})
    assert desk.row(one).earliest is not None
    assert desk.row(one).earliest < at("2031-05-01 00:00")  # type: ignore[operator]
    desk.revises("c")
    desk.undo(number)
    assert desk.facts(one) == before


def test_an_edited_status_is_what_history_counts(desk: Desk) -> None:
    one, other = two_calls(desk)
    desk.hand("edit", one, {"status": "cancelled"})
    assert (desk.row(one).status, desk.facts(one).denial) == ("denied", "cancelled")
    assert desk.row(other).comparison["previous"] is None  # type: ignore[index]
    assert desk.rung() == ["a", "b"]


def test_a_hand_outlives_the_report_that_it_was_laid_on(desk: Desk) -> None:
    (first,) = desk.tells("a", "2031-05-07 08:00", report(day="2031-05-06"))
    desk.tells("b", "2031-05-07 09:00", report(day="2031-05-06"))
    desk.hand("edit", first.call_id, {"duration": "90"})
    desk.revises("a")
    (call,) = (c for c in desk.calls() if c.status != "withdrawn")
    assert [d.minutes for d in facts_of(call).durations] == [90]


@pytest.mark.parametrize(
    ("kind", "arguments", "words"),
    [
        ("merge", ("{one}", "nobody"), "nobody is no call of the history"),
        ("merge", ("{one}", "{one}"), "are one call already"),
        ("split", ("{one}", ["a"]), "nothing would be left"),
        ("split", ("{one}", ["b"]), "b is no report of this call; it has a#0"),
        ("edit", ("{one}", {"day": "x"}), "day is no field of a call that can be edited"),
        ("edit", ("{one}", {"date": "1 May"}), "date=1 May: write a day such as"),
        ("edit", ("{one}", {"duration": "an hour"}), "write minutes, such as 90"),
        ("edit", ("{one}", {"status": "maybe"}), "write one of held, ongoing"),
        ("edit", ("{one}", {"status": ""}), "it cannot be empty"),
        ("edit", ("{one}", {"channel": "letter"}), "write phone or video"),
        ("edit", ("{one}", {"initiator": "Putin"}), "write a country's code"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    desk: Desk, kind: str, arguments: tuple[Any, ...], words: str
) -> None:
    one, _ = two_calls(desk)
    filled = [a.format(one=one) if isinstance(a, str) else a for a in arguments]
    with pytest.raises(UsageError, match=words):
        desk.hand(kind, *filled)
    with desk.sessions() as session:
        assert session.scalars(select(HandRow)).all() == []
    assert desk.groups() == ["a", "b"]


def test_a_hand_is_undone_once(desk: Desk) -> None:
    one, other = two_calls(desk)
    number = desk.hand("merge", one, other)
    desk.undo(number)
    with pytest.raises(UsageError, match="was undone already, by Lan"):
        desk.undo(number)
    with pytest.raises(UsageError, match="there is no hand 99"):
        desk.undo(99)


def test_hands_are_listed_by_call(desk: Desk) -> None:
    one, other = two_calls(desk)
    merged = desk.hand("merge", one, other)
    edited = desk.hand("edit", one, {"duration": ""})
    assert desk.facts(one).durations == ()
    with desk.sessions() as session:
        assert [row.id for row in by_hand.listed(session, None)] == [edited, merged]
        assert [row.id for row in by_hand.listed(session, other)] == [merged]
        assert by_hand.homes(session, merged) == [one]


def test_a_hand_while_a_worker_reads(desk: Desk) -> None:
    """The hand is laid between the reading of an article and its saving."""
    one, other = two_calls(desk)
    waiting = desk.stores("c", "2031-05-08 09:00", report(day="2031-05-06"))
    desk.hand("merge", one, other)
    desk.reads(waiting, now=NOW + dt.timedelta(hours=1))
    assert desk.groups() == ["abc"]


def test_a_call_that_was_moved_far_is_found_by_its_reports_days(desk: Desk) -> None:
    (misdated,) = desk.tells("a", "2031-05-07 08:00", report(day="2031-05-06"))
    desk.hand("edit", misdated.call_id, {"date": "2030-05-06"})
    desk.tells("b", "2031-05-07 09:00", report(day="2031-05-06"))
    assert desk.groups() == ["ab"]
    assert desk.facts(misdated.call_id).date == "2030-05-06"


def test_calls_far_apart_that_were_merged_take_in_reports_of_either_day(desk: Desk) -> None:
    (one,) = desk.tells("a", "2031-01-02 08:00", report(day="2031-01-01"))
    (other,) = desk.tells("b", "2031-05-07 08:00", report(day="2031-05-06"))
    desk.hand("merge", one.call_id, other.call_id)
    desk.tells("c", "2031-05-07 09:00", report(day="2031-05-06"))
    desk.tells("d", "2031-01-02 09:00", report(day="2031-01-01"))
    assert desk.groups() == ["abcd"]


def test_an_edited_day_is_one_that_later_reports_are_held_against(desk: Desk) -> None:
    one, _ = two_calls(desk)
    number = desk.hand("edit", one, {"date": "2031-04-25"})
    desk.tells("c", "2031-05-03 09:00", report(day="2031-04-25"))
    desk.tells("d", "2031-05-03 10:00", report(day="2031-05-01"))
    desk.tells("e", "2031-05-03 11:00", report(day="2031-04-20"))
    assert desk.groups() == ["acd", "b", "e"], "the day that was put right, and the mistake made again"
    assert desk.facts(one).date == "2031-04-25"
    desk.undo(number)
    assert desk.groups() == ["ad", "b", "c", "e"]


def test_the_later_edit_of_a_day_counts_and_an_empty_one_sets_none(desk: Desk) -> None:
    one, _ = two_calls(desk)
    desk.hand("edit", one, {"date": "2031-04-15"})
    desk.hand("edit", one, {"date": "2031-04-25"})
    desk.tells("c", "2031-05-03 09:00", report(day="2031-04-25"))
    desk.tells("d", "2031-05-03 10:00", report(day="2031-04-15"))
    assert desk.groups() == ["ac", "b", "d"]
    desk.hand("edit", one, {"date": ""})
    assert desk.groups() == ["a", "b", "c", "d"]


def test_a_day_set_to_that_of_another_call_makes_them_one(desk: Desk) -> None:
    one, other = two_calls(desk)
    number = desk.hand("edit", other, {"date": "2031-05-01"})
    assert desk.groups() == ["ab"]
    desk.undo(number)
    assert desk.told() == {one: ["a"], other: ["b"]}


@pytest.mark.parametrize(
    ("who", "others"),
    [
        (("Carter", "Petrova"), False),
        (("Carter", "?RU"), False),
        (("Carter", "Petrova", "Haddad"), False),
        (("Carter", "Haddad"), True),
        (("Linh", "Sato"), True),
    ],
)
def test_other_people_are_on_a_call_where_either_has_one_that_the_other_has_not(
    desk: Desk, who: tuple[str, ...], others: bool
) -> None:
    desk.tells("a", "2031-05-07 08:00", report(day="2031-05-06"))
    desk.tells("b", "2031-06-07 08:00", report(who, "2031-06-06"))
    one, other = (r.call_id for name in "ab" for r in desk.reports(name))
    with desk.sessions() as session:
        said = by_hand.other_people(session, one, other)
    assert (said is not None) == others
