"""New, update, repeat, background: what a report is to what was known of its call."""

from __future__ import annotations

import datetime as dt

import pytest

from services.classify.identity import Link
from services.classify.verdict import judge
from shared.records import Comparison, Outcome, Speaker, StoredReport, When
from tests.support.reports import lasts, quote, told, topic

LINK = Link(key="b#0", agreed=("same persons",), against=("a day off",))
DAY = "2031-05-06"
FIRST = told(
    "a",
    "2031-05-06 22:00",
    DAY,
    channel="phone",
    topics=(topic("grain"),),
    heard=(Speaker(id="wh", text="", side="US"),),
)
ROW = {"published": "2031-05-07 09:00"}


def verdict(stored: StoredReport, *earlier: StoredReport) -> tuple[str, list[tuple[str, str, str | None, str | None]]]:
    judgement = judge(stored, earlier, "c1", LINK)
    return judgement.verdict, [(c.field, c.kind, c.before, c.after) for c in judgement.changes]


def test_the_first_report_is_new_and_carries_the_comparison() -> None:
    comparison = Comparison(nth=3)
    judgement = judge(FIRST, [], "c1", LINK, comparison)
    assert (judgement.verdict, judgement.comparison, judgement.call_id) == ("new", comparison, "c1")
    assert (judgement.agreed, judgement.against) == (LINK.agreed, LINK.against)
    assert judgement.version


def test_a_call_known_as_background_only_is_still_news() -> None:
    older = told("b", "2031-06-20 09:00", DAY, news=False)
    assert verdict(FIRST, older)[0] == "new"


def test_background_is_background_known_or_not() -> None:
    older = told("b", "2031-06-20 09:00", DAY, news=False, durations=(lasts(50),))
    assert verdict(older, FIRST) == ("background", [])
    assert verdict(older) == ("background", [])


def test_another_outlet_alone_is_a_repeat() -> None:
    again = told("b", "2031-05-07 09:00", DAY, channel="phone", topics=(topic("grain"),), outlet="Another")
    judgement = judge(again, [FIRST], "c1", LINK)
    assert (judgement.verdict, judgement.changes, judgement.reason) == ("repeat", (), "adds nothing")


START = dt.datetime(2031, 5, 6, 14, tzinfo=dt.UTC)
AGREED = Outcome(kind="agreed", text="hai bên nhất trí mở lại cửa khẩu phía bắc", mode="reported")
# what the second report says → the one change that it makes
UPDATES: list[tuple[str, StoredReport, tuple[str, str, str | None, str | None]]] = [
    ("a length", told("b", **ROW, durations=(lasts(50, "about"),)), ("duration", "new", None, "about 50")),
    ("who asked", told("b", **ROW, asked="RU"), ("initiator", "new", None, "RU")),
    ("a topic", told("b", **ROW, topics=(topic("grain"), topic("gas"))), ("topics", "new", None, "gas")),
    ("an outcome", told("b", **ROW, outcomes=(AGREED,)), ("outcomes", "new", None, AGREED.text)),
    ("another channel", told("b", **ROW, channel="video"), ("channel", "conflict", "phone", "video")),
    ("another day", told("b", **ROW, day="2031-05-02"), ("date", "conflict", DAY, "2031-05-02")),
    (
        "an hour",
        told("b", **ROW, when=When(date=DAY, start=START)),
        ("start", "new", None, "2031-05-06T14:00:00+00:00"),
    ),
    ("a denial", told("b", **ROW, status="denied", denial="denied"), ("status", "conflict", "held", "denied")),
    (
        "the second side's first word",
        told("b", **ROW, heard=(Speaker(id="kremlin", text="", side="RU"),)),
        ("heard", "new", None, "RU"),
    ),
]


@pytest.mark.parametrize(("stored", "change"), [row[1:] for row in UPDATES], ids=[row[0] for row in UPDATES])
def test_a_fact_that_is_added_or_disputed_is_an_update(
    stored: StoredReport, change: tuple[str, str, str | None, str | None]
) -> None:
    assert verdict(stored, FIRST) == ("update", [change])


REPEATS: list[tuple[str, StoredReport]] = [
    ("one day off is a time zone", told("b", **ROW, day="2031-05-07")),
    ("a plan told again", told("b", **ROW, day=DAY, status="planned")),
    ("the same side again", told("b", **ROW, heard=(Speaker(id="state-dept", text="", side="US"),))),
    ("an agency speaks for nobody", told("b", **ROW, heard=(Speaker(id="agency", text=""),))),
    ("a topic named beforehand", told("b", **ROW, topics=(topic("grain", "announced"),))),
    ("a heading and no topic", told("b", **ROW, topics=(topic("international_situation"),))),
]


@pytest.mark.parametrize("stored", [row[1] for row in REPEATS], ids=[row[0] for row in REPEATS])
def test_what_adds_nothing_is_a_repeat(stored: StoredReport) -> None:
    assert verdict(stored, FIRST) == ("repeat", [])


def test_the_plan_that_is_kept_is_an_update() -> None:
    plan = told("a", "2031-05-05 09:00", DAY, status="planned", topics=(topic("grain", "announced"),))
    held = told("b", "2031-05-06 22:00", DAY, topics=(topic("grain"),))
    assert verdict(held, plan) == (
        "update",
        [("status", "changed", "planned", "held"), ("topics", "new", None, "grain")],
    )


def test_the_hour_and_the_voice_of_a_plan_are_no_news_of_the_call_that_was_held() -> None:
    kremlin, white_house = (Speaker(id=side, text="", side=side) for side in ("RU", "US"))
    held = told("a", "2031-05-06 22:00", DAY, heard=(white_house,))
    due = When(date=DAY, text=DAY, start=dt.datetime(2031, 5, 6, 13, tzinfo=dt.UTC))
    plan = told("b", "2031-05-06 23:00", when=due, status="planned", heard=(kremlin,))
    assert verdict(plan, held) == ("repeat", [])


def test_a_plan_that_is_put_off_says_how() -> None:
    plan = told("a", "2031-05-05 09:00", DAY, status="planned")
    off = told("b", "2031-05-06 09:00", DAY, status="denied", denial="postponed")
    assert verdict(off, plan) == ("update", [("status", "conflict", "planned", "postponed")])
    later = told("c", "2031-05-06 10:00", DAY, status="planned")
    assert verdict(later, plan, off) == ("repeat", [])


def test_an_exact_length_after_a_rough_one_is_an_update_and_not_a_dispute() -> None:
    rough = told("a", "2031-05-06 22:00", DAY, durations=(lasts(60, "about"),))
    exact = told("b", "2031-05-07 22:00", DAY, durations=(lasts(55),))
    assert verdict(exact, rough) == ("update", [("duration", "changed", "about 60", "55")])
    assert verdict(rough, exact) == ("repeat", [])
    longer = told("b", "2031-05-07 22:00", DAY, durations=(lasts(90),))
    assert verdict(longer, rough) == ("update", [("duration", "conflict", "about 60", "90")])


def test_an_outcome_in_other_words_that_were_quoted_is_known() -> None:
    quoted = told(
        "a", "2031-05-06 22:00", DAY, evidence=(quote("Theo thông cáo, hai bên nhất trí mở lại cửa khẩu phía bắc."),)
    )
    assert verdict(told("b", **ROW, outcomes=(AGREED,)), quoted) == ("repeat", [])


def test_more_of_what_was_agreed_is_an_update_that_names_both() -> None:
    at_once = Outcome(kind="agreed", id="talks_immediately", text="đàm phán ngay lập tức", mode="reported")
    teams = Outcome(kind="agreed", id="teams_start", text="đàm phán ngay lập tức", mode="reported")
    first = told("a", "2031-05-06 22:00", DAY, outcomes=(at_once,), evidence=(quote("đàm phán ngay lập tức"),))
    changes = [("outcomes", "changed", "talks_immediately", "teams_start")]
    assert verdict(told("b", **ROW, outcomes=(teams,)), first) == ("update", changes)
    both = told("a", "2031-05-06 22:00", DAY, outcomes=(at_once, teams))
    assert verdict(told("b", **ROW, outcomes=(teams,)), both) == ("repeat", [])


# --- the words of earlier articles ---------------------------------------------------------------------------------

OLD = "Hai bên nhất trí cử các kỹ sư đến biên giới để đo mực nước và lập một đường dây nóng."


def changed(stored: StoredReport, *earlier: StoredReport, **texts: str) -> list[tuple[str, str | None]]:
    return [(c.field, c.after) for c in judge(stored, earlier, "c1", LINK, texts=texts).changes]


def test_a_topic_read_out_of_words_that_an_earlier_article_had_is_no_news() -> None:
    again = told("b", "2031-05-07 09:00", DAY, topics=(topic("dam", text=OLD),))
    assert changed(again, FIRST) == [("topics", "dam")]
    assert changed(again, FIRST, a=f"Kenya và Ethiopia. {OLD}") == []
    assert changed(again, FIRST, a="Một bài khác hẳn, về giá cà phê.") == [("topics", "dam")]


def test_a_topic_that_nothing_told_before_names_is_news_in_however_old_words() -> None:
    flash = "Tổng thống Carter và Tổng thống Petrova vừa có cuộc điện đàm tối nay."
    again = told("b", "2031-05-07 09:00", DAY, topics=(topic("iran", text=flash.replace("tối", "về Iran tối")),))
    assert changed(again, FIRST, a=flash) == [("topics", "iran")]
    assert changed(again, FIRST, a=f"{flash} Hai ông nói về chuyện Iran.") == []


@pytest.mark.parametrize(
    ("name", "known", "news"),
    [
        ("arms_control", "new_start", []),
        ("new_start", "arms_control", [("topics", "new_start")]),
        ("ukraine", "grain", []),
        ("syria", "grain", [("topics", "syria")]),
    ],
)
def test_the_wider_matter_or_the_place_of_what_is_known_is_no_news(
    name: str, known: str, news: list[tuple[str, str | None]]
) -> None:
    first = told("a", "2031-05-06 22:00", DAY, topics=(topic(known, text="Hai bên bàn về ngũ cốc của Ukraine."),))
    again = told("b", "2031-05-07 09:00", DAY, topics=(topic(name, text="Hai bên còn nói tới chuyện đó."),))
    assert changed(again, first) == news


@pytest.mark.parametrize(
    ("day", "news"),
    [("2031-05-06", []), ("2031-05-05", []), ("2031-05-03", [("date", "2031-05-03")])],
)
def test_a_first_day_that_everybody_took_it_for_is_no_news(day: str, news: list[tuple[str, str | None]]) -> None:
    undated = told("a", "2031-05-06 22:00")
    assert changed(told("b", "2031-05-07 09:00", day), undated) == news


def test_an_agenda_in_the_same_words_was_not_told_as_talked_about() -> None:
    plan = told("a", "2031-05-05 22:00", DAY, status="planned", topics=(topic("grain"),))
    held = told("b", "2031-05-07 09:00", DAY, topics=(topic("dam", text=OLD),))
    assert changed(held, plan, a=OLD) == [("status", "held"), ("topics", "dam")]


def test_an_outcome_in_the_words_of_an_earlier_article_is_no_news() -> None:
    outcome = Outcome(kind="agreed", text="lập", mode="reported", id="hotline", evidence=quote(OLD))
    again = told("b", "2031-05-07 09:00", DAY, outcomes=(outcome,))
    assert changed(again, FIRST) == [("outcomes", "hotline")]
    assert changed(again, FIRST, a=OLD) == []


SAID = "Trong cuộc điện đàm, bà Petrova dọa cắt toàn bộ nguồn khí đốt bán sang các nước láng giềng phía tây."


def test_an_account_of_what_was_said_is_an_update_where_nothing_else_is_added() -> None:
    story = told("b", "2031-05-07 09:00", DAY, evidence=(quote(SAID, "participants"),))
    (change,) = judge(story, [FIRST], "c1", LINK, texts={"a": OLD}).changes
    assert (change.field, change.kind, change.evidence[0].text) == ("account", "new", SAID)
    assert changed(story, FIRST, a=f"{OLD} {SAID}") == []
    longer = told("b", "2031-05-07 09:00", DAY, evidence=(quote(SAID),), durations=(lasts(50),))
    assert changed(longer, FIRST, a=OLD) == [("duration", "50")]


def test_a_sentence_about_a_matter_that_is_known_is_no_other_account() -> None:
    story = told(
        "b", "2031-05-07 09:00", DAY, evidence=(quote(SAID, "participants"),), topics=(topic("grain", text=SAID),)
    )
    assert changed(story, FIRST, a=OLD) == []
