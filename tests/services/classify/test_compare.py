"""What changed since these leaders last spoke."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from services.classify.compare import (
    Began,
    PastCall,
    Previous,
    claim_agrees,
    compare,
    coverage_of,
    moment,
    previous_of,
)
from services.classify.facts import merge
from services.classify.identity import persons_of
from shared.records import CallFacts, Claim, Comparison, Coverage, Outcome
from tests.support.reports import PAIR, lasts, person, told, topic

TRIO = ("Carter", "Petrova", "Haddad")
THIN = Coverage(articles=3, months=0, thin=True)


def call(name: str, date: str, who: tuple[str, ...] = PAIR) -> PastCall:
    """A held call; a date with "?" has the month as its span."""
    if date.endswith("??"):
        earliest = dt.datetime.fromisoformat(date.replace("??", "01")).replace(tzinfo=dt.UTC)
        latest = earliest + dt.timedelta(days=30)
    else:
        earliest = dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC) - dt.timedelta(hours=7)
        latest = earliest + dt.timedelta(hours=35)
    people = [person(one) for one in who]
    return PastCall(
        call_id=name,
        persons=frozenset(persons_of(people).split("|")),
        countries=frozenset(p.country or "" for p in people),
        date=date,
        earliest=earliest,
        latest=latest,
    )


def facts(date: str | None, who: tuple[str, ...] = PAIR, **more: Any) -> CallFacts:
    return merge([told("x", "2031-05-07 09:00", date, who=who, **more)])


NOW = call("now", "2031-05-06")


@pytest.mark.parametrize(
    ("past", "persons", "countries"),
    [
        ([], None, None),
        ([call("a", "2031-04-01"), call("b", "2031-05-01")], "b", None),
        ([call("a", "2031-05-20")], None, None),
        ([call("a", "2031-04-01", ("Carter", "Haddad"))], None, None),
        ([call("a", "2031-04-01"), call("three", "2031-05-01", TRIO)], "three", None),
        ([call("video", "2031-05-??")], None, None),
        ([call("march", "2031-03-??")], "march", None),
    ],
    ids=[
        "empty record",
        "the last one",
        "a later one is not before",
        "another pair",
        "three took part: contact for each pair",
        "a month whose middle lies ahead",
        "a month",
    ],
)
def test_previous_call(past: list[PastCall], persons: str | None, countries: str | None) -> None:
    found = previous_of(NOW, [*past, NOW])
    assert (found.persons and found.persons.call_id, found.countries and found.countries.call_id) == (
        persons,
        countries,
    )


def test_a_call_of_three_is_compared_with_one_in_which_all_took_part() -> None:
    past = [call("three", "2031-03-01", TRIO), call("two", "2031-04-01")]
    found = previous_of(call("now", "2031-05-06", TRIO), past)
    assert found.persons is not None
    assert found.persons.call_id == "three"


def test_the_countries_spoke_later_through_others() -> None:
    past = [call("these", "2030-01-01", ("Carter", "Sato")), call("others", "2031-04-01", ("Carter", "Mori"))]
    found = previous_of(call("now", "2031-05-06", ("Carter", "Sato")), past)
    assert found == Previous(persons=past[0], countries=past[1])


@pytest.mark.parametrize(
    ("date", "hours"),
    [("2031-05-06", 0), ("2031-05-??", 12), (None, 24)],
    ids=["a day starts", "a month has a middle", "without a day the last possible hour"],
)
def test_moment(date: str | None, hours: int) -> None:
    start = dt.datetime(2031, 5, 6, tzinfo=dt.UTC)
    assert moment(date, start, start + dt.timedelta(hours=24)) == start + dt.timedelta(hours=hours)
    assert moment(date, None, None) is None


def claim(ordinal: int, scope: Any, **more: Any) -> Claim:
    return Claim(ordinal=ordinal, text="", scope=scope, **more)


PAST = [call("old", "2029-07-01"), call("spring", "2031-02-10"), call("video", "2031-05-??")]
LATE = call("now", "2031-05-30")


@pytest.mark.parametrize(
    ("counted", "agrees"),
    [
        (claim(2, "month"), True),
        (claim(1, "month"), False),
        (claim(3, "since", since="2031-01"), True),
        (claim(2, "since", since="2031-02-11"), True),
        (claim(2, "since"), None),
        (claim(3, "year"), True),
        (claim(4, "ever"), True),
        (claim(5, "ever"), False),
        (claim(1, "after_gap", days=5), True),
        (claim(1, "after_gap", days=365), False),
        (claim(1, "ever", official=True), None),
        (claim(6, "ever", noun="contact"), None),
        (claim(2, "days", days=45), True),
    ],
)
def test_the_articles_own_count(counted: Claim, agrees: bool | None) -> None:
    assert claim_agrees(counted, LATE, PAST) is agrees


def test_a_count_of_the_countries_agrees_too() -> None:
    past = [call("others", "2031-04-01", ("Carter", "Mori"))]
    now = call("now", "2031-05-06", ("Carter", "Sato"))
    assert claim_agrees(claim(2, "year"), now, past) is True


def compared(now: CallFacts, then: CallFacts, then_on: str = "2031-04-02") -> Comparison:
    past = call("then", then_on)
    return compare(NOW, now, [past], {"then": then}, THIN)


def test_topics_new_again_and_not_named() -> None:
    now = facts(
        "2031-05-06", topics=(topic("grain", "announced"), topic("gas", "announced"), topic("nato", "ruled_out"))
    )
    then = facts("2031-04-02", topics=(topic("grain"), topic("fish"), topic("nato")))
    found = compared(now, then)
    assert found.topics_compared
    assert [(c.kind, c.before, c.after) for c in found.changes if c.field == "topics"] == [
        ("again", "grain", "grain"),
        ("new", None, "gas"),
        ("absent", "fish", None),
        ("absent", "nato", None),
    ]


def test_and_more_is_no_topic_to_compare() -> None:
    now = facts("2031-05-06", topics=(topic("grain"), topic("more")))
    then = facts("2031-04-02", topics=(topic("grain"), topic("more")))
    assert [(c.kind, c.after) for c in compared(now, then).changes if c.field == "topics"] == [("again", "grain")]


def test_topics_of_another_year_are_not_compared() -> None:
    now, then = facts("2031-05-06", topics=(topic("gas"),)), facts("2029-04-02", topics=(topic("grain"),))
    found = compared(now, then, "2029-04-02")
    assert not found.topics_compared
    assert found.changes == ()
    assert found.days == 764


def test_silence_on_topics_is_no_change_of_topics() -> None:
    assert not compared(facts("2031-05-06"), facts("2031-04-02", topics=(topic("grain"),))).topics_compared


def test_length_channel_who_asked_and_what_came_of_it() -> None:
    invited = Outcome(kind="invited", text="mời thăm", mode="reported", id="visit", by="RU")
    now = facts("2031-05-06", durations=(lasts(90, "over"),), channel="video", asked="RU", outcomes=(invited,))
    then = facts("2031-04-02", durations=(lasts(90),), channel="phone", asked="US")
    found = compared(now, then)
    assert (found.length, found.days, found.nth) == ("longer", 34, 2)
    assert [(c.field, c.kind, c.before, c.after) for c in found.changes] == [
        ("duration", "changed", "90", "over 90"),
        ("channel", "changed", "phone", "video"),
        ("initiator", "changed", "US", "RU"),
        ("outcomes", "new", None, "visit"),
    ]


def test_a_call_after_a_video_conference_is_no_change_of_channel() -> None:
    """ "Điện đàm" is said of video calls too."""
    found = compared(facts("2031-05-06", channel="phone"), facts("2031-04-02", channel="video"))
    assert [change.field for change in found.changes] == []


def test_an_unknown_day_gives_no_count_of_days() -> None:
    assert compared(facts("2031-05-06"), facts("2031-04-??"), "2031-04-??").days is None


def test_the_brief_of_the_previous_call() -> None:
    brief = compared(facts("2031-05-06"), facts("2031-04-02", durations=(lasts(50),))).previous
    assert brief is not None
    assert (brief.call_id, brief.date, brief.duration) == ("then", "2031-04-02", lasts(50))


def test_a_claim_that_can_be_checked_goes_first() -> None:
    now = facts("2031-05-06", claims=(claim(1, "since"), claim(2, "year")))
    found = compared(now, facts("2031-04-02"))
    assert (found.claim, found.claim_agrees) == (claim(2, "year"), True)


def test_an_empty_record() -> None:
    found = compare(NOW, facts("2031-05-06", topics=(topic("gas"),)), [], {}, THIN)
    assert found == Comparison(nth=1, nth_in_year=1, coverage=THIN)


@pytest.mark.parametrize(
    ("articles", "covered", "months", "thin"),
    [(1000, 4, 4, False), (1000, 2, 4, True), (99, 4, 4, True), (4, 0, 2, True), (0, 0, 0, True)],
)
def test_how_thick_the_record_is(articles: int, covered: int, months: int, thin: bool) -> None:
    assert coverage_of(articles, covered, months) == Coverage(articles=articles, months=covered, thin=thin)


# --- how-manieth, and what was planned -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "year", "term"),
    [
        ([], 1, 1),
        (["2031-01-01", "2031-04-30"], 3, 3),
        (["2030-12-31", "2031-04-30"], 2, 3),
        (["2030-06-30", "2030-07-01", "2031-04-30"], 2, 3),
        (["2031-03-??"], 2, 2),
    ],
    ids=["alone", "both this year", "one last year", "one before the term", "a month"],
)
def test_how_manieth_this_year_and_in_this_term(past: list[str], year: int | None, term: int | None) -> None:
    calls = [call(f"c{n}", date) for n, date in enumerate(past)]
    known = {one.call_id: facts(one.date) for one in calls}
    began = Began("Carter", dt.date(2030, 7, 1))
    found = compare(NOW, facts("2031-05-06"), calls, known, THIN, began)
    assert (found.nth_in_year, found.nth_in_term) == (year, term)
    assert (found.term_of, found.term_since) == ("Carter", "2030-07-01")


def test_a_call_that_was_in_either_year_leaves_the_year_open() -> None:
    new_year = msgspec.structs.replace(call("c", "2031-01-01"), date=None)
    found = compare(NOW, facts("2031-05-06"), [new_year], {"c": facts(None)}, THIN, Began("C", dt.date(2030, 7, 1)))
    assert (found.nth, found.nth_in_year, found.nth_in_term) == (2, None, 2)


def test_a_term_that_began_after_the_call_counts_nothing() -> None:
    found = compare(NOW, facts("2031-05-06"), [], {}, THIN, Began("Carter", dt.date(2031, 6, 1)))
    assert found.nth_in_term is None


def plan(name: str, date: str | None = None, mode: Any = "reported") -> Outcome:
    return Outcome(kind="next_step", text=name, mode=mode, id=name, date=date)


@pytest.mark.parametrize(
    ("planned", "told", "fates"),
    [
        (plan("next_call"), (), ["kept"]),
        (plan("next_call", "2031-05-06"), (), ["kept"]),
        (plan("next_call", "2031-05-05"), (), ["kept"]),
        (plan("next_call", "2031-05-01"), (), ["moved"]),
        (plan("next_call", "2031-06-01"), (), ["ahead"]),
        (plan("officials_talks"), (plan("delegations_met"),), ["kept"]),
        (plan("officials_talks", "2031-04-20"), (), ["unknown"]),
        (plan("leaders_meet", "2031-07-01"), (), ["ahead"]),
        (plan("leaders_meet"), (plan("delegations_met"),), ["unknown"]),
        (plan("next_call", mode="ruled_out"), (), []),
        (plan("ceasefire"), (), []),
    ],
)
def test_what_became_of_a_plan(planned: Outcome, told: tuple[Outcome, ...], fates: list[str]) -> None:
    found = compared(facts("2031-05-06", outcomes=told), facts("2031-04-02", outcomes=(planned, planned)))
    assert [(p.outcome.id, p.fate) for p in found.plans] == [(planned.id, fate) for fate in fates]


def test_plans_of_years_ago_are_not_held_against_a_call() -> None:
    past = call("then", "2029-04-02")
    known = {"then": facts("2029-04-02", outcomes=(plan("next_call"),))}
    assert compare(NOW, facts("2031-05-06"), [past], known, THIN).plans == ()
