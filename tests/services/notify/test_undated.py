"""A call of which nobody can tell whether it is news: it waits in the ledger until a person lets it go, or drops it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.notify import holds
from services.notify.blocks import as_blocks
from shared.records import CallFacts, When
from tests.services.notify.desk import MINUTE, NOW, OPTIONS, Desk, FakePoster, text_of
from tests.services.notify.variations import MACRON, MERZ, facts

LATER = NOW + 600 * MINUTE
LOOSE = facts(MACRON, MERZ, date=None, whens=(When(text="hôm thứ Ba"),))


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    """A desk that was told of a call without a day, by an article without a date."""
    desk = Desk(sessions, OPTIONS)
    comes(desk)
    return desk


def comes(desk: Desk, known: CallFacts = LOOSE, *, dated: bool = False) -> int:
    desk.call("c1", known)
    report = desk.report(call_id="c1") if dated else desk.report(call_id="c1", published=None)
    desk.decide(report)
    return report


def let_go(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        holds.release(session, [desk.row("root").id], "lan", "of today", LATER)


def test_it_waits_for_as_long_as_nobody_says_anything(desk: Desk) -> None:
    poster = FakePoster()
    desk.post(poster, LATER)
    assert (poster.sent, desk.ledger()) == ([], [("root", "root:c1@#redphone", "undated")])
    words = "root: neither a publication date nor a day of the call; waits for a person"
    assert desk.decision(comes(desk)) == ("done", words)


def test_a_person_lets_it_go_and_it_says_that_it_is_undated(desk: Desk) -> None:
    let_go(desk)
    poster = FakePoster()
    desk.post(poster, LATER)
    (post,) = poster.sent
    assert post.warnings == ("undated: no publication date, no day of the call; the text says “hôm thứ Ba”",)
    assert "day" in text_of(post)


def test_the_words_of_the_text_do_no_harm(sessions: sessionmaker[Session]) -> None:
    desk, poster = Desk(sessions, OPTIONS), FakePoster()
    comes(desk, facts(MACRON, MERZ, date=None, whens=(When(text="<!channel>\u202e " + "ngày nọ " * 400),)))
    let_go(desk)
    desk.post(poster, LATER)
    (warning,) = poster.sent[0].warnings
    assert len(warning) < 150
    first = as_blocks(poster.sent[0].message, poster.sent[0].warnings)[0]["elements"][0]["text"]
    assert "&lt;!channel&gt;" in first
    assert "\u202e" not in first


def test_a_person_drops_it_and_it_stays_silent(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        holds.drop(session, [desk.row("root").id], "lan", "of 2019", LATER)
    comes(desk, dated=True)
    poster = FakePoster()
    desk.post(poster, LATER)
    assert (poster.sent, desk.states()) == ([], ["dropped"])


def test_an_article_with_a_date_sends_it_by_itself(desk: Desk) -> None:
    comes(desk, dated=True)
    poster = FakePoster()
    desk.post(poster)
    assert [(post.kind, post.warnings) for post in poster.sent] == [("root", ())]


def test_a_second_article_without_a_date_brings_it_up_to_date_where_it_waits(desk: Desk) -> None:
    comes(desk, facts(MACRON, MERZ, date=None, channel="video", whens=LOOSE.whens))
    assert desk.states() == ["undated"]
    let_go(desk)
    poster = FakePoster()
    desk.post(poster, LATER)
    assert [post.message.headline for post in poster.sent] == [
        "☎ Macron and Merz held a video call; the article gives no day"
    ]
