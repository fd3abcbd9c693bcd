"""The feeds of the benchmark's newspapers, each in the form of an outlet of the catalogue.

`formats/formats.csv` says how an outlet's links end, and which file shows its feed: its head, one item of each kind
that the outlet has, and its end, with fields in braces for what changes. The forms are those of the file pairs of
the feed tests. The same number gives the same item for ever. Pure, but for reading its own files once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from html.entities import codepoint2name
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from benchmarks.newsprint import sentence, text
from services.ingest.catalogue import built_in
from services.ingest.values import CatalogueFeed
from shared.csv_rows import records_of

ITEMS = 50
_FORMATS = Path(__file__).parent / "formats"
_ITEM = re.compile(r"<(item|entry)[ >].*?</\1>\s*", re.DOTALL)
_DATED = re.compile(r"\{(?:at|utc):")
_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_NAMES = {code: f"&{name};" for code, name in codepoint2name.items() if code > 127}
_NUMBER_AT_MOST = 10**9  # an outlet's own numbers begin with its day, and end with nine digits of ours


class Style(NamedTuple):
    """How an outlet prints its feed: the end of its links, and what stands before, for and behind its items, which take
    turns. `timezone`: the one (IANA) that its dates are of."""

    outlet: str
    timezone: str
    link: str
    head: str
    items: tuple[str, ...]
    end: str

    @property
    def dated(self) -> bool:
        """Whether its items tell when they were published."""
        return all(_DATED.search(item) for item in self.items)


def outlets() -> tuple[CatalogueFeed, ...]:
    """The feeds whose form is printed."""
    return built_in()


@lru_cache(maxsize=1)
def all_styles() -> Mapping[str, Style]:
    """The style of each outlet of the catalogue by its name, with Atom and RSS 1.0 as no outlet of them has it."""
    zones = {listed.outlet: listed.timezone for listed in outlets()}
    rows = records_of((_FORMATS / "formats.csv").read_text(encoding="utf-8"))
    return {row["outlet"]: _style(row, zones.get(row["outlet"], "Asia/Ho_Chi_Minh")) for _, row in rows}


def style_of(outlet: str) -> Style:
    """The style of an outlet of the catalogue."""
    return all_styles()[outlet]


def styles(count: int) -> list[Style]:
    """The styles of the catalogue's outlets, over and over."""
    listed = outlets()
    return [style_of(listed[number % len(listed)].outlet) for number in range(count)]


def _style(row: Mapping[str, str], timezone: str) -> Style:
    printed = (_FORMATS / row["file"]).read_text(encoding="utf-8")
    found = list(_ITEM.finditer(printed))
    head, end = printed[: found[0].start()], printed[found[-1].end() :]
    return Style(row["outlet"], timezone, row["link"], head, tuple(item[0] for item in found), end)


def address(style: Style, number: int, base: str) -> str:
    """The address of an article, without what is no part of it."""
    return base + style.link.format(number=number)


def number_of(path: str) -> int | None:
    """The number of the article at a path with its query, None where that is no article's."""
    digits = re.findall(r"\d+", path)
    return int(digits[-1]) % _NUMBER_AT_MOST if digits else None


def feed(style: Style, last: int, base: str, at: dt.datetime, items: int = ITEMS, told: Mapping[int, str] = {}) -> str:
    """The feed that shows `items` articles, `last`, `last - 1` and so on, a minute apart, the newest of `at`. `told`:
    what articles say in the place of their usual words, by their numbers."""
    shown = "".join(
        _item(style, number, base, at - dt.timedelta(minutes=last - number), told.get(number))
        for number in range(last, max(0, last - items), -1)
    )
    return style.head.format(base=base, **_dates(style, at)) + shown + style.end


def _item(style: Style, number: int, base: str, at: dt.datetime, told: str | None) -> str:
    link, title, words = address(style, number, base), escape(sentence(number)), escape(told or text(number, 3))
    return style.items[number % len(style.items)].format(
        base=base,
        number=number,
        link=escape(link),
        path=escape(link.removeprefix(base)),
        picture=f"{base}/anh-{number}.jpg",
        uuid=uuid5(NAMESPACE_URL, link),
        title=title,
        words=words,
        named_title=title.translate(_NAMES),  # letters by HTML's names for them
        named_words=words.translate(_NAMES),
        **_dates(style, at),
    )


def _dates(style: Style, at: dt.datetime) -> dict[str, object]:
    local = at.astimezone(ZoneInfo(style.timezone))
    weekday = _WEEKDAYS[local.weekday()]
    return {"at": local, "utc": at.astimezone(dt.UTC), "zone": local.isoformat()[-6:], "weekday": weekday}
