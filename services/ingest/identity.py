"""Whether two entries with one guid at two addresses are one article: edited, or the guid names nothing.

A guid is an article's identity within its feed, and follows it to a new title and a new slug. But some feeds give one
guid to all their items, such as the address of the section. So the guid needs a witness: the two have their title,
summary or date in common, or most of their words; and nothing speaks against it, such as two numbers of the outlet.
Pure.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from services.ingest.urls import article_number

_MOST = 0.6  # of the words of the shorter one
_FEWEST = 8  # words: of fewer, most are in common by chance


class Told(NamedTuple):
    """What is known of an article that a feed shows or showed."""

    url: str | None
    title: str
    summary: str
    published_at: dt.datetime | None


def is_edited(old: Told, new: Told) -> bool:
    """Whether what a feed shows now under a guid is the article that it showed under it before."""
    if _numbered_apart(old.url, new.url):
        return False
    same = old.title == new.title or (new.summary != "" and old.summary == new.summary)
    dated = new.published_at is not None and old.published_at == new.published_at
    return same or dated or _alike(_words(old), _words(new))


def _numbered_apart(old: str | None, new: str | None) -> bool:
    numbers = {article_number(url) if url else None for url in (old, new)}
    return len(numbers) == 2 and None not in numbers


def _words(told: Told) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", f"{told.title} {told.summary}".casefold()))


def _alike(old: frozenset[str], new: frozenset[str]) -> bool:
    fewest = min(len(old), len(new))
    return fewest >= _FEWEST and len(old & new) >= _MOST * fewest
