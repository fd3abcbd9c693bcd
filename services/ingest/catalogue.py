"""The feeds that we watch, as data: the built-in list and a newsroom's own file in the same form, or OPML.

`data/feeds.csv` says where each row was seen and when. Loading checks every row and names the line of the first
mistake; a later file's row replaces an earlier one with the same URL. OPML has no place for most of our columns: they
travel as attributes of our own namespace, which OPML 2.0 allows and other readers pass over.
"""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from services.ingest.charsets import decode
from services.ingest.urls import canonical_url, host_of
from services.ingest.values import CatalogueFeed
from shared.csv_rows import CsvError, table_of
from shared.data_files import data_of

COLUMNS = (
    "outlet", "section", "url", "language", "timezone", "interval_s", "pause_s", "world", "fetch_body", "date_forms",
    "body_selector", "selector_source", "remarks",
)  # fmt: skip
NAMESPACE = "urn:redphone:feeds"
_REQUIRED = ("outlet", "url")
_IN_OPML = ("outlet", "section", "url")  # what plain OPML has a place for
_YES_NO = {"yes": True, "no": False}
_LONGEST_PAUSE_S = 600
_BARE = re.compile(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)")  # as in an address that nobody escaped


class CatalogueError(ValueError):
    """A file of feeds cannot be read; the message names the file and the line."""


def built_in() -> tuple[CatalogueFeed, ...]:
    """The feeds that come with the program."""
    return read_feeds((data_of("ingest") / "feeds.csv").read_text(encoding="utf-8"), "feeds.csv")


def merge(*lists: Iterable[CatalogueFeed]) -> tuple[CatalogueFeed, ...]:
    """One list; where two have the same URL the later one is kept, in the earlier one's place."""
    return tuple({feed.url: feed for feeds in lists for feed in feeds}.values())


def read_feeds(text: str, name: str) -> tuple[CatalogueFeed, ...]:
    """Read a CSV of feeds; `name` is what errors call it. Needs the columns outlet and url; the others have defaults.

    Raises CatalogueError for the first line that is wrong.
    """
    feeds: dict[str, CatalogueFeed] = {}
    for line, row in _rows(text, name):
        try:
            feed = _feed(row)
        except ValueError as error:
            raise CatalogueError(f"{name}, line {line}: {error}") from error
        if feed.url in feeds:
            raise CatalogueError(f"{name}, line {line}: {feed.url} stands there twice")
        feeds[feed.url] = feed
    return tuple(feeds.values())


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        yield from table_of(text, COLUMNS, _REQUIRED)
    except CsvError as error:
        raise CatalogueError(f"{name}, {error}") from error


def write_feeds(feeds: Iterable[CatalogueFeed]) -> str:
    """The feeds as a CSV that :func:`read_feeds` reads back."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(feed) for feed in feeds)
    return out.getvalue()


def refuse(words: str) -> None:
    """What :func:`read_opml` does with a feed that cannot be taken, unless told otherwise."""
    raise CatalogueError(words)


def read_opml(
    body: bytes, name: str, *, world: bool = False, refused: Callable[[str], None] = refuse
) -> tuple[CatalogueFeed, ...]:
    """Read an OPML 2.0 subscription list (http://opml.org/spec2.opml); outlines without xmlUrl are folders, and a feed
    without a name is called by its host.

    `world`: what a feed is where the file does not say so, as only our own export does. `refused` hears of each feed
    that cannot be taken, such as one whose address is wrong. Raises CatalogueError where it is no OPML.
    """
    text = decode(body).text
    if "<!DOCTYPE" in text.upper():
        raise CatalogueError(f"{name}: a DOCTYPE in OPML is refused")
    try:
        root = ET.fromstring(_BARE.sub("&amp;", text))  # noqa: S314  a DOCTYPE was refused above: no entities
    except ET.ParseError as error:
        raise CatalogueError(f"{name}: no OPML: {error}") from error
    outlines = [_said(node) for node in root.iter() if node.tag.lower() == "outline"]
    outlines = [said for said in outlines if said.get("xmlurl")]
    if root.tag.lower() != "opml":
        raise CatalogueError(f"{name}: no OPML: the root element is <{root.tag}>")
    feeds: list[CatalogueFeed] = []
    for number, said in enumerate(outlines, start=1):
        row = _opml_row(said, world)
        try:
            feeds.append(_feed(row))
        except ValueError as error:
            refused(f"{name}, feed {number} ({row['outlet']}): {error}")
    return merge(feeds)


def write_opml(feeds: Iterable[CatalogueFeed]) -> str:
    """The feeds as OPML 2.0, for any feed reader; :func:`read_opml` reads all of it back."""
    ET.register_namespace("redphone", NAMESPACE)
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Redphone"
    body = ET.SubElement(root, "body")
    for feed in feeds:
        text = f"{feed.outlet} – {feed.section}" if feed.section else feed.outlet
        said = {"type": "rss", "text": text, "title": feed.outlet, "xmlUrl": feed.url, "category": feed.section}
        ours = {f"{{{NAMESPACE}}}{name}": value for name, value in _row(feed).items() if name not in _IN_OPML}
        ET.SubElement(body, "outline", said | {name: value for name, value in ours.items() if value})
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _said(outline: ET.Element) -> dict[str, str]:
    """What an outline says, by names in lower case: some readers write XMLURL or xmlurl."""
    return {name.lower(): value for name, value in outline.items()}


def _opml_row(said: Mapping[str, str], world: bool) -> dict[str, str]:
    url = said["xmlurl"]
    outlet = said.get("title", "").strip() or said.get("text", "").strip() or host_of(url) or url
    row = {"outlet": outlet, "url": url, "section": said.get("category", "")}
    ours = {name: said.get(f"{{{NAMESPACE}}}{name}", "") for name in COLUMNS if name not in _IN_OPML}
    return {"world": "yes" if world else "no", **row, **{name: value for name, value in ours.items() if value}}


def _row(feed: CatalogueFeed) -> dict[str, str]:
    return {name: _cell(getattr(feed, name)) for name in COLUMNS}


#: What the columns of a feed hold, in characters.
LONGEST = {"url": 2000, "outlet": 200, "section": 100, "language": 10, "body_selector": 300}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " | ".join(value)
    return "" if value is None else str(value)


def _feed(said: Mapping[str, str]) -> CatalogueFeed:
    row = {name: " ".join(value.split()) for name, value in said.items()}  # a line break in a name would end its line
    if not row.get("outlet"):
        raise ValueError("no outlet")
    if canonical_url(row.get("url", "")) is None:
        raise ValueError(f"{row.get('url', '')!r} is no http(s) address")
    if any("\x00" in value for value in row.values()):
        raise ValueError("a NUL character, which no database takes")
    for name, most in LONGEST.items():
        if len(row.get(name, "")) > most:
            raise ValueError(f"{name} has more than {most} characters")
    if row.get("body_selector") and "selector_source" in row and not row["selector_source"]:
        raise ValueError("a body_selector needs its selector_source")
    world = _yes_no(row, "world", default=True)
    return CatalogueFeed(
        outlet=row["outlet"],
        url=row["url"],
        section=row.get("section", ""),
        language=row.get("language") or "vi",
        timezone=_zone(row.get("timezone") or "Asia/Ho_Chi_Minh"),
        interval_s=_interval(row.get("interval_s") or "60"),
        pause_s=_pause(row.get("pause_s", "")),
        world=world,
        fetch_body=_yes_no(row, "fetch_body", default=world),
        date_forms=tuple(form.strip() for form in row.get("date_forms", "").split("|") if form.strip()),
        body_selector=_selector(row.get("body_selector", "")),
        selector_source=row.get("selector_source", ""),
        remarks=row.get("remarks", ""),
    )


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone, such as Asia/Ho_Chi_Minh") from None


def _selector(words: str) -> str:
    try:
        LexborHTMLParser("").css_first(words or "*")
    except SelectolaxError:
        raise ValueError(f"body_selector {words!r} is no CSS selector that selectolax knows") from None
    return words


def _interval(words: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", words) or not 30 <= int(words) <= 86_400:
        raise ValueError(f"interval_s {words!r} is no number of seconds from 30 to 86400")
    return int(words)


def _pause(words: str) -> float | None:
    if not words:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3})?", words) or float(words) > _LONGEST_PAUSE_S:
        raise ValueError(f"pause_s {words!r} is no number of seconds up to {_LONGEST_PAUSE_S}")
    return float(words)


def _yes_no(row: dict[str, str], column: str, default: bool) -> bool:
    words = row.get(column) or ("yes" if default else "no")
    if words not in _YES_NO:
        raise ValueError(f"{column} {words!r} is neither yes nor no")
    return _YES_NO[words]
