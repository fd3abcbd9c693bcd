"""Reports written by hand, about leaders who do not exist: what one article would say of one call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.records import Duration, Evidence, Initiator, Participant, Report, Speaker, StoredReport, Topic, When

HANOI = dt.timezone(dt.timedelta(hours=7))
LEADERS = {
    "Carter": ("Ben Carter", "US"),
    "Petrova": ("Olga Petrova", "RU"),
    "Haddad": ("Sami Haddad", "TR"),
    "Linh": ("Mai Linh", "VN"),
    "Sato": ("Ken Sato", "JP"),
    "Mori": ("Rin Mori", "JP"),
}
PAIR = ("Carter", "Petrova")


def at(text: str) -> dt.datetime:
    """A time of publication in Hanoi: "2031-05-06 08:00"."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=HANOI)


def person(name: str) -> Participant:
    """A leader by surname; "?JP" is one who is named by office alone."""
    if name.startswith("?"):
        return Participant(name=None, country=name[1:])
    full, country = LEADERS[name]
    return Participant(name=full, country=country, person=full.casefold().replace(" ", "-"), surname=name)


def quote(text: str, field: str = "", article: str = "") -> Evidence:
    return Evidence(field=field, part="text", start=0, end=len(text), text=text, article=article)


def lasts(minutes: int, bound: Any = "exact", by: str | None = None) -> Duration:
    return Duration(minutes=minutes, bound=bound, text=f"{minutes}", speaker=Speaker(id=by, text=by) if by else None)


def topic(name: str, mode: Any = "reported", *, text: str = "") -> Topic:
    """A topic; `text` is the sentence that proves it."""
    return Topic(id=name, text=name, mode=mode, evidence=quote(text, "topics") if text else None)


def report(
    who: tuple[str, ...] = PAIR, day: str | None = None, *, news: bool = True, status: Any = "held", **more: Any
) -> Report:
    """A report; `day` is an ISO date with "?" for what is not known, further facts go by their names."""
    if "asked" in more:
        more["initiator"] = Initiator(side=more.pop("asked"), how="requested")
    more.setdefault("when", When(date=day, text=day))
    return Report(participants=tuple(map(person, who)), status=status, news=news, **more)


def told(key: str, published: str | None, day: str | None = None, **more: Any) -> StoredReport:
    """A stored report. `key` is the article's id, or "article#number" where an article tells of several calls."""
    article, _, number = key.partition("#")
    stored = {name: more.pop(name) for name in ("title", "outlet", "origin") if name in more}
    return StoredReport(
        key=f"{article}#{number or 0}",
        article=article,
        published_at=at(published) if published else None,
        outlet=stored.pop("outlet", None),
        report=report(more.pop("who", PAIR), day, **more),
        **stored,
    )
