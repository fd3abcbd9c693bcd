"""What an alert says of the time since leaders last spoke: small histories of leaders who do not exist.

What the lines say was written by hand before the code was asked; their phrases are those of the wording table. Each
history goes through the classifier into a database, and the comparison of its last call is worded as the desk gets it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session, sessionmaker

from services.notify.excerpts import Excerpts
from services.notify.layout import CallView
from services.notify.message import voice_of
from services.notify.since import since_lines
from shared.records import Claim, Initiator, Outcome, Report, Speaker, Topic
from shared.tables import ArticleRow
from tests.support.newsroom import Newsroom, comparison_of, facts_of
from tests.support.reports import lasts, report, topic

TRIO = ("Carter", "Petrova", "Haddad")


def told(day: str | None, *who: str, **more: Any) -> Report:
    return report(who or ("Carter", "Petrova"), day, **more)


def next_step(name: str, date: str | None = None, **more: Any) -> Outcome:
    return Outcome(kind="next_step", text=name, mode="reported", id=name, date=date, **more)


def agreed(name: str, speaker: Speaker | None = None) -> Outcome:
    return Outcome(kind="agreed", text=name, mode="reported", id=name, speaker=speaker)


def said(words: str) -> Outcome:
    return Outcome(kind="stated", text=words, mode="reported", by="RU")


def agenda(name: str) -> Topic:
    return topic(name, "announced")


KREMLIN = Speaker(id="kremlin", text="Điện Kremlin", side="RU")
SECOND_THIS_YEAR = Claim(ordinal=2, text="cuộc thứ hai trong năm", scope="year")
THIRD_THIS_MONTH = Claim(ordinal=3, text="cuộc thứ ba trong tháng", scope="month")

FIRST_SINCE_A_STORM = Claim(ordinal=1, text="cuộc đầu tiên … kể từ sau cơn bão", scope="since", in_words=True)


class History(NamedTuple):
    """Articles as published day and report, the last of them the alert's; `thick`: many other articles all along."""

    name: str
    articles: tuple[tuple[str, Report], ...]
    lines: tuple[str, ...]
    thick: bool = True


HEAD = "Since they last spoke"
HISTORIES = [
    History(
        "nothing before",
        (("2031-05-07", told("2031-05-06")),),
        (f"{HEAD}  nothing to compare: our record begins with this article",),
        thick=False,
    ),
    History(
        "others spoke before",
        (("2031-04-02", told("2031-04-01", "Sato", "Linh")), ("2031-05-07", told("2031-05-06"))),
        (f"{HEAD}  no US–Russia call in our record; thin record, 1 earlier article: no “first”",),
        thick=False,
    ),
    History(
        "never in a thick record",
        (("2031-05-07", told("2031-05-06")),),
        (f"{HEAD}  no US–Russia call in our record (588 earlier articles)",),
    ),
    History(
        "one before, in a thin record",
        (("2031-04-02", told("2031-04-01")), ("2031-05-07", told("2031-05-06"))),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Thin record, 1 earlier article: no “first since”"),
        thick=False,
    ),
    History(
        "one before, in a thick record",
        (("2031-04-02", told("2031-04-01")), ("2031-05-07", told("2031-05-06"))),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year"),
    ),
    History(
        "longer",
        (
            ("2031-04-02", told("2031-04-01", durations=(lasts(50),))),
            ("2031-05-07", told("2031-05-06", durations=(lasts(90, "over"),))),
        ),
        (f"{HEAD} (1 Apr 2031, 50 minutes)", "• Second on record this year", "• Longer"),
    ),
    History(
        "about as long says nothing",
        (
            ("2031-04-02", told("2031-04-01", durations=(lasts(60, "about"),))),
            ("2031-05-07", told("2031-05-06", durations=(lasts(60, "over"),))),
        ),
        (f"{HEAD} (1 Apr 2031, about 1 hour)", "• Second on record this year"),
    ),
    History(
        "topics again, new and not named",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("syria"), topic("trade")))),
            ("2031-05-07", told("2031-05-06", topics=(topic("trade"), topic("gaza")))),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Trade again; Gaza new; Syria not named"),
    ),
    History(
        "one matter in two words is no new one",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("denuclearisation"), topic("terrorism"), topic("trade")))),
            (
                "2031-05-07",
                told("2031-05-06", topics=(topic("north_korea"), topic("korean_peninsula"), topic("terrorism_plain"))),
            ),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Second on record this year",
            "• North Korea, terrorism again; trade not named",
        ),
    ),
    History(
        "a wider matter covers its parts, and a part may be what the wider one was",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("shootdown"), topic("idlib"), topic("trade")))),
            ("2031-05-07", told("2031-05-06", topics=(topic("il20"), topic("syria"), topic("gaza")))),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Second on record this year",
            "• Syria, a shooting down again; Gaza new; trade not named",
        ),
    ),
    History(
        "what the other call's sentences name is neither new nor absent",
        (
            (
                "2031-04-02",
                told("2031-04-01", topics=(topic("trade", text="Hai bên bàn về thương mại, kể cả với Syria."),)),
            ),
            (
                "2031-05-07",
                told("2031-05-06", topics=(topic("syria"), topic("gaza", text="Bàn về thương mại ở Gaza."))),
            ),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Gaza new"),
    ),
    History(
        "a threat of which nobody says where is neither new nor absent",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("ceasefire"), topic("trade")))),
            ("2031-05-07", told("2031-05-06", topics=(topic("nuclear_threat"), topic("trade")))),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Trade again"),
    ),
    History(
        "a threat belongs to the place that its sentence names",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("north_korea"),))),
            (
                "2031-05-07",
                told(
                    "2031-05-06",
                    topics=(topic("nuclear_threat", text="Hai bên bàn về nuclear_threat từ Triều Tiên."),),
                ),
            ),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• North Korea again"),
    ),
    History(
        "what one side said is told where nothing was agreed",
        (
            ("2031-04-02", told("2031-04-01", outcomes=(said("bà Petrova cam kết mở cửa khẩu"),))),
            ("2031-05-07", told("2031-05-06", topics=(topic("gaza"),))),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Said then: “bà Petrova cam kết mở cửa khẩu”"),
    ),
    History(
        "a plan without an agenda has last time's topics beside it",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("gaza"), topic("trade")))),
            ("2031-05-07", told("2031-05-09", status="planned")),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Would be the second of these two in our record",
            "• No agenda told; last time Gaza, trade",
        ),
    ),
    History(
        "a meeting that was planned is planned again",
        (
            ("2031-04-02", told("2031-04-01", outcomes=(next_step("ready_to_meet"),))),
            ("2031-05-07", told("2031-05-06", outcomes=(next_step("meeting_planned"),))),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Second on record this year",
            "• Planned then, and planned again: to meet in person",
        ),
    ),
    History(
        "two counts of which the record disputes one",
        (
            ("2031-05-03", told("2031-05-02")),
            ("2031-05-21", told("2031-05-20", claims=(THIRD_THIS_MONTH, FIRST_SINCE_A_STORM))),
        ),
        (
            f"{HEAD} (2 May 2031)",
            "• Third this month (article): our record says otherwise; second of these two in it",
            "• “cuộc đầu tiên … kể từ sau cơn bão” (article): our record cannot tell",
        ),
    ),
    History(
        "an agenda is no readout",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("syria"), topic("trade")))),
            ("2031-05-07", told("2031-05-06", topics=(agenda("trade"), agenda("gaza")))),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Second on record this year",
            "• Trade again; Gaza new; Syria not named (agenda only)",
        ),
    ),
    History(
        "topics are not compared after years",
        (
            ("2029-03-02", told("2029-03-01", topics=(topic("syria"),))),
            ("2031-05-07", told("2031-05-06", topics=(topic("gaza"),))),
        ),
        (
            HEAD,
            "• These two, in our record: 1 Mar 2029",
            "• Second of these two in our record",
            "• Thin record, 1 earlier article: no “first since 2029”",
        ),
    ),
    History(
        "the article's own count, and the record agrees",
        (("2031-04-02", told("2031-04-01")), ("2031-05-07", told("2031-05-06", claims=(SECOND_THIS_YEAR,)))),
        (f"{HEAD} (1 Apr 2031)", "• Second this year (article): our record agrees"),
    ),
    History(
        "the article's own count, and the record says otherwise",
        (("2031-05-03", told("2031-05-02")), ("2031-05-21", told("2031-05-20", claims=(THIRD_THIS_MONTH,)))),
        (f"{HEAD} (2 May 2031)", "• Third this month (article): our record says otherwise; second of these two in it"),
    ),
    History(
        "counted over the turn of the year",
        (
            ("2030-12-02", told("2030-12-01")),
            ("2031-02-02", told("2031-02-01")),
            ("2031-03-02", told("2031-03-01")),
            ("2031-05-07", told("2031-05-06")),
        ),
        (f"{HEAD} (1 Mar 2031)", "• Third on record this year"),
    ),
    History(
        "the first of a year is not told",
        (("2030-12-21", told("2030-12-20")), ("2031-01-08", told("2031-01-07"))),
        (f"{HEAD} (20 Dec 2030)", "• Second of these two in our record"),
    ),
    History(
        "they promised to talk again",
        (
            ("2031-04-02", told("2031-04-01", outcomes=(next_step("next_call", "2031-05-06"),))),
            ("2031-05-07", told("2031-05-06")),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Planned then and kept: next call, 6 May"),
    ),
    History(
        "they talk later than they had planned",
        (
            ("2031-04-02", told("2031-04-01", outcomes=(next_step("next_call", "2031-04-10"),))),
            ("2031-05-07", told("2031-05-06")),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Second on record this year",
            "• Planned then for another day: next call, 10 Apr",
        ),
    ),
    History(
        "a meeting was planned, and nobody told of it",
        (
            ("2031-04-02", told("2031-04-01", outcomes=(next_step("leaders_meet"),))),
            ("2031-05-07", told("2031-05-06")),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Second on record this year",
            "• Planned then, our record does not tell: to meet",
        ),
    ),
    History(
        "a call of three is contact for each pair",
        (("2031-04-02", told("2031-04-01", *TRIO)), ("2031-05-07", told("2031-05-06"))),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year"),
    ),
    History(
        "the countries spoke through others",
        (
            ("2031-04-02", told("2031-04-01", "Carter", "Mori")),
            ("2031-05-07", told("2031-05-06", "Carter", "Sato")),
        ),
        (HEAD, "• No call of these two in our record. US–Japan leaders: Carter–Mori, 1 Apr 2031"),
    ),
    History(
        "told as background in the same article",
        (("2031-05-07", told("2031-05-06")), ("2031-05-07", told("2031-04-11", news=False))),
        (f"{HEAD} (11 Apr 2031)", "• Second on record this year"),
    ),
    History(
        "an earlier call that is heard of later",
        (("2031-05-07", told("2031-05-06")), ("2031-06-20", told("2031-04-15", news=False))),
        (f"{HEAD} (15 Apr 2031)", "• Second on record this year"),
    ),
    History(
        "a planned call is not counted",
        (
            ("2031-04-02", told("2031-04-01")),
            ("2031-05-07", told("2031-05-09", status="planned", topics=(agenda("gaza"),))),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Would be the second of these two in our record"),
    ),
    History(
        "who asked last time is told where it is known",
        (
            ("2031-04-02", told("2031-04-01", initiator=Initiator(side="RU", how="phoned"))),
            ("2031-05-07", told("2031-05-06")),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Last time Petrova phoned", "• Second on record this year"),
    ),
    History(
        "a side asked last time",
        (
            ("2031-04-02", told("2031-04-01", initiator=Initiator(side="US", how="requested"))),
            ("2031-05-07", told("2031-05-06")),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Last time at the request of the US side", "• Second on record this year"),
    ),
    History(
        "agreed then, and told again",
        (
            ("2031-04-02", told("2031-04-01", outcomes=(agreed("ceasefire"), agreed("stay_in_contact")))),
            ("2031-05-07", told("2031-05-06", outcomes=(agreed("ceasefire"),))),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Agreed then: stay in contact"),
    ),
    History(
        "what was agreed and planned then keeps who says so",
        (
            (
                "2031-04-02",
                told(
                    "2031-04-01",
                    outcomes=(
                        agreed("stay_in_contact", KREMLIN),
                        next_step("meeting_planned", place="Geneva", speaker=KREMLIN),
                    ),
                ),
            ),
            ("2031-05-07", told("2031-05-06", outcomes=(agreed("ceasefire"),))),
        ),
        (
            f"{HEAD} (1 Apr 2031)",
            "• Second on record this year",
            "• Agreed then: stay in contact (Kremlin)",
            "• Planned then, our record does not tell: a meeting, Geneva (Kremlin)",
        ),
    ),
    History(
        "a matter that is missed is not missed again in its parts",
        (
            (
                "2031-04-02",
                told("2031-04-01", topics=(topic("arms_control"), topic("nuclear_warheads"), topic("trade"))),
            ),
            ("2031-05-07", told("2031-05-06", topics=(topic("energy"), topic("trade")))),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Trade again; energy new; arms control not named"),
    ),
    History(
        "a meeting and a courtesy of last time are not missed",
        (
            ("2031-04-02", told("2031-04-01", topics=(topic("g20"), topic("condolence"), topic("trade")))),
            ("2031-05-07", told("2031-05-06", topics=(topic("energy"),))),
        ),
        (f"{HEAD} (1 Apr 2031)", "• Second on record this year", "• Energy new; trade not named"),
    ),
    History(
        "a call without a day is set beside the stored day of the last",
        (
            ("2031-04-02", told("2031-04-01", durations=(lasts(7, "about"),))),
            ("2031-05-21", told(None)),
        ),
        (
            HEAD,
            "• Call on 1 Apr 2031, about 7 minutes; about 7 weeks before this article",
            "• Second on record this year",
        ),
    ),
    History(
        "of the last call only the month is known",
        (("2031-02-20", told("2031-02-??")), ("2031-05-07", told("2031-05-06"))),
        (HEAD, "• Call in February 2031; day not known", "• Second on record this year"),
    ),
    History(
        "of the last call no day is known",
        (("2031-04-02", told(None)), ("2031-05-07", told("2031-05-06"))),
        (HEAD, "• Call told of on 2 Apr 2031; about 5 weeks later", "• Second on record this year"),
    ),
]


@pytest.mark.parametrize("history", HISTORIES, ids=[history.name for history in HISTORIES])
def test_the_lines_since_they_last_spoke(history: History, sessions: sessionmaker[Session]) -> None:
    newsroom = Newsroom(sessions)
    published, alert = max(((day, r) for day, r in history.articles if r.news), key=lambda pair: pair[0])
    if history.thick:
        _fill(sessions)
    for number, (day, read) in enumerate(history.articles):
        newsroom.tells(f"a{number}", f"{day} 08:00", read)
    (call,) = (c for c in newsroom.calls() if c.date == alert.when.date)
    came_out = dt.datetime.fromisoformat(f"{published} 08:00+07:00")
    view = CallView(
        call_id=call.id, facts=facts_of(call), comparison=comparison_of(call.comparison), article_at=came_out
    )
    lines = since_lines(view, voice_of("en", "Asia/Ho_Chi_Minh"), Excerpts(()))
    assert tuple("".join(span.text for span in line.spans) for line in lines) == history.lines


def _fill(sessions: sessionmaker[Session]) -> None:
    """A record from December to May: four articles on each day up to the 28th, none of which tells of a call."""
    with sessions.begin() as session:
        session.execute(insert(ArticleRow), list(_others()))


def _others() -> Iterable[dict[str, Any]]:
    for year, month in ((2030, 12), *((2031, month) for month in range(1, 6))):
        for number in range(4 * 28):
            when = dt.datetime(year, month, 1 + number // 4, tzinfo=dt.UTC)
            key = f"other-{month}-{number}"
            yield {"key": key, "published_at": when, "fetched_at": when, "content_hash": key, "classify_state": "done"}
