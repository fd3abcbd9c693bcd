"""Routes: which rule fits a call, what a newsroom lays over them, and mistakes named with their line."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.resources import files

import pytest
from sqlalchemy.orm import Session, sessionmaker

from services.notify.blocks import as_blocks
from services.notify.decide import Options
from services.notify.quiet import Hours
from services.notify.routes import (
    COLUMNS,
    RouteError,
    built_in,
    channels,
    fitting,
    laid_over,
    read_routes,
    status_of,
)
from shared.records import CallFacts, Contradiction
from tests.services.notify.desk import NOW, Desk, FakePoster
from tests.services.notify.variations import ELYSEE, LAM, MACRON, MERZ, XI, facts

RULES = """name,pairs,countries,statuses,standing,goes,channel,language,hours,mention,mention_hours
asia,,CN | JP,held,,message,#asia,vi,,here|S0123456789,
home,VN-FR,,,,message,C0123456789,,06:00-23:00,U0123456789,22:00-06:00
talk,,,proposed,,message,,,,,
doubt,,,,disputed,nowhere,,,,,
"""
OWN = read_routes(RULES, "own.csv")
DESK = Options(channel="#redphone", routes=laid_over(OWN, built_in()))
NIGHT = dt.datetime(2026, 5, 4, 18, 0, tzinfo=dt.UTC)  # 01:00 at the desk


def led(known: CallFacts, channel: str = "") -> str | None:
    route = fitting(known, DESK.routes, channel)
    return route.name if route else None


@pytest.mark.parametrize(
    ("known", "channel", "name"),
    [
        (facts(XI, MACRON), "#asia", "asia"),
        (facts(XI, MACRON), "", "took place"),
        (facts(XI, MACRON, status="planned"), "#asia", None),
        (facts(MERZ, MACRON), "#asia", None),
        (facts(LAM, MACRON, status="denied", denial="refused"), "C0123456789", "home"),
        (facts(LAM, MERZ), "C0123456789", None),
        (facts(XI, MACRON, status="proposed"), "", "talk"),
        (facts(XI, MACRON, contradictions=(Contradiction(field="status", values=("held", "denied")),)), "", "doubt"),
        (facts(XI, MACRON, status="planned", date=None), "", "open plan"),
    ],
)
def test_for_each_channel_the_first_route_that_fits_decides(known: CallFacts, channel: str, name: str | None) -> None:
    assert led(known, channel) == name


def test_own_routes_stand_first_and_take_the_place_of_those_of_their_name() -> None:
    assert [route.name for route in DESK.routes][:4] == ["asia", "home", "doubt", "watched"]
    assert [route.goes for route in DESK.routes if route.name == "talk"] == ["message"]
    assert channels(DESK.routes) == ("#asia", "C0123456789", "")


def test_the_built_in_routes_fit_every_call_in_one_channel() -> None:
    rows = list(csv.DictReader((files("services.notify") / "data" / "routes.csv").read_text("utf-8").splitlines()))
    assert channels(built_in()) == ("",)
    assert all(row["why"] for row in rows)
    assert tuple(rows[0]) == COLUMNS
    statuses = {status for route in built_in() for status in route.statuses}
    assert statuses >= {status_of(facts(MACRON, XI, status=s)) for s in ("held", "ongoing", "planned", "proposed")}


def test_the_watch_list_is_a_route() -> None:
    proposed = facts(XI, MACRON, status="proposed")
    assert fitting(proposed, built_in(), "", [frozenset({"CN", "FR"})]) == built_in()[0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("name,gose\nx,message\n", "own.csv, line 1: column 'gose' is wrong or missing; columns: name, pairs,"),
        ("name\nx\n", "own.csv, line 1: column 'goes' is wrong or missing"),
        ("name,goes\nx,message\nx,digest\n", "own.csv, line 3: 'x' stands there twice"),
        ("name,goes\n,message\n", "own.csv, line 2: no name"),
        ("name,goes\nx,channel\n", "own.csv, line 2: goes: 'channel' is wrong; write message, digest, nowhere"),
        ("name,goes\nx,digest,more\n", "own.csv, line 2: more cells than columns"),
        ("name,goes,pairs\nx,digest,RU\n", "own.csv, line 2: pairs: 'RU' is wrong; write two codes such as RU-US"),
        ("name,goes,pairs\nx,digest,RU-RU\n", "own.csv, line 2: pairs: 'RU-RU' is wrong"),
        ("name,goes,countries\nx,digest,Vietnam\n", "own.csv, line 2: countries: 'Vietnam' is wrong; write codes of"),
        ("name,goes,statuses\nx,digest,over\n", "own.csv, line 2: statuses: 'over' is wrong; write held, ongoing"),
        ("name,goes,standing\nx,digest,firm\n", "own.csv, line 2: standing: 'firm' is wrong; write confirmed, rep"),
        ("name,goes,channel\nx,digest,asia\n", "own.csv, line 2: channel: 'asia' is wrong; write one channel, such"),
        ("name,goes,channel\nx,digest,#a|#b\n", "own.csv, line 2: channel: write one"),
        ("name,goes,language\nx,digest,fr\n", "own.csv, line 2: language: 'fr' is wrong; write en, vi"),
        ("name,goes,hours\nx,digest,6-23\n", "own.csv, line 2: hours: '6-23' is wrong; write two hours, such as"),
        ("name,goes,hours\nx,digest,06:00-06:00\n", "own.csv, line 2: 06:00-06:00: the hours end where they begin"),
        ("name,goes,mention\nx,digest,<!here>\n", "own.csv, line 2: mention: '<!here>' is wrong; write here, channel"),
    ],
)
def test_a_mistake_is_named_with_its_line(row: str, words: str) -> None:
    with pytest.raises(RouteError) as caught:
        read_routes(row, "own.csv")
    assert str(caught.value).startswith(words)


def test_each_channel_gets_its_own_root_in_its_own_language(sessions: sessionmaker[Session]) -> None:
    desk, poster = Desk(sessions, DESK), FakePoster()
    desk.call(known=facts(XI, MACRON))
    report = desk.report()
    desk.decide(report)
    desk.post(poster)
    assert [(post.channel, post.message.language, post.mention) for post in poster.sent] == [
        ("#asia", "vi", ("here", "S0123456789")),
        ("#redphone", "en", ()),
    ]
    why = "no route leads here"
    assert desk.decision(report)[1] == (
        f"root: first fresh news of this call (new) (#asia); root: first fresh news of this call (new) (#redphone); "
        f"silent: {why} (C0123456789)"
    )
    desk.call(known=facts(XI, MACRON, heard=(ELYSEE,)))
    desk.decide(desk.report("repeat"))
    desk.post(poster)
    edits = [post for post in poster.sent if post.kind == "edit"]
    assert [(post.channel, post.message.language, post.mention) for post in edits] == [
        ("#asia", "vi", ("here", "S0123456789")),
        ("#redphone", "en", ()),
    ]


def test_a_route_holds_back_outside_its_hours_and_mentions_within_others(sessions: sessionmaker[Session]) -> None:
    desk, poster = Desk(sessions, DESK), FakePoster()
    home = Hours(dt.time(6), dt.time(23))
    assert next(route.hours for route in DESK.routes if route.name == "home") == home
    desk.call(known=facts(LAM, MACRON))
    desk.decide(desk.report(published=NIGHT), now=NIGHT)
    desk.post(poster, NIGHT)
    assert [post.channel for post in poster.sent] == ["#redphone"]
    desk.post(poster, NIGHT + dt.timedelta(hours=5))
    held = poster.sent[1]
    assert held.channel == "C0123456789"
    assert held.lead[0] == "held back until 06:00"
    assert held.mention == (), "nobody is called by name at six in the morning"


def test_a_late_root_calls_nobody_by_name(sessions: sessionmaker[Session]) -> None:
    desk, poster = Desk(sessions, DESK), FakePoster()
    desk.call(known=facts(XI, MACRON))
    desk.decide(desk.report(published=NOW - dt.timedelta(hours=3)))
    desk.post(poster)
    assert [post.mention for post in poster.sent] == [(), ()]


def test_mentions_are_written_as_slack_reads_them(sessions: sessionmaker[Session]) -> None:
    desk, poster = Desk(sessions, DESK), FakePoster()
    desk.call(known=facts(XI, MACRON))
    desk.decide(desk.report())
    desk.post(poster)
    first = as_blocks(poster.sent[0].message, (), ("here", "S0123456789", "U0123456789"))[0]
    assert first["text"]["text"] == "<!here> <!subteam^S0123456789> <@U0123456789>"
