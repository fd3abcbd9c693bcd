"""What many reports say together: which value stands first, what stays beside it, who counts as one source."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from services.classify.facts import dated_by, merge
from shared.records import Anchor, Contradiction, Outcome, Speaker, Status, StoredReport, When
from tests.support.reports import at, lasts, person, quote, told, topic

DAY = "2031-05-06"
KREMLIN = Speaker(id="kremlin", text="Điện Kremlin", side="RU")
WHITE_HOUSE = Speaker(id="white-house", text="Nhà Trắng", side="US")


def day(number: int, hour: int = 9) -> str:
    return f"2031-05-{number:02d} {hour:02d}:00"


def test_a_call_that_nobody_told_of_is_none() -> None:
    with pytest.raises(ValueError, match="at least one report"):
        merge([])


LENGTHS: list[tuple[str, list[StoredReport], list[tuple[int, str]]]] = [
    (
        "exact before approximate",
        [told("a", day(6), DAY, durations=(lasts(60, "about"),)), told("b", day(7), DAY, durations=(lasts(55),))],
        [(55, "exact"), (60, "about")],
    ),
    (
        "the later word before the earlier",
        [told("a", day(6), DAY, durations=(lasts(50),)), told("b", day(7), DAY, durations=(lasts(90),))],
        [(90, "exact"), (50, "exact")],
    ),
    (
        "two sources before one",
        [
            told("a", day(6), DAY, durations=(lasts(50),)),
            told("b", day(6, 10), DAY, durations=(lasts(50),)),
            told("c", day(7), DAY, durations=(lasts(90),)),
        ],
        [(50, "exact"), (90, "exact")],
    ),
    (
        "five papers with one agency's text are one source",
        [
            told("a", day(6), DAY, durations=(lasts(50),), origin="agency"),
            told("b", day(6, 10), DAY, durations=(lasts(50),), origin="agency"),
            told("c", day(7), DAY, durations=(lasts(90),)),
        ],
        [(90, "exact"), (50, "exact")],
    ),
    (
        "news before background",
        [
            told("a", day(6), DAY, durations=(lasts(60, "about"),)),
            told("b", day(20), DAY, news=False, durations=(lasts(50),)),
        ],
        [(60, "about"), (50, "exact")],
    ),
]


def test_a_plan_that_was_kept_no_longer_tells_how_things_stand() -> None:
    plan, passing = told("a", day(5), DAY, status="planned"), told("c#1", day(7), DAY, status="planned")
    held, again = told("b", day(6), DAY), told("c", day(7), DAY)
    stands = {source.article: source.stands for source in merge([plan, held, again, passing]).sources}
    assert stands == {"a": False, "b": True, "c": True}
    assert [source.stands for source in merge([plan]).sources] == [True]


@pytest.mark.parametrize(("reports", "expected"), [row[1:] for row in LENGTHS], ids=[row[0] for row in LENGTHS])
def test_lengths_best_first(reports: list[StoredReport], expected: list[tuple[int, str]]) -> None:
    for some in (reports, reports[::-1]):
        assert [(d.minutes, d.bound) for d in merge(some).durations] == expected


STATUSES: list[tuple[str, list[StoredReport], tuple[str, str | None]]] = [
    ("planned, held", [told("a", day(5), DAY, status="planned"), told("b", day(6), DAY)], ("held", None)),
    ("a plan told late", [told("a", day(6), DAY), told("b", day(7), DAY, status="planned")], ("held", None)),
    ("now", [told("a", day(5), DAY, status="planned"), told("b", day(6), DAY, status="ongoing")], ("ongoing", None)),
    ("wish, plan", [told("a", day(6), status="planned"), told("b", day(7), status="proposed")], ("planned", None)),
    (
        "put off",
        [told("a", day(5), DAY, status="planned"), told("b", day(6), DAY, status="denied", denial="postponed")],
        ("denied", "postponed"),
    ),
    (
        "refused, then held after all",
        [told("a", day(5), DAY, status="denied", denial="refused"), told("b", day(6), DAY)],
        ("held", None),
    ),
    (
        "held, then a late word on the refusal",
        [told("a", day(6), DAY), told("b", day(7), DAY, status="denied", denial="refused")],
        ("held", None),
    ),
    (
        "held, then corrected",
        [told("a", day(6), DAY), told("b", day(7), DAY, status="denied", denial="denied")],
        ("denied", "denied"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("reports", "expected"), [row[1:] for row in STATUSES], ids=[row[0] for row in STATUSES])
def test_status_of_a_call(reports: list[StoredReport], expected: tuple[str, str | None]) -> None:
    facts = merge(reports)
    assert (facts.status, facts.denial) == expected


def test_the_day_that_most_give_and_of_equals_the_first() -> None:
    first, other = told("a", day(7), "2031-05-06"), told("b", day(7, 11), "2031-05-07")
    assert merge([other, first]).date == "2031-05-06"
    assert merge([first, other, told("c", day(8), "2031-05-07")]).date == "2031-05-07"


def test_a_background_day_gives_way_to_that_of_the_news() -> None:
    news = told("a", day(14), "2031-05-14")
    slips = [told(name, day(20), "2031-05-04", news=False) for name in "bc"]
    assert merge([news, *slips]).date == "2031-05-14"


def test_a_month_where_nobody_has_a_day() -> None:
    assert merge([told("a", day(20), "2031-04-??", news=False)]).date == "2031-04-??"
    assert merge([told("a", day(20))]).date is None


def test_hours_stand_before_days_and_days_before_words() -> None:
    start = dt.datetime(2031, 5, 6, 14, 0, tzinfo=dt.UTC)
    reports = [
        told("a", day(7), when=When(text="mới đây")),
        told("b", day(7, 10), DAY),
        told("c", day(7, 11), when=When(date=DAY, start=start)),
    ]
    assert [when.start or when.date or when.text for when in merge(reports).whens] == [start, DAY, "mới đây"]


def test_what_the_texts_say_against_each_other_stays_side_by_side() -> None:
    own = Contradiction(field="duration", values=("21:00", "23:57"))
    reports = [
        told("a", day(6), DAY, durations=(lasts(60, by="white-house"),), asked="US", contradictions=(own,)),
        told("b", day(7), DAY, durations=(lasts(90, by="kremlin"),), asked="RU"),
        told("c", day(8), "2031-05-02"),
        told("d", day(8, 10), DAY, status="denied", denial="denied"),
    ]
    found = {(c.field, c.values) for c in merge(reports).contradictions}
    assert found == {
        ("duration", ("21:00", "23:57")),
        ("duration", ("90", "60")),
        ("initiator", ("RU", "US")),
        ("date", ("2031-05-02", "2031-05-06")),
        ("status", ("held", "denied")),
    }


def test_nothing_is_disputed_where_the_words_agree() -> None:
    reports = [
        told("a", day(6), DAY, durations=(lasts(60, "about"),), asked="US"),
        told("b", day(7), "2031-05-07", durations=(lasts(55),), asked="both"),
    ]
    assert merge(reports).contradictions == ()


def test_topics_stay_in_the_order_told_with_their_modes() -> None:
    reports = [
        told("a", day(5), DAY, status="planned", topics=(topic("grain", "announced"),)),
        told("b", day(6), DAY, topics=(topic("gas"), topic("grain"))),
        told("c", day(7), DAY, topics=(topic("gas"),)),
    ]
    assert [(t.id, t.mode) for t in merge(reports).topics] == [
        ("grain", "announced"),
        ("gas", "reported"),
        ("grain", "reported"),
    ]


def test_who_has_spoken() -> None:
    reports = [told("b", day(7), DAY, heard=(KREMLIN,)), told("a", day(6), DAY, heard=(WHITE_HOUSE,))]
    assert [speaker.side for speaker in merge(reports).heard] == ["US", "RU"]


def test_outcomes_of_one_kind_and_row_are_one() -> None:
    invitation = Outcome(kind="invited", id="visit", by="RU", place="Moscow", text="đã mời", mode="reported")
    again = Outcome(kind="invited", id="visit", by="RU", place="Moscow", text="ngỏ lời mời", mode="reported")
    assert merge([told("a", day(6), outcomes=(invitation,)), told("b", day(7), outcomes=(again,))]).outcomes == (
        invitation,
    )


def test_articles_with_one_text_are_one_origin() -> None:
    words = "Hai bên nhất trí sớm gặp nhau để bàn về tuyến đường sắt mới qua biên giới phía bắc"
    reports = [
        told("a", day(6, 8), evidence=(quote(words),)),
        told("b", day(6, 9), evidence=(quote(words + " trong năm nay"),)),
        told("c", day(6, 10), evidence=(quote("Một bài khác hẳn, viết từ cuộc họp báo của người phát ngôn sáng nay"),)),
    ]
    assert [(s.article, s.origin) for s in merge(reports).sources] == [("a", "a"), ("b", "a"), ("c", "c")]


POST = Speaker(id="carter", text="Carter", side="US", network="Truth Social")
AGENCY = Speaker(id="reuters", text="Reuters")


def test_the_hour_of_a_plan_is_none_of_the_call_that_was_held() -> None:
    due = When(date=DAY, text="15h ngày 6-5", start=at(day(6, 15)), clock="15:00", zone="VN")
    plan = told("a", day(6), when=due, status="planned")
    begun = told("b", day(6, 17), when=replace(due, text="16h ngày 6-5", start=at(day(6, 16))), status="ongoing")
    done = told("c", day(7), when=When(date=DAY, text="ngày 6-5"))
    assert [when.start for when in merge([plan]).whens] == [at(day(6, 15))]
    assert [(when.start, when.clock) for when in merge([plan, done]).whens] == [(None, None)] * 2
    assert {when.start for when in merge([plan, begun, done]).whens} == {at(day(6, 16)), None}


@pytest.mark.parametrize(("status", "sides"), [("planned", ["US", "RU"]), ("held", ["RU"]), ("ongoing", ["RU"])])
def test_who_spoke_of_the_plan_alone_is_not_heard_of_the_call(status: Status, sides: list[str]) -> None:
    plan = told("a", day(6), DAY, status="planned", heard=(WHITE_HOUSE,))
    call = told("b", day(7), DAY, status=status, heard=(KREMLIN,))
    assert [speaker.side for speaker in merge([plan, call]).heard] == sides


@pytest.mark.parametrize(
    ("heard", "status", "origin"),
    [
        pytest.param((POST,), "held", "a", id="the same post in other words"),
        pytest.param((POST, AGENCY), "held", "a", id="the same post by way of an agency"),
        pytest.param((POST, KREMLIN), "held", "b", id="the other side speaks too"),
        pytest.param((replace(POST, network=None),), "held", "b", id="said elsewhere"),
        pytest.param((replace(POST, network="X"),), "held", "b", id="another network"),
        pytest.param((POST,), "planned", "b", id="a post of before"),
        pytest.param((), "held", "b", id="nobody is heard"),
    ],
)
def test_papers_that_quote_one_post_are_one_origin(heard: tuple[Speaker, ...], status: Status, origin: str) -> None:
    first = told("a", day(6, 8), heard=(POST,), evidence=(quote("Ông Carter viết rằng hai bên bàn về đường sắt"),))
    words = "Trên mạng xã hội, tổng thống kể về cuộc trao đổi kéo dài và cởi mở"
    second = told("b", day(6, 9), heard=heard, status=status, evidence=(quote(words),))
    assert [(s.article, s.origin) for s in merge([first, second]).sources] == [("a", "a"), ("b", origin)]


def test_the_participant_with_a_name_stands_for_the_office() -> None:
    reports = [told("a", day(6), who=("Carter", "?JP")), told("b", day(7), who=("Carter", "Sato"))]
    assert [p.surname for p in merge(reports).participants] == ["Carter", "Sato"]


def _beside(relation: Any, *who: str) -> Anchor:
    return Anchor(
        relation=relation, participants=tuple(map(person, who)), text="cùng ngày", evidence=quote("Cùng ngày, …")
    )


def test_a_day_derived_from_another_call_names_both_clues() -> None:
    other = merge([told("a", day(7), when=When(date=DAY, text="hôm 6/5", evidence=quote("hôm 6/5", article="a")))])
    undated = merge([told("b", day(8), who=("Carter", "Haddad"), anchors=(_beside("same_day", "Carter", "Petrova"),))])
    dated = dated_by(undated, other)
    assert (dated.date, dated.date_derived) == (DAY, "cùng ngày")
    assert [clue.text for clue in dated.date_clues] == ["Cùng ngày, …", "hôm 6/5"]


@pytest.mark.parametrize(
    ("anchor", "own"),
    [
        (_beside("before", "Carter", "Petrova"), None),
        (_beside("same_day", "Carter", "Sato"), None),
        (_beside("same_day", "Carter", "Petrova"), "2031-05-05"),
    ],
    ids=["an order is no day", "another call", "a day of its own"],
)
def test_no_day_is_derived(anchor: Anchor, own: str | None) -> None:
    other = merge([told("a", day(7), DAY)])
    facts = merge([told("b", day(8), own, who=("Carter", "Haddad"), anchors=(anchor,))])
    assert dated_by(facts, other) == facts


@pytest.mark.parametrize(
    ("networks", "kept"),
    [(("X", "X"), "X"), (("X", None), None), (("X", "Telegram"), None), ((None, None), None)],
)
def test_a_network_stands_where_every_report_heard_its_writer_there(
    networks: tuple[str | None, str | None], kept: str | None
) -> None:
    first, second = (
        told(name, day(6), DAY, heard=(Speaker(id="ruto", text="Ruto", side="KE", network=network),))
        for name, network in zip("ab", networks, strict=True)
    )
    assert [speaker.network for speaker in merge([first, second]).heard] == [kept]
