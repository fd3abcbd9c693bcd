"""How things stand as a page for a browser: plain HTML without scripts and foreign files, everything escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:0 0 1.5rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}"
    ".problem{color:#b00020}"
)


_FEED_COLUMNS = (
    "outlet", "feed", "last success (s ago)", "next look (s)", "interval (s)", "entries a day", "failures", "error",
)  # fmt: skip


def render(said: Mapping[str, Any]) -> str:
    """The whole page from what `/status` says; a part that could not be asked is left out."""
    at = f"{said['at']:%Y-%m-%d %H:%M:%S}"
    body = [
        "<h1>Redphone</h1>",
        f'<p>{escape(str(said["mode"]))}, {escape(str(at))} UTC · <a href="/status">as JSON</a></p>',
        _problems(said["problems"]),
        _list("Remarks", said.get("remarks", [])),
        _table("Counts", ("what", "how many"), said.get("counts", {}).items()),
        _table("Waiting", ("stage", "how many", "oldest (s)"), _waiting(said.get("waiting", {}))),
        _table("Not sent", ("alerts that are", "how many"), said.get("kept", {}).items()),
        _table("Failed for good", ("stage", "how many", "first", "why"), _failed(said.get("failed", {}))),
        _table("Signs of life", ("who", "seconds ago"), _alive(said)),
        _table("Queues", ("queue", "length"), said.get("queues", {}).items()),
        _table("Feeds", _FEED_COLUMNS, _feeds(said.get("feeds", []))),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Redphone status</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(body)}</body></html>"
    )


def _problems(problems: Iterable[object]) -> str:
    return _list("Problems", problems, ' class="problem"') or "<p>No problems.</p>"


def _list(title: str, lines: Iterable[object], attribute: str = "") -> str:
    """Lines under a heading; nothing where there are none."""
    items = "".join(f"<li{attribute}>{escape(str(line))}</li>" for line in lines)
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>" if items else ""


def _waiting(waiting: Mapping[str, Any]) -> list[tuple[object, ...]]:
    return [(stage, row["count"], row["oldest_age_s"]) for stage, row in waiting.items()]


def _failed(failed: Mapping[str, Any]) -> list[tuple[object, ...]]:
    return [(stage, row["count"], row["first_id"], row["reason"]) for stage, row in failed.items()]


def _alive(said: Mapping[str, Any]) -> list[tuple[object, ...]]:
    return [*said.get("heartbeats", {}).items(), *said.get("workers", {}).items()]


def _feeds(feeds: Iterable[Mapping[str, Any]]) -> list[tuple[object, ...]]:
    names = (
        "outlet",
        "url",
        "last_success_age_s",
        "next_poll_in_s",
        "interval_s",
        "entries_a_day",
        "failures",
        "error",
    )
    return [tuple(feed.get(name) for name in names) for feed in feeds]


def _table(title: str, names: Iterable[str], rows: Iterable[tuple[object, ...]]) -> str:
    """A table under a heading; nothing where there are no rows."""
    lines = "".join(f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in rows)
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    return f"<h2>{escape(title)}</h2><table><tr>{head}</tr>{lines}</table>" if lines else ""


def _cell(value: object) -> str:
    return "–" if value is None else escape(str(value))
