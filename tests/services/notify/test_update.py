from __future__ import annotations

import datetime as dt
from typing import Literal

import pytest
from msgspec.structs import replace

from services.notify.plain import as_text
from services.notify.update import render_update
from shared.names import Language
from shared.records import ByHand, Change, Duration, Judgement, Outcome, Participant, Report, When
from tests.services.notify.golden import ZONE
from tests.services.notify.seed_calls import KREMLIN, PUTIN, TEAMS_START, TRUMP, VISITS, WHITE_HOUSE
from tests.services.notify.variations import AT, ELYSEE, HELD, MACRON, MERZ, UPDATES, XI, facts, paper, view


@pytest.mark.parametrize(("told", "line"), [(VISITS, True), (TEAMS_START, False)])
def test_an_outcome_told_again_in_the_same_words_is_no_change(told: Outcome, line: bool) -> None:
    view, judgement, report = next(iter(UPDATES.values()))
    change = Change(field="outcomes", kind="changed", before=TEAMS_START.id, after=told.id)
    text = as_text(
        render_update(
            replace(view, facts=replace(view.facts, outcomes=(TEAMS_START,))),
            replace(judgement, changes=(change,)),
            replace(report, outcomes=(told,)),
            "en",
            ZONE,
        )
    )
    assert ("→" in text) is line


def test_a_length_has_its_speaker_on_both_sides_of_the_arrow() -> None:
    view, judgement, report = UPDATES["4-update"]
    lengths = (
        Duration(minutes=95, bound="exact", text="95 phút", speaker=WHITE_HOUSE),
        Duration(minutes=90, bound="exact", text="90 phút", speaker=KREMLIN),
    )
    change = Change(field="duration", kind="conflict", before="90", after="95")
    text = as_text(
        render_update(
            replace(view, facts=replace(view.facts, durations=lengths)),
            replace(judgement, changes=(change,)),
            replace(report, durations=lengths[:1], outcomes=()),
            "en",
            ZONE,
        )
    )
    assert "• *Length*  90 minutes (Kremlin) → 95 minutes (White House)\n" in text


@pytest.mark.parametrize(
    ("field", "before", "said"),
    [("duration", "90", "90 minutes"), ("date", "2025-02-12", "12 Feb 2025"), ("initiator", "RU", "the Russian side")],
)
def test_what_is_no_longer_told_is_the_news_of_its_reply(field: str, before: str, said: str) -> None:
    view, judgement, report = UPDATES["4-update"]
    gone = replace(judgement, changes=(Change(field=field, kind="changed", before=before),))
    bare = replace(view, facts=replace(view.facts, durations=(), date=None, initiators=()))
    message = render_update(bare, gone, replace(report, durations=(), outcomes=()), "en", ZONE)
    assert message.push == f"Update: Putin–Trump: no longer told: {said}"


def test_what_is_told_for_the_first_time_replaces_no_other_outcome() -> None:
    view, judgement, report = UPDATES["4-update"]
    told = replace(TEAMS_START, id=None, text="đồng ý mở lại đường bay")
    before = replace(TEAMS_START, id=None, text="nhất trí mở lại cửa khẩu")
    text = as_text(
        render_update(
            replace(view, facts=replace(view.facts, outcomes=(before, told))),
            replace(judgement, changes=(Change(field="outcomes", kind="new", after=told.text),)),
            replace(report, outcomes=(told,)),
            "en",
            ZONE,
        )
    )
    assert "mở lại đường bay" in text
    assert "→" not in text


@pytest.mark.parametrize(("changes", "now"), [((Change(field="heard", kind="new", after="RU"),), True), ((), False)])
def test_a_side_speaks_for_the_first_time_only_once(changes: tuple[Change, ...], now: bool) -> None:
    view, judgement, report = UPDATES["4-update"]
    text = as_text(render_update(view, replace(judgement, changes=changes), report, "en", ZONE))
    assert ("now Kremlin" in text) is now


def test_what_is_not_stated_is_no_news_by_itself() -> None:
    view, judgement, report = UPDATES["4-update"]
    account = Change(field="account", kind="new", evidence=report.evidence[:1])
    assert "Still not stated" not in as_text(
        render_update(view, replace(judgement, changes=(account,)), report, "en", ZONE)
    )


def test_what_a_person_put_right_quotes_no_article_that_says_otherwise() -> None:
    note = ByHand(field="status", value="planned", by="Minh", at=AT, reason="it was a plan", hand=1)
    call = view(facts(MACRON, MERZ, status="planned", by_hand=(note, replace(note, field="date"))))
    change = Change(field="status", kind="changed", before="held", after="planned")
    judgement = Judgement(verdict="repeat", call_id="c9", reason="", changes=(change,))
    report = Report(participants=(MACRON, MERZ), status="held", news=True, evidence=(HELD,))
    text = as_text(render_update(call, judgement, report, "en", ZONE))
    assert "• *Status*  held → planned" in text
    assert text.count("By hand:") == 1, "of what the reply tells"
    assert "_By hand: status (Minh, 4 May 16:30: it was a plan)_" in text
    assert HELD.text not in text
    told = replace(judgement, changes=(change, Change(field="duration", kind="new", after="90")))
    assert HELD.text in as_text(render_update(call, told, report, "en", ZONE))


def test_what_is_told_no_more_is_not_still_unknown() -> None:
    gone = tuple(
        Change(field=field, kind="changed", before=before)
        for field, before in (("date", "2026-05-04"), ("initiator", "FR"))
    )
    judgement = Judgement(verdict="background", call_id="c9", reason="", changes=gone)
    report = Report(participants=(MACRON, MERZ), status="held", news=True)
    text = as_text(render_update(view(facts(MACRON, MERZ, date=None, whens=())), judgement, report, "en", ZONE))
    assert "• *Asked for by*  the French side → not stated" in text
    assert "• *Still not stated*  length\n" in text


@pytest.mark.parametrize(("language", "news"), [("en", "no word by 5 May"), ("vi", "chưa có tin")])
def test_that_there_is_no_word_of_a_plan_stands_within_the_push_line(language: Language, news: str) -> None:
    due = When(date="2026-05-04", start=AT)
    plan = facts(PUTIN, TRUMP, status="planned", whens=(due,), no_word_by=AT + dt.timedelta(hours=8))
    change = Change(field="status", kind="changed", before="planned", after="unconfirmed")
    judgement = Judgement(verdict="background", call_id="c9", reason="", changes=(change,))
    report = Report(participants=(PUTIN, TRUMP), status="planned", news=True)
    assert news in render_update(view(plan), judgement, report, language, ZONE).push


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        ("new", "Update: Macron–Merz lasted 90 minutes"),
        ("conflict", "Update: Macron–Merz lasted 90 minutes, Élysée says"),
    ],
)
def test_a_length_that_others_dispute_is_told_with_its_speaker(kind: Literal["new", "conflict"], headline: str) -> None:
    told = Duration(minutes=90, bound="exact", text="90 phút", speaker=ELYSEE, evidence=HELD)
    change = Change(field="duration", kind=kind, before="60", after="90", evidence=(HELD,))
    judgement = Judgement(verdict="update", call_id="c9", reason="", changes=(change,))
    report = Report(participants=(MACRON, MERZ), status="held", news=True, durations=(told,))
    assert render_update(view(facts(MACRON, MERZ)), judgement, report, "en", "UTC").headline == headline


def test_a_length_of_the_headline_has_the_speaker_that_the_text_names() -> None:
    bare = Duration(minutes=90, bound="exact", text="90 phút", evidence=HELD)
    change = Change(field="duration", kind="conflict", before="60", after="90", evidence=(HELD,))
    judgement = Judgement(verdict="update", call_id="c9", reason="", changes=(change,))
    told = (bare, replace(bare, speaker=ELYSEE))
    report = Report(participants=(MACRON, MERZ), status="held", news=True, durations=told)
    text = as_text(render_update(view(facts(MACRON, MERZ, durations=told)), judgement, report, "en", "UTC"))
    assert text.startswith("*Update: Macron–Merz lasted 90 minutes, Élysée says*\n")
    assert "60 minutes → 90 minutes (Élysée) ①" in text


@pytest.mark.parametrize(
    ("people", "words"),
    [((MACRON, PUTIN), "cùng các tổng thống này"), ((MACRON, XI), "cùng những người này")],
)
def test_only_who_is_called_tong_thong_is_one_of_the_same_presidents(
    people: tuple[Participant, ...], words: str
) -> None:
    told = facts(*people, date=None, whens=(), sources=(paper(), paper("a2", "Báo Hai")))
    change = Change(field="topics", kind="new", after="trade")
    judgement = Judgement(verdict="update", call_id="c9", reason="", changes=(change,))
    report = Report(participants=people, status="held", news=True)
    assert words in as_text(render_update(view(told), judgement, report, "vi", ZONE))
