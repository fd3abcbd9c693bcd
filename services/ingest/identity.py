"""Whether two entries with one guid at two addresses are one article: edited, or the guid names nothing.

A guid is an article's identity within its feed, and follows it to a new title and a new slug. But some feeds give one
guid to all their items, such as the address of the section. So the guid needs a witness: the two have their title,
summary or date in common, or most of their words; and nothing speaks against it, such as two numbers of the outlet.
And whether the text of a page is of the article that was asked for: an outlet also answers with its front page, or
with a form to sign in. Pure.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import NamedTuple

from services.ingest.urls import article_number

_MOST = 0.6  # of the words of the shorter one
_FEWEST = 8  # words: of fewer, most are in common by chance
_LITTLE = 0.05  # of the pairs of words, in the shorter one: of a seed's first lines a sixth and more come again
_FEWEST_PAIRS = 12  # of fewer, an article and its own text may have none in common


class Told(NamedTuple):
    """What is known of an article that a feed shows or showed. `published_at`: None also where the feed names the day
    alone."""

    url: str | None
    title: str
    summary: str
    published_at: dt.datetime | None


def is_edited(old: Told, new: Told) -> bool:
    """Whether what a feed shows now under a guid is the article that it showed under it before."""
    if _numbered_apart(old.url, new.url):
        return False
    same = "" != old.title == new.title or "" != old.summary == new.summary
    dated = new.published_at is not None and old.published_at == new.published_at
    return same or dated or _alike(_words(old), _words(new))


def is_another_text(title: str, summary: str, text: str) -> bool:
    """Whether a text has almost nothing of an article's title and summary. By pairs of words: single syllables are in
    every Vietnamese text."""
    told, read = _pairs(f"{title} {summary}"), _pairs(text)
    fewest = min(len(told), len(read))
    return fewest >= _FEWEST_PAIRS and len(told & read) < _LITTLE * fewest


def _numbered_apart(old: str | None, new: str | None) -> bool:
    numbers = {article_number(url) if url else None for url in (old, new)}
    return len(numbers) == 2 and None not in numbers


def _words(told: Told) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", f"{told.title} {told.summary}".casefold()))


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(pairwise(words))


def _alike(old: frozenset[str], new: frozenset[str]) -> bool:
    fewest = min(len(old), len(new))
    return fewest >= _FEWEST and len(old & new) >= _MOST * fewest
