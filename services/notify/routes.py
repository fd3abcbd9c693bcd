"""Which call goes to which channel, in which language, at what hours, and whom it calls by name: rules as data.

`data/routes.csv` is the default and works with one channel. The rows are read from the top; for each channel the first
that fits a call decides whether it makes a message there, waits for the digest or is left out. A newsroom's own file
stands before it; a row of the same name takes a built-in one's place. Mentions come from here alone, never from text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, get_args

import msgspec

from services.notify.quiet import HOURS, Hours, hours_of
from services.notify.standing import Standing, standing_of, status_key
from shared.csv_rows import CsvError, table_of
from shared.data_files import data_of
from shared.names import Language, load_names
from shared.records import CallFacts, Denial, Status

Goes = Literal["message", "digest", "nowhere"]
COLUMNS = (
    "name", "pairs", "countries", "statuses", "standing", "goes", "channel", "language", "hours", "mention",
    "mention_hours", "why",
)  # fmt: skip
#: A plan without a day is "undated", one whose time passed without a word "unconfirmed"; a denial goes by its kind.
STATUSES = (*get_args(Status), *(kind for kind in get_args(Denial) if kind != "denied"), "undated", "unconfirmed")
WATCHED = "watched"
_REQUIRED = ("name", "goes")
_CHANNEL = re.compile(r"#[^\s#<>]{1,80}|[CG][A-Z0-9]{6,}")
_MENTION = re.compile(r"here|channel|[UWS][A-Z0-9]{6,}")


class RouteError(ValueError):
    """A file of routes that cannot be used; the message names the file and the line."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A rule. What is empty fits every call; `channel` and `language` are the desk's own where they are empty.

    `hours`: when its messages go out, in the desk's zone; at other hours they are held back. `mention` (here, channel,
    or the id of a person or a group in Slack) is for a call's first message, and only within `mention_hours`.
    """

    name: str
    goes: Goes
    pairs: tuple[frozenset[str], ...] = ()
    watched: bool = False
    countries: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()
    channel: str = ""
    language: Language | None = None
    hours: Hours | None = None
    mention: tuple[str, ...] = ()
    mention_hours: Hours | None = None
    why: str = ""


@lru_cache(maxsize=1)
def built_in() -> tuple[Route, ...]:
    """The routes that come with the program."""
    return read_routes((data_of("notify") / "routes.csv").read_text(encoding="utf-8"), "routes.csv")


def laid_over(own: Iterable[Route], others: Iterable[Route]) -> tuple[Route, ...]:
    """A newsroom's own routes before the others; one of the same name stands in the other's place."""
    mine, named = {route.name: route for route in own}, {route.name for route in others}
    first = (route for name, route in mine.items() if name not in named)
    return (*first, *(mine.get(route.name, route) for route in others))


# --- which rule fits -----------------------------------------------------------------------------------------------


def fitting(
    facts: CallFacts, routes: Iterable[Route], channel: str, watch: Collection[frozenset[str]] = ()
) -> Route | None:
    """The first route of a channel that fits a call; None where none does. `watch`: the pairs on the watch list."""
    return next((route for route in routes if route.channel == channel and _fits(route, facts, watch)), None)


def channels(routes: Iterable[Route]) -> tuple[str, ...]:
    """The channels that the routes name, each once, in their order; "" is the desk's own."""
    return tuple(dict.fromkeys(route.channel for route in routes))


def _fits(route: Route, facts: CallFacts, watch: Collection[frozenset[str]]) -> bool:
    countries = {person.country for person in facts.participants if person.country}
    pairs = (*route.pairs, *(watch if route.watched else ()))
    return (
        (any(pair <= countries for pair in pairs) or not (route.pairs or route.watched))
        and (not route.countries or bool(route.countries & countries))
        and (not route.statuses or status_of(facts) in route.statuses)
        and (not route.standing or standing_of(facts) in route.standing)
    )


def status_of(facts: CallFacts) -> str:
    """A call's status as the routes have it."""
    key = status_key(facts)
    return "undated" if key == "planned" and (facts.date is None or "?" in facts.date) else key


# --- reading -------------------------------------------------------------------------------------------------------


def read_routes(text: str, name: str) -> tuple[Route, ...]:
    """Read a CSV of routes; `name` is what errors call it. Needs the columns name and goes; the others may be empty.

    Raises RouteError for the first line that is wrong.
    """
    routes: dict[str, Route] = {}
    for line, row in _rows(text, name):
        try:
            route = _route({column: cell.strip() for column, cell in row.items()})
        except ValueError as error:
            raise RouteError(f"{name}, line {line}: {error}") from error
        if route.name in routes:
            raise RouteError(f"{name}, line {line}: {route.name!r} stands there twice")
        routes[route.name] = route
    return tuple(routes.values())


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        yield from table_of(text, COLUMNS, _REQUIRED)
    except CsvError as error:
        raise RouteError(f"{name}, {error}") from error


def _route(row: Mapping[str, str]) -> Route:
    if not row["name"]:
        raise ValueError("no name")
    pairs = _listed(row, "pairs", lambda cell: cell == WATCHED or is_pair(cell), "two codes such as RU-US, or watched")
    channel = _listed(row, "channel", _matches(_CHANNEL), "one channel, such as #asia or its id")
    if len(channel) > 1:
        raise ValueError("channel: write one; a second channel is a row of its own")
    return Route(
        name=row["name"],
        goes=_one_of(row["goes"], Goes, "goes"),
        pairs=tuple(frozenset(pair.split("-")) for pair in pairs if pair != WATCHED),
        watched=WATCHED in pairs,
        countries=frozenset(_listed(row, "countries", _is_country, "codes of countries such as VN")),
        statuses=frozenset(_listed(row, "statuses", STATUSES.__contains__, ", ".join(STATUSES))),
        standing=frozenset(_listed(row, "standing", get_args(Standing).__contains__, ", ".join(get_args(Standing)))),
        channel="".join(channel),
        language=_one_of(row["language"], Language, "language") if row.get("language") else None,
        hours=_hours(row, "hours"),
        mention=_listed(row, "mention", _matches(_MENTION), "here, channel, or ids of persons (U…) and groups (S…)"),
        mention_hours=_hours(row, "mention_hours"),
        why=row.get("why", ""),
    )


def _listed(row: Mapping[str, str], column: str, is_right: Callable[[str], bool], wanted: str) -> tuple[str, ...]:
    """The members of a list, separated by |. Raises ValueError for one that is not right."""
    members = tuple(member.strip() for member in row.get(column, "").split("|") if member.strip())
    for member in members:
        if not is_right(member):
            raise ValueError(f"{column}: {member!r} is wrong; write {wanted}")
    return members


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _is_country(code: str) -> bool:
    return code in load_names().countries


def is_pair(text: str) -> bool:
    """Whether a text is the codes of two countries, such as RU-US."""
    codes = text.split("-")
    return len(set(codes)) == len(codes) == 2 and all(map(_is_country, codes))


def _hours(row: Mapping[str, str], column: str) -> Hours | None:
    text = row.get(column, "")
    if text and not HOURS.fullmatch(text):
        raise ValueError(f"{column}: {text!r} is wrong; write two hours, such as 06:00-23:00")
    return hours_of(text)


def _one_of(text: str, kind: Any, column: str) -> Any:
    if text not in get_args(kind):
        raise ValueError(f"{column}: {text!r} is wrong; write {', '.join(get_args(kind))}")
    return text
