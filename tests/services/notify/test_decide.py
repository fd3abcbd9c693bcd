"""What is said about a report, as a table: verdict × status × freshness × what the ledger knows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from services.notify.decide import Case, Options, Send, Shown, Skip, added, corrected, decide, snapshot
from services.notify.resurface import DEFAULT
from shared.records import CallFacts, Change, Duration, Judgement, Outcome, Report, Speaker, Topic, Verdict, When
from tests.services.notify.seed_calls import KREMLIN
from tests.services.notify.variations import AT, ELYSEE, JAPAN, MACRON, XI, facts

NOW = AT + dt.timedelta(minutes=5)
HOUR = dt.timedelta(hours=1)
OPTIONS = Options()
KREMLIN_SPEAKS = Change(field="heard", kind="new", after="RU")
NEW_LENGTH = Change(field="duration", kind="new", after="90")


def case(
    verdict: Verdict = "new", changes: tuple[Change, ...] = (), known: CallFacts | None = None, **values: Any
) -> Case:
    call = known or facts(MACRON, XI)
    given: dict[str, Any] = {"published_at": AT, **values}
    return Case(
        judgement=Judgement(verdict=verdict, call_id="c9", reason="because", changes=changes),
        report=Report(participants=call.participants, status=call.status, news=True),
        facts=call,
        **given,
    )


SHOWN: Shown = snapshot(facts(MACRON, XI))


@pytest.mark.parametrize("verdict", ["new", "update", "repeat"])
def test_the_first_fresh_news_makes_the_root_whatever_the_verdict(verdict: Verdict) -> None:
    assert isinstance(decision := decide(case(verdict), OPTIONS, NOW), Send)
    assert decision.kind == "root"


@pytest.mark.parametrize(
    ("given", "route", "reason"),
    [
        (case("background"), "none", "background never alerts"),
        (case(silent=True), "none", "came with a backfill: history only"),
        (case(published_at=None, known=facts(MACRON, XI, date=None, status="proposed")), "digest", "only proposed"),
        (case(published_at=NOW - 37 * HOUR), "digest", "the article is more than 36 hours old"),
        (case(known=facts(MACRON, XI, latest=NOW - 37 * HOUR)), "digest", "the call was more than 36 hours ago"),
        (case(known=facts(MACRON, XI, status="proposed")), "digest", "only proposed or rumoured"),
        (case(known=facts(MACRON, XI, status="planned", date=None)), "digest", "planned without a day"),
        (case(known=facts(MACRON, XI, status="denied", denial="refused")), "digest", "a denial of what"),
        (case("repeat", shown=SHOWN), "none", "nothing that the root does not show"),
        (case("update", (NEW_LENGTH,), shown=SHOWN, replied=True), "none", "nothing that the root does not show"),
        (case("background", shown=SHOWN), "none", "nothing that the root does not show"),
    ],
)
def test_silence_has_a_reason_and_a_route(given: Case, route: str, reason: str) -> None:
    decision = decide(given, OPTIONS, NOW)
    assert isinstance(decision, Skip)
    assert decision.route == route
    assert decision.reason.startswith(reason)


@pytest.mark.parametrize("date", [None, "2026-05-??"])
def test_what_nobody_can_tell_the_day_of_waits_for_a_person(date: str | None) -> None:
    decision = decide(case(published_at=None, known=facts(MACRON, XI, date=date)), OPTIONS, NOW)
    assert decision == Send(kind="root", reason="neither a publication date nor a day of the call", undated=True)


@pytest.mark.parametrize("status", ["held", "ongoing", "planned"])
def test_what_pages(status: str) -> None:
    decision = decide(case(known=facts(MACRON, XI, status=status)), OPTIONS, NOW)
    assert decision == Send(kind="root", reason="first fresh news of this call (new)")


def test_the_watch_list_pages_for_what_others_read_in_the_digest() -> None:
    watching = replace(OPTIONS, watch=(frozenset({"FR", "CN"}),))
    assert isinstance(decide(case(known=facts(MACRON, XI, status="proposed")), watching, NOW), Send)


def test_the_watch_list_pages_for_a_call_of_last_week_but_not_for_an_old_article() -> None:
    watching = replace(OPTIONS, watch=(frozenset({"FR", "CN"}),))
    known = facts(MACRON, XI, latest=NOW - 200 * HOUR)
    assert isinstance(decide(case(known=known), watching, NOW), Send)
    assert isinstance(decide(case(known=known, published_at=NOW - 37 * HOUR), watching, NOW), Skip)


def test_freshness_is_a_setting() -> None:
    patient = replace(OPTIONS, fresh=72 * HOUR)
    assert isinstance(decide(case(published_at=NOW - 37 * HOUR), patient, NOW), Send)


def test_news_told_late_is_marked() -> None:
    decision = decide(case(), OPTIONS, AT + 3 * HOUR)
    assert isinstance(decision, Send)
    assert decision.late


@pytest.mark.parametrize(
    ("changes", "known", "broadcast"),
    [
        ((NEW_LENGTH,), facts(MACRON, XI), False),
        ((NEW_LENGTH, KREMLIN_SPEAKS), facts(MACRON, XI), True),
        ((Change(field="status", kind="changed", before="planned", after="held"),), facts(MACRON, XI), True),
        ((Change(field="duration", kind="conflict", before="60", after="90"),), facts(MACRON, XI), True),
        ((NEW_LENGTH,), facts(MACRON, XI, date=None), True),
        ((NEW_LENGTH,), facts(MACRON, XI, maybe_second=True), True),
    ],
)
def test_what_shows_in_the_channel_again(changes: tuple[Change, ...], known: CallFacts, broadcast: bool) -> None:
    decision = decide(case("update", changes, known, shown=snapshot(known)), OPTIONS, NOW)
    assert decision == Send(kind="update", reason="because", broadcast=broadcast, changes=changes)


@pytest.mark.parametrize(
    ("before", "now", "rules", "broadcast"),
    [
        ((), (KREMLIN, ELYSEE), DEFAULT, True),
        ((KREMLIN,), (KREMLIN, ELYSEE), DEFAULT, True),
        ((), (KREMLIN, ELYSEE), ("correction",), False),
        ((), (KREMLIN,), DEFAULT, False),
        ((KREMLIN, ELYSEE), (KREMLIN, ELYSEE), DEFAULT, False),
    ],
)
def test_two_sides_that_are_first_heard_in_one_article_show_in_the_channel(
    before: tuple[Speaker, ...], now: tuple[Speaker, ...], rules: tuple[str, ...], *, broadcast: bool
) -> None:
    known, told = facts(MACRON, XI, heard=now), snapshot(facts(MACRON, XI, heard=before))
    decision = decide(case("update", (NEW_LENGTH,), known, shown=told), replace(OPTIONS, resurface=rules), NOW)
    assert isinstance(decision, Send)
    assert decision.broadcast is broadcast


def test_news_that_is_handed_in_behind_its_time_is_marked() -> None:
    tomorrow = AT + 48 * HOUR
    decision = decide(case(), replace(OPTIONS, fed=True), tomorrow)
    assert isinstance(decision, Send)
    assert decision.late
    assert isinstance(decide(case(), OPTIONS, tomorrow), Skip)


def test_a_backfill_edits_at_most() -> None:
    told = {**SHOWN, "date": ["2026-05-03"]}
    decision = decide(case("update", (NEW_LENGTH,), shown=told, stale_root=True, silent=True), OPTIONS, NOW)
    assert isinstance(decision, Send)
    assert decision.kind == "edit"


@pytest.mark.parametrize("verdict", ["new", "repeat", "background"])
def test_a_root_that_is_behind_is_edited_without_a_sound(verdict: Verdict) -> None:
    decision = decide(case(verdict, shown=SHOWN, stale_root=True), OPTIONS, NOW)
    assert isinstance(decision, Send)
    assert (decision.kind, decision.broadcast) == ("edit", False)


@pytest.mark.parametrize("verdict", ["new", "repeat", "background"])
def test_a_told_fact_that_is_no_longer_so_always_makes_a_reply(verdict: Verdict) -> None:
    """The desk was told 3 May; whatever brought the change, it hears of it in the channel."""
    told = {**SHOWN, "date": ["2026-05-03"]}
    decision = decide(case(verdict, shown=told, stale_root=True), OPTIONS, NOW)
    assert isinstance(decision, Send)
    assert (decision.kind, decision.broadcast) == ("update", True)
    assert decision.changes == (Change(field="date", kind="changed", before="2026-05-03", after="2026-05-04"),)


def test_a_better_value_beside_the_told_one_is_an_addition() -> None:
    about = Duration(minutes=60, bound="about", text="khoảng 1 giờ")
    exact = Duration(minutes=55, bound="exact", text="55 phút")
    before = snapshot(facts(MACRON, XI, durations=(about,)))
    after = snapshot(facts(MACRON, XI, durations=(exact, about), heard=(Speaker(id="elysee", text="", side="FR"),)))
    assert corrected(before, after) == ()
    assert added(before, after) == [("duration", "55"), ("heard", "FR")]
    assert added(after, {**after, "duration": []}) == [("duration", None)]


def test_an_hour_that_is_another_is_told_and_one_more_hour_is_not() -> None:
    nine, ten = (When(date="2026-05-04", start=AT + n * HOUR, zone="VN") for n in range(2))
    before = snapshot(facts(MACRON, XI, whens=(nine,)))
    moved = corrected(before, snapshot(facts(MACRON, XI, whens=(ten,))))
    told = (nine.start.isoformat(), ten.start.isoformat()) if nine.start and ten.start else ("", "")
    assert moved == (Change(field="start", kind="changed", before=told[0], after=told[1]),)
    assert corrected(before, snapshot(facts(MACRON, XI, whens=(ten, nine)))) == ()


def test_what_no_article_tells_any_more_is_missed_where_the_data_name_it() -> None:
    invited = Outcome(kind="invited", id="invited", text="mời ông Tập", mode="reported")
    worded = Outcome(kind="agreed", text="nối lại các chuyến bay", mode="reported")
    trade = Topic(id="trade", text="thương mại", mode="reported")
    before = snapshot(facts(MACRON, XI, outcomes=(invited, worded), topics=(trade,)))
    after = snapshot(facts(MACRON, XI, outcomes=(replace(worded, text="nối lại đường bay"),)))
    assert corrected(before, after) == (
        Change(field="topics", kind="changed", before="thương mại"),
        Change(field="outcomes", kind="changed", before="mời ông Tập"),
    )
    assert added(before, after) == [("topics", "trade"), ("outcomes", "nối lại đường bay"), ("outcomes", "invited")]
    old_row = {name: values for name, values in before.items() if not name.endswith("_words")}
    assert corrected(old_row, after) == (), "a root of before these words were kept is not asked for them"


def test_who_is_named_only_now_stands_among_the_edits() -> None:
    before, after = (snapshot(facts(MACRON, other)) for other in (JAPAN, replace(JAPAN, name="Shigeru Ishiba")))
    assert added(before, after) == [("participants", "Shigeru Ishiba")]
    assert corrected(before, after) == ()
    old_row = {name: values for name, values in before.items() if name != "participants"}
    assert added(old_row, after) == []


def test_the_hour_of_a_plan_that_was_kept_is_not_withdrawn() -> None:
    due = When(date="2026-05-04", start=NOW)
    plan = snapshot(facts(MACRON, XI, status="planned", whens=(due,)))
    told = corrected(plan, snapshot(facts(MACRON, XI)))
    assert [change.field for change in told] == ["status"]
    for status, passed in (("planned", AT), ("denied", None)):  # it was kept all the same
        told_last = snapshot(facts(MACRON, XI, status=status, whens=(due,), no_word_by=passed))
        assert [change.field for change in corrected(told_last, snapshot(facts(MACRON, XI)))] == ["status"]
    still = snapshot(facts(MACRON, XI, status="planned"))
    assert [change.field for change in corrected(plan, still)] == ["start"]


def test_news_of_a_plan_that_passed_in_silence_begins_with_that_silence() -> None:
    told = snapshot(facts(MACRON, XI, status="planned", no_word_by=AT))
    held = Change(field="status", kind="changed", before="planned", after="held")
    decision = decide(case("update", (held, NEW_LENGTH), shown=told), OPTIONS, NOW)
    assert isinstance(decision, Send)
    assert decision.changes[:2] == (replace(held, before="unconfirmed"), NEW_LENGTH)
    assert decision.broadcast


def test_an_update_tells_what_is_no_longer_so_beside_what_is_new() -> None:
    trade = Topic(id="trade", text="thương mại", mode="reported")
    told = snapshot(facts(MACRON, XI, date="2026-05-03", topics=(trade,)))
    decision = decide(case("update", (NEW_LENGTH,), shown=told), OPTIONS, NOW)
    assert isinstance(decision, Send)
    assert [change.field for change in decision.changes] == ["duration", "date", "topics"]
    assert decision.broadcast, "a correction"
