"""Whether two entries with one guid at two addresses are one article: edited, or the guid names nothing.

A guid is an article's identity within its feed, and follows it to a new title and a new slug. But some feeds give one
guid to all their items, such as the address of the section. So the guid needs a witness: the two have their title,
summary or date in common, or most of their words; and nothing speaks against it, such as two numbers of the outlet.

Also: whether items of one answer that share an address are several stories, and whether the text of a page is of the
article that was asked for: an outlet also answers with its front page, or with a form to sign in. Pure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from services.ingest.urls import article_number
from services.ingest.values import Entry
from shared.data_files import data_of

_MOST = 0.6  # of the words of the shorter one
_FEWEST = 8  # words: of fewer, most are in common by chance
# Of the pairs of words, in the shorter one. Of an article's first lines its own text has an eighth and more (280
# labelled articles, half of them 0.45); of 1,485 pairs about the same two leaders these two tell 960 apart
_LITTLE, _FEW = 0.1, 0.25
_LEAST = 0.05  # where there are few pairs, which chance may share
_SAME_HEADLINE = 0.2
_FEWEST_PAIRS = 12  # of fewer, an article and its own text may have none in common
_MANY_PAIRS = 30
_HEADLINE_PAIRS = 4
_WALL = 150  # words: a page that asks for a password has no more
_OF_ITS_ARTICLE = 0.2  # of the words that tell an article, in its text


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


def shared_addresses(entries: Iterable[Entry]) -> frozenset[str]:
    """The addresses that one answer gives to several stories, each with a guid and a title of its own: those of the
    posts of a live blog, or the section's for all its items."""
    guids: dict[str, set[str]] = {}
    titles: dict[str, set[str]] = {}
    for entry in entries:
        if entry.url and entry.guid:
            guids.setdefault(entry.url, set()).add(entry.guid)
            titles.setdefault(entry.url, set()).add(entry.title or entry.summary)
    return frozenset(url for url in guids if min(len(guids[url]), len(titles[url])) > 1)


def is_another_text(title: str, summary: str, text: str, headline: str = "") -> bool:
    """Whether a text has almost nothing of an article's title and summary, or little under another `headline`. By
    pairs of words: single syllables are in every Vietnamese text."""
    told = f"{title} {summary}"
    shared = _shared(told, text, _FEWEST_PAIRS)
    if shared is None:
        return False
    retitled = _shared(title, headline, _HEADLINE_PAIRS)
    little = _LEAST if _shared(told, text, _MANY_PAIRS) is None else _LITTLE
    return shared < little or (shared < _FEW and retitled is not None and retitled < _SAME_HEADLINE)


def is_wall(title: str, summary: str, text: str) -> bool:
    """Whether a short text asks for a password, money or another browser, and tells nothing of the article."""
    if len(text.split()) > _WALL or not _walls().search(text):
        return False
    told = frozenset(re.findall(r"\w+", f"{title} {summary}".casefold()))
    return len(told & frozenset(re.findall(r"\w+", text.casefold()))) < _OF_ITS_ARTICLE * len(told)


@lru_cache(maxsize=1)
def _walls() -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in data_of("ingest").rows("walls.csv")), re.IGNORECASE)


def _shared(one: str, other: str, fewest: int) -> float | None:
    """The part of the pairs of words of the shorter text that the other has; None where they are too few to say."""
    first, second = _pairs(one), _pairs(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter >= fewest else None


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
