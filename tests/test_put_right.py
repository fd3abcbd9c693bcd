"""From a hand, a backfill or a reading again to the desk: what the channel shows afterwards, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from redphone.embedded import Pipeline
from services.classify import by_hand
from services.classify.by_hand import Why
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from services.classify.tasks import read_again
from services.ingest import store as ingest
from services.notify.decide import Options
from shared.events import ArticlesStored
from shared.records import Article, Extraction
from shared.tables import ArticleRow, CallRow, ReportRow
from tests.services.notify.desk import FakePoster, text_of

NOW = dt.datetime(2025, 3, 18, 17, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PUTIN = "Tổng thống Nga Vladimir Putin"
TRUMP = "Tổng thống Mỹ Donald Trump"
HELD = f"{PUTIN} và {TRUMP} đã điện đàm hôm 18-3."
HEADLINE = "☎ Putin and Trump held a call on 18 March"


class World:
    """The pipeline over one database, a channel with a memory, and a person who puts things right."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.sessions = sessions
        self.poster = FakePoster()
        self.pipeline = Pipeline(sessions, self.poster, Options())
        self.now = NOW
        self._shown = 0

    def prints(self, key: str, text: str, *, silent: bool = False) -> str:
        """An article comes and is told; returns the call that it tells of first."""
        article = Article(id=key, text=text, published_at=self.now)
        with self.sessions.begin() as session:
            stored = ingest.save_replayed(session, [article], self.now, silent)
        self.pipeline.publish(ArticlesStored(stored.new))
        self.pipeline.drain(self.now)
        return self.call_of(key)

    def call_of(self, key: str) -> str:
        with self.sessions() as session:
            query = select(ReportRow.call_id).join(ArticleRow).where(ArticleRow.key == key, ReportRow.ordinal == 0)
            return session.scalars(query).one()

    def hand(self, kind: str, *arguments: object) -> int:
        with self.sessions.begin() as session:
            return int(getattr(by_hand, kind)(session, *arguments, Why("Minh", self.now, "the readout")))

    def undo(self, number: int) -> None:
        with self.sessions.begin() as session:
            by_hand.undo(session, number, "Minh", self.now)

    def said(self, *, after: dt.timedelta = HOUR / 6) -> list[tuple[str, str]]:
        """What the channel got since the last look, a tick later."""
        self.now += after
        self.pipeline.sweep(self.now)
        fresh, self._shown = self.poster.said[self._shown :], len(self.poster.sent)
        return fresh


@pytest.fixture
def world(sessions: sessionmaker[Session]) -> World:
    return World(sessions)


def test_a_dropped_call_is_struck_through_and_stands_again_when_that_is_undone(world: World) -> None:
    call = world.prints("a", HELD)
    assert world.said() == [("root", HEADLINE)]
    number = world.hand("drop", call)
    (reply, edit) = world.said()
    assert reply[1].startswith("Update: Putin–Trump: withdrawn by Minh, ")
    assert edit == ("edit", HEADLINE)
    assert "*WITHDRAWN* · withdrawn by Minh" in text_of(world.poster.sent[-1])
    world.prints("b", f"{HELD} Cuộc điện đàm kéo dài 90 phút.")
    assert [kind for kind, _ in world.said()] in ([], ["edit"]), "at most its sources"
    world.undo(number)
    assert ("update", "Update: the call of Putin–Trump stands again") in world.said()
    assert "WITHDRAWN" not in text_of(world.poster.sent[-1])


def test_a_split_posts_the_second_root_and_a_merge_strikes_it_through(world: World) -> None:
    call = world.prints("a", HELD)
    world.prints("b", f"{PUTIN} điện đàm với {TRUMP} hôm 18-3. Cuộc điện đàm kéo dài 45 phút.")
    world.said()
    world.hand("split", call, ["b"])
    said = world.said()
    assert ("root", f"{HEADLINE}, 45 minutes") in said
    world.hand("merge", call, world.call_of("b"))
    said = world.said()
    struck = next(post for post in world.poster.sent[::-1] if "WITHDRAWN" in text_of(post))
    assert "the same call as the other message on Putin–Trump" in text_of(struck)
    assert (struck.ts, world.poster.channel[struck.ts or ""].message.headline) == (struck.ts, f"{HEADLINE}, 45 minutes")
    assert [kind for kind, _ in world.said()] == []


def test_an_edited_fact_is_told_with_who_and_why(world: World) -> None:
    call = world.prints("a", f"{HELD} Cuộc điện đàm kéo dài 90 phút.")
    world.said()
    world.hand("edit", call, {"duration": "over 150"})
    assert world.said() == [
        ("update", "Update: Putin–Trump lasted over 2½ hours"),
        ("edit", f"{HEADLINE}, over 2½ hours"),
    ]
    assert "By hand: length (Minh, " in text_of(world.poster.sent[-1])
    world.prints("b", f"{HELD} Cuộc điện đàm kéo dài 90 phút.")
    assert all(kind == "edit" and headline.endswith("over 2½ hours") for kind, headline in world.said())


def test_a_backfill_edits_and_says_nothing(world: World) -> None:
    world.prints("a", HELD)
    world.said()
    world.prints("b", f"{HELD} Cuộc điện đàm kéo dài 90 phút.", silent=True)
    world.prints("c", f"{PUTIN} và {TRUMP} đã điện đàm hôm 12-2.", silent=True)
    assert {kind for kind, _ in world.said()} == {"edit"}
    assert "90 minutes" in text_of(world.poster.sent[-1])


def test_what_is_read_again_by_better_rules_edits_and_says_nothing(world: World) -> None:
    world.prints("a", f"{HELD} Cuộc điện đàm kéo dài 90 phút.")
    world.said()

    def by_worse_rules(article: Article) -> Extraction:
        return extract(Article(id=article.id, text=HELD, published_at=article.published_at), load_lexicon())

    assert read_again(world.sessions, 1, world.now, by_worse_rules) is None
    assert world.said() == [("edit", HEADLINE)]
    assert read_again(world.sessions, 1, world.now, lambda _: Extraction(reports=())) is None
    assert world.said() == [("edit", HEADLINE)]
    assert "*WITHDRAWN* · withdrawn by a" in text_of(world.poster.sent[-1])


def test_a_plan_that_passes_in_silence_is_told_once(world: World) -> None:
    world.prints("a", f"{PUTIN} và {TRUMP} sẽ điện đàm vào ngày 19-3.")
    assert world.said() == [("root", "☎ Putin and Trump to hold a call on 19 March")]
    assert world.said(after=20 * HOUR) == []
    (reply, edit) = world.said(after=40 * HOUR)
    assert reply[0] == "update"
    assert reply[1].startswith("Update: Putin–Trump was due 19 March, no word by 21 Mar")
    assert edit == ("edit", "☎ Putin and Trump were to hold a call on 19 March; no word of it")
    assert world.said(after=5 * HOUR) == []
    world.prints("b", f"{PUTIN} và {TRUMP} đã điện đàm hôm 19-3.")
    assert [kind for kind, _ in world.said()] == ["update", "edit"]
    with world.sessions() as session:
        assert session.scalars(select(CallRow.status)).all() == ["held"]


def test_a_silent_plan_passes_in_silence(world: World) -> None:
    world.prints("a", f"{PUTIN} và {TRUMP} sẽ điện đàm vào ngày 19-3.", silent=True)
    assert world.said(after=60 * HOUR) == []
    with world.sessions.begin() as session:
        assert session.scalars(select(CallRow.status)).all() == ["unconfirmed"]
        session.execute(update(CallRow).values(notify_state="done"))


def test_a_report_that_is_set_apart_takes_its_length_along(world: World) -> None:
    call = world.prints("a", HELD)
    world.prints("b", f"{HELD[:-1]}, trong 90 phút.")
    world.said()
    world.hand("split", call, ["b"])
    assert [kind for kind, _ in world.said()] == ["update", "root", "edit"]
    reply = next(post for post in reversed(world.poster.sent) if post.kind == "update")
    assert "90 minutes → not stated" in text_of(reply)
    with world.sessions() as session:
        assert session.scalars(select(ReportRow.notify_state)).all() == ["done", "done"]
