"""What is wrong and what to do about it, line by line, in both languages: a row of `data/lines.csv` each. Pure but for
reading its file.

Programs, logs and rows have the English line, with moments in UTC. A page finds the row that a line was made by and
says it anew, in its language and the desk's zone; so it can say lines too that another service left in a row, such as
why a feed failed. What no row made, such as a person's reason or a driver's own words, stays as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import NamedTuple

from services.status.wording import Voice, phrases
from shared.data_files import data_of
from shared.names import SLOT

_CHANGE = "(?:adds|changes|disputes) [a-z_]+"
#: What a slot takes, by its name; any other takes whatever stands there. A `line` is itself of a row.
SLOTS = {
    **dict.fromkeys(("n", "all", "id", "used", "most"), r"[\w.,:-]+"),
    **dict.fromkeys(("span", "limit"), r"\d+ (?:d|h|min|s)"),
    **dict.fromkeys(("at", "until"), r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"),
    "clock": r"\d\d:\d\d UTC",
    "service": r"\S+",
    "stage": "body|classify|notify|post",
    "day": r"\d{4}-\d\d-\d\d",
    # a decision on a report, see services/notify/decide.py
    "verdict": "new|update|repeat|background",
    "field": r"[a-z_]+",
    "changes": rf"{_CHANGE}(?:, {_CHANGE})*",
    "channel": r"#[^\s()]+|[CDG][A-Z0-9]{6,}",
    "alert_state": "waiting|held|muted|undated|claimed|sent|unknown|refused|dead|dropped",
}
#: Slots that are words of the page already, by the keys of `data/page.csv`.
PHRASES = {"stage": "stage_{}", "verdict": "verdict_{}", "field": "field_{}", "alert_state": "alert_{}"}
ANYTHING = ".+?"
#: What an English line has that a page says in another zone or form.
_OF_TIME = re.compile(r"\d\d:\d\d UTC|\d{4}-\d\d-\d\d")
UNITS = {"d": 86_400, "h": 3600, "min": 60, "s": 1}


class Row(NamedTuple):
    """A line with its slots in both languages, and what finds it in English."""

    english: str
    vietnamese: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def rows() -> dict[str, Row]:
    """All lines by their keys, in the order of the file; what a newsroom's own file lacks is said as it was."""
    folder = data_of("status")
    found = {row["key"]: row for row in (*folder.as_built.rows("lines.csv"), *folder.rows("lines.csv"))}
    return {key: Row(row["en"], row["vi"], _pattern(row["en"])) for key, row in found.items()}


def line(key: str, **values: object) -> str:
    """A line in English. Raises KeyError for a key or a slot that there is not."""
    return rows()[key].english.format(**values)


def counted(key: str, n: int, **values: object) -> str:
    """A line about a number of things, which says it of one in other words."""
    return line(f"{key}_1" if n == 1 else key, n=n, **values)


def span(seconds: float, least_s: float = 0.0) -> str:
    """A time in a line, in the largest unit that leaves a number of two or more: "41 s", "3 min", "50 h"; in seconds as
    long as it is less than `least_s`."""
    for unit in ("h", "min"):
        if seconds >= max(2 * UNITS[unit], least_s):
            return f"{seconds / UNITS[unit]:.0f} {unit}"
    return f"{seconds:.0f} s"


def told(words: str, voice: Voice) -> str:
    """An English line in a page's language and zone."""
    if voice.language == "en" and not _OF_TIME.search(words):
        return words
    return _known(words, voice) or words


def _known(words: str, voice: Voice) -> str | None:
    """A line as a page says it; None for what no row made."""
    for row in _exact_first():
        found = row.pattern.fullmatch(words)
        if found is None:
            continue
        values = {name: _value(name, value, voice) for name, value in found.groupdict().items()}
        if None not in values.values():
            return (row.english if voice.language == "en" else row.vietnamese).format(**values)
    first, found_two, rest = words.partition("; ")
    parts = (_known(first, voice), _known(rest, voice)) if found_two else (None,)
    return None if None in parts else "; ".join(map(str, parts))


@lru_cache(maxsize=1)
def _exact_first() -> tuple[Row, ...]:
    """The rows, those that leave the least open first."""
    return tuple(sorted(rows().values(), key=lambda row: -len(SLOT.sub("", row.english))))


def _pattern(english: str) -> re.Pattern[str]:
    """What finds a line: a slot that comes twice has the same value twice."""
    known: set[str] = set()
    parts = []
    for place, part in enumerate(SLOT.split(english)):
        if place % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P={part})" if part in known else f"(?P<{part}>{SLOTS.get(part, ANYTHING)})")
            known.add(part)
    return re.compile("".join(parts), re.DOTALL)


def _value(name: str, value: str, voice: Voice) -> str | None:
    """What stands in a slot, as a page says it; None for what may not stand there."""
    if name in ("at", "until"):
        return voice.at(dt.datetime.strptime(value, "%Y-%m-%d %H:%M UTC").replace(tzinfo=dt.UTC))
    if name == "clock":
        return voice.clock(dt.time.fromisoformat(value.removesuffix(" UTC")))
    if name == "day":
        return voice.day(value)
    if name in ("n", "span", "limit", "parts", "changes", *PHRASES) and voice.language == "en":
        return value
    if name in ("span", "limit"):
        number, _, unit = value.partition(" ")
        return voice.span(int(number) * UNITS[unit])
    if name == "n":  # thousands are kept apart by a full stop
        return value.replace(",", ".")
    if name in PHRASES:
        return voice.say(PHRASES[name].format(value)) if PHRASES[name].format(value) in phrases() else None
    if name in ("parts", "changes"):
        return ", ".join(_known(part, voice) or part for part in re.split(r", | and ", value))
    return _known(value, voice) if name == "line" else _known(value, voice) or value
